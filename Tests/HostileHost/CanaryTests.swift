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

        private struct Canary {
            let name: String
            let bytes: [UInt8]
            /// As it stands in messages, which are JSON.
            var text: String { Hexadecimal.encode(bytes) }

            init(_ name: String) {
                self.name = name
                var generator = SystemRandomNumberGenerator()
                bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
            }

            /// Every form in which it might be written down, forwards and backwards.
            var forms: [[UInt8]] {
                let text = Array(text.utf8)
                var forms = [
                    bytes, text, Array(Hexadecimal.encode(bytes, uppercase: true).utf8),
                    Array(Hexadecimal.encode(text).utf8),
                ]
                for content in [bytes, text] {
                    for alignment in 0..<3 {
                        // The middle of its base64, whatever stands before and behind it.
                        let encoded = Array(Base64.encode([UInt8](repeating: 0, count: alignment) + content).utf8)
                        forms.append(Array(encoded[4..<encoded.count - 4]))
                    }
                }
                return forms + forms.map { $0.reversed() }
            }
        }

        private func find(_ canary: Canary, in places: [(name: String, bytes: [UInt8])]) -> [String] {
            places.filter { place in
                let data = Data(place.bytes)
                return canary.forms.contains { data.range(of: Data($0)) != nil }
            }.map(\.name)
        }

        /// Everything that the host could see: both ways of all lanes, what the enclave and its launcher logged, the
        /// state on disk, the sealed records.
        private func everywhere(_ tap: [UInt8]...) throws -> [(name: String, bytes: [UInt8])] {
            var places = tap.enumerated().map { ("tap \($0.offset)", $0.element) }
            for name in try FileManager.default.subpathsOfDirectory(atPath: world.path("."))
            where !name.hasPrefix("platform/") {
                if let data = FileManager.default.contents(atPath: world.path(name)), !data.isEmpty {
                    places.append((name, Array(data)))
                }
            }
            places += world.records.map { ("record \($0.key)", $0.value) }
            return places
        }

        @Test("what users encrypt and contracts store or answer is nowhere in sight of the host")
        func canaries() throws {
            let names = ["note", "viewing key", "error", "inner message", "wrong key", "failed write"]
            let canaries = Dictionary(uniqueKeysWithValues: names.map { ($0, Canary($0)) })
            let visible = Canary("memo")
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

            let places = try everywhere(sessions.0, sessions.1, second.toEnclave, second.fromEnclave)
            #expect(places.map(\.bytes.count).reduce(0, +) > 1_000_000)
            for canary in canaries.values.sorted(by: { $0.name < $1.name }) {
                #expect(find(canary, in: places) == [], "\(canary.name)")
            }
            // The search finds what is there: a memo is public.
            #expect(find(visible, in: places).contains("tap 0"))
            for form in visible.forms {
                #expect(find(visible, in: [("itself", [1, 2] + form + [3])]) == ["itself"])
            }
        }

        @Test("what a contract wrote into messages that come to nothing leaves in no clear text")
        func failedMessages() throws {
            let puppets = try PuppetWorld()
            let canary = Canary("message").text
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
