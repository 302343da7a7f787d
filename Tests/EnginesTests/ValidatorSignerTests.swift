import ChainFormats
import DecidedBlocks
import Foundation
import PublicCryptography
import StrictJSON
import TestSupport
import Testing
import ValidatorSigning
import Wire

@Suite struct ValidatorSignerTests {
    final class Files {
        private let folder = TemporaryFolder()
        var key: String { folder.path("priv_validator_key.json") }
        var state: String { folder.path("priv_validator_state.json") }
        init() throws {
            try ValidatorSigner.generate(keyPath: key, statePath: state)
        }
        func signer() throws -> ValidatorSigner { try ValidatorSigner(keyPath: key, statePath: state) }
        func json(_ path: String) throws -> JSONValue {
            try JSONReader.parse(
                Array(try Data(contentsOf: URL(fileURLWithPath: path))), limits: JSONLimits(bytesMax: 10_000))
        }
    }

    let files: Files
    let block = NamedBlock("A").id
    init() throws { files = try Files() }

    private func vote(
        _ kind: VoteKind, _ height: Int64, _ round: Int32, _ blockID: BlockID?, seconds: Int64 = 100
    ) throws -> Vote {
        Vote(
            kind: kind, height: height, round: round, blockID: blockID,
            timestamp: Timestamp(seconds: seconds, nanoseconds: 5)!, validatorAddress: try files.signer().address,
            validatorIndex: 0)
    }

    private func signed(_ vote: Vote, by signer: ValidatorSigner) throws -> Vote {
        var vote = vote
        try signer.sign(&vote, chainID: "signer-1")
        return vote
    }

    @Test("signatures verify, and are remembered across a restart")
    func signs() throws {
        let first = try signed(vote(.prevote, 5, 1, block), by: files.signer())
        let validator = try #require(Validator(publicKey: files.signer().publicKey, power: 1))
        #expect(first.isSigned(by: validator, chainID: "signer-1"))
        let again = try signed(vote(.prevote, 5, 1, block), by: files.signer())
        #expect(again == first)
    }

    @Test("a vote that differs in time alone gets the earlier vote's time and signature")
    func sameButTime() throws {
        let first = try signed(vote(.precommit, 5, 1, block), by: files.signer())
        let later = try signed(vote(.precommit, 5, 1, block, seconds: 900), by: files.signer())
        #expect(later == first)
        var proposal = Proposal(
            height: 6, round: 0, polRound: -1, blockID: block, timestamp: Timestamp(seconds: 7, nanoseconds: 0)!)
        try files.signer().sign(&proposal, chainID: "signer-1")
        var other = proposal
        other.timestamp = Timestamp(seconds: 8, nanoseconds: 0)!
        try files.signer().sign(&other, chainID: "signer-1")
        #expect(other == proposal)
    }

    @Test("the last vote is known whole after a restart, and nothing else is one")
    func lastVote() throws {
        #expect(try files.signer().lastVote(chainID: "signer-1") == nil)
        for (round, blockID) in [(Int32(1), block), (2, nil)] as [(Int32, BlockID?)] {
            for kind in [VoteKind.prevote, .precommit] {
                let last = try signed(vote(kind, 5, round, blockID), by: files.signer())
                #expect(try files.signer().lastVote(chainID: "signer-1") == last)
                #expect(try files.signer().lastVote(chainID: "signer-2") == nil)
            }
        }
        var proposal = Proposal(
            height: 6, round: 0, polRound: -1, blockID: block, timestamp: Timestamp(seconds: 7, nanoseconds: 0)!)
        try files.signer().sign(&proposal, chainID: "signer-1")
        #expect(try files.signer().lastVote(chainID: "signer-1") == nil)
    }

    @Test("nothing earlier, and nothing else at the same place, is ever signed")
    func refuses() throws {
        let signer = try files.signer()
        _ = try signed(vote(.prevote, 5, 1, block), by: signer)
        for refused in [
            try vote(.prevote, 4, 9, block), try vote(.prevote, 5, 0, block), try vote(.precommit, 5, 0, nil),
        ] {
            #expect(throws: SignerRefusal.regression) { try signed(refused, by: signer) }
            #expect(throws: SignerRefusal.regression) { try signed(refused, by: files.signer()) }
        }
        #expect(throws: SignerRefusal.conflict) { try signed(vote(.prevote, 5, 1, nil), by: signer) }
        #expect(throws: SignerRefusal.conflict) {
            try signed(vote(.prevote, 5, 1, NamedBlock("B").id), by: files.signer())
        }
        var proposal = Proposal(height: 5, round: 1, polRound: -1, blockID: block, timestamp: .goZero)
        #expect(throws: SignerRefusal.regression) { try signer.sign(&proposal, chainID: "signer-1") }
        #expect(throws: SignerRefusal.conflict) {
            var other = try vote(.prevote, 5, 1, block)
            try signer.sign(&other, chainID: "signer-2")
        }
        _ = try signed(vote(.precommit, 5, 1, nil), by: signer)
        _ = try signed(vote(.prevote, 5, 2, nil), by: signer)
        _ = try signed(vote(.prevote, 6, 0, nil), by: signer)
    }

    @Test("the files are CometBFT's")
    func format() throws {
        let vote = try signed(vote(.precommit, 12, 3, block), by: files.signer())
        let state = try files.json(files.state)
        #expect(state["height"]?.string == "12" && state["round"]?.int64 == 3 && state["step"]?.int64 == 3)
        #expect(state["signature"]?.string == Base64.encode(vote.signature))
        #expect(state["signbytes"]?.string == Hexadecimal.encode(vote.signBytes(chainID: "signer-1"), uppercase: true))
        let key = try files.json(files.key)
        #expect(key["address"]?.string == vote.validatorAddress.description)
        #expect(key["pub_key"]?["type"]?.string == "tendermint/PubKeyEd25519")
        #expect(key["priv_key"]?["type"]?.string == "tendermint/PrivKeyEd25519")
        #expect(Base64.decode(key["priv_key"]!["value"]!.string!)?.count == 64)
        let mode = try FileManager.default.attributesOfItem(atPath: files.key)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("a missing state, a damaged file or another's public key is refused, and a key is not made twice")
    func badFiles() throws {
        let before = try Data(contentsOf: URL(fileURLWithPath: files.key))
        try ValidatorSigner.generate(keyPath: files.key, statePath: files.state)
        #expect(try Data(contentsOf: URL(fileURLWithPath: files.key)) == before)

        try FileManager.default.removeItem(atPath: files.state)
        #expect(throws: SignerFileError.missing(files.state)) { try files.signer() }
        try Data("{\"height\":\"1\"".utf8).write(to: URL(fileURLWithPath: files.state))
        #expect(throws: SignerFileError.malformed(files.state)) { try files.signer() }
        try Data("{\"height\":\"0\",\"round\":0,\"step\":0}".utf8).write(to: URL(fileURLWithPath: files.state))
        let publicKey = try files.signer().publicKey
        let text = String(decoding: before, as: UTF8.self)
            .replacingOccurrences(of: Base64.encode(publicKey), with: Base64.encode([UInt8](repeating: 9, count: 32)))
        try Data(text.utf8).write(to: URL(fileURLWithPath: files.key))
        #expect(throws: SignerFileError.keyMismatch) { try files.signer() }
    }
}
