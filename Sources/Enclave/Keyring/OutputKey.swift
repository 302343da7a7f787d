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
}
