import Attestation
import CLibCrypto
import PublicCryptography

/// A public key that a TPM signs quotes with: P-256, or RSA of 2,048 to 4,096 bits.
package struct TPMAttestationKey: Equatable, Sendable {
    /// SubjectPublicKeyInfo (RFC 5280) in DER.
    package let encoded: [UInt8]

    package var hash: Hash32 { SHA256.hash(encoded) }

    /// In DER, or as PEM writes that (RFC 7468), as `tpm2_createak` does. `nil` for what is no such key.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count <= 2 * TPMLimits.publicKeyBytesMax else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        var der = bytes
        if text.hasPrefix("-----BEGIN PUBLIC KEY-----\n") {
            let lines = text.split(separator: "\n")
            guard lines.last == "-----END PUBLIC KEY-----",
                let decoded = Base64.decode(lines[1..<(lines.count - 1)].joined())
            else { return nil }
            der = decoded
        }
        guard der.count <= TPMLimits.publicKeyBytesMax, TPMAttestationKey.isKey(der) else { return nil }
        encoded = der
    }

    /// The key of a certificate.
    init(of certificate: Certificate) { encoded = P256.publicKeyInfoPrefix + certificate.publicKey }

    func signed(_ message: [UInt8], _ signature: TPMSignature) -> Bool {
        switch signature {
        case .ecdsa(let bytes):
            let prefix = P256.publicKeyInfoPrefix
            guard encoded.starts(with: prefix) else { return false }
            return P256.verify(
                signature: bytes, digest: SHA256.hash(message), publicKey: Array(encoded.dropFirst(prefix.count)))
        case .rsassa(let bytes):
            return TPMAttestationKey.with(encoded) { key in
                guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA, let context = EVP_MD_CTX_new() else { return false }
                defer { EVP_MD_CTX_free(context) }
                // PKCS #1 version 1.5 is what RSA keys verify unless told otherwise.
                return EVP_DigestVerifyInit(context, nil, EVP_sha256(), nil, key) == 1
                    && EVP_DigestVerify(context, bytes, bytes.count, message, message.count) == 1
            }
        }
    }

    private static func isKey(_ der: [UInt8]) -> Bool {
        if der.starts(with: P256.publicKeyInfoPrefix) {
            return der.count == P256.publicKeyInfoPrefix.count + 64 && with(der) { _ in true }
        }
        return with(der) { key in
            EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && (2_048...4_096).contains(EVP_PKEY_get_bits(key))
        }
    }

    /// The key as libcrypto reads all of `der`, and writes it again.
    private static func with(_ der: [UInt8], _ body: (OpaquePointer) -> Bool) -> Bool {
        _ = OPENSSL_init_crypto(UInt64(OPENSSL_INIT_NO_LOAD_CONFIG), nil)
        defer { ERR_clear_error() }
        let key = der.withUnsafeBufferPointer { buffer -> OpaquePointer? in
            var start = buffer.baseAddress
            return d2i_PUBKEY(nil, &start, buffer.count)
        }
        defer { EVP_PKEY_free(key) }
        guard let key else { return false }
        var written: UnsafeMutablePointer<UInt8>?
        let count = i2d_PUBKEY(key, &written)
        defer { CRYPTO_free(written, nil, 0) }
        guard count == Int32(der.count), let written,
            der.elementsEqual(UnsafeBufferPointer(start: written, count: der.count))
        else { return false }
        return body(key)
    }
}
