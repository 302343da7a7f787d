import PublicCryptography
import Wire

/// The stores that the enclave reads. A chain may have others, which their modules name.
package enum StoreName {
    package static let account = "acc"
    package static let bank = "bank"
    package static let compute = "compute"
    package static let cron = "cron"
    package static let feegrant = "feegrant"
    package static let register = "register"
}

/// The roots of all stores at one height, under the `app_hash` of the next header.
///
/// The application hash is the root of CometBFT's Merkle tree over one leaf a store, with the leaf of ICS 23's
/// `TendermintSpec`: `length(name) || name || 32 || SHA-256(root)`.
package struct StoreCommitment: Equatable, Sendable {
    package struct Store: Equatable, Sendable {
        package var name: String
        package var root: Hash32

        package init(name: String, root: Hash32) {
            (self.name, self.root) = (name, root)
        }

        /// What the tree holds of a store.
        package var leaf: [UInt8] {
            ProtobufWriter.encode { writer in
                writer.varint(UInt64(name.utf8.count))
                writer.raw(Array(name.utf8))
                writer.varint(UInt64(Hash32.byteCount))
                writer.raw(SHA256.hash(root.bytes).bytes)
            }
        }
    }

    package let stores: [Store]

    /// `nil` unless the names are ascending by their bytes, distinct, and not empty: the order is part of the hash, and
    /// two stores of one name would let either answer for it.
    package init?(_ stores: [Store]) {
        guard let first = stores.first, !first.name.isEmpty else { return nil }
        for (one, next) in zip(stores, stores.dropFirst()) {
            guard one.name.utf8.lexicographicallyPrecedes(next.name.utf8) else { return nil }
        }
        self.stores = stores
    }

    package init?(_ stores: [(name: String, root: Hash32)]) {
        self.init(stores.map { Store(name: $0.name, root: $0.root) })
    }

    package func root(of name: String) -> Hash32? {
        stores.first { $0.name == name }?.root
    }

    package var applicationHash: Hash32 {
        MerkleTree.root(of: stores.map(\.leaf))
    }
}
