import SecretCryptography

/// The two consensus seeds (Secret Network protocol: key hierarchy): the genesis seed, which authenticates contracts,
/// and the current one, from which everything else comes. Whoever has them is the network.
package struct NetworkSeeds: ~Copyable, Sendable {
    static let count = 2

    let genesis: SecretKey
    let current: SecretKey

    /// Seeds that exist already: opened from a record, received from a granting enclave, or given by a test.
    package init(genesis: consuming SecretKey, current: consuming SecretKey) {
        self.genesis = genesis
        self.current = current
    }

    /// The seeds of a new network: each from entropy of its own, bound to the chain identity, so that the same seeds
    /// can never serve a second chain.
    package static func bootstrap(identity: [UInt8]) -> NetworkSeeds {
        NetworkSeeds(entropy: SecretKey.random(), SecretKey.random(), identity: identity)
    }

    /// `seed_i = HK(entropy_i, identity || label_i)`.
    init(entropy genesis: borrowing SecretKey, _ current: borrowing SecretKey, identity: [UInt8]) {
        self.genesis = KeyDerivation.expand(genesis, info: identity + Label.seeds[0], home: .pages)
        self.current = KeyDerivation.expand(current, info: identity + Label.seeds[1], home: .pages)
    }
}
