import PublicCryptography
import SignedTransactions
import Wire

/// Where accounts come from that no key owns.
package enum ContractAddress {
    /// The address of an instance (Secret Network protocol: contract identity): RIPEMD-160 of SHA-256 of
    /// `u64((code id << 32) + instance id) || creator`. Instance ids count all instances of the chain, from 1.
    package static func derive(codeID: UInt64, instanceID: UInt64, creator: AccountAddress) -> AccountAddress {
        let number = (codeID << 32) &+ instanceID
        return AccountAddress(digestOf: StateKey.number(number) + creator.bytes)
    }
}

package enum ModuleAddress {
    package static let feeCollector = named("fee_collector")
    package static let governance = named("gov")
    package static let distribution = named("distribution")
    package static let mint = named("mint")
    package static let bondedPool = named("bonded_tokens_pool")
    package static let notBondedPool = named("not_bonded_tokens_pool")

    /// Those to which nobody sends coins; their modules count what they have.
    package static let blocked = [feeCollector, distribution, mint, bondedPool, notBondedPool]

    /// The first 20 bytes of SHA-256 of the module account's name.
    package static func named(_ name: String) -> AccountAddress {
        AccountAddress(beginningOfDigestOf: Array(name.utf8))
    }
}
