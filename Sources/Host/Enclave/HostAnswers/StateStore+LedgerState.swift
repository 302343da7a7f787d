import ModuleKit
import StateStore

extension StateSnapshot: LedgerReading {
    package func value(of key: [UInt8], in store: String) throws -> [UInt8]? { try get(store, key) }

    package func entries(
        in store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) throws -> [LedgerEntry] {
        try iterate(store, prefix: prefix, after: after, limit: limit, reverse: reverse).map(LedgerEntry.init)
    }
}

extension ScopedOverlay: LedgerState {
    package func value(of key: [UInt8], in store: String) throws -> [UInt8]? { try get(store, key) }
    package func set(_ value: [UInt8]?, of key: [UInt8], in store: String) { write(store, key, value) }

    package func entries(
        in store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) throws -> [LedgerEntry] {
        try iterate(store, prefix: prefix, after: after, limit: limit, reverse: reverse).map(LedgerEntry.init)
    }
}

extension LedgerEntry {
    fileprivate init(_ entry: StateEntry) { self.init(key: entry.key, value: entry.value) }
}
