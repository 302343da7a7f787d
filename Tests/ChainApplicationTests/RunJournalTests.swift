import EnclaveProtocol
import Foundation
import PublicCryptography
import TestSupport
import Testing

@testable import HostAnswers

@Suite("Run journal")
struct RunJournalTests {
    let folder = TemporaryFolder()
    let hash = SHA256.hash([1]).bytes

    private func fact(_ number: UInt32) -> VouchedFact { .skipped(index: number) }

    /// What a run of block 7 begins with.
    private func begun(_ journal: RunJournal, height: UInt64 = 7, headerHash: [UInt8]? = nil) throws -> [Hash32] {
        try journal.begin(height: height, headerHash: headerHash ?? hash)
        return journal.hashes
    }

    @Test("an interrupted run hands its facts to the next run of the same block")
    func sameBlock() throws {
        let path = folder.path("journal")
        let first = try RunJournal(path: path, isDurable: true)
        #expect(try begun(first).isEmpty)
        try first.record(fact(1))
        try first.record(fact(2))
        let second = try RunJournal(path: path, isDurable: false)
        #expect(try begun(second) == [fact(1).hash, fact(2).hash])
    }

    @Test("a second run repeats the facts and then adds its own")
    func repetition() throws {
        let path = folder.path("journal")
        let first = try RunJournal(path: path, isDurable: false)
        _ = try begun(first)
        try first.record(fact(1))
        let second = try RunJournal(path: path, isDurable: false)
        _ = try begun(second)
        try second.record(fact(1))
        try second.record(fact(2))
        let third = try RunJournal(path: path, isDurable: false)
        #expect(try begun(third) == [fact(1).hash, fact(2).hash])
        #expect(throws: RunJournal.Divergence.self) { try third.record(fact(2)) }
    }

    @Test("a fact that is only noted is written with the next one that is said, in their order, or by itself")
    func notedFacts() throws {
        let path = folder.path("journal")
        let journal = try RunJournal(path: path, isDurable: false)
        _ = try begun(journal)
        func written() throws -> [Hash32] { try begun(RunJournal(path: path, isDurable: false)) }
        try journal.note(fact(1))
        try journal.note(fact(2))
        #expect(try written().isEmpty)
        try journal.record(fact(3))
        #expect(try written() == [1, 2, 3].map { fact($0).hash })
        try journal.note(fact(4))
        try journal.write()
        #expect(try written() == [1, 2, 3, 4].map { fact($0).hash })
        // What was noted and not written was not said: another run need not repeat it.
        try journal.note(fact(5))
        #expect(try begun(journal).count == 4)
        for number in 1...4 { try journal.note(fact(UInt32(number))) }
        try journal.record(fact(6))
        #expect(try written() == [1, 2, 3, 4, 6].map { fact($0).hash })
    }

    @Test("however long what was said is, the journal grows by as many bytes")
    func size() throws {
        let path = folder.path("journal")
        let journal = try RunJournal(path: path, isDurable: false)
        _ = try begun(journal)
        var result = LedgerMessageResult()
        for byteCount in [0, 65_536] {
            result.log = String(repeating: "x", count: byteCount)
            try journal.record(.ledgerResult(index: 0, sequence: 0, result))
        }
        #expect(try Data(contentsOf: URL(filePath: path)).count == 40 + 2 * 36)
    }

    @Test("a journal of another height or header is void, and is kept until this one has a fact")
    func otherBlock() throws {
        let path = folder.path("journal")
        let journal = try RunJournal(path: path, isDurable: false)
        _ = try begun(journal)
        try journal.record(fact(1))
        #expect(try begun(journal, headerHash: SHA256.hash([2]).bytes).isEmpty)
        try journal.record(fact(1))
        #expect(try begun(journal, height: 8, headerHash: SHA256.hash([2]).bytes).isEmpty)
        // Blocks that vouch for nothing leave it: the node may have been set back, and may come to that block once
        // more.
        #expect(try begun(journal, headerHash: SHA256.hash([2]).bytes) == [fact(1).hash])
        #expect(try begun(journal, height: 8, headerHash: SHA256.hash([2]).bytes).isEmpty)
        try journal.record(fact(3))
        #expect(try begun(journal, headerHash: SHA256.hash([2]).bytes).isEmpty)
        #expect(try begun(journal, height: 8, headerHash: SHA256.hash([2]).bytes) == [fact(3).hash])
    }

    @Test("an entry that was cut off or altered was never said")
    func tornEntry() throws {
        let path = folder.path("journal")
        let journal = try RunJournal(path: path, isDurable: false)
        _ = try begun(journal)
        try journal.record(fact(1))
        try journal.record(fact(2))
        let whole = try Data(contentsOf: URL(filePath: path))
        for count in 76..<whole.count {
            try whole.prefix(count).write(to: URL(filePath: path))
            let torn = try RunJournal(path: path, isDurable: false)
            #expect(try begun(torn) == [fact(1).hash], "cut at \(count)")
            try torn.record(fact(1))
            try torn.record(fact(3))
            #expect(try begun(torn) == [fact(1).hash, fact(3).hash])
        }
        for position in 76..<whole.count {
            var altered = whole
            altered[position] ^= 1
            try altered.write(to: URL(filePath: path))
            let reopened = try RunJournal(path: path, isDurable: false)
            #expect(try begun(reopened) == [fact(1).hash], "altered at \(position)")
        }
    }
}
