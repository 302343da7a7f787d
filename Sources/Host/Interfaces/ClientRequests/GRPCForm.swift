/// What gRPC adds to a request of HTTP/2 (grpc.io: "gRPC over HTTP2"), taken apart.
package enum GRPCForm {
    /// A byte that says whether the message is compressed, and four of its length.
    package static let prefixByteCount = 5

    /// In front of each message.
    package static func framed(_ message: [UInt8]) -> [UInt8] {
        let count = UInt32(message.count)
        return [0, UInt8(count >> 24), UInt8(count >> 16 & 255), UInt8(count >> 8 & 255), UInt8(count & 255)] + message
    }

    /// `/package.Service/Method`: what it names.
    package static func parts(of path: String) -> (service: Substring, method: Substring)? {
        guard path.utf8.first == UInt8(ascii: "/") else { return nil }
        let parts = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        return (parts[0], parts[1])
    }

    /// `grpc-timeout`: up to eight digits and a unit. `nil` for anything else.
    package static func timeout(_ text: String) -> Duration? {
        let bytes = Array(text.utf8)
        guard let unit = bytes.last, (2...9).contains(bytes.count),
            bytes.dropLast().allSatisfy({ (0x30...0x39).contains($0) }),
            let count = Int64(String(decoding: bytes.dropLast(), as: UTF8.self))
        else { return nil }
        switch unit {
        case UInt8(ascii: "H"): return .seconds(count * 3600)
        case UInt8(ascii: "M"): return .seconds(count * 60)
        case UInt8(ascii: "S"): return .seconds(count)
        case UInt8(ascii: "m"): return .milliseconds(count)
        case UInt8(ascii: "u"): return .microseconds(count)
        case UInt8(ascii: "n"): return .nanoseconds(count)
        default: return nil
        }
    }

    /// `grpc-message`: printable ASCII without the percent sign as it is, every other byte as two digits.
    package static func percentEncoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            if (0x20...0x7e).contains(byte), byte != UInt8(ascii: "%") {
                bytes.append(byte)
            } else {
                bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Puts messages together from the bytes of a stream, however they are cut.
package struct GRPCMessages: Sendable {
    package enum Fault: Error, Equatable, Sendable {
        case tooLong
        /// Compression was not agreed on.
        case compressed
        case malformed
    }

    private let bytesMax: Int
    private var buffer: [UInt8] = []

    /// A message has at most `bytesMax` bytes.
    package init(bytesMax: Int) { self.bytesMax = bytesMax }

    /// Whether the stream may end here.
    package var isAtEnd: Bool { buffer.isEmpty }

    /// The messages that are whole with these bytes; what is left has no more than one message and a prefix. A length
    /// beyond the bound is refused by the prefix alone, before anything is kept for it.
    package mutating func take(_ bytes: some Collection<UInt8>) throws(Fault) -> [[UInt8]] {
        buffer += bytes
        var messages: [[UInt8]] = []
        var start = 0
        while buffer.count - start >= GRPCForm.prefixByteCount {
            guard buffer[start] != 1 else { throw .compressed }
            guard buffer[start] == 0 else { throw .malformed }
            let length = buffer[(start + 1)..<(start + 5)].reduce(0) { $0 << 8 | Int($1) }
            guard length <= bytesMax else { throw .tooLong }
            let end = start + GRPCForm.prefixByteCount + length
            guard buffer.count >= end else { break }
            messages.append(Array(buffer[(start + GRPCForm.prefixByteCount)..<end]))
            start = end
        }
        buffer.removeFirst(start)
        return messages
    }
}
