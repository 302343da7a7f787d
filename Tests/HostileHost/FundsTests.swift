import EnclaveProtocol
import PublicCryptography
import SignedTransactions
import StateProofs
import Testing
import TransactionFixtures
import Wire

extension HostileHostSuite {
    /// A host that says "paid" for who has not paid.
    @Suite struct FundsTests {
        let world: World

        init() throws { world = try World() }

        private func increment(by user: User, funds: UInt128) throws -> AnyMessage {
            try user.execute(world.aliceCounter, "{\"increment\":{}}", funds: funds)
        }

        /// The host's ledger says yes to everything.
        private func sayPaid() {
            world.host.tricks.ledger = { message, _ in
                var result = LedgerMessageResult()
                result.responseTypeURL = MessageResponse.empty(toMessage: message.typeURL).typeURL
                return result
            }
        }

        private func expectNotPaid(_ result: PlayedResult, sourceLocation: SourceLocation = #_sourceLocation) {
            #expect(result.code == 5 && result.codespace == "sdk", sourceLocation: sourceLocation)
            #expect(
                result.data.isEmpty && result.events.isEmpty && result.writes.isEmpty && result.storedCodes.isEmpty,
                sourceLocation: sourceLocation)
        }

        @Test("a contract does not see funds that its caller does not have, whatever the host's ledger says")
        func payAndShow() throws {
            sayPaid()
            try world.begin([
                world.mallory.sign([try increment(by: world.mallory, funds: World.funds + 1)]),
                // The whole balance, of which the fee of the transaction before and of this one are gone.
                world.mallory.sign([try increment(by: world.mallory, funds: World.funds)]),
                world.pauper.sign([try increment(by: world.pauper, funds: 1)], fee: 0),
            ])
            for index in 0..<3 { expectNotPaid(try world.host.run(index)) }
            // The ledger was not even asked.
            #expect(world.host.ledgerMessages.isEmpty)
        }

        @Test("a fee that is not there is not paid")
        func fee() throws {
            sayPaid()
            try world.begin([world.pauper.sign([try increment(by: world.pauper, funds: 0)], fee: 2_500)])
            expectNotPaid(try world.host.run(0))
        }

        @Test("coins count once, however many transactions of a block spend them")
        func spentTwice() throws {
            sayPaid()
            let half = World.funds / 2
            try world.begin([
                world.mallory.sign([try increment(by: world.mallory, funds: half)]),
                world.mallory.sign([try increment(by: world.mallory, funds: half)]),
            ])
            #expect(try world.host.run(0).code == 0)
            expectNotPaid(try world.host.run(1))
        }

        @Test("coins that a transaction of the host's own moved away or in do not count")
        func movedByTheHost() throws {
            sayPaid()
            try world.begin([
                // Mallory's coins leave; the host alone runs it, and may not say so.
                world.mallory.sign([world.mallory.send(World.funds - 2_500, to: world.pauper.address)]),
                world.mallory.sign([try increment(by: world.mallory, funds: 1_000)], fee: 0),
                // The pauper got them, as the host would say.
                world.pauper.sign([try increment(by: world.pauper, funds: 1_000)], fee: 0),
            ])
            expectNotPaid(try world.host.run(1))
            expectNotPaid(try world.host.run(2))
        }

        private func delegate(_ amount: UInt128, by signer: AccountAddress) -> AnyMessage {
            AnyMessage(
                typeURL: "/cosmos.staking.v1beta1.MsgDelegate",
                value: ProtobufWriter.encode { writer in
                    writer.string(1, signer.description)
                    writer.message(3, Coin(amount, "uscrt").encoded)
                })
        }

        @Test("what a message of another module takes does not count, and the rest does")
        func delegation() throws {
            sayPaid()
            try world.begin([
                // Mallory's counter cost a fee of 2,500, and this costs another: one coin is left.
                world.mallory.sign([delegate(World.funds - 5_001, by: world.mallory.address)]),
                world.mallory.sign([try increment(by: world.mallory, funds: 2)], fee: 0),
                world.mallory.sign([try increment(by: world.mallory, funds: 1)], fee: 0),
            ])
            expectNotPaid(try world.host.run(1))
            let rest = try world.host.run(2)
            #expect(rest.code == 0, "\(rest)")
        }

        @Test("what an executed grant takes, it takes from who signs inside, who has signed nothing here")
        func executedGrant() throws {
            sayPaid()
            let inside = BankMessage.send(
                .init(from: world.mallory.address, to: world.alice.address, amount: [Coin(World.funds, "uscrt")])
            ).any
            try world.begin([
                world.alice.sign([exec(inside, by: world.alice)]),
                world.mallory.sign([try increment(by: world.mallory, funds: 1)], fee: 0),
            ])
            expectNotPaid(try world.host.run(1))
        }

        private func exec(_ message: AnyMessage, by grantee: User) -> AnyMessage {
            AnyMessage(
                typeURL: "/cosmos.authz.v1beta1.MsgExec",
                value: ProtobufWriter.encode { writer in
                    writer.string(1, grantee.address.description)
                    writer.message(2, message.encoded)
                })
        }

        @Test("what an executed grant takes, it takes also where this block made the account that executes it")
        func executedGrantOfANewAccount() throws {
            sayPaid()
            let stranger = User("stranger", number: 99, ioPublicKey: world.opened.ioPublicKey)
            let inside = BankMessage.send(
                .init(from: world.mallory.address, to: world.alice.address, amount: [Coin(World.funds, "uscrt")])
            ).any
            try world.begin([
                world.alice.sign([world.alice.send(1_000_000, to: stranger.address)]),
                // The ledger knows the account's number, and the enclave does not.
                stranger.sign([exec(inside, by: stranger)]),
                world.mallory.sign([try increment(by: world.mallory, funds: 1)], fee: 0),
            ])
            expectNotPaid(try world.host.run(2))
        }

        @Test("a granted call of a contract, which no ledger runs, takes nothing from whom it names")
        func executedCall() throws {
            sayPaid()
            try world.begin([
                world.alice.sign([exec(try increment(by: world.mallory, funds: 1), by: world.alice)]),
                world.mallory.sign([try increment(by: world.mallory, funds: 1)], fee: 0),
            ])
            let result = try world.host.run(1)
            #expect(result.code == 0, "\(result)")
        }

        @Test("a fee that somebody else grants is taken from who grants it too")
        func grantedFee() throws {
            sayPaid()
            let mallory = world.mallory.address.description
            try world.begin([
                world.alice.sign([world.alice.send(1, to: world.mallory.address)], fee: World.funds) {
                    $0.granter = mallory
                },
                world.mallory.sign([try increment(by: world.mallory, funds: 1)], fee: 0),
            ])
            expectNotPaid(try world.host.run(1))
        }

        /// A packet for an account that another chain has here, with one message.
        private func packet(_ message: AnyMessage, port: String) -> AnyMessage {
            let list = ProtobufWriter.encode { $0.message(1, message.encoded) }
            let data = "{\"type\":\"TYPE_EXECUTE_TX\",\"data\":\"\(Base64.encode(list))\",\"memo\":\"\"}"
            return AnyMessage(
                typeURL: "/ibc.core.channel.v1.MsgRecvPacket",
                value: ProtobufWriter.encode { writer in
                    writer.message(1) { packet in
                        packet.string(4, port)
                        packet.bytes(6, Array(data.utf8))
                    }
                    writer.string(4, world.alice.address.description)
                })
        }

        @Test("what a packet of another chain takes, it takes from who signs inside, and from nobody else")
        func packets() throws {
            sayPaid()
            let send = world.mallory.send(World.funds, to: world.alice.address)
            try world.begin([
                world.alice.sign([packet(send, port: "transfer")]),
                world.mallory.sign([try increment(by: world.mallory, funds: 1)], fee: 0),
                world.alice.sign([packet(send, port: "icahost")]),
                world.mallory.sign([try increment(by: world.mallory, funds: 1)], fee: 0),
                world.alice.sign([try increment(by: world.alice, funds: 1)], fee: 0),
            ])
            #expect(try world.host.run(1).code == 0)
            expectNotPaid(try world.host.run(3))
            #expect(try world.host.run(4).code == 0)
        }

        @Test("after a message whose coins only the ledger can count, nothing of its signer counts")
        func uncountable() throws {
            sayPaid()
            let payment = AnyMessage(
                typeURL: "/ibc.applications.fee.v1.MsgPayPacketFeeAsync",
                value: ProtobufWriter.encode { writer in
                    writer.message(2) { $0.string(2, world.mallory.address.description) }
                })
            try world.begin([
                world.mallory.sign([payment]),
                world.mallory.sign([try increment(by: world.mallory, funds: 1)], fee: 0),
            ])
            expectNotPaid(try world.host.run(1))
        }

        @Test("what a message of another module takes in the enclave's own transaction does not count after it")
        func delegationAndCall() throws {
            sayPaid()
            let delegation = delegate(World.funds - 5_001, by: world.mallory.address)
            try world.begin([
                world.mallory.sign([delegation, try increment(by: world.mallory, funds: 2)]),
                world.mallory.sign([delegation, try increment(by: world.mallory, funds: 1)], fee: 0),
            ])
            expectNotPaid(try world.host.run(0))
            #expect(try world.host.run(1).code == 0)
        }

        @Test("a message of another module costs its price in the enclave too, and cannot run without the gas for it")
        func price() throws {
            sayPaid()
            let call = try increment(by: world.mallory, funds: 0)
            let alone = world.mallory.sign([call])
            let together = world.mallory.sign([delegate(1, by: world.mallory.address), call])
            try world.begin([
                alone, together, world.mallory.sign([delegate(1, by: world.mallory.address), call], gas: 30_000),
            ])
            let (first, second) = (try world.host.run(0), try world.host.run(1))
            #expect(first.code == 0 && second.code == 0)
            let bytes = UInt64(together.count - alone.count)
            // The two calls themselves are not of the same instructions.
            #expect((-50...50).contains(Int(second.gasUsed) - Int(first.gasUsed + 20_000 + 10 * bytes)))
            #expect(world.host.ledgerMessages.count == 1)
            #expect(try world.host.run(2).code == 11)
            #expect(world.host.ledgerMessages.count == 1)
        }

        @Test("after a message that does not say what it takes, nothing of its signer counts")
        func unknownMessage() throws {
            sayPaid()
            let delegate = AnyMessage(
                typeURL: "/cosmos.staking.v1beta1.MsgDelegate",
                value: ProtobufWriter.encode { $0.string(1, world.mallory.address.description) })
            try world.begin([
                world.mallory.sign([delegate]),
                world.mallory.sign([try increment(by: world.mallory, funds: 1)], fee: 0),
            ])
            expectNotPaid(try world.host.run(1))
        }

        @Test("a transaction whose key an earlier one of the block brought spends what it says")
        func keyOfAnEarlierTransaction() throws {
            // The pauper has an account, 6,000,000 and, on chain, no key yet.
            try world.play([world.alice.sign([world.alice.send(6_000_000, to: world.pauper.address)])])
            sayPaid()
            let pauper = world.pauper
            try world.begin([
                pauper.sign([pauper.send(2_500, to: world.alice.address)]),
                // Valid for every ledger, which has the key by now.
                pauper.sign([pauper.send(4_995_000, to: world.alice.address)]) { $0.hasPublicKeys = false },
                // After the fee there are 995,000.
                pauper.sign([try increment(by: pauper, funds: 5_000_000)]),
                // What is there is there, and its key need not come along either.
                pauper.sign([try increment(by: pauper, funds: 992_500)]) { $0.hasPublicKeys = false },
            ])
            expectNotPaid(try world.host.run(2))
            #expect(world.host.ledgerMessages.isEmpty)
            #expect(try world.host.run(3).code == 0)
        }

        @Test("a key that no transaction of the block brought is nobody's word, so it takes nothing from anyone")
        func keyOfNobody() throws {
            try world.play([world.alice.sign([world.alice.send(6_000_000, to: world.pauper.address)])])
            let pauper = world.pauper
            let forged = FixtureTransaction(
                [.send(5_000_000, from: pauper.address, to: world.mallory.address)], by: world.mallory.key,
                number: pauper.number, sequence: 0
            ).with {
                $0.chainID = FourValidatorChain.chainID
                $0.hasPublicKeys = false
            }
            // A contract has an account without a key, too.
            let fromContract = FixtureTransaction(
                [.send(1, from: world.aliceCounter, to: world.mallory.address)], by: world.mallory.key, number: 0,
                sequence: 0
            ).with { $0.hasPublicKeys = false }
            try world.begin([
                forged.bytes, fromContract.bytes, pauper.sign([try increment(by: pauper, funds: 5_000_000)]),
            ])
            #expect(try world.host.run(2).code == 0)
        }

        @Test("a fee that the ledger took and that was not covered here is gone here too")
        func uncoveredFee() throws {
            try world.play([world.alice.sign([world.alice.send(1_000, to: world.pauper.address)])])
            sayPaid()
            let pauper = world.pauper
            try world.begin([
                // Now the ledger has 3,000 of the pauper's and the enclave counts 1,000.
                world.alice.sign([world.alice.send(2_000, to: pauper.address)]),
                pauper.sign([try increment(by: pauper, funds: 0)], fee: 2_500),
                // Now the ledger has 500.
                pauper.sign([try increment(by: pauper, funds: 1_000)]) { $0.fee = [] },
            ])
            expectNotPaid(try world.host.run(1))
            expectNotPaid(try world.host.run(2))
        }

        @Test("an account that this block made and that spends in it has nothing that a contract may count on")
        func accountOfThisBlock() throws {
            let puppets = try PuppetWorld()
            let world = puppets.world
            let stranger = User("stranger", number: 99, ioPublicKey: world.opened.ioPublicKey)
            let balance = "{\"bank\":{\"balance\":{\"address\":\"\(stranger.address)\",\"denom\":\"uscrt\"}}}"
            let question = try puppets.alice.tell(
                puppets.one, "{\"query\":\(balance),\"respond\":\(Told.response())}")
            func told() throws -> String {
                let answer = try #require(try puppets.kept("answer", by: puppets.one))
                let data = answer.split(separator: "\"").dropFirst(5).first.flatMap { Base64.decode(String($0)) }
                return String(decoding: data ?? [], as: UTF8.self)
            }
            // It was sent by a transaction of the enclave's, so it counts.
            try world.play([
                puppets.alice.sign([puppets.alice.send(1_000_000, to: stranger.address), question], gas: 1_000_000)
            ])
            #expect(try told().contains("\"1000000\""))
            let other = User("another stranger", number: 100, ioPublicKey: world.opened.ioPublicKey)
            let next = try puppets.alice.tell(
                puppets.one,
                "{\"query\":\(balance.replacing(stranger.address.description, with: other.address.description)),"
                    + "\"respond\":\(Told.response())}")
            try world.begin([
                puppets.alice.sign([puppets.alice.send(1_000_000, to: other.address), question], gas: 1_000_000),
                // The ledger knows the account's number, and the enclave does not.
                other.sign([other.send(900_000, to: puppets.mallory.address)]),
                puppets.alice.sign([next], gas: 1_000_000),
            ])
            #expect(try world.host.run(0).code == 0)
            try world.host.runHere(try Transaction(decoding: world.host.transactions[1]))
            #expect(try world.host.run(2).code == 0)
            try world.host.end()
            #expect(try told().contains("\"amount\":\"0\""))
        }

        @Test("coins that were received out of covered ones count, and not after their transaction failed")
        func received() throws {
            try world.begin([
                world.mallory.sign([
                    world.mallory.send(1_000, to: world.pauper.address),
                    try world.mallory.execute(world.malloryCounter, "{\"fail\":{\"text\":\"no\"}}"),
                ]),
                world.pauper.sign([try increment(by: world.pauper, funds: 1_000)], fee: 0),
                world.mallory.sign([
                    world.mallory.send(1_000, to: world.pauper.address),
                    try world.mallory.execute(world.malloryCounter, "{\"increment\":{}}"),
                ]),
                world.pauper.sign([try increment(by: world.pauper, funds: 1_000)], fee: 0),
            ])
            #expect(try world.host.run(0).code == 3)
            expectNotPaid(try world.host.run(1))
            #expect(try world.host.run(2).code == 0)
            #expect(try world.host.run(3).code == 0)
        }

        @Test("coins that were moved by a transaction which the host broke off do not count")
        func brokenOff() throws {
            let block = try world.begin([
                world.mallory.sign([
                    world.mallory.send(1_000, to: world.pauper.address),
                    try world.mallory.execute(world.malloryCounter, "{\"increment\":{}}"),
                ]),
                world.pauper.sign([try increment(by: world.pauper, funds: 1_000)], fee: 0),
            ])
            // The coins have moved when the contract is called, and then the host answers falsely.
            world.host.tricks.readState = { read, honest in
                guard read.reads[0].store == StoreName.compute else { return honest }
                return honest.map { StateProof(store: $0.store, keys: $0.keys, values: $0.values, proof: []) }
            }
            #expect(refusal { try world.host.run(0) } == .proofInvalid)
            #expect(world.host.ledgerMessages.count == 1)
            sayPaid()
            world.host.tricks.readState = { $1 }
            #expect(refusal { try world.host.run(1) } == .noBlockBegun)

            // Nor if the block is begun again and the transaction left out, which is not what was vouched for.
            let journal = world.host.journal
            try world.host.begin(block, journal: journal)
            try world.host.hand()
            #expect(refusal { try world.host.run(1) } == .journalDiffers)
            #expect(world.host.outputs.isEmpty)
        }

        @Test("a contract pays out no more than what it holds, whatever the host's ledger says")
        func contractsFunds() throws {
            sayPaid()
            let pay = "{\"pay\":{\"to\":\"\(world.pauper.address)\",\"denom\":\"uscrt\",\"amount\":\"300\"}}"
            try world.begin([
                world.alice.sign([try world.alice.execute(world.aliceCounter, pay, funds: 299)]),
                world.alice.sign([try world.alice.execute(world.aliceCounter, pay, funds: 300)]),
                world.pauper.sign([try increment(by: world.pauper, funds: 300)], fee: 0),
            ])
            expectNotPaid(try world.host.run(0))
            #expect(try world.host.run(1).code == 0)
            #expect(try world.host.run(2).code == 0)
        }

        @Test("the events of a payment are the enclave's own: no contract hears what the host would like it to")
        func falseEvents() throws {
            let puppets = try PuppetWorld()
            let send = Told.send(5, to: puppets.two, replyOn: "success")
            puppets.world.host.tricks.ledger = { _, honest in
                var lie = honest
                lie.log = "nobody was sent 1000000uscrt"
                lie.data = Array(lie.log.utf8)
                return lie
            }
            let (one, alice) = (puppets.one, puppets.alice)
            let result = try puppets.play([
                alice.send(5, to: one), try alice.tell(one, Told.respond([send])),
            ])
            #expect(result.code == 0, "\(result.log)")
            #expect(!"\(result.events)".contains("nobody"))
            puppets.world.host.tricks = .init()
            let reply = try #require(try puppets.kept("reply", by: one))
            #expect(reply.contains("5uscrt") && !reply.contains("nobody") && !reply.contains("1000000"), "\(reply)")
        }

        @Test("a ledger that says no where it could say yes fails the transaction and reveals nothing")
        func deniedPayment() throws {
            world.host.tricks.ledger = { _, _ in
                var result = LedgerMessageResult()
                result.code = 5
                result.codespace = "sdk"
                result.log = "says the host"
                return result
            }
            try world.begin([world.alice.sign([try increment(by: world.alice, funds: 1)])])
            expectNotPaid(try world.host.run(0))
        }
    }
}
