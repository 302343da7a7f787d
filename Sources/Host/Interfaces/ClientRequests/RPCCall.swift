import PublicCryptography
import StrictJSON

/// The parameters of a request by their names, read in the forms that CometBFT reads.
package struct RPCCall: Sendable {
    /// How bytes are written in JSON: CometBFT has two kinds of them.
    package enum BytesForm { case hexadecimal, base64 }

    package let id: RPCID
    package let method: String
    private let parameters: [RPCRequest.Parameters.Named]
    private let isJSON: Bool

    /// `names` are the method's parameters in their order: a list has all of them.
    package init(_ request: RPCRequest, names: [String]) throws(RPCFault) {
        (id, method) = (request.id, request.method)
        switch request.parameters {
        case .none: (parameters, isJSON) = ([], true)
        case .named(let members): (parameters, isJSON) = (members, true)
        case .path(let members): (parameters, isJSON) = (members, false)
        case .listed(let values):
            guard values.count == names.count else {
                let wanted = "[" + names.joined(separator: " ") + "]"
                throw RPCCall.unreadable(
                    isJSON: true, "expected \(names.count) parameters (\(wanted)), got \(values.count)")
            }
            (parameters, isJSON) = (zip(names, values).map { .init($0, $1) }, true)
        case .unknown:
            throw RPCCall.unreadable(isJSON: true, "unknown type for JSON params. Expected map or array")
        }
    }

    private static func unreadable(isJSON: Bool, _ text: String) -> RPCFault {
        .invalid("error converting \(isJSON ? "json" : "http") params to arguments: \(text)")
    }

    private func unreadable(_ text: String) -> RPCFault { RPCCall.unreadable(isJSON: isJSON, text) }

    private func value(_ name: String) -> JSONValue? {
        guard let value = parameters.first(where: { $0.name == name })?.value, !value.isNull else { return nil }
        if !isJSON, value.string?.isEmpty == true { return nil }
        return value
    }

    /// 64-bit numbers are texts in CometBFT's JSON; numbers are understood, too.
    package func integer(_ name: String) throws(RPCFault) -> Int64? {
        guard let value = value(name) else { return nil }
        guard let number = value.int64 ?? value.string.map(RPCCall.unquoted).flatMap({ Int64($0) }) else {
            throw unreadable("\(name) must be a whole number")
        }
        return number
    }

    package func flag(_ name: String) throws(RPCFault) -> Bool? {
        guard let value = value(name) else { return nil }
        guard let flag = value.bool ?? value.string.flatMap({ Bool($0) }) else {
            throw unreadable("\(name) must be true or false")
        }
        return flag
    }

    /// In a path in quotes, or without them where CometBFT would refuse it.
    package func text(_ name: String) throws(RPCFault) -> String? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else { throw unreadable("\(name) must be a text") }
        return isJSON ? text : RPCCall.unquoted(text)
    }

    /// An object; in a path its text.
    package func json(_ name: String, limits: JSONLimits) throws(RPCFault) -> JSONValue? {
        guard let value = value(name) else { return nil }
        guard !isJSON, let text = value.string else { return value }
        do throws(JSONError) { return try JSONReader.parse(Array(text.utf8), limits: limits) } catch {
            throw unreadable("\(name) is not JSON")
        }
    }

    /// In a path `0x` and digits, or a text in quotes.
    package func bytes(_ name: String, inJSON form: BytesForm) throws(RPCFault) -> [UInt8]? {
        guard let value = value(name) else { return nil }
        guard let text = value.string else { throw unreadable("\(name) must be a text") }
        let bytes: [UInt8]? =
            if !isJSON {
                text.hasPrefix("0x") || text.hasPrefix("0X")
                    ? Hexadecimal.decode(String(text.dropFirst(2)))
                    : (text.hasPrefix("\"") ? Array(RPCCall.unquoted(text).utf8) : nil)
            } else {
                form == .hexadecimal ? Hexadecimal.decode(text) : Base64.decode(text)
            }
        guard let bytes else { throw unreadable("\(name) is not understood") }
        return bytes
    }

    private static func unquoted(_ text: String) -> String {
        text.utf8.count >= 2 && text.hasPrefix("\"") && text.hasSuffix("\"")
            ? String(text.dropFirst().dropLast()) : text
    }
}
