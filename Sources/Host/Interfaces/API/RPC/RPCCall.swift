import PublicCryptography
import StrictJSON

/// A method with its parameters, from a JSON-RPC request or from the path of a GET. A stranger chose the bytes.
struct RPCCall: Sendable {
    enum BytesForm { case hexadecimal, base64 }

    let method: String
    private let parameters: [(name: String, value: JSONValue)]
    private let isJSON: Bool

    /// `id` is set as soon as it is known: an error is answered with it, too.
    init(_ request: RESTRequest, id: inout JSONValue) throws(RPCFault) {
        let target: RequestTarget
        do throws(StatusError) { target = try RequestTarget(request.target) } catch { throw .malformed(error.message) }
        guard request.verb == "POST" else {
            guard target.segments.count == 1 else { throw .unknownMethod }
            method = target.segments[0]
            parameters = target.parameters.map { ($0.name, .string($0.value)) }
            isJSON = false
            return
        }
        let json: JSONValue
        do throws(JSONError) {
            json = try JSONReader.parse(
                request.body, limits: JSONLimits(bytesMax: APILimits.bodyBytesMax, valuesMax: APILimits.bodyValuesMax))
        } catch { throw .malformed("the body is not JSON") }
        guard json.array == nil else { throw .malformed("one request at a time") }
        switch json["id"] {
        case .some(.number(let text)): id = .number(text)
        case .some(.string(let text)): id = .string(text)
        default: throw .malformed("id must be a number or a text")
        }
        guard let method = json["method"]?.string else { throw .malformed("method must be a text") }
        self.method = method
        isJSON = true
        switch json["params"] {
        case nil, .some(.null): parameters = []
        case .some(.object(let members)): parameters = members.map { ($0.0, $0.1) }
        case .some(.array(let values)):
            let names = RPCCall.names[method] ?? []
            guard values.count <= names.count else { throw .invalid("more parameters than \(names.count)") }
            parameters = zip(names, values).map { ($0, $1) }
        default: throw .invalid("params must be an object or a list")
        }
    }

    /// Where parameters are told apart by their places alone.
    private static let names = [
        "header": ["height"], "block": ["height"], "commit": ["height"], "consensus_params": ["height"],
        "validators": ["height", "page", "per_page"], "abci_query": ["path", "data", "height", "prove"],
        "broadcast_tx_sync": ["tx"], "broadcast_tx_async": ["tx"], "broadcast_evidence": ["evidence"],
    ]

    private func value(_ name: String) -> JSONValue? {
        guard let value = parameters.first(where: { $0.name == name })?.value, !value.isNull else { return nil }
        if !isJSON, value.string?.isEmpty == true { return nil }
        return value
    }

    /// 64-bit numbers are texts in CometBFT's JSON; numbers are understood, too.
    func integer(_ name: String) throws(RPCFault) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.int64 ?? value.string.map(RPCCall.unquoted).flatMap({ Int64($0) }) else {
            throw .invalid("\(name) must be a whole number")
        }
        return number
    }

    func flag(_ name: String) throws(RPCFault) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.bool ?? value.string.flatMap({ Bool($0) }) else {
            throw .invalid("\(name) must be true or false")
        }
        return flag
    }

    func text(_ name: String) throws(RPCFault) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else { throw .invalid("\(name) must be a text") }
        return isJSON ? text : RPCCall.unquoted(text)
    }

    /// An object; in a path its text.
    func json(_ name: String) throws(RPCFault) -> JSONValue? {
        guard let value = value(name) else { return nil }
        guard !isJSON, let text = value.string else { return value }
        do throws(JSONError) {
            return try JSONReader.parse(
                Array(text.utf8),
                limits: JSONLimits(bytesMax: APILimits.bodyBytesMax, valuesMax: APILimits.bodyValuesMax))
        } catch { throw .invalid("\(name) is not JSON") }
    }

    /// In a path `0x` and digits, or a text in quotes.
    func bytes(_ name: String, inJSON form: BytesForm) throws(RPCFault) -> [UInt8]? {
        guard let text = value(name)?.string else { return nil }
        let bytes: [UInt8]? =
            if !isJSON {
                text.hasPrefix("0x")
                    ? Hexadecimal.decode(String(text.dropFirst(2)))
                    : (text.hasPrefix("\"") ? Array(RPCCall.unquoted(text).utf8) : nil)
            } else {
                form == .hexadecimal ? Hexadecimal.decode(text) : Base64.decode(text)
            }
        guard let bytes else { throw .invalid("\(name) is not understood") }
        return bytes
    }

    private static func unquoted(_ text: String) -> String {
        text.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"") ? String(text.dropFirst().dropLast()) : text
    }
}
