import Attestation
import DecidedBlocks
import EnclavePlatform
import EnclaveProtocol
import PlatformKit
import PublicCryptography
import Seeds
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
            #expect(throws: Failure.successorRefused) {
                _ = try signer.handOver(sealed, to: successor, network: network) { () throws(Failure) in
                    throw .successorRefused
                }
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
                _ = try first.handOver(sealed, to: successor, network: network) { () throws(Failure) in
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
                // On to another, from which the old wrapping brings nothing back.
                let (onward, later) = try second.handOver(taken.sealedKey, to: SHA256.hash([1]), network: network) {}
                #expect(throws: Failure.consensusKeyHandedOver) {
                    _ = try signer(next).takeOver(key, signed: record, network: network)
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

        @Test("a key comes back to who handed it on, though nothing was signed meanwhile, and then leaves again")
        func back() throws {
            let next = MemoryPlatform(name: "next")
            let (first, sealed) = try opened()
            let signed = try first.sign(vote(.prevote, 5), chainID: "a", network: network)
            let there = try first.handOver(sealed, to: successor, network: network) {}
            #expect(throws: Failure.consensusKeyHandedOver) { try signer().make() }
            let taken = try signer(next).takeOver(there.0, signed: there.1, network: network)
            let back = try signer(next).handOver(taken.sealedKey, to: SHA256.hash([1]), network: network) {}
            // What left before it left again is as old as it was.
            #expect(throws: Failure.consensusKeyHandedOver) {
                _ = try signer(next).takeOver(there.0, signed: there.1, network: network)
            }
            _ = try signer().takeOver(back.0, signed: back.1, network: network)
            // The seal from before will do.
            let again = signer()
            _ = try again.open(sealed, network: network)
            #expect(try again.sign(vote(.prevote, 5), chainID: "a", network: network) == signed)
            #expect(throws: Failure.voteConflict) {
                _ = try again.sign(vote(.prevote, 5, block: 2), chainID: "a", network: network)
            }
            #expect(throws: Failure.consensusKeyHandedOver) { try signer(next).open(taken.sealedKey, network: network) }
            let onward = try again.handOver(sealed, to: successor, network: network) {}
            #expect(onward.1.place == there.1.place && onward.1 != there.1)
            #expect(throws: Failure.consensusKeyHandedOver) {
                _ = try signer().takeOver(back.0, signed: back.1, network: network)
            }
            _ = try signer(next).takeOver(onward.0, signed: onward.1, network: network)
            _ = try signer(next).open(taken.sealedKey, network: network)
        }

        /// What left an enclave for another: whoever has it may use it as often as he likes.
        private struct Handed {
            let key: ConsensusSigner.OpenKey
            let record: JournalRecord
            let to: Int
        }

        @Test("whatever a host hands on, replays, restores and starts twice, one vote is signed for a place")
        func interleavings() throws {
            let first = SeededGenerator.seed(of: "interleavings of hand-overs") & 0xffff_ffff
            for seed in first..<first + 300 {
                var random = SeededGenerator(seed: seed)
                let platforms = (0..<3).map { MemoryPlatform(name: "\($0)") }
                func start(_ place: Int) -> ConsensusSigner { signer(platforms[place]) }
                // Two processes of each enclave at once, as of a host that found a way around the launcher's lock.
                var running = (0..<6).map { start($0 / 2) }
                var sealed: [[[UInt8]]] = [[try running[0].make().sealedKey], [], []]
                _ = try running[0].open(sealed[0][0], network: network)
                var handed: [Handed] = []
                var signed: [[UInt8]: VoteSignature] = [:]
                var highest = 1
                for _ in 0..<120 {
                    let process = random.below(6)
                    let place = process / 2
                    switch random.below(6) {
                    case 0, 1:
                        let kind: SignedKind = random.below(2) == 0 ? .prevote : .precommit
                        let height = max(1, highest - 1 + random.below(3))
                        let vote = vote(kind, UInt64(height), UInt32(random.below(2)), block: UInt8(random.below(2)))
                        guard let one = try? running[process].sign(vote, chainID: "a", network: network) else { break }
                        let at = SignedPlace(height: vote.height, round: vote.round, step: kind == .prevote ? 2 : 3)!
                        #expect((signed[at.encoded] ?? one) == one, "seed \(seed): two votes for \(at)")
                        signed[at.encoded] = one
                        highest = max(highest, height)
                    case 2:
                        guard let key = sealed[place].randomElement(using: &random) else { break }
                        let to = random.below(3)
                        let given = try? running[process].handOver(
                            key, to: SHA256.hash([UInt8(to)]), network: network
                        ) {}
                        if let given { handed.append(Handed(key: given.0, record: given.1, to: to)) }
                    case 3:
                        // The newest or any: both are what a host may want.
                        let any = handed.randomElement(using: &random)
                        guard let one = random.below(2) == 0 ? handed.last : any else { break }
                        let taken = try? running[one.to * 2 + process % 2]
                            .takeOver(one.key, signed: one.record, network: network)
                        if let taken { sealed[one.to].append(taken.sealedKey) }
                    case 4: running[process] = start(place)
                    default:
                        guard let key = sealed[place].randomElement(using: &random) else { break }
                        _ = try? running[process].open(key, network: network)
                    }
                    let live = try platforms.filter { try $0.readVotes() != .none && !$0.readVotes().isHandedOver }
                    #expect(live.count <= 1, "seed \(seed): two enclaves have the key")
                }
                // Nor is it lost: it is where it was handed last, or can be taken over there.
                if try platforms.allSatisfy({ try $0.readVotes() == .none || $0.readVotes().isHandedOver }) {
                    let last = try #require(handed.max { $0.record.flags < $1.record.flags })
                    _ = try start(last.to).takeOver(last.key, signed: last.record, network: network)
                }
            }
        }

        @Test("an enclave that has a key takes over no other")
        func occupied() throws {
            let (_, sealed) = try opened()
            // It says so before anything leaves.
            #expect(throws: Failure.consensusKeyExists) { try signer().make() }
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
