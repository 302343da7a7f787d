import CSodium
import PublicCryptography

/// Ed25519 signatures (RFC 8032) with a 32-byte private key (the seed of the RFC).
package enum Ed25519Signer {
    private static let expandedByteCount = 64

    package static func publicKey(of privateKey: borrowing SecretKey) -> [UInt8] {
        // Safe: the pointer is not used.
        unsafe withExpanded(privateKey) { _, publicKey in publicKey }
    }

    package static func sign(_ message: [UInt8], privateKey: borrowing SecretKey) -> [UInt8] {
        // Safe: 64 bytes of signature, the message with its own count, 64 bytes of key.
        unsafe withExpanded(privateKey) { expanded, _ in
            var signature = [UInt8](repeating: 0, count: Int(crypto_sign_BYTES))
            unsafe crypto_sign_detached(&signature, nil, message, UInt64(message.count), expanded.start)
            return signature
        }
    }

    /// libsodium signs with seed || public key: put together in scratch that is wiped.
    private static func withExpanded(
        _ privateKey: borrowing SecretKey, _ body: (UnsafeMutableRawBufferPointer, [UInt8]) -> [UInt8]
    ) -> [UInt8] {
        Sodium.prepare()
        var publicKey = [UInt8](repeating: 0, count: 32)
        // Safe: 32 bytes of seed and public key, 64 of scratch.
        return unsafe privateKey.withUnsafeBytes { seed in
            unsafe withUnsafeTemporaryAllocation(byteCount: expandedByteCount, alignment: 8) { expanded in
                unsafe crypto_sign_seed_keypair(&publicKey, expanded.start, seed.start)
                let result = unsafe body(expanded, publicKey)
                unsafe sodium_memzero(expanded.start, expanded.count)
                return result
            }
        }
    }
}
