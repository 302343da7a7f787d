import ChainModel
import EnclaveClient
import EnclaveProtocol
import Testing

extension HostileHostSuite {
    /// Contracts that burn coins.
    @Suite struct BurnTests {
        let puppets: PuppetWorld
        var world: World { puppets.world }

        init() throws {
            puppets = try PuppetWorld()
            // What the puppet has.
            try world.play([world.alice.sign([world.alice.send(1_000, to: puppets.one)])])
        }

        private func burning(_ amount: Int, replyOn: String = "never") -> String {
            Told.message(
                "{\"bank\":{\"burn\":{\"amount\":[{\"denom\":\"uscrt\",\"amount\":\"\(amount)\"}]}}}", replyOn: replyOn)
        }

        @Test("a contract burns its own coins, and the events say so")
        func burns() throws {
            let told = try puppets.tell(puppets.one, Told.respond([burning(400)]))
            #expect(told.result.code == 0, "\(told.result.log)")
            #expect(
                told.result.attributes(of: "burn") == [["amount=400uscrt", "burner=\(puppets.one)", "msg_index=0"]])
            #expect(try world.host.state.balance(puppets.one, "uscrt") == 600)
        }

        @Test("coins that a contract does not have are not burnt, whatever the host's ledger says")
        func notCovered() throws {
            world.host.tricks.ledger = { message, _ in
                var result = LedgerMessageResult()
                result.responseTypeURL = MessageResponse.empty(toMessage: message.typeURL).typeURL
                return result
            }
            let told = try puppets.tell(puppets.one, Told.respond([burning(1_001)]))
            #expect(told.result.code == 5 && told.result.codespace == "sdk")
            // Burnt coins are gone: they cannot be sent, nor burnt again.
            let twice = try puppets.tell(
                puppets.one, Told.respond([burning(700), Told.send(700, to: world.mallory.address)]))
            #expect(twice.result.code == 5)
            #expect(world.host.ledgerMessages.map(\.typeURL).filter { $0 == BankMessage.sendTypeURL }.isEmpty)
            let none = try puppets.tell(puppets.one, Told.respond([burning(0)]))
            #expect(none.result.code == 10)
        }
    }
}
