import ChainFormats
import KeyValueDatabase
import PublicCryptography
import StateProofs

/// Values of keys of one store, `nil` where absent, with one proof over all of them: what the enclave asks for.
package struct ProvedValues: Equatable, Sendable {
    package var store: String
    package var keys: [[UInt8]]
    package var values: [[UInt8]?]
    package var proof: [UInt8]
}

/// A value or its absence, proved up to the application hash: what light clients ask for.
package struct ProvedValue: Equatable, Sendable {
    package var value: [UInt8]?
    /// From the value to the store's root, under `SmtSpec`. `nil` for an absent key in a store without any: ICS 23 has
    /// no proof for it.
    package var inStore: CommitmentProof?
    /// From the store's root to the application hash, under `TendermintSpec`.
    package var ofStore: CommitmentProof
}

extension StateSnapshot {
    /// The values of distinct keys (at least one), in the order asked for, with their proof.
    package func multiproof(_ store: String, _ keys: [[UInt8]]) throws -> ProvedValues {
        precondition(!keys.isEmpty)
        return try database.environment.read { reader in
            let values = try keys.map { try value(store, $0, reader) }
            let paths = keys.map { SparseMerkleTree.path(of: $0) }.sorted()
            return ProvedValues(
                store: store, keys: keys, values: values, proof: try tree(store, reader).multiproof(paths))
        }
    }

    /// The entries behind `path` in the order of paths, without a gap, and before them the one that lies there or
    /// before it: up to `countMax`, and up to `bytesMax` bytes, but one at least. `nil` for a store without entries.
    package func multiproof(
        _ store: String, after path: Hash32, countMax: Int, bytesMax: Int
    ) throws -> ProvedValues? {
        try database.environment.read { reader in
            let tree = try tree(store, reader)
            let isThere = try tree.leaf(at: path) != nil
            var paths = try (isThere ? path : tree.neighbour(of: path, on: .before)).map { [$0] } ?? []
            var entries = try paths.map { try entry(at: $0, in: store, reader) }
            var (last, count, bytes) = (path, 0, 0)
            while count < countMax, let next = try tree.neighbour(of: last, on: .after) {
                let entry = try entry(at: next, in: store, reader)
                bytes += entry.key.count + entry.value.count
                guard count == 0 || bytes <= bytesMax else { break }
                paths.append(next)
                entries.append(entry)
                (last, count) = (next, count + 1)
            }
            guard !paths.isEmpty else { return nil }
            return ProvedValues(
                store: store, keys: entries.map(\.key), values: entries.map { .some($0.value) },
                proof: try tree.multiproof(paths))
        }
    }

    package func prove(_ store: String, _ key: [UInt8]) throws -> ProvedValue {
        guard let ofStore = commitment.proof(of: store) else { throw StateDatabaseError.unknownStore(store) }
        return try database.environment.read { reader in
            let value = try value(store, key, reader)
            let tree = try tree(store, reader)
            let proof: CommitmentProof?
            if value != nil {
                proof = try existence(store, key, tree, reader).map { .existence($0) }
            } else {
                let path = SparseMerkleTree.path(of: key)
                let left = try neighbour(of: path, .before, store, tree, reader)
                let right = try neighbour(of: path, .after, store, tree, reader)
                proof = left == nil && right == nil ? nil : .absence(.init(key: key, left: left, right: right))
            }
            return ProvedValue(value: value, inStore: proof, ofStore: .existence(ofStore))
        }
    }

    private func tree(_ store: String, _ reader: LMDBReader) throws -> TreeReader {
        guard let root = roots.first(where: { $0.name == store }) else { throw StateDatabaseError.unknownStore(store) }
        return TreeReader(root: root.slot) { [database] height, path, depth in
            try database.page(store: store, height: height, path: path, depth: depth, reader)
        }
    }

    private func existence(
        _ store: String, _ key: [UInt8], _ tree: TreeReader, _ reader: LMDBReader
    ) throws -> CommitmentProof.Existence? {
        guard let value = try value(store, key, reader), let leaf = try tree.leaf(at: SparseMerkleTree.path(of: key))
        else {
            throw StateDatabaseError.damaged("\(store): tree and values differ")
        }
        return CommitmentProof.Existence(key: key, value: value, path: leaf.steps)
    }

    private func neighbour(
        of path: Hash32, _ side: TreeReader.Side, _ store: String, _ tree: TreeReader, _ reader: LMDBReader
    ) throws -> CommitmentProof.Existence? {
        guard let other = try tree.neighbour(of: path, on: side) else { return nil }
        guard let key = try reader.get(Table.preimages, PreimageKey.bytes(store: store, path: other)) else {
            throw StateDatabaseError.damaged("\(store): a leaf without its key")
        }
        return try existence(store, Array(key), tree, reader)
    }
}
