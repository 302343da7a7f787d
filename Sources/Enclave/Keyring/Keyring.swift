/// The network's secrets, what they prove about contracts, and the forms in which they and contract state leave the
/// enclave: sealed.
///
/// Everything here derives from two seeds (`NetworkSeeds`), as in Secret Network, and one of each epoch where keys
/// rotate: `NetworkKeys` are the network's and prove what a contract is, `StateKeys` open and seal one contract's
/// state, `BlockRandom` is a block's randomness, `SealedRecord` is what survives a restart. Keys are `~Copyable` and in
/// guarded memory.
///
/// The module decides nothing about chain state: its callers have verified headers, proofs and signatures before they
/// ask. It never hands a seed or a network key to anything but its own functions' results, never writes one anywhere
/// unsealed, and treats every byte it opens (records, stored values, contract keys) as chosen by the host.
///
/// Labels of derivations that are ours and not Secret Network's begin with `cloister/`.
enum Label {
    static let seeds = ["cloister/seed/0", "cloister/seed/1", "cloister/seed/epoch"].map { Array($0.utf8) }
    static let epoch = Array("cloister/epoch".utf8)
    static let stateName = Array("cloister/state/name".utf8)
    static let stateValue = Array("cloister/state/value".utf8)
    static let blockRandom = Array("cloister/random/block".utf8)
    static let callRandom = Array("cloister/random/call".utf8)
    static let grant = Array("cloister/seed-grant/1".utf8)
    static let handedKey = Array("cloister/consensus-key-grant/1".utf8)
    static let registration = Array("cloister/registration".utf8)
    static let output = Array("cloister/output".utf8)
    static let outputSalt = Array("cloister/output/salt".utf8)
}
