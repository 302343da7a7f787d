import KeyValueDatabase
import PublicCryptography
import StateProofs
import Synchronization
import Wire

extension StateDatabase {
    /// What one write transaction of pruning removes at most, so that commits do not wait for long.
    static let pruningStep = 4096

    /// Forgets the heights up to and including `height`. The latest height stays, and so do those of living snapshots
    /// and all after them.
    ///
    /// - Returns: the first height that is still kept.
    @discardableResult
    package func prune(upTo height: UInt64) throws -> UInt64? {
        let kept = heights.withLock { heights -> UInt64? in
            guard let oldest = heights.oldest, let latest = heights.latest, height >= oldest else {
                return heights.oldest
            }
            // From now on nobody can begin to read what is about to go.
            heights.oldest = min(height == .max ? .max : height + 1, latest, heights.held.keys.min() ?? .max)
            return heights.oldest
        }
        guard let kept else { return nil }
        while try pruneStep(before: kept) {}
        return kept
    }

    /// Removes what only heights before `kept` need; whether there may be more of it.
    private func pruneStep(before kept: UInt64) throws -> Bool {
        try environment.write { writer in
            var left = StateDatabase.pruningStep
            let records = try writer.cursor(Table.heights)
            while left > 0, let entry = try records.first(), let height = StateKey.number(decoding: entry.key),
                height < kept
            {
                try records.remove()
                left -= 1
            }
            let stale = try writer.cursor(Table.stale)
            while left > 0, let entry = try stale.first() {
                guard let (from, kind, key) = StaleKey.split(entry.key) else {
                    throw StateDatabaseError.damaged("stale")
                }
                guard from <= kept else { break }
                try stale.remove()
                switch kind {
                case .page: try writer.remove(Table.pages, key)
                case .value: try writer.remove(Table.values, key)
                case .removal: try forget(key, writer)
                }
                left -= 1
            }
            return left == 0
        }
    }

    /// Removes the mark of a removal, and the name behind the path if that was the last of the key.
    private func forget(_ versionedKey: [UInt8], _ writer: LMDBWriter) throws {
        try writer.remove(Table.values, versionedKey)
        let key = Array(versionedKey.dropLast(ValueKey.heightByteCount))
        let cursor = try writer.cursor(Table.values)
        if let entry = try cursor.seek(key), entry.key.starts(with: key) { return }
        let (store, name) = ValueKey.split(key)
        try writer.remove(Table.preimages, PreimageKey.bytes(store: store, path: SparseMerkleTree.path(of: name)))
    }
}
