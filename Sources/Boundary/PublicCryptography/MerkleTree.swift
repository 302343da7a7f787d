/// The Merkle tree of CometBFT (`crypto/merkle`), which has the shape of RFC 6962, section 2.1: the left subtree holds
/// the largest power of two of leaves that is smaller than their number.
package enum MerkleTree {
    /// SHA-256 of no leaves.
    package static let emptyRoot = SHA256.hash([])

    package static func leafHash(_ leaf: [UInt8]) -> Hash32 {
        SHA256.hash([0] + leaf)
    }

    package static func innerHash(_ left: Hash32, _ right: Hash32) -> Hash32 {
        SHA256.hash(prefix: 1, left, right)
    }

    package static func root(of leaves: [[UInt8]]) -> Hash32 {
        root(ofLeafHashes: leaves.map(leafHash))
    }

    /// The same from the leaves' hashes.
    package static func root(ofLeafHashes hashes: [Hash32]) -> Hash32 {
        root(ofHashes: hashes[...])
    }

    private static func root(ofHashes hashes: ArraySlice<Hash32>) -> Hash32 {
        switch hashes.count {
        case 0: return emptyRoot
        case 1: return hashes[hashes.startIndex]
        default:
            let middle = hashes.startIndex + splitPoint(hashes.count)
            return innerHash(root(ofHashes: hashes[..<middle]), root(ofHashes: hashes[middle...]))
        }
    }

    /// The largest power of two below `count`, which must be at least 2.
    package static func splitPoint(_ count: Int) -> Int {
        var size = 1
        while size * 2 < count { size *= 2 }
        return size
    }
}
