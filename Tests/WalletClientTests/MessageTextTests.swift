import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import TestSupport
import Testing
import WalletClient
import Wire

@Suite("Messages as people write them") struct MessageTextTests {
    private static let limits = JSONLimits(bytesMax: 1 << 24)

    /// The other way, by the same table: what a node would show of a message, as far as its form is known.
    private func json(_ bytes: ArraySlice<UInt8>, of name: String) throws -> JSONValue? {
        guard let form = aminoForms[name] else { return nil }
        var members: [(String, JSONValue)] = []
        var lists: [String: [JSONValue]] = [:]
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            guard let known = form.fields.first(where: { $0.number == field.number }) else { return nil }
            guard let value = try value(field, known, in: form.home) else { return nil }
            if known.flags.contains(.list) {
                lists[known.name, default: []].append(value)
            } else {
                members.append((known.name, value))
            }
        }
        return .object(members + lists.sorted { $0.key < $1.key }.map { ($0.key, .array($0.value)) })
    }

    private func value(_ field: ProtobufReader.Field, _ known: AminoForm.Field, in home: String) throws -> JSONValue? {
        switch known.kind {
        case .text, .integer: return .string(try field.string())
        case .bytes: return .string(Base64.encode(Array(try field.slice())))
        case .number: return .string(String(try field.uint64()))
        case .shortNumber: return .number(String(try field.uint32()))
        case .signed: return .string(String(try field.int64()))
        case .shortSigned: return .number(String(try field.int32()))
        case .flag: return .bool(try field.uint64() == 1)
        case .decimal:
            let digits = try field.string()
            let isNegative = digits.hasPrefix("-")
            let padded = String(repeating: "0", count: 19) + digits.drop { $0 == "-" }
            return .string((isNegative ? "-" : "") + padded.dropLast(18) + "." + padded.suffix(18))
        case .time: return .string(try Timestamp(protobuf: Array(try field.slice())).description)
        case .duration:
            var (reader, seconds, nanoseconds) = (ProtobufReader(try field.slice()), Int64(0), Int64(0))
            while let part = try reader.next() {
                if part.number == 1 { seconds = try part.int64() } else { nanoseconds = try part.int64() }
            }
            guard nanoseconds == 0 else { return nil }
            return .string("\(seconds)s")
        case .any:
            let message = try AnyMessage(decoding: try field.slice())
            guard let inner = try json(message.value, of: String(message.typeURL.dropFirst()))?.object else {
                return nil
            }
            return .object([("@type", .string(message.typeURL))] + inner)
        case .message(let name):
            return try json(try field.slice(), of: name.first?.isLowercase == true ? name : "\(home).\(name)")
        }
    }

    @Test("every message of the recorded vectors is written to the bytes that another library made")
    func vectors() throws {
        let file = try Data(contentsOf: URL(fileURLWithPath: Repository.path("Tests/Fixtures/amino.json")))
        let cases = try #require(JSONReader.parse(Array(file), limits: Self.limits).array)
        var (count, kinds) = (0, Set<String>())
        for example in cases {
            let type = try #require(example["type"]?.string)
            let bytes = try #require(example["bytes"]?.string.flatMap { Base64.decode($0) })
            guard let members = try json(bytes[...], of: String(type.dropFirst()))?.object else { continue }
            var named = members
            if type == "/cosmos.slashing.v1beta1.MsgUnjail" { named = members.map { ("validator_addr", $0.1) } }
            let written = try MessageText.message(.object([("@type", .string(type))] + named))
            #expect(Array(written.value) == bytes, "\(type)")
            count += 1
            kinds.insert(type)
        }
        // Of the rest, lists of numbers and fractions of seconds, nobody writes any by hand.
        #expect(count > cases.count * 3 / 4 && kinds.count > 80, "\(count) of \(cases.count), \(kinds.count) kinds")
    }

    @Test("what is wrong is named by its path, with what belongs there")
    func faults() throws {
        let coin = #"{"denom":"uscrt","amount":"1"}"#
        let cases = [
            (#"{"to_address":"x"}"#, #"the message has no "@type""#),
            (#"{"@type":"/cosmos.nft.v1beta1.MsgSend"}"#, "@type /cosmos.nft.v1beta1.MsgSend is no message"),
            (
                #"{"@type":"/cosmos.bank.v1beta1.MsgSend","too":"x"}"#,
                "too is no member; there are from_address, to_address"
            ),
            (#"{"@type":"/cosmos.bank.v1beta1.MsgSend","amount":\#(coin)}"#, "amount must be a list"),
            (
                #"{"@type":"/cosmos.bank.v1beta1.MsgSend","amount":[\#(coin),{"denom":"uscrt","amount":1}]}"#,
                "amount[1].amount must be a whole number in quotes"
            ),
            (#"{"@type":"/cosmos.bank.v1beta1.MsgSend","amount":[{"denom":"uscrt"}]}"#, "amount[0].amount is missing"),
            (#"{"@type":"/cosmos.staking.v1beta1.MsgDelegate"}"#, "amount.amount is missing"),
            (#"{"@type":"/cosmos.gov.v1.MsgVote","option":"YES"}"#, "option must be a number, or a name"),
            (#"{"@type":"/cosmos.gov.v1.MsgVote","proposal_id":"-1"}"#, "proposal_id must be a number without sign"),
            (
                #"{"@type":"/cosmos.gov.v1.MsgSubmitProposal","messages":[{"@type":"/cosmos.bank.v1beta1.MsgSend","x":1}]}"#,
                "messages[0].x is no member"
            ),
        ]
        for (text, expected) in cases {
            let error = #expect(throws: ClientError.self, "\(text)") {
                try MessageText.message(JSONReader.parse(Array(text.utf8), limits: Self.limits))
            }
            #expect(error?.description.hasPrefix(expected) == true, "\(text): \(error?.description ?? "")")
        }
        // Messages within messages, deeper than any chain lets them be.
        var deep: JSONValue = ["@type": "/cosmos.gov.v1.MsgVote"]
        for _ in 0..<9 { deep = ["@type": "/cosmos.authz.v1beta1.MsgExec", "msgs": .array([deep])] }
        #expect(throws: ClientError.self) { try MessageText.message(deep) }
    }

    @Test("decimals are scaled exactly, and what is none is refused")
    func decimals() {
        let cases = [
            "0": "0", "0.05": "50000000000000000", "1": "1000000000000000000", "12.5": "12500000000000000000",
            "0.000000000000000001": "1", "-0.5": "-500000000000000000", "-0": "0",
        ]
        for (text, digits) in cases { #expect(MessageText.scaled(text) == digits, "\(text)") }
        for text in ["", ".5", "1.", "1e3", "0x1", "1,5", "--1", "+1", "0.0000000000000000001", "1.5.2", " 1"] {
            #expect(MessageText.scaled(text) == nil, "\(text)")
        }
    }
}
