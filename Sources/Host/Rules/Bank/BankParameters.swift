import Auth
import ChainMessages
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import StrictJSON

/// Which denominations can be sent: a default, and those of which something else was said. Kept where the Cosmos SDK
/// has them.
///
/// The enclave proves them before a transfer counts. Only governance changes them, behind a block's transactions.
package enum BankParameters {
    package typealias Entry = BankV1beta1.SendEnabled

    static let key = BankStore.sendDefaultKey
    static let entryPrefix: [UInt8] = [4]

    private static func entryKey(_ denomination: String) -> [UInt8] { BankStore.sendEnabledKey(denomination) }

    /// A state from before this was kept lets everything be sent.
    static func isEnabledByDefault(in state: any LedgerReading) throws -> Bool {
        guard let value = try state.value(of: key, in: StoreName.bank) else { return true }
        return try BankV1beta1.Params(stored: LedgerEntry(key: key, value: value), in: StoreName.bank)
            .defaultSendEnabled
    }

    static func setDefault(_ isEnabled: Bool, on state: any LedgerState) throws {
        try state.set(BankV1beta1.Params(defaultSendEnabled: isEnabled).encoded, of: key, in: StoreName.bank)
    }

    /// What was said of one denomination.
    static func entry(_ denomination: String, in state: any LedgerReading) throws -> Entry? {
        let key = entryKey(denomination)
        return try state.value(of: key, in: StoreName.bank).map { try entry(LedgerEntry(key: key, value: $0)) }
    }

    static func entry(_ entry: LedgerEntry) throws -> Entry {
        guard let denomination = String(validating: entry.key.dropFirst(entryPrefix.count), as: UTF8.self),
            entry.value == [0] || entry.value == [1]
        else { throw CorruptState(store: StoreName.bank, key: entry.key) }
        return Entry(denom: denomination, enabled: entry.value == [1])
    }

    /// `nil`: as the default says.
    static func set(_ isEnabled: Bool?, for denomination: String, on state: any LedgerState) throws {
        try state.set(isEnabled.map { [$0 ? 1 : 0] }, of: entryKey(denomination), in: StoreName.bank)
    }

    package static func requireSendEnabled(_ coins: Coins, in state: any LedgerReading) throws {
        for coin in coins.list {
            let isEnabled = try entry(coin.denomination, in: state)?.enabled ?? isEnabledByDefault(in: state)
            guard isEnabled else {
                throw TransactionRefusal(
                    codespace: "bank", code: 5,
                    log: "\(coin.denomination) transfers are currently disabled: send transactions are disabled")
            }
        }
    }
}

// MARK: - Messages

extension BankParameters {
    static var messages: [MessageHandler] {
        [
            MessageHandler(BankV1beta1.MsgUpdateParams.self) { update, _, state in
                try ModuleAccount.requireGovernance(update.authority)
                guard update.params.sendEnabled.isEmpty else {
                    throw TransactionRefusal.invalidRequest(
                        "use of send_enabled in params is no longer supported: use MsgSetSendEnabled")
                }
                try setDefault(update.params.defaultSendEnabled, on: state)
                return []
            },
            MessageHandler(BankV1beta1.MsgSetSendEnabled.self) { update, _, state in
                try ModuleAccount.requireGovernance(update.authority)
                try requireDenominations(update.sendEnabled.map(\.denom))
                try requireDenominations(update.useDefaultFor)
                for entry in update.sendEnabled { try set(entry.enabled, for: entry.denom, on: state) }
                for denomination in update.useDefaultFor { try set(nil, for: denomination, on: state) }
                return []
            },
        ]
    }

    private static func requireDenominations(_ list: [String]) throws(TransactionRefusal) {
        var seen: Set<String> = []
        for denomination in list {
            guard Coin.isDenomination(denomination) else { throw .invalidRequest("invalid denom: \(denomination)") }
            guard seen.insert(denomination).inserted else {
                throw .invalidRequest("duplicate denom entries found for \(denomination)")
            }
        }
    }
}

// MARK: - Genesis

extension BankParameters {
    /// Entries stand beside the parameters, or within them as in files from before the Cosmos SDK 0.47.
    static func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        try setDefault(try genesis["params"]["default_send_enabled"].flag ?? true, on: state)
        let (beside, within) = (try genesis["send_enabled"].elements, try genesis["params"]["send_enabled"].elements)
        guard beside.isEmpty || within.isEmpty else {
            throw genesis["send_enabled"].refusal("stands in the parameters, too")
        }
        for value in beside + within {
            let denomination = try value["denom"].text
            guard Coin.isDenomination(denomination) else { throw value["denom"].refusal("is no denomination") }
            guard try entry(denomination, in: state) == nil else {
                throw value["denom"].refusal("\(denomination) is listed twice")
            }
            try set(try value["enabled"].flag ?? false, for: denomination, on: state)
        }
    }

    static func exportParameters(from state: any LedgerReading) throws -> JSONValue {
        ["default_send_enabled": .bool(try isEnabledByDefault(in: state))]
    }

    static func exportEntries(from state: any LedgerReading) throws -> JSONValue {
        var list: [JSONValue] = []
        try state.visit(StoreName.bank, prefix: entryPrefix) { place in
            let entry = try entry(place)
            list.append(["denom": .string(entry.denom), "enabled": .bool(entry.enabled)])
        }
        return .array(list)
    }
}
