/// Random numbers for one call, drawn from the block's secret randomness.
///
/// Nobody can know them before the block is final, and the caller cannot take the call back after it. `purpose` keeps
/// two draws of one call apart. A query has no randomness.
struct Random {
    private let seed: [UInt8]
    private var drawn: UInt32 = 0

    init(_ call: Call, _ purpose: Text) throws(ContractError) {
        try self.init(call.environment, call.sender.address + "/", purpose)
    }

    /// In a reply or a migration.
    init(_ environment: Environment, _ purpose: Text) throws(ContractError) {
        try self.init(environment, "", purpose)
    }

    private init(_ environment: Environment, _ sender: Text, _ purpose: Text) throws(ContractError) {
        guard environment.random.count == 32 else { throw ContractError("no randomness here") }
        let context = environment.contractAddress + "/" + sender + environment.transaction + "/" + purpose
        seed = SHA256.authenticate(context.utf8, key: environment.random)
    }

    mutating func bytes32() -> [UInt8] {
        drawn += 1
        return SHA256.authenticate(Text(decimal: drawn).utf8, key: seed)
    }

    /// From 0 to `bound - 1`, every number equally likely.
    mutating func number(below bound: UInt32) -> UInt32 {
        precondition(bound > 0)
        // Numbers behind the last whole multiple of the bound would favour the small ones.
        let limit = UInt64(1) << 32 / UInt64(bound) * UInt64(bound)
        while true {
            let bytes = bytes32()
            let number = bytes[0..<4].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
            if number < limit { return UInt32(number % UInt64(bound)) }
        }
    }
}
