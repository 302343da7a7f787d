import PublicCryptography
import SignedTransactions
import Testing
import TransactionFixtures

/// A change of the code must not change by accident what a chain has agreed on.
@Suite("Recorded state")
struct RecordedStateTests {
    @Test("genesis and the blocks after it come to the recorded application hashes")
    func recorded() throws {
        let chain = try TestChain()
        #expect(Hexadecimal.encode(chain.appHash) == "71520fd0ef64d9c1f5a66c5ea0d50f2d09f29f0b1fbd4a7dfa669124073babc0")
        let carol = FixtureKey("carol").address
        try chain.run([
            chain.send(5).bytes,
            FixtureTransaction([.send(3, from: chain.bob.address, to: carol)], by: chain.bob, number: 1, sequence: 0)
                .bytes,
        ])
        #expect(Hexadecimal.encode(chain.appHash) == "bf655053809c6cf9438280b584e34fe768db4e7dde385fc5283db64f5088b309")
        // One that fails and leaves its fee, one that never counts, and an empty block.
        try chain.run([chain.send(UInt128.max, sequence: 1).bytes, chain.send(1, sequence: 9).bytes])
        try chain.run([])
        #expect(Hexadecimal.encode(chain.appHash) == "80c6ad6dcc0ad4147afd7ac7acfb1f57bd4a27900f1ac2eef1d5fbc73b97048a")
    }
}
