import Foundation
import SignedTransactions
import StrictJSON
import Wire

/// Accounts of a first genesis whose coins become their own with time, as the Cosmos SDK's `add-genesis-account` takes
/// them.
extension FirstGenesis {
    /// In seconds: what vests may have begun before the chain does, but not by mistake.
    private static let startAgeMax: Int64 = 366 * 86_400

    /// Reads what is typed: coins, and two moments in seconds of Unix time or as 2027-01-31T00:00:00Z. `nil` for no
    /// vesting at all.
    package static func vesting(
        amount: String?, start: String?, end: String?, of accounts: [Account], now: Date = Date()
    ) -> (vesting: Vesting?, violations: [String]) {
        guard let amount else {
            let stray = start != nil || end != nil
            return (nil, stray ? ["--vesting-start-time and --vesting-end-time say when --vesting-amount is free"] : [])
        }
        guard let end else {
            return (nil, ["--vesting-amount \(amount): say with --vesting-end-time from when on all of it is free"])
        }
        guard accounts.count == 1, let account = accounts.first else {
            return (
                nil, ["--vesting-amount \(amount): is of one account; write the others with a command of their own"]
            )
        }
        // As coins of an account are read.
        let (read, violations) = self.accounts(["\(account.address)=\(amount)"])
        guard let coins = read.first?.coins, violations.isEmpty else {
            return (nil, violations.map { $0.replacing("--account", with: "--vesting-amount") })
        }
        var problems: [String] = []
        func moment(_ text: String, _ option: String) -> Int64 {
            if let seconds = Int64(text) ?? Timestamp(rfc3339: text)?.seconds { return seconds }
            problems.append("\(option) \(text): must be seconds of Unix time, or a moment as 2027-01-31T00:00:00Z")
            return 0
        }
        let vesting = Vesting(
            coins: coins.map { Coin($0.amount, $0.denomination) },
            start: start.map { moment($0, "--vesting-start-time") },
            end: moment(end, "--vesting-end-time"))
        let today = Int64(now.timeIntervalSince1970)
        if problems.isEmpty, vesting.start ?? 0 >= vesting.end {
            problems.append("--vesting-end-time \(end): must be later than the start")
        } else if problems.isEmpty, vesting.end <= today {
            problems.append("--vesting-end-time \(end): is over, so all of it would be free at once")
        }
        if problems.isEmpty, let start, let moment = vesting.start, moment < max(1, today - Self.startAgeMax) {
            problems.append(
                "--vesting-start-time \(start): is more than a year ago, so part of it would be free at once; lock less, from now on"
            )
        }
        for coin in vesting.coins {
            let held = account.coins.first { $0.denomination == coin.denomination }?.amount ?? 0
            if held < coin.amount {
                problems.append("--vesting-amount \(amount): the account begins with \(held)\(coin.denomination)")
            }
        }
        return problems.isEmpty ? (vesting, []) : (nil, problems)
    }
}

extension FirstGenesis.Vesting {
    func json(of account: [(String, JSONValue)]) -> JSONValue {
        let base: JSONValue = .object([
            ("base_account", .object(account)),
            (
                "original_vesting",
                .array(
                    coins.map { coin -> JSONValue in
                        ["denom": .string(coin.denomination), "amount": .string(String(coin.amount))]
                    })
            ), ("delegated_free", .array([])), ("delegated_vesting", .array([])), ("end_time", .string(String(end))),
        ])
        let type = "/cosmos.vesting.v1beta1.\(start == nil ? "Delayed" : "Continuous")VestingAccount"
        return .object(
            [("@type", .string(type)), ("base_vesting_account", base)]
                + (start.map { [("start_time", .string(String($0)))] } ?? []))
    }
}
