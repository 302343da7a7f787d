import CSodium

/// XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), for what a key opens that both sides of the trust boundary will
/// have: an output under the key that the next header releases. Keys here are ordinary bytes; secrets have
/// `SecretCryptography`.
package enum XChaCha20Poly1305 {
    package static let keyByteCount = 32
    package static let nonceByteCount = 24
    package static let tagByteCount = 16

    /// Ciphertext and tag.
    ///
    /// - Precondition: key and nonce have their lengths.
    package static func seal(
        _ plaintext: [UInt8], key: [UInt8], nonce: [UInt8], associatedData: [UInt8]
    ) -> [UInt8] {
        precondition(key.count == keyByteCount && nonce.count == nonceByteCount)
        CipherLengths.prepare()
        // Safe: the function writes the plaintext's count and the tag, which is what there is room for.
        return unsafe [UInt8](unsafeUninitializedCapacity: plaintext.count + tagByteCount) { output, count in
            var written: UInt64 = 0
            let status = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                output.start, &written, plaintext, UInt64(plaintext.count), associatedData,
                UInt64(associatedData.count), nil, nonce, key)
            precondition(status == 0)
            count = Int(written)
        }
    }

    /// The plaintext, or `nil` if anything is another or has another length.
    package static func open(
        _ sealed: [UInt8], key: [UInt8], nonce: [UInt8], associatedData: [UInt8]
    ) -> [UInt8]? {
        guard key.count == keyByteCount, nonce.count == nonceByteCount, sealed.count >= tagByteCount else { return nil }
        CipherLengths.prepare()
        var isAuthentic = false
        // Safe: the function writes at most the ciphertext's count, which is what there is room for.
        let plaintext = unsafe [UInt8](unsafeUninitializedCapacity: max(sealed.count - tagByteCount, 1)) {
            output, count in
            var written: UInt64 = 0
            let status = unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                output.start, &written, nil, sealed, UInt64(sealed.count), associatedData,
                UInt64(associatedData.count), nonce, key)
            isAuthentic = status == 0
            count = isAuthentic ? Int(written) : 0
        }
        return isAuthentic ? plaintext : nil
    }
}

/// BLAKE2b with a key (RFC 7693).
package enum KeyedHash {
    /// - Precondition: 16 to 64 bytes are asked for, and the key has 16 to 64.
    package static func blake2b(_ message: [UInt8], key: [UInt8], byteCount: Int) -> [UInt8] {
        precondition((16...64).contains(byteCount) && (16...64).contains(key.count))
        CipherLengths.prepare()
        // Safe: the function writes exactly the bytes asked for.
        return unsafe [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
            let status = unsafe crypto_generichash(
                output.start, byteCount, message, UInt64(message.count), key, key.count)
            precondition(status == 0)
            count = byteCount
        }
    }
}

private enum CipherLengths {
    /// Chooses the fastest implementations of this processor; what was done already is not done again.
    static func prepare() { precondition(isReady) }

    private static let isReady = sodium_init() >= 0
}
