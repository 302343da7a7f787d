import Auth
import ChainMessages
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import Wire

/// cosmos.bank.v1beta1.Query: balances and supply. No metadata of denominations is on chain.
extension BankModule {
    private typealias Query = BankV1beta1.Query

    package var queries: [ModuleQuery] {
        BankModule.balancesQueries + BankModule.ownersQueries + BankModule.supplyQueries + BankModule.settingsQueries
    }

    private static var balancesQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.balance) { request, state in
                .init(balance: try BankModule.balance(of: request.address, request.denom, state))
            },
            ModuleQuery(Query.spendableBalanceByDenom) { request, block, state in
                let denomination = try BankModule.denomination(request.denom)
                let amount = try BankModule.spendable(
                    of: request.address, denomination: denomination, at: block.time, on: state)
                return .init(balance: Coin(amount, denomination))
            },
            ModuleQuery(Query.allBalances) { request, state in
                let (balances, page) = try BankModule.balances(of: request.address, request.pagination, state)
                return .init(balances: balances, pagination: page)
            },
            // What is all locked is listed with zero, as in the original.
            ModuleQuery(Query.spendableBalances) { request, block, state in
                let (balances, page) = try BankModule.balances(of: request.address, request.pagination, state)
                let vesting = try AuthModule.vesting(of: request.address, on: state)
                let spendable = balances.map { coin in
                    let locked = vesting?.locked(coin.denomination, at: block.time.seconds) ?? 0
                    return Coin(coin.amount - min(coin.amount, locked), coin.denomination)
                }
                return .init(balances: spendable, pagination: page)
            },
        ]
    }

    private static var ownersQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.denomOwners) { request, state in
                let (owners, page) = try BankModule.owners(of: request.denom, request.pagination, state)
                return .init(denomOwners: owners, pagination: page)
            },
            ModuleQuery(Query.denomOwnersByQuery) { request, state in
                let (owners, page) = try BankModule.owners(of: request.denom, request.pagination, state)
                return .init(denomOwners: owners, pagination: page)
            },
        ]
    }

    private static var supplyQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.totalSupply) { request, state in
                let (coins, page) = try BankModule.coins(BankStore.supplyPrefix, request.pagination, state)
                return .init(supply: coins, pagination: page)
            },
            ModuleQuery(Query.supplyOf) { request, state in
                let denomination = try BankModule.denomination(request.denom)
                return .init(amount: Coin(try BankModule.supply(of: denomination, on: state), denomination))
            },
        ]
    }

    private static var settingsQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.params) { _, state in
                .init(params: .init(defaultSendEnabled: try BankParameters.isEnabledByDefault(in: state)))
            },
            ModuleQuery(Query.sendEnabled) { request, state in
                guard request.denoms.isEmpty else {
                    return .init(sendEnabled: try BankModule.entries(request.denoms, state), pagination: .init())
                }
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: StoreName.bank, prefix: BankParameters.entryPrefix)
                return .init(sendEnabled: try entries.map(BankParameters.entry), pagination: page)
            },
            ModuleQuery(Query.denomsMetadata) { _, _ in .init(pagination: .init()) },
            ModuleQuery(Query.denomMetadata) { request, _ in throw try BankModule.noMetadata(request.denom) },
            ModuleQuery(Query.denomMetadataByQueryString) { request, _ in
                throw try BankModule.noMetadata(request.denom)
            },
        ]
    }

    private static let denominationsMax = 1_000

    /// What was said of those denominations of which something was.
    private static func entries(
        _ denominations: [String], _ state: any LedgerReading
    ) throws -> [BankV1beta1.SendEnabled] {
        guard denominations.count <= denominationsMax else {
            throw QueryRefusal.tooMuch("no more than \(denominationsMax) denominations are looked up at once")
        }
        return try denominations.compactMap { try BankParameters.entry(try denomination($0), in: state) }
    }

    private static func noMetadata(_ denomination: String) throws -> QueryRefusal {
        QueryRefusal.notFound("client metadata for denom \(try BankModule.denomination(denomination))")
    }

    private static func denomination(_ text: String) throws -> String {
        guard Coin.isDenomination(text) else { throw QueryRefusal.invalidRequest("invalid denom: \(text)") }
        return text
    }

    private static func balance(
        of address: AccountAddress, _ denomination: String, _ state: any LedgerReading
    ) throws -> Coin {
        let amount = try balance(of: address, denomination: try BankModule.denomination(denomination), on: state)
        return Coin(amount, denomination)
    }

    private static func balances(
        of address: AccountAddress, _ page: BaseQueryV1beta1.PageRequest?, _ state: any LedgerReading
    ) throws -> ([Coin], PageRequest.Response) {
        try coins(BankStore.balancesPrefix(address), page, state)
    }

    /// Balances lie by address, so the owners of one denomination are found by looking at all.
    private static func owners(
        of denomination: String, _ page: BaseQueryV1beta1.PageRequest?, _ state: any LedgerReading
    ) throws -> ([BankV1beta1.DenomOwner], PageRequest.Response) {
        let denomination = try BankModule.denomination(denomination)
        let (entries, page) = try PageRequest(page).page(
            of: state, store: StoreName.bank, prefix: BankStore.balancePrefix
        ) { BankStore.balance(ofKey: $0.key)?.denomination == denomination }
        let owners = try entries.map { entry in
            let (address, coin) = try BankModule.balance(entry)
            return BankV1beta1.DenomOwner(address: address, balance: coin)
        }
        return (owners, page)
    }

    /// The amounts under a prefix, behind which a key has the denomination.
    private static func coins(
        _ prefix: [UInt8], _ page: BaseQueryV1beta1.PageRequest?, _ state: any LedgerReading
    ) throws -> ([Coin], PageRequest.Response) {
        let (entries, page) = try PageRequest(page).page(of: state, store: StoreName.bank, prefix: prefix)
        let coins = try entries.map { entry in
            guard let denomination = String(validating: entry.key[prefix.count...], as: UTF8.self),
                let amount = BankStore.amount(entry.value)
            else { throw CorruptState(store: StoreName.bank, key: entry.key) }
            return Coin(amount, denomination)
        }
        return (coins, page)
    }
}
