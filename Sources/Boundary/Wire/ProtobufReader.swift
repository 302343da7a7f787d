import StrictJSON

/// Why bytes are not the protobuf message they should be.
package enum ProtobufError: Error, Equatable {
    case truncated
    case varintTooLong
    case illegalFieldNumber
    case illegalWireType
    case wrongWireType(field: UInt32)
    case invalidUTF8(field: UInt32)
    case missing(field: UInt32)
    case illegalValue(field: UInt32)
    case tooMany(field: UInt32)
    /// The bytes mean something, but are not the one encoding of it.
    case notCanonical
}

/// Reads one protobuf message (proto3 wire format), field by field.
///
/// Total and bounded: any byte string ends in fields or in a `ProtobufError`, nothing is allocated beyond the input's
/// size, and nothing recurses. The peer chose the bytes, so lengths are compared with what is left before use.
/// Groups (wire types 3 and 4) are refused: no message of ours has them.
package struct ProtobufReader {
    package enum Value: Equatable {
        case varint(UInt64)
        case fixed64(UInt64)
        case fixed32(UInt32)
        case bytes(ArraySlice<UInt8>)
    }

    package struct Field: Equatable {
        package var number: UInt32
        package var value: Value
    }

    private let input: ArraySlice<UInt8>
    private var position: Int

    package init(_ bytes: ArraySlice<UInt8>) {
        input = bytes
        position = bytes.startIndex
    }

    package init(_ bytes: [UInt8]) {
        self.init(bytes[...])
    }

    /// The next field, or `nil` at the end of the message.
    package mutating func next() throws(ProtobufError) -> Field? {
        guard position < input.endIndex else { return nil }
        let tag = try varint()
        guard tag >> 3 > 0, tag >> 3 <= 0x1fff_ffff else { throw .illegalFieldNumber }
        let number = UInt32(tag >> 3)
        switch tag & 7 {
        case 0: return Field(number: number, value: .varint(try varint()))
        case 1: return Field(number: number, value: .fixed64(try fixed(byteCount: 8)))
        case 2:
            let length = try varint()
            guard length <= UInt64(input.endIndex - position) else { throw .truncated }
            let start = position
            position += Int(length)
            return Field(number: number, value: .bytes(input[start..<position]))
        case 5: return Field(number: number, value: .fixed32(UInt32(try fixed(byteCount: 4))))
        default: throw .illegalWireType
        }
    }

    private mutating func varint() throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<10 {
            guard position < input.endIndex else { throw .truncated }
            let byte = input[position]
            position += 1
            guard index < 9 || byte <= 1 else { throw .varintTooLong }
            value |= UInt64(byte & 0x7f) << UInt64(7 * index)
            if byte < 0x80 { return value }
        }
        throw .varintTooLong
    }

    private mutating func fixed(byteCount: Int) throws(ProtobufError) -> UInt64 {
        guard input.endIndex - position >= byteCount else { throw .truncated }
        var value: UInt64 = 0
        for index in 0..<byteCount {
            value |= UInt64(input[position + index]) << UInt64(8 * index)
        }
        position += byteCount
        return value
    }
}

extension ProtobufReader.Field {
    package func uint64() throws(ProtobufError) -> UInt64 {
        guard case .varint(let value) = value else { throw .wrongWireType(field: number) }
        return value
    }

    package func int64() throws(ProtobufError) -> Int64 {
        Int64(bitPattern: try uint64())
    }

    /// An `int32`, `uint32` or enumeration; a value that does not fit is refused rather than cut.
    package func int32() throws(ProtobufError) -> Int32 {
        guard let value = Int32(exactly: try int64()) else { throw .illegalValue(field: number) }
        return value
    }

    package func uint32() throws(ProtobufError) -> UInt32 {
        guard let value = UInt32(exactly: try uint64()) else { throw .illegalValue(field: number) }
        return value
    }

    package func bool() throws(ProtobufError) -> Bool {
        try uint64() != 0
    }

    package func slice() throws(ProtobufError) -> ArraySlice<UInt8> {
        guard case .bytes(let bytes) = value else { throw .wrongWireType(field: number) }
        return bytes
    }

    package func bytes() throws(ProtobufError) -> [UInt8] {
        Array(try slice())
    }

    package func string() throws(ProtobufError) -> String {
        guard let text = String(streamSafe: try slice()) else { throw .invalidUTF8(field: number) }
        return text
    }
}
