import Bank
import ChainApplication
import ChainInterface
import ChainModules
import DecidedBlocks
import EnclaveProtocol
import HostAnswers
import ModuleKit
import StateProofs
import StateStore
import Testing
import TransactionFixtures
import Wire

/// A chain whose program is replaced by one with other modules at a height.
@Suite("Upgrades")
struct UpgradeTests {
    /// Counts blocks in a store of its own. Its second version counts in steps of ten.
    private struct Counter: LedgerModule {
        let name = "counter"
        let stores = ["counter"]
        var version: UInt64 = 1

        func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws { try set(100, on: state) }

        func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
            try set(try count(in: state) + (version == 1 ? 1 : 10), on: state)
            return []
        }

        func migrate(from version: UInt64, _ block: BlockContext, on state: any LedgerState) throws {
            try #require(version == 1)
            try set(try count(in: state) * 10, on: state)
        }

        func count(in state: any LedgerReading) throws -> UInt64 {
            StateKey.number(decoding: try state.value(of: [1], in: "counter") ?? []) ?? 0
        }

        private func set(_ count: UInt64, on state: any LedgerState) throws {
            try state.set(StateKey.number(count), of: [1], in: "counter")
        }
    }

    /// A chain that gets the counter with block 3 and its second version with block 5.
    private func upgraded() throws -> TestChain {
        let chain = try TestChain()
        try chain.run([chain.send(5).bytes])
        try chain.run([])
        try chain.restart { upgrade(&$0, at: 3, Counter()) }
        try chain.run([chain.send(5, sequence: 1).bytes])
        try chain.run([])
        try chain.restart { upgrade(&$0, at: 5, Counter(version: 2)) }
        try chain.run([])
        try chain.run([])
        return chain
    }

    private func upgrade(_ configuration: inout ApplicationConfiguration, at height: UInt64?, _ counter: Counter) {
        configuration.ledger = ModuleList(ModuleList.chain.modules + [counter])
        configuration.upgradeHeight = height
    }

    private func count(_ chain: TestChain, _ height: UInt64) throws -> UInt64 {
        try Counter().count(in: chain.application.state(at: height))
    }

    @Test("a module begins with its store at the height of an upgrade, and is led to its next version at another")
    func upgrades() throws {
        let chain = try upgraded()
        #expect(try (2...6).map { try count(chain, $0) } == [0, 101, 102, 1030, 1040])
        let stores = try (2...3).map { try chain.application.state(at: $0).commitment.stores.map(\.name) }
        #expect(stores[0] == ModuleList.chain.stores && stores[1] == (stores[0] + ["counter"]).sorted())
        #expect(try ModuleVersions.all(in: chain.application.state(at: 4))["counter"] == 1)
        let versions = try ModuleVersions.all(in: chain.application.state(at: 6))
        var expected = Dictionary(uniqueKeysWithValues: ModuleList.chain.modules.map { ($0.name, $0.version) })
        expected["counter"] = 2
        #expect(versions == expected)
        #expect(try chain.balance(chain.bob.address) == 1_000_010)
        // What was before is still there to be read.
        let before = try chain.application.state(at: 1)
        #expect(try BankModule.balance(of: chain.bob.address, denomination: "uscrt", on: before) == 1_000_005)
        // A second node comes to the same.
        #expect(try upgraded().appHash == chain.appHash)
    }

    @Test("a block of the upgrade that was run and not committed is run again to the same hash")
    func again() throws {
        let chain = try TestChain()
        try chain.run([])
        try chain.restart { upgrade(&$0, at: 2, Counter()) }
        let outcome = try chain.finalize([chain.send(5).bytes])
        try chain.restart { upgrade(&$0, at: 2, Counter()) }
        let second = try chain.finalize([chain.send(5).bytes])
        #expect(outcome == second)
        try chain.commit(second)
        // Behind it, the height of the upgrade means nothing any more.
        try chain.restart { upgrade(&$0, at: 2, Counter()) }
        try chain.run([])
        #expect(try count(chain, 3) == 102)
    }

    @Test("a program starts on another program's state only at the height of the upgrade")
    func refused() throws {
        let chain = try upgraded()
        let older = "the state has a module that this program does not know, counter"
        #expect(throws: UpgradeRefusal(older)) {
            try chain.restart { $0.ledger = .chain }
        }
        let version = "the state is of version 2 of counter, this program's is 1"
        #expect(throws: UpgradeRefusal(version)) { try chain.restart { upgrade(&$0, at: nil, Counter()) } }
        let newer = "the state at height 6 is another program's: counter is of version 2, not 3"
        for height: UInt64? in [nil, 6, 8] {
            #expect(throws: UpgradeRefusal(newer)) {
                try chain.restart { upgrade(&$0, at: height, Counter(version: 3)) }
            }
        }
        try chain.restart { upgrade(&$0, at: nil, Counter(version: 2)) }
        try chain.run([])
    }

    @Test("a program runs its last block, and none behind it, until another one goes on")
    func halts() throws {
        let chain = try TestChain { $0.haltHeight = 2 }
        try chain.run([chain.send(5).bytes])
        #expect(!chain.application.isHalted)
        #expect(try chain.application.processProposal(chain.decide([]).block))
        try chain.run([])
        #expect(chain.application.isHalted)
        let reached = HaltHeightReached(height: 2)
        let next = chain.decide([])
        #expect(throws: reached) {
            try chain.application.prepareProposal(bytesMax: 1_000, height: 3, time: next.header.time)
        }
        #expect(throws: reached) { try chain.application.processProposal(next.block) }
        #expect(throws: reached) { try chain.finalize([]) }
        #expect(throws: reached) { try chain.restart() }
        try chain.restart {
            upgrade(&$0, at: 3, Counter())
            $0.haltHeight = nil
        }
        try chain.run([])
        #expect(try count(chain, 3) == 101)
    }
}
