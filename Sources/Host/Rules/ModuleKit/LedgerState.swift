/// A value of the state with its key.
package struct LedgerEntry: Equatable, Sendable {
    package var key: [UInt8]
    package var value: [UInt8]

    package init(key: [UInt8], value: [UInt8]) { (self.key, self.value) = (key, value) }
}

/// Values by store and key.
package protocol LedgerReading {
    func value(of key: [UInt8], in store: String) throws -> [UInt8]?

    /// Up to `limit` entries whose keys begin with `prefix`, in the order of the keys or backwards; only those behind
    /// `after`, a whole key, in that direction.
    func entries(
        in store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) throws -> [LedgerEntry]
}

/// Where modules read and write.
package protocol LedgerState: AnyObject, LedgerReading {
    /// `nil` removes.
    func set(_ value: [UInt8]?, of key: [UInt8], in store: String) throws
}

/// A state that nobody writes any more.
package typealias CommittedState = LedgerReading & Sendable

extension LedgerReading {
    /// Calls `visit` with every entry whose key begins with `prefix`, in the order of the keys.
    package func visit(_ store: String, prefix: [UInt8] = [], _ visit: (LedgerEntry) throws -> Void) throws {
        let step = 256
        var last: [UInt8]?
        while true {
            let batch = try entries(in: store, prefix: prefix, after: last, limit: step, reverse: false)
            for entry in batch { try visit(entry) }
            guard batch.count == step else { return }
            last = batch.last?.key
        }
    }
}

/// A value that no module writes stands in the state: the node cannot go on.
package struct CorruptState: Error, Equatable {
    package var store: String
    package var key: [UInt8]

    package init(store: String, key: [UInt8]) { (self.store, self.key) = (store, key) }
}
