import ChainFormats
import DecidedBlocks
import Foundation
import PublicCryptography
import TestSupport
import Testing
import Wire

/// The complete recordings, where they lie beside the checkout; elsewhere these tests show as skipped.
@Suite(
    .enabled(if: ConsensusFixture.hasCompleteVectors, "the complete CometBFT recordings are not beside this checkout"))
struct ConsensusCompleteVectorsTests {
    typealias Object = [String: Any]

    let values = ConsensusFixture.completeVectors("cometbft-0.38-values.json")!
    let chain = ConsensusFixture.completeVectors("cometbft-0.38-chain.json")!

    private func objects(_ name: String) -> [Object] { values[name] as! [Object] }
    private var keys: [[UInt8]] { objects("keys").map { hexadecimal($0["pub"]) } }

    @Test("every vote: sign bytes, bytes, signature")
    func votes() throws {
        for (number, row) in objects("votes").enumerated() {
            let vote = try Vote(protobuf: hexadecimal(row["proto"]))
            #expect(vote.protobuf == hexadecimal(row["proto"]), "vote \(number)")
            #expect(
                vote.blockID
                    == blockID(
                        hash: hexadecimal(row["block_hash"]), total: row["parts_total"],
                        parts: hexadecimal(row["parts_hash"])))
            #expect(vote.signBytes(chainID: "vec-chain-1") == hexadecimal(row["sign_bytes"]), "vote \(number)")
            let validator = Validator(publicKey: keys[Int(integer(row["key"]))], power: 1)!
            #expect(vote.isSigned(by: validator, chainID: "vec-chain-1"), "vote \(number)")
        }
    }

    @Test("every proposal: sign bytes, bytes, signature")
    func proposals() throws {
        for (number, row) in objects("proposals").enumerated() {
            let proposal = try Proposal(protobuf: hexadecimal(row["proto"]))
            #expect(proposal.protobuf == hexadecimal(row["proto"]), "proposal \(number)")
            #expect(proposal.signBytes(chainID: "vec-chain-1") == hexadecimal(row["sign_bytes"]), "proposal \(number)")
            let validator = Validator(publicKey: keys[Int(integer(row["key"]))], power: 1)!
            #expect(proposal.isSigned(by: validator, chainID: "vec-chain-1"), "proposal \(number)")
        }
    }

    @Test("every header, commit and Merkle tree")
    func hashes() throws {
        for row in objects("headers") {
            let header = try Header(protobuf: hexadecimal(row["proto"]))
            #expect(header.hash().description == row["hash"] as? String)
        }
        let commits = values["commits"] as! Object
        let validators = try ValidatorSet(protobuf: hexadecimal(commits["valset_proto"]))
        for row in commits["commits"] as! [Object] {
            let commit = try Commit(protobuf: hexadecimal(row["proto"]))
            #expect(commit.hash().description == row["hash"] as? String)
            #expect(commit.medianTime(of: validators) == time(row["median_time_0_38"]))
            let refusal: CommitRefusal? = (row["verify_ok"] as! Bool) ? nil : .notEnoughPower
            #expect(refusalOf { try commit.isWhollySigned(by: validators, chainID: "vec-chain-1") } == refusal)
        }
        for row in objects("merkle") {
            let items = (row["items"] as? [String] ?? []).map { hexadecimal($0) }
            let (root, proofs) = MerkleTree.proofs(of: items)
            #expect(root.description == row["root"] as? String)
            guard let index = row["proof_index"].map({ Int(integer($0)) }) else { continue }
            #expect(proofs[index].aunts.map(\.description) == row["aunts"] as? [String] ?? [])
        }
    }

    @Test("all 301 steps of the validator set")
    func validatorTrace() throws {
        let trace = objects("valset_trace").map { step in
            var step = step
            step["set"] = (step["set"] as! [Object]).map { [$0["address"]!, $0["power"]!, $0["priority"]!] }
            step["changes"] = ((step["validators"] ?? step["changes"]) as? [Object])?.map {
                [Base64.encode(hexadecimal($0["pub"])), $0["power"]!]
            }
            return step
        }
        #expect(trace.count == 301)
        try ValidatorSetTests.follow(trace)
    }

    @Test("a block of three parts with evidence in it")
    func block() throws {
        let row = values["block"] as! Object
        let bytes = hexadecimal(row["proto"])
        let block = try Block(protobuf: bytes)
        #expect(block.protobuf == bytes)
        #expect(block.matchesItsHeader)
        #expect(block.evidence.map(\.kind) == [.duplicateVote])
        #expect(block.header.hash().description == row["hash"] as? String)
        #expect(Block.dataHash(of: block.transactions).description == row["data_hash"] as? String)
        #expect(Block.evidenceHash(of: block.evidence).description == row["evidence_hash"] as? String)
        #expect(block.lastCommit.hash().description == row["last_commit_hash"] as? String)
        let parts = PartSet(cutting: bytes)
        #expect(parts.header.hash.description == row["parts_hash"] as? String)
        #expect(Int64(parts.header.total) == integer(row["parts_total"]))
    }

    @Test("evidence of two votes: read, written, and named by its hash")
    func duplicateVote() throws {
        let row = (values["evidence"] as! Object)["duplicate_vote"] as! Object
        let evidence = Evidence(kind: .duplicateVote, bytes: hexadecimal(row["bytes"]))
        let content = try #require(evidence.content)
        #expect(Evidence(content) == evidence)
        #expect(evidence.name(content).hash.description == row["hash"] as? String)
    }

    @Test("the recorded chain's blocks: data, parts, results, times and sets")
    func recordedBlocks() throws {
        let recorded = try ConsensusFixture.recorded()
        let heights = chain["heights"] as! [Object]
        for (index, height) in heights.enumerated() {
            let json = (height["block"] as! Object)["block"] as! Object
            let header = recorded[index].header
            let transactions = ((json["data"] as! Object)["txs"] as? [String] ?? []).map {
                HashedTransaction(base64($0))
            }
            #expect(Block.dataHash(of: transactions) == header.dataHash)
            let evidence = ((json["evidence"] as! Object)["evidence"] as? [Any]) ?? []
            let lastCommit = index == 0 ? .empty : try #require(Self.lastCommit(json["last_commit"] as! Object))
            #expect(lastCommit.hash() == header.lastCommitHash)
            if evidence.isEmpty {
                let block = Block(header: header, transactions: transactions, lastCommit: lastCommit)
                #expect(block.matchesItsHeader)
                let parts = PartSet(cutting: block.protobuf)
                #expect(parts.header == recorded[index].commit.blockID?.parts, "parts of height \(index + 1)")
                #expect(try Block(protobuf: block.protobuf) == block)
            }
            if index > 0 {
                #expect(lastCommit.medianTime(of: recorded[index - 1].validators) == header.time)
                try lastCommit.isWhollySigned(by: recorded[index - 1].validators, chainID: header.chainID)
            }
            guard index + 1 < recorded.count else { continue }
            let results = ((height["block_results"] as! Object)["txs_results"] as? [Object] ?? []).map { row in
                ExecutionResult(
                    code: UInt32(integer(row["code"])), data: base64(row["data"] as? String ?? ""),
                    gasWanted: integer(row["gas_wanted"]), gasUsed: integer(row["gas_used"]))
            }
            #expect(ExecutionResult.hash(of: results) == recorded[index + 1].header.lastResultsHash)
        }
    }

    /// The application's changes, applied as the engine does, give every recorded set with every priority.
    @Test("the recorded chain's validator sets follow from its updates, two heights later")
    func recordedSets() throws {
        let recorded = try ConsensusFixture.recorded()
        let heights = chain["heights"] as! [Object]
        let genesis = (chain["genesis"] as! Object)["validators"] as! [Object]
        var current = try #require(
            ValidatorSet(
                genesis: genesis.map {
                    ValidatorUpdate(publicKey: base64(($0["pub_key"] as! Object)["value"]), power: integer($0["power"]))
                }))
        var next = current.incrementingProposerPriority(times: 1)
        for (index, height) in heights.enumerated() {
            #expect(current.validators == recorded[index].validators.validators, "height \(index + 1)")
            let updates = ((height["block_results"] as! Object)["validator_updates"] as? [Object] ?? []).map { update in
                let key = ((update["pub_key"] as! Object)["Sum"] as! Object)["value"] as! Object
                return ValidatorUpdate(
                    publicKey: base64(key["ed25519"]), power: update["power"].map { integer($0) } ?? 0)
            }
            current = next
            try next.update(updates)
            next.incrementProposerPriority(times: 1)
        }
    }

    private static func lastCommit(_ json: Object) -> Commit? {
        let id = json["block_id"] as! Object
        let parts = id["parts"] as! Object
        return Commit(
            height: integer(json["height"]), round: Int32(integer(json["round"])),
            blockID: blockID(hash: hexadecimal(id["hash"]), total: parts["total"], parts: hexadecimal(parts["hash"])),
            signatures: (json["signatures"] as! [Object]).map { slot in
                let flag = BlockIDFlag(rawValue: UInt32(integer(slot["block_id_flag"])))!
                guard flag != .absent else { return .absent }
                return CommitSignature(
                    flag: flag, validatorAddress: ValidatorAddress(hexadecimal(slot["validator_address"])),
                    timestamp: time(slot["timestamp"]), signature: base64(slot["signature"]))
            })
    }
}
