import BoundaryTap
import EnclaveProtocol
import Foundation
import PublicCryptography
import Testing
import TransactionFixtures

extension HostileHostSuite {
    /// Random secrets are planted wherever users and contracts can put them; then everything that the host could see is
    /// searched for them.
    @Suite struct CanaryTests {
        let world: World

        init() throws { world = try World() }

        @Test("what users encrypt and contracts store or answer is nowhere in sight of the host")
        func canaries() throws {
            let names = ["note", "viewing key", "error", "inner message", "wrong key", "failed write"]
            let canaries = Dictionary(uniqueKeysWithValues: names.map { ($0, PlantedSecret($0)) })
            let visible = PlantedSecret("memo")
            func text(_ name: String) -> String { canaries[name]!.text }
            let (alice, contract) = (world.alice, world.aliceCounter!)
            let inner = Base64.encode(Array("{\"remember\":{\"note\":\"\(text("inner message"))\"}}".utf8))
            let call = """
                {"call":{"contract":"\(world.malloryCounter!)","code_hash":"\(Hexadecimal.encode(CounterContract.codeHash.bytes))",\
                "msg":"\(inner)","reply_on":"always"}}
                """
            let pay = "{\"pay\":{\"to\":\"\(world.pauper.address)\",\"denom\":\"uscrt\",\"amount\":\"3\"}}"
            let address = alice.address

            try world.play([
                alice.sign([
                    try alice.execute(contract, "{\"remember\":{\"note\":\"\(text("note"))\"}}", isBound: false)
                ]),
                alice.sign([try alice.execute(contract, "{\"set_viewing_key\":{\"key\":\"\(text("viewing key"))\"}}")]),
                alice.sign([try alice.execute(contract, "{\"fail\":{\"text\":\"\(text("error"))\"}}")]),
                alice.sign([try alice.execute(contract, call)]),
                alice.sign([
                    try alice.execute(contract, "{\"remember\":{\"note\":\"\(text("failed write"))\"}}"),
                    try alice.execute(contract, pay, funds: 3),
                    try alice.execute(contract, "{\"fail\":{\"text\":\"\(text("error"))\"}}"),
                ]),
                alice.sign([try alice.execute(contract, pay, funds: 3)]) { $0.memo = visible.text },
            ])
            #expect(world.host.outputs.map(\.code) == [0, 0, 3, 0, 3, 0])
            try world.play([])
            func ask(_ key: String) throws -> (ContractAnswer, String?) {
                try world.query(
                    contract, "{\"get_note\":{\"address\":\"\(address)\",\"key\":\"\(text(key))\"}}", by: alice)
            }
            // The planted note comes back to its owner, so it was there to be leaked.
            #expect(try ask("viewing key").1 == "{\"note\":\"\(text("note"))\"}")
            #expect(try ask("wrong key").0.error.hasPrefix("encrypted: "))
            let first = world.enclave.tap
            let sessions = (first.toEnclave, first.fromEnclave)
            try world.restart(fromHeight: 3)
            try world.play([])
            #expect(try ask("viewing key").1 == "{\"note\":\"\(text("note"))\"}")
            let second = world.enclave.tap

            let places = try HostView.of(world, sessions.0, sessions.1, second.toEnclave, second.fromEnclave)
            #expect(places.map(\.bytes.count).reduce(0, +) > 1_000_000)
            let search = SecretSearch(Array(canaries.values))
            for place in places { #expect(search.find(in: place.bytes, called: place.name) == []) }
            // The search finds what is there: a memo is public.
            let memo = SecretSearch([visible])
            #expect(memo.find(in: sessions.0, called: "lanes").contains { $0.way == "hexadecimal" })
            for form in visible.forms {
                #expect(memo.find(in: [1, 2] + form.bytes + [3], called: "itself").contains { $0.way == form.way })
            }
        }

        @Test("what a contract wrote into messages that come to nothing leaves in no clear text")
        func failedMessages() throws {
            let puppets = try PuppetWorld()
            let canary = PlantedSecret("message").text
            let coins = { (amount: String) in "[{\"denom\":\"uscrt\",\"amount\":\"\(amount)\"}]" }
            let call = "\"code_hash\":\"\(PuppetContract.codeHash)\",\"msg\":\"e30=\",\"send\":[]"
            // A known amount, so long that nothing else says it.
            let amount = "98765432101234567890"
            let messages = [
                "{\"bank\":{\"send\":{\"to_address\":\"\(canary)\",\"amount\":\(coins("5"))}}}",
                "{\"bank\":{\"send\":{\"to_address\":\"\(puppets.two)\",\"amount\":\(coins(amount))}}}",
                "{\"bank\":{\"\(canary)\":{}}}",
                "{\"wasm\":{\"execute\":{\"contract_addr\":\"\(canary)\",\(call)}}}",
                "{\"wasm\":{\"instantiate\":{\"code_id\":99,\"label\":\"\(canary)\",\(call)}}}",
                "{\"wasm\":{\"update_admin\":{\"contract_addr\":\"\(canary)\",\"admin\":\"\(canary)\"}}}",
            ]
            for message in messages {
                let (result, _, _) = try puppets.tell(puppets.one, Told.respond([Told.message(message)]))
                #expect(result.code != 0, "\(message)")
            }
            let seen = Data(puppets.world.enclave.tap.fromEnclave)
            #expect(seen.count > 1_000)
            for text in [canary, amount] { #expect(seen.range(of: Data(text.utf8)) == nil, "\(text)") }
        }

        @Test("two messages of one length class look alike in size, whatever they say")
        func sizes() throws {
            let notes = [String(repeating: "a", count: 40), String(repeating: "b", count: 52)]
            try world.play([
                world.alice.sign([
                    try world.alice.execute(world.aliceCounter, "{\"remember\":{\"note\":\"\(notes[0])\"}}")
                ]),
                world.mallory.sign([
                    try world.mallory.execute(world.aliceCounter, "{\"remember\":{\"note\":\"\(notes[1])\"}}")
                ]),
            ])
            let writes = world.host.outputs.map { $0.writes.filter { $0.key.first == 0x03 } }
            #expect(writes.map(\.count) == [1, 1])
            #expect(writes[0][0].key.count == writes[1][0].key.count && writes[0][0].key != writes[1][0].key)
            #expect(writes[0][0].value?.count == writes[1][0].value?.count)
        }
    }
}
