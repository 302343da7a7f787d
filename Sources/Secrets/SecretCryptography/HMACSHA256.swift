import CLibCrypto
import CSodium
import PublicCryptography

/// HMAC-SHA256 (RFC 2104).
///
/// Composed of two SHA-256: libcrypto's own MAC interface costs several times as much for the short messages we have.
/// What holds the key or follows from it, the padded block and the state of the hash, is wiped.
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
        return certain(Hash32(output), "a tag has 32 bytes")
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
        // Safe: the block and the context live for the call, and all that is read or written of them is theirs; the
        // digests have 32 bytes.
        unsafe withUnsafeTemporaryAllocation(byteCount: blockByteCount, alignment: 8) { block in
            var context = SHA256_CTX()
            unsafe fillBlock(block, key: key, pad: 0x36)
            unsafe begin(&context, block)
            for index in unsafe 0..<parts.count {
                let part = unsafe parts[index]
                precondition(unsafe SHA256_Update(&context, part.baseAddress, part.count) == 1)
            }
            unsafe end(&context, output)
            for index in 0..<blockByteCount { unsafe block[index] ^= 0x36 ^ 0x5c }
            unsafe begin(&context, block)
            precondition(unsafe SHA256_Update(&context, output.baseAddress, tagByteCount) == 1)
            unsafe end(&context, output)
            unsafe sodium_memzero(block.start, block.count)
            unsafe sodium_memzero(&context, MemoryLayout<SHA256_CTX>.size)
        }
    }

    /// - Precondition: the block has 64 bytes.
    @unsafe
    private static func begin(_ context: inout SHA256_CTX, _ block: UnsafeMutableRawBufferPointer) {
        // Safe: the caller's own.
        let done = unsafe SHA256_Init(&context) == 1 && SHA256_Update(&context, block.baseAddress, block.count) == 1
        precondition(done)
    }

    /// - Precondition: the output has 32 bytes.
    @unsafe
    private static func end(_ context: inout SHA256_CTX, _ output: UnsafeMutableRawBufferPointer) {
        // Safe: the caller's own.
        precondition(unsafe SHA256_Final(output.start, &context) == 1)
    }

    /// The padded key. One longer than a block counts by its hash.
    private static func fillBlock(_ block: UnsafeMutableRawBufferPointer, key: UnsafeRawBufferPointer, pad: UInt8) {
        // Safe: writes the 64 bytes that the caller has.
        unsafe memset(block.start, 0, blockByteCount)
        if key.count > blockByteCount {
            _ = unsafe SHA256(key.start, key.count, block.start)
        } else if key.count > 0 {
            unsafe memcpy(block.start, key.start, key.count)
        }
        for index in 0..<blockByteCount { unsafe block[index] ^= pad }
    }
}
