import CZlib
import HTTPTypes

/// Answers that clients ask to have compressed: JSON of blocks and contracts shrinks to a fraction.
enum Compression {
    /// Below this, headers weigh more than what is saved.
    static let bytesMin = 1_024
    /// A longer answer goes out as it is: compressing holds a place for requests at work.
    static let bytesMax = 16 << 20

    /// Whether `Accept-Encoding` allows gzip (RFC 9110, section 12.5.3).
    static func isWanted(_ header: String?) -> Bool {
        guard let header else { return false }
        var wildcard = false
        for part in header.utf8.prefix(1_024).split(separator: UInt8(ascii: ",")) {
            let fields = part.split(separator: UInt8(ascii: ";")).map {
                String(decoding: $0, as: UTF8.self).lowercased().filter { $0 != " " && $0 != "\t" }
            }
            let isAllowed = !fields.dropFirst().contains {
                $0.hasPrefix("q=0") && !$0.contains { ("1"..."9").contains($0) }
            }
            switch fields.first {
            case "gzip", "x-gzip": return isAllowed
            case "*": wildcard = isAllowed
            default: break
            }
        }
        return wildcard
    }

    /// `nil` when it is not worth it.
    static func gzip(_ bytes: [UInt8]) -> [UInt8]? {
        guard (bytesMin...bytesMax).contains(bytes.count) else { return nil }
        var stream = z_stream()
        // 15 bits of window, 16 for gzip's frame. The fastest level: clients wait, and the machine has other work.
        guard
            deflateInit2_(
                &stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION,
                Int32(MemoryLayout<z_stream>.size)) == Z_OK
        else { return nil }
        defer { deflateEnd(&stream) }
        let room = Int(deflateBound(&stream, UInt(bytes.count)))
        var isWhole = false
        let compressed = bytes.withUnsafeBufferPointer { input in
            [UInt8](unsafeUninitializedCapacity: room) { output, count in
                // zlib reads its input through a pointer that it calls mutable, and does not write there.
                stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                stream.avail_in = UInt32(input.count)
                stream.next_out = output.baseAddress
                stream.avail_out = UInt32(room)
                isWhole = deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = isWhole ? room - Int(stream.avail_out) : 0
            }
        }
        return isWhole && compressed.count < bytes.count ? compressed : nil
    }
}
