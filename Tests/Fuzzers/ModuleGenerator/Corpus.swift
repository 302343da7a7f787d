import PublicCryptography

/// A run of seeds, and the one number that all their results make.
package struct Corpus {
    package private(set) var modules = 0
    package private(set) var stored = 0
    package private(set) var run = 0
    package private(set) var calls = 0
    /// How often each kind of end was met: the words of a refusal or of a trap, or "success".
    package private(set) var ends: [String: Int] = [:]
    /// A chain of hashes over every module and result so far. Builds, presets and machines must all come to the same.
    package private(set) var digest = Hash32.zero

    /// The run that every build repeats, and what it must come to. A change to the generator, to gas or to what a
    /// contract sees changes the digest; nothing else may.
    package static let committedCount: UInt64 = 250
    package static let committedDigest = "2b2b8b43debaa1d42492fa073da14ed030b33dc0127b4ba5afdc1ffd5e3921e4"

    package init() {}

    /// The committed run.
    package init(committedWith differential: Differential) throws(Differential.Disagreement) {
        for seed in 1...Corpus.committedCount { try add(seed: seed, with: differential) }
    }

    package mutating func add(seed: UInt64, with differential: Differential) throws(Differential.Disagreement) {
        var choices = Choices(seed: seed)
        let module = GeneratedModule(&choices)
        let outcome = try differential.outcome(of: module.bytes)
        modules += 1
        stored += outcome.wasStored ? 1 : 0
        run += outcome.wasRun ? 1 : 0
        digest = SHA256.hash(digest.bytes + module.bytes)
        for line in outcome.lines {
            digest = SHA256.hash(digest.bytes + Array(line.utf8))
            let isCall = line.contains(", gas ")
            calls += isCall ? 1 : 0
            let end = line.contains(" bytes ") ? "success" : String(line.split(separator: ",").first ?? "")
            ends[end, default: 0] += 1
        }
    }
}
