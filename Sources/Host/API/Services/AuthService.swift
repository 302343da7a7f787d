import ChainModel

/// cosmos.auth.v1beta1.Query: accounts.
struct AuthService: Sendable {
    private static let service = "/cosmos.auth.v1beta1.Query/"
    /// By name, as the original lists them.
    private static let moduleAccounts = [
        "bonded_tokens_pool", "distribution", "fee_collector", "gov", "mint", "not_bonded_tokens_pool",
    ]

    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        let service = AuthService.service
        registry.registerQuery(service + "Account", chain) { request, state in
            let account = try AuthService.account(try request.address(1), state)
            return ProtobufWriter.encode { $0.message(1, account) }
        }
        registry.registerQuery(service + "Accounts", chain) { request, state in
            let (entries, page) = try PageRequest(try request.last(1)).page(
                of: state, store: StoreName.account, prefix: AccountStore.accountPrefix)
            return ProtobufWriter.encode { writer in
                for entry in entries { writer.message(1, entry.value) }
                writer.message(2, page)
            }
        }
        registry.registerQuery(service + "AccountInfo", chain) { request, state in
            let account = try AuthService.account(try request.address(1), state)
            let base = try AuthService.baseAccount(account)
            return ProtobufWriter.encode { $0.message(1, base) }
        }
        registry.registerQuery(service + "AccountAddressByID", chain) { request, state in
            let old = try request.uint64(1)
            let id = old == 0 ? try request.uint64(2) : old
            guard let bytes = try state.get(store: StoreName.account, key: AccountStore.numberKey(id)) else {
                throw StatusError.notFound("account address not found with account number \(id)")
            }
            guard let address = AccountAddress(bytes) else { throw CorruptState(what: "account number \(id)") }
            return ProtobufWriter.encode { $0.string(1, address.description) }
        }
        registerModuleAccounts(in: &registry)
        registerConstants(in: &registry)
    }

    private func registerModuleAccounts(in registry: inout ServiceRegistry) {
        registry.registerQuery(AuthService.service + "ModuleAccounts", chain) { _, state in
            let accounts = try AuthService.moduleAccounts.compactMap { name in
                try state.get(store: StoreName.account, key: AccountStore.accountKey(ModuleAddress.named(name)))
            }
            return ProtobufWriter.encode { writer in
                for account in accounts { writer.message(1, account) }
            }
        }
        registry.registerQuery(AuthService.service + "ModuleAccountByName", chain) { request, state in
            let name = try request.string(1)
            guard AuthService.moduleAccounts.contains(name),
                let account = try state.get(
                    store: StoreName.account, key: AccountStore.accountKey(ModuleAddress.named(name)))
            else { throw StatusError.notFound("account \(name) not found") }
            return ProtobufWriter.encode { $0.message(1, account) }
        }
    }

    /// What no transaction can change.
    private func registerConstants(in registry: inout ServiceRegistry) {
        let service = AuthService.service
        registry.registerQuery(service + "Params", chain) { _, _ in
            ProtobufWriter.encode { writer in
                writer.message(1) { params in
                    params.uint64(1, 256)
                    params.uint64(2, UInt64(AccountKey.keysMax))
                    params.uint64(3, GasSchedule.perTransactionByte)
                    params.uint64(4, 590)
                    params.uint64(5, GasSchedule.perSignature)
                }
            }
        }
        registry.registerCall(service + "Bech32Prefix", chain) { _ in
            ProtobufWriter.encode { $0.string(1, AccountAddress.prefix) }
        }
        registry.registerCall(service + "AddressBytesToString", chain) { request in
            guard let address = AccountAddress(try request.bytes(1)) else {
                throw StatusError.invalidRequest("an address has \(AccountAddress.byteCount) bytes")
            }
            return ProtobufWriter.encode { $0.string(1, address.description) }
        }
        registry.registerCall(service + "AddressStringToBytes", chain) { request in
            let address = try request.address(1)
            return ProtobufWriter.encode { $0.bytes(1, address.bytes) }
        }
    }

    /// The account as the `Any` that the state holds.
    private static func account(_ address: AccountAddress, _ state: any StateReading) throws -> [UInt8] {
        guard let account = try state.get(store: StoreName.account, key: AccountStore.accountKey(address)) else {
            throw StatusError.notFound("account \(address) not found")
        }
        return account
    }

    private static func baseAccount(_ any: [UInt8]) throws -> ArraySlice<UInt8> {
        var reader = ProtobufMessageReader(any)
        let value = try reader.last(2) ?? []
        guard try reader.string(1) == AccountRecord.moduleTypeURL else { return value }
        var module = ProtobufMessageReader(value)
        return try module.last(1) ?? []
    }
}
