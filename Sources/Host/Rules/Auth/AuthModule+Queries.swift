import ChainMessages
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs

/// cosmos.auth.v1beta1.Query: accounts.
extension AuthModule {
    private typealias Query = AuthV1beta1.Query

    package var queries: [ModuleQuery] {
        AuthModule.accountQueries + AuthModule.moduleAccountQueries + AuthModule.settingsQueries
    }

    private static var accountQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.account) { request, state in
                .init(account: try AuthModule.existing(request.address, state).any)
            },
            ModuleQuery(Query.accounts) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: StoreName.account, prefix: AccountStore.accountPrefix)
                let accounts = try entries.map { try AnyMessage(stored: $0, in: StoreName.account) }
                return .init(accounts: accounts, pagination: page)
            },
            ModuleQuery(Query.accountInfo) { request, state in
                let account = try AuthModule.existing(request.address, state)
                return .init(
                    info: .init(
                        address: account.address, pubKey: account.publicKey, accountNumber: account.accountNumber,
                        sequence: account.sequence))
            },
            ModuleQuery(Query.accountAddressByID) { request, state in
                let id = request.id == 0 ? request.accountID : UInt64(bitPattern: request.id)
                let key = AccountStore.numberKey(id)
                guard let bytes = try state.value(of: key, in: StoreName.account) else {
                    throw QueryRefusal.notFound("account address not found with account number \(id)")
                }
                guard let address = AccountAddress(bytes) else {
                    throw CorruptState(store: StoreName.account, key: key)
                }
                return .init(accountAddress: address)
            },
        ]
    }

    private static var moduleAccountQueries: [ModuleQuery] {
        // By name, as the original lists them.
        let names = ModuleAccount.all.map(\.name).sorted()
        return [
            ModuleQuery(Query.moduleAccounts) { _, state in
                let accounts = try names.compactMap { try AuthModule.account(ModuleAddress.named($0), on: state)?.any }
                return .init(accounts: accounts)
            },
            ModuleQuery(Query.moduleAccountByName) { request, state in
                guard names.contains(request.name),
                    let account = try AuthModule.account(ModuleAddress.named(request.name), on: state)
                else { throw QueryRefusal.notFound("account \(request.name) not found") }
                return .init(account: account.any)
            },
        ]
    }

    private static var settingsQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.params) { _, state in .init(params: try AuthParameters.current(in: state)) },
            ModuleQuery(Query.bech32Prefix) { _, _ in .init(bech32Prefix: AccountAddress.prefix) },
            ModuleQuery(Query.addressBytesToString) { request, _ in
                guard let address = AccountAddress(request.addressBytes) else {
                    throw QueryRefusal.invalidRequest("an address has \(AccountAddress.byteCount) bytes")
                }
                return .init(addressString: address)
            },
            ModuleQuery(Query.addressStringToBytes) { request, _ in .init(addressBytes: request.addressString.bytes) },
        ]
    }

    private static func existing(_ address: AccountAddress, _ state: any LedgerReading) throws -> AccountRecord {
        guard let account = try account(address, on: state) else {
            throw QueryRefusal.notFound("account \(address) not found")
        }
        return account
    }
}
