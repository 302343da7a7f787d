import ModuleKit
import SignedTransactions

/// The least that is taken for a unit of gas, as an exact decimal: `0.0125uscrt`.
package struct MinimumGasPrice: Equatable, Sendable, CustomStringConvertible {
    package let denomination: String
    /// The price in units of 10^-18.
    private let scaled: UInt128

    private static let decimals = 18
    private static let one: UInt128 = 1_000_000_000_000_000_000

    package static let standard = MinimumGasPrice("0.0125uscrt")!

    /// `nil` unless `text` is a decimal number with at most 18 decimals, below 10^12, before a denomination.
    package init?(_ text: String) {
        let number = text.prefix { $0 == "." || ("0"..."9").contains($0) }
        let denomination = String(text.dropFirst(number.count))
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }), parts[0].count <= 12,
            Coin.isDenomination(denomination), let whole = UInt128(parts[0])
        else { return nil }
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        guard fraction.count <= MinimumGasPrice.decimals,
            let part = UInt128(fraction + String(repeating: "0", count: MinimumGasPrice.decimals - fraction.count))
        else { return nil }
        self.denomination = denomination
        scaled = whole * MinimumGasPrice.one + part
    }

    /// The fee for `gasLimit`, rounded up; `nil` if nothing is asked.
    package func fee(gasLimit: UInt64) -> Coin? {
        guard scaled > 0 else { return nil }
        let (whole, rest) = scaled.quotientAndRemainder(dividingBy: MinimumGasPrice.one)
        let fraction = (rest * UInt128(gasLimit) + MinimumGasPrice.one - 1) / MinimumGasPrice.one
        let amount = whole * UInt128(gasLimit) + fraction
        return amount == 0 ? nil : Coin(amount, denomination)
    }

    /// Whether this asks less than `other`, in the same denomination.
    package func isBelow(_ other: MinimumGasPrice) -> Bool {
        denomination == other.denomination && scaled < other.scaled
    }

    /// Refuses a fee that is too small for `gasLimit`.
    package func require(of fee: Coins, gasLimit: UInt64) throws(TransactionRefusal) {
        guard let minimum = self.fee(gasLimit: gasLimit), fee.amount(of: minimum.denomination) < minimum.amount else {
            return
        }
        throw .insufficientFee(got: fee.description, required: minimum.description)
    }

    /// With 18 decimals, as nodes show it.
    package var description: String {
        let fraction = String(scaled % MinimumGasPrice.one)
        let padding = String(repeating: "0", count: MinimumGasPrice.decimals - fraction.count)
        return "\(scaled / MinimumGasPrice.one).\(padding)\(fraction)\(denomination)"
    }
}
