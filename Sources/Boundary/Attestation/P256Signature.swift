import CLibCrypto

/// ECDSA over P-256 with SHA-256, as quotes use it: keys are x || y and signatures r || s, 32 bytes each, big-endian.
///
/// Both s and n - s are accepted, as Intel's own verifiers do; see `UnverifiedQuote.identity` for what follows from
/// that.
enum P256Signature {
    /// SubjectPublicKeyInfo of a P-256 key up to its two coordinates (RFC 5480): every such key has these 27 bytes.
    static let publicKeyInfoPrefix: [UInt8] = [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
        0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
    ]

    /// `false` also for coordinates that are no point of the curve and for lengths other than 64.
    static func verify(_ signature: [UInt8], of message: [UInt8], by publicKey: [UInt8]) -> Bool {
        guard signature.count == 64, publicKey.count == 64 else { return false }
        let info = publicKeyInfoPrefix + publicKey
        let encoded = encode(signature)
        return unsafe info.withUnsafeBufferPointer { infoBytes in
            var next = infoBytes.baseAddress
            // Safe: reads at most `infoBytes.count` bytes from `next`; what it returns is freed below.
            guard let key = unsafe d2i_PUBKEY(nil, &next, infoBytes.count) else { return false }
            defer { unsafe EVP_PKEY_free(key) }
            guard let context = unsafe EVP_MD_CTX_new() else { preconditionFailure("out of memory") }
            defer { unsafe EVP_MD_CTX_free(context) }
            guard unsafe EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1 else { return false }
            // Safe: both arrays outlive the call and are read for the lengths given.
            return unsafe EVP_DigestVerify(context, encoded, encoded.count, message, message.count) == 1
        }
    }

    /// SEQUENCE { INTEGER r, INTEGER s } in DER, the only form libcrypto takes.
    private static func encode(_ signature: [UInt8]) -> [UInt8] {
        let body = encodeInteger(signature[..<32]) + encodeInteger(signature[32...])
        return [0x30, UInt8(body.count)] + body
    }

    private static func encodeInteger(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var digits = Array(bytes.drop { $0 == 0 })
        if digits.first.map({ $0 >= 0x80 }) ?? true { digits.insert(0, at: 0) }
        return [0x02, UInt8(digits.count)] + digits
    }
}
