import KeyValueDatabase
import PublicCryptography
import StateProofs

/// What modules read: a snapshot, or an overlay on one.
package protocol StateReader: AnyObject {
    func get(_ store: String, _ key: [UInt8]) throws -> [UInt8]?

    /// Up to `limit` entries whose keys begin with `prefix`, in the order of the keys or backwards, behind `after`.
    func iterate(
        _ store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) throws -> [StateEntry]
}

package struct StateEntry: Equatable, Sendable {
    package var key: [UInt8]
    package var value: [UInt8]

    package init(key: [UInt8], value: [UInt8]) { (self.key, self.value) = (key, value) }
}

extension StateReader {
    package func iterate(_ store: String, prefix: [UInt8]) throws -> [StateEntry] {
        try iterate(store, prefix: prefix, after: nil, limit: .max, reverse: false)
    }
}

/// The state after one block. It stays readable while later blocks are committed and earlier ones pruned, for as long
/// as this object lives, by any number of threads.
package final class StateSnapshot: StateReader, Sendable {
    package let height: UInt64
    package let commitment: StoreCommitment

    let database: StateDatabase
    let roots: [StateDatabase.StoreRoot]

    init(_ database: StateDatabase, height: UInt64, roots: [StateDatabase.StoreRoot]) {
        self.database = database
        self.height = height
        self.roots = roots
        commitment = StateDatabase.commitment(roots)
    }

    deinit { database.release(height) }

    package var applicationHash: Hash32 { commitment.applicationHash }

    package func get(_ store: String, _ key: [UInt8]) throws -> [UInt8]? {
        try database.environment.read { try value(store, key, $0) }
    }

    func value(_ store: String, _ key: [UInt8], _ reader: LMDBReader) throws -> [UInt8]? {
        try version(store, key, reader).flatMap(StateSnapshot.value)
    }

    func valueByteCount(_ store: String, _ key: [UInt8], _ reader: LMDBReader) throws -> Int? {
        try version(store, key, reader).flatMap { $0.first == 1 ? $0.count - 1 : nil }
    }

    private func version(_ store: String, _ key: [UInt8], _ reader: LMDBReader) throws -> MappedBytes? {
        let name = ValueKey(store: store, key: key)
        guard let entry = try reader.cursor(Table.values).seek(name.at(height)), entry.key.starts(with: name.bytes)
        else {
            return nil
        }
        return entry.value
    }

    /// `nil` for the mark of a removal.
    private static func value(_ bytes: MappedBytes) -> [UInt8]? {
        bytes.first == 1 ? Array(bytes[1...]) : nil
    }

    // MARK: - Iteration

    package func iterate(
        _ store: String, prefix: [UInt8], after: [UInt8]? = nil, limit: Int, reverse: Bool = false
    ) throws -> [StateEntry] {
        guard limit > 0 else { return [] }
        return try database.environment.read { reader in
            let cursor = try reader.cursor(Table.values)
            let start = ValueKey.start(store: store, prefix: prefix)
            return reverse
                ? try backwards(cursor, store, start, before: after, limit)
                : try forwards(cursor, store, start, after: after, limit)
        }
    }

    private func forwards(
        _ cursor: LMDBCursor, _ store: String, _ start: [UInt8], after: [UInt8]?, _ limit: Int
    ) throws -> [StateEntry] {
        var entries = [StateEntry]()
        let behind = after.map { ValueKey(store: store, key: $0).end }
        var entry = try cursor.seek(behind.map { start.lexicographicallyPrecedes($0) ? $0 : start } ?? start)
        while entries.count < limit, let found = entry, found.key.starts(with: start) {
            let name = Array(found.key.dropLast(ValueKey.heightByteCount))
            // The newest version comes first; those after this height are passed over.
            entry = try cursor.seek(ValueKey.at(height, name))
            if let version = entry, version.key.starts(with: name) {
                if let value = StateSnapshot.value(version.value) {
                    entries.append(StateEntry(key: ValueKey.split(name).key, value: value))
                }
                entry = try cursor.seek(Array(name.dropLast()) + [1])
            }
        }
        return entries
    }

    private func backwards(
        _ cursor: LMDBCursor, _ store: String, _ start: [UInt8], before: [UInt8]?, _ limit: Int
    ) throws -> [StateEntry] {
        var entries = [StateEntry]()
        let end = ValueKey.successor(of: start)
        let bound = before.map { ValueKey(store: store, key: $0).bytes }
        var entry = try StateSnapshot.last(
            before: bound.map { $0.lexicographicallyPrecedes(end) ? $0 : end } ?? end, cursor)
        while entries.count < limit, let found = entry, found.key.starts(with: start) {
            let name = Array(found.key.dropLast(ValueKey.heightByteCount))
            if let version = try cursor.seek(ValueKey.at(height, name)), version.key.starts(with: name),
                let value = StateSnapshot.value(version.value)
            {
                entries.append(StateEntry(key: ValueKey.split(name).key, value: value))
            }
            entry = try StateSnapshot.last(before: name, cursor)
        }
        return entries
    }

    private static func last(before key: [UInt8], _ cursor: LMDBCursor) throws -> LMDBCursor.Entry? {
        try cursor.seek(key) == nil ? try cursor.last() : try cursor.previous()
    }
}
