import ChainMessages
import ExactNumbers
import LedgerRecords
import SignedTransactions

/// Parts of coins, by denomination: ascending, each above zero (Cosmos SDK: `DecCoins`).
package struct DecimalCoins: Equatable, Sendable, CustomStringConvertible {
    package typealias Element = BaseV1beta1.DecCoin

    package private(set) var list: [Element]

    package static let none = DecimalCoins(unchecked: [])

    private init(unchecked list: [Element]) { self.list = list }

    /// Throws for a list that is not in order, or that has what is not above zero.
    package init(_ list: [Element]) throws(NumberFault) {
        for (index, coin) in list.enumerated() {
            guard coin.amount.isPositive,
                index == 0 || list[index - 1].denom.utf8.lexicographicallyPrecedes(coin.denom.utf8)
            else { throw .negative }
        }
        self.list = list
    }

    package init(_ coins: Coins) {
        list = coins.list.map { Element(denom: $0.denomination, amount: Decimal18($0.amount)) }
    }

    package var isEmpty: Bool { list.isEmpty }

    package func amount(of denomination: String) -> Decimal18 {
        list.first { $0.denom == denomination }?.amount ?? .zero
    }

    /// `1.500000000000000000uscrt`, joined by commas; empty for none.
    package var description: String { list.map { "\($0.amount)\($0.denom)" }.joined(separator: ",") }

    /// Of each denomination of either, what `body` makes of both amounts; throws `negative` where that is below zero.
    private func combined(
        with other: DecimalCoins, _ body: (Decimal18, Decimal18) throws(NumberFault) -> Decimal18
    ) throws(NumberFault) -> DecimalCoins {
        var (result, left, right) = ([Element](), list[...], other.list[...])
        while let next = [left.first, right.first].compactMap({ $0?.denom }).min(by: BankStore.byBytes) {
            let one = left.first?.denom == next ? left.removeFirst().amount : .zero
            let two = right.first?.denom == next ? right.removeFirst().amount : .zero
            let amount = try body(one, two)
            guard !amount.isNegative else { throw .negative }
            if !amount.isZero { result.append(Element(denom: next, amount: amount)) }
        }
        return DecimalCoins(unchecked: result)
    }

    package static func + (left: DecimalCoins, right: DecimalCoins) throws(NumberFault) -> DecimalCoins {
        try left.combined(with: right) { (one, two) throws(NumberFault) in try one + two }
    }

    /// Throws `negative` where less than nothing would be left.
    package static func - (left: DecimalCoins, right: DecimalCoins) throws(NumberFault) -> DecimalCoins {
        try left.combined(with: right) { (one, two) throws(NumberFault) in try one - two }
    }

    /// `Intersect`: of each denomination the smaller amount.
    package func intersecting(_ other: DecimalCoins) throws(NumberFault) -> DecimalCoins {
        try combined(with: other) { (one, two) throws(NumberFault) in min(one, two) }
    }

    private func mapped(_ body: (Decimal18) throws(NumberFault) -> Decimal18) throws(NumberFault) -> DecimalCoins {
        var result: [Element] = []
        for coin in list {
            let amount = try body(coin.amount)
            if !amount.isZero { result.append(Element(denom: coin.denom, amount: amount)) }
        }
        return DecimalCoins(unchecked: result)
    }

    /// `MulDec`, `MulDecTruncate`.
    package func multiplied(by factor: Decimal18, _ rounding: Rounding) throws(NumberFault) -> DecimalCoins {
        try mapped { (amount) throws(NumberFault) in try amount.multiplied(by: factor, rounding) }
    }

    /// `QuoDecTruncate`.
    package func divided(by divisor: Decimal18) throws(NumberFault) -> DecimalCoins {
        try mapped { (amount) throws(NumberFault) in try amount.divided(by: divisor, .truncated) }
    }

    /// `TruncateDecimal`: whole coins, and what is left of them.
    package func truncated() throws -> (coins: Coins, rest: DecimalCoins) {
        var (whole, rest) = ([Coin](), [Element]())
        for coin in list {
            let amount = try coin.amount.truncatedAmount
            if amount > 0 { whole.append(Coin(amount, coin.denom)) }
            let left = try coin.amount - Decimal18(amount)
            if !left.isZero { rest.append(Element(denom: coin.denom, amount: left)) }
        }
        return (try Coins(whole), DecimalCoins(unchecked: rest))
    }
}
