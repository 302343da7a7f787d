import PublicCryptography
import SignedTransactions
import StrictJSON

/// What a contract returned. A contract is a stranger: whatever does not parse is `malformed`, and nothing here traps.
package enum ContractOutput: Equatable, Sendable {
    case error(ContractErrorText)
    /// A query's answer: the base64 text, which is also what is encrypted.
    case answer(String)
    case response(ContractResponse)
    /// Of an IBC packet that was received.
    case acknowledgement([UInt8], ContractResponse)
    /// Of an IBC channel that was opened; `nil` accepts the version that was proposed.
    case channelVersion(String?)
    case malformed

    /// The longest output that is looked at. A consensus constant of ours: a parsed value takes thirty times its text.
    package static let bytesMax = 1 << 20
    /// As serde_json.
    private static let depthMax = 128

    /// Tries the shapes in the original's order (Secret Network protocol: output pipeline), whatever was called: the
    /// caller refuses a shape that does not fit the entry.
    package static func parse(_ bytes: [UInt8], interface: InterfaceVersion, entry: ContractEntry) -> ContractOutput {
        let limits = JSONLimits(bytesMax: bytesMax, depthMax: depthMax, repeatedNames: .refused)
        guard let json = try? JSONReader.parse(bytes, limits: limits), case .object = json else { return .malformed }
        if let error = json["Err"] {
            return .error(ContractErrorText(text: trimmed(JSONWriter.text(of: sorted(error)))))
        }
        if let answer = json["Ok"]?.string ?? json["ok"]?.string { return .answer(answer) }
        guard let content = json["Ok"] else { return .malformed }
        let reader = ResponseReader()
        if let response = reader.responseV010(content) { return .response(response) }
        if let response = reader.responseV1(content) { return .response(response) }
        if let (acknowledgement, response) = reader.acknowledgement(content) {
            return .acknowledgement(acknowledgement, response)
        }
        if content.isNull { return .channelVersion(nil) }
        if case .string(let version)? = content["version"] { return .channelVersion(version) }
        return .malformed
    }

    /// With the members of objects by their names, as the original writes again what it has read. The reader refused
    /// repeated names, and nesting deeper than a few calls.
    private static func sorted(_ value: JSONValue) -> JSONValue {
        switch value {
        case .object(let members):
            .object(
                members.map { ($0.0, sorted($0.1)) }.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) })
        case .array(let elements): .array(elements.map(sorted))
        default: value
        }
    }

    /// Without the quotes around it: all of them, as the original trims.
    private static func trimmed(_ text: String) -> String {
        let bytes = text.utf8
        guard let first = bytes.firstIndex(where: { $0 != UInt8(ascii: "\"") }),
            let last = bytes.lastIndex(where: { $0 != UInt8(ascii: "\"") })
        else { return "" }
        return String(text[first...last])
    }
}

extension ContractMessage {
    fileprivate var isBurn: Bool {
        if case .other(let other) = self { other.kind == "bank.burn" } else { false }
    }
}

/// Reads responses as serde derives it: a member that is missing, of another type, or unknown where the original says
/// so, makes the whole shape not match.
private struct ResponseReader {
    /// Whether `json` is an object with no members but these.
    private func hasOnly(_ names: Set<String>, _ json: JSONValue) -> Bool {
        json.object?.allSatisfy { names.contains($0.0) } ?? false
    }

    func responseV010(_ json: JSONValue) -> ContractResponse? {
        guard hasOnly(["messages", "log", "data"], json), let messages = list(json["messages"], message),
            let log = list(json["log"], attribute), let data = binary(json["data"]), !messages.contains(where: \.isBurn)
        else { return nil }
        var response = ContractResponse()
        response.messages = messages.map { SubMessage(message: $0) }
        response.attributes = log
        response.data = data
        return response
    }

    func responseV1(_ json: JSONValue) -> ContractResponse? {
        guard hasOnly(["messages", "attributes", "events", "data"], json), let data = binary(json["data"]),
            var response = common(json)
        else { return nil }
        response.data = data
        return response
    }

    func acknowledgement(_ json: JSONValue) -> ([UInt8], ContractResponse)? {
        guard let bytes = binary(json["acknowledgement"]) ?? nil, let response = common(json) else { return nil }
        return (bytes, response)
    }

    private func common(_ json: JSONValue) -> ContractResponse? {
        guard let messages = list(json["messages"], subMessage), let attributes = list(json["attributes"], attribute),
            let events = list(json["events"] ?? [], event)
        else { return nil }
        var response = ContractResponse()
        response.messages = messages
        response.attributes = attributes
        response.events = events
        return response
    }

    // MARK: - Parts

    private func list<Element>(_ json: JSONValue?, _ element: (JSONValue) -> Element?) -> [Element]? {
        guard let items = json?.array else { return nil }
        var list: [Element] = []
        for item in items {
            guard let element = element(item) else { return nil }
            list.append(element)
        }
        return list
    }

    /// Base64 text, or nothing: absent and `null` alike. The outer `nil` is a mismatch.
    private func binary(_ json: JSONValue?) -> [UInt8]?? {
        guard let json, !json.isNull else { return .some(nil) }
        guard let bytes = json.string.flatMap({ Base64.decode($0) }) else { return nil }
        return .some(bytes)
    }

    private func attribute(_ json: JSONValue) -> ContractAttribute? {
        guard let key = json["key"]?.string, let value = json["value"]?.string else { return nil }
        guard let encrypted = json["encrypted"] else { return ContractAttribute(key: key, value: value) }
        return encrypted.bool.map { ContractAttribute(key: key, value: value, isEncrypted: $0) }
    }

    private func event(_ json: JSONValue) -> ContractEvent? {
        guard let type = json["type"]?.string, let attributes = list(json["attributes"], attribute) else { return nil }
        return ContractEvent(type: type, attributes: attributes)
    }

    private func coin(_ json: JSONValue) -> ContractCoin? {
        guard let denomination = json["denom"]?.string, let amount = json["amount"]?.string else { return nil }
        return ContractCoin(denomination: denomination, amount: amount)
    }

    private func subMessage(_ json: JSONValue) -> SubMessage? {
        guard let id = json["id"]?.uint64, let message = json["msg"].flatMap(message),
            let replyOn = json["reply_on"]?.string.flatMap(SubMessage.ReplyOn.init(rawValue:))
        else { return nil }
        var gasLimit: UInt64?
        if let limit = json["gas_limit"], !limit.isNull {
            guard let number = limit.uint64 else { return nil }
            gasLimit = number
        }
        return SubMessage(id: id, message: message, gasLimit: gasLimit, replyOn: replyOn)
    }

    // MARK: - Messages

    private static let kinds: Set<String> = [
        "bank", "custom", "staking", "distribution", "stargate", "ibc", "wasm", "gov", "finalize_tx",
    ]

    /// An object with one member, whose name is the kind.
    private func message(_ json: JSONValue) -> ContractMessage? {
        guard let (kind, content) = variant(json), ResponseReader.kinds.contains(kind) else { return nil }
        switch kind {
        case "bank":
            guard let (verb, content) = variant(content) else { return nil }
            switch verb {
            case "send": return bankSend(content)
            default: return .other(.init(kind: "bank.\(verb)"))
            }
        case "wasm": return wasm(content)
        case "stargate": return .other(.init(kind: kind, encoded: encoded(content)))
        case "staking", "distribution", "gov":
            return .other(.init(kind: kind, requests: LedgerRequest.read(kind, content)))
        default: return .other(.init(kind: kind))
        }
    }

    private func encoded(_ json: JSONValue) -> AnyMessage? {
        guard let typeURL = json["type_url"]?.string, let value = json["value"]?.string.flatMap({ Base64.decode($0) })
        else { return nil }
        return AnyMessage(typeURL: typeURL, value: value)
    }

    private func variant(_ json: JSONValue) -> (String, JSONValue)? {
        guard let members = json.object, members.count == 1 else { return nil }
        return members[0]
    }

    private func bankSend(_ json: JSONValue) -> ContractMessage? {
        guard let to = json["to_address"]?.string, let amount = list(json["amount"], coin) else { return nil }
        return .bankSend(.init(fromAddress: json["from_address"]?.string, toAddress: to, amount: amount))
    }

    private func wasm(_ content: JSONValue) -> ContractMessage? {
        guard let (verb, json) = variant(content) else { return nil }
        let address = json["contract_addr"]?.string
        // The first name is v1's, the second v0.10's.
        let codeHash = (json["code_hash"] ?? json["callback_code_hash"])?.string
        let message = binary(json["msg"]) ?? nil
        switch verb {
        case "execute":
            guard let address, let codeHash, let message, let funds = list(json["send"], coin) else { return nil }
            return .wasmExecute(.init(contractAddress: address, codeHash: codeHash, message: message, funds: funds))
        case "instantiate":
            guard let codeID = json["code_id"]?.uint64, let codeHash, let message, let label = json["label"]?.string,
                let funds = list(json["send"], coin), let admin = optionalText(json["admin"])
            else { return nil }
            return .wasmInstantiate(
                .init(admin: admin, codeID: codeID, codeHash: codeHash, message: message, funds: funds, label: label))
        case "migrate":
            guard let address, let codeHash, let codeID = json["code_id"]?.uint64, let message else { return nil }
            return .wasmMigrate(
                .init(contractAddress: address, codeHash: codeHash, codeID: codeID, message: message))
        case "update_admin":
            guard let address, let admin = json["admin"]?.string else { return nil }
            return .wasmUpdateAdmin(contractAddress: address, admin: admin)
        case "clear_admin":
            return address.map { .wasmClearAdmin(contractAddress: $0) }
        default: return nil
        }
    }

    private func optionalText(_ json: JSONValue?) -> String?? {
        guard let json, !json.isNull else { return .some(nil) }
        guard let text = json.string else { return nil }
        return .some(text)
    }
}
