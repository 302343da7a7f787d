import EnclaveLink
import EnclaveProtocol
import LedgerRecords
import PublicCryptography
import StateProofs
import StateStore
import Testing
import TransactionFixtures

extension HostileHostSuite {
    /// A host that lies about the state.
    @Suite struct StateTests {
        typealias Answer = (StateRead, [StateProof]) throws -> [StateProof]

        let world: World

        init() throws { world = try World() }

        private func increment(funds: UInt128 = 0) throws -> [UInt8] {
            world.alice.sign([try world.alice.execute(world.aliceCounter, "{\"increment\":{}}", funds: funds)])
        }

        /// Whether a question is about what a contract stored.
        private func asksForContractState(_ read: StateRead) -> Bool {
            read.reads.contains { $0.store == StoreName.compute && $0.keys.contains { $0.first == 0x03 } }
        }

        /// Decides a block with `transaction` and tells each of `lies` in a run of it; none gets a result. Then it runs
        /// with the truth.
        private func expect(
            _ failure: Failure, for lies: [Answer], about isMeant: (StateRead) -> Bool, in transaction: [UInt8]
        ) throws {
            let block = try world.chain.decide([transaction])
            var journal = [[UInt8]]()
            for (number, lie) in lies.enumerated() {
                try world.host.begin(block, journal: journal)
                try world.host.hand()
                var wasTold = false
                withoutActuallyEscaping(isMeant) { isMeant in
                    world.host.tricks.readState = { read, honest in
                        guard isMeant(read) else { return honest }
                        wasTold = true
                        return try lie(read, honest)
                    }
                    #expect(refusal { try world.host.run(0) } == failure, "lie \(number)")
                    world.host.tricks = .init()
                }
                #expect(wasTold && world.host.outputs.isEmpty, "lie \(number)")
                // The run of the block is over; nothing of it can be gone on with.
                #expect(refusal { try world.host.run(0) } == .noBlockBegun, "lie \(number)")
                journal = Array(world.host.journal.prefix(1))
            }
            try world.host.begin(block, journal: journal)
            try world.host.hand()
            #expect(try world.host.run(0).code == 0)
            try world.host.end()
        }

        @Test("yesterday's value is refused, with yesterday's proof and with today's")
        func staleValue() throws {
            try world.play([try increment()])
            let lies: [Answer] = [
                { read, _ in try read.reads.map { try self.world.host.prove($0.store, $0.keys, at: read.version - 1) }
                },
                { read, honest in
                    var mixed = honest
                    mixed[0].values =
                        try self.world.host.prove(read.reads[0].store, read.reads[0].keys, at: read.version - 1).values
                    return mixed
                },
            ]
            try expect(.proofInvalid, for: lies, about: asksForContractState, in: try increment())
        }

        @Test("a value that is there does not pass as absent")
        func omittedValue() throws {
            let lie: Answer = { _, honest in
                var absent = honest
                absent[0].values = absent[0].values.map { _ in nil }
                return absent
            }
            try expect(.proofInvalid, for: [lie], about: asksForContractState, in: try increment())
        }

        @Test("an answer that leaves out what was asked, or answers another question, is refused")
        func omittedKey() throws {
            let lies: [Answer] = [
                { _, _ in [] },
                { _, honest in honest + honest },
                { _, honest in honest.map { StateProof(store: $0.store, keys: [], values: [], proof: []) } },
                { read, _ in [try self.world.host.prove(StoreName.bank, read.reads[0].keys, at: read.version)] },
                { read, _ in
                    let other = ComputeStore.statePrefix(self.world.malloryCounter) + read.reads[0].keys[0].suffix(32)
                    return [try self.world.host.prove(StoreName.compute, [other], at: read.version)]
                },
            ]
            try expect(.proofForOtherKeys, for: lies, about: asksForContractState, in: try increment())
        }

        @Test("a value of another contract of the same code is refused")
        func valueOfAnotherContract() throws {
            let entries = try #require(try world.chain.state.latestSnapshot())
                .iterate(StoreName.compute, prefix: ComputeStore.statePrefix(world.malloryCounter))
            let lies: [Answer] = entries.map { entry in
                { _, honest in
                    var swapped = honest
                    swapped[0].values = [entry.value]
                    return swapped
                }
            }
            #expect(lies.count == 2)
            try expect(.proofInvalid, for: lies, about: asksForContractState, in: try increment())
        }

        @Test("a value that the whole network moved to another key does not open", arguments: [false, true])
        func movedValue(within: Bool) throws {
            // All hosts conspire: the state holds Mallory's values, or Alice's own in each other's places.
            let snapshot = try #require(try world.chain.state.latestSnapshot())
            let own = try snapshot.iterate(StoreName.compute, prefix: ComputeStore.statePrefix(world.aliceCounter))
            let others = try snapshot.iterate(StoreName.compute, prefix: ComputeStore.statePrefix(world.malloryCounter))
            let values = within ? [own[1].value, own[0].value] : [others[0].value, others[1].value]
            let block = try world.begin([])
            _ = try world.host.lane.endBlock()
            try world.chain.adopt(
                block, writes: [StoreName.compute: [own[0].key: values[0], own[1].key: values[1]]], results: [])

            try world.begin([try increment()])
            #expect(refusal { try world.host.run(0) } == .valueNotAuthentic)
            #expect(world.host.outputs.isEmpty)
        }

        @Test("a lie about an account is refused")
        func accounts() throws {
            let lie: Answer = { _, honest in
                var lie = honest
                // As if the transaction's sequence had not been used yet.
                lie[0].values = [
                    AccountRecord(address: self.world.alice.address, accountNumber: 0, sequence: 0).encoded
                ]
                return lie
            }
            try expect(
                .proofInvalid, for: [lie], about: { $0.reads[0].store == StoreName.account }, in: try increment())
        }

        @Test("code other than the contract's is not run")
        func otherCode() throws {
            // After a restart the enclave has to ask for it.
            try world.restart(fromHeight: 1)
            try world.begin([try increment()])
            var asked = false
            world.host.tricks.readCode = { _, honest in
                asked = true
                var other = honest
                other[other.count - 1] ^= 1
                return other
            }
            #expect(refusal { try world.host.run(0) } == .codeHashDiffers)
            #expect(asked && world.host.outputs.isEmpty)
        }

        @Test("values sent ahead are believed only with proof")
        func prefetched() throws {
            try world.begin([try increment()])
            let key = ComputeStore.contractKey(world.aliceCounter)
            let honest = try world.host.prove(StoreName.compute, [key], at: 1)
            var lies = [honest, honest, try world.host.prove(StoreName.compute, [key], at: 0)]
            lies[0].values = [nil]
            lies[1].proof[lies[1].proof.count - 1] ^= 1
            for lie in lies { #expect(refusal { try world.host.run(0, prefetched: [lie]) } == .proofInvalid) }
            var unknown = honest
            unknown.store = "nonsense"
            #expect(refusal { try world.host.run(0, prefetched: [unknown]) } == .proofForOtherKeys)
            // Nothing had begun: with the truth it runs.
            #expect(try world.host.run(0, prefetched: [honest]).code == 0)
        }

        @Test("memory that the host has filled to the brim does not turn a value into none")
        func filledMemory() throws {
            // Two signers are two values of one question, remembered one after the other; between the two the enclave
            // has to let go of what it remembers (64 MiB).
            let message = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")
            let transaction = world.alice.sign([message]) {
                $0.messages.append(self.world.mallory.send(1, to: self.world.alice.address))
                $0 = $0.and(self.world.mallory.key, number: 1, sequence: self.world.mallory.sequence)
            }
            try world.begin([transaction])
            let large = try world.host.prove(StoreName.register, [World.Ballast.large.key], at: 1)
            let last = try world.host.prove(StoreName.register, [World.Ballast.last.key], at: 1)
            for round in 1...8 {
                // A transaction that is not there: values sent ahead are taken all the same.
                var request = RunTransaction()
                request.index = 77
                request.prefetched = Array(repeating: large, count: 7) + [round == 8 ? last : large]
                #expect(
                    refusal { try world.host.lane.runTransaction(request, answering: world.host) }
                        == .transactionMissing)
            }
            #expect(try world.host.run(0).code == 0)
        }
    }
}
