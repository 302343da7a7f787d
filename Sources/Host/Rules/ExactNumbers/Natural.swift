/// A whole number from zero on, as large as it becomes. Whoever computes with it bounds it.
package struct Natural: Hashable, Sendable {
    /// The least significant first; the last is never zero.
    private(set) var limbs: [UInt64]

    package static let zero = Natural(limbs: [])

    private init(limbs: [UInt64]) {
        self.limbs = limbs
        while self.limbs.last == 0 { self.limbs.removeLast() }
    }

    package init(_ value: UInt128) {
        self.init(limbs: [UInt64(truncatingIfNeeded: value), UInt64(truncatingIfNeeded: value >> 64)])
    }

    /// `nil` if it has more bits.
    package var asUInt128: UInt128? {
        switch limbs.count {
        case 0: 0
        case 1: UInt128(limbs[0])
        case 2: UInt128(limbs[1]) << 64 | UInt128(limbs[0])
        default: nil
        }
    }

    package var isZero: Bool { limbs.isEmpty }
    package var isOdd: Bool { limbs.first.map { $0 & 1 == 1 } ?? false }

    package var bitWidth: Int {
        limbs.last.map { limbs.count * 64 - $0.leadingZeroBitCount } ?? 0
    }
}

extension Natural: Comparable {
    package static func < (left: Natural, right: Natural) -> Bool {
        guard left.limbs.count == right.limbs.count else { return left.limbs.count < right.limbs.count }
        for (one, other) in zip(left.limbs, right.limbs).reversed() where one != other { return one < other }
        return false
    }
}

// MARK: - Arithmetic

extension Natural {
    package static func + (left: Natural, right: Natural) -> Natural {
        let (long, short) =
            left.limbs.count >= right.limbs.count ? (left.limbs, right.limbs) : (right.limbs, left.limbs)
        var sum = long
        var carry: UInt64 = 0
        for index in sum.indices {
            if index >= short.count && carry == 0 { break }
            let total = UInt128(sum[index]) + UInt128(index < short.count ? short[index] : 0) + UInt128(carry)
            sum[index] = UInt64(truncatingIfNeeded: total)
            carry = UInt64(total >> 64)
        }
        if carry > 0 { sum.append(carry) }
        return Natural(limbs: sum)
    }

    /// `nil` if `other` is larger.
    package func subtracting(_ other: Natural) -> Natural? {
        guard self >= other else { return nil }
        var rest = limbs
        var borrow: UInt64 = 0
        for index in rest.indices {
            if index >= other.limbs.count && borrow == 0 { break }
            let (first, isShort) = rest[index].subtractingReportingOverflow(
                index < other.limbs.count ? other.limbs[index] : 0)
            let (second, isShorter) = first.subtractingReportingOverflow(borrow)
            rest[index] = second
            borrow = isShort || isShorter ? 1 : 0
        }
        return Natural(limbs: rest)
    }

    package static func * (left: Natural, right: Natural) -> Natural {
        guard !left.isZero, !right.isZero else { return .zero }
        var product = [UInt64](repeating: 0, count: left.limbs.count + right.limbs.count)
        for (offset, factor) in left.limbs.enumerated() {
            var carry: UInt64 = 0
            for (index, limb) in right.limbs.enumerated() {
                // At most (2^64 - 1)^2 + 2 (2^64 - 1), which is 2^128 - 1.
                let total = UInt128(factor) * UInt128(limb) + UInt128(product[offset + index]) + UInt128(carry)
                product[offset + index] = UInt64(truncatingIfNeeded: total)
                carry = UInt64(total >> 64)
            }
            product[offset + right.limbs.count] = carry
        }
        return Natural(limbs: product)
    }

    /// Throws for a divisor of zero.
    package func quotientAndRemainder(
        dividingBy divisor: Natural
    ) throws(NumberFault) -> (quotient: Natural, remainder: Natural) {
        guard let top = divisor.limbs.last else { throw .divisionByZero }
        guard self >= divisor else { return (.zero, self) }
        if divisor.limbs.count == 1 { return quotientAndRemainder(dividingByLimb: top) }
        return longDivision(by: divisor.limbs)
    }

    private func quotientAndRemainder(dividingByLimb divisor: UInt64) -> (quotient: Natural, remainder: Natural) {
        var quotient = limbs
        var remainder: UInt64 = 0
        for index in quotient.indices.reversed() {
            // The remainder is below the divisor, so the quotient has one limb.
            (quotient[index], remainder) = divisor.dividingFullWidth((remainder, quotient[index]))
        }
        return (Natural(limbs: quotient), Natural(limbs: [remainder]))
    }

    /// Knuth, The Art of Computer Programming, volume 2, 4.3.1, algorithm D, with digits of 64 bits. The divisor has
    /// two digits at least, and is not larger than the number.
    private func longDivision(by divisor: [UInt64]) -> (quotient: Natural, remainder: Natural) {
        let shift = divisor[divisor.count - 1].leadingZeroBitCount
        let parts = Natural.shiftedLeft(divisor, by: shift, count: divisor.count)
        var rest = Natural.shiftedLeft(limbs, by: shift, count: limbs.count + 1)
        let (top, next) = (parts[parts.count - 1], parts[parts.count - 2])
        var quotient = [UInt64](repeating: 0, count: limbs.count - divisor.count + 1)
        for place in quotient.indices.reversed() {
            let end = place + parts.count
            var digit: UInt128
            var leftOver: UInt128
            let head = UInt128(rest[end]) << 64 | UInt128(rest[end - 1])
            (digit, leftOver) = head.quotientAndRemainder(dividingBy: UInt128(top))
            // At most twice (Knuth, exercise 19 to 21).
            while digit >> 64 != 0 || digit * UInt128(next) > (leftOver << 64 | UInt128(rest[end - 2])) {
                digit -= 1
                leftOver += UInt128(top)
                if leftOver >> 64 != 0 { break }
            }
            if Natural.subtract(parts, times: UInt64(truncatingIfNeeded: digit), from: &rest, at: place) {
                digit -= 1
                Natural.add(parts, to: &rest, at: place)
            }
            quotient[place] = UInt64(truncatingIfNeeded: digit)
        }
        let remainder = Natural.shiftedRight(Array(rest[..<parts.count]), by: shift)
        return (Natural(limbs: quotient), Natural(limbs: remainder))
    }

    private static func shiftedLeft(_ limbs: [UInt64], by shift: Int, count: Int) -> [UInt64] {
        var shifted = [UInt64](repeating: 0, count: count)
        var carry: UInt64 = 0
        for (index, limb) in limbs.enumerated() {
            shifted[index] = limb << UInt64(shift) | carry
            carry = shift == 0 ? 0 : limb >> UInt64(64 - shift)
        }
        if count > limbs.count { shifted[limbs.count] = carry }
        return shifted
    }

    private static func shiftedRight(_ limbs: [UInt64], by shift: Int) -> [UInt64] {
        guard shift > 0 else { return limbs }
        return limbs.indices.map { index in
            limbs[index] >> UInt64(shift) | (index + 1 < limbs.count ? limbs[index + 1] << UInt64(64 - shift) : 0)
        }
    }

    /// - Returns: whether the result is below zero, and so too small by 2^64 to the power of its digits.
    private static func subtract(
        _ parts: [UInt64], times digit: UInt64, from rest: inout [UInt64], at place: Int
    ) -> Bool {
        var carry: UInt64 = 0
        var borrow: UInt64 = 0
        for index in 0...parts.count {
            let total = UInt128(index < parts.count ? parts[index] : 0) * UInt128(digit) + UInt128(carry)
            carry = UInt64(total >> 64)
            let (first, isShort) = rest[place + index].subtractingReportingOverflow(UInt64(truncatingIfNeeded: total))
            let (second, isShorter) = first.subtractingReportingOverflow(borrow)
            rest[place + index] = second
            borrow = isShort || isShorter ? 1 : 0
        }
        return borrow == 1
    }

    private static func add(_ parts: [UInt64], to rest: inout [UInt64], at place: Int) {
        var carry: UInt64 = 0
        for index in 0...parts.count {
            let total =
                UInt128(rest[place + index]) + UInt128(index < parts.count ? parts[index] : 0) + UInt128(carry)
            rest[place + index] = UInt64(truncatingIfNeeded: total)
            carry = UInt64(total >> 64)
        }
    }
}

// MARK: - Text

extension Natural: CustomStringConvertible {
    private static let digitsPerLimb = 19
    private static let limbOfDigits: UInt64 = 10_000_000_000_000_000_000

    /// Digits alone, no leading zero but in `0`, at most `digitsMax` of them; `nil` for anything else.
    package init?(digits text: some Collection<UInt8>, digitsMax: Int = 100) {
        guard let first = text.first, text.count <= digitsMax, text.count == 1 || first != UInt8(ascii: "0") else {
            return nil
        }
        var value = Natural.zero
        var (group, unit): (UInt64, UInt64) = (0, 1)
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            group = group * 10 + UInt64(byte - UInt8(ascii: "0"))
            unit *= 10
            if unit == Natural.limbOfDigits {
                value = value * Natural(limbs: [unit]) + Natural(limbs: [group])
                (group, unit) = (0, 1)
            }
        }
        self = value * Natural(limbs: [unit]) + Natural(limbs: [group])
    }

    package var description: String {
        if let small = asUInt128 { return String(small) }
        var groups: [String] = []
        var rest = self
        while !rest.isZero {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingByLimb: Natural.limbOfDigits)
            let digits = String(remainder.limbs.first ?? 0)
            let isFirst = quotient.isZero
            groups.append(
                isFirst ? digits : String(repeating: "0", count: Natural.digitsPerLimb - digits.utf8.count) + digits)
            rest = quotient
        }
        return groups.reversed().joined()
    }
}
