// ECDSA on secp256k1 (SEC 2, section 2.4.1), so that tests see the signatures that a chain would accept: good enough
// for that, slow, and not for secrets (its time depends on them).

/// A prime just below 2^256. Numbers are eight digits of 32 bits, the lowest first.
struct Modulus: Sendable {
    let prime: [UInt32]
    /// 2^256 less the prime.
    private let gap: [UInt32]

    static let field = Modulus(hexadecimal: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f")
    static let order = Modulus(hexadecimal: "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141")

    init(hexadecimal: String) {
        prime = Modulus.digits(TestHexadecimal.decode(hexadecimal))
        var gap = prime.map { ~$0 }
        gap[0] += 1
        self.gap = gap
    }

    static func digits(_ bytes: [UInt8]) -> [UInt32] {
        let padded = [UInt8](repeating: 0, count: max(0, 32 - bytes.count)) + bytes
        return (0..<8).map { index in padded[(28 - 4 * index)..<(32 - 4 * index)].reduce(0) { $0 << 8 | UInt32($1) } }
    }

    static func bytes(_ digits: [UInt32]) -> [UInt8] {
        digits.reversed().flatMap { digit in [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: digit >> UInt32($0)) } }
    }

    func add(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] { reduce(Modulus.sum(left, right)) }
    func subtract(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] { add(left, Modulus.difference(prime, right)) }
    func multiply(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] { reduce(Modulus.product(left, right)) }

    /// By Fermat's little theorem.
    func inverse(_ value: [UInt32]) -> [UInt32] {
        power(value, Modulus.difference(prime, [2, 0, 0, 0, 0, 0, 0, 0]))
    }

    func power(_ base: [UInt32], _ exponent: [UInt32]) -> [UInt32] {
        var result: [UInt32] = [1, 0, 0, 0, 0, 0, 0, 0]
        for bit in (0..<256).reversed() {
            result = multiply(result, result)
            if exponent[bit / 32] >> UInt32(bit % 32) & 1 == 1 { result = multiply(result, base) }
        }
        return result
    }

    /// What is above 2^256 weighs `gap` each.
    func reduce(_ value: [UInt32]) -> [UInt32] {
        var value = value
        while value.count > 8 {
            let high = Array(value[8...])
            value = Modulus.sum(Modulus.product(high, gap), Array(value[..<8]))
            while value.count > 8, value.last == 0 { value.removeLast() }
        }
        while !Modulus.isBelow(value, prime) { value = Modulus.difference(value, prime) }
        return value
    }

    static func isBelow(_ left: [UInt32], _ right: [UInt32]) -> Bool {
        for index in (0..<8).reversed() where left[index] != right[index] { return left[index] < right[index] }
        return false
    }

    private static func sum(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var result: [UInt32] = []
        var carry: UInt64 = 0
        for index in 0..<max(left.count, right.count) {
            carry += UInt64(index < left.count ? left[index] : 0) + UInt64(index < right.count ? right[index] : 0)
            result.append(UInt32(truncatingIfNeeded: carry))
            carry >>= 32
        }
        return carry == 0 ? result : result + [UInt32(carry)]
    }

    /// The right one is not above the left one.
    private static func difference(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var borrow: Int64 = 0
        return left.indices.map { index in
            borrow += Int64(left[index]) - Int64(right[index])
            defer { borrow >>= 32 }
            return UInt32(truncatingIfNeeded: borrow)
        }
    }

    private static func product(_ left: [UInt32], _ right: [UInt32]) -> [UInt32] {
        var result = [UInt32](repeating: 0, count: left.count + right.count)
        for i in left.indices {
            var carry: UInt64 = 0
            for j in right.indices {
                carry += UInt64(left[i]) * UInt64(right[j]) + UInt64(result[i + j])
                result[i + j] = UInt32(truncatingIfNeeded: carry)
                carry >>= 32
            }
            result[i + right.count] = UInt32(carry)
        }
        return result
    }
}

/// A point of the curve y² = x³ + 7 that is not at infinity.
struct CurvePoint: Equatable {
    var x: [UInt32]
    var y: [UInt32]

    static let base = CurvePoint(
        x: Modulus.digits(
            TestHexadecimal.decode("79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798")),
        y: Modulus.digits(
            TestHexadecimal.decode("483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8")))

    init(x: [UInt32], y: [UInt32]) { (self.x, self.y) = (x, y) }

    /// From 33 bytes; `nil` if no point has this form.
    init?(compressed: [UInt8]) {
        guard compressed.count == 33, compressed[0] == 2 || compressed[0] == 3 else { return nil }
        let field = Modulus.field
        x = Modulus.digits(Array(compressed[1...]))
        guard Modulus.isBelow(x, field.prime) else { return nil }
        let square = field.add(field.multiply(field.multiply(x, x), x), [7, 0, 0, 0, 0, 0, 0, 0])
        // (p + 1) / 4
        let root = TestHexadecimal.decode("3fffffffffffffffffffffffffffffffffffffffffffffffffffffffbfffff0c")
        y = field.power(square, Modulus.digits(root))
        guard field.multiply(y, y) == square else { return nil }
        if UInt8(y[0] & 1) != compressed[0] & 1 { y = field.subtract([UInt32](repeating: 0, count: 8), y) }
    }

    var compressed: [UInt8] { [2 + UInt8(y[0] & 1)] + Modulus.bytes(x) }

    /// The sum of the points, each taken as often as it says; `nil` if that is the point at infinity.
    static func sum(_ terms: [(times: [UInt32], point: CurvePoint)]) -> CurvePoint? {
        var total = Projective?.none
        for bit in (0..<256).reversed() {
            total = total?.doubled
            for term in terms where term.times[bit / 32] >> UInt32(bit % 32) & 1 == 1 {
                total = total.map { $0.adding(term.point) } ?? Projective(term.point)
                if total?.isInfinite == true { total = nil }
            }
        }
        return total?.affine
    }
}

/// x = X/Z², y = Y/Z³: no inversion until the end.
private struct Projective {
    var x: [UInt32]
    var y: [UInt32]
    var z: [UInt32]

    init(_ point: CurvePoint) { (x, y, z) = (point.x, point.y, [1, 0, 0, 0, 0, 0, 0, 0]) }
    private init(_ x: [UInt32], _ y: [UInt32], _ z: [UInt32]) { (self.x, self.y, self.z) = (x, y, z) }

    var isInfinite: Bool { z.allSatisfy { $0 == 0 } }

    var affine: CurvePoint {
        let field = Modulus.field
        let inverse = field.inverse(z)
        let square = field.multiply(inverse, inverse)
        return CurvePoint(x: field.multiply(x, square), y: field.multiply(y, field.multiply(square, inverse)))
    }

    /// The curve has no point with y = 0.
    var doubled: Projective {
        let field = Modulus.field
        func twice(_ value: [UInt32]) -> [UInt32] { field.add(value, value) }
        let ySquare = field.multiply(y, y)
        let s = twice(twice(field.multiply(x, ySquare)))
        let xSquare = field.multiply(x, x)
        let m = field.add(twice(xSquare), xSquare)
        let newX = field.subtract(field.multiply(m, m), twice(s))
        let eight = twice(twice(twice(field.multiply(ySquare, ySquare))))
        return Projective(
            newX, field.subtract(field.multiply(m, field.subtract(s, newX)), eight), twice(field.multiply(y, z)))
    }

    func adding(_ other: CurvePoint) -> Projective {
        let field = Modulus.field
        let zSquare = field.multiply(z, z)
        let h = field.subtract(field.multiply(other.x, zSquare), x)
        let r = field.subtract(field.multiply(other.y, field.multiply(zSquare, z)), y)
        if h.allSatisfy({ $0 == 0 }), r.allSatisfy({ $0 == 0 }) { return doubled }
        let hSquare = field.multiply(h, h)
        let hCube = field.multiply(hSquare, h)
        let v = field.multiply(x, hSquare)
        let newX = field.subtract(field.subtract(field.multiply(r, r), hCube), field.add(v, v))
        let newY = field.subtract(field.multiply(r, field.subtract(v, newX)), field.multiply(y, hCube))
        return Projective(newX, newY, field.multiply(z, h))
    }
}

/// Hexadecimal digits of the curve's constants.
enum TestHexadecimal {
    static func decode(_ text: String) -> [UInt8] {
        let digits = text.utf8.map { $0 <= UInt8(ascii: "9") ? $0 - UInt8(ascii: "0") : $0 - UInt8(ascii: "a") + 10 }
        return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
    }

    static func encode(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
