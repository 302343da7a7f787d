import Seeds

/// What a hostile client decides, one thing after the other: the same for the same seed.
package struct Dice: RandomNumberGenerator, Sendable {
    private var numbers: SeededGenerator

    package init(seed: UInt64) { numbers = SeededGenerator(seed: seed) }

    package mutating func next() -> UInt64 { numbers.next() }

    package mutating func below(_ bound: Int) -> Int { numbers.below(max(bound, 1)) }

    package mutating func chance(_ percent: Int) -> Bool { below(100) < percent }

    package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }

    // MARK: - Sizes and what has them

    /// Limits of this chain and its formats, and their neighbours.
    private static let ends = [
        0, 1, 2, 3, 19, 20, 21, 31, 32, 33, 63, 64, 65, 127, 128, 129, 199, 200, 201, 255, 256, 257, 511, 512, 513,
        4_095,
        4_096, 4_097, 16_384, 65_535, 65_536, 65_537, 262_144, 1 << 20, 2_047_999, 2_048_000, 2_048_001, (2 << 20) - 1,
        2 << 20, (2 << 20) + 1, 3 << 20, (4 << 20) - 1, 4 << 20,
    ]

    /// A size up to `max`: most are small, and many are at an end of something.
    package mutating func size(_ max: Int) -> Int {
        let ends = Dice.ends.filter { $0 <= max }
        switch below(10) {
        case 0...4: return below(min(max, 600) + 1)
        case 5...7: return pick(ends)
        case 8: return max
        default: return below(max + 1)
        }
    }

    package mutating func bytes(_ count: Int) -> [UInt8] {
        if count > 4_096 {
            let start = bytes(64)
            return (0..<count).map { start[$0 & 63] ^ UInt8(truncatingIfNeeded: $0 >> 6) }
        }
        return (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }

    /// A text of about so many bytes of UTF-8, of what texts are made of and of what breaks those who read them.
    package mutating func text(_ count: Int) -> String {
        let piece = pick([
            "x", "0", "a/", "\"", "\\", "'", "\u{0}", "\n", "\u{1b}[31m", "\u{7f}", "\u{e9}", "e\u{301}", "\u{20ac}",
            "\u{1f600}", "\u{202e}", "\u{feff}", "encrypted: ", ": ", "{\"a\":", "[", "%s%n", "; DROP", "\u{fffd}",
            "//",
        ])
        return String(repeating: piece, count: count / piece.utf8.count)
            + String(repeating: "x", count: count % piece.utf8.count)
    }
}
