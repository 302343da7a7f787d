import EnclaveProtocol
import LedgerRecords
import SignedTransactions
import Testing

extension HostileHostSuite {
    /// A host that counts on what the enclave remembers from call to call.
    @Suite struct CacheTests {
        let world: World

        init() throws { world = try World() }

        private func increment(_ user: User, _ contract: AccountAddress) throws -> [UInt8] {
            user.sign([try user.execute(contract, "{\"increment\":{}}")])
        }

        private func count(_ contract: AccountAddress) throws -> String? {
            try world.query(contract, "{\"get_count\":{}}", by: world.alice).text
        }

        /// Questions for what contracts stored are answered as of `height`; all others honestly.
        private func answerContractState(asOf height: UInt64) {
            world.host.tricks.readState = { [world] read, honest in
                try zip(read.reads, honest).map { keys, proof in
                    keys.keys.contains { $0.first == 0x03 }
                        ? try world.host.prove(keys.store, keys.keys, at: height) : proof
                }
            }
        }

        @Test("a value that was opened before does not stand in for the one that is proved now")
        func openedValues() throws {
            for _ in 0..<2 { try world.play([increment(world.alice, world.aliceCounter)]) }
            // The enclave has opened 41 and 42; the state says 43. Now it is offered what it remembers.
            let block = try world.begin([try increment(world.alice, world.aliceCounter)])
            for height in [UInt64(1), 2] {
                answerContractState(asOf: height)
                #expect(refusal { try world.host.run(0) } == .proofInvalid)
                world.host.tricks = .init()
                try world.host.begin(block, journal: [VouchedFact.admitted(index: 0).bytes])
                try world.host.hand()
            }
            #expect(try world.host.run(0).code == 0)
            world.records[world.chain.height] = try world.host.end()
            try world.play([])
            #expect(try count(world.aliceCounter)?.contains("44") == true)
        }

        @Test("a query lane that was asked before believes nothing of yesterday about today")
        func queries() throws {
            try world.play([])
            #expect(try count(world.aliceCounter)?.contains("41") == true)
            #expect(try count(world.aliceCounter)?.contains("41") == true)
            try world.play([increment(world.alice, world.aliceCounter)])
            try world.play([])
            let yesterday = UInt64(world.chain.height - 2)
            answerContractState(asOf: yesterday)
            #expect(refusal { try self.count(self.world.aliceCounter) } == .proofInvalid)
            world.host.tricks = .init()
            #expect(try count(world.aliceCounter)?.contains("42") == true)
        }

        @Test("a remembered contract is not taken for another, however often they take turns")
        func otherContract() throws {
            for _ in 0..<2 {
                try world.play([
                    increment(world.alice, world.aliceCounter), increment(world.mallory, world.malloryCounter),
                ])
            }
            try world.play([])
            #expect(try count(world.aliceCounter)?.contains("43") == true)
            #expect(try count(world.malloryCounter)?.contains("9") == true)
            // The records of the one for the other, with the proof that they have where they are.
            try world.play([])
            world.host.tricks.readState = { [world] read, honest in
                try zip(read.reads, honest).map { keys, proof in
                    guard keys.keys.contains(ComputeStore.contractKey(world.aliceCounter)) else { return proof }
                    let others = keys.keys.map { key in
                        key == ComputeStore.contractKey(world.aliceCounter)
                            ? ComputeStore.contractKey(world.malloryCounter)
                            : ComputeStore.identityKey(world.malloryCounter)
                    }
                    var lie = try world.host.prove(keys.store, others, at: read.version)
                    lie.keys = keys.keys
                    return lie
                }
            }
            #expect(refusal { try self.count(self.world.aliceCounter) } == .proofInvalid)
            world.host.tricks = .init()
            #expect(try count(world.aliceCounter)?.contains("43") == true)
        }
    }
}
