import PublicCryptography
import SecretCryptography

extension NetworkKeys {
    /// The key under which the output of a transaction leaves before the next header:
    /// `HK(output key, header hash || index || leaf of the result)`.
    ///
    /// It opens one output of one result. Whoever runs the block with another story has another leaf, and the caller
    /// gives a key out only when a verified header has its leaf. Bytes in ordinary memory, since they will be public.
    package borrowing func outputKey(headerHash: Hash32, index: UInt32, leaf: Hash32) -> [UInt8] {
        let key = KeyDerivation.expand(
            outputMaterial, info: Label.output + headerHash.bytes + index.bigEndianBytes + leaf.bytes)
        // Safe: copies the bytes of a live key.
        return unsafe key.withUnsafeBytes { unsafe Array($0) }
    }

    /// What goes into the hashes of an output that leave with the block: `HK(output key, label || header hash || index
    /// || digest)`.
    ///
    /// Made of the output's own `digest`, so that all enclaves that run the block come to the same one; and so that
    /// whoever has the salt of one answer has that of no other.
    package borrowing func outputSalt(headerHash: Hash32, index: UInt32, digest: [UInt8]) -> [UInt8] {
        let salt = KeyDerivation.expand(
            outputMaterial, info: Label.outputSalt + headerHash.bytes + index.bigEndianBytes + digest)
        // Safe: copies the bytes of a live key.
        return unsafe salt.withUnsafeBytes { unsafe Array($0) }
    }
}
