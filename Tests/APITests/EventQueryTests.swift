import ClientRequests
import StrictJSON
import Testing
import Wire

@Suite("Queries of events") struct EventQueryTests {
    private static let values: EventValues = {
        var values = EventValues()
        values.add("tm.event", "Tx")
        values.add("tx.height", "12")
        values.add(type: "transfer", key: "amount", "2500uscrt")
        values.add(type: "transfer", key: "amount", "7uscrt")
        values.add(type: "transfer", key: "recipient", "secret1abc")
        values.add(type: "block", key: "time", "2026-11-30T14:00:00Z")
        values.add(type: "block", key: "day", "2026-11-30")
        values.add(type: "fee", key: "price", "0.250")
        values.add(type: "", key: "a", "left out")
        values.add(type: "b", key: "", "left out")
        return values
    }()

    @Test(
        "what meets all conditions matches",
        arguments: [
            "tm.event='Tx'", "tm.event = 'Tx' AND tx.height=12", "tm.event='Tx' and tx.height = '12'",
            "tx.height>11 AND tx.height<13", "tx.height>=12 AND tx.height<=12.0", "transfer.amount=7",
            "transfer.amount>2499", "transfer.amount CONTAINS 'uscrt'", "transfer.amount contains '500'",
            "transfer.recipient EXISTS", "transfer EXISTS", "fee.price = 0.25", "fee.price<0.2500001",
            "block.time=TIME 2026-11-30T15:00:00+01:00", "block.time>TIME 2026-11-30T13:59:59.999999999Z",
            "block.day = DATE 2026-11-30", "block.day < DATE 2026-12-01", "transfer.amount CONTAINS ''",
        ])
    func matches(_ text: String) throws { #expect(try EventQuery(text).matches(Self.values)) }

    @Test(
        "what misses one does not",
        arguments: [
            "tm.event='NewBlock'", "tm.event='Tx' AND tx.height=13", "tx.height>12", "transfer.amount=2500.5",
            "transfer.amount='7'", "transfer.sender EXISTS", "trans EXISTS", "transfer.recipient=5",
            "block.time<TIME 2026-11-30T14:00:00Z", "transfer.recipient=DATE 2026-11-30", "b. EXISTS", ".a EXISTS",
            "transfer.amount CONTAINS 'USCRT'", "fee.price>0.25",
        ])
    func misses(_ text: String) throws { #expect(try !EventQuery(text).matches(Self.values)) }

    @Test(
        "what is no query is refused, saying where it ends to be one",
        arguments: [
            "", "a", "='x'", "a=", "a='x", "a<'x'", "a='x' b='y'", "a='x' AND", "AND a=1", "a LIKE 'x'",
            "a=TIME 2026-11-30", "a=DATE 2026-13-01", "a=TIME", "a CONTAINS", "a EXISTS 'x'",
            Array(repeating: "a=1", count: RequestLimits.conditionsMax + 1).joined(separator: " AND "),
            "a='" + String(repeating: "x", count: RequestLimits.queryBytesMax) + "'",
        ])
    func refused(_ text: String) { #expect(throws: EventQueryFault.self) { try EventQuery(text) } }

    @Test("numbers of any length are compared by their digits")
    func numbers() throws {
        func number(_ text: String) throws -> DecimalText { try #require(DecimalText(leading: text)) }
        let ordered = [
            "0", "0.1", "0.12", "0.2", "1", "9", "10", "10.01", "99999999999999999999", "100000000000000000000",
        ]
        for (index, smaller) in ordered.enumerated() {
            for larger in ordered[(index + 1)...] {
                #expect(try number(smaller) < number(larger), "\(smaller) \(larger)")
            }
        }
        #expect(try number("007.50uscrt") == number("7.5") && number("7.50").text == "7.5")
        #expect(try number("9223372036854775807").int64 == .max && number("9223372036854775808").int64 == nil)
        #expect(DecimalText(leading: "x7") == nil && DecimalText(leading: "-7") == nil)
    }

    @Test("parameters are read in the forms of JSON and of paths")
    func parameters() throws {
        func call(_ parameters: RPCRequest.Parameters) throws -> RPCCall {
            try RPCCall(RPCRequest(id: .number(1), method: "m", parameters: parameters), names: ["a", "b"])
        }
        let named = try call(.named([.init("a", "12"), .init("b", true)]))
        #expect(try named.integer("a") == 12 && named.flag("b") == true && named.text("c") == nil)
        #expect(try call(.named([.init("a", 12)])).integer("a") == 12)
        #expect(try call(.named([.init("a", "ff")])).bytes("a", inJSON: .hexadecimal) == [255])
        #expect(try call(.named([.init("a", "/w==")])).bytes("a", inJSON: .base64) == [255])
        #expect(try call(.listed(["x", .null])).text("a") == "x")
        for wrong in [[JSONValue](), ["x"], ["x", "y", "z"]] {
            #expect(throws: RPCFault.self) { try call(.listed(wrong)) }
        }
        let path = try call(.path([.init("a", "\"12\""), .init("b", "true")]))
        #expect(try path.integer("a") == 12 && path.text("a") == "12" && path.flag("b") == true)
        #expect(try call(.path([.init("a", "0xff")])).bytes("a", inJSON: .base64) == [255])
        #expect(try call(.path([.init("a", "\"ab\"")])).bytes("a", inJSON: .base64) == [97, 98])
        #expect(try call(.path([.init("a", "")])).bytes("a", inJSON: .base64) == nil)
        #expect(throws: RPCFault.self) { try call(.path([.init("a", "ff")])).bytes("a", inJSON: .base64) }
        #expect(throws: RPCFault.self) { try call(.named([.init("a", true)])).bytes("a", inJSON: .base64) }
    }
}
