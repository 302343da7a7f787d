import StrictJSON

/// A request line's target, taken apart: the segments of the path and the parameters of the query, percent-decoded.
///
/// A path is split before it is decoded, so that an escaped slash stays inside its segment. Slashes at the end, slashes
/// that repeat, as where a client joins an address that ends in one, and a question mark with nothing behind it are
/// forgiven.
package struct RequestTarget: Equatable {
    package struct Parameter: Equatable {
        package var name: String
        package var value: String
    }

    private static let parametersMax = 1000

    package var segments: [String]
    package var parameters: [Parameter]

    package init(_ text: String) throws(StatusError) {
        let bytes = Array(text.utf8)
        let end = bytes.firstIndex(of: UInt8(ascii: "?")) ?? bytes.endIndex
        let path = bytes[..<end]
        guard path.first == UInt8(ascii: "/") else { throw StatusError.noRoute }
        segments = []
        for part in path.split(separator: UInt8(ascii: "/")) {
            segments.append(try RequestTarget.decode(part, plusIsSpace: false))
        }
        parameters = []
        let pairs = bytes[end...].dropFirst().split(separator: UInt8(ascii: "&"))
        guard pairs.count <= RequestTarget.parametersMax else {
            throw StatusError(.invalidArgument, "more than \(RequestTarget.parametersMax) query parameters")
        }
        for pair in pairs {
            let separator = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
            parameters.append(
                Parameter(
                    name: try RequestTarget.decode(pair[..<separator], plusIsSpace: true),
                    value: try RequestTarget.decode(pair[separator...].dropFirst(), plusIsSpace: true)))
        }
    }

    private static func decode(_ bytes: ArraySlice<UInt8>, plusIsSpace: Bool) throws(StatusError) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            switch bytes[index] {
            case UInt8(ascii: "%"):
                guard bytes.endIndex - index > 2, let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2])
                else { throw StatusError(.invalidArgument, "invalid URL escape") }
                decoded.append(high << 4 | low)
                index += 2
            case UInt8(ascii: "+") where plusIsSpace: decoded.append(UInt8(ascii: " "))
            case let byte: decoded.append(byte)
            }
            index += 1
        }
        guard let text = String(streamSafe: decoded) else {
            throw StatusError(.invalidArgument, "the URL is not UTF-8")
        }
        return text
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}

extension RequestTarget {
    /// The parameters as the object that a body with the same content would be. Names are dotted into nested messages;
    /// those the message does not have are ignored, and so are those without a value: they say what absence says.
    package static func object(_ parameters: [Parameter], message: MessageDescriptor, pool: DescriptorPool) throws
        -> JSONValue
    {
        try object(
            parameters.filter { !$0.value.isEmpty }.map {
                ($0.name.split(separator: ".", omittingEmptySubsequences: false)[...], $0.value)
            },
            message: message, pool: pool)
    }

    private static func object(
        _ parameters: [(path: ArraySlice<Substring>, value: String)], message: MessageDescriptor, pool: DescriptorPool
    ) throws -> JSONValue {
        var mine: [UInt32: [(path: ArraySlice<Substring>, value: String)]] = [:]
        for (path, value) in parameters {
            guard let name = path.first, let field = message.field(requestName: name) else { continue }
            mine[field.number, default: []].append((path.dropFirst(), value))
        }
        var members: [(String, JSONValue)] = []
        for field in message.fields {
            guard let given = mine[field.number] else { continue }
            let values = given.filter { $0.path.isEmpty }.map { JSONValue.string($0.value) }
            if let last = values.last {
                members.append((field.name, field.isRepeated ? .array(values) : last))
            } else if case .message(let name) = field.kind, !field.isRepeated {
                members.append((field.name, try object(given, message: pool.message(name), pool: pool)))
            }
        }
        return .object(members)
    }
}
