import EnclaveProtocol
import LedgerRecords
import SignedTransactions
import StateProofs
import Testing
import Wire

extension HostileHostSuite {
    /// A host that lets coins move which the chain keeps from being sent.
    @Suite struct SendableTests {
        /// A world in which the host's ledger says yes to everything, and of sending this stands in the state.
        private func world(_ records: [(key: [UInt8], value: [UInt8])]) throws -> World {
            let world = try World(bank: records)
            world.host.tricks.ledger = { message, _ in
                var result = LedgerMessageResult()
                result.responseTypeURL = MessageResponse.empty(toMessage: message.typeURL).typeURL
                return result
            }
            return world
        }

        private func pay(in world: World) throws -> UInt32 {
            try world.begin([
                world.mallory.sign([try world.mallory.execute(world.aliceCounter, "{\"increment\":{}}", funds: 1)])
            ])
            return try world.host.run(0).code
        }

        @Test("coins that the chain keeps from being sent reach no contract, whatever the host's ledger says")
        func disabled() throws {
            let (entry, standard) = (BankStore.sendEnabledKey("uscrt"), BankStore.sendDefaultKey)
            for (records, code) in [
                ([], UInt32(0)), ([(entry, [1]), (standard, [])], 0), ([(standard, [0x10, 1])], 0),
                ([(entry, [0])], 5), ([(standard, [])], 5), ([(entry, [0]), (standard, [0x10, 1])], 5),
            ] as [([([UInt8], [UInt8])], UInt32)] {
                let world = try world(records)
                #expect(try pay(in: world) == code, "\(records)")
                #expect(world.host.ledgerMessages.isEmpty == (code != 0))
            }
        }

        @Test("what is said of sending cannot be kept from the enclave")
        func hidden() throws {
            let world = try world([(BankStore.sendEnabledKey("uscrt"), [0])])
            world.host.tricks.readState = { read, honest in
                guard let place = read.reads[0].keys.firstIndex(of: BankStore.sendEnabledKey("uscrt")) else {
                    return honest
                }
                var lie = honest
                lie[0].values[place] = nil
                return lie
            }
            #expect(refusal { try pay(in: world) } == .proofInvalid)
        }

        @Test("coins of a driven transaction go to no module that counts its own")
        func blocked() throws {
            let world = try world([])
            let call = try world.mallory.execute(world.aliceCounter, "{\"increment\":{}}")
            try world.begin(
                [ModuleAddress.feeCollector, ModuleAddress.governance].map { module in
                    world.mallory.sign([world.mallory.send(1, to: module), call])
                })
            #expect(try world.host.run(0).code == 4)
            #expect(try world.host.run(1).code == 0)
        }
    }
}
