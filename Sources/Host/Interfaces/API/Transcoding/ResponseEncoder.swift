import PublicCryptography
import StrictJSON
import Wire

/// Writes a protobuf message as the JSON that clients of the original expect: proto3 JSON with the fields' own names
/// and with every default written out.
///
/// - 64-bit integers are texts, 32-bit ones numbers, enumerations names.
/// - An absent `bytes` field is null, an absent message too, unless its option says it is always shown.
/// - `Any` is opened by the descriptors: {"@type": ..., fields}.
///
/// The bytes are compared with the descriptor: a field it does not have, or one of the wrong wire type, is an error, so
/// that a handler that writes a wrong number fails its test instead of answering nonsense. Only what a transaction's
/// author wrote may be anything: there unknown fields are skipped, numbers and times that are none are shown as near as
/// it goes, and what is no message at all is shown with its bytes, in an `Any`, or is null.
package struct ResponseEncoder {
    private static let depthMax = 32
    /// A list of empty messages takes eighty times its bytes as JSON, and a stranger may have written it.
    static let answerBytesMax = 64 << 20

    private let pool: DescriptorPool
    private var writer = JSONWriter()
    /// Of the answer around this part.
    private let bytesAround: Int

    package static func json(_ bytes: [UInt8], message: String, pool: DescriptorPool) throws -> [UInt8] {
        var encoder = ResponseEncoder(pool: pool)
        try encoder.write(message: pool.message(message), bytes[...], Position(depth: 0, isLenient: false))
        return encoder.writer.bytes
    }

    private init(pool: DescriptorPool, around bytesAround: Int = 0) {
        self.pool = pool
        self.bytesAround = bytesAround
    }

    private var byteCount: Int { bytesAround + writer.bytes.count }

    /// Where in the answer we are.
    private struct Position {
        var depth: Int
        var isLenient: Bool

        func inside(lenient: Bool = false) throws -> Position {
            guard depth < ResponseEncoder.depthMax else { throw TranscodingError.tooDeep }
            return Position(depth: depth + 1, isLenient: isLenient || lenient)
        }
    }

    private mutating func write(message descriptor: MessageDescriptor, _ bytes: ArraySlice<UInt8>, _ position: Position)
        throws
    {
        switch descriptor.name {
        case "google.protobuf.Any": try writeAny(bytes, position)
        case TimestampText.message: try writeTime(bytes, TimestampText.encode, descriptor, position)
        case DurationText.message: try writeTime(bytes, DurationText.encode, descriptor, position)
        default:
            writer.beginObject()
            try writeFields(of: descriptor, bytes, position)
            writer.endObject()
        }
    }

    private mutating func writeFields(
        of descriptor: MessageDescriptor, _ bytes: ArraySlice<UInt8>, _ position: Position
    ) throws {
        guard byteCount <= ResponseEncoder.answerBytesMax else { throw TranscodingError.tooLarge }
        let inside = try position.inside(lenient: descriptor.isFromStrangers)
        let values = try read(bytes, descriptor, lenient: inside.isLenient)
        for (field, values) in zip(descriptor.fields, values) {
            if field.isRepeated {
                writer.name(field.jsonKey)
                writer.beginArray()
                for value in values { try write(value, of: field, in: descriptor, inside) }
                writer.endArray()
            } else if let value = single(values, of: field) {
                writer.name(field.jsonKey)
                try write(value, of: field, in: descriptor, inside)
            } else if !field.isInOneof {
                writer.name(field.jsonKey)
                try writeDefault(of: field, inside)
            }
        }
    }

    /// The values of each field of `descriptor`, packed ones unpacked.
    private func read(_ bytes: ArraySlice<UInt8>, _ descriptor: MessageDescriptor, lenient: Bool) throws
        -> [[ProtobufReader.Value]]
    {
        var values = [[ProtobufReader.Value]](repeating: [], count: descriptor.fields.count)
        var reader = ProtobufReader(bytes)
        while let read = try reader.next() {
            guard let index = descriptor.field(number: read.number) else {
                if lenient { continue }
                throw TranscodingError.unknownField(message: descriptor.name, number: read.number)
            }
            let field = descriptor.fields[index]
            switch (read.value, field.isVarint) {
            case (.varint, true), (.bytes, false): values[index].append(read.value)
            case (.bytes(let packed), true) where field.isRepeated:
                var rest = PackedVarints(packed)
                while let value = try rest.next() { values[index].append(.varint(value)) }
            default: throw TranscodingError.wrongWireType(message: descriptor.name, field: field.name)
            }
        }
        return values
    }

    /// The last value counts; the parts of a message that comes in several are one after the other (proto3 encoding).
    private func single(_ values: [ProtobufReader.Value], of field: FieldDescriptor) -> ProtobufReader.Value? {
        guard values.count > 1, case .message = field.kind else { return values.last }
        return .bytes(
            values.reduce(into: []) { merged, value in
                if case .bytes(let part) = value { merged += part }
            })
    }
}

// MARK: - Values

extension ResponseEncoder {
    private mutating func write(
        _ value: ProtobufReader.Value, of field: FieldDescriptor, in descriptor: MessageDescriptor, _ position: Position
    ) throws {
        switch (field.kind, value) {
        case (.int64, .varint(let value)): writer.write(String(Int64(bitPattern: value)))
        case (.uint64, .varint(let value)): writer.write(String(value))
        case (.bool, .varint(let value)): writer.write(value != 0)
        case (.int32, .varint(let value)):
            writer.write(try number(Int32.self, Int64(bitPattern: value), of: field, in: descriptor, position))
        case (.uint32, .varint(let value)):
            writer.write(try number(UInt32.self, value, of: field, in: descriptor, position))
        case (.enumeration(let name), .varint(let value)):
            try write(
                enumeration: name, number(Int32.self, Int64(bitPattern: value), of: field, in: descriptor, position))
        case (.string, .bytes(let bytes)):
            if let text = String(streamSafe: bytes) {
                try write(text: text, of: field, in: descriptor, position)
            } else {
                guard position.isLenient else { throw illegal(field, descriptor) }
                writer.write(String(decoding: bytes, as: UTF8.self))
            }
        case (.bytes, .bytes(let bytes)): try write(bytes: bytes, of: field, in: descriptor, position)
        case (.message(let name), .bytes(let bytes)):
            let descriptor = try pool.message(name)
            guard descriptor.isFromStrangers, !position.isLenient else {
                return try write(message: descriptor, bytes, position)
            }
            let part = try partOfStrangers { try $0.write(message: descriptor, bytes, position) }
            if let part { writer.writeUnchecked(part) } else { writer.writeNull() }
        default: throw TranscodingError.wrongWireType(message: descriptor.name, field: field.name)
        }
    }

    /// As many bits of it as the field has, where a stranger may have set more: so Go reads it.
    private func number<Number: FixedWidthInteger>(
        _ type: Number.Type, _ value: some BinaryInteger, of field: FieldDescriptor, in descriptor: MessageDescriptor,
        _ position: Position
    ) throws -> Number {
        guard let number = Number(exactly: value) else {
            guard position.isLenient else { throw illegal(field, descriptor) }
            return Number(truncatingIfNeeded: value)
        }
        return number
    }

    /// The JSON of a part that a stranger wrote, or `nil` if it is none of what it should be.
    private func partOfStrangers(_ write: (inout ResponseEncoder) throws -> Void) throws -> [UInt8]? {
        var part = ResponseEncoder(pool: pool, around: byteCount)
        do {
            try write(&part)
            return part.writer.bytes
        } catch TranscodingError.tooLarge {
            throw TranscodingError.tooLarge
        } catch {
            return nil
        }
    }

    private mutating func writeDefault(of field: FieldDescriptor, _ position: Position) throws {
        switch field.kind {
        case .int64, .uint64: writer.write("0")
        case .int32, .uint32: writer.write(0)
        case .bool: writer.write(false)
        case .enumeration(let name): try write(enumeration: name, 0)
        case .string: writer.write(field.numberText?.zero ?? "")
        case .bytes:
            if let zero = field.numberText?.zero {
                writer.write(zero)
            } else if field.bech32Prefix != nil {
                writer.write("")
            } else {
                writer.writeNull()
            }
        case .message(let name):
            guard field.isAlwaysShown else { return writer.writeNull() }
            if name == TimestampText.message {
                writer.write(Timestamp.goZero.description)
            } else {
                try write(message: pool.message(name), [], position)
            }
        }
    }

    private mutating func write(enumeration name: String, _ number: Int32) throws {
        if let name = try pool.enumeration(name).name(of: number) {
            writer.write(name)
        } else {
            writer.write(number)
        }
    }

    private mutating func write(
        text: String, of field: FieldDescriptor, in descriptor: MessageDescriptor, _ position: Position
    ) throws {
        switch field.numberText {
        case nil: writer.write(text)
        case .integer: writer.write(text.isEmpty ? "0" : text)
        case .decimal:
            let decimal = NumberText.decimal(scaled: text)
            guard decimal != nil || position.isLenient else { throw illegal(field, descriptor) }
            writer.write(decimal ?? text)
        }
    }

    private mutating func write(
        bytes: ArraySlice<UInt8>, of field: FieldDescriptor, in descriptor: MessageDescriptor, _ position: Position
    ) throws {
        if let prefix = field.bech32Prefix {
            writer.write(bytes.isEmpty ? "" : Bech32.encode(prefix: prefix, Array(bytes)))
        } else if field.numberText != nil {
            let text = String(streamSafe: bytes) ?? (position.isLenient ? String(decoding: bytes, as: UTF8.self) : nil)
            guard let text else { throw illegal(field, descriptor) }
            try write(text: text, of: field, in: descriptor, position)
        } else {
            // Base64 needs no escapes, and a contract's code is long.
            writer.writeUnchecked("\"\(Base64Text.encode(bytes))\"".utf8)
        }
    }

    private func illegal(_ field: FieldDescriptor, _ descriptor: MessageDescriptor) -> TranscodingError {
        .illegalValue(message: descriptor.name, field: field.name)
    }
}

// MARK: - Well-known types

extension ResponseEncoder {
    /// A type nobody here knows, or bytes that are none of it, possible only where a stranger chose them, are shown as
    /// bytes.
    private mutating func writeAny(_ bytes: ArraySlice<UInt8>, _ position: Position) throws {
        var reader = ProtobufMessageReader(bytes)
        let url = try reader.string(1)
        let value = try reader.last(2) ?? []
        guard !url.isEmpty else { return writer.writeNull() }
        let isKnown: (MessageDescriptor) -> Bool = {
            !["google.protobuf.Any", TimestampText.message, DurationText.message].contains($0.name)
        }
        if let descriptor = url.split(separator: "/").last.flatMap({ pool.messages[String($0)] }), isKnown(descriptor) {
            func write(to encoder: inout ResponseEncoder) throws {
                encoder.writer.beginObject()
                encoder.writer.member("@type", url)
                try encoder.writeFields(of: descriptor, value, position)
                encoder.writer.endObject()
            }
            guard position.isLenient || descriptor.isFromStrangers else { return try write(to: &self) }
            if let part = try partOfStrangers(write) { return writer.writeUnchecked(part) }
        } else if !position.isLenient {
            throw DescriptorError.unknownType(url)
        }
        writer.beginObject()
        writer.member("@type", url)
        writer.member("value", Base64Text.encode(value))
        writer.endObject()
    }

    private mutating func writeTime(
        _ bytes: ArraySlice<UInt8>, _ text: (Int64, Int32) -> String?, _ descriptor: MessageDescriptor,
        _ position: Position
    ) throws {
        var reader = ProtobufMessageReader(bytes)
        if let nanoseconds = Int32(exactly: try reader.int64(2)), let text = text(try reader.int64(1), nanoseconds) {
            writer.write(text)
        } else {
            guard position.isLenient else {
                throw TranscodingError.illegalValue(message: descriptor.name, field: "seconds")
            }
            writer.writeNull()
        }
    }
}

extension FieldDescriptor {
    fileprivate var isVarint: Bool {
        switch kind {
        case .int32, .int64, .uint32, .uint64, .bool, .enumeration: true
        case .string, .bytes, .message: false
        }
    }
}

extension FieldDescriptor.Number {
    fileprivate var zero: String {
        switch self {
        case .integer: "0"
        case .decimal: "0.000000000000000000"
        }
    }
}

/// The elements of a packed repeated field.
private struct PackedVarints {
    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    mutating func next() throws -> UInt64? {
        guard let end = rest.firstIndex(where: { $0 < 0x80 }) else {
            guard rest.isEmpty else { throw ProtobufError.truncated }
            return nil
        }
        // A field with the tag 08 is how the reader takes a varint.
        var reader = ProtobufReader([0x08] + rest[...end])
        rest = rest[(end + 1)...]
        return try reader.next()?.uint64()
    }
}
