import CSodium
import PublicCryptography

/// Key agreement on Curve25519 (RFC 7748). Private keys are any 32 bytes and clamped only when used.
package enum X25519 {
    package static let publicKeyByteCount = 32

    package static func publicKey(of privateKey: borrowing SecretKey) -> [UInt8] {
        var publicKey = [UInt8](repeating: 0, count: publicKeyByteCount)
        // Safe: scalar and point have 32 bytes each. The base point makes no failure possible.
        unsafe privateKey.withUnsafeBytes { scalar in
            _ = unsafe crypto_scalarmult_base(&publicKey, scalar.start)
        }
        return publicKey
    }

    /// The raw shared secret, or `nil` for a public key of another length than 32 or of small order.
    ///
    /// A stranger chose `publicKey`. A point of small order gives the same secret (zero) for every private key, so
    /// everyone could read what is sealed with it.
    package static func agreement(_ privateKey: borrowing SecretKey, publicKey: [UInt8]) -> SecretKey? {
        guard publicKey.count == publicKeyByteCount else { return nil }
        var succeeded = false
        // Safe: scalar, point and result have 32 bytes each.
        let shared = unsafe privateKey.withUnsafeBytes { scalar in
            unsafe SecretKey { output in
                succeeded = unsafe crypto_scalarmult(output.start, scalar.start, publicKey) == 0
            }
        }
        guard succeeded else { return nil }
        return shared
    }
}
