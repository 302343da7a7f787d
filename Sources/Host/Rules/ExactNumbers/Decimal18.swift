/// A number with 18 decimals, as the Cosmos SDK's `LegacyDec`. On the wire the digits of the number times 10^18.
///
/// Sign and magnitude, of which the magnitude has 315 bits at most, as the original's: 256 before the point and 59
/// behind it.
package struct Decimal18: Hashable, Sendable {
    package static let bitsMax = 315
    /// What numbers are scaled by: 10^18.
    package static let scale: UInt128 = 1_000_000_000_000_000_000
    static let unit = Natural(scale)

    package static let zero = Decimal18(unchecked: .zero)
    package static let one = Decimal18(unchecked: unit)
    /// The smallest above zero.
    package static let smallest = Decimal18(unchecked: Natural(1))

    /// The number times 10^18, without its sign.
    package let magnitude: Natural
    /// Never of zero.
    package let isNegative: Bool

    private init(unchecked magnitude: Natural, isNegative: Bool = false) {
        self.magnitude = magnitude
        self.isNegative = isNegative && !magnitude.isZero
    }

    package init(scaled magnitude: UInt128, isNegative: Bool = false) {
        self.init(unchecked: Natural(magnitude), isNegative: isNegative)
    }

    init(bounding magnitude: Natural, isNegative: Bool = false) throws(NumberFault) {
        guard magnitude.bitWidth <= Decimal18.bitsMax else { throw .overflow }
        self.init(unchecked: magnitude, isNegative: isNegative)
    }

    /// A whole number, whose 128 bits times 10^18 always fit.
    package init(_ whole: UInt128) {
        self.init(unchecked: Natural(whole) * Decimal18.unit)
    }

    package var isZero: Bool { magnitude.isZero }
    package var isPositive: Bool { !isNegative && !isZero }
    package var negated: Decimal18 { Decimal18(unchecked: magnitude, isNegative: !isNegative) }
}

extension Decimal18: Comparable {
    package static func < (left: Decimal18, right: Decimal18) -> Bool {
        switch (left.isNegative, right.isNegative) {
        case (false, false): left.magnitude < right.magnitude
        case (true, true): left.magnitude > right.magnitude
        case (let isLeftNegative, _): isLeftNegative
        }
    }
}

// MARK: - Text

extension Decimal18: CustomStringConvertible {
    /// Digits with at most one minus in front; no leading zeros, no negative zero, 315 bits at most.
    package init?(scaledText text: some Collection<UInt8>) {
        let isNegative = text.first == UInt8(ascii: "-")
        guard let magnitude = Natural(digits: text.dropFirst(isNegative ? 1 : 0)),
            magnitude.bitWidth <= Decimal18.bitsMax, !isNegative || !magnitude.isZero
        else { return nil }
        self.init(unchecked: magnitude, isNegative: isNegative)
    }

    package var scaledText: String { (isNegative ? "-" : "") + magnitude.description }

    /// A number as people write it: `0.05`, `-1`; digits on both sides of a point, of which up to 18 stand behind it.
    package init?(text: String) {
        let bytes = Array(text.utf8)
        let isNegative = bytes.first == UInt8(ascii: "-")
        let parts = bytes.dropFirst(isNegative ? 1 : 0).split(
            separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = parts.first, !whole.isEmpty, parts.count == 1 || (1...18).contains(parts[1].count) else {
            return nil
        }
        let decimals = parts.count == 2 ? Array(parts[1]) : []
        var digits = Array(whole) + decimals
        digits += [UInt8](repeating: UInt8(ascii: "0"), count: 18 - decimals.count)
        // In one go: whoever votes may write a hundred thousand of them.
        digits.removeFirst(min(digits.count - 1, digits.prefix { $0 == UInt8(ascii: "0") }.count))
        // What has more digits has more bits, and a number is read in the square of its length.
        guard digits.count <= Decimal18.bitsMax / 3 else { return nil }
        guard let magnitude = Natural(digits: digits), magnitude.bitWidth <= Decimal18.bitsMax else { return nil }
        self.init(unchecked: magnitude, isNegative: isNegative)
    }

    /// With exactly 18 decimals.
    package var description: String {
        let digits = magnitude.description
        let padded = String(repeating: "0", count: max(0, 19 - digits.utf8.count)) + digits
        return (isNegative ? "-" : "") + padded.dropLast(18) + "." + padded.suffix(18)
    }
}
