/// What becomes of digits behind the last one.
enum Rounding: Equatable {
    /// Cut off, as contracts of CosmWasm do: for what a contract pays.
    case down
    /// For what it asks for.
    case up
    /// To the nearest; of two that are as near, to the even one: as the Cosmos SDK's modules multiply and divide.
    case nearest
}

/// A number with 18 decimals, from 0 to 340282366920938463463.374607431768211455: 128 bits of its smallest unit. What
/// does not fit is refused (`ContractError.Kind.overflow`); products and quotients are exact until they are rounded
/// once.
///
/// In JSON it is a text, "0.05", as CosmWasm and the Cosmos SDK write it.
struct Decimal: Equatable, Comparable, Sendable {
    /// Of 10^-18 each.
    var units: UInt128

    static let places = 18
    private static let unitsOfOne: UInt128 = 1_000_000_000_000_000_000

    static let zero = Decimal(units: 0)
    static let one = Decimal(units: unitsOfOne)
    static let max = Decimal(units: .max)

    init(units: UInt128) { self.units = units }
    init(_ whole: UInt32) { units = UInt128(whole) * Decimal.unitsOfOne }
    init(percent: UInt32) { units = UInt128(percent) * (Decimal.unitsOfOne / 100) }
    init(permille: UInt32) { units = UInt128(permille) * (Decimal.unitsOfOne / 1000) }

    init(whole: Amount) throws(ContractError) {
        let (product, overflowed) = whole.value.multipliedReportingOverflow(by: Decimal.unitsOfOne)
        guard !overflowed else { throw Decimal.tooLarge }
        units = product
    }

    init(_ numerator: Amount, over denominator: Amount, rounding: Rounding = .down) throws(ContractError) {
        units = try Decimal.scaled(numerator.value, by: Decimal.unitsOfOne, over: denominator.value, rounding)
    }

    /// `nil` for anything but digits with at most one point, which has a digit before it and 1 to 18 behind it; for
    /// leading zeros; for what does not fit.
    init?(decimal text: [UInt8]) {
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Amount(decimal: [UInt8](parts[0])) else { return nil }
        var fraction = parts.count == 2 ? [UInt8](parts[1]) : [UInt8(ascii: "0")]
        guard (1...Decimal.places).contains(fraction.count), fraction[0] != UInt8(ascii: "-") else { return nil }
        fraction += [UInt8](repeating: UInt8(ascii: "0"), count: Decimal.places - fraction.count)
        guard let small = UInt64(decimal: fraction) else { return nil }
        let (large, overflowed) = whole.value.multipliedReportingOverflow(by: Decimal.unitsOfOne)
        let (sum, carried) = large.addingReportingOverflow(UInt128(small))
        guard !overflowed, !carried else { return nil }
        units = sum
    }

    /// Without zeros at the end, and without a point if nothing is behind it.
    var text: Text {
        let whole = Text(decimal: units / Decimal.unitsOfOne)
        var fraction = Text(decimal: units % Decimal.unitsOfOne + Decimal.unitsOfOne).utf8
        while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
        return fraction.count <= 1 ? whole : whole + "." + Text([UInt8](fraction[1...]))
    }

    static func < (left: Decimal, right: Decimal) -> Bool { left.units < right.units }

    func adding(_ other: Decimal) throws(ContractError) -> Decimal {
        let (sum, overflowed) = units.addingReportingOverflow(other.units)
        guard !overflowed else { throw Decimal.tooLarge }
        return Decimal(units: sum)
    }

    func subtracting(_ other: Decimal) throws(ContractError) -> Decimal {
        guard other <= self else { throw ContractError(.overflow, "the number would be below zero") }
        return Decimal(units: units - other.units)
    }

    func multiplied(by other: Decimal, rounding: Rounding = .down) throws(ContractError) -> Decimal {
        Decimal(units: try Decimal.scaled(units, by: other.units, over: Decimal.unitsOfOne, rounding))
    }

    func divided(by other: Decimal, rounding: Rounding = .down) throws(ContractError) -> Decimal {
        Decimal(units: try Decimal.scaled(units, by: Decimal.unitsOfOne, over: other.units, rounding))
    }

    /// So much of an amount: a fee of `Decimal(permille: 3)`.
    func of(_ amount: Amount, rounding: Rounding = .down) throws(ContractError) -> Amount {
        Amount(try Decimal.scaled(amount.value, by: units, over: Decimal.unitsOfOne, rounding))
    }

    /// Without what is behind the point.
    func whole(rounding: Rounding = .down) throws(ContractError) -> Amount { try of(1, rounding: rounding) }

    private static func scaled(_ value: UInt128, by factor: UInt128, over divisor: UInt128, _ rounding: Rounding)
        throws(ContractError) -> UInt128
    {
        let (quotient, rest) = try Amount(value).quotient(by: Amount(factor), over: Amount(divisor))
        let isRaised: Bool
        switch rounding {
        case .down: isRaised = false
        case .up: isRaised = rest > 0
        // The rest is below the divisor, so their difference is above zero.
        case .nearest: isRaised = rest > divisor - rest || rest == divisor - rest && quotient & 1 == 1
        }
        guard isRaised else { return quotient }
        guard quotient < .max else { throw tooLarge }
        return quotient + 1
    }

    private static var tooLarge: ContractError { ContractError(.overflow, "the number is too large") }
}

extension Decimal: JSONCoded {
    init(_ json: JSON, _ name: Text) throws(ContractError) {
        guard case .string(let text) = json, let value = Decimal(decimal: text.utf8) else {
            throw ContractError(name + " must be a number in a text, as \"0.05\", with at most 18 decimals")
        }
        self = value
    }

    var json: JSON { .string(text) }
}

extension Decimal: BinaryCoded {
    init(from reader: inout BinaryReader) throws(BinaryError) { units = try UInt128(from: &reader) }
    func write(to bytes: inout [UInt8]) { units.write(to: &bytes) }
}
