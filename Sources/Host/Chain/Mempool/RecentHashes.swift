import DequeModule
import PublicCryptography

/// The transactions seen most recently, so that one is checked once however many peers send it. Bounded: the hash that
/// was met longest ago is forgotten first.
struct RecentHashes: Sendable {
    private let countMax: Int
    private var stamps: [Hash32: UInt64] = [:]
    /// Every insertion; entries whose stamp is not the current one of their hash are out of date.
    private var insertions: Deque<(hash: Hash32, stamp: UInt64)> = []
    private var nextStamp: UInt64 = 0

    init(countMax: Int) {
        precondition(countMax > 0)
        self.countMax = countMax
    }

    var count: Int { stamps.count }

    func contains(_ hash: Hash32) -> Bool { stamps[hash] != nil }

    /// Adds `hash`, or notes that it was met again.
    mutating func insert(_ hash: Hash32) {
        stamps[hash] = nextStamp
        insertions.append((hash, nextStamp))
        nextStamp += 1
        while stamps.count > countMax { dropFirst() }
        if insertions.count > 2 * countMax + 16 {
            insertions = Deque(insertions.filter { stamps[$0.hash] == $0.stamp })
        }
    }

    mutating func remove(_ hash: Hash32) {
        stamps[hash] = nil
    }

    private mutating func dropFirst() {
        let oldest = insertions.removeFirst()
        if stamps[oldest.hash] == oldest.stamp { stamps[oldest.hash] = nil }
    }
}
