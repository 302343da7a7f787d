import Auth
import ChainInterface
import DecidedBlocks
import EnclaveKit
import EnclaveProtocol
import Foundation
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import Registration
import StateStore
import TestSupport
import Testing
import TransactionFixtures

@testable import ChainApplication
@testable import HostAnswers

@Suite("Crashes and restarts")
struct CrashTests {
    let chain: TestChain

    init() throws { chain = try TestChain() }

    private struct PowerCut: Error {}

    @Test("a block that was run and not committed gives the same state when it is run again")
    func beforeCommit() throws {
        let (bob, contract) = (chain.bob.address, chain.contract)
        chain.lane.script = { _, questions, _ in
            var result = ScriptedResult()
            result.log = "\(try questions.send(3, from: bob, to: contract, scope: 1).code)"
            result.writes = [StateWrite(key: [0x03, 1], value: [1])]
            return result
        }
        try chain.run([chain.send(1).bytes])
        let transactions = [chain.send(5, sequence: 1).bytes, chain.execute(sequence: 7).bytes, chain.execute().bytes]
        let first = try chain.finalize(transactions)
        try chain.restart()
        #expect(try chain.application.lastCommitted().height == 1)
        #expect(try chain.stored([0x03, 1]) == nil)
        let second = try chain.finalize(transactions)
        #expect(second == first)
        #expect(second.results.map(\.code) == [0, 32, 0])
        #expect(chain.lane.journal.count == 3)
        #expect(chain.lane.journal[0] == VouchedFact.skipped(index: 1).hash)
        #expect(chain.lane.journal[1] == VouchedFact.admitted(index: 2).hash)
        try chain.commit(second)
        try chain.restart()
        let committed = try chain.application.lastCommitted()
        #expect(committed.height == 2 && committed.appHash == first.appHash)
        #expect(try chain.stored([0x03, 1]) == [1])
        #expect(try Application.sealedRecord(in: chain.application.database) == Array("sealed 2".utf8))
        try chain.run([])
        #expect(chain.lane.journal.isEmpty)
    }

    @Test("a crash in the middle of a transaction keeps every fact that was told")
    func inTransaction() throws {
        let (bob, contract) = (chain.bob.address, chain.contract)
        chain.lane.script = { index, questions, _ in
            _ = try questions.send(UInt128(index + 1), from: bob, to: contract, scope: 1)
            _ = try questions.send(9_999_999, from: bob, to: contract, scope: 2)
            if index == 1 { throw PowerCut() }
            return ScriptedResult()
        }
        let transactions = [chain.execute().bytes, chain.execute(sequence: 1).bytes]
        #expect(throws: PowerCut.self) { try chain.finalize(transactions) }
        try chain.restart()
        chain.lane.script = { index, questions, _ in
            _ = try questions.send(UInt128(index + 1), from: bob, to: contract, scope: 1)
            _ = try questions.send(9_999_999, from: bob, to: contract, scope: 2)
            return ScriptedResult()
        }
        let outcome = try chain.finalize(transactions)
        #expect(chain.lane.journal.count == 6)
        try chain.commit(outcome)
        #expect(try chain.balance(contract) == 3)
    }

    @Test("a second run that would tell another story ends the node")
    func otherStory() throws {
        let (bob, contract) = (chain.bob.address, chain.contract)
        chain.lane.script = { _, questions, _ in
            _ = try questions.send(1, from: bob, to: contract, scope: 1)
            throw PowerCut()
        }
        let transactions = [chain.execute().bytes]
        #expect(throws: PowerCut.self) { try chain.finalize(transactions) }
        try chain.restart()
        chain.lane.script = { _, questions, _ in
            _ = try questions.send(9_999_999, from: bob, to: contract, scope: 1)
            return ScriptedResult()
        }
        #expect(throws: RunJournal.Divergence.self) { try chain.finalize(transactions) }
    }

    @Test("genesis is written once and found again")
    func genesis() throws {
        let first = chain.appHash
        #expect(try chain.application.initializeChain(chain.genesis()).appHash == first)
        try chain.restart()
        #expect(try chain.application.lastCommitted().height == 0)
        #expect(try chain.application.initializeChain(chain.genesis()).appHash == first)
        #expect(try TestChain().appHash == first)
        var other = try chain.genesis()
        other.chainID = "another"
        #expect(throws: GenesisRefusal.self) { try chain.application.initializeChain(other) }
        #expect(try RegistrationModule.exchangeKeys(on: chain.application.state(at: 0)) == chain.keys)
    }

    @Test("an index that lags the state by a block, or is lost, catches up")
    func index() throws {
        let bytes = chain.send(1).bytes
        try chain.run([])
        try chain.run([bytes])
        for suffix in ["", "-wal", "-shm"] {
            try? FileManager.default.removeItem(atPath: chain.folder.path("node/transactions.sqlite\(suffix)"))
        }
        try chain.restart()
        #expect(try chain.application.index.height() == 0)
        _ = try chain.finalize([])
        let found = try chain.application.index.transaction(hash: SHA256.hash(bytes), upTo: 2)
        #expect(found?.height == 2 && found?.position == 0 && found?.result.code == 0)
        #expect(found?.result.events.count == 12)
    }

    @Test("what the enclave sealed is shown when the next block is begun, and is lost at no crash on the way")
    func sealedOutputs() throws {
        chain.lane.script = { index, _, _ in
            var result = ScriptedResult()
            (result.data, result.gasUsed) = ([4, 2, UInt8(index)], 9)
            result.events = [Event("wasm", ["answer": "forty-two"])]
            if index == 1 { (result.code, result.codespace, result.log) = (3, "compute", "encrypted: AA==") }
            return result
        }
        let transactions = [chain.execute().bytes, chain.execute(sequence: 1).bytes, chain.send(1).bytes]
        let index = { chain.application.index }
        func shown() throws -> [TransactionResult] { try index().transactions(at: 1).map(\.result) }
        let outcome = try chain.finalize(transactions)
        #expect(outcome.results[0].data.count == 64 && outcome.results[1].data.count == 64)
        try chain.restart()
        let again = try chain.finalize(transactions)
        #expect(again == outcome)
        try chain.commit(again)
        // Committed, and no header proves it yet: not in the index, not announced, nowhere on disk in clear.
        #expect(try shown().isEmpty)
        #expect(chain.application.announcedHeight == 0)
        let kept = try #require(try chain.application.database.metaValue(MetadataName.lastBlock))
        #expect(Data(kept).range(of: Data("forty-two".utf8)) == nil)
        try chain.restart()
        #expect(try shown().isEmpty)
        let found = {
            try chain.application.index.search(
                TransactionSearch([.attribute(name: "wasm.answer", value: "forty-two")]), upTo: 1
            ).total
        }
        #expect(try found() == 0)

        _ = try chain.finalize([])
        func expectAll() throws {
            let results = try shown()
            #expect(results.map(\.data) == [[4, 2, 0], [4, 2, 1], results[2].data])
            #expect(results[1].log == "encrypted: AA==" && results[1].codespace == "compute" && results[1].code == 3)
            #expect(results[0].events.count == 8 && results[0].events.last?.line == "wasm{answer=forty-two}")
            #expect(try found() == 2)
        }
        try expectAll()
        #expect(chain.application.announcedHeight == 1)
        // The process dies when the index has it and the next block is not committed, with and without the index.
        for isLost in [false, true] {
            if isLost {
                for suffix in ["", "-wal", "-shm"] {
                    try? FileManager.default.removeItem(atPath: chain.folder.path("node/transactions.sqlite\(suffix)"))
                }
            }
            try chain.restart()
            let next = try chain.finalize([])
            try expectAll()
            if isLost { try chain.commit(next) }
        }
        try chain.run([])
        try expectAll()
    }

    @Test(
        "a repeated finalizeBlock answers the same, another block of the height is refused, and so is commit without one"
    )
    func repeatedVerbs() throws {
        #expect(throws: VerbError.nothingToCommit) { try chain.application.commit() }
        let transactions = [chain.send(1).bytes, chain.execute().bytes]
        let first = try chain.finalize(transactions)
        let calls = chain.lane.calls
        #expect(try chain.finalize(transactions) == first)
        #expect(chain.lane.calls == calls)
        #expect(throws: VerbError.anotherBlockPending(1)) { try chain.finalize([]) }
        try chain.commit(first)
        #expect(throws: VerbError.nothingToCommit) { try chain.application.commit() }
        try chain.run([chain.send(1, sequence: 1).bytes])
        #expect(try chain.sequence(chain.alice.address) == 2)
    }

    @Test("transactions are found of as many heights as configured")
    func indexPruning() throws {
        let chain = try TestChain { $0.transactionHeightsKept = 20 }
        for sequence in 0..<30 as Range<UInt64> { try chain.run([chain.send(1, sequence: sequence).bytes]) }
        func shown(_ height: UInt64) throws -> Int { try chain.application.index.transactions(at: height).count }
        // The newest is indexed when the next block begins.
        #expect(chain.application.announcedHeight == 29)
        #expect(try (1...9).allSatisfy { try shown($0) == 0 } && (10...29).allSatisfy { try shown($0) == 1 })
        try chain.restart()
        try chain.run([])
        #expect(try shown(10) == 0 && shown(11) == 1 && shown(30) == 1)
    }

    @Test("old heights are forgotten when so configured, the latest never")
    func pruning() throws {
        let chain = try TestChain { $0.heightsKept = 20 }
        for height in UInt64(0)..<110 {
            try chain.run(height % 10 == 0 ? [chain.send(1, sequence: height / 10).bytes] : [])
        }
        #expect(throws: StateDatabaseError.heightNotKept(79)) { try chain.application.state(at: 79) }
        for height in [UInt64(81), 100, 109, 110] {
            let account = try AuthModule.account(chain.alice.address, on: chain.application.state(at: height))
            #expect(account?.sequence == (height + 9) / 10)
        }
    }

    @Test("two nodes that run the same blocks, one of them with crashes, agree")
    func agreement() throws {
        let other = try TestChain()
        for height in UInt64(0)..<5 {
            let transactions = [chain.send(UInt128(height) + 1, sequence: height).bytes, [UInt8(height)]]
            try chain.run(transactions)
            _ = try other.finalize(transactions)
            try other.restart()
            try other.run(transactions)
            #expect(chain.appHash == other.appHash, "height \(height + 1)")
        }
    }
}
