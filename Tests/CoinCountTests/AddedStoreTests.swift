import ChainApplication
import ChainModules
import DecidedBlocks
import EnclaveProtocol
import HostAnswers
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import StateStore
import Testing
import TransactionFixtures

/// The enclave knows of a store only that its root is under the header's hash.
@Suite("Added stores")
struct AddedStoreTests {
    /// A module that the enclave has never heard of.
    private struct Stranger: LedgerModule {
        let name = "stranger"
        /// Among the others in the order of the commitment, so that all the leaves behind it move.
        let stores = ["blocks"]

        func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
            try state.set([UInt8(block.height)], of: [UInt8(block.height)], in: stores[0])
            return []
        }
    }

    @Test("an enclave goes on across a height at which a store is added, and its proofs with it")
    func added() throws {
        let signer = FixtureSigner.single(FixtureKey("treasury"), .direct)
        let chain = try CountedChain(rich: [(signer.address, 1_000_000_000)])
        var sequence: UInt64 = 0
        /// Stores code, which the enclave runs and reads the state for.
        func upload() throws {
            let store = ComputeMessage.storeCode(.init(sender: signer.address, code: Puppet.code[...])).any
            let number = try #require(try chain.account(signer.address)).accountNumber
            var transaction = SignedTransaction(
                [store], by: [.init(signer, accountNumber: number, sequence: sequence)])
            transaction.fee.gasLimit = 10_000_000
            sequence += 1
            #expect(try chain.run([transaction.bytes], counting: []).results.map(\.code) == [0])
        }
        try upload()
        try upload()
        try chain.restart {
            $0.ledger = ModuleList($0.ledger.modules + [Stranger()])
            $0.upgradeHeight = 3
        }
        for _ in 0..<3 { try upload() }
        let state = try chain.state
        #expect(try (1...5).map { try state.value(of: [$0], in: "blocks") } == [nil, nil, [3], [4], [5]])
        #expect(state.commitment.stores.map(\.name) == (ModuleList.chain.stores + ["blocks"]).sorted())
    }
}
