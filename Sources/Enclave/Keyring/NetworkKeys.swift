import SecretCryptography

/// The eight keys of the network (Secret Network protocol: key hierarchy) and one of ours, each in guarded pages of its
/// own.
package struct NetworkKeys: ~Copyable, Sendable {
    /// What stored values carry as the number of their key: seeds count from one, and the current one is the second.
    package static let currentEpoch: UInt16 = 2

    /// Key 1: X25519, wraps the seeds for enclaves that join.
    package let seedExchangeKey: SecretKey
    /// Key 2: X25519, what clients encrypt to.
    package let ioKey: SecretKey
    /// Key 3 of the genesis seed: authenticates contract keys.
    let genesisStateMaterial: SecretKey
    /// Key 3 of the current seed: where state keys come from.
    let currentStateMaterial: SecretKey
    /// Key 4: authenticates messages between contracts. Ours never leave the enclave; kept for Secret Network's
    /// formats.
    package let callbackSecret: SecretKey
    /// Key 5, `random_ikm`: where the randomness of blocks comes from.
    let randomMaterial: SecretKey
    /// Key 6: authenticates a block's encrypted random in Secret Network's headers.
    package let initialRandomnessKey: SecretKey
    /// Key 7.
    let adminProofSecret: SecretKey
    /// Key 8.
    let contractKeyProofSecret: SecretKey

    /// Where the keys of outputs come from, which leave when the next header proves their results.
    let outputMaterial: SecretKey

    package let ioPublicKey: [UInt8]
    package let seedExchangePublicKey: [UInt8]

    package init(_ seeds: borrowing NetworkSeeds) {
        seedExchangeKey = KeyDerivation.seedKey(seeds.current, order: 1, home: .pages)
        ioKey = KeyDerivation.seedKey(seeds.current, order: 2, home: .pages)
        genesisStateMaterial = KeyDerivation.seedKey(seeds.genesis, order: 3, home: .pages)
        currentStateMaterial = KeyDerivation.seedKey(seeds.current, order: 3, home: .pages)
        callbackSecret = KeyDerivation.seedKey(seeds.current, order: 4, home: .pages)
        randomMaterial = KeyDerivation.seedKey(seeds.current, order: 5, home: .pages)
        initialRandomnessKey = KeyDerivation.seedKey(seeds.current, order: 6, home: .pages)
        adminProofSecret = KeyDerivation.seedKey(seeds.current, order: 7, home: .pages)
        contractKeyProofSecret = KeyDerivation.seedKey(seeds.current, order: 8, home: .pages)
        outputMaterial = KeyDerivation.expand(seeds.current, info: Label.output, home: .pages)
        ioPublicKey = X25519.publicKey(of: ioKey)
        seedExchangePublicKey = X25519.publicKey(of: seedExchangeKey)
    }

    /// The key of an encrypted message, or `nil` if nobody can have made its public key honestly. A client chose both.
    package borrowing func transactionKey(publicKey: [UInt8], nonce: [UInt8]) -> TransactionKey? {
        TransactionKey(privateKey: ioKey, publicKey: publicKey, nonce: nonce)
    }
}
