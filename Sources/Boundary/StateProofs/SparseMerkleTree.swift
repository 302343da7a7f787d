import PublicCryptography

/// The tree that commits to one store: a binary sparse Merkle tree over SHA-256 of the keys.
///
/// Leaves and inner nodes are those of ICS 23's `SmtSpec`. An empty subtree is 32 zero bytes and a subtree with one
/// leaf is that leaf, so the root depends on the set of keys and values alone, not on the order of writes. Bit 0 of a
/// path is the most significant bit of its first byte and goes left when clear.
package enum SparseMerkleTree {
    package static let emptyRoot = Hash32.zero
    package static let depthMax = 256

    package static func path(of key: [UInt8]) -> Hash32 {
        SHA256.hash(key)
    }

    package static func leafHash(path: Hash32, valueHash: Hash32) -> Hash32 {
        SHA256.hash(prefix: 0, path, valueHash)
    }

    package static func innerHash(_ left: Hash32, _ right: Hash32) -> Hash32 {
        SHA256.hash(prefix: 1, left, right)
    }
}
