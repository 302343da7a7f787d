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
        private let network = SHA256.hash(Array("network".utf8))

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
            _ = try signer.open(sealed, network: network)
            return (signer, sealed)
        }

        @Test("what is not stored is not handed over, and the key signs on")
        func notStored() throws {
            let (signer, sealed) = try opened()
            _ = try signer.sign(vote(.prevote, 5), chainID: "a", network: network)
            for error in [PlatformError.failed, .closed] {
                #expect(throws: Failure.platformFailed) {
                    // Fails at the write, since the record is read before.
                    _ = try signer.handOver(sealed, to: successor, network: network) { platform.fail(with: error) }
                }
                #expect(try !platform.readVotes().isHandedOver)
            }
            _ = try signer.sign(vote(.precommit, 5), chainID: "a", network: network)
            struct Refused: Error {}
            #expect(throws: Refused.self) {
                _ = try signer.handOver(sealed, to: successor, network: network) { throw Refused() }
            }
            _ = try signer.sign(vote(.prevote, 6), chainID: "a", network: network)
            #expect(try !platform.readVotes().isHandedOver)
        }

        @Test("what a clone signed meanwhile stops the handing over")
        func clone() throws {
            let (first, sealed) = try opened()
            _ = try first.sign(vote(.prevote, 5), chainID: "a", network: network)
            let clone = signer()
            _ = try clone.open(sealed, network: network)
            #expect(throws: Failure.votesMoved) {
                _ = try first.handOver(sealed, to: successor, network: network) {
                    _ = try clone.sign(vote(.precommit, 5), chainID: "a", network: network)
                }
            }
            #expect(try !platform.readVotes().isHandedOver)
            // The other way round: what was handed over, the clone does not sign for.
            let (_, record) = try clone.handOver(sealed, to: successor, network: network) {}
            #expect(record.height == 5)
            #expect(throws: Failure.votesMoved) {
                _ = try first.sign(vote(.prevote, 6), chainID: "a", network: network)
            }
        }

        @Test("place, time and digest go over whatever was signed last, and a key that was never used does not")
        func places() throws {
            let cases: [(SignedKind, UInt32)] = [(.proposal, 0), (.prevote, 7), (.precommit, UInt32(Int32.max))]
            for (kind, round) in cases {
                let (old, next) = (MemoryPlatform(name: "old"), MemoryPlatform(name: "next"))
                let first = signer(old)
                let sealed = try first.make().sealedKey
                _ = try first.open(sealed, network: network)
                let last = vote(kind, UInt64(Int64.max) - 1, round)
                let signed = try first.sign(last, chainID: "a", network: network)
                let (key, record) = try first.handOver(sealed, to: successor, network: network) {}
                #expect(try old.readVotes().place == record.place)
                let second = signer(next)
                let taken = try second.takeOver(key, signed: record, network: network)
                _ = try second.open(taken.sealedKey, network: network)
                var again = last
                again.seconds = 5
                #expect(try second.sign(again, chainID: "a", network: network) == signed)
                #expect(throws: Failure.voteConflict) {
                    _ = try second.sign(vote(kind, last.height, round, block: 2), chainID: "a", network: network)
                }
                // On to another, and not back.
                let (onward, later) = try second.handOver(taken.sealedKey, to: SHA256.hash([1]), network: network) {}
                #expect(throws: Failure.consensusKeyHandedOver) {
                    _ = try signer(old).takeOver(onward, signed: later, network: network)
                }
                let third = signer(MemoryPlatform(name: "third"))
                #expect(try third.takeOver(onward, signed: later, network: network).height == last.height)
            }
            let unused = signer(MemoryPlatform(name: "unused"))
            let made = try unused.make()
            for _ in 0..<2 {
                #expect(throws: Failure.consensusKeyRefused) {
                    _ = try unused.handOver(made.sealedKey, to: successor, network: network) {}
                }
                if unused.open == nil { _ = try unused.open(made.sealedKey, network: network) }
            }
        }

        @Test("an enclave that has a key takes over no other")
        func occupied() throws {
            let (_, sealed) = try opened()
            let other = signer(MemoryPlatform(name: "other"))
            let made = try other.make().sealedKey
            _ = try other.open(made, network: network)
            _ = try other.sign(vote(.prevote, 1), chainID: "a", network: network)
            let (key, record) = try other.handOver(made, to: successor, network: network) {}
            #expect(throws: Failure.consensusKeyExists) {
                _ = try signer().takeOver(key, signed: record, network: network)
            }
            _ = try signer().open(sealed, network: network)
            let another = record.headerHash.bytes.map { $0 ^ 1 }
            let foreign = JournalRecord(
                height: record.height, headerHash: Hash32(another)!, count: record.count, digest: record.digest)
            let third = signer(MemoryPlatform(name: "third"))
            #expect(throws: Failure.handedKeyRefused) { _ = try third.takeOver(key, signed: foreign, network: network) }
        }

        @Test("a key that has signed in one network signs in no other, and is handed to nobody there")
        func otherNetwork() throws {
            let (signer, sealed) = try opened()
            _ = try signer.sign(vote(.prevote, 5), chainID: "a", network: network)
            let invented = SHA256.hash(Array("invented".utf8))
            let record = try platform.readVotes()
            for there in [nil, invented] as [Hash32?] {
                let again = self.signer()
                if there == nil {
                    _ = try again.open(sealed, network: nil)
                } else {
                    #expect(throws: Failure.consensusKeyRefused) { _ = try again.open(sealed, network: there) }
                }
                #expect(throws: there == nil ? Failure.votesMoved : .consensusKeyMissing) {
                    _ = try again.sign(vote(.prevote, 6), chainID: "a", network: invented)
                }
                #expect(throws: Failure.consensusKeyRefused) {
                    _ = try again.handOver(sealed, to: successor, network: invented) {}
                }
            }
            #expect(try platform.readVotes() == record)
            _ = try signer.handOver(sealed, to: successor, network: network) {}
            // Nor after that, where nothing is looked at any more.
            #expect(throws: Failure.consensusKeyHandedOver) {
                _ = try self.signer().handOver(sealed, to: successor, network: invented) {}
            }
        }
    }
}
