import Wire

/// One protobuf message, read once and asked by field number: what a handler wants of a request, where
/// `ProtobufReader` is a stream.
///
/// Fields nobody asks for are ignored. Of a field that comes more than once and is asked for once, the last counts
/// (proto3 encoding, "Last One Wins").
package struct ProtobufMessageReader {
    private let bytes: ArraySlice<UInt8>
    private var parsed: [ProtobufReader.Field]?

    package init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
    }

    package init(_ bytes: [UInt8]) {
        self.init(bytes[...])
    }

    private mutating func fields() throws(ProtobufError) -> [ProtobufReader.Field] {
        if let parsed { return parsed }
        var reader = ProtobufReader(bytes)
        var all: [ProtobufReader.Field] = []
        while let field = try reader.next() { all.append(field) }
        parsed = all
        return all
    }

    private mutating func field(_ number: UInt32) throws(ProtobufError) -> ProtobufReader.Field? {
        try fields().last { $0.number == number }
    }

    package mutating func contains(_ number: UInt32) throws(ProtobufError) -> Bool {
        try field(number) != nil
    }

    /// 0 when absent.
    package mutating func uint64(_ number: UInt32) throws(ProtobufError) -> UInt64 {
        try field(number)?.uint64() ?? 0
    }

    /// 0 when absent.
    package mutating func int64(_ number: UInt32) throws(ProtobufError) -> Int64 {
        Int64(bitPattern: try uint64(number))
    }

    package mutating func bool(_ number: UInt32) throws(ProtobufError) -> Bool {
        try uint64(number) != 0
    }

    /// Empty when absent.
    package mutating func string(_ number: UInt32) throws(ProtobufError) -> String {
        try field(number)?.string() ?? ""
    }

    /// Empty when absent.
    package mutating func bytes(_ number: UInt32) throws(ProtobufError) -> [UInt8] {
        Array(try last(number) ?? [])
    }

    /// The bytes of a string, bytes or message field.
    package mutating func last(_ number: UInt32) throws(ProtobufError) -> ArraySlice<UInt8>? {
        try field(number)?.slice()
    }

    /// The elements of a repeated string, bytes or message field.
    package mutating func all(_ number: UInt32) throws(ProtobufError) -> [ArraySlice<UInt8>] {
        var elements: [ArraySlice<UInt8>] = []
        for field in try fields() where field.number == number { elements.append(try field.slice()) }
        return elements
    }
}
