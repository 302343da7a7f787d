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
        #expect(Hexadecimal.encode(chain.appHash) == "512b4b71517a16b3e21845039df173e322a5999e664b975ed128a978b3ddd289")
        let carol = FixtureKey("carol").address
        try chain.run([
            chain.send(5).bytes,
            FixtureTransaction([.send(3, from: chain.bob.address, to: carol)], by: chain.bob, number: 1, sequence: 0)
                .bytes,
        ])
        #expect(Hexadecimal.encode(chain.appHash) == "e89d061e0e51da745d53b08b471644222563570975bcc1b5dec46c657eb746c4")
        // One that fails and leaves its fee, one that never counts, and an empty block.
        try chain.run([chain.send(UInt128.max, sequence: 1).bytes, chain.send(1, sequence: 9).bytes])
        try chain.run([])
        #expect(Hexadecimal.encode(chain.appHash) == "4d30a228bf490beac14f3d112e7fe044b03d24655c31d3fd60cd2b09dbb03c12")
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
