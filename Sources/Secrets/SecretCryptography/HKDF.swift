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
}
