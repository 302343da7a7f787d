import PublicCryptography
import StateProofs
import Wire

/// A proof in the format of ICS 23 (`cosmos.ics23.v1`), which other chains' light clients read: at the APIs only.
/// Across the trust boundary goes `MultiProof`.
package enum CommitmentProof: Equatable, Sendable {
    case existence(Existence)
    case absence(Absence)

    /// How a leaf is hashed; both of our trees hash inner nodes alike, as `01 || left || right`.
    package enum Specification: Sendable {
        /// ICS 23's `SmtSpec`: key and value are hashed first, no lengths.
        case sparse
        /// ICS 23's `TendermintSpec`: the value is hashed first, key and value hash carry their lengths.
        case tendermint
    }

    /// One level of the way from a leaf to the root.
    package struct Step: Equatable, Sendable {
        package var sibling: Hash32
        package var siblingIsLeft: Bool

        package init(sibling: Hash32, siblingIsLeft: Bool) {
            (self.sibling, self.siblingIsLeft) = (sibling, siblingIsLeft)
        }
    }

    package struct Existence: Equatable, Sendable {
        package var key: [UInt8]
        package var value: [UInt8]
        /// From the leaf up.
        package var path: [Step]

        package init(key: [UInt8], value: [UInt8], path: [Step]) {
            (self.key, self.value, self.path) = (key, value, path)
        }
    }

    /// The two leaves between which the key would stand; one is missing at either end of the tree.
    package struct Absence: Equatable, Sendable {
        /// For information: other implementations put the key or its hash here and compare neither.
        package var key: [UInt8]
        package var left: Existence?
        package var right: Existence?

        package init(key: [UInt8], left: Existence?, right: Existence?) {
            (self.key, self.left, self.right) = (key, left, right)
        }
    }

    /// Whether the tree with `root` has `value` under `key`.
    package func proves(_ value: [UInt8], under key: [UInt8], root: Hash32, _ specification: Specification) -> Bool {
        guard case .existence(let proof) = self else { return false }
        return proof.key == key && proof.value == value && proof.root(specification) == root
    }

    /// Whether the tree with `root` has no value under `key`. Only sparse trees are sorted by what is compared here.
    package func provesAbsence(of key: [UInt8], root: Hash32) -> Bool {
        guard case .absence(let proof) = self else { return false }
        let path = SparseMerkleTree.path(of: key)
        if let left = proof.left {
            guard left.root(.sparse) == root, SparseMerkleTree.path(of: left.key) < path else { return false }
        }
        if let right = proof.right {
            guard right.root(.sparse) == root, path < SparseMerkleTree.path(of: right.key) else { return false }
        }
        switch (proof.left, proof.right) {
        case (nil, nil): return false
        case (let left?, nil): return left.path.allSatisfy(CommitmentProof.hasNothingOnTheRight)
        case (nil, let right?): return right.path.allSatisfy(CommitmentProof.hasNothingOnTheLeft)
        case (let left?, let right?): return CommitmentProof.areNeighbours(left.path[...], right.path[...])
        }
    }

    private static func hasNothingOnTheLeft(_ step: Step) -> Bool {
        !step.siblingIsLeft || step.sibling == SparseMerkleTree.emptyRoot
    }

    private static func hasNothingOnTheRight(_ step: Step) -> Bool {
        step.siblingIsLeft || step.sibling == SparseMerkleTree.emptyRoot
    }

    /// Whether no leaf stands between two: below their last common node one is the last on the left side, the other
    /// the first on the right side.
    private static func areNeighbours(_ left: ArraySlice<Step>, _ right: ArraySlice<Step>) -> Bool {
        var (left, right) = (left, right)
        while let one = left.last, let other = right.last, one == other {
            left.removeLast()
            right.removeLast()
        }
        guard let one = left.popLast(), let other = right.popLast() else { return false }
        return !one.siblingIsLeft && other.siblingIsLeft
            && left.allSatisfy(hasNothingOnTheRight) && right.allSatisfy(hasNothingOnTheLeft)
    }
}

extension CommitmentProof.Existence {
    /// The root that this proof leads to, or `nil` if it is longer than any tree is deep or lacks a key or a value.
    package func root(_ specification: CommitmentProof.Specification) -> Hash32? {
        guard !key.isEmpty, !value.isEmpty, path.count <= SparseMerkleTree.depthMax else { return nil }
        var hash: Hash32
        switch specification {
        case .sparse:
            hash = SparseMerkleTree.leafHash(path: SHA256.hash(key), valueHash: SHA256.hash(value))
        case .tendermint:
            let leaf = ProtobufWriter.encode { writer in
                writer.varint(UInt64(key.count))
                writer.raw(key)
                writer.varint(UInt64(Hash32.byteCount))
                writer.raw(SHA256.hash(value).bytes)
            }
            hash = MerkleTree.leafHash(leaf)
        }
        for step in path {
            hash =
                step.siblingIsLeft
                ? SparseMerkleTree.innerHash(step.sibling, hash) : SparseMerkleTree.innerHash(hash, step.sibling)
        }
        return hash
    }
}
