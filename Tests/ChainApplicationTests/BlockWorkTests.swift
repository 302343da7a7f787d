import Bank
import ChainApplication
import EnclaveProtocol
import HostAnswers
import ModuleKit
import StateProofs
import Testing
import TransactionFixtures
import Wire

/// What modules do at the begin and the end of a block.
@Suite("Block work")
struct BlockWorkTests {
    /// Writes down what Bob has, before and after a block's transactions.
    private struct Witness: LedgerModule {
        let name = "witness"
        let bob = FixtureKey("bob").address

        func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
            try note([1], block, on: state)
            return []
        }

        func endBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
            try note([2], block, on: state)
            return []
        }

        private func note(_ key: [UInt8], _ block: BlockContext, on state: any LedgerState) throws {
            let held = try BankModule.balance(of: bob, denomination: "uscrt", on: state)
            let text = "\(block.height) \(block.time.nanoseconds) \(block.proposer.count) \(held)"
            try state.set(Array(text.utf8), of: [0xff] + key, in: StoreName.register)
        }
    }

    @Test("begins before the first transaction and ends behind the last, in the state that the header commits to")
    func blockWork() throws {
        let chain = try TestChain {
            $0.ledger = ModuleList($0.ledger.modules + [Witness()])
        }
        func noted(_ key: UInt8) throws -> String? {
            try chain.application.state(at: chain.application.committedHeight)
                .value(of: [0xff, key], in: StoreName.register).map { String(decoding: $0, as: UTF8.self) }
        }
        try chain.run([chain.send(5).bytes])
        #expect(try noted(1) == "1 1 20 1000000" && noted(2) == "1 1 20 1000005")
        try chain.run([])
        #expect(try noted(1) == "2 2 20 1000005" && noted(2) == "2 2 20 1000005")
    }
}
