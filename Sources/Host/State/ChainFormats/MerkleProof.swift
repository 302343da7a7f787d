import PublicCryptography
import Wire

/// Shows that a leaf stands at `index` among `total` leaves of a `MerkleTree` with a given root.
package struct MerkleProof: Hashable, Sendable {
    package static let auntCountMax = 100
    /// More leaves than any tree of ours; keeps the walk down from overflowing.
    package static let totalMax: Int64 = 1 << 32

    package var total: Int64
    package var index: Int64
    package var leafHash: Hash32
    /// The sibling hashes from the leaf upwards.
    package var aunts: [Hash32]

    package init(total: Int64, index: Int64, leafHash: Hash32, aunts: [Hash32]) {
        (self.total, self.index, self.leafHash, self.aunts) = (total, index, leafHash, aunts)
    }

    /// Whether `leaf` stands where this proof says, in the tree with `root`.
    ///
    /// The sender chose every field. Index and total fix the path, so a proof with an aunt too many or too few fails.
    package func proves(_ leaf: [UInt8], root: Hash32) -> Bool {
        MerkleTree.leafHash(leaf) == leafHash && computedRoot() == root
    }

    private func computedRoot() -> Hash32? {
        guard index >= 0, index < total, total <= MerkleProof.totalMax else { return nil }
        // Walk down to the leaf first: which side it is on at each level, from the root.
        var sides: [Bool] = []
        var (index, total) = (index, total)
        while total > 1 {
            let left = Int64(MerkleTree.splitPoint(Int(total)))
            let isLeft = index < left
            sides.append(isLeft)
            (index, total) = isLeft ? (index, left) : (index - left, total - left)
        }
        guard sides.count == aunts.count else { return nil }
        var hash = leafHash
        for (isLeft, aunt) in zip(sides.reversed(), aunts) {
            hash = isLeft ? MerkleTree.innerHash(hash, aunt) : MerkleTree.innerHash(aunt, hash)
        }
        return hash
    }
}

extension MerkleTree {
    /// The root with a proof for each leaf.
    package static func proofs(of leaves: [[UInt8]]) -> (root: Hash32, proofs: [MerkleProof]) {
        let hashes = leaves.map(leafHash)
        var aunts = [[Hash32]](repeating: [], count: hashes.count)
        let root = collectAunts(of: hashes[...], into: &aunts)
        let proofs = hashes.indices.map { index in
            MerkleProof(total: Int64(hashes.count), index: Int64(index), leafHash: hashes[index], aunts: aunts[index])
        }
        return (root, proofs)
    }

    private static func collectAunts(of hashes: ArraySlice<Hash32>, into aunts: inout [[Hash32]]) -> Hash32 {
        if hashes.isEmpty { return emptyRoot }
        if hashes.count == 1 { return hashes[hashes.startIndex] }
        let middle = hashes.startIndex + splitPoint(hashes.count)
        let left = collectAunts(of: hashes[..<middle], into: &aunts)
        let right = collectAunts(of: hashes[middle...], into: &aunts)
        for index in hashes.startIndex..<middle { aunts[index].append(right) }
        for index in middle..<hashes.endIndex { aunts[index].append(left) }
        return innerHash(left, right)
    }
}

extension MerkleProof: CanonicalMessage {
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var (total, index): (Int64, Int64) = (0, 0)
        var leafHash: Hash32?
        var aunts: [Hash32] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: total = try field.nonNegativeInt64()
            case 2: index = try field.nonNegativeInt64()
            case 3: leafHash = try field.hash()
            case 4:
                guard aunts.count < MerkleProof.auntCountMax else { throw .tooMany(field: 4) }
                aunts.append(try field.hash())
            default: throw .notCanonical
            }
        }
        guard let leafHash else { throw .missing(field: 3) }
        self.init(total: total, index: index, leafHash: leafHash, aunts: aunts)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.int64(1, total)
        writer.int64(2, index)
        writer.hash(3, leafHash)
        for aunt in aunts { writer.hash(4, aunt) }
    }
}
