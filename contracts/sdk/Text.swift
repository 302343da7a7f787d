/// Text as its UTF-8 bytes.
///
/// Contracts use it instead of `String`, whose comparison and concatenation bring 30 to 80 KB of Unicode tables into
/// the module. Two texts are equal if their bytes are.
struct Text: Equatable, ExpressibleByStringLiteral {
    var utf8: [UInt8]

    init(_ utf8: [UInt8]) { self.utf8 = utf8 }

    init(stringLiteral literal: StaticString) {
        utf8 = [UInt8](UnsafeBufferPointer(start: literal.utf8Start, count: literal.utf8CodeUnitCount))
    }

    init(decimal value: some FixedWidthInteger) {
        var digits: [UInt8] = []
        var rest = value.magnitude
        repeat {
            digits.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
            rest /= 10
        } while rest > 0
        if value < 0 { digits.append(UInt8(ascii: "-")) }
        digits.reverse()
        utf8 = digits
    }

    static func + (left: Text, right: Text) -> Text { Text(left.utf8 + right.utf8) }

    /// Compares without telling by its duration where two texts of the same length differ.
    func isSame(as other: Text) -> Bool {
        guard utf8.count == other.utf8.count else { return false }
        var difference: UInt8 = 0
        for index in 0..<utf8.count { difference |= utf8[index] ^ other.utf8[index] }
        return difference == 0
    }
}
