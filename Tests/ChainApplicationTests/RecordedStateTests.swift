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
        #expect(Hexadecimal.encode(chain.appHash) == "3924603f05af4def06801d72138ce8eb5081985eef954f4bd0cc7cb3ab7ca988")
        let carol = FixtureKey("carol").address
        try chain.run([
            chain.send(5).bytes,
            FixtureTransaction([.send(3, from: chain.bob.address, to: carol)], by: chain.bob, number: 1, sequence: 0)
                .bytes,
        ])
        #expect(Hexadecimal.encode(chain.appHash) == "97766606f76148d2ece229a2260bb664c042375d0d0da88596afb8602f29c28e")
        // One that fails and leaves its fee, one that never counts, and an empty block.
        try chain.run([chain.send(UInt128.max, sequence: 1).bytes, chain.send(1, sequence: 9).bytes])
        try chain.run([])
        #expect(Hexadecimal.encode(chain.appHash) == "06f7dc95d2fb68ddaf4048b1ef0e9932de3ad0b8da3d2b3c3d6795928607bf78")
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
