/// The state as its definition reads, for tests of whoever commits to it, proves it or believes proofs of it.
///
/// Everything is computed anew from the whole set of values, so it is slow, and right where the product's trees are
/// compared with it. It keeps no heights and no disk.
import ChainFormats
import PublicCryptography
import StateProofs

/// A sparse Merkle tree as the definition reads: every hash computed anew from the whole set.
package struct ReferenceTree {
    private var leaves: [Hash32: Hash32] = [:]

    package init(_ values: [[UInt8]: [UInt8]]) {
        for (key, value) in values { leaves[SHA256.hash(key)] = SHA256.hash(value) }
    }

    package var root: Hash32 { hash(leaves.keys.sorted(), depth: 0) }

    private func hash(_ paths: [Hash32], depth: Int) -> Hash32 {
        if paths.isEmpty { return Hash32(Array(repeating: 0, count: 32))! }
        if paths.count == 1 { return SHA256.hash([0] + paths[0].bytes + leaves[paths[0]]!.bytes) }
        let left = hash(paths.filter { !$0.bit(depth) }, depth: depth + 1)
        let right = hash(paths.filter { $0.bit(depth) }, depth: depth + 1)
        return SHA256.hash([1] + left.bytes + right.bytes)
    }

    package func proof(of keys: [[UInt8]]) -> [UInt8] {
        proof(keys.map { SHA256.hash($0) }.sorted(), leaves.keys.sorted(), depth: 0)
    }

    private func proof(_ queries: [Hash32], _ paths: [Hash32], depth: Int) -> [UInt8] {
        if queries.isEmpty { return hash(paths, depth: depth).bytes }
        if paths.isEmpty { return [0] }
        if paths.count == 1 { return [1] + paths[0].bytes + leaves[paths[0]]!.bytes }
        return [2]
            + proof(queries.filter { !$0.bit(depth) }, paths.filter { !$0.bit(depth) }, depth: depth + 1)
            + proof(queries.filter { $0.bit(depth) }, paths.filter { $0.bit(depth) }, depth: depth + 1)
    }

    /// The ICS 23 path of a leaf, from the leaf up.
    package func steps(to key: [UInt8]) -> [CommitmentProof.Step] {
        let path = SHA256.hash(key)
        var paths = leaves.keys.sorted()
        var steps = [CommitmentProof.Step]()
        var depth = 0
        while paths.count > 1 {
            let side = path.bit(depth)
            let sibling = hash(paths.filter { $0.bit(depth) != side }, depth: depth + 1)
            steps.append(.init(sibling: sibling, siblingIsLeft: side))
            paths = paths.filter { $0.bit(depth) == side }
            depth += 1
        }
        return steps.reversed()
    }
}

extension StoreName {
    /// Those that tests of one state have, ascending by their bytes.
    package static let all = [account, bank, compute, register]
}

/// Stores as dictionaries, with the application hash and the proofs that a host would give.
package struct ReferenceState {
    package typealias Store = [[UInt8]: [UInt8]]
    package var stores: [String: Store]

    package init(_ stores: [String: Store] = [:]) { self.stores = stores }

    package var commitment: StoreCommitment {
        StoreCommitment(StoreName.all.map { (name: $0, root: ReferenceTree(stores[$0] ?? [:]).root) })!
    }

    package func values(of keys: [[UInt8]], in store: String) -> [[UInt8]?] { keys.map { stores[store]?[$0] } }

    package func proof(of keys: [[UInt8]], in store: String) -> [UInt8] {
        ReferenceTree(stores[store] ?? [:]).proof(of: keys)
    }
}
