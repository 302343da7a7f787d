import SignedTransactions
import Testing
import Wire

extension HostileHostSuite {
    /// Nobody burns coins: this chain has no message for it.
    @Suite struct BurnTests {
        let puppets: PuppetWorld
        var world: World { puppets.world }

        init() throws {
            puppets = try PuppetWorld()
            // What the puppet has.
            try world.play([world.alice.sign([world.alice.send(1_000, to: puppets.one)])])
        }

        @Test("a contract cannot burn coins, and the ledger is not asked")
        func byContract() throws {
            let burn = Told.message("{\"bank\":{\"burn\":{\"amount\":[{\"denom\":\"uscrt\",\"amount\":\"400\"}]}}}")
            let told = try puppets.tell(puppets.one, Told.respond([burn]))
            #expect(told.result.codespace == "compute" && told.result.code == 10)
            #expect(
                told.result.log.hasSuffix(
                    ": dispatch: submessages: Unknown variant of Bank: invalid CosmosMsg from the contract"))
            #expect(world.host.ledgerMessages.isEmpty)
            #expect(try world.host.state.balance(puppets.one, "uscrt") == 1_000)
        }

        @Test("a transaction of a user who would burn coins cannot be read, neither alone nor beside a call")
        func byUser() throws {
            let burn = AnyMessage(
                typeURL: "/cosmos.bank.v1beta1.MsgBurn",
                value: ProtobufWriter.encode {
                    $0.string(1, world.alice.address.description)
                    $0.message(2, Coin(1, "uscrt").encoded)
                })
            #expect(MessageType.named(burn.typeURL) == nil)
            #expect(throws: (any Error).self) { try burn.signers() }
        }
    }
}
