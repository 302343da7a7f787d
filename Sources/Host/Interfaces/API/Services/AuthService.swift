import ChainMessages
import LedgerRecords
import SignedTransactions
import StateProofs

/// cosmos.auth.v1beta1.Query: accounts.
struct AuthService: Sendable {
    private typealias Auth = AuthV1beta1
    private typealias Query = AuthV1beta1.Query

    /// By name, as the original lists them.
    private static let moduleAccounts = [
        "bonded_tokens_pool", "distribution", "fee_collector", "gov", "mint", "not_bonded_tokens_pool",
    ]

    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        registry.query(Query.account, chain) { request, state in
            .init(account: try AuthService.account(request.address, state))
        }
        registry.query(Query.accounts, chain) { request, state in
            let (entries, page) = try PageRequest(request.pagination).page(
                of: state, store: StoreName.account, prefix: AccountStore.accountPrefix)
            return .init(accounts: try entries.map { try AnyMessage(stored: $0.value) }, pagination: page)
        }
        registry.query(Query.accountInfo, chain) { request, state in
            let account = try AuthService.account(request.address, state)
            return .init(info: try AuthService.baseAccount(account))
        }
        registry.query(Query.accountAddressByID, chain) { request, state in
            let id = request.id == 0 ? request.accountID : UInt64(bitPattern: request.id)
            guard let bytes = try state.get(store: StoreName.account, key: AccountStore.numberKey(id)) else {
                throw StatusError.notFound("account address not found with account number \(id)")
            }
            guard let address = AccountAddress(bytes) else { throw CorruptRecord(what: "account number \(id)") }
            return .init(accountAddress: address)
        }
        registerModuleAccounts(in: &registry)
        registerConstants(in: &registry)
    }

    private func registerModuleAccounts(in registry: inout ServiceRegistry) {
        registry.query(Query.moduleAccounts, chain) { _, state in
            .init(accounts: try AuthService.moduleAccounts.compactMap { try AuthService.moduleAccount($0, state) })
        }
        registry.query(Query.moduleAccountByName, chain) { request, state in
            guard AuthService.moduleAccounts.contains(request.name),
                let account = try AuthService.moduleAccount(request.name, state)
            else { throw StatusError.notFound("account \(request.name) not found") }
            return .init(account: account)
        }
    }

    /// What no transaction can change.
    private func registerConstants(in registry: inout ServiceRegistry) {
        registry.query(Query.params, chain) { _, _ in
            .init(
                params: .init(
                    maxMemoCharacters: 256, txSigLimit: UInt64(AccountKey.keysMax),
                    txSizeCostPerByte: GasSchedule.perTransactionByte, sigVerifyCostEd25519: 590,
                    sigVerifyCostSecp256k1: GasSchedule.perSignature))
        }
        registry.call(Query.bech32Prefix, chain) { _ in .init(bech32Prefix: AccountAddress.prefix) }
        registry.call(Query.addressBytesToString, chain) { request in
            guard let address = AccountAddress(request.addressBytes) else {
                throw StatusError.invalidRequest("an address has \(AccountAddress.byteCount) bytes")
            }
            return .init(addressString: address)
        }
        registry.call(Query.addressStringToBytes, chain) { .init(addressBytes: $0.addressString.bytes) }
    }

    /// The account as the state holds it.
    private static func account(_ address: AccountAddress, _ state: any StateReading) throws -> AnyMessage {
        guard let account = try state.get(store: StoreName.account, key: AccountStore.accountKey(address)) else {
            throw StatusError.notFound("account \(address) not found")
        }
        return try AnyMessage(stored: account)
    }

    private static func moduleAccount(_ name: String, _ state: any StateReading) throws -> AnyMessage? {
        try state.get(store: StoreName.account, key: AccountStore.accountKey(ModuleAddress.named(name)))
            .map { try AnyMessage(stored: $0) }
    }

    private static func baseAccount(_ account: AnyMessage) throws -> Auth.BaseAccount? {
        guard account.typeURL == Auth.ModuleAccount.typeURL else {
            return try Auth.BaseAccount(stored: Array(account.value))
        }
        return try Auth.ModuleAccount(stored: Array(account.value)).baseAccount
    }
}
