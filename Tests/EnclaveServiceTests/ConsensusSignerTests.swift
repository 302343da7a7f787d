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
    /// The validator's key inside: what it signs, once for each place, whatever the host asks.
    @Suite struct ConsensusSignerTests {
        private static let chainID = "signing-1"
        private let platform = MemoryPlatform(name: "validator")

        private func started(_ platform: MemoryPlatform? = nil) -> ConsensusSigner {
            ConsensusSigner(platform: platform ?? self.platform, facts: .simulated)
        }

        /// A key that was opened, and the signer that opened it.
        private func opened() throws -> (signer: ConsensusSigner, key: ConsensusKey) {
            let signer = started()
            let made = try signer.make()
            return (signer, try signer.open(made.sealedKey, network: .zero))
        }

        private static func block(_ byte: UInt8) -> [UInt8] { [UInt8](repeating: byte, count: 32) }

        private func vote(
            _ kind: SignedKind = .precommit, _ height: UInt64 = 5, _ round: UInt32 = 0, block: UInt8? = 1,
            seconds: Int64 = 1_700_000_000, lockRound: Int64? = nil
        ) -> VoteToSign {
            var vote = VoteToSign(kind: kind, height: height, round: round, seconds: seconds, nanoseconds: 7)
            vote.lockRound = lockRound ?? (kind == .proposal ? -1 : 0)
            if let block {
                (vote.blockHash, vote.partsTotal, vote.partsHash) = (Self.block(block), 1, Self.block(block &+ 1))
            }
            return vote
        }

        private func sign(_ vote: VoteToSign, by signer: ConsensusSigner) throws -> VoteSignature {
            try signer.sign(vote, chainID: Self.chainID, network: .zero)
        }

        private func expect(
            _ failure: Failure, _ vote: VoteToSign, by signer: ConsensusSigner,
            sourceLocation: SourceLocation = #_sourceLocation
        ) {
            #expect(throws: failure, sourceLocation: sourceLocation) {
                try signer.sign(vote, chainID: Self.chainID, network: .zero)
            }
        }

        private func bytes(_ vote: VoteToSign, seconds: Int64? = nil, chainID: String = chainID) -> [UInt8] {
            let time = Timestamp(seconds: seconds ?? vote.seconds, nanoseconds: vote.nanoseconds)!
            let id = Hash32(vote.blockHash).map {
                BlockID(hash: $0, parts: PartSetHeader(total: vote.partsTotal, hash: Hash32(vote.partsHash)!))
            }
            if vote.kind == .proposal {
                return SignBytes.proposal(
                    height: Int64(vote.height), round: Int32(vote.round), polRound: Int32(vote.lockRound), blockID: id!,
                    timestamp: time, chainID: chainID)
            }
            return SignBytes.vote(
                VoteKind(rawValue: vote.kind.rawValue)!, height: Int64(vote.height), round: Int32(vote.round),
                blockID: id, timestamp: time, chainID: chainID)
        }

        @Test("signs what CometBFT's validators sign, and says when")
        func signs() throws {
            let (signer, key) = try opened()
            for vote in [
                vote(.proposal, 1), vote(.prevote, 1), vote(.precommit, 1), vote(.proposal, 1, 3, lockRound: 2),
                vote(.prevote, 1, 3, block: nil), vote(.precommit, 1, 3, block: nil), vote(.prevote, UInt64(Int64.max)),
            ] {
                let signed = try sign(vote, by: signer)
                #expect(signed.seconds == vote.seconds && signed.nanoseconds == vote.nanoseconds)
                #expect(Ed25519.verify(signature: signed.signature, message: bytes(vote), publicKey: key.publicKey))
                let elsewhere = bytes(vote, chainID: "signing-2")
                #expect(!Ed25519.verify(signature: signed.signature, message: elsewhere, publicKey: key.publicKey))
            }
        }

        @Test("the evidence names the key, and is no network's")
        func evidence() throws {
            let key = try opened().key
            // This platform's quotes are their report data.
            #expect(key.evidence == ReportData.consensusKey(key.publicKey, facts: .simulated))
            #expect(
                key.evidence
                    != ReportData.network(
                        identity: [], ioPublicKey: key.publicKey, seedExchangePublicKey: [], facts: .simulated))
        }

        @Test(
            "one vote for a place, over restarts: another block, kind or lock is refused, and another time is the first"
        )
        func conflicts() throws {
            let (signer, key) = try opened()
            let first = vote(.prevote, 5, 1)
            let signature = try sign(first, by: signer)
            let again = started()
            #expect(try again.open(key.sealedKey, network: .zero).height == 5)
            for each in [signer, again] {
                expect(.voteConflict, vote(.prevote, 5, 1, block: 2), by: each)
                expect(.voteConflict, vote(.prevote, 5, 1, block: nil), by: each)
                var otherParts = first
                otherParts.partsTotal = 2
                expect(.voteConflict, otherParts, by: each)
                let later = vote(.prevote, 5, 1, seconds: 1_800_000_000)
                #expect(try sign(later, by: each) == signature)
                #expect(try sign(first, by: each) == signature)
            }
            let proposal = vote(.proposal, 6, 4, lockRound: 2)
            let signed = try sign(proposal, by: again)
            expect(.voteConflict, vote(.proposal, 6, 4, lockRound: 1), by: again)
            #expect(try sign(vote(.proposal, 6, 4, seconds: 3, lockRound: 2), by: again) == signed)
        }

        @Test("no earlier height, round or step, over restarts")
        func regressions() throws {
            let (signer, key) = try opened()
            _ = try sign(vote(.prevote, 5, 1), by: signer)
            let again = started()
            #expect(try again.open(key.sealedKey, network: .zero).round == 1)
            for each in [signer, again] {
                for earlier in [
                    vote(.precommit, 4, 9), vote(.precommit, 5, 0), vote(.proposal, 5, 1), vote(.proposal, 1),
                ] {
                    expect(.voteRegression, earlier, by: each)
                }
            }
            _ = try sign(vote(.precommit, 5, 1), by: again)
            _ = try sign(vote(.proposal, 5, 2), by: again)
            _ = try sign(vote(.prevote, 6, 0), by: again)
        }

        @Test("what was signed is the platform's record before the signature leaves; what is not stored is not signed")
        func storedFirst() throws {
            let (signer, key) = try opened()
            let before = platform.recordCount
            platform.fail(with: .failed)
            expect(.platformFailed, vote(), by: signer)
            #expect(platform.recordCount == before)
            let signature = try sign(vote(), by: signer)
            #expect(platform.recordCount == before + 1)
            let record = try platform.readVotes()
            #expect(record.height == 5 && record.count == 1 << 62 | 3 && record.digest == SHA256.hash(bytes(vote())))
            // The same again stores nothing.
            #expect(try sign(vote(), by: signer) == signature)
            #expect(platform.recordCount == before + 1)
            #expect(try platform.readJournal() == .none)
            let owner = SHA256.hash(ValidatorAddress(publicKey: key.publicKey).bytes + Hash32.zero.bytes)
            #expect(Array(record.headerHash.bytes.prefix(20)) == Array(owner.bytes.prefix(20)))
        }

        @Test("of two enclaves with one key on one platform, the one that comes second signs nothing more")
        func clones() throws {
            let (first, key) = try opened()
            let clone = started()
            _ = try clone.open(key.sealedKey, network: .zero)
            _ = try sign(vote(.prevote, 5), by: first)
            expect(.votesMoved, vote(.prevote, 5, block: 2), by: clone)
            expect(.votesMoved, vote(.prevote, 5), by: clone)
            expect(.votesMoved, vote(.prevote, 9), by: clone)
            _ = try sign(vote(.precommit, 5), by: first)
        }

        @Test("another platform opens nothing, and one that has a key opens no other and makes none")
        func onePlatformOneKey() throws {
            let signer = started()
            let (one, other) = (try signer.make(), try signer.make())
            #expect(one.publicKey != other.publicKey)
            let elsewhere = started(MemoryPlatform(name: "elsewhere"))
            #expect(throws: Failure.consensusKeyRefused) { try elsewhere.open(one.sealedKey, network: .zero) }
            _ = try signer.open(one.sealedKey, network: .zero)
            #expect(throws: Failure.alreadyOpen) { try signer.open(one.sealedKey, network: .zero) }
            #expect(throws: Failure.consensusKeyExists) { try signer.make() }
            let again = started()
            #expect(throws: Failure.consensusKeyRefused) { try again.open(other.sealedKey, network: .zero) }
            #expect(throws: Failure.consensusKeyExists) { try again.make() }
            #expect(try again.open(one.sealedKey, network: .zero).publicKey == one.publicKey)
        }

        @Test("a file's key is taken over with what it signed last, once")
        func imports() throws {
            let signer = started()
            let seed = [UInt8](repeating: 5, count: 32)
            let imported = try signer.importKey(
                ImportedConsensusKey(privateKey: seed, height: 7, round: 2, step: 2))
            #expect(try signer.open(imported.sealedKey, network: .zero).height == 7)
            expect(.voteRegression, vote(.precommit, 6), by: signer)
            expect(.voteRegression, vote(.proposal, 7, 2), by: signer)
            // What it was is not known: not even the same vote.
            expect(.voteConflict, vote(.prevote, 7, 2), by: signer)
            let signed = try sign(vote(.precommit, 7, 2), by: signer)
            #expect(
                Ed25519.verify(
                    signature: signed.signature, message: bytes(vote(.precommit, 7, 2)), publicKey: imported.publicKey))
            // A second time, with the file's state set back: neither here nor after a restart.
            let setBack = ImportedConsensusKey(privateKey: seed, height: 0, round: 0, step: 0)
            #expect(throws: Failure.consensusKeyExists) { try signer.importKey(setBack) }
            #expect(throws: Failure.consensusKeyExists) { try started().importKey(setBack) }
        }

        @Test("a seal with an earlier place, made before the key was opened, sets nothing back")
        func olderSeal() throws {
            let signer = started()
            let seed = [UInt8](repeating: 5, count: 32)
            let early = try signer.importKey(ImportedConsensusKey(privateKey: seed))
            let late = try signer.importKey(ImportedConsensusKey(privateKey: seed, height: 7, round: 0, step: 3))
            _ = try signer.open(late.sealedKey, network: .zero)
            let again = started()
            #expect(try again.open(early.sealedKey, network: .zero).height == 7)
            expect(.voteRegression, vote(.precommit, 6), by: again)
            // And the later one counts, if the earlier was opened first.
            let other = MemoryPlatform(name: "validator")
            #expect(try started(other).open(early.sealedKey, network: .zero).height == 0)
            #expect(try started(other).open(late.sealedKey, network: .zero).height == 7)
            #expect(try started(other).open(early.sealedKey, network: .zero).height == 7)
        }

        @Test(
            "an import that is no key or no place is refused",
            arguments: [
                ImportedConsensusKey(), ImportedConsensusKey(privateKey: [UInt8](repeating: 1, count: 31)),
                ImportedConsensusKey(privateKey: [UInt8](repeating: 1, count: 32), height: 1 << 63),
                ImportedConsensusKey(privateKey: [UInt8](repeating: 1, count: 32), round: 1 << 31),
                ImportedConsensusKey(privateKey: [UInt8](repeating: 1, count: 32), step: 4),
            ])
        func malformedImports(imported: ImportedConsensusKey) {
            #expect(throws: Failure.voteMalformed) { try started().importKey(imported) }
        }

        @Test("numbers that are no vote are refused, and nothing is stored")
        func malformed() throws {
            let (signer, _) = try opened()
            let before = platform.recordCount
            var wrong = [
                vote(.prevote, 0), vote(.prevote, 1 << 63), vote(.prevote, 5, 1 << 31), vote(.proposal, 5, block: nil),
                vote(.proposal, 5, 1, lockRound: 1), vote(.proposal, 5, 1, lockRound: -2),
                vote(.proposal, 5, 0, lockRound: 0), vote(.prevote, 5, lockRound: -1),
                vote(.prevote, 5, seconds: .max), vote(.prevote, 5, seconds: -62_135_596_801),
            ]
            for change: (inout VoteToSign) -> Void in [
                { $0.nanoseconds = 1_000_000_000 }, { $0.blockHash = [1] }, { $0.partsHash = [] },
                { $0.partsTotal = 0 },
                { $0.blockHash = [] }, { ($0.blockHash, $0.partsHash) = ([], []) },
            ] {
                var vote = vote(.prevote, 5)
                change(&vote)
                wrong.append(vote)
            }
            for vote in wrong { expect(.voteMalformed, vote, by: signer) }
            #expect(platform.recordCount == before)
            _ = try sign(vote(.prevote, 1), by: signer)
        }

        @Test("without a key that was opened there is no signature")
        func closed() throws {
            let signer = started()
            expect(.consensusKeyMissing, vote(), by: signer)
            _ = try signer.make()
            expect(.consensusKeyMissing, vote(), by: signer)
            #expect(throws: Failure.consensusKeyRefused) { try signer.open([], network: .zero) }
        }
    }
}
