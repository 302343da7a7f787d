import ChainFormats
import ChainInterface
import DecidedBlocks
import EnclaveProtocol
import Foundation
import GRDB
import ModuleKit
import PublicCryptography
import TestSupport
import Testing
import Wire

@testable import ChainApplication

@Suite("Transaction index")
struct TransactionIndexTests {
    let folder = TemporaryFolder()

    private func result(code: UInt32 = 0, _ events: [Event]) -> TransactionResult {
        var result = TransactionResult()
        result.code = code
        result.codespace = code == 0 ? "" : "sdk"
        result.log = code == 0 ? "" : "went wrong"
        result.data = [1, 2, 3]
        result.gasWanted = 200_000
        result.gasUsed = 51_234
        result.events = events
        return result
    }

    /// Those here have one byte.
    private func content(_ transaction: IndexedTransaction) -> [UInt8]? {
        (0...9).map { [$0] }.first { SHA256.hash($0) == transaction.hash }
    }

    private func transfer(_ sender: String) -> Event { Event("transfer", ["sender": sender, "amount": "1uscrt"]) }

    private func filled() throws -> TransactionIndex {
        let index = try TransactionIndex(path: folder.path("index.sqlite"), isDurable: false)
        try index.add(
            height: 3, seconds: 1_700_000_000, nanoseconds: 5, hashes: [[1], [2]].map(SHA256.hash),
            results: [result([transfer("a")]), result([transfer("b"), Event("message", ["action": "send"])])])
        try index.add(height: 4, seconds: 1_700_000_001, nanoseconds: 0, hashes: [], results: [])
        try index.add(
            height: 5, seconds: 1_700_000_002, nanoseconds: 0, hashes: [[3]].map(SHA256.hash),
            results: [result([transfer("a"), Event("message", ["action": "send"])])])
        return index
    }

    @Test("blocks are found by their heights and their own events, and what is forgotten is not")
    func blocks() throws {
        let index = try TransactionIndex(path: folder.path("index.sqlite"), isDurable: false)
        for height in 3...9 as ClosedRange<UInt64> {
            try index.add(
                height: height, seconds: 1_700_000_000, nanoseconds: 0, hashes: [], results: [],
                events: BlockEvents(bounding: [
                    Event(
                        "mint", ["amount": "\(height * 100)uscrt", "mode": height.isMultiple(of: 2) ? "even" : "odd"])
                ]))
        }
        func found(_ conditions: [BlockSearch.Condition], upTo height: UInt64 = 9) throws -> [Int64] {
            let search = BlockSearch(conditions, isDescending: false, offset: 0, limit: 100)
            let found = try index.search(search, upTo: height)
            #expect(found.total == found.page.count)
            return found.page
        }
        #expect(try found([.heights(4...6)]) == [4, 5, 6])
        #expect(try found([.heights(4...Int64.max)], upTo: 5) == [4, 5])
        #expect(try found([.attribute(name: "mint.mode", value: "even")]) == [4, 6, 8])
        #expect(try found([.attributeNumber(name: "mint.amount", in: 500...700)]) == [5, 6, 7])
        #expect(try found([.attributeNumber(name: "mint.mode", in: Int64.min...Int64.max)]) == [])
        #expect(try found([.attributeExists(name: "mint.amount"), .heights(8...8)]) == [8])
        #expect(try found([.attributeContains(name: "mint.amount", text: "00u"), .heights(3...3)]) == [3])
        let newest = try index.search(
            BlockSearch([.attributeExists(name: "mint.mode")], isDescending: true, offset: 1, limit: 2), upTo: 9)
        #expect(newest.page == [8, 7] && newest.total == 7)
        try index.prune(below: 6)
        #expect(try found([.attributeExists(name: "mint.amount")]) == [6, 7, 8, 9])
        #expect(try index.count("block_attributes") == 8)
    }

    @Test("a search that would look at too much is refused, one that knows its values is not")
    func wideSearches() throws {
        let index = try filled()
        func search(_ condition: TransactionSearch.Condition, entriesMax: Int) throws -> Int {
            try index.search(TransactionSearch([condition]), upTo: 9, entriesMax: entriesMax).total
        }
        // Three transfers have a sender, two of them this one.
        for condition in [
            .attributeExists(name: "transfer.sender"), .attributeContains(name: "transfer.sender", text: "b"),
            .attributeNumber(name: "transfer.sender", in: 7...8),
        ] as [TransactionSearch.Condition] {
            #expect(throws: TransactionIndex.SearchTooWide.self) { try search(condition, entriesMax: 2) }
            _ = try search(condition, entriesMax: 3)
        }
        #expect(try search(.attribute(name: "transfer.sender", value: "a"), entriesMax: 2) == 2)
        #expect(throws: TransactionIndex.SearchTooWide.self) {
            try search(.attribute(name: "transfer.sender", value: "a"), entriesMax: 1)
        }
    }

    @Test("a transaction is found by its hash with all that was stored, once its height is announced")
    func byHash() throws {
        let index = try filled()
        let found = try #require(try index.transaction(hash: SHA256.hash([2]), upTo: 3))
        #expect(found.height == 3 && found.position == 1)
        #expect(found.time == Timestamp(seconds: 1_700_000_000, nanoseconds: 5))
        #expect(found.result == result([transfer("b"), Event("message", ["action": "send"])]))
        #expect(try index.transaction(hash: SHA256.hash([2]), upTo: 2) == nil)
        #expect(try index.transaction(hash: SHA256.hash([9]), upTo: 9) == nil)
        #expect(try index.height() == 5)
        #expect(try index.transactions(at: 3).map(content) == [[1], [2]])
        #expect(try index.transactions(at: 4).isEmpty)
    }

    @Test("a block's own events are kept with it, read within a bound, and forgotten with it")
    func blockEvents() throws {
        let index = try filled()
        let events = [Event("mint", ["amount": "5", "mode": "BeginBlock"]), Event("empty", [:])]
        try index.add(
            height: 6, seconds: 0, nanoseconds: 0, hashes: [[4]].map(SHA256.hash),
            results: [result([transfer("c")])], events: BlockEvents(bounding: events))
        let found = try #require(try index.results(at: 6, bytesMax: 10_000))
        #expect(found.events == events && found.results == [result([transfer("c")])])
        #expect(try index.results(at: 4, bytesMax: 0)?.events == [])
        #expect(try index.results(at: 7, bytesMax: 10_000) == nil)
        #expect(throws: TransactionIndex.ResultsTooLong.self) { try index.results(at: 6, bytesMax: 50) }
        try index.prune(below: 7)
        #expect(try index.results(at: 6, bytesMax: 10_000) == nil)
    }

    @Test("an index from before blocks had events is taken over")
    func olderIndex() throws {
        let path = folder.path("older.sqlite")
        do {
            let older = try DatabaseQueue(path: path)
            try older.write { database in
                try database.execute(
                    sql: """
                        CREATE TABLE blocks (
                            height INTEGER PRIMARY KEY, seconds INTEGER NOT NULL, nanoseconds INTEGER NOT NULL);
                        INSERT INTO blocks VALUES (3, 1700000000, 5);
                        """)
            }
        }
        let index = try TransactionIndex(path: path, isDurable: false)
        #expect(try index.height() == 3 && index.results(at: 3, bytesMax: 10)?.events == [])
        let events = BlockEvents(bounding: [Event("mint", ["amount": "5"])])
        try index.add(height: 4, seconds: 0, nanoseconds: 0, hashes: [], results: [], events: events)
        #expect(try index.results(at: 4, bytesMax: 100)?.events == events.events)
    }

    @Test("of a block's events as many are kept from the first on as may be")
    func boundedEvents() {
        let event = Event("e", ["k": String(repeating: "v", count: 1 << 20 - 2)])
        let whole = BlockEvents(bounding: [event, event])
        #expect(whole.events.count == 2 && whole.leftOut == 0)
        let bounded = BlockEvents(bounding: [event, event, event, Event("", [:])])
        #expect(bounded.events.count == 2 && bounded.leftOut == 2)
        let many = BlockEvents(bounding: Array(repeating: Event("", [:]), count: ResultLimits.partsMax + 1))
        #expect(many.events.count == ResultLimits.partsMax && many.leftOut == 1)
    }

    @Test("of two inclusions the one that succeeded is shown")
    func repeatedHash() throws {
        let index = try filled()
        try index.add(
            height: 6, seconds: 0, nanoseconds: 0, hashes: [[1], [8]].map(SHA256.hash),
            results: [result(code: 32, []), result(code: 32, [])])
        try index.add(
            height: 7, seconds: 0, nanoseconds: 0, hashes: [[8]].map(SHA256.hash),
            results: [result([])])
        #expect(try index.transaction(hash: SHA256.hash([1]), upTo: 9)?.height == 3)
        #expect(try index.transaction(hash: SHA256.hash([8]), upTo: 9)?.height == 7)
        #expect(try index.transaction(hash: SHA256.hash([8]), upTo: 6)?.result.code == 32)
    }

    @Test("conditions are joined by and, with order and pages")
    func search() throws {
        let index = try filled()
        func found(_ conditions: [TransactionSearch.Condition], upTo height: UInt64 = 9) throws -> [[UInt8]?] {
            let result = try index.search(TransactionSearch(conditions), upTo: height)
            #expect(result.total == result.page.count)
            return result.page.map(content)
        }
        #expect(try found([.attribute(name: "transfer.sender", value: "a")]) == [[1], [3]])
        #expect(try found([.attribute(name: "transfer.sender", value: "a")], upTo: 4) == [[1]])
        #expect(
            try found([
                .attribute(name: "transfer.sender", value: "a"), .attribute(name: "message.action", value: "send"),
            ]) == [[3]])
        #expect(try found([.attributeExists(name: "message.action")]) == [[2], [3]])
        #expect(try found([.attributeContains(name: "message.action", text: "en")]) == [[2], [3]])
        #expect(try found([.attributeContains(name: "message.action", text: "x")]).isEmpty)
        #expect(try found([.heights(4...Int64.max)]) == [[3]])
        #expect(try found([.heights(3...3)]) == [[1], [2]])
        #expect(try found([.hash(SHA256.hash([2]))]) == [[2]])
        #expect(try found([.attribute(name: "transfer.sender", value: "' OR 1=1 --")]).isEmpty)
        let last = try index.search(
            TransactionSearch([.heights(0...9)], isDescending: true, offset: 1, limit: 1), upTo: 9)
        #expect(last.total == 3 && last.page.map(content) == [[2]])
    }

    @Test("a block indexed twice is there once, also after reopening")
    func repetition() throws {
        do { _ = try filled() }
        let index = try filled()
        #expect(try index.search(TransactionSearch([.heights(0...9)]), upTo: 9).total == 3)
        #expect(try index.transactions(at: 3).count == 2)
    }

    @Test("blocks below a height are forgotten with all that was found by them, the others stay")
    func pruning() throws {
        let index = try filled()
        func found() throws -> [[UInt8]?] {
            try index.search(TransactionSearch([.heights(0...9)]), upTo: 9).page.map(content)
        }
        try index.prune(below: 3)
        #expect(try found() == [[1], [2], [3]])
        // A few at a time.
        try index.prune(below: 5, countMax: 1)
        #expect(try found() == [[3]] && index.blockCount() == 2)
        try index.prune(below: 5, countMax: 1)
        #expect(try index.blockCount() == 1 && index.height() == 5)
        #expect(try index.transaction(hash: SHA256.hash([1]), upTo: 9) == nil)
        #expect(try index.attributeCount() == 3)
        let sends = TransactionSearch([.attribute(name: "transfer.sender", value: "a")])
        #expect(try index.search(sends, upTo: 9).page.map(content) == [[3]])
        try index.prune(below: 9)
        #expect(try index.attributeCount() == 0 && index.blockCount() == 0 && found().isEmpty)
        // What was forgotten may be indexed again.
        #expect(try filled().transactions(at: 3).count == 2)
    }

    @Test("the index of an earlier version, which held the transactions, is taken over")
    func earlierVersion() throws {
        let path = folder.path("index.sqlite")
        let earlier = result([transfer("a")])
        do {
            let database = try DatabaseQueue(path: path)
            try database.write { database in
                try database.execute(
                    sql: """
                        CREATE TABLE transactions (
                            number INTEGER PRIMARY KEY, hash BLOB NOT NULL, code INTEGER NOT NULL, bytes BLOB NOT NULL,
                            result BLOB NOT NULL);
                        CREATE TABLE blocks (
                            height INTEGER PRIMARY KEY, seconds INTEGER NOT NULL, nanoseconds INTEGER NOT NULL);
                        INSERT INTO blocks VALUES (2, 1700000000, 5);
                        INSERT INTO transactions VALUES (2 << 20, ?, 0, ?, ?);
                        """, arguments: [Data(SHA256.hash([7]).bytes), Data([7]), Data(earlier.encoded())])
            }
        }
        let index = try filled()
        let all = try index.search(TransactionSearch([.heights(2...9)]), upTo: 9).page
        #expect(all.map(content) == [[7], [1], [2], [3]])
        #expect(all[0].result == earlier && all[0].height == 2)
    }

    @Test("what the state keeps of the last block holds the hashes of its transactions, as an earlier version did not")
    func lastBlock() throws {
        let block = LastBlock(
            height: 7, headerHash: SHA256.hash([9]), time: Timestamp(seconds: 5, nanoseconds: 6)!,
            hashes: [[1], [2]].map(SHA256.hash), results: [result([]), result(code: 5, [])],
            outputs: [SealedOutput(index: 1, record: [3])],
            events: BlockEvents(bounding: [Event("mint", ["amount": "5"])]))
        #expect(try LastBlock(encoded: block.encoded()) == block)
        var without = block
        without.hashes = []
        let earlier =
            without.encoded()
            + ProtobufWriter.encode { writer in
                writer.message(4, [1])
                writer.message(4, [2])
            }
        #expect(try LastBlock(encoded: earlier) == block)
    }

    @Test("transactions are read out of an encoded block by their positions")
    func outOfBlocks() throws {
        let zero = SHA256.hash([])
        let id = BlockID(hash: zero, parts: PartSetHeader(total: 1, hash: zero))
        let transactions = [[1], [], [2, 2]].map(HashedTransaction.init)
        let commit = Commit(height: 1, round: 0, blockID: id, signatures: [])
        let header = Header(
            chainID: "c", height: 2, time: .goZero, lastBlockID: id, lastCommitHash: zero,
            dataHash: Block.dataHash(of: transactions), validatorsHash: zero, nextValidatorsHash: zero,
            consensusHash: zero, appHash: [], lastResultsHash: zero, evidenceHash: zero,
            proposerAddress: ValidatorAddress([UInt8](repeating: 1, count: 20))!)
        let bytes = Block(header: header, transactions: transactions, lastCommit: commit).protobuf
        #expect(try Block.transactions(at: [0, 2], in: bytes) == [0: [1], 2: [2, 2]])
        #expect(try Block.transactions(at: [1, 7], in: bytes) == [1: []])
        #expect(try Block.transactions(at: [], in: bytes).isEmpty && Block.transactions(at: [0], in: []).isEmpty)
        #expect(throws: ProtobufError.self) { try Block.transactions(at: [0], in: [0x12, 5, 1]) }
    }

    @Test("a value too long to search for is still shown")
    func longValues() throws {
        let index = try filled()
        let long = Event("wasm", ["k": String(repeating: "x", count: 513)])
        try index.add(
            height: 6, seconds: 0, nanoseconds: 0, hashes: [[6]].map(SHA256.hash),
            results: [result([long])])
        #expect(try index.search(TransactionSearch([.attributeExists(name: "wasm.k")]), upTo: 9).total == 0)
        #expect(try index.transaction(hash: SHA256.hash([6]), upTo: 9)?.result.events == [long])
    }
}

extension TransactionIndex {
    fileprivate func blockCount() throws -> Int { try count("blocks") }
    fileprivate func attributeCount() throws -> Int { try count("attributes") }
}
