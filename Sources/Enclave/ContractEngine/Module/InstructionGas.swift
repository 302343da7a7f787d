/// What running costs, in wasm gas, a thousandth of the chain's (Secret Network protocol: wasm gas). Every number here
/// is consensus.
enum InstructionGas {
    static let instruction: UInt32 = 2
    static let memoryPage: Int64 = 8192
    /// The metering function of `memory.grow` has fourteen instructions and pays for them like any other, and three
    /// more where it gives up.
    static let growCall: UInt32 = 14 * instruction
    static let growExhausted: UInt32 = 3 * instruction

    static let storageRead: UInt64 = 1000
    static let storageWrite: UInt64 = 2000
    /// Set aside for each byte of a value until the write is charged where it happens.
    static let storageWriteReserveByte: UInt64 = 5000
    static let address: UInt64 = 8192
    static let secp256k1Verify: UInt64 = 98_304
    static let secp256k1Recover: UInt64 = 98_304
    static let secp256k1Sign: UInt64 = 100_000
    static let ed25519Verify: UInt64 = 73_728
    static let ed25519BatchBase: UInt64 = 5000
    static let ed25519BatchItem: UInt64 = 70_000
    static let ed25519Sign: UInt64 = 75_000
    static let checkGas: UInt64 = 8192
    static let evaporateMinimum: UInt64 = 8000
    static let quoteVerify: UInt64 = 100_000

    // MARK: Work beyond a price

    // Secret Network's prices are fixed, and some are far below the work. What is missing is counted in the same unit
    // (docs/gas-costs.md) and free for as much as any contract needs: `EngineLimits.freeWork`. Beyond it, it is
    // charged, before the work is done.

    /// A host function that has no price of its own.
    static let unpricedCall: UInt64 = 60
    /// A byte of a name in the storage: copied, hashed and compared.
    static let nameByteWork: UInt64 = 1
    /// A byte of JSON that is read, of what stands beyond `EngineLimits.freeBytesPerRead`.
    static let parsedByteWork: UInt64 = 10
    /// A byte of an address beyond the longest that Bech32 gives (BIP 173).
    static let addressByteWork: UInt64 = 20
    static let addressBytes = 90
    /// A signature that only the slower of two verifications can judge.
    static let ed25519VerifyWork: UInt64 = 50_000
    /// A byte that is hashed once more than the signature's message was read.
    static let hashedByteWork: UInt64 = 1
    static let quoteVerifyWork: UInt64 = 300_000

    /// Wasm gas per unit of the chain's gas.
    static let multiplier: UInt64 = 1000
}
