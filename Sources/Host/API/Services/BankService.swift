import ChainModel

/// cosmos.bank.v1beta1.Query: balances and supply.
///
/// There are no vesting accounts, so every balance is spendable; no metadata of denominations is on chain.
struct BankService: Sendable {
    private static let service = "/cosmos.bank.v1beta1.Query/"

    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        registerBalances(in: &registry)
        registerOwners(in: &registry)
        registerSupply(in: &registry)
        registerSettings(in: &registry)
    }

    private func registerBalances(in registry: inout ServiceRegistry) {
        for method in ["Balance", "SpendableBalanceByDenom"] {
            registry.registerQuery(BankService.service + method, chain) { request, state in
                let key = BankStore.balanceKey(try request.address(1), try BankService.denomination(&request, 2))
                let amount = try state.get(store: StoreName.bank, key: key)
                let coin = BankService.coin(try request.string(2), amount)
                return ProtobufWriter.encode { $0.message(1, coin) }
            }
        }
        for method in ["AllBalances", "SpendableBalances"] {
            registry.registerQuery(BankService.service + method, chain) { request, state in
                let prefix = BankStore.balancesPrefix(try request.address(1))
                let (entries, page) = try PageRequest(try request.last(2)).page(
                    of: state, store: StoreName.bank, prefix: prefix)
                return try BankService.coins(entries, prefix: prefix, page)
            }
        }
    }

    /// Balances lie by address, so the owners of one denomination are found by looking at all.
    private func registerOwners(in registry: inout ServiceRegistry) {
        for method in ["DenomOwners", "DenomOwnersByQuery"] {
            registry.registerQuery(BankService.service + method, chain) { request, state in
                let denomination = try BankService.denomination(&request, 1)
                let (entries, page) = try PageRequest(try request.last(2)).page(
                    of: state, store: StoreName.bank, prefix: BankStore.balancePrefix
                ) { BankStore.balance(ofKey: $0.key)?.denomination == denomination }
                return ProtobufWriter.encode { writer in
                    for entry in entries {
                        writer.message(1) { owner in
                            owner.string(1, BankStore.balance(ofKey: entry.key)?.address.description ?? "")
                            owner.message(2, BankService.coin(denomination, entry.value))
                        }
                    }
                    writer.message(2, page)
                }
            }
        }
    }

    private func registerSupply(in registry: inout ServiceRegistry) {
        registry.registerQuery(BankService.service + "TotalSupply", chain) { request, state in
            let (entries, page) = try PageRequest(try request.last(1)).page(
                of: state, store: StoreName.bank, prefix: BankStore.supplyPrefix)
            return try BankService.coins(entries, prefix: BankStore.supplyPrefix, page)
        }
        registry.registerQuery(BankService.service + "SupplyOf", chain) { request, state in
            let denomination = try BankService.denomination(&request, 1)
            let amount = try state.get(store: StoreName.bank, key: BankStore.supplyKey(denomination))
            return ProtobufWriter.encode { $0.message(1, BankService.coin(denomination, amount)) }
        }
    }

    private func registerSettings(in registry: inout ServiceRegistry) {
        let service = BankService.service
        registry.registerQuery(service + "Params", chain) { _, _ in
            ProtobufWriter.encode { $0.message(1) { $0.bool(2, true) } }
        }
        registry.registerQuery(service + "SendEnabled", chain) { _, _ in
            ProtobufWriter.encode { $0.message(99, []) }
        }
        registry.registerQuery(service + "DenomsMetadata", chain) { _, _ in
            ProtobufWriter.encode { $0.message(2, []) }
        }
        for method in ["DenomMetadata", "DenomMetadataByQueryString"] {
            registry.registerQuery(service + method, chain) { request, _ in
                let denomination = try BankService.denomination(&request, 1)
                throw StatusError.notFound("client metadata for denom \(denomination)")
            }
        }
    }

    private static func denomination(_ request: inout ProtobufMessageReader, _ number: UInt32) throws -> String {
        let text = try request.string(number)
        guard Coin.isDenomination(text) else { throw StatusError.invalidRequest("invalid denom: \(text)") }
        return text
    }

    /// Balances and supplies are kept as the decimal text that a `Coin` carries.
    private static func coin(_ denomination: String, _ amount: [UInt8]?) -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.string(1, denomination)
            writer.bytes(2, amount ?? [UInt8(ascii: "0")])
        }
    }

    private static func coins(_ entries: [PageRequest.Entry], prefix: [UInt8], _ page: [UInt8]) throws -> [UInt8] {
        var writer = ProtobufWriter()
        for entry in entries {
            guard let denomination = String(validating: entry.key[prefix.count...], as: UTF8.self) else {
                throw CorruptState(what: "denomination")
            }
            writer.message(1, coin(denomination, entry.value))
        }
        writer.message(2, page)
        return writer.bytes
    }
}
