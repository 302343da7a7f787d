import KeyValueDatabase
import PublicCryptography
import StateProofs
import Synchronization
import Wire

/// A first state that comes in batches, each of which is on disk before the next one is looked at: memory is bounded by
/// the largest. Nothing of it can be read before `finish`; what is left of one that came to no end is forgotten when
/// the next begins.
package final class StateRestoration {
    private let database: StateDatabase
    private let height: UInt64
    private var roots: [StateDatabase.StoreRoot]

    /// Forgets what there is. Nobody may be reading it.
    package init(of database: StateDatabase, height: UInt64, stores: [String]) throws {
        guard !stores.isEmpty else { throw StateDatabaseError.noStores }
        if let wrong = stores.first(where: { !StateDatabase.isStoreName($0) }) {
            throw StateDatabaseError.cannotAdd(store: wrong)
        }
        (self.database, self.height) = (database, height)
        roots = stores.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { StateDatabase.StoreRoot(name: $0, slot: .empty) }
        try database.removeAll()
    }

    package var applicationHash: Hash32 { StateDatabase.commitment(roots).applicationHash }

    package func add(_ writes: StateDatabase.Writes) throws {
        if let store = writes.keys.first(where: { name in !roots.contains { $0.name == name } }) {
            throw StateDatabaseError.unknownStore(store)
        }
        var next = roots
        let change = try database.environment.read {
            try database.change(&next, height: height, writes: writes, $0)
        }
        try database.environment.write { writer in
            // A page that a later batch changes stands in the place of the one before: both are of this height.
            let written = Set(change.pages.map(\.key))
            for key in change.replacedPages where !written.contains(key) { try writer.remove(Table.pages, key) }
            for page in change.pages { try writer.put(Table.pages, page.key, page.page) }
            for write in change.writes {
                if let (table, key) = write.preimage { try writer.put(Table.preimages, table, key, .unlessPresent) }
                try writer.put(Table.values, write.key.at(height), write.value.map { [1] + $0 } ?? [0])
            }
        }
        roots = next
    }

    package func add(blobs: [[UInt8]]) throws {
        for blob in blobs { try database.putBlob(blob) }
    }

    /// From now on it is the state of the height, with `meta`.
    package func finish(meta: StateDatabase.Metadata) throws {
        try database.environment.write { writer in
            try StateDatabase.write(meta, writer)
            try writer.put(Table.heights, StateKey.number(height), StateDatabase.encode(roots), .append)
        }
        database.heights.withLock { ($0.oldest, $0.latest) = (height, height) }
    }
}
