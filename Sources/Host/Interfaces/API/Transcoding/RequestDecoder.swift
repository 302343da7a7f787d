import PublicCryptography
import StrictJSON
import Wire

/// Turns a request's JSON into protobuf, as liberally as clients need: both name styles, integers as texts or numbers,
/// enumerations as names or numbers, any Base64.
///
/// Every error is the client's and becomes `invalidArgument`. Unknown members are ignored at the top, where secret-sdk
/// adds some of its own, and refused deeper, where losing one would change what a transaction says.
package struct RequestDecoder {
    private let pool: DescriptorPool

    package init(pool: DescriptorPool) {
        self.pool = pool
    }

    package func bytes(of value: JSONValue, as message: String) throws -> [UInt8] {
        try encode(value, as: pool.message(message), isTop: true)
    }

    private func encode(_ value: JSONValue, as descriptor: MessageDescriptor, isTop: Bool = false) throws -> [UInt8] {
        switch descriptor.name {
        case "google.protobuf.Any": return try encodeAny(value)
        case TimestampText.message:
            return try encodeText(value, TimestampText.decode, "a time")
        case DurationText.message:
            return try encodeText(value, DurationText.decode, "a duration")
        default:
            guard case .object(let members) = value else { throw invalid("\(descriptor.name) must be an object") }
            return try encode(members, as: descriptor, isTop: isTop)
        }
    }

    private func encode(_ members: [(String, JSONValue)], as descriptor: MessageDescriptor, isTop: Bool = false) throws
        -> [UInt8]
    {
        var given: [UInt32: JSONValue] = [:]
        for (name, value) in members where !value.isNull {
            guard let field = descriptor.field(requestName: name[...]) else {
                if isTop { continue }
                throw invalid("unknown field \(name) in \(descriptor.name)")
            }
            guard given.updateValue(value, forKey: field.number) == nil else {
                throw invalid("field \(field.name) of \(descriptor.name) is given twice")
            }
        }
        var writer = ProtobufWriter()
        for field in descriptor.fields.sorted(by: { $0.number < $1.number }) {
            guard let value = given[field.number] else { continue }
            if field.isRepeated {
                try write(elements: value, of: field, to: &writer)
            } else {
                try write(value, of: field, isElement: false, to: &writer)
            }
        }
        return writer.bytes
    }

    private func write(elements value: JSONValue, of field: FieldDescriptor, to writer: inout ProtobufWriter) throws {
        guard case .array(let elements) = value else { throw invalid("field \(field.name) must be an array") }
        var packed = ProtobufWriter()
        for element in elements {
            if let number = try varint(element, of: field) {
                packed.varint(number)
            } else {
                try write(element, of: field, isElement: true, to: &writer)
            }
        }
        if !packed.bytes.isEmpty { writer.message(field.number, packed.bytes) }
    }

    /// An element of a repeated field is written even when empty.
    private func write(_ value: JSONValue, of field: FieldDescriptor, isElement: Bool, to writer: inout ProtobufWriter)
        throws
    {
        if let number = try varint(value, of: field) {
            writer.uint64(field.number, number)
        } else if case .message(let name) = field.kind {
            writer.message(field.number, try encode(value, as: pool.message(name)))
        } else {
            let bytes = try text(value, of: field)
            if isElement { writer.message(field.number, bytes) } else { writer.bytes(field.number, bytes) }
        }
    }
}

// MARK: - Scalars

extension RequestDecoder {
    /// The varint of a number, flag or enumeration; `nil` for fields of another kind.
    private func varint(_ value: JSONValue, of field: FieldDescriptor) throws -> UInt64? {
        switch field.kind {
        case .int64: UInt64(bitPattern: try integer(value, Int64.self, field))
        case .int32: UInt64(bitPattern: Int64(try integer(value, Int32.self, field)))
        case .uint64: try integer(value, UInt64.self, field)
        case .uint32: UInt64(try integer(value, UInt32.self, field))
        case .bool: try flag(value, field) ? 1 : 0
        case .enumeration(let name): UInt64(bitPattern: Int64(try enumeration(value, name, field)))
        case .string, .bytes, .message: nil
        }
    }

    private func integer<Integer: FixedWidthInteger>(_ value: JSONValue, _ type: Integer.Type, _ field: FieldDescriptor)
        throws -> Integer
    {
        let text = value.string ?? value.numberText ?? ""
        guard text.first != "+", let number = Integer(text) else {
            throw invalid("field \(field.name) must be an integer of type \(field.kind)")
        }
        return number
    }

    /// A query string has only texts.
    private func flag(_ value: JSONValue, _ field: FieldDescriptor) throws -> Bool {
        switch value {
        case .bool(let flag): flag
        case .string("true"), .string("1"): true
        case .string("false"), .string("0"): false
        default: throw invalid("field \(field.name) must be true or false")
        }
    }

    private func enumeration(_ value: JSONValue, _ name: String, _ field: FieldDescriptor) throws -> Int32 {
        let text = value.string ?? value.numberText ?? ""
        if let number = try pool.enumeration(name).number(of: text[...]) ?? Int32(text) { return number }
        throw invalid("field \(field.name) must be a value of \(name)")
    }

    private func text(_ value: JSONValue, of field: FieldDescriptor) throws -> [UInt8] {
        guard let text = value.string else { throw invalid("field \(field.name) must be a string") }
        if let prefix = field.bech32Prefix {
            if text.isEmpty { return [] }
            guard let (found, bytes) = Bech32.decode(text), found == prefix else {
                throw invalid("field \(field.name) must be an address that begins with \(prefix)")
            }
            return bytes
        }
        if field.numberText == .decimal {
            guard let scaled = NumberText.scaled(decimal: text) else {
                throw invalid("field \(field.name) must be a decimal number")
            }
            return Array(scaled.utf8)
        }
        if field.kind == .string || field.numberText != nil { return Array(text.utf8) }
        guard let bytes = Base64Text.decode(text) else { throw invalid("field \(field.name) is not base64") }
        return bytes
    }

    private func encodeText(_ value: JSONValue, _ decode: (String) -> [UInt8]?, _ what: String) throws -> [UInt8] {
        guard let text = value.string, let bytes = decode(text) else { throw invalid("not \(what)") }
        return bytes
    }

    private func encodeAny(_ value: JSONValue) throws -> [UInt8] {
        guard case .object(let members) = value, let url = value["@type"]?.string else {
            throw invalid("an Any must be an object with @type")
        }
        guard let name = url.split(separator: "/").last, let descriptor = pool.messages[String(name)] else {
            throw invalid("unable to resolve type URL \(url)")
        }
        let inner = try encode(members.filter { $0.0 != "@type" }, as: descriptor)
        return ProtobufWriter.encode { writer in
            writer.string(1, url)
            writer.bytes(2, inner)
        }
    }

    private func invalid(_ message: String) -> StatusError { StatusError(.invalidArgument, message) }
}
