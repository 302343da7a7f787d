import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import PublicCryptography
import TestSupport
import Testing
import Wire

extension HostileHostSuite {
    /// A host that wants two votes of its validator for one place, of the real enclave under the real launcher.
    @Suite struct VoteTests {
        private let folder = TemporaryFolder("votes")
        private static let identity = ChainIdentity(
            chainID: "votes-1", genesisSeconds: 1_700_000_000, genesisNanoseconds: 0, initialHeight: 9,
            initialValidatorsHash: Array(repeating: 7, count: 32),
            attestationRoots: [.init(name: "simulated", spkiSHA256: Array(repeating: 9, count: 32), kind: .simulated)],
            profile: .development)

        private var platform: String { folder.path("platform") }

        private func start(_ key: [UInt8]? = nil) throws -> EnclaveProcess {
            let enclave = try EnclaveProcess(state: platform)
            if let key { _ = try enclave.control.openConsensusKey(key) }
            _ = try enclave.control.bootstrap(Self.identity)
            return enclave
        }

        private func vote(_ kind: SignedKind, _ height: UInt64, _ block: UInt8?, seconds: Int64 = 1) -> VoteToSign {
            var vote = VoteToSign(kind: kind, height: height, seconds: seconds)
            if let block {
                vote.blockHash = [UInt8](repeating: block, count: 32)
                (vote.partsTotal, vote.partsHash) = (1, vote.blockHash)
            }
            return vote
        }

        private func files(in folder: String) throws -> [String: Data] {
            var files = [String: Data]()
            for name in try FileManager.default.contentsOfDirectory(atPath: folder) {
                files[name] = try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name))
            }
            return files
        }

        @Test("a key is made before there is a chain, and opens again after a restart, to what it has signed")
        func restart() throws {
            let first = try EnclaveProcess(state: platform)
            let key = try first.control.makeConsensusKey()
            #expect(key.evidence.count > 1000)
            first.stop()

            let second = try start(key.sealedKey)
            let signed = try second.control.sign(vote(.precommit, 3, 1))
            let time = Timestamp(seconds: 1, nanoseconds: 0)!
            let id = BlockID(
                hash: Hash32([UInt8](repeating: 1, count: 32))!,
                parts: PartSetHeader(total: 1, hash: Hash32([UInt8](repeating: 1, count: 32))!))
            let bytes = SignBytes.vote(
                .precommit, height: 3, round: 0, blockID: id, timestamp: time, chainID: Self.identity.chainID)
            #expect(Ed25519.verify(signature: signed.signature, message: bytes, publicKey: key.publicKey))
            second.kill()

            let third = try start(key.sealedKey)
            #expect(refusal { try third.control.sign(vote(.precommit, 3, 2)) } == .voteConflict)
            #expect(refusal { try third.control.sign(vote(.precommit, 3, nil)) } == .voteConflict)
            #expect(refusal { try third.control.sign(vote(.prevote, 3, 1)) } == .voteRegression)
            #expect(refusal { try third.control.sign(vote(.precommit, 2, 1)) } == .voteRegression)
            #expect(try third.control.sign(vote(.precommit, 3, 1, seconds: 99)) == signed)
            #expect(refusal { try third.control.makeConsensusKey() } == .consensusKeyExists)
            third.stop()
        }

        @Test("the host's disk set back, sealed key and all, sets back no vote")
        func restoredDisk() throws {
            let first = try EnclaveProcess(state: platform)
            let key = try first.control.makeConsensusKey()
            first.stop()
            let second = try start(key.sealedKey)
            for height in 1...3 as ClosedRange<UInt64> { _ = try second.control.sign(vote(.prevote, height, 1)) }
            second.stop()
            // All that the host ever had of it is the sealed key, of before the first vote.
            let again = try start(key.sealedKey)
            for height in 1...3 as ClosedRange<UInt64> {
                let failure = height < 3 ? Failure.voteRegression : .voteConflict
                #expect(refusal { try again.control.sign(vote(.prevote, height, 2)) } == failure)
            }
            again.stop()
        }

        @Test("another enclave that goes on from the same record is found out before it signs")
        func clone() throws {
            let first = try EnclaveProcess(state: platform)
            let key = try first.control.makeConsensusKey()
            first.stop()
            let running = try start(key.sealedKey)
            _ = try running.control.sign(vote(.prevote, 5, 1))
            // The record as another enclave on this platform left it, while this one runs.
            let votes = try #require(
                FileManager.default.contentsOfDirectory(atPath: platform).first { $0.hasPrefix("votes-") })
            let file = URL(fileURLWithPath: platform + "/" + votes)
            let early = try Data(contentsOf: file)
            _ = try running.control.sign(vote(.precommit, 5, 1))
            running.stop()
            let late = try Data(contentsOf: file)
            try early.write(to: file)
            let clone = try start(key.sealedKey)
            let handle = try FileHandle(forWritingTo: file)
            try handle.write(contentsOf: late)
            #expect(refusal { try clone.control.sign(vote(.precommit, 5, 2)) } == .votesMoved)
            #expect(refusal { try clone.control.sign(vote(.prevote, 6, 2)) } == .votesMoved)
            clone.stop()
        }

        @Test("a damaged record of votes ends the start, and the signature is for the chain that was opened alone")
        func damagedRecord() throws {
            let first = try EnclaveProcess(state: platform)
            let key = try first.control.makeConsensusKey()
            _ = try first.control.openConsensusKey(key.sealedKey)
            #expect(refusal { try first.control.sign(vote(.prevote, 1, 1)) } == .notOpen)
            _ = try first.control.bootstrap(Self.identity)
            _ = try first.control.sign(vote(.prevote, 1, 1))
            _ = try first.control.sign(vote(.precommit, 1, 1))
            first.stop()
            let name = try #require(try files(in: platform).keys.first { $0.hasPrefix("votes-") })
            var bytes = [UInt8](try #require(try files(in: platform)[name]))
            bytes[40] ^= 1
            bytes[552] ^= 1
            try Data(bytes).write(to: URL(fileURLWithPath: platform + "/" + name))
            #expect(throws: (any Error).self) { try EnclaveProcess(state: platform) }
        }

        @Test("nothing is signed for a height after the next one, so that no stray request ends a validator")
        func farHeights() throws {
            let first = try EnclaveProcess(state: platform)
            let key = try first.control.makeConsensusKey()
            first.stop()
            let second = try start(key.sealedKey)
            let next = Self.identity.initialHeight
            for height in [next + 1, next + 1_000, UInt64(Int64.max)] {
                #expect(refusal { try second.control.sign(vote(.precommit, height, 1)) } == .voteTooFar)
            }
            // What was refused is in no record.
            _ = try second.control.sign(vote(.prevote, next, 1))
            _ = try second.control.sign(vote(.precommit, next, 1))
            second.stop()
        }

        @Test("no vote of a stopped enclave, and a key is not in what crosses")
        func key() throws {
            let first = try EnclaveProcess(state: platform)
            let seed = (0..<32).map { UInt8(0xc0 + $0 % 32) }
            let imported = try first.control.importConsensusKey(
                ImportedConsensusKey(privateKey: seed, height: 2, round: 0, step: 3))
            #expect(imported.publicKey.count == 32)
            #expect(!imported.sealedKey.contains(seed) && !imported.evidence.contains(seed))
            #expect(try first.control.openConsensusKey(imported.sealedKey).height == 2)
            _ = try first.control.bootstrap(Self.identity)
            #expect(refusal { try first.control.sign(vote(.precommit, 2, 1)) } == .voteConflict)
            _ = try first.control.sign(vote(.precommit, 3, 1))
            first.stop()
            let second = try EnclaveProcess(state: platform)
            let again = ImportedConsensusKey(privateKey: seed, height: 0, round: 0, step: 0)
            #expect(refusal { try second.control.importConsensusKey(again) } == .consensusKeyExists)
            second.stop()
        }
    }
}
