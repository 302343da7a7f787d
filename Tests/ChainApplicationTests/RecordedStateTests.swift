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
        #expect(Hexadecimal.encode(chain.appHash) == "50ac6650edd5b76d6c27a53d860bc79bf90ea08177e1cb372e317caf4ca8a6f4")
        let carol = FixtureKey("carol").address
        try chain.run([
            chain.send(5).bytes,
            FixtureTransaction([.send(3, from: chain.bob.address, to: carol)], by: chain.bob, number: 1, sequence: 0)
                .bytes,
        ])
        #expect(Hexadecimal.encode(chain.appHash) == "f0ff04664f74132d0c26329fe006928462f3782a1f04fb3ad95a6f1dcc702a09")
        // One that fails and leaves its fee, one that never counts, and an empty block.
        try chain.run([chain.send(UInt128.max, sequence: 1).bytes, chain.send(1, sequence: 9).bytes])
        try chain.run([])
        #expect(Hexadecimal.encode(chain.appHash) == "6140a89eab561edb2cb6715c3d519f7a4aefcfe8eb0f4d5aa481e9b8953cdcc4")
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
