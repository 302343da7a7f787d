/// Random numbers of tests: the same for the same seed, on every machine and in every build.
///
/// It needs nothing but the C library, so that fuzzers and the programs of the trusted zones can use it. It is no
/// source of secrets.
import Glibc

/// SplitMix64. Recorded values depend on this sequence: it never changes.
package struct SeededGenerator: RandomNumberGenerator, Sendable {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }

    /// One of `0..<bound`.
    package mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(bound)) }

    package mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8.random(in: 0...255, using: &self) }
    }

    /// The seed of a random test: `CLOISTER_SEED`, or a new one each time. It is printed, so that a failure can be had
    /// again.
    package static func seed(of test: String) -> UInt64 {
        let given = getenv("CLOISTER_SEED").flatMap { UInt64(String(cString: $0)) }
        let seed = given ?? UInt64.random(in: 0...UInt64(UInt32.max))
        print("\(test): CLOISTER_SEED=\(seed)")
        return seed
    }
}
