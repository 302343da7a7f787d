/// Values by store and key.
package protocol LedgerReading {
    func value(of key: [UInt8], in store: String) throws -> [UInt8]?
}

/// Where modules read and write.
package protocol LedgerState: AnyObject, LedgerReading {
    /// `nil` removes.
    func set(_ value: [UInt8]?, of key: [UInt8], in store: String) throws
}
