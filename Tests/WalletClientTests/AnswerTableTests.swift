import StrictJSON
import Testing
import WalletClient

@Suite("Lists in answers, for people") struct AnswerTableTests {
    private func parsed(_ text: String) throws -> JSONValue {
        try JSONReader.parse(Array(text.utf8), limits: JSONLimits(bytesMax: 1 << 16))
    }

    @Test("columns are as wide as they must be, amounts are in SCRT, rates in percent, names in words")
    func cells() throws {
        let answer = try parsed(
            #"""
            {"list":[
             {"a":"x","s":"BOND_STATUS_BONDED","t":"1500000","r":"0.050000000000000000","e":"2027-01-31T00:00:00.123Z",
              "c":[{"denom":"uscrt","amount":"95668.067000000000000000"},{"denom":"other","amount":"7"}]},
             {"a":"longer","s":"/cosmos.bank.v1beta1.SendAuthorization","t":"1","r":"1.000000000000000000","e":null,"c":[]},
             {"a":"","s":"VOTE_OPTION_NO_WITH_VETO","t":"none","r":"x","c":{"denom":"uscrt","amount":"1"}}
            ],"pagination":{"next_key":"AQ==","total":"9"}}
            """#)
        let table = AnswerTable(
            "list",
            [
                .init("A", "a"), .init("STATUS", "s", .lastWord), .init("COINS", "t", .tokens),
                .init("RATE", "r", .percent), .init("END", "e", .time), .init("ALL", "c", .coins),
            ])
        #expect(
            table.lines(answer) == [
                "A       STATUS             COINS         RATE  END                   ALL",
                "x       bonded             1.5scrt       5%    2027-01-31T00:00:00Z  0.095668scrt,7other",
                "longer  SendAuthorization  0.000001scrt  100%                        none",
                "        no_with_veto       none          x                           0.000001scrt",
                "there are more: --page-key AQ==",
            ])
    }

    @Test("a list within each element makes rows of its own; an empty list says so; others' texts move no cursor")
    func parts() throws {
        let table = AnswerTable("u", parts: "entries", [.init("V", "v"), .init("HEIGHT", "part.h")])
        let answer = try parsed(#"{"u":[{"v":"a\u001b[2J","entries":[{"h":"1"},{"h":"2"}]},{"v":"b","entries":[]}]}"#)
        #expect(table.lines(answer) == [#"V         HEIGHT"#, #"a\x1b[2J  1"#, #"a\x1b[2J  2"#])
        #expect(table.lines(["u": []]) == ["none"] && table.lines(.object([])) == ["none"])
    }
}
