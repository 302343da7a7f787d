import CLibCrypto
import CSodium
import PublicCryptography

/// HMAC-SHA256 (RFC 2104).
///
/// Composed of two one-shot SHA-256 over a scratch buffer: libcrypto's own MAC interface costs several times as much for
/// the short messages we have. The scratch, which holds the key, is wiped.
package enum HMACSHA256 {
    private static let blockByteCount = 64
    static let tagByteCount = 32

    package static func tag(key: borrowing SecretKey, _ message: [UInt8]) -> Hash32 {
        var output = [UInt8](repeating: 0, count: tagByteCount)
        // Safe: all buffers live for the call; the output has 32 bytes.
        unsafe key.withUnsafeBytes { key in
            unsafe message.withUnsafeBytes { message in
                unsafe output.withUnsafeMutableBytes { unsafe tag(key: key, [message], into: $0) }
            }
        }
        return Hash32(output)!
    }

    /// Whether `tag` is the tag of `message`, compared in constant time. False for a wrong length.
    package static func verify(_ tag: [UInt8], key: borrowing SecretKey, _ message: [UInt8]) -> Bool {
        let expected = HMACSHA256.tag(key: key, message).bytes
        // Safe: both arrays have 32 bytes when the comparison runs.
        return unsafe tag.count == expected.count && sodium_memcmp(tag, expected, expected.count) == 0
    }

    /// The tag of the concatenated `parts`, into the 32 bytes of `output`.
    @unsafe
    static func tag(
        key: UnsafeRawBufferPointer, _ parts: [UnsafeRawBufferPointer], into output: UnsafeMutableRawBufferPointer
    ) {
        precondition(output.count == tagByteCount)
        var messageByteCount = 0
        for index in unsafe 0..<parts.count { messageByteCount += unsafe parts[index].count }
        let scratchByteCount = blockByteCount + max(messageByteCount, tagByteCount)
        // Safe: every copy ends inside the scratch by the sum above; the digests have 32 bytes.
        unsafe withUnsafeTemporaryAllocation(byteCount: scratchByteCount, alignment: 8) { scratch in
            unsafe fillBlock(of: scratch, key: key, pad: 0x36)
            var position = blockByteCount
            for index in unsafe 0..<parts.count {
                let part = unsafe parts[index]
                guard let source = part.baseAddress else { continue }
                unsafe memcpy(scratch.baseAddress! + position, source, part.count)
                position += part.count
            }
            _ = unsafe SHA256(scratch.baseAddress!, position, output.baseAddress!)
            unsafe fillBlock(of: scratch, key: key, pad: 0x5c)
            unsafe memcpy(scratch.baseAddress! + blockByteCount, output.baseAddress!, tagByteCount)
            _ = unsafe SHA256(scratch.baseAddress!, blockByteCount + tagByteCount, output.baseAddress!)
            unsafe sodium_memzero(scratch.baseAddress!, scratch.count)
        }
    }

    /// The first block of `scratch` becomes the padded key. A key longer than a block counts by its hash.
    private static func fillBlock(of scratch: UnsafeMutableRawBufferPointer, key: UnsafeRawBufferPointer, pad: UInt8) {
        // Safe: writes the first 64 bytes, which the caller has.
        unsafe memset(scratch.baseAddress!, 0, blockByteCount)
        if key.count > blockByteCount {
            _ = unsafe SHA256(key.baseAddress!, key.count, scratch.baseAddress!)
        } else if key.count > 0 {
            unsafe memcpy(scratch.baseAddress!, key.baseAddress!, key.count)
        }
        for index in 0..<blockByteCount { unsafe scratch[index] ^= pad }
    }
}
