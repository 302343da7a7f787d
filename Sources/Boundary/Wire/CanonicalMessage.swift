import PublicCryptography

/// A protobuf message of the consensus formats, for which exactly one byte string is accepted.
///
/// Reading compares what it understood, written again, with what came in. So unknown or repeated fields, another
/// order, an explicit zero or a padded varint are all refused by one rule, and nothing can hide in bytes that two
/// readers understand differently. Each type bounds its own counts and lengths.
package protocol CanonicalMessage {
    /// Reads the fields without asking whether they are canonical; use `init(protobuf:)`.
    init(fields reader: inout ProtobufReader) throws(ProtobufError)
    func write(to writer: inout ProtobufWriter)
}

extension CanonicalMessage {
    package var protobuf: [UInt8] {
        var writer = ProtobufWriter()
        write(to: &writer)
        return writer.bytes
    }

    package init(protobuf bytes: ArraySlice<UInt8>) throws(ProtobufError) {
        var reader = ProtobufReader(bytes)
        try self.init(fields: &reader)
        guard protobuf[...] == bytes else { throw .notCanonical }
    }

    package init(protobuf bytes: [UInt8]) throws(ProtobufError) {
        try self.init(protobuf: bytes[...])
    }
}

extension ProtobufReader.Field {
    /// An embedded message; the outermost one asks whether all of it is canonical.
    package func message<Message: CanonicalMessage>(_ type: Message.Type) throws(ProtobufError) -> Message {
        var reader = ProtobufReader(try slice())
        return try Message(fields: &reader)
    }

    /// At most `maximum` bytes.
    package func bytes(atMost maximum: Int) throws(ProtobufError) -> [UInt8] {
        let bytes = try slice()
        guard bytes.count <= maximum else { throw .illegalValue(field: number) }
        return Array(bytes)
    }

    /// A hash; the field is left out where there is none.
    package func hash() throws(ProtobufError) -> Hash32 {
        guard let hash = Hash32(try slice()) else { throw .illegalValue(field: number) }
        return hash
    }

    package func nonNegativeInt64() throws(ProtobufError) -> Int64 {
        let value = try int64()
        guard value >= 0 else { throw .illegalValue(field: number) }
        return value
    }
}

extension ProtobufWriter {
    package mutating func message(_ number: UInt32, _ value: some CanonicalMessage) {
        message(number, value.protobuf)
    }

    package mutating func hash(_ number: UInt32, _ value: Hash32?) {
        if let value { message(number, value.bytes) }
    }
}
