import SecretCryptography

/// The keys of the network (Secret Network protocol: key hierarchy), without 4 and 6, which nothing here is done with,
/// and one of ours, each in guarded pages of its own.
package struct NetworkKeys: ~Copyable, Sendable {
    /// What stored values carry as the number of their key in the first epoch: seeds count from one, and the current
    /// one is the second.
    package static let firstEpoch: UInt16 = 2

    /// What values that are stored now carry.
    package let epoch: UInt16

    /// Key 1: X25519, wraps the seeds for enclaves that join.
    package let seedExchangeKey: SecretKey
    /// Key 2: X25519, what clients encrypt to.
    package let ioKey: SecretKey
    /// The same of the epoch before, for messages that were on their way, as long as it is wanted.
    private let earlierIOKey: SecretKey
    private let opensEarlierInputs: Bool
    /// Key 3 of the genesis seed: authenticates contract keys.
    let genesisStateMaterial: SecretKey
    /// Key 3 of the current seed: where the keys of names come from.
    let currentStateMaterial: SecretKey
    /// Key 3 of the newest seed: where the keys of values come from. The same, where keys do not rotate.
    let valueMaterial: SecretKey
    let earlierValueMaterial: SecretKey
    /// Key 5, `random_ikm`: where the randomness of blocks comes from.
    let randomMaterial: SecretKey
    /// Key 7.
    let adminProofSecret: SecretKey
    /// Key 8.
    let contractKeyProofSecret: SecretKey

    /// Where the keys of outputs come from, which leave when the next header proves their results.
    let outputMaterial: SecretKey

    package let ioPublicKey: [UInt8]
    package let seedExchangePublicKey: [UInt8]

    /// - Parameter opensEarlierInputs: whether messages to the io key of the epoch before are opened, if its seed is
    ///   here.
    package init(_ seeds: borrowing NetworkSeeds, opensEarlierInputs: Bool = true) {
        epoch = NetworkKeys.firstEpoch + (seeds.epoch ?? 0)
        self.opensEarlierInputs = opensEarlierInputs && seeds.isWithEarlier
        seedExchangeKey = KeyDerivation.seedKey(seeds.current, order: 1, home: .pages)
        ioKey = KeyDerivation.seedKey(seeds.present, order: 2, home: .pages)
        earlierIOKey = KeyDerivation.seedKey(seeds.earlier, order: 2, home: .pages)
        genesisStateMaterial = KeyDerivation.seedKey(seeds.genesis, order: 3, home: .pages)
        currentStateMaterial = KeyDerivation.seedKey(seeds.current, order: 3, home: .pages)
        valueMaterial = KeyDerivation.seedKey(seeds.present, order: 3, home: .pages)
        earlierValueMaterial = KeyDerivation.seedKey(seeds.earlier, order: 3, home: .pages)
        randomMaterial = KeyDerivation.seedKey(seeds.present, order: 5, home: .pages)
        adminProofSecret = KeyDerivation.seedKey(seeds.current, order: 7, home: .pages)
        contractKeyProofSecret = KeyDerivation.seedKey(seeds.current, order: 8, home: .pages)
        outputMaterial = KeyDerivation.expand(seeds.current, info: Label.output, home: .pages)
        ioPublicKey = X25519.publicKey(of: ioKey)
        seedExchangePublicKey = X25519.publicKey(of: seedExchangeKey)
    }

    /// The key of an encrypted message, or `nil` if nobody can have made its public key honestly. A client chose both.
    ///
    /// - Parameter isEarlier: for one who encrypted to the key of the epoch before; `nil` where that is not opened.
    package borrowing func transactionKey(
        publicKey: [UInt8], nonce: [UInt8], isEarlier: Bool = false
    ) -> TransactionKey? {
        guard isEarlier else { return TransactionKey(privateKey: ioKey, publicKey: publicKey, nonce: nonce) }
        return opensEarlierInputs ? TransactionKey(privateKey: earlierIOKey, publicKey: publicKey, nonce: nonce) : nil
    }
}
