import CSodium

/// Ed25519 signature verification (RFC 8032) with libsodium's rules: no cofactor, S below the group order, canonical
/// keys of no small order.
///
/// CometBFT follows ZIP-215, which accepts more. A signature made by an honest signer passes both; one that passes
/// only ZIP-215 was crafted, and is merely not counted here.
package enum Ed25519 {
    package static let publicKeyByteCount = 32
    package static let signatureByteCount = 64

    /// `false` for wrong lengths too: the caller passes what a peer sent.
    package static func verify(signature: [UInt8], message: [UInt8], publicKey: [UInt8]) -> Bool {
        guard signature.count == signatureByteCount, publicKey.count == publicKeyByteCount else { return false }
        // Safe: the lengths the function expects were checked, and it only reads, within the three buffers.
        return unsafe signature.withUnsafeBufferPointer { signature in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe publicKey.withUnsafeBufferPointer { publicKey in
                    unsafe crypto_sign_verify_detached(
                        signature.baseAddress!, message.baseAddress, UInt64(message.count), publicKey.baseAddress!) == 0
                }
            }
        }
    }
}
