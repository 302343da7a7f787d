/// Which whole number stands for one that lies between two.
package enum Rounding: Sendable {
    /// The nearer; of two that are equally near the even one.
    case halfEven
    /// Towards zero.
    case truncated
    /// The greater, as the original's `RoundUp`: a negative number is truncated.
    case up
}

extension Decimal18 {
    package static func + (left: Decimal18, right: Decimal18) throws(NumberFault) -> Decimal18 {
        if left.isNegative == right.isNegative {
            return try Decimal18(bounding: left.magnitude + right.magnitude, isNegative: left.isNegative)
        }
        if let rest = left.magnitude.subtracting(right.magnitude) {
            return try Decimal18(bounding: rest, isNegative: left.isNegative)
        }
        return try Decimal18(
            bounding: right.magnitude.subtracting(left.magnitude) ?? .zero, isNegative: right.isNegative)
    }

    package static func - (left: Decimal18, right: Decimal18) throws(NumberFault) -> Decimal18 {
        try left + right.negated
    }

    /// The difference, of which nothing below zero is left: throws `negative`.
    package func subtracting(_ other: Decimal18) throws(NumberFault) -> Decimal18 {
        let rest = try self - other
        guard !rest.isNegative else { throw .negative }
        return rest
    }

    /// `Mul`, `MulTruncate`, `MulRoundUp`.
    package func multiplied(by other: Decimal18, _ rounding: Rounding = .halfEven) throws(NumberFault) -> Decimal18 {
        let sign = isNegative != other.isNegative
        return try Decimal18(
            bounding: Decimal18.withoutUnit(magnitude * other.magnitude, rounding, isNegative: sign), isNegative: sign)
    }

    /// `MulInt`: exact.
    package func multiplied(byWhole other: UInt128) throws(NumberFault) -> Decimal18 {
        try Decimal18(bounding: magnitude * Natural(other), isNegative: isNegative)
    }

    /// `Quo`, `QuoTruncate`, `QuoRoundUp`: of the first division, by `other`, 18 digits more are kept than the result
    /// has, and these are then rounded away; what it lost is not seen.
    package func divided(by other: Decimal18, _ rounding: Rounding = .halfEven) throws(NumberFault) -> Decimal18 {
        let sign = isNegative != other.isNegative
        let scaled = magnitude * Decimal18.unit * Decimal18.unit
        let (quotient, _) = try scaled.quotientAndRemainder(dividingBy: other.magnitude)
        return try Decimal18(
            bounding: Decimal18.withoutUnit(quotient, rounding, isNegative: sign), isNegative: sign)
    }

    /// `QuoInt`: truncated.
    package func divided(byWhole other: UInt128) throws(NumberFault) -> Decimal18 {
        let (quotient, _) = try magnitude.quotientAndRemainder(dividingBy: Natural(other))
        return try Decimal18(bounding: quotient, isNegative: isNegative)
    }

    /// The whole number, without its sign.
    package func whole(_ rounding: Rounding) -> Natural {
        Decimal18.withoutUnit(magnitude, rounding, isNegative: isNegative)
    }

    /// `TruncateInt` of a number that is an amount. Throws for one below zero, and for one with more than 128 bits.
    package var truncatedAmount: UInt128 {
        get throws(NumberFault) { try amount(.truncated) }
    }

    /// Throws for a number below zero, and for one with more than 128 bits.
    package func amount(_ rounding: Rounding) throws(NumberFault) -> UInt128 {
        guard !isNegative else { throw .negative }
        guard let amount = whole(rounding).asUInt128 else { throw .overflow }
        return amount
    }

    /// By squaring, with a rounded product at each step.
    package func power(_ exponent: UInt64) throws(NumberFault) -> Decimal18 {
        guard exponent > 0 else { return .one }
        var (base, rest, factor) = (self, exponent, Decimal18.one)
        while rest > 1 {
            if rest % 2 != 0 { factor = try factor.multiplied(by: base) }
            rest /= 2
            base = try base.multiplied(by: base)
        }
        return try base.multiplied(by: factor)
    }

    /// Drops the last 18 digits of a magnitude.
    private static func withoutUnit(_ value: Natural, _ rounding: Rounding, isNegative: Bool) -> Natural {
        // Never by zero.
        guard let (quotient, remainder) = try? value.quotientAndRemainder(dividingBy: unit) else { return .zero }
        let isUp: Bool
        switch rounding {
        case .truncated: isUp = false
        case .up: isUp = !isNegative && !remainder.isZero
        case .halfEven:
            let half = Natural(scale / 2)
            isUp = remainder == half ? quotient.isOdd : remainder > half
        }
        return isUp ? quotient + Natural(1) : quotient
    }
}
