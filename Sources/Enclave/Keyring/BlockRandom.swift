import PublicCryptography
import SecretCryptography

/// The randomness of one block. Unknowable before the block is decided, because its header's hash goes in, and never
/// outside the enclave, because a network key does.
package struct BlockRandom: ~Copyable, Sendable {
    private let secret: SecretKey

    fileprivate init(_ secret: consuming SecretKey) {
        self.secret = secret
    }

    /// The 32 bytes that call number `callNumber` of a transaction gets as `env.block.random`:
    /// `HK(block random, label || contract key || transaction hash || call number)`.
    ///
    /// Calls are counted from the transaction's start, reverted ones included: no two calls get the same.
    package borrowing func callRandom(contractKey: [UInt8], transaction: Hash32, callNumber: UInt64) -> [UInt8] {
        precondition(contractKey.count == NetworkKeys.contractKeyByteCount)
        let random = KeyDerivation.expand(
            secret, info: Label.callRandom + contractKey + transaction.bytes + callNumber.bigEndianBytes)
        // Safe: copies the bytes of a live key. They are the contract's from here on.
        return unsafe random.withUnsafeBytes { unsafe Array($0) }
    }
}

extension NetworkKeys {
    /// `HK(random_ikm, label || header hash)`.
    ///
    /// The caller has verified the header: whoever could choose the hash could try headers until the randomness suits.
    package borrowing func blockRandom(headerHash: Hash32) -> BlockRandom {
        BlockRandom(KeyDerivation.expand(randomMaterial, info: Label.blockRandom + headerHash.bytes))
    }
}
