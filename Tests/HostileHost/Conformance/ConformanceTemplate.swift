import Foundation
import PublicCryptography
import SignedTransactions
import StrictJSON
import TransactionFixtures

/// Makes messages and expectations out of what a table says.
///
/// In text, `${name}` stands for a value; text that is `${#name}` alone becomes a number. An object whose first member
/// begins with `$` stands for what that says: see Tests/Conformance/README.md.
struct ConformanceTemplate {
    /// Addresses, hashes and whatever earlier steps kept.
    var values: [String: String]
    /// What the row is given this time, where it is no text.
    var parts: [String: JSONValue] = [:]
    /// Who signs permits.
    var keys: [String: FixtureKey] = [:]
    /// What version of the interface a contract has, so that what it is told to say is in its words.
    var versionOf: (String) -> String?
    /// The version of who says what is being expanded.
    var version: String

    func spoken(by contract: String) -> ConformanceTemplate {
        var copy = self
        copy.version = versionOf(contract) ?? version
        return copy
    }

    func text(_ json: JSONValue?) throws -> String? { try json?.string.map(interpolate) }

    /// The bytes that some JSON stands for: text as it is, other JSON compact.
    func bytes(_ json: JSONValue) throws -> [UInt8] {
        let expanded = try expand(json)
        return if let text = expanded.string { Array(text.utf8) } else { JSONWriter.bytes(of: expanded) }
    }

    func interpolate(_ text: String) throws -> String {
        var result = ""
        var rest = text[...]
        while let start = rest.range(of: "${") {
            guard let end = rest[start.upperBound...].firstIndex(of: "}") else { break }
            let name = String(rest[start.upperBound..<end])
            guard let value = values[name] else { throw ConformanceFault("no value \(name)") }
            result += rest[..<start.lowerBound] + value
            rest = rest[rest.index(after: end)...]
        }
        return result + rest
    }

    func expand(_ json: JSONValue) throws -> JSONValue {
        switch json {
        case .string(let text):
            if text.hasPrefix("${#"), text.hasSuffix("}") {
                return .number(try interpolate("${" + text.dropFirst(3)))
            }
            if text.hasPrefix("${"), text.hasSuffix("}"), let part = parts[String(text.dropFirst(2).dropLast())] {
                return try expand(part)
            }
            return .string(try interpolate(text))
        case .array(let elements): return .array(try elements.map(expand))
        case .object(let members):
            if let (directive, content) = members.first, directive.hasPrefix("$") {
                return try stand(for: String(directive.dropFirst()), content, json)
            }
            return .object(try members.map { (try interpolate($0.0), try expand($0.1)) })
        default: return json
        }
    }

    // MARK: - Directives

    private func stand(for directive: String, _ content: JSONValue, _ whole: JSONValue) throws -> JSONValue {
        switch directive {
        case "base64": return .string(Base64.encode(try bytes(content)))
        case "json": return .string(String(decoding: try bytes(content), as: UTF8.self))
        case "hex":
            guard let bytes = content.string.flatMap({ Hexadecimal.decode($0) }) else {
                throw ConformanceFault("no hex")
            }
            return .string(Base64.encode(bytes))
        case "canonical":
            guard let address = AccountAddress(bech32: try text(content) ?? "") else {
                throw ConformanceFault("no address")
            }
            return .string(Base64.encode(address.bytes))
        case "repeat":
            guard let text = content[0]?.string, let count = content[1]?.numberText.flatMap({ Int($0) }) else {
                throw ConformanceFault("repeat wants a text and a count")
            }
            return .string(String(repeating: text, count: count))
        case "sections":
            // The list of byte strings that batch verification takes: each followed by its length.
            let items = try (expand(content).array ?? []).flatMap { item -> [UInt8] in
                guard let bytes = item.string.flatMap({ Base64.decode($0) }) else {
                    throw ConformanceFault("no base64")
                }
                return bytes + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) }
            }
            return .string(Base64.encode(items))
        case "upper": return .string(String(decoding: try bytes(content), as: UTF8.self).uppercased())
        case "response": return try response(content)
        case "smart":
            let to = content["to"]?.string ?? ""
            return try wasm(
                "smart", content, hashOf: to,
                [("contract_addr", .string(try address(to))), ("msg", try inner(content["msg"], spokenBy: to))])
        case "nest":
            // A query that asks the contract to query itself, and so on.
            guard let to = content[0]?.string, let depth = content[1]?.numberText.flatMap({ Int($0) }) else {
                throw ConformanceFault("nest wants a contract, a depth and a message")
            }
            var message = content[2] ?? .null
            for _ in 0..<depth {
                let smart = JSONValue.object([("$smart", .object([("to", .string(to)), ("msg", message)]))])
                message = .object([("ask", smart)])
            }
            return try expand(message)
        case "call":
            let to = content["to"]?.string ?? ""
            return try submessage(
                wasm(
                    "execute", content, hashOf: to,
                    [
                        ("contract_addr", .string(try address(to))), ("msg", try inner(content["msg"], spokenBy: to)),
                        ("send", try coins(content["send"])),
                    ]), content)
        case "make":
            let code = try text(content["code"]) ?? version
            var members: [(String, JSONValue)] = [
                ("code_id", .number(try value("\(code).id"))), ("msg", try inner(content["msg"], spokenBy: code)),
                ("send", try coins(content["send"])), ("label", .string(try text(content["label"]) ?? "")),
            ]
            if version == "v1" { members.append(("admin", try content["admin"].map(expand) ?? .null)) }
            return try submessage(wasm("instantiate", content, hashOf: code, members), content)
        case "move":
            let (to, code) = (content["to"]?.string ?? "", try text(content["code"]) ?? "")
            return try submessage(
                wasm(
                    "migrate", content, hashOf: code,
                    [
                        ("contract_addr", .string(try address(to))), ("code_id", .number(try value("\(code).id"))),
                        ("msg", try inner(content["msg"], spokenBy: code)),
                    ]), content)
        case "send":
            let from = try text(content["from"])
            var send: [(String, JSONValue)] = [
                ("to_address", .string(try address(content["to"]?.string ?? ""))),
                ("amount", try coins(content["coins"])),
            ]
            if version == "v010" { send.insert(("from_address", .string(from ?? "")), at: 0) }
            return try submessage(.object([("bank", .object([("send", .object(send))]))]), content)
        case "message": return try submessage(expand(content), whole)
        case "permit": return try permit(content)
        default: throw ConformanceFault("unknown directive \(directive)")
        }
    }

    private func value(_ name: String) throws -> String { try interpolate("${\(name)}") }
    /// A name, or an address as it is.
    private func address(_ name: String) throws -> String { try values[name] ?? interpolate(name) }

    private func inner(_ message: JSONValue?, spokenBy contract: String) throws -> JSONValue {
        .string(Base64.encode(try spoken(by: contract).bytes(message ?? .object([]))))
    }

    private func wasm(
        _ verb: String, _ content: JSONValue, hashOf name: String, _ members: [(String, JSONValue)]
    ) throws -> JSONValue {
        let hash = try content["hash"].map(expand)?.string ?? value("\(name).hash")
        let member = (version == "v1" ? "code_hash" : "callback_code_hash", JSONValue.string(hash))
        return .object([("wasm", .object([(verb, .object(members + [member]))]))])
    }

    private func coins(_ json: JSONValue?) throws -> JSONValue {
        .array(
            (try text(json) ?? "").split(separator: ",").map { coin in
                let amount = coin.prefix { $0.isNumber || $0 == "-" }
                return .object([
                    ("denom", .string(String(coin.dropFirst(amount.count)))), ("amount", .string(String(amount))),
                ])
            })
    }

    private func submessage(_ message: JSONValue, _ content: JSONValue) throws -> JSONValue {
        guard version == "v1" else { return message }
        return .object([
            ("id", try content["id"].map(expand) ?? .number("7")), ("msg", message),
            ("gas_limit", content["gas"] ?? .null),
            ("reply_on", try content["reply"].map(expand) ?? .string("never")),
        ])
    }

    /// A query permit (SNIP-24): what wallets sign as an amino document without a transaction.
    private func permit(_ content: JSONValue) throws -> JSONValue {
        guard let key = keys[content["by"]?.string ?? ""] else { throw ConformanceFault("nobody signs the permit") }
        let contract = JSONValue.array([.string(try address(content["contract"]?.string ?? ""))])
        let permissions = content["permissions"] ?? .array([])
        let chainID = JSONValue.string(try value("chain"))
        let none = JSONValue.object([("amount", .string("0")), ("denom", .string("uscrt"))])
        let message = JSONValue.object([
            ("allowed_tokens", contract), ("permissions", permissions), ("permit_name", .string("permit")),
        ])
        let document = JSONValue.object([
            ("account_number", .string("0")), ("chain_id", chainID),
            ("fee", .object([("amount", .array([none])), ("gas", .string("1"))])), ("memo", .string("")),
            ("msgs", .array([.object([("type", .string("query_permit")), ("value", message)])])),
            ("sequence", .string("0")),
        ])
        let publicKey = JSONValue.object([
            ("type", .string("tendermint/PubKeySecp256k1")), ("value", .string(Base64.encode(key.publicKey))),
        ])
        let signature = Base64.encode(key.sign(JSONWriter.bytes(of: document)))
        return .object([
            (
                "params",
                .object([
                    ("permit_name", .string("permit")), ("allowed_tokens", contract), ("chain_id", chainID),
                    ("permissions", permissions),
                ])
            ), ("signature", .object([("pub_key", publicKey), ("signature", .string(signature))])),
        ])
    }

    private func response(_ content: JSONValue) throws -> JSONValue {
        let messages = try expand(content["messages"] ?? .array([]))
        let data = try content["data"].map { JSONValue.string(Base64.encode(try bytes($0))) } ?? .null
        let attributes = try attributes(content["attributes"])
        guard version == "v1" else {
            return .object([("messages", messages), ("log", attributes), ("data", data)])
        }
        let events = try (content["events"]?.object ?? []).map { type, list in
            JSONValue.object([("type", .string(type)), ("attributes", try self.attributes(list))])
        }
        return .object([
            ("messages", messages), ("attributes", attributes), ("events", .array(events)), ("data", data),
        ])
    }

    /// `[key, value]`, or with a third element: whether it is encrypted.
    private func attributes(_ list: JSONValue?) throws -> JSONValue {
        .array(
            try (list?.array ?? []).map { attribute in
                let key = try expand(attribute[0] ?? .null)
                let value = try expand(attribute[1] ?? .null)
                return .object([("key", key), ("value", value)] + (attribute[2].map { [("encrypted", $0)] } ?? []))
            })
    }
}
