import Seeds

/// The decisions of a generator, one after the other: the same for the same seed, on every machine and in every build.
package struct Choices {
    private var numbers: SeededGenerator
    private var bytes: ArraySlice<UInt8> = []

    package init(seed: UInt64) { numbers = SeededGenerator(seed: seed) }

    /// Choices for a fuzzer: its first eight bytes are the seed, and those behind them decide in place of the numbers
    /// that the seed would give until they end. So a short input makes a whole module, and a small change to a long one
    /// a module that is little changed.
    package init(bytes: [UInt8]) {
        numbers = SeededGenerator(seed: bytes.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
        self.bytes = bytes.dropFirst(8)
    }

    /// One of `0..<bound`.
    package mutating func next(_ bound: Int) -> Int {
        precondition(bound > 0)
        guard bound > 1 else { return 0 }
        return Int(draw(bytes: bound <= 256 ? 1 : bound <= 65_536 ? 2 : 4) % UInt64(bound))
    }

    /// True one time in `count`.
    package mutating func chance(_ count: Int) -> Bool { next(count) == count - 1 }

    package mutating func pick<Element>(_ elements: [Element]) -> Element { elements[next(elements.count)] }

    /// Any number, small ones and those at the ends of ranges more often.
    mutating func number() -> Int64 {
        switch next(8) {
        case 0...2: Int64(next(16))
        case 3: -Int64(next(16))
        case 4: Int64(next(65_536))
        case 5:
            pick([
                Int64(Int32.max), Int64(Int32.min), Int64(UInt32.max), Int64.max, Int64.min, 0x8000, -0x8000, 0x80,
                -0x80,
                0xff, 0xffff, 1 << 31, 1 << 32, 63, 64, 31, 32, 192, 65_536,
            ])
        case 6: Int64(Int32(truncatingIfNeeded: draw(bytes: 4)))
        default: Int64(bitPattern: draw(bytes: 8))
        }
    }

    /// The next bytes, or the next number.
    private mutating func draw(bytes count: Int) -> UInt64 {
        guard bytes.isEmpty else {
            defer { bytes = bytes.dropFirst(count) }
            return bytes.prefix(count).reduce(0) { $0 << 8 | UInt64($1) }
        }
        return numbers.next()
    }
}
