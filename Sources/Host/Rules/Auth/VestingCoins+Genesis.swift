import LedgerRecords
import ModuleKit
import SignedTransactions
import StrictJSON

/// Vesting accounts as genesis files of the Cosmos SDK have them.
extension VestingCoins {
    /// `nil` for a type of account that is none of these. Throws a `GenesisRefusal` for one that the Cosmos SDK would
    /// find invalid.
    init?(genesis value: GenesisValue, type: String) throws {
        guard let kind = Kind(typeURL: type) else { return nil }
        let base = kind == .base ? value : value["base_vesting_account"]
        self.init(
            kind, original: try base["original_vesting"].coins, start: try value["start_time"].signedNumber,
            end: try base["end_time"].signedNumber,
            periods: try value["vesting_periods"].elements.map {
                Period(length: try $0["length"].signedNumber, amount: try $0["amount"].coins)
            })
        delegatedFree = try base["delegated_free"].coins
        delegatedVesting = try base["delegated_vesting"].coins
        if let fault { throw value.refusal(fault) }
    }

    func genesis(around account: JSONValue) -> JSONValue {
        func text(_ number: Int64) -> JSONValue { .string(String(number)) }
        let base: [(String, JSONValue)] = [
            ("base_account", account), ("original_vesting", JSONValue(original)),
            ("delegated_free", JSONValue(delegatedFree)), ("delegated_vesting", JSONValue(delegatedVesting)),
            ("end_time", text(end)),
        ]
        let type = ("@type", JSONValue.string(kind.typeURL))
        guard kind != .base else { return .object([type] + base) }
        var members = [type, ("base_vesting_account", .object(base))]
        if kind == .continuous || kind == .periodic { members.append(("start_time", text(start))) }
        if kind == .periodic {
            members.append(
                (
                    "vesting_periods",
                    .array(periods.map { ["length": text($0.length), "amount": JSONValue($0.amount)] })
                ))
        }
        return .object(members)
    }
}
