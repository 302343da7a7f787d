/// SplitMix64: the same numbers for the same seed on every machine. No source of secrets.
package struct SeededStream {
    private var state: UInt64

    /// Streams of one seed with different purposes are independent.
    package init(seed: UInt64, purpose: UInt64) {
        state = seed &* 0x9e37_79b9_7f4a_7c15 ^ purpose &* 0xd1b5_4a32_d192_ed03
        _ = next()
    }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// One of `0..<bound`.
    package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    package mutating func within(_ range: ClosedRange<Int64>) -> Int64 {
        range.lowerBound + Int64(next() % UInt64(range.upperBound - range.lowerBound + 1))
    }

    package mutating func chance(percent: Int) -> Bool { below(100) < percent }

    package mutating func one<Element>(of list: [Element]) -> Element { list[below(list.count)] }

    package mutating func bytes(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) } }

    package mutating func mixed<Element>(_ list: [Element]) -> [Element] {
        var list = list
        for index in list.indices.reversed() where index > 0 { list.swapAt(index, below(index + 1)) }
        return list
    }
}

/// A running digest, for comparing runs and nothing else.
struct EventDigest {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    mutating func add(_ number: UInt64) {
        value = (value ^ number) &* 0x9fb2_1c65_1e98_df25
        value ^= value >> 32
    }

    mutating func add(_ number: Int64) { add(UInt64(bitPattern: number)) }

    mutating func add(_ bytes: some Sequence<UInt8>) {
        var word: UInt64 = 0
        var count = 0
        for byte in bytes {
            word = word << 8 | UInt64(byte)
            count += 1
            if count % 8 == 0 {
                add(word)
                word = 0
            }
        }
        add(word)
        add(UInt64(count))
    }
}
