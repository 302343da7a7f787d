import Wire

/// A field whose number a message has.
struct LooseField: Sendable {
    private enum Value {
        case varint(UInt64)
        case bytes(ArraySlice<UInt8>)
    }

    private let number: UInt32
    private let value: Value

    fileprivate init(_ number: UInt32, _ value: UInt64) { (self.number, self.value) = (number, .varint(value)) }
    fileprivate init(_ number: UInt32, _ bytes: ArraySlice<UInt8>) { (self.number, value) = (number, .bytes(bytes)) }

    func uint64() throws(ProtobufError) -> UInt64 {
        guard case .varint(let value) = value else { throw .wrongWireType(field: number) }
        return value
    }

    func slice() throws(ProtobufError) -> ArraySlice<UInt8> {
        guard case .bytes(let bytes) = value else { throw .wrongWireType(field: number) }
        return bytes
    }
}

/// Reads a message as the decoders that gogoproto generates do: what they take is taken, and what they refuse is
/// refused.
///
/// Numbers lose what is beyond their width, field numbers too; what has no place in the message is passed over, groups
/// with all that is in them. Total and bounded as `ProtobufReader` is, and nothing recurses.
struct LooseReader {
    struct Tag {
        var number: UInt32
        fileprivate var kind: UInt64
    }

    private let input: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { input = bytes }

    /// The next field's; `nil` at the end of the message.
    mutating func tag() throws(ProtobufError) -> Tag? {
        guard position < input.count else { return nil }
        let value = try varint()
        let number = Int32(truncatingIfNeeded: value >> 3)
        guard number > 0 else { throw .illegalFieldNumber }
        guard value & 7 != 4 else { throw .illegalWireType }
        return Tag(number: UInt32(number), kind: value & 7)
    }

    mutating func field(_ tag: Tag) throws(ProtobufError) -> LooseField {
        switch tag.kind {
        case 0: return LooseField(tag.number, try varint())
        case 2:
            let count = try length()
            defer { position += count }
            return LooseField(tag.number, input[position..<position + count])
        default: throw .wrongWireType(field: tag.number)
        }
    }

    mutating func skip(_ tag: Tag) throws(ProtobufError) {
        var kind = tag.kind
        var depth = 0
        while true {
            switch kind {
            case 0: _ = try varint()
            case 1: try pass(8)
            case 2: try pass(length())
            case 3: depth += 1
            case 4: depth -= 1
            case 5: try pass(4)
            default: throw .illegalWireType
            }
            if depth == 0 { return }
            kind = try varint() & 7
        }
    }

    private mutating func pass(_ count: Int) throws(ProtobufError) {
        guard input.count - position >= count else { throw .truncated }
        position += count
    }

    private mutating func length() throws(ProtobufError) -> Int {
        let length = try varint()
        guard length <= UInt64(input.count - position) else { throw .truncated }
        return Int(length)
    }

    /// Of ten bytes, of which the last loses what does not fit.
    private mutating func varint() throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<10 {
            guard position < input.count else { throw .truncated }
            let byte = input[position]
            position += 1
            value |= UInt64(byte & 0x7f) << UInt64(7 * index)
            if byte < 0x80 { return value }
        }
        throw .varintTooLong
    }
}
