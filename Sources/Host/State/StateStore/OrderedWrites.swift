/// Writes by key, whose keys can be walked in order: of a block with tens of thousands of them, without a look at
/// each for every question.
struct OrderedWrites {
    /// `nil` removes.
    private(set) var values: [[UInt8]: [UInt8]?] = [:]
    /// All keys but the `recent` ones, ascending.
    private var sorted: [[UInt8]] = []
    /// Those that came last, in the order they came.
    private var recent: [[UInt8]] = []

    mutating func set(_ value: [UInt8]?, for key: [UInt8]) {
        if values.updateValue(value, forKey: key) == nil { recent.append(key) }
    }

    mutating func merge(_ other: OrderedWrites) {
        // Any order: no key is there twice, and keys are sorted when somebody walks.
        for (key, value) in other.values { set(value, for: key) }
    }

    /// The keys that begin with `prefix` and lie behind `after`, as two ascending lists that have none in common.
    mutating func keys(prefix: [UInt8], after: [UInt8]?, reverse: Bool) -> [ArraySlice<[UInt8]>] {
        if recent.count > max(32, sorted.count / 128) { sortRecent() }
        let few = recent.filter { $0.starts(with: prefix) }.sorted { $0.lexicographicallyPrecedes($1) }
        return [sorted, few].map { keys in
            var low = OrderedWrites.count(of: keys) { $0.lexicographicallyPrecedes(prefix) }
            var high = OrderedWrites.count(of: keys) { $0.lexicographicallyPrecedes(prefix) || $0.starts(with: prefix) }
            if let after {
                let behind = OrderedWrites.count(of: keys) {
                    reverse ? $0.lexicographicallyPrecedes(after) : !after.lexicographicallyPrecedes($0)
                }
                if reverse { high = min(high, behind) } else { low = max(low, behind) }
            }
            return keys[min(low, high)..<high]
        }
    }

    private mutating func sortRecent() {
        recent.sort { $0.lexicographicallyPrecedes($1) }
        var merged = [[UInt8]]()
        merged.reserveCapacity(sorted.count + recent.count)
        var (old, new) = (sorted[...], recent[...])
        while let one = old.first, let other = new.first {
            merged.append(one.lexicographicallyPrecedes(other) ? old.removeFirst() : new.removeFirst())
        }
        sorted = merged + old + new
        recent = []
    }

    /// How many keys at the beginning of ascending ones the condition holds of, which holds of none behind them.
    private static func count(of keys: [[UInt8]], _ holds: ([UInt8]) -> Bool) -> Int {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(keys[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Ascending lists of keys as one, in the order that is asked for; a key that several lists have comes once.
package struct MergedKeys {
    private var lists: [ArraySlice<[UInt8]>]
    private let reverse: Bool

    /// - Parameter lists: of keys, ascending.
    package init(_ lists: [ArraySlice<[UInt8]>], reverse: Bool) {
        self.lists = lists.filter { !$0.isEmpty }
        self.reverse = reverse
    }

    var isEmpty: Bool { lists.isEmpty }

    /// Takes the next one, if it is not behind `key`; without one, whichever is next.
    mutating func next(upTo key: [UInt8]? = nil) -> [UInt8]? {
        var next: [UInt8]?
        for list in lists {
            guard let first = reverse ? list.last : list.first else { continue }
            if next.map({ precedes(first, $0) }) ?? true { next = first }
        }
        guard let next, key.map({ !precedes($0, next) }) ?? true else { return nil }
        for place in lists.indices where (reverse ? lists[place].last : lists[place].first) == next {
            if reverse { lists[place].removeLast() } else { lists[place].removeFirst() }
        }
        return next
    }

    private func precedes(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        reverse ? other.lexicographicallyPrecedes(one) : one.lexicographicallyPrecedes(other)
    }
}
