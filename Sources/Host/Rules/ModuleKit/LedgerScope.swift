/// Writes that stand apart from a state until they are kept: for what may be refused in the middle, and for what is
/// only tried.
///
/// Forgetting it discards them. The state below must not be written while it is used.
package final class LedgerScope: LedgerState {
    private let base: any LedgerReading
    private var writes: [String: [[UInt8]: [UInt8]?]] = [:]

    package init(_ base: any LedgerReading) { self.base = base }

    package func value(of key: [UInt8], in store: String) throws -> [UInt8]? {
        if let written = writes[store]?[key] { return written }
        return try base.value(of: key, in: store)
    }

    package func set(_ value: [UInt8]?, of key: [UInt8], in store: String) {
        writes[store, default: [:]].updateValue(value, forKey: key)
    }

    package func entries(
        in store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) throws -> [LedgerEntry] {
        func precedes(_ one: [UInt8], _ other: [UInt8]) -> Bool {
            reverse ? other.lexicographicallyPrecedes(one) : one.lexicographicallyPrecedes(other)
        }
        // Any order: they are sorted below.
        let written = (writes[store] ?? [:]).filter { key, _ in
            key.starts(with: prefix) && after.map { precedes($0, key) } ?? true
        }
        guard !written.isEmpty else {
            return try base.entries(in: store, prefix: prefix, after: after, limit: limit, reverse: reverse)
        }
        // As many of the others as could be wanted: what lies behind them comes behind the limit, too.
        var found: [LedgerEntry] = []
        var last = after
        while found.count < limit {
            let batch = try base.entries(in: store, prefix: prefix, after: last, limit: limit, reverse: reverse)
            found += batch.filter { written[$0.key] == nil }
            guard batch.count == limit else { break }
            last = batch.last?.key
        }
        for (key, value) in written { if let value { found.append(LedgerEntry(key: key, value: value)) } }
        return Array(found.sorted { precedes($0.key, $1.key) }.prefix(limit))
    }

    /// Writes everything to `state`, which must be what this stands above.
    package func keep(in state: any LedgerState) throws {
        // Any order: no key is written twice.
        for (store, entries) in writes {
            for (key, value) in entries { try state.set(value, of: key, in: store) }
        }
    }
}
