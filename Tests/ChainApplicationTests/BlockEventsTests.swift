import ChainApplication
import ChainInterface
import ChainModules
import EnclaveProtocol
import ModuleKit
import Testing
import TransactionFixtures

/// Events that are no transaction's, from the modules to the index.
@Suite("Events of blocks")
struct BlockEventsTests {
    /// Says at each block's begin and end which block it is.
    private struct Teller: LedgerModule {
        let name = "teller"

        func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
            [Event("begun", ["height": "\(block.height)"])]
        }

        func endBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
            block.height == 2 ? Array(repeating: Event("ended", [:]), count: 40_000) : [Event("ended", [:])]
        }
    }

    private func chain() throws -> TestChain {
        try TestChain { $0.ledger = ModuleList(ModuleList.chain.modules + [Teller()]) }
    }

    private func events(_ height: UInt64, of chain: TestChain) throws -> [Event]? {
        try chain.application.index.results(at: height, bytesMax: CommittedResults.bytesMax)?.events
    }

    private func expected(_ height: Int) -> [Event] {
        [Event("begun", ["height": "\(height)", "mode": "BeginBlock"]), Event("ended", ["mode": "EndBlock"])]
    }

    @Test("what modules say at a block's begin and end is found beside its transactions' results")
    func stored() throws {
        let chain = try chain()
        let results = try chain.run([chain.send(5).bytes])
        // Shown with the next block, as the results are.
        #expect(try events(1, of: chain) == nil)
        try chain.run([])
        #expect(try events(1, of: chain) == expected(1))
        let shown = try chain.application.index.results(at: 1, bytesMax: CommittedResults.bytesMax)
        #expect(shown?.results == results && results.count == 1)
    }

    @Test("a process that dies behind a commit still has the block's events")
    func restarted() throws {
        let chain = try chain()
        try chain.run([])
        try chain.restart()
        try chain.run([])
        #expect(try events(1, of: chain) == expected(1))
    }

    @Test("more events than are kept of a block end nothing, and the first are shown")
    func tooMany() throws {
        let chain = try chain()
        for _ in 0..<3 { try chain.run([]) }
        let shown = try #require(try events(2, of: chain))
        // The first has two attributes, the others one.
        #expect(shown.count == ResultLimits.partsMax - 1)
        #expect(shown.first == expected(2).first)
    }
}
