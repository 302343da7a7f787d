import CSecp256k1
import Synchronization

/// ECDSA over secp256k1 without secrets, by libsecp256k1.
package enum Secp256k1 {
    package static let signatureByteCount = 64
    package static let compressedKeyByteCount = 33
    package static let uncompressedKeyByteCount = 65

    /// One context for the process: made once, never randomised or changed, since nothing here has a secret.
    @safe private struct Context: Sendable {
        // Safe to share: libsecp256k1 only reads a context in the calls below, and this one is never destroyed.
        nonisolated(unsafe) let pointer: OpaquePointer
        init() {
            unsafe pointer = secp256k1_context_create(UInt32(SECP256K1_CONTEXT_VERIFY))
        }
    }
    private static let context = Context()

    /// Whether `signature` (r || s, 64 bytes) is a signature of `digest` under `publicKey` (33 or 65 bytes, SEC 1).
    ///
    /// A signature with a high s is refused, as in the Cosmos SDK: otherwise anyone could turn a transaction into
    /// another one with a different hash. Bytes that are no key or no signature are simply not valid.
    package static func verify(signature: [UInt8], digest: Hash32, publicKey: [UInt8]) -> Bool {
        guard signature.count == signatureByteCount, var key = parse(publicKey) else { return false }
        var parsed = secp256k1_ecdsa_signature()
        // Safe: the parser reads exactly the 64 bytes whose number was checked.
        guard unsafe secp256k1_ecdsa_signature_parse_compact(context.pointer, &parsed, signature) == 1 else {
            return false
        }
        // Safe: the digest has 32 bytes. The library itself accepts only the low s.
        return unsafe secp256k1_ecdsa_verify(context.pointer, &parsed, digest.bytes, &key) == 1
    }

    /// Whether `publicKey` is the 33-byte form of a point on the curve.
    package static func isCompressedKey(_ publicKey: [UInt8]) -> Bool {
        publicKey.count == compressedKeyByteCount && isKey(publicKey)
    }

    /// Whether `publicKey` is the 33-byte or the 65-byte form of a point on the curve.
    package static func isKey(_ publicKey: [UInt8]) -> Bool {
        parse(publicKey) != nil
    }

    /// The public key whose signature of `digest` this is, as 65 bytes (SEC 1, uncompressed), or `nil` if there is
    /// none. `recoveryID` is 0 to 3. A high s is accepted, as in the contract interface that this serves.
    package static func recover(signature: [UInt8], recoveryID: UInt8, digest: Hash32) -> [UInt8]? {
        guard signature.count == signatureByteCount, recoveryID < 4 else { return nil }
        var parsed = secp256k1_ecdsa_recoverable_signature()
        var key = secp256k1_pubkey()
        // Safe: 64 and 32 bytes are there, and the recovery id is in the range the library demands.
        guard
            unsafe secp256k1_ecdsa_recoverable_signature_parse_compact(
                context.pointer, &parsed, signature, Int32(recoveryID)) == 1,
            unsafe secp256k1_ecdsa_recover(context.pointer, &key, &parsed, digest.bytes) == 1
        else { return nil }
        var output = [UInt8](repeating: 0, count: uncompressedKeyByteCount)
        var count = output.count
        // Safe: `count` says how many bytes may be written.
        _ = unsafe secp256k1_ec_pubkey_serialize(
            context.pointer, &output, &count, &key, UInt32(SECP256K1_EC_UNCOMPRESSED))
        return output
    }

    /// Keys that were parsed lately, each by its own bytes. Parsing one takes a square root, and a transaction names
    /// its key three times: in itself, in the account, and where its signature is verified.
    private static let parsed = Mutex<[(bytes: [UInt8], key: secp256k1_pubkey)?]>(Array(repeating: nil, count: 256))

    private static func parse(_ publicKey: [UInt8]) -> secp256k1_pubkey? {
        guard publicKey.count == compressedKeyByteCount else { return parseAnew(publicKey) }
        // The last byte chooses the place; whoever fills it with others makes nothing but work.
        let place = Int(publicKey[compressedKeyByteCount - 1])
        let known: secp256k1_pubkey? = parsed.withLock { parsed in
            guard let entry = parsed[place], entry.bytes == publicKey else { return nil }
            return entry.key
        }
        if let known { return known }
        guard let key = parseAnew(publicKey) else { return nil }
        parsed.withLock { $0[place] = (publicKey, key) }
        return key
    }

    private static func parseAnew(_ publicKey: [UInt8]) -> secp256k1_pubkey? {
        guard publicKey.count == compressedKeyByteCount || publicKey.count == uncompressedKeyByteCount else {
            return nil
        }
        var key = secp256k1_pubkey()
        // Safe: the parser reads `count` bytes of a live array. It would take the hybrid forms 06 and 07; we do not.
        guard unsafe secp256k1_ec_pubkey_parse(context.pointer, &key, publicKey, publicKey.count) == 1,
            publicKey.count == compressedKeyByteCount || publicKey[0] == 4
        else { return nil }
        return key
    }
}
