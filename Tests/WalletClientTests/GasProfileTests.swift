import Testing
import WalletClient

@Suite("A code's gas profile") struct GasProfileTests {
    private static let profile: GasProfile = {
        var profile = GasProfile()
        profile[.instantiate] = .init(base: 61_000, perByte: 3)
        profile[.execute("vote")] = .init(base: 58_000, perByte: 2)
        profile[.execute("close")] = .init(base: 49_000)
        return profile
    }()

    @Test("it is the fragment of a source's URL, and read back from there")
    func source() throws {
        let source = try Self.profile.source("https://example.org/voting")
        #expect(source == "https://example.org/voting#gas=1;i=61000+3;x.close=49000;x.vote=58000+2")
        #expect(GasProfile(source: source) == Self.profile)
        #expect(GasProfile(source: "https://example.org/voting") == nil)
        #expect(GasProfile(source: "") == nil)
        #expect(throws: ClientError.self) { try Self.profile.source("http://example.org/") }
        #expect(throws: ClientError.self) { try Self.profile.source("https://example.org/#here") }
    }

    @Test("a message is priced by its first name, by the price for any other, or not at all")
    func price() {
        let vote = GasProfile.Call.execute(message: Array(#"{"vote":{"option":1}}"#.utf8))
        #expect(Self.profile.price(of: vote)?.gas(messageBytes: 21) == 58_042)
        #expect(Self.profile.price(of: .execute(message: Array(#""close""#.utf8)))?.gas(messageBytes: 7) == 49_000)
        let other = GasProfile.Call.execute(message: Array(#"{"open":{}}"#.utf8))
        #expect(Self.profile.price(of: other) == nil)
        var generous = Self.profile
        generous[.execute(nil)] = .init(base: 70_000)
        #expect(generous.price(of: other)?.base == 70_000)
        #expect(generous.price(of: .migrate) == nil)
    }

    @Test(
        "what is not written as a profile is none",
        arguments: [
            "gas=2;i=1", "gas=1;i", "gas=1;i=", "gas=1;i=-1", "gas=1;i=1+", "gas=1;i=1+2+3", "gas=1;i=1;i=2",
            "gas=1;y=1", "gas=1;x.=1", "gas=1;x.a b=1", "gas=1;i=99999999999", "gas=1;i=1000000001", "gas=1;", "",
            "gas=1;i=１",
        ])
    func malformed(text: String) {
        #expect(GasProfile(text: text[...]) == nil)
    }

    @Test("a profile that is too long for a source keeps the highest price for all executions")
    func short() throws {
        var long = Self.profile
        for number in 0..<40 { long[.execute("message_\(number)")] = .init(base: 30_000 + UInt64(number), perByte: 5) }
        let source = try long.source("https://example.org/")
        #expect(source == "https://example.org/#gas=1;i=61000+3;x=58000+5")
        #expect(throws: ClientError.self) {
            try long.source("https://example.org/" + String(repeating: "a", count: 490))
        }
    }

    @Test("every measured call that succeeded is covered by its price, and calls of other contracts have none")
    func measurements() throws {
        func item(_ entry: String, _ name: String, _ bytes: Int, _ gas: Int, _ flags: (Bool, Bool) = (false, false))
            -> String
        {
            #"{"entry":"\#(entry)","message":"\#(name)","message_bytes":\#(bytes),"gas":\#(gas),"#
                + #""refused":\#(flags.0),"partial":\#(flags.1)}"#
        }
        let list = [
            item("instantiate", "", 20, 40_000), item("execute", "note", 20, 30_000),
            item("execute", "note", 220, 30_900), item("execute", "note", 100, 31_000),
            item("execute", "note", 300, 99_000, (true, false)), item("execute", "pay", 20, 30_000, (false, true)),
            item("query", "notes", 20, 30_000), item("execute", "vote", 20, 30_000),
            item("execute", "vote", 22, 35_000),
        ]
        let measured = try GasMeasurements(json: Array("[\(list.joined(separator: ","))]".utf8))
        #expect(measured.profile.text == "gas=1;i=40000;x.note=30500+5;x.vote=35000")
        #expect(measured.rows.map(\.message) == ["", "note", "pay", "vote", "notes"])
        for item in measured.list where !item.isRefused && !item.isPartial && item.entry == "execute" {
            let price = try #require(measured.profile.price(of: .execute(item.message)))
            #expect(price.gas(messageBytes: item.messageBytes) >= item.gas)
        }
        #expect(throws: (any Error).self) { try GasMeasurements(json: Array("[{}]".utf8)) }
    }
}
