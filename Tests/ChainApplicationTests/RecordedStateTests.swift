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
        #expect(Hexadecimal.encode(chain.appHash) == "9a3d5c906f26259c02e315adcad7791488a32d949d5bf8c1002cb326a65f7cf0")
        let carol = FixtureKey("carol").address
        try chain.run([
            chain.send(5).bytes,
            FixtureTransaction([.send(3, from: chain.bob.address, to: carol)], by: chain.bob, number: 1, sequence: 0)
                .bytes,
        ])
        #expect(Hexadecimal.encode(chain.appHash) == "d489a8fb8b6eb076cf098e4089f135340a5bd0591e7f26023c2544d80312bc5a")
        // One that fails and leaves its fee, one that never counts, and an empty block.
        try chain.run([chain.send(UInt128.max, sequence: 1).bytes, chain.send(1, sequence: 9).bytes])
        try chain.run([])
        #expect(Hexadecimal.encode(chain.appHash) == "670f6ba78992994fbf893a2d3f8f4ed6973398566ce4259514d456aae4f6a8c7")
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
