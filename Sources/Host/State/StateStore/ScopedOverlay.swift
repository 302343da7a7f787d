/// Writes on top of a state, in scopes that are merged or thrown away.
///
/// Below all scopes is the base layer: the block's. A transaction opens scopes with the enclave's numbers, of which the
/// host only hears when a message runs in one. A scope's number is larger than its parent's; so a smaller number says
/// that the larger ones are done and belong to it, and reverting a scope discards it and all opened after it.
///
/// For one thread at a time.
package final class ScopedOverlay: StateReader {
    private struct Layer {
        /// `nil` for the base layer.
        var scope: UInt32?
        /// By store.
        var writes: [String: OrderedWrites] = [:]
    }

    private let base: any StateReader
    private var layers = [Layer(scope: nil)]

    package init(_ base: any StateReader) { self.base = base }

    // MARK: - Reading and writing

    package func get(_ store: String, _ key: [UInt8]) throws -> [UInt8]? {
        for layer in layers.reversed() {
            if let value = layer.writes[store]?.values[key] { return value }
        }
        return try base.get(store, key)
    }

    package func set(_ store: String, _ key: [UInt8], _ value: [UInt8]) { write(store, key, value) }

    package func remove(_ store: String, _ key: [UInt8]) { write(store, key, nil) }

    /// `nil` removes.
    package func write(_ store: String, _ key: [UInt8], _ value: [UInt8]?) {
        layers[layers.count - 1].writes[store, default: OrderedWrites()].set(value, for: key)
    }

    package func iterate(
        _ store: String, prefix: [UInt8], after: [UInt8]? = nil, limit: Int, reverse: Bool = false
    ) throws -> [StateEntry] {
        let written = MergedKeys(
            layers.indices.flatMap {
                layers[$0].writes[store]?.keys(prefix: prefix, after: after, reverse: reverse) ?? []
            }, reverse: reverse)
        return try StateEntry.entries(
            written: written, value: { self.written(store, $0) }, after: after, limit: limit, reverse: reverse
        ) { after, limit in
            try base.iterate(store, prefix: prefix, after: after, limit: limit, reverse: reverse)
        }
    }

    /// Of a key that is written, what the last write was.
    private func written(_ store: String, _ key: [UInt8]) -> [UInt8]? {
        for layer in layers.reversed() {
            if let value = layer.writes[store]?.values[key] { return value }
        }
        return nil
    }

    // MARK: - Scopes

    /// Makes what follows part of `scope`. Scopes with larger numbers are merged into it.
    package func open(_ scope: UInt32) {
        while let top = layers.last?.scope, top > scope {
            // Into the layer below only if that is this scope or lies within it; else they become this scope, which
            // wrote nothing itself so far. Reverting it must discard them.
            if let below = layers[layers.count - 2].scope, below >= scope {
                mergeTop()
            } else {
                layers[layers.count - 1].scope = scope
            }
        }
        if layers.last?.scope != scope { layers.append(Layer(scope: scope)) }
    }

    /// Merges all scopes into the base layer: the transaction succeeded.
    package func merge() {
        while layers.count > 1 { mergeTop() }
    }

    /// Discards `scope` and every scope opened after it. 0 discards the transaction.
    package func revert(to scope: UInt32) {
        while let top = layers.last?.scope, top >= scope { layers.removeLast() }
    }

    /// All writes, of open scopes too, by store and key.
    package func finish() -> StateDatabase.Writes {
        merge()
        return layers[0].writes.mapValues(\.values)
    }

    private func mergeTop() {
        let top = layers.removeLast()
        for (store, writes) in top.writes {
            layers[layers.count - 1].writes[store, default: OrderedWrites()].merge(writes)
        }
    }
}

extension StateEntry {
    /// Up to `limit` entries behind `after` of a state with `written` keys on top, all of them behind `after`, of which
    /// `value` says the value, `nil` for one that is removed, and which `below` reads without them.
    package static func entries(
        written: MergedKeys, value: (_ key: [UInt8]) -> [UInt8]?, after: [UInt8]?, limit: Int, reverse: Bool,
        below: (_ after: [UInt8]?, _ limit: Int) throws -> [StateEntry]
    ) throws -> [StateEntry] {
        guard !written.isEmpty else { return try below(after, limit) }
        var written = written
        var entries = [StateEntry]()
        func take(_ key: [UInt8]) {
            if let value = value(key) { entries.append(StateEntry(key: key, value: value)) }
        }
        var last = after
        while entries.count < limit {
            // A page of the base; what is hidden or replaced by a write may make another necessary.
            let page = limit == .max ? limit : max(limit - entries.count, 16)
            let read = try below(last, page)
            for entry in read where entries.count < limit {
                var isWritten = false
                while entries.count < limit, let key = written.next(upTo: entry.key) {
                    take(key)
                    isWritten = key == entry.key
                }
                if entries.count < limit, !isWritten { entries.append(entry) }
            }
            guard read.count == page, let end = read.last else { break }
            last = end.key
        }
        while entries.count < limit, let key = written.next() { take(key) }
        return entries
    }
}
