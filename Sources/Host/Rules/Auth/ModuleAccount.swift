import LedgerRecords
import SignedTransactions

/// An account without a key, which a module owns, with an address made of the module's name.
package struct ModuleAccount: Sendable {
    package let name: String
    package let permissions: [String]
    package let address: AccountAddress

    private init(_ name: String, _ permissions: [String] = []) {
        self.name = name
        self.permissions = permissions
        address = ModuleAddress.named(name)
    }

    package static let feeCollector = ModuleAccount("fee_collector")
    package static let distribution = ModuleAccount("distribution")
    package static let mint = ModuleAccount("mint", ["minter"])
    /// What is delegated to validators of the set, and to all others.
    package static let bondedPool = ModuleAccount("bonded_tokens_pool", ["burner", "staking"])
    package static let notBondedPool = ModuleAccount("not_bonded_tokens_pool", ["burner", "staking"])
    package static let governance = ModuleAccount("gov", ["burner"])

    /// In the order in which genesis numbers them.
    package static let all = [
        feeCollector, distribution, mint, bondedPool, notBondedPool, governance,
    ]

    /// Whether messages may not send to `address`: the coins of these accounts are counted by their modules. Governance
    /// may be sent to.
    package static func isBlocked(_ address: AccountAddress) -> Bool { blocked.contains(address) }

    /// As the enclave has them, which counts no coins that are sent there.
    private static let blocked = Set(ModuleAddress.blocked)
}
