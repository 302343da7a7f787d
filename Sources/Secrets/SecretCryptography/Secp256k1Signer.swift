import CSecp256k1
import CSodium
import PublicCryptography

/// ECDSA over secp256k1: deterministic (RFC 6979), low S, as Cosmos and Secret Network's contracts expect.
package enum Secp256k1Signer {
    /// Blinded once with random bytes, so that signing does not show its key to a side channel; read-only afterwards.
    nonisolated(unsafe) static let context: OpaquePointer = {
        // Safe: the context is never freed; randomising ends before anyone else has the pointer.
        let context = unsafe certain(
            secp256k1_context_create(UInt32(SECP256K1_CONTEXT_NONE)), "there is memory at the start")
        precondition(unsafe secp256k1_context_randomize(context, SecretRandom.bytes(32)) == 1)
        return unsafe context
    }()

    /// The compressed public key (33 bytes), or `nil` if the key is zero or not below the group's order.
    package static func publicKey(of privateKey: borrowing SecretKey) -> [UInt8]? {
        var point = secp256k1_pubkey()
        // Safe: the key has 32 bytes; the output has as many bytes as `count` says.
        return unsafe privateKey.withUnsafeBytes { key -> [UInt8]? in
            guard unsafe secp256k1_ec_pubkey_create(context, &point, key.start) == 1 else { return nil }
            var encoded = [UInt8](repeating: 0, count: 33)
            var count = encoded.count
            unsafe secp256k1_ec_pubkey_serialize(context, &encoded, &count, &point, UInt32(SECP256K1_EC_COMPRESSED))
            return encoded
        }
    }

    /// The signature r || s (64 bytes), or `nil` if the key is zero or not below the group's order.
    package static func sign(_ digest: Hash32, privateKey: borrowing SecretKey) -> [UInt8]? {
        var signature = secp256k1_ecdsa_signature()
        // Safe: digest and key have 32 bytes, the output 64.
        return unsafe privateKey.withUnsafeBytes { key -> [UInt8]? in
            guard unsafe secp256k1_ecdsa_sign(context, &signature, digest.bytes, key.start, nil, nil) == 1 else {
                return nil
            }
            var compact = [UInt8](repeating: 0, count: 64)
            unsafe secp256k1_ecdsa_signature_serialize_compact(context, &compact, &signature)
            return compact
        }
    }
}
