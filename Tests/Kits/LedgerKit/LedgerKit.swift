/// The ledger for tests of its rules: a state in memory, and events as a reader compares them.
///
/// It proves and keeps nothing; what needs roots, heights or a disk uses the host's own store.
import ModuleKit

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

    package func entries(
        in store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) -> [LedgerEntry] {
        func precedes(_ one: [UInt8], _ other: [UInt8]) -> Bool {
            reverse ? other.lexicographicallyPrecedes(one) : one.lexicographicallyPrecedes(other)
        }
        return values.filter { name, _ in
            name.store == store && name.key.starts(with: prefix) && after.map { precedes($0, name.key) } ?? true
        }
        .sorted { precedes($0.key.key, $1.key.key) }.prefix(limit)
        .map { LedgerEntry(key: $0.key.key, value: $0.value) }
    }
}
