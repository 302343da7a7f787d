import PublicCryptography
import StateProofs

extension StoreCommitment {
    /// The proof that the store's root is under the application hash, for light clients of other chains.
    package func proof(of name: String) -> CommitmentProof.Existence? {
        guard let index = stores.firstIndex(where: { $0.name == name }) else { return nil }
        var steps = [CommitmentProof.Step]()
        var leaves = stores.map(\.leaf)[...]
        // From the top down; the proof wants the steps from the leaf up.
        while leaves.count > 1 {
            let middle = leaves.startIndex + MerkleTree.splitPoint(leaves.count)
            let isLeft = index < middle
            let (kept, sibling) =
                isLeft ? (leaves[..<middle], leaves[middle...]) : (leaves[middle...], leaves[..<middle])
            steps.append(.init(sibling: MerkleTree.root(of: Array(sibling)), siblingIsLeft: !isLeft))
            leaves = kept
        }
        return CommitmentProof.Existence(
            key: Array(name.utf8), value: stores[index].root.bytes, path: steps.reversed())
    }
}
