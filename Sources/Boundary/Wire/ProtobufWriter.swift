/// Writes one protobuf message in the canonical form that gogoproto gives CometBFT and the Cosmos SDK: fields in the
/// order they are written (ascending, by the caller), zero scalars and empty strings left out.
///
/// Where a format emits a field even when empty (non-nullable embedded messages), use `message`, which always writes.
package struct ProtobufWriter {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package static func encode(_ body: (inout ProtobufWriter) -> Void) -> [UInt8] {
        var writer = ProtobufWriter()
        body(&writer)
        return writer.bytes
    }

    package mutating func uint64(_ number: UInt32, _ value: UInt64) {
        guard value != 0 else { return }
        tag(number, wireType: 0)
        varint(value)
    }

    package mutating func int64(_ number: UInt32, _ value: Int64) {
        uint64(number, UInt64(bitPattern: value))
    }

    package mutating func bool(_ number: UInt32, _ value: Bool) {
        uint64(number, value ? 1 : 0)
    }

    package mutating func sfixed64(_ number: UInt32, _ value: Int64) {
        guard value != 0 else { return }
        tag(number, wireType: 1)
        for shift in stride(from: 0, to: 64, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> Int64(shift)))
        }
    }

    package mutating func string(_ number: UInt32, _ value: String) {
        self.bytes(number, Array(value.utf8))
    }

    /// Left out when empty.
    package mutating func bytes(_ number: UInt32, _ value: some Collection<UInt8>) {
        guard !value.isEmpty else { return }
        message(number, value)
    }

    /// Written even when empty: an embedded message that is present, or an element of a repeated field.
    package mutating func message(_ number: UInt32, _ value: some Collection<UInt8>) {
        tag(number, wireType: 2)
        varint(UInt64(value.count))
        bytes.append(contentsOf: value)
    }

    package mutating func message(_ number: UInt32, _ body: (inout ProtobufWriter) -> Void) {
        message(number, ProtobufWriter.encode(body))
    }

    /// A varint without a tag: the length prefix of a delimited message.
    package mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    package mutating func raw(_ value: some Collection<UInt8>) {
        bytes.append(contentsOf: value)
    }

    private mutating func tag(_ number: UInt32, wireType: UInt64) {
        varint(UInt64(number) << 3 | wireType)
    }
}
