import Testing

extension HostileHostSuite {
    /// The fixture itself: with an honest host everything works, so that what fails elsewhere fails because of the lie.
    @Suite struct HonestHostTests {
        @Test("an honest host gets results, writes that survive a restart, and answers to queries")
        func honestHost() throws {
            let world = try World()
            let increment = try world.alice.execute(world.aliceCounter, "{\"increment\":{}}")
            try world.play([
                world.alice.sign([increment]), world.alice.sign([world.alice.send(5, to: world.mallory.address)]),
            ])
            #expect(world.host.outputs.map(\.code) == [0])
            #expect(try world.alice.data(world.host.outputs[0], answerTo: increment) == "{\"count\":42}")

            try world.restart(fromHeight: 2)
            try world.play([])
            #expect(
                try world.query(world.aliceCounter, "{\"get_count\":{}}", by: world.mallory).text == "{\"count\":42}")
            #expect(
                try world.query(world.malloryCounter, "{\"get_count\":{}}", by: world.mallory).text == "{\"count\":7}")
        }

        @Test("coins that a contract was sent and pays out again move once on the host's ledger")
        func coinsMove() throws {
            let world = try World()
            let pay = "{\"pay\":{\"to\":\"\(world.pauper.address)\",\"denom\":\"uscrt\",\"amount\":\"300\"}}"
            try world.play([world.alice.sign([try world.alice.execute(world.aliceCounter, pay, funds: 1_000)])])
            #expect(world.host.outputs.map(\.code) == [0])
            #expect(world.host.ledgerMessages.count == 2)
            #expect(try world.host.state.balance(world.pauper.address) == 300)
            #expect(try world.host.state.balance(world.aliceCounter) == 700)
        }
    }
}
