import Wire

/// Why a peer is not listened to any longer.
package enum PeerFault: Error, Equatable, Sendable {
    package enum Step: Equatable, Sendable {
        case ephemeralKey
        case authentication
        /// Who was dialled is named by its key, and this is another's.
        case anotherKey(id: String)
        case nodeInfo(NodeInfoFault)
    }

    case handshake(Step)
    /// A length that nothing has.
    case length
    case frame
    case packet
    case unknownChannel(UInt8)
    case messageTooLong(PeerChannel)
    /// No message of this channel.
    case undecodable(PeerChannel)
    /// A message that no honest peer sends (CometBFT: `ValidateBasic`).
    case invalid(PeerChannel)
    /// An answer to no question.
    case unasked(PeerChannel)
    /// Asked more often than anybody needs to.
    case tooOften(PeerChannel)
    /// No answer to a question.
    case silent(PeerChannel)

    /// The bytes of field 1 where a message has that field alone.
    static func read(_ message: [UInt8], onlyField number: UInt32) -> [UInt8]? {
        var reader = ProtobufReader(message)
        guard let field = try? reader.next(), field.number == number, let bytes = try? field.bytes(),
            let end = try? reader.next() as ProtobufReader.Field??, end == nil
        else { return nil }
        return bytes
    }
}

/// Messages with their length before them.
package enum Delimited {
    package static func encode(_ message: [UInt8]) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.varint(UInt64(message.count))
        writer.raw(message)
        return writer.bytes
    }
}

/// Bytes of a stream, from which whole messages are taken.
struct StreamBuffer {
    private var bytes: [UInt8] = []
    private var start = 0

    var count: Int { bytes.count - start }

    mutating func append(_ more: some Collection<UInt8>) {
        if start > 0, start == bytes.count || start > 1 << 16 {
            bytes.removeSubrange(..<start)
            start = 0
        }
        bytes.append(contentsOf: more)
    }

    /// `nil` while there are fewer.
    mutating func take(_ count: Int) -> [UInt8]? {
        guard self.count >= count else { return nil }
        defer { start += count }
        return Array(bytes[start..<(start + count)])
    }

    /// A delimited message, `nil` while it is not whole. One that announces more than `maximum` is not waited for.
    mutating func takeDelimited(atMost maximum: Int) throws(PeerFault) -> [UInt8]? {
        var length = 0
        var offset = 0
        while true {
            guard offset < count else { return nil }
            let byte = bytes[start + offset]
            guard offset < 4 else { throw .length }
            length |= Int(byte & 0x7f) << (7 * offset)
            offset += 1
            if byte < 0x80 { break }
        }
        guard length <= maximum else { throw .length }
        guard count >= offset + length else { return nil }
        start += offset
        return take(length)
    }
}
