import EnclaveProtocol
import LedgerRecords
import SignedTransactions
import StateProofs
import Testing
import TransactionFixtures
import Wire

extension HostileHostSuite {
    /// A host that shows coins as spent which the ledger keeps locked. All that vests is the pauper's.
    @Suite struct VestingTests {
        private static func coins(_ amount: UInt128) throws -> Coins { try Coins([Coin(amount, "uscrt")]) }

        /// A world in which the host's ledger says yes to everything.
        private func world(_ vesting: VestingCoins) throws -> World {
            let world = try World(vesting: vesting)
            world.host.tricks.ledger = { message, _ in
                var result = LedgerMessageResult()
                result.responseTypeURL = MessageResponse.empty(toMessage: message.typeURL).typeURL
                return result
            }
            return world
        }

        private func pay(_ amount: UInt128, in world: World, fee: UInt128 = 0) throws -> [UInt8] {
            let call = try world.pauper.execute(world.aliceCounter, "{\"increment\":{}}", funds: amount)
            return world.pauper.sign([call], fee: fee)
        }

        @Test("locked coins do not count, whatever the host's ledger says, and those beyond them do")
        func locked() throws {
            let world = try world(VestingCoins(.permanent, original: Self.coins(World.funds - 5_000), end: 0))
            try world.begin([
                try pay(5_001, in: world), try pay(2_500, in: world, fee: 2_500), try pay(1, in: world),
                try pay(0, in: world, fee: 1),
            ])
            for (index, code) in [UInt32(5), 0, 5, 5].enumerated() {
                let result = try world.host.run(index)
                #expect(result.code == code, "\(index): \(result)")
                #expect(result.writes.isEmpty == (code != 0), "\(index)")
            }
            #expect(world.host.ledgerMessages.count == 1)
        }

        @Test("coins count from the header's second on in which they have vested, not from one before")
        func time() throws {
            let end = FourValidatorChain.genesisTime.seconds + 5
            for (delay, code) in [(Int64(0), UInt32(0)), (1, 5)] {
                let vesting = VestingCoins(.delayed, original: try Self.coins(World.funds), end: end + delay)
                let world = try world(vesting)
                #expect(world.chain.time(2).seconds == end)
                try world.begin([try pay(World.funds, in: world)])
                #expect(try world.host.run(0).code == code)
            }
        }

        @Test("an account cannot be shown as one of which nothing is locked")
        func anotherRecord() throws {
            for isBase in [false, true] {
                let world = try world(VestingCoins(.permanent, original: Self.coins(World.funds), end: 0))
                let base = AccountRecord(address: world.pauper.address, accountNumber: world.pauper.number).encoded
                world.host.tricks.readState = { read, honest in
                    guard read.reads[0].store == StoreName.account else { return honest }
                    var proofs = honest
                    proofs[0].values = [isBase ? base : nil]
                    return proofs
                }
                try world.begin([try pay(1, in: world)])
                #expect(refusal { try world.host.run(0) } == .proofInvalid)
                #expect(world.host.outputs.isEmpty)
            }
        }
    }
}
