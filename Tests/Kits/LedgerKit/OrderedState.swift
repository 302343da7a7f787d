import ModuleKit

/// A ledger in memory whose keys stand in order: for stories of many blocks, where `MemoryState` would sort all keys
/// for each question.
package final class OrderedState: LedgerState {
    private var stores: [String: (keys: [[UInt8]], values: [[UInt8]: [UInt8]])] = [:]

    package init() {}

    package func value(of key: [UInt8], in store: String) -> [UInt8]? { stores[store]?.values[key] }

    package func set(_ value: [UInt8]?, of key: [UInt8], in store: String) {
        let old = stores[store, default: ([], [:])].values.updateValue(value ?? [], forKey: key)
        if value == nil { stores[store]?.values[key] = nil }
        guard (old == nil) == (value != nil) else { return }
        let place = position(of: key, in: store)
        if value == nil {
            stores[store]?.keys.remove(at: place)
        } else {
            stores[store]?.keys.insert(key, at: place)
        }
    }

    /// Of the first key that is not before `key`.
    private func position(of key: [UInt8], in store: String) -> Int {
        let keys = stores[store]?.keys ?? []
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle].lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    package func entries(
        in store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) -> [LedgerEntry] {
        guard let (keys, values) = stores[store] else { return [] }
        var found: [LedgerEntry] = []
        if reverse {
            var place = position(of: after ?? prefix + [UInt8](repeating: 255, count: 256), in: store) - 1
            while place >= 0, found.count < limit, keys[place].starts(with: prefix) {
                found.append(LedgerEntry(key: keys[place], value: values[keys[place]]!))
                place -= 1
            }
        } else {
            var place = position(of: after ?? prefix, in: store)
            if let after, place < keys.count, keys[place] == after { place += 1 }
            while place < keys.count, found.count < limit, keys[place].starts(with: prefix) {
                found.append(LedgerEntry(key: keys[place], value: values[keys[place]]!))
                place += 1
            }
        }
        return found
    }
}
