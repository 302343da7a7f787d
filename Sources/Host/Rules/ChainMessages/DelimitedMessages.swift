import Wire

/// Cuts a stream into messages, each after its length as a varint: the framing of ABCI's sockets.
///
/// Total and bounded: a length above the limit is refused before anything of it is kept, and what is kept is never more
/// than one message and what came with its last bytes.
package struct DelimitedReader: Sendable {
    package enum Refusal: Error, Equatable, Sendable {
        /// Ten bytes without an end, or a number that no length is.
        case malformedLength
        case tooLong(UInt64)
    }

    private let byteCountMax: Int
    private var buffer: [UInt8] = []
    /// What of the buffer was given away.
    private var start = 0

    package init(byteCountMax: Int) { self.byteCountMax = byteCountMax }

    /// Takes what came; `next` gives the messages that are whole now.
    package mutating func append(_ bytes: some Collection<UInt8>) {
        if start > 0, start == buffer.count || start > 1 << 16 {
            buffer.removeFirst(start)
            start = 0
        }
        buffer.append(contentsOf: bytes)
    }

    /// The next message that is here as a whole.
    package mutating func next() throws(Refusal) -> [UInt8]? {
        var rest = buffer[start...]
        guard let length = rest.takeVarint() else {
            guard rest.count < 10, rest.allSatisfy({ $0 >= 0x80 }) else { throw .malformedLength }
            return nil
        }
        guard length <= UInt64(byteCountMax) else { throw .tooLong(length) }
        guard UInt64(rest.count) >= length else { return nil }
        let message = Array(rest.prefix(Int(length)))
        start = rest.startIndex + Int(length)
        return message
    }

    /// Whether the stream ends between two messages here.
    package var isAtBoundary: Bool { start == buffer.count }
}

extension ChainMessage {
    /// The message after its length.
    package var delimited: [UInt8] {
        let bytes = encoded
        var writer = ProtobufWriter()
        writer.varint(UInt64(bytes.count))
        writer.raw(bytes)
        return writer.bytes
    }
}

extension ArraySlice<UInt8> {
    /// A varint from the front; `nil`, and nothing taken, if there is no whole one.
    mutating func takeVarint() -> UInt64? {
        var value: UInt64 = 0
        for (place, byte) in prefix(10).enumerated() {
            guard place < 9 || byte <= 1 else { return nil }
            value |= UInt64(byte & 0x7f) << UInt64(7 * place)
            if byte < 0x80 {
                removeFirst(place + 1)
                return value
            }
        }
        return nil
    }
}
