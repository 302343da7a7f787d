/// An amount of coins or tokens: 128 bits, in JSON a decimal text because many readers of JSON lose integers above
/// 2^53.
struct Amount: Equatable, Comparable, ExpressibleByIntegerLiteral, Sendable {
    var value: UInt128

    init(_ value: UInt128) { self.value = value }
    init(integerLiteral value: UInt64) { self.value = UInt128(value) }

    /// `nil` for anything but digits without leading zeros, and for what does not fit.
    init?(decimal text: [UInt8]) {
        guard let first = text.first, first != UInt8(ascii: "0") || text.count == 1, text.count <= 39,
            first != UInt8(ascii: "-"), let value = UInt128(decimal: text)
        else { return nil }
        self.value = value
    }

    static func < (left: Amount, right: Amount) -> Bool { left.value < right.value }

    var text: Text { Text(decimal: value) }

    func adding(_ other: Amount) throws(ContractError) -> Amount {
        let (sum, overflowed) = value.addingReportingOverflow(other.value)
        guard !overflowed else { throw ContractError(.overflow, "the amount is too large") }
        return Amount(sum)
    }

    /// `complaint` is what the caller reads if there is not enough.
    func subtracting(_ other: Amount, or complaint: Text) throws(ContractError) -> Amount {
        guard other <= self else { throw ContractError(.overflow, complaint) }
        return Amount(value - other.value)
    }

    /// `self * factor / divisor`, exact however large the product is: shares, prices, fees. What is left over goes to
    /// the contract's side: round down what it pays, up what it asks for.
    func scaled(by factor: Amount, over divisor: Amount, roundedUp: Bool = false) throws(ContractError) -> Amount {
        let (quotient, rest) = try quotient(by: factor, over: divisor)
        return roundedUp && rest > 0 ? try Amount(quotient).adding(1) : Amount(quotient)
    }

    /// `self * factor` in 256 bits, divided: the quotient, rounded down, and what is left.
    func quotient(by factor: Amount, over divisor: Amount) throws(ContractError) -> (UInt128, rest: UInt128) {
        guard divisor > 0 else { throw ContractError(.divisionByZero, "division by zero") }
        let (high, low) = value.multipliedFullWidth(by: factor.value)
        // A quotient above 128 bits.
        guard high < divisor.value else { throw ContractError(.overflow, "the amount is too large") }
        // Long division, a bit at a time: `rest` is always below the divisor, so its double has 129 bits at most. The
        // same steps whatever the numbers are, since gas would tell them apart: the divisor is taken off with a mask.
        var rest = high
        var lower = low
        var quotient: UInt128 = 0
        for _ in 0..<128 {
            let carry = rest >> 127
            rest = rest << 1 | lower >> 127
            lower <<= 1
            let (difference, borrowed) = rest.subtractingReportingOverflow(divisor.value)
            let taken = carry | (borrowed ? 0 : 1)
            let mask = 0 &- taken
            rest = difference & mask | rest & ~mask
            quotient = quotient << 1 | taken
        }
        return (quotient, rest)
    }

    /// The square root of `self * other`, rounded down.
    func geometricMean(with other: Amount) -> Amount {
        let product = value.multipliedFullWidth(by: other.value)
        var root: UInt128 = 0
        for bit in (0..<UInt128(128)).reversed() {
            let candidate = root | 1 << bit
            let square = candidate.multipliedFullWidth(by: candidate)
            if square.high < product.high || square.high == product.high && square.low <= product.low {
                root = candidate
            }
        }
        return Amount(root)
    }

    /// Down to so many leading digits: an amount for everybody to read that does not tell the last small change of it.
    func rounded(toDigits digits: Int) -> Amount {
        var unit: UInt128 = 1
        var rest = value
        var count = 0
        while rest > 0 {
            rest /= 10
            count += 1
            if count > digits { unit *= 10 }
        }
        return Amount(value - value % unit)
    }
}

extension Amount: JSONCoded {
    init(_ json: JSON, _ name: Text) throws(ContractError) {
        guard case .string(let text) = json, let amount = Amount(decimal: text.utf8) else {
            throw ContractError(name + " must be an amount in a text, as \"12\"")
        }
        self = amount
    }

    var json: JSON { .string(text) }
}
