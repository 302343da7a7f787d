/// gRPC as browsers speak it over HTTP/1.1 (the gRPC project's "gRPC Web" protocol): the same messages, the trailers as
/// one more frame at the end of the body, and all of it in Base64 for who cannot read bytes.
package enum GRPCWebForm {
    package enum Coding: Equatable, Sendable {
        case binary
        case text

        package var contentType: String {
            switch self {
            case .binary: "application/grpc-web+proto"
            case .text: "application/grpc-web-text+proto"
            }
        }
    }

    /// What a `Content-Type` or `Accept` says; `nil` if it is none of gRPC-web with messages of protobuf.
    package static func coding(of type: String) -> Coding? {
        let name = type.utf8.prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: " ") }
        switch String(decoding: name.prefix(64), as: UTF8.self).lowercased() {
        case "application/grpc-web", "application/grpc-web+proto": return .binary
        case "application/grpc-web-text", "application/grpc-web-text+proto": return .text
        default: return nil
        }
    }

    /// The trailers' frame: a prefix with the highest bit set, and the lines of a header block, in lower case.
    /// `message` has no line ends in it (`GRPCForm.percentEncoded`).
    package static func trailers(status: Int, message: String?) -> [UInt8] {
        var lines = Array("grpc-status:\(status)\r\n".utf8)
        if let message { lines += Array("grpc-message:\(message)\r\n".utf8) }
        var frame = GRPCForm.framed(lines)
        frame[0] = 0x80
        return frame
    }

    /// The bytes of a text of Base64, which may be several one after the other, each with its padding. `nil` for
    /// anything else.
    package static func bytes(ofText text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4 * 3)
        var (group, digits, padding) = (UInt32(0), 0, 0)
        for character in text {
            if character == UInt8(ascii: "="), digits + padding >= 2 {
                padding += 1
                group <<= 6
            } else {
                guard padding == 0, let digit = digit(character) else { return nil }
                group = group << 6 | UInt32(digit)
                digits += 1
            }
            guard digits + padding == 4 else { continue }
            for index in 0..<(3 - padding) {
                bytes.append(UInt8(truncatingIfNeeded: group >> (16 - 8 * UInt32(index))))
            }
            (group, digits, padding) = (0, 0, 0)
        }
        return bytes
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): character - UInt8(ascii: "A")
        case UInt8(ascii: "a")...UInt8(ascii: "z"): character - UInt8(ascii: "a") + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0") + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: nil
        }
    }
}
