import EnclaveLink
import EnclaveProtocol
import PublicCryptography
import SignedTransactions
import Testing

extension HostileHostSuite {
    /// A host that asks contracts what nobody asked, in a state that is not the head's.
    @Suite struct QueryTests {
        let world: World

        init() throws { world = try World() }

        private func count(at height: Int64? = nil) throws -> String? {
            try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.mallory, at: height).text
        }

        @Test("a contract is asked in the last announced state and in no other")
        func oldHead() throws {
            // State after block 1 is proved by header 2.
            #expect(refusal { try count(at: 1) } == .notAnnounced)
            try world.play([world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])])
            #expect(try count(at: 1) == "{\"count\":41}")
            #expect(refusal { try count(at: 2) } == .notAnnounced)
            try world.play([])
            #expect(try count(at: 2) == "{\"count\":42}")
            for height: Int64 in [0, 1, 3, .max] { #expect(refusal { try count(at: height) } == .notAnnounced) }
        }

        @Test("an answer out of an older state is no answer at the head")
        func oldAnswers() throws {
            try world.play([world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")])])
            try world.play([])
            world.host.tricks.readState = { read, _ in
                try read.reads.map { try self.world.host.prove($0.store, $0.keys, at: 1) }
            }
            #expect(refusal { try count() } == .proofInvalid)
            world.host.tricks.readState = { _, honest in
                honest.map {
                    StateProof(store: $0.store, keys: $0.keys, values: $0.values.map { _ in nil }, proof: $0.proof)
                }
            }
            #expect(refusal { try count() } == .proofInvalid)
            world.host.tricks = .init()
            #expect(try count() == "{\"count\":42}")
        }

        @Test("after a restart nothing is answered before a block has been verified")
        func afterRestart() throws {
            try world.play([])
            #expect(try count() == "{\"count\":41}")
            try world.restart(fromHeight: 2)
            #expect(refusal { try count() } == .notAnnounced)
            try world.play([])
            #expect(try count() == "{\"count\":41}")
        }

        @Test("a query sees nothing of a transaction that is running")
        func duringTransaction() throws {
            let pay = "{\"pay\":{\"to\":\"\(world.pauper.address)\",\"denom\":\"uscrt\",\"amount\":\"1\"}}"
            let messages = [
                try world.alice.execute(world.aliceCounter, "{\"increment\":{}}"),
                try world.alice.execute(world.aliceCounter, pay, funds: 1),
            ]
            try world.begin([world.alice.sign(messages)])
            var seen: [String?] = []
            world.host.tricks.ledger = { _, honest in
                let tricks = self.world.host.tricks
                seen.append(try self.count(at: 1))
                self.world.host.tricks = tricks
                return honest
            }
            #expect(try world.host.run(0).code == 0)
            #expect(seen == ["{\"count\":41}", "{\"count\":41}"])
        }

        @Test("any gas limit and any address are answered, and none ends the enclave")
        func extremes() throws {
            try world.play([])
            for gas: UInt64 in [0, 1, 21_000, 1 << 54, .max / 1_000, .max / 1_000 + 1, .max - 1, .max] {
                let (answer, text) = try world.query(
                    world.aliceCounter, "{\"get_count\":{}}", by: world.alice, gas: gas)
                #expect(
                    gas > 1 << 53 ? text == "{\"count\":41}" : answer.error == "Enclave: execution ran out of gas",
                    "gas \(gas)")
            }
            var query = ContractQuery()
            query.height = UInt64(world.chain.height - 1)
            query.gasLimit = 1_000_000
            #expect(refusal { try world.enclave.queries[0].query(query, answering: world.host) } == .queryMalformed)
            query.contract = world.alice.address.bytes
            #expect(try world.enclave.queries[0].query(query, answering: world.host).error.contains("not found"))
            query.contract = world.aliceCounter.bytes
            for input in [[], [UInt8](repeating: 0, count: 82), [UInt8](repeating: 7, count: 200)] {
                query.input = input
                let answer = try world.enclave.queries[0].query(query, answering: world.host)
                #expect(answer.data.isEmpty && answer.error.contains("failed to decrypt"))
            }
            #expect(try count() == "{\"count\":41}")
        }

        @Test("an error of a contract reaches only who asked")
        func sealedErrors() throws {
            try world.play([])
            let (answer, _) = try world.query(
                world.aliceCounter, "{\"get_note\":{\"address\":\"\(world.alice.address)\",\"key\":\"wrong-key\"}}",
                by: world.mallory)
            #expect(answer.data.isEmpty && answer.error.hasPrefix("encrypted: "))
            #expect(!answer.error.contains("viewing"))
        }
    }
}
