import ChainMessages
import LedgerRecords
import SignedTransactions
import StateProofs

/// cosmos.bank.v1beta1.Query: balances and supply.
///
/// There are no vesting accounts, so every balance is spendable; no metadata of denominations is on chain.
struct BankService: Sendable {
    private typealias Query = BankV1beta1.Query

    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        registerBalances(in: &registry)
        registerOwners(in: &registry)
        registerSupply(in: &registry)
        registerSettings(in: &registry)
    }

    private func registerBalances(in registry: inout ServiceRegistry) {
        registry.query(Query.balance, chain) { request, state in
            .init(balance: try BankService.balance(of: request.address, request.denom, state))
        }
        registry.query(Query.spendableBalanceByDenom, chain) { request, state in
            .init(balance: try BankService.balance(of: request.address, request.denom, state))
        }
        registry.query(Query.allBalances, chain) { request, state in
            let (balances, page) = try BankService.balances(of: request.address, request.pagination, state)
            return .init(balances: balances, pagination: page)
        }
        registry.query(Query.spendableBalances, chain) { request, state in
            let (balances, page) = try BankService.balances(of: request.address, request.pagination, state)
            return .init(balances: balances, pagination: page)
        }
    }

    private func registerOwners(in registry: inout ServiceRegistry) {
        registry.query(Query.denomOwners, chain) { request, state in
            let (owners, page) = try BankService.owners(of: request.denom, request.pagination, state)
            return .init(denomOwners: owners, pagination: page)
        }
        registry.query(Query.denomOwnersByQuery, chain) { request, state in
            let (owners, page) = try BankService.owners(of: request.denom, request.pagination, state)
            return .init(denomOwners: owners, pagination: page)
        }
    }

    private func registerSupply(in registry: inout ServiceRegistry) {
        registry.query(Query.totalSupply, chain) { request, state in
            let (coins, page) = try BankService.coins(BankStore.supplyPrefix, request.pagination, state)
            return .init(supply: coins, pagination: page)
        }
        registry.query(Query.supplyOf, chain) { request, state in
            let denomination = try BankService.denomination(request.denom)
            let amount = try state.get(store: StoreName.bank, key: BankStore.supplyKey(denomination))
            return .init(amount: try BankService.coin(denomination, amount))
        }
    }

    private func registerSettings(in registry: inout ServiceRegistry) {
        registry.query(Query.params, chain) { _, _ in .init(params: .init(defaultSendEnabled: true)) }
        registry.query(Query.sendEnabled, chain) { _, _ in .init(pagination: .init()) }
        registry.query(Query.denomsMetadata, chain) { _, _ in .init(pagination: .init()) }
        registry.query(Query.denomMetadata, chain) { request, _ in throw try BankService.noMetadata(request.denom) }
        registry.query(Query.denomMetadataByQueryString, chain) { request, _ in
            throw try BankService.noMetadata(request.denom)
        }
    }

    private static func noMetadata(_ denomination: String) throws -> StatusError {
        StatusError.notFound("client metadata for denom \(try BankService.denomination(denomination))")
    }

    private static func denomination(_ text: String) throws -> String {
        guard Coin.isDenomination(text) else { throw StatusError.invalidRequest("invalid denom: \(text)") }
        return text
    }

    private static func balance(
        of address: AccountAddress, _ denomination: String, _ state: any StateReading
    ) throws -> Coin {
        let key = BankStore.balanceKey(address, try BankService.denomination(denomination))
        return try coin(denomination, try state.get(store: StoreName.bank, key: key))
    }

    private static func balances(
        of address: AccountAddress, _ page: BaseQueryV1beta1.PageRequest?, _ state: any StateReading
    ) throws -> ([Coin], PageRequest.Response) {
        try coins(BankStore.balancesPrefix(address), page, state)
    }

    /// Balances lie by address, so the owners of one denomination are found by looking at all.
    private static func owners(
        of denomination: String, _ page: BaseQueryV1beta1.PageRequest?, _ state: any StateReading
    ) throws -> ([BankV1beta1.DenomOwner], PageRequest.Response) {
        let denomination = try BankService.denomination(denomination)
        let (entries, page) = try PageRequest(page).page(
            of: state, store: StoreName.bank, prefix: BankStore.balancePrefix
        ) { BankStore.balance(ofKey: $0.key)?.denomination == denomination }
        let owners = try entries.map { entry in
            guard let balance = BankStore.balance(ofKey: entry.key) else { throw CorruptRecord(what: "balance") }
            return BankV1beta1.DenomOwner(address: balance.address, balance: try coin(denomination, entry.value))
        }
        return (owners, page)
    }

    /// Balances and supplies are kept as the decimal text that a `Coin` carries.
    private static func coin(_ denomination: String, _ amount: [UInt8]?) throws -> Coin {
        guard let amount else { return Coin(0, denomination) }
        guard let amount = Coin.amount(amount) else { throw CorruptRecord(what: "amount of \(denomination)") }
        return Coin(amount, denomination)
    }

    /// The amounts under a prefix, behind which a key has the denomination.
    private static func coins(
        _ prefix: [UInt8], _ page: BaseQueryV1beta1.PageRequest?, _ state: any StateReading
    ) throws -> ([Coin], PageRequest.Response) {
        let (entries, page) = try PageRequest(page).page(of: state, store: StoreName.bank, prefix: prefix)
        let coins = try entries.map { entry in
            guard let denomination = String(validating: entry.key[prefix.count...], as: UTF8.self) else {
                throw CorruptRecord(what: "denomination")
            }
            return try coin(denomination, entry.value)
        }
        return (coins, page)
    }
}
