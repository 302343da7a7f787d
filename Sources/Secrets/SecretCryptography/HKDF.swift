/// HKDF with SHA-256 (RFC 5869).
package enum HKDF {
    /// The 32-byte key of input key material `key || suffix`: extract and expand in one.
    package static func derive(
        _ key: borrowing SecretKey, suffix: [UInt8] = [], salt: [UInt8], info: [UInt8] = [],
        home: SecretKey.Home = .arena
    ) -> SecretKey {
        // Safe: the buffers live for the call, and the key has the 32 bytes of a tag.
        let pseudorandomKey = unsafe key.withUnsafeBytes { key in
            unsafe SecretKey { output in
                unsafe suffix.withUnsafeBytes { unsafe extract(salt: salt, [key, $0], into: output) }
            }
        }
        return expand(pseudorandomKey, info: info, home: home)
    }

    /// RFC 5869, section 2.2, over the concatenated parts of the input key material.
    @unsafe
    static func extract(
        salt: [UInt8], _ inputKeyMaterial: [UnsafeRawBufferPointer], into output: UnsafeMutableRawBufferPointer
    ) {
        // Safe: the caller's output has 32 bytes, which `tag` checks.
        unsafe salt.withUnsafeBytes { unsafe HMACSHA256.tag(key: $0, inputKeyMaterial, into: output) }
    }

    /// RFC 5869, section 2.3, for the first 32 bytes.
    package static func expand(
        _ pseudorandomKey: borrowing SecretKey, info: [UInt8], home: SecretKey.Home = .arena
    ) -> SecretKey {
        let infoAndCounter = info + [1]
        // Safe: the key has the 32 bytes of a tag.
        return unsafe pseudorandomKey.withUnsafeBytes { key in
            unsafe SecretKey(home: home) { output in
                unsafe infoAndCounter.withUnsafeBytes { unsafe HMACSHA256.tag(key: key, [$0], into: output) }
            }
        }
    }

    /// RFC 5869, section 2.3, for up to 255 blocks.
    package static func expand(_ pseudorandomKey: borrowing SecretKey, info: [UInt8], count: Int) -> GuardedBytes {
        precondition(count > 0 && count <= 255 * HMACSHA256.tagByteCount)
        // Safe: each block is copied to where at least its counted bytes are left.
        return unsafe pseudorandomKey.withUnsafeBytes { key in
            unsafe GuardedBytes(count: count) { output in
                var position = 0
                var counter: UInt8 = 0
                while position < output.count {
                    counter += 1
                    let previous = unsafe UnsafeRawBufferPointer(
                        rebasing: output[max(0, position - HMACSHA256.tagByteCount)..<position])
                    let suffix = info + [counter]
                    let block = unsafe SecretKey { tag in
                        unsafe suffix.withUnsafeBytes { unsafe HMACSHA256.tag(key: key, [previous, $0], into: tag) }
                    }
                    unsafe block.withUnsafeBytes { block in
                        let left = min(block.count, output.count - position)
                        unsafe UnsafeMutableRawBufferPointer(rebasing: output[position..<(position + left)])
                            .copyMemory(from: UnsafeRawBufferPointer(rebasing: block[..<left]))
                        position += left
                    }
                }
            }
        }
    }
}
