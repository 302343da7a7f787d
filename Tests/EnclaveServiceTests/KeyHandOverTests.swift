import Attestation
import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import PlatformKit
import PublicCryptography
import Testing
import Wire

@testable import EnclaveService

extension EnclaveServiceSuite {
    /// The record that a key was handed over: before anything leaves, or nothing leaves.
    @Suite struct KeyHandOverTests {
        private let platform = MemoryPlatform(name: "old")
        private let successor = SHA256.hash(Array("successor".utf8))

        private func signer(_ platform: MemoryPlatform? = nil) -> ConsensusSigner {
            ConsensusSigner(platform: platform ?? self.platform, facts: .simulated)
        }

        private func vote(_ kind: SignedKind, _ height: UInt64, _ round: UInt32 = 0, block: UInt8 = 1) -> VoteToSign {
            var vote = VoteToSign(kind: kind, height: height, round: round, seconds: 1_700_000_000, nanoseconds: 7)
            if kind == .proposal { vote.lockRound = -1 }
            vote.blockHash = [UInt8](repeating: block, count: 32)
            (vote.partsTotal, vote.partsHash) = (1, vote.blockHash)
            return vote
        }

        private func opened() throws -> (signer: ConsensusSigner, sealed: [UInt8]) {
            let signer = signer()
            let sealed = try signer.make().sealedKey
            _ = try signer.open(sealed)
            return (signer, sealed)
        }

        @Test("what is not stored is not handed over, and the key signs on")
        func notStored() throws {
            let (signer, sealed) = try opened()
            _ = try signer.sign(vote(.prevote, 5), chainID: "a")
            for error in [PlatformError.failed, .closed] {
                #expect(throws: Failure.platformFailed) {
                    // Fails at the write, since the record is read before.
                    _ = try signer.handOver(sealed, to: successor) { platform.fail(with: error) }
                }
                #expect(try !platform.readVotes().isHandedOver)
            }
            _ = try signer.sign(vote(.precommit, 5), chainID: "a")
            struct Refused: Error {}
            #expect(throws: Refused.self) { _ = try signer.handOver(sealed, to: successor) { throw Refused() } }
            _ = try signer.sign(vote(.prevote, 6), chainID: "a")
            #expect(try !platform.readVotes().isHandedOver)
        }

        @Test("what a clone signed meanwhile stops the handing over")
        func clone() throws {
            let (first, sealed) = try opened()
            _ = try first.sign(vote(.prevote, 5), chainID: "a")
            let clone = signer()
            _ = try clone.open(sealed)
            #expect(throws: Failure.votesMoved) {
                _ = try first.handOver(sealed, to: successor) {
                    _ = try clone.sign(vote(.precommit, 5), chainID: "a")
                }
            }
            #expect(try !platform.readVotes().isHandedOver)
            // The other way round: what was handed over, the clone does not sign for.
            let (_, record) = try clone.handOver(sealed, to: successor) {}
            #expect(record.height == 5)
            #expect(throws: Failure.votesMoved) { _ = try first.sign(vote(.prevote, 6), chainID: "a") }
        }

        @Test("place, time and digest go over whatever was signed last, and from a key that was never used")
        func places() throws {
            let cases: [(SignedKind, UInt32)] = [(.proposal, 0), (.prevote, 7), (.precommit, UInt32(Int32.max))]
            for (kind, round) in cases {
                let (old, next) = (MemoryPlatform(name: "old"), MemoryPlatform(name: "next"))
                let first = signer(old)
                let sealed = try first.make().sealedKey
                _ = try first.open(sealed)
                let last = vote(kind, UInt64(Int64.max) - 1, round)
                let signed = try first.sign(last, chainID: "a")
                let (key, record) = try first.handOver(sealed, to: successor) {}
                #expect(try old.readVotes().place == record.place)
                let second = signer(next)
                let taken = try second.takeOver(key, signed: record)
                _ = try second.open(taken.sealedKey)
                var again = last
                again.seconds = 5
                #expect(try second.sign(again, chainID: "a") == signed)
                #expect(throws: Failure.voteConflict) {
                    _ = try second.sign(vote(kind, last.height, round, block: 2), chainID: "a")
                }
                // On to another, and not back.
                let (onward, later) = try second.handOver(taken.sealedKey, to: SHA256.hash([1])) {}
                #expect(throws: Failure.consensusKeyHandedOver) { _ = try signer(old).takeOver(onward, signed: later) }
                let third = signer(MemoryPlatform(name: "third"))
                #expect(try third.takeOver(onward, signed: later).height == last.height)
            }
            let unused = signer(MemoryPlatform(name: "unused"))
            let made = try unused.make()
            let (key, record) = try unused.handOver(made.sealedKey, to: successor) {}
            #expect(record.place == .none)
            #expect(throws: Failure.consensusKeyHandedOver) { _ = try unused.open(made.sealedKey) }
            let next = signer(MemoryPlatform(name: "next"))
            _ = try next.open(next.takeOver(key, signed: record).sealedKey)
            _ = try next.sign(vote(.prevote, 1), chainID: "a")
        }

        @Test("an enclave that has a key takes over no other")
        func occupied() throws {
            let (_, sealed) = try opened()
            let other = signer(MemoryPlatform(name: "other"))
            let made = try other.make().sealedKey
            let (key, record) = try other.handOver(made, to: successor) {}
            #expect(throws: Failure.consensusKeyExists) { _ = try signer().takeOver(key, signed: record) }
            _ = try signer().open(sealed)
            let another = record.headerHash.bytes.map { $0 ^ 1 }
            let foreign = JournalRecord(
                height: record.height, headerHash: Hash32(another)!, count: record.count, digest: record.digest)
            let third = signer(MemoryPlatform(name: "third"))
            #expect(throws: Failure.handedKeyRefused) { _ = try third.takeOver(key, signed: foreign) }
        }
    }
}
