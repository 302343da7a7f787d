import CSodium

/// Ed25519 signature verification by the rules of ZIP-215, those of CometBFT's validators and of Secret Network's
/// contracts: S is below the group order, key and commitment are any encodings of points, small and impure ones too,
/// and the equation is multiplied by the cofactor.
///
/// Libraries that follow RFC 8032 more strictly differ among each other about crafted signatures: with such rules an
/// attacker's validator could sign what half of a network accepts. By these every implementation says the same.
package enum Ed25519 {
    package static let publicKeyByteCount = 32
    package static let signatureByteCount = 64

    /// `false` for wrong lengths too: the caller passes what a peer sent.
    package static func verify(signature: [UInt8], message: [UInt8], publicKey: [UInt8]) -> Bool {
        guard signature.count == signatureByteCount, publicKey.count == publicKeyByteCount else { return false }
        // What libsodium accepts satisfies the equation without the cofactor, hence with it, and takes a fifth of the
        // time.
        return verifyStrictly(signature, message, publicKey) || verifyWithCofactor(signature, message, publicKey)
    }

    private static func verifyStrictly(_ signature: [UInt8], _ message: [UInt8], _ publicKey: [UInt8]) -> Bool {
        // Safe: the lengths the function expects were checked, and it only reads, within the three buffers.
        unsafe crypto_sign_verify_detached(signature, message, UInt64(message.count), publicKey) == 0
    }

    // MARK: - ZIP-215

    /// Whether `[8][S]B = [8]R + [k][8]A` with `k` the hash of commitment, key and message.
    private static func verifyWithCofactor(_ signature: [UInt8], _ message: [UInt8], _ publicKey: [UInt8]) -> Bool {
        let commitment = Array(signature[..<32])
        let scalar = Array(signature[32...])
        guard isBelowOrder(scalar), let commitments = timesEight(commitment), let keys = timesEight(publicKey) else {
            return false
        }
        let challenge = reduced(SHA512.hash(commitment + publicKey + message))
        guard let challenged = times(challenge, keys), let right = sum(commitments, challenged) else { return false }
        return timesBase(eightfold(scalar)) == right
    }

    /// The order of the base point, 2^252 + 27742317777372353535851937790883648493, little-endian.
    private static let order: [UInt8] = [
        0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
        0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
    ]

    private static let identity: [UInt8] = [1] + [UInt8](repeating: 0, count: 31)

    private static func isBelowOrder(_ scalar: [UInt8]) -> Bool {
        scalar.reversed().lexicographicallyPrecedes(order.reversed())
    }

    /// `nil` if `point` encodes none. The encoding need not be canonical; that of the result is.
    private static func timesEight(_ point: [UInt8]) -> [UInt8]? {
        guard let twice = sum(point, point), let fourfold = sum(twice, twice) else { return nil }
        return sum(fourfold, fourfold)
    }

    private static func sum(_ left: [UInt8], _ right: [UInt8]) -> [UInt8]? {
        // Safe: both have 32 bytes, and the function writes 32.
        unsafe output { unsafe crypto_core_ed25519_add($0, left, right) }
    }

    /// - Precondition: `point` is canonical and in the group that the base point generates, `scalar` below its order.
    private static func times(_ scalar: [UInt8], _ point: [UInt8]) -> [UInt8]? {
        // The library refuses to have or to give the identity.
        guard point != identity, scalar.contains(where: { $0 != 0 }) else { return identity }
        // Safe: both have 32 bytes, and the function writes 32.
        return unsafe output { unsafe crypto_scalarmult_ed25519_noclamp($0, scalar, point) }
    }

    private static func timesBase(_ scalar: [UInt8]) -> [UInt8]? {
        guard scalar.contains(where: { $0 != 0 }) else { return identity }
        // Safe: the function reads 32 bytes and writes 32.
        return unsafe output { unsafe crypto_scalarmult_ed25519_base_noclamp($0, scalar) }
    }

    /// Eight times `scalar`, modulo the order.
    private static func eightfold(_ scalar: [UInt8]) -> [UInt8] {
        var wide = [UInt8](repeating: 0, count: 64)
        for (index, byte) in scalar.enumerated() {
            wide[index] |= byte << 3
            wide[index + 1] = byte >> 5
        }
        return reduced(wide)
    }

    /// 64 bytes, little-endian, modulo the order.
    private static func reduced(_ wide: [UInt8]) -> [UInt8] {
        precondition(wide.count == 64)
        // Safe: the function reads 64 bytes and writes 32. It cannot fail.
        let scalar = unsafe output {
            unsafe crypto_core_ed25519_scalar_reduce($0, wide)
            return 0
        }
        return certain(scalar, "a reduction cannot fail")
    }

    /// The 32 bytes that `body` writes, `nil` if it does not return zero.
    private static func output(_ body: (UnsafeMutablePointer<UInt8>) -> Int32) -> [UInt8]? {
        var status: Int32 = -1
        // Safe: 32 bytes are there, and all functions that are called with them write exactly those.
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 32) { buffer, count in
            unsafe buffer.initialize(repeating: 0)
            status = unsafe body(buffer.start)
            count = 32
        }
        return status == 0 ? bytes : nil
    }
}
