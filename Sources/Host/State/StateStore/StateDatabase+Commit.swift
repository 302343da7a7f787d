import KeyValueDatabase
import PublicCryptography
import StateProofs
import Synchronization
import Wire

/// A block's writes with the roots they lead to; nothing is persistent yet.
package struct PreparedCommit: Sendable {
    package let height: UInt64
    package let commitment: StoreCommitment
    package var applicationHash: Hash32 { commitment.applicationHash }
    package var storeRoots: [StoreCommitment.Store] { commitment.stores }

    struct Write: Sendable {
        var key: ValueKey
        var value: [UInt8]?
        /// Of a key that was not there: where to keep what its path is the hash of.
        var preimage: (table: [UInt8], key: [UInt8])?
    }

    fileprivate let base: UInt64?
    fileprivate let roots: [StateDatabase.StoreRoot]
    fileprivate let pages: [(key: [UInt8], page: [UInt8])]
    fileprivate let replacedPages: [[UInt8]]
    fileprivate let writes: [Write]
}

extension StateDatabase {
    /// The application hash after `writes` on the latest state. The first commit may have any height (the one before
    /// the chain's first block); every other has the next. `newStores` are there from this height on: a commit names
    /// those that are not there yet, the first one all of them.
    package func prepare(
        height: UInt64, writes: Writes, adding newStores: [String] = []
    ) throws -> PreparedCommit {
        let base = latestHeight
        if let base, height != base + 1 { throw StateDatabaseError.wrongHeight(expected: base + 1, given: height) }
        return try environment.read { reader in
            var roots = try base.map { try self.roots(at: $0, reader) } ?? []
            for name in newStores {
                guard StateDatabase.isStoreName(name), !roots.contains(where: { $0.name == name }) else {
                    throw StateDatabaseError.cannotAdd(store: name)
                }
                roots.append(StoreRoot(name: name, slot: .empty))
            }
            roots.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
            guard !roots.isEmpty else { throw StateDatabaseError.noStores }
            if let store = writes.keys.first(where: { name in !roots.contains { $0.name == name } }) {
                throw StateDatabaseError.unknownStore(store)
            }
            let change = try change(&roots, height: height, writes: writes, reader)
            return PreparedCommit(
                height: height, commitment: StateDatabase.commitment(roots), base: base, roots: roots,
                pages: change.pages, replacedPages: change.replacedPages, writes: change.writes)
        }
    }

    /// What writes come to, as the tables have it.
    struct Change {
        var pages: [(key: [UInt8], page: [UInt8])] = []
        var replacedPages: [[UInt8]] = []
        var writes: [PreparedCommit.Write] = []
    }

    /// The trees with these writes of `height`.
    func change(
        _ roots: inout [StoreRoot], height: UInt64, writes: Writes, _ reader: LMDBReader
    ) throws -> Change {
        var change = Change()
        for index in roots.indices {
            let store = roots[index].name
            guard let storeWrites = writes[store], !storeWrites.isEmpty else { continue }
            var byPath = [Hash32: (key: [UInt8], value: [UInt8]?)](minimumCapacity: storeWrites.count)
            var changes = [TreeUpdate.Change]()
            changes.reserveCapacity(storeWrites.count)
            for (key, value) in storeWrites {
                guard (1...StateKey.byteCountMax).contains(key.count) else {
                    throw StateDatabaseError.illegalKey(store: store)
                }
                let path = SparseMerkleTree.path(of: key)
                byPath[path] = (key, value)
                changes.append(TreeUpdate.Change(path: path, valueHash: value.map { SHA256.hash($0) }))
            }
            var update = TreeUpdate(store: store, height: height, changes: changes) { height, path, depth in
                try self.page(store: store, height: height, path: path, depth: depth, reader)
            }
            roots[index].slot = try update.apply(to: roots[index].slot)
            change.pages += update.written
            change.replacedPages += update.replaced
            for effect in update.changes where effect.effect != .none {
                let (key, value) = byPath[effect.path]!
                change.writes.append(
                    PreparedCommit.Write(
                        key: ValueKey(store: store, key: key), value: value,
                        preimage: effect.effect == .inserted
                            ? (PreimageKey.bytes(store: store, path: effect.path), key) : nil))
            }
        }
        change.pages.sort { $0.key.lexicographicallyPrecedes($1.key) }
        change.writes.sort { $0.key.bytes.lexicographicallyPrecedes($1.key.bytes) }
        return change
    }

    /// Makes a prepared block, `meta` and `blobs` persistent, all or nothing.
    package func commit(_ prepared: PreparedCommit, meta: Metadata = [:], blobs: [[UInt8]] = []) throws {
        try environment.write { writer in
            // Asked here, where no other commit can run.
            let latest = try writer.cursor(Table.heights).last().flatMap { StateKey.number(decoding: $0.key) }
            guard latest == prepared.base else { throw StateDatabaseError.stale }
            for page in prepared.pages { try writer.put(Table.pages, page.key, page.page, .append) }
            var stale = prepared.replacedPages.map { StaleKey.bytes(from: prepared.height, .page, $0) }
            let cursor = try writer.cursor(Table.values)
            for write in prepared.writes {
                if let (table, key) = write.preimage { try writer.put(Table.preimages, table, key, .unlessPresent) }
                let place = write.key.at(prepared.height)
                if let older = try cursor.seek(place), older.key.starts(with: write.key.bytes) {
                    stale.append(StaleKey.bytes(from: prepared.height, .value, Array(older.key)))
                }
                try writer.put(Table.values, place, write.value.map { [1] + $0 } ?? [0])
                if write.value == nil { stale.append(StaleKey.bytes(from: prepared.height, .removal, place)) }
            }
            stale.sort { $0.lexicographicallyPrecedes($1) }
            for key in stale { try writer.put(Table.stale, key, [], .append) }
            for blob in blobs { try writer.put(Table.blobs, SHA256.hash(blob).bytes, blob, .unlessPresent) }
            try StateDatabase.write(meta, writer)
            try writer.put(
                Table.heights, StateKey.number(prepared.height), StateDatabase.encode(prepared.roots), .append)
        }
        heights.withLock { heights in
            heights.latest = prepared.height
            if heights.oldest == nil { heights.oldest = prepared.height }
        }
    }
}
