import LedgerRecords
import SignedTransactions

extension VestingCoins {
    /// Why no account can vest like this, in the Cosmos SDK's words where it has some; `nil` if one can.
    package var fault: String? {
        if end < 0 { return "end time cannot be negative" }
        if original.isEmpty { return "invalid coins: \(original)" }
        if delegatedVesting.list.contains(where: { $0.amount > original.amount(of: $0.denomination) }) {
            return "delegated vesting amount cannot be greater than original vesting amount"
        }
        switch kind {
        case .base, .delayed: return nil
        case .permanent: return end == 0 ? nil : "permanently vested accounts cannot have an end-time"
        case .continuous: return start < end ? nil : "vesting start-time cannot be before end-time"
        case .periodic: return periodsFault
        }
    }

    private var periodsFault: String? {
        if start >= end { return "vesting start-time cannot be before end-time" }
        if periods.count > VestingCoins.periodsMax { return "more than \(VestingCoins.periodsMax) vesting periods" }
        var last = Int128(start)
        for (index, period) in periods.enumerated() {
            if period.length < 0 { return "period #\(index) has a negative length: \(period.length)" }
            if period.amount.isEmpty { return "period #\(index) has invalid coins: \(period.amount)" }
            last += Int128(period.length)
        }
        if last != Int128(end) { return "vesting end time does not match length of all vesting periods" }
        guard let sum = try? Coins.sum(periods.map(\.amount)), sum == original else {
            return "original vesting coins does not match the sum of all coins in vesting periods"
        }
        return nil
    }

    /// That coins are delegated at a time, of `held`; as much as possible of those that do not vest until later.
    package mutating func delegate(_ coins: Coins, at time: Int64) throws {
        var (vesting, free) = ([Coin](), [Coin]())
        for coin in coins.list {
            let locked = min(locked(coin.denomination, at: time), coin.amount)
            vesting.append(Coin(locked, coin.denomination))
            free.append(Coin(coin.amount - locked, coin.denomination))
        }
        delegatedVesting = try Coins.sum([delegatedVesting, Coins(vesting.filter { $0.amount > 0 })])
        delegatedFree = try Coins.sum([delegatedFree, Coins(free.filter { $0.amount > 0 })])
    }

    /// That coins come back: first those that had vested, then the others. What comes back beyond what was delegated is
    /// a reward, and free.
    package mutating func undelegate(_ coins: Coins) throws {
        for coin in coins.list {
            let free = min(delegatedFree.amount(of: coin.denomination), coin.amount)
            delegatedFree = try delegatedFree.less(Coin(free, coin.denomination))
            let vesting = min(delegatedVesting.amount(of: coin.denomination), coin.amount - free)
            delegatedVesting = try delegatedVesting.less(Coin(vesting, coin.denomination))
        }
    }
}

extension Coins {
    /// Without a part of them; nothing is left of a denomination of which the part is more.
    fileprivate func less(_ part: Coin) throws(Fault) -> Coins {
        try Coins(
            list.compactMap { coin in
                guard coin.denomination == part.denomination else { return coin }
                return coin.amount > part.amount ? Coin(coin.amount - part.amount, coin.denomination) : nil
            })
    }
}
