import EnclavePlatform
import EnclaveProtocol
import PlatformKit
import PublicCryptography
import Testing

@testable import EnclaveService

extension EnclaveServiceSuite {
    @Suite struct VouchingTests {
        private static let header = SHA256.hash([1])
        private let platform = MemoryPlatform()

        private func facts(_ count: Int) -> [VouchedFact] {
            (0..<count).map { $0 % 2 == 0 ? .admitted(index: UInt32($0)) : .skipped(index: UInt32($0)) }
        }

        /// Begins a block with a host that kept `journal`.
        private func begin(
            height: UInt64 = 5, header: Hash32 = header, journal: [VouchedFact] = [], hasProof: Bool = false
        ) throws -> Vouching {
            let hashes = journal.map(\.hash)
            return try Vouching(platform: platform, height: height, headerHash: header, hasProof: hasProof) {
                first, count in
                Array(hashes.dropFirst(Int(first)).prefix(Int(count)))
            }
        }

        /// A block that was interrupted after these facts were bound.
        private func interrupted(_ facts: [VouchedFact]) throws {
            let vouching = try begin()
            for fact in facts { try vouching.use(fact) }
            try vouching.bind()
        }

        @Test("the header is bound as the block begins, and facts once for all that were used since")
        func binding() throws {
            let vouching = try begin()
            #expect(platform.recordCount == 1)
            try vouching.bind()
            #expect(platform.recordCount == 1)
            for fact in facts(3) { try vouching.use(fact) }
            #expect(platform.recordCount == 1)
            try vouching.bind()
            try vouching.bind()
            #expect(platform.recordCount == 2)
            let record = try platform.readJournal()
            let digest = facts(3).reduce(Hash32.zero) { VouchedFact.extend($0, with: $1.hash) }
            #expect(record == JournalRecord(height: 5, headerHash: Self.header, count: 3, digest: digest))
        }

        @Test("a second run says the same facts again, may say more, and stores nothing until it does")
        func rerun() throws {
            try interrupted(facts(3))
            let again = try begin(journal: facts(3))
            let stored = platform.recordCount
            for fact in facts(3) { try again.use(fact) }
            try again.bind()
            #expect(platform.recordCount == stored)
            try again.finish()
            try again.use(.skipped(index: 9))
            try again.bind()
            #expect(platform.recordCount == stored + 1)
            #expect(try platform.readJournal().count == 4)
        }

        @Test("a second run with another story is refused where the story parts, and with a shorter one at its end")
        func anotherStory() throws {
            try interrupted(facts(3))
            let other = try begin(journal: facts(3))
            try other.use(facts(3)[0])
            #expect(throws: Failure.journalDiffers) { try other.use(.admitted(index: 1)) }
            let shorter = try begin(journal: facts(3))
            for fact in facts(2) { try shorter.use(fact) }
            #expect(throws: Failure.journalDiffers) { try shorter.finish() }
        }

        @Test("a host that kept other facts, too few or too many, is refused before anything is run")
        func journals() throws {
            try interrupted(facts(3))
            #expect(throws: Failure.journalMissing) { try begin(journal: facts(2)) }
            #expect(throws: Failure.journalMissing) { try begin() }
            #expect(throws: Failure.journalDiffers) { try begin(journal: facts(3).reversed()) }
            #expect(throws: Failure.journalDiffers) { try begin(journal: facts(2) + [.admitted(index: 7)]) }
            #expect(throws: Failure.journalDiffers) {
                try Vouching(platform: platform, height: 5, headerHash: Self.header, hasProof: false) { _, _ in
                    facts(4).map(\.hash)
                }
            }
        }

        @Test("another header for the height, a height behind, and a platform that fails are told apart")
        func beginnings() throws {
            try interrupted(facts(1))
            #expect(throws: Failure.secondHeaderForHeight) { try begin(header: SHA256.hash([2]), journal: facts(1)) }
            #expect(throws: Failure.heightBehindJournal) { try begin(height: 4) }
            platform.fail(with: .closed)
            #expect(throws: Failure.platformFailed) { try begin(journal: facts(1)) }
            _ = try begin(height: 6, header: SHA256.hash([3]))
        }

        @Test("with a proof at hand a height that was begun binds and expects nothing, and a new one is bound as ever")
        func proved() throws {
            try interrupted(facts(3))
            let stored = platform.recordCount
            let again = try begin(hasProof: true)
            #expect(again.isProved)
            try again.use(.admitted(index: 99))
            try again.bind()
            try again.finish()
            #expect(try begin(height: 4, header: SHA256.hash([9]), hasProof: true).isProved)
            #expect(throws: Failure.secondHeaderForHeight) { try begin(header: SHA256.hash([2]), hasProof: true) }
            #expect(platform.recordCount == stored)
            let new = try begin(height: 6, header: SHA256.hash([3]), hasProof: true)
            #expect(!new.isProved && platform.recordCount == stored + 1)
        }

        @Test("of two enclaves on one platform the second to bind is refused")
        func twins() throws {
            try interrupted(facts(1))
            let (one, two) = (try begin(journal: facts(1)), try begin(journal: facts(1)))
            for vouching in [one, two] {
                try vouching.use(facts(1)[0])
                try vouching.use(.admitted(index: 1))
            }
            try one.bind()
            #expect(throws: Failure.journalMoved) { try two.bind() }
            platform.fail(with: .failed)
            try one.use(.admitted(index: 2))
            #expect(throws: Failure.platformFailed) { try one.bind() }
        }
    }
}
