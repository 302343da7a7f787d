/// The ledger for tests of its rules: a state in memory, and events as a reader compares them.
///
/// It proves and keeps nothing; what needs roots, heights or a disk uses the host's own store.
import LedgerModules

/// A ledger in memory.
package final class MemoryState: LedgerState {
    package struct Key: Hashable {
        package var store: String
        package var key: [UInt8]
    }

    package var values: [Key: [UInt8]] = [:]

    package init() {}

    package func value(of key: [UInt8], in store: String) -> [UInt8]? { values[Key(store: store, key: key)] }

    package func set(_ value: [UInt8]?, of key: [UInt8], in store: String) {
        values[Key(store: store, key: key)] = value
    }
}
