import CLibCrypto

/// ECDSA over NIST P-256 (FIPS 186-4): the signatures of SGX quotes and of certificates.
package enum P256 {
    /// The start of a SubjectPublicKeyInfo (RFC 5480) for an uncompressed point on P-256; x || y follow.
    package static let publicKeyInfoPrefix: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
        0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ]

    /// Whether `signature` (r || s, 64 bytes) over the SHA-256 `digest` is by the key `publicKey` (x || y, 64 bytes).
    ///
    /// False for wrong lengths and for a point that is not on the curve. Both s and its negation are accepted, as the
    /// standard has it: nothing may use these signatures as names.
    package static func verify(signature: [UInt8], digest: Hash32, publicKey: [UInt8]) -> Bool {
        guard signature.count == 64, publicKey.count == 64 else { return false }
        let encodedKey = publicKeyInfoPrefix + publicKey
        let encodedSignature = derSignature(signature)
        let digestBytes = digest.bytes
        // Safe: the buffers live for the calls that read them, with their own counts; `d2i_PUBKEY` checks that the
        // point is on the curve; key and context are freed once.
        let key = unsafe encodedKey.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var start = buffer.baseAddress
            return unsafe d2i_PUBKEY(nil, &start, buffer.count)
        }
        defer {
            unsafe EVP_PKEY_free(key)
            // A refused key or signature leaves entries in libcrypto's error queue of this thread.
            ERR_clear_error()
        }
        guard let key = unsafe key, let context = unsafe EVP_PKEY_CTX_new(key, nil) else { return false }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        guard unsafe EVP_PKEY_verify_init(context) == 1 else { return false }
        return unsafe EVP_PKEY_verify(
            context, encodedSignature, encodedSignature.count, digestBytes, digestBytes.count) == 1
    }

    /// `SEQUENCE { INTEGER r, INTEGER s }`.
    private static func derSignature(_ signature: [UInt8]) -> [UInt8] {
        let body = derInteger(signature[..<32]) + derInteger(signature[32...])
        return [0x30, UInt8(body.count)] + body
    }

    private static func derInteger(_ bigEndian: ArraySlice<UInt8>) -> [UInt8] {
        var digits = Array(bigEndian.drop { $0 == 0 })
        if digits.isEmpty || digits[0] & 0x80 != 0 { digits.insert(0, at: 0) }
        return [0x02, UInt8(digits.count)] + digits
    }
}
