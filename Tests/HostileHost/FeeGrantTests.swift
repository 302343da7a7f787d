import EnclaveProtocol
import LedgerRecords
import SignedTransactions
import StateProofs
import Testing
import TransactionFixtures
import Wire

extension HostileHostSuite {
    /// A host that has others pay for calls. The pauper, who has nothing, calls; Alice is to pay.
    @Suite struct FeeGrantTests {
        private static let alice = FixtureKey("alice").address
        private static let pauper = FixtureKey("pauper").address
        private static let fee: UInt128 = 2_500

        /// A world in which the host's ledger says yes to everything, and Alice has granted this.
        private func world(_ allowance: FeeAllowance?) throws -> World {
            let grants = allowance.map {
                [FeeGrant(granter: FeeGrantTests.alice, grantee: FeeGrantTests.pauper, allowance: $0)]
            }
            let world = try World(feeGrants: grants ?? [])
            world.host.tricks.ledger = { message, _ in
                var result = LedgerMessageResult()
                result.responseTypeURL = MessageResponse.empty(toMessage: message.typeURL).typeURL
                return result
            }
            return world
        }

        private func limit(_ amount: UInt128) throws -> Coins { try Coins([Coin(amount, "uscrt")]) }

        /// The pauper's call, which Alice is to pay.
        private func call(in world: World, fee: UInt128 = fee, _ messages: [AnyMessage] = []) throws -> [UInt8] {
            let call = try world.pauper.execute(world.aliceCounter, "{\"increment\":{}}")
            return world.pauper.sign(messages + [call], fee: fee) { $0.granter = FeeGrantTests.alice.description }
        }

        private func expect(_ codes: [Int: UInt32], in world: World, _ transactions: [[UInt8]]) throws {
            try world.begin(transactions)
            for (index, code) in codes.sorted(by: { $0.key < $1.key }) {
                let result = try world.host.run(index)
                #expect(result.code == code, "\(index): \(result)")
                #expect(result.writes.isEmpty == (code != 0), "\(index)")
                if code == 4 { #expect(result.log.contains("no proved grant lets"), "\(result)") }
            }
        }

        @Test("a call for which somebody else pays runs by a proved grant alone, and as often as that goes")
        func limits() throws {
            let world = try world(FeeAllowance(limit: limit(2 * Self.fee)))
            try expect([0: 0, 1: 0, 2: 4], in: world, (0..<3).map { _ in try call(in: world) })
            let none = try self.world(nil)
            try expect([0: 4], in: none, [try call(in: none)])
        }

        @Test("no grant can be shown that is not there, or with more than it has")
        func forged() throws {
            let forged = FeeGrant(
                granter: Self.alice, grantee: Self.pauper, allowance: FeeAllowance(limit: .none)
            ).encoded
            for allowance in [nil, FeeAllowance(limit: try limit(1))] {
                let world = try world(allowance)
                world.host.tricks.readState = { read, honest in
                    guard read.reads[0].store == StoreName.feegrant else { return honest }
                    var lie = honest
                    lie[0].values = [forged]
                    return lie
                }
                try world.begin([try call(in: world)])
                #expect(refusal { try world.host.run(0) } == .proofInvalid)
                #expect(world.host.outputs.isEmpty)
            }
        }

        @Test("a granter's coins are spent once: by a fee, or by the granter")
        func spentTwice() throws {
            let world = try world(FeeAllowance(limit: .none))
            // The block before took fees of Alice's for code and counter.
            let left = World.funds - 2 * Self.fee
            let increment = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}", funds: 1_000)
            try expect(
                [0: 0, 1: 5, 2: 5], in: world,
                [
                    try call(in: world, fee: left - 999), world.alice.sign([increment], fee: 0),
                    try call(in: world, fee: 1_000),
                ])
        }

        @Test("what a transaction of the host's own uses of a grant is gone, too")
        func usedByTheHost() throws {
            let world = try world(FeeAllowance(limit: limit(2 * Self.fee)))
            let own = world.pauper.sign([world.pauper.send(1, to: world.alice.address)], fee: 1) {
                $0.granter = FeeGrantTests.alice.description
            }
            try expect([1: 0, 2: 4], in: world, [own, try call(in: world), try call(in: world)])
        }

        private func message(_ name: String, by granter: AccountAddress) -> AnyMessage {
            AnyMessage(
                typeURL: "/cosmos.feegrant.v1beta1.\(name)",
                value: ProtobufWriter.encode { writer in
                    writer.string(1, granter.description)
                    writer.string(2, FeeGrantTests.pauper.description)
                    writer.message(3, FeeAllowance(limit: .none).any.encoded)
                })
        }

        @Test(
            "a grant that its granter may have changed in the block does not count in it",
            arguments: ["MsgGrantAllowance", "MsgRevokeAllowance"])
        func changed(name: String) throws {
            let world = try world(FeeAllowance(limit: .none))
            let change = message(name, by: Self.alice)
            try expect([1: 4], in: world, [world.alice.sign([change]), try call(in: world)])
            // Also by whom the granter let do it, and in a transaction of the enclave's.
            let exec = AnyMessage(
                typeURL: "/cosmos.authz.v1beta1.MsgExec",
                value: ProtobufWriter.encode { writer in
                    writer.string(1, world.mallory.address.description)
                    writer.message(2, change.encoded)
                })
            let other = try self.world(FeeAllowance(limit: .none))
            let nested = other.mallory.sign([exec])
            try expect([1: 4], in: other, [nested, try call(in: other)])
            let third = try self.world(FeeAllowance(limit: .none))
            let driven = third.alice.sign([
                change, try third.alice.execute(third.aliceCounter, "{\"increment\":{}}"),
            ])
            try expect([0: 0, 1: 4], in: third, [driven, try call(in: third)])
            // What somebody else grants changes nothing.
            let fourth = try self.world(FeeAllowance(limit: .none))
            let foreign = fourth.mallory.sign([message(name, by: fourth.mallory.address)])
            try expect([1: 0], in: fourth, [foreign, try call(in: fourth)])
        }

        @Test("a grant holds until the header's time is past its end, and for the messages that it names")
        func restricted() throws {
            let header = FourValidatorChain.genesisTime.adding(nanoseconds: 5_000_000_000)
            for (nanosecond, code) in [(Int64(0), UInt32(0)), (-1, 4)] {
                let end = header.adding(nanoseconds: nanosecond)
                let world = try world(FeeAllowance(limit: .none, expiration: end))
                #expect(world.chain.time(2) == header)
                try expect([0: code], in: world, [try call(in: world)])
            }
            let execute = "/secret.compute.v1beta1.MsgExecuteContract"
            let world = try world(FeeAllowance(limit: .none, messages: [execute]))
            let send = world.pauper.send(0, to: world.alice.address)
            try expect([0: 0, 1: 4], in: world, [try call(in: world), try call(in: world, [send])])
            // What is left of a period.
            let period = FeeAllowance.Period(
                nanoseconds: 1, limit: try limit(Self.fee), left: try limit(Self.fee),
                reset: header.adding(nanoseconds: 1))
            let other = try self.world(FeeAllowance(limit: .none, period: period))
            try expect([0: 0, 1: 4], in: other, [try call(in: other), try call(in: other, fee: 1)])
        }
    }
}
