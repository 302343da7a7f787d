import ChainMessages
import LedgerRecords
import ModuleKit
import SignedTransactions
import StrictJSON
import Wire

extension CircuitModule {
    private static let levels = ["LEVEL_NONE_UNSPECIFIED", "LEVEL_SOME_MSGS", "LEVEL_ALL_MSGS", "LEVEL_SUPER_ADMIN"]

    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        for place in try genesis["account_permissions"].elements {
            let value = place["permissions"]
            guard let level = CircuitModule.levels.firstIndex(of: try value["level"].text) else {
                throw value["level"].refusal("is not known")
            }
            let permissions = CircuitV1.Permissions(
                level: .init(rawValue: Int32(level)),
                limitTypeURLs: try value["limit_type_urls"].elements.map { try $0.text })
            if let fault = CircuitModule.fault(of: permissions) { throw value.refusal(fault) }
            try state.set(
                permissions.encoded, of: CircuitModule.permissionsPrefix + place["address"].address.bytes,
                in: CircuitModule.store)
        }
        for place in try genesis["disabled_type_urls"].elements {
            if let fault = CircuitModule.fault(ofType: try place.text) { throw place.refusal(fault) }
            try state.set(
                [], of: CircuitModule.disabledPrefix + Array(place.text.utf8), in: CircuitModule.store)
        }
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        var accounts: [JSONValue] = []
        try state.visit(CircuitModule.store, prefix: CircuitModule.permissionsPrefix) { entry in
            let (address, permissions) = try CircuitModule.account(entry)
            accounts.append([
                "address": .text(address),
                "permissions": [
                    "level": .string(CircuitModule.levels[Int(permissions.level.rawValue)]),
                    "limit_type_urls": .array(permissions.limitTypeURLs.map { .string($0) }),
                ],
            ])
        }
        return [
            "account_permissions": .array(accounts),
            "disabled_type_urls": .array(try CircuitModule.disabled(in: state).map { .string($0) }),
        ]
    }

    // MARK: - Questions

    package var queries: [ModuleQuery] {
        typealias Query = CircuitV1.Query
        return [
            ModuleQuery(Query.account) { request, state in
                .init(permission: try CircuitModule.permissions(of: request.address, in: state))
            },
            ModuleQuery(Query.accounts) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: CircuitModule.store, prefix: CircuitModule.permissionsPrefix)
                let accounts = try entries.map { entry in
                    let (address, permissions) = try CircuitModule.account(entry)
                    return CircuitV1.GenesisAccountPermissions(address: address, permissions: permissions)
                }
                return .init(accounts: accounts, pagination: page)
            },
            ModuleQuery(Query.disabledList) { _, state in
                .init(disabledList: try CircuitModule.disabled(in: state))
            },
        ]
    }

    private static func account(_ entry: LedgerEntry) throws -> (AccountAddress, CircuitV1.Permissions) {
        guard let address = AccountAddress(entry.key.dropFirst(permissionsPrefix.count)) else {
            throw CorruptState(store: store, key: entry.key)
        }
        return (address, try CircuitV1.Permissions(stored: entry, in: store))
    }

    /// No more than there are types of messages.
    private static func disabled(in state: any LedgerReading) throws -> [String] {
        var types: [String] = []
        try state.visit(store, prefix: disabledPrefix) { entry in
            guard let type = String(validating: entry.key.dropFirst(disabledPrefix.count), as: UTF8.self) else {
                throw CorruptState(store: store, key: entry.key)
            }
            types.append(type)
        }
        return types
    }
}
