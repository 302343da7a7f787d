import Foundation

/// SplitMix64: the same numbers from the same seed everywhere.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }

    /// The seed of a random test: `CLOISTER_SEED`, or a new one each time. It is printed, so that a failure can be had
    /// again.
    package static func seed(of test: String) -> UInt64 {
        let given = ProcessInfo.processInfo.environment["CLOISTER_SEED"].flatMap { UInt64($0) }
        let seed = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
        print("\(test): CLOISTER_SEED=\(seed)")
        return seed
    }
}
