import Glibc
import PublicCryptography

extension [UInt8] {
    /// Equality without a walk over the elements. Not for secrets: it ends at the first difference.
    package func isSame(as other: [UInt8]) -> Bool {
        guard count == other.count, count > 0 else { return count == other.count }
        // Safe: both have `count` bytes.
        return unsafe withUnsafeBytes { left in
            unsafe other.withUnsafeBytes { unsafe memcmp(left.start, $0.start, left.count) == 0 }
        }
    }
}

/// Bytes as the key of a dictionary: an array's own hash takes them one by one, this one all at once.
package struct ByteKey: Hashable, Sendable {
    package let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    package static func == (left: ByteKey, right: ByteKey) -> Bool { left.bytes.isSame(as: right.bytes) }

    package func hash(into hasher: inout Hasher) {
        // Safe: the buffer lives for the call and is only read.
        unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}
