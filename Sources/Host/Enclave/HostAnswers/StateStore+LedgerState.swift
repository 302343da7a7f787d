import LedgerModules
import StateStore

extension StateSnapshot: LedgerReading {
    package func value(of key: [UInt8], in store: String) throws -> [UInt8]? { try get(store, key) }
}

extension ScopedOverlay: LedgerState {
    package func value(of key: [UInt8], in store: String) throws -> [UInt8]? { try get(store, key) }
    package func set(_ value: [UInt8]?, of key: [UInt8], in store: String) { write(store, key, value) }
}
