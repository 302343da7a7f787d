import ChainApplication
import ChainModules
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateStore
import Testing
import TransactionFixtures

/// A change of the code must not change by accident what a chain has agreed on.
@Suite("Recorded state")
struct RecordedStateTests {
    @Test("genesis and the blocks after it come to the recorded application hashes")
    func recorded() throws {
        let chain = try TestChain()
        #expect(Hexadecimal.encode(chain.appHash) == "4766d924a4268560a32c081569256d307db99f1df41ab8c69357c354cfa66a45")
        let carol = FixtureKey("carol").address
        try chain.run([
            chain.send(5).bytes,
            FixtureTransaction([.send(3, from: chain.bob.address, to: carol)], by: chain.bob, number: 1, sequence: 0)
                .bytes,
        ])
        #expect(Hexadecimal.encode(chain.appHash) == "a8831a63c5c0eb1572983bf613b15b99705402fcbed61b0d4de58b71f04bb684")
        // One that fails and leaves its fee, one that never counts, and an empty block.
        try chain.run([chain.send(UInt128.max, sequence: 1).bytes, chain.send(1, sequence: 9).bytes])
        try chain.run([])
        #expect(Hexadecimal.encode(chain.appHash) == "f9167816e8840b2cc38d71c6cb83603b01281c121762e8735726c75fdd2455ea")
    }

    @Test("what is exported of a block's state makes stores of the same roots, where nothing of contracts is in them")
    func exportedRoots() throws {
        let chain = try TestChain()
        try chain.run([chain.send(5).bytes, chain.send(UInt128.max, sequence: 1).bytes])
        let state = try chain.application.state(at: 1)
        let exported = try ModuleList.chain.exportGenesis(from: state)
        let again = try TestChain(genesis: exported)
        let begun = try again.application.state(at: 0)
        #expect(begun.commitment == state.commitment)
        #expect(again.appHash == chain.appHash)
        #expect(try ModuleList.chain.exportGenesis(from: begun) == exported)
    }
}
