import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateProofs
import StrictJSON
import Wire

extension AuthModule {
    /// Accounts get their listed numbers if these differ from each other, else the places in which they stand.
    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        let listed = genesis["accounts"]
        var accounts = try listed.elements.map(AuthModule.account)
        guard Set(accounts.map(\.address)).count == accounts.count else {
            throw listed.refusal("an account is listed twice")
        }
        if Set(accounts.map(\.accountNumber)).count != accounts.count {
            for place in accounts.indices { accounts[place].accountNumber = UInt64(place) }
        }
        var next: UInt64 = 0
        for account in accounts {
            guard account.accountNumber < UInt64(Int64.max) else {
                throw listed.refusal("an account's number is too large")
            }
            try AuthModule.create(account, on: state)
            next = max(next, account.accountNumber + 1)
        }
        try AuthModule.setNextNumber(next, on: state)
        try AuthParameters.importGenesis(genesis["params"], on: state)
    }

    /// The modules' own accounts come behind those that other modules made of their part.
    package func completeGenesis(on state: any LedgerState) throws {
        for module in ModuleAccount.all where try AuthModule.account(module.address, on: state) == nil {
            try AuthModule.create(
                AccountRecord(
                    address: module.address, accountNumber: try AuthModule.takeNumber(on: state),
                    module: AccountRecord.Module(name: module.name, permissions: module.permissions)), on: state)
        }
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        var accounts: [AccountRecord] = []
        try state.visit(StoreName.account, prefix: AccountStore.accountPrefix) { entry in
            accounts.append(try AccountRecord(decoding: entry.value))
        }
        accounts.sort { $0.accountNumber < $1.accountNumber }
        return [
            "params": try AuthParameters.exportGenesis(from: state),
            "accounts": .array(try accounts.map(AuthModule.json)),
        ]
    }

    // MARK: - Accounts

    private static func account(_ value: GenesisValue) throws -> AccountRecord {
        switch try value["@type"].text {
        case AccountRecord.baseTypeURL: return try baseAccount(value)
        case AccountRecord.moduleTypeURL:
            var account = try baseAccount(value["base_account"])
            let module = AccountRecord.Module(
                name: try value["name"].text, permissions: try value["permissions"].elements.map { try $0.text })
            guard account.address == ModuleAddress.named(module.name) else {
                throw value["name"].refusal("the module's address is another one")
            }
            account.module = module
            return account
        case let other:
            guard let vesting = try VestingCoins(genesis: value, type: other) else {
                throw value["@type"].refusal("accounts of type \(other) are not known")
            }
            let inner = vesting.kind == .base ? value : value["base_vesting_account"]
            var account = try baseAccount(inner["base_account"])
            account.vesting = vesting
            return account
        }
    }

    private static func baseAccount(_ value: GenesisValue) throws -> AccountRecord {
        let address = try value["address"].address
        let key = value["pub_key"].json == nil ? nil : try publicKey(value["pub_key"])
        guard key == nil || key?.address == address else { throw value["pub_key"].refusal("is another account's") }
        return AccountRecord(
            address: address, publicKey: key?.any, accountNumber: try value["account_number"].number,
            sequence: try value["sequence"].number)
    }

    private static func json(_ account: AccountRecord) throws -> JSONValue {
        let base: [(String, JSONValue)] = [
            ("address", .string(account.address.description)),
            ("pub_key", try account.publicKey.map { json(try AccountKey($0)) } ?? .null),
            ("account_number", .string(String(account.accountNumber))),
            ("sequence", .string(String(account.sequence))),
        ]
        if let vesting = account.vesting { return vesting.genesis(around: .object(base)) }
        guard let module = account.module else {
            return .object([("@type", .string(AccountRecord.baseTypeURL))] + base)
        }
        return [
            "@type": .string(AccountRecord.moduleTypeURL), "base_account": .object(base), "name": .string(module.name),
            "permissions": .array(module.permissions.map { .string($0) }),
        ]
    }

    // MARK: - Keys

    /// Read by the same code that reads keys from transactions, with its limits.
    private static func publicKey(_ value: GenesisValue) throws -> AccountKey {
        let key = try? AccountKey(try keyMessage(value, depth: 0))
        guard let key else { throw value.refusal("is no public key") }
        return key
    }

    private static func keyMessage(_ value: GenesisValue, depth: Int) throws -> AnyMessage {
        guard depth <= AccountKey.depthMax else { throw value.refusal("is nested too deeply") }
        let typeURL = try value["@type"].text
        switch typeURL {
        case AccountKey.secp256k1TypeURL:
            let bytes = Base64.decode(try value["key"].text) ?? []
            return AnyMessage(typeURL: typeURL, value: ProtobufWriter.encode { $0.bytes(1, bytes) })
        case AccountKey.multisignatureTypeURL:
            let threshold = try value["threshold"].number
            let keys = try value["public_keys"].elements.map { try keyMessage($0, depth: depth + 1) }
            return AnyMessage(
                typeURL: typeURL,
                value: ProtobufWriter.encode { writer in
                    writer.uint64(1, threshold)
                    for key in keys { writer.message(2, key.encoded) }
                })
        default: throw value["@type"].refusal("keys of type \(typeURL) are not known")
        }
    }

    private static func json(_ key: AccountKey) -> JSONValue {
        switch key {
        case .secp256k1(let bytes):
            ["@type": .string(AccountKey.secp256k1TypeURL), "key": .string(Base64.encode(bytes))]
        case .multisignature(let threshold, let keys):
            [
                "@type": .string(AccountKey.multisignatureTypeURL), "threshold": .number(String(threshold)),
                "public_keys": .array(keys.map(json)),
            ]
        }
    }
}
