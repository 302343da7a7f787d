import EnclaveProtocol
import Foundation
import PublicCryptography
import Testing

@testable import Application

@Suite("Run journal")
struct RunJournalTests {
    let folder = TemporaryFolder()
    let hash = SHA256.hash([1]).bytes

    private func fact(_ number: UInt32) -> VouchedFact { .skipped(index: number) }

    @Test("an interrupted run hands its facts to the next run of the same block")
    func sameBlock() throws {
        let path = folder.path("journal")
        let first = try RunJournal(path: path, isDurable: true)
        #expect(try first.begin(height: 7, headerHash: hash).isEmpty)
        try first.record(fact(1))
        try first.record(fact(2))
        let second = try RunJournal(path: path, isDurable: false)
        #expect(try second.begin(height: 7, headerHash: hash) == [fact(1).bytes, fact(2).bytes])
    }

    @Test("a second run repeats the facts and then adds its own")
    func repetition() throws {
        let path = folder.path("journal")
        let first = try RunJournal(path: path, isDurable: false)
        _ = try first.begin(height: 7, headerHash: hash)
        try first.record(fact(1))
        let second = try RunJournal(path: path, isDurable: false)
        _ = try second.begin(height: 7, headerHash: hash)
        try second.record(fact(1))
        try second.record(fact(2))
        let third = try RunJournal(path: path, isDurable: false)
        #expect(try third.begin(height: 7, headerHash: hash) == [fact(1).bytes, fact(2).bytes])
        #expect(throws: RunJournal.Divergence.self) { try third.record(fact(2)) }
    }

    @Test("a journal of another height or header is void, and so is a cleared one")
    func otherBlock() throws {
        let path = folder.path("journal")
        let journal = try RunJournal(path: path, isDurable: false)
        _ = try journal.begin(height: 7, headerHash: hash)
        try journal.record(fact(1))
        #expect(try journal.begin(height: 7, headerHash: SHA256.hash([2]).bytes).isEmpty)
        try journal.record(fact(1))
        #expect(try journal.begin(height: 8, headerHash: SHA256.hash([2]).bytes).isEmpty)
        try journal.record(fact(3))
        try journal.clear()
        #expect(try journal.begin(height: 8, headerHash: SHA256.hash([2]).bytes).isEmpty)
    }

    @Test("an entry that was cut off or altered was never said")
    func tornEntry() throws {
        let path = folder.path("journal")
        let journal = try RunJournal(path: path, isDurable: false)
        _ = try journal.begin(height: 7, headerHash: hash)
        try journal.record(fact(1))
        try journal.record(fact(2))
        let whole = try Data(contentsOf: URL(filePath: path))
        for count in 54..<whole.count {
            try whole.prefix(count).write(to: URL(filePath: path))
            let torn = try RunJournal(path: path, isDurable: false)
            #expect(try torn.begin(height: 7, headerHash: hash) == [fact(1).bytes], "cut at \(count)")
            try torn.record(fact(1))
            try torn.record(fact(3))
            #expect(try torn.begin(height: 7, headerHash: hash) == [fact(1).bytes, fact(3).bytes])
        }
        var altered = whole
        altered[altered.count - 1] ^= 1
        try altered.write(to: URL(filePath: path))
        let reopened = try RunJournal(path: path, isDurable: false)
        #expect(try reopened.begin(height: 7, headerHash: hash) == [fact(1).bytes])
    }
}
