import Ledger

/// Values by store and key.
package protocol StateReading {
    func value(of key: [UInt8], in store: String) throws -> [UInt8]?
}

/// Where modules read and write.
package protocol LedgerState: AnyObject, StateReading {
    /// `nil` removes.
    func set(_ value: [UInt8]?, of key: [UInt8], in store: String) throws
}

extension StateSnapshot: StateReading {
    package func value(of key: [UInt8], in store: String) throws -> [UInt8]? { try get(store, key) }
}

extension ScopedOverlay: LedgerState {
    package func value(of key: [UInt8], in store: String) throws -> [UInt8]? { try get(store, key) }
    package func set(_ value: [UInt8]?, of key: [UInt8], in store: String) { write(store, key, value) }
}
