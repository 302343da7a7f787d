import ChainModel
import PublicCryptography
import TestSupport

/// A sparse Merkle tree as the definition reads: every hash computed anew from the whole set.
struct ReferenceTree {
    private var leaves: [Hash32: Hash32] = [:]

    init(_ values: [[UInt8]: [UInt8]]) {
        for (key, value) in values { leaves[SHA256.hash(key)] = SHA256.hash(value) }
    }

    var root: Hash32 { hash(leaves.keys.sorted(), depth: 0) }

    private func hash(_ paths: [Hash32], depth: Int) -> Hash32 {
        if paths.isEmpty { return Hash32(Array(repeating: 0, count: 32))! }
        if paths.count == 1 { return SHA256.hash([0] + paths[0].bytes + leaves[paths[0]]!.bytes) }
        let left = hash(paths.filter { !$0.bit(depth) }, depth: depth + 1)
        let right = hash(paths.filter { $0.bit(depth) }, depth: depth + 1)
        return SHA256.hash([1] + left.bytes + right.bytes)
    }

    func proof(of keys: [[UInt8]]) -> [UInt8] {
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
    func steps(to key: [UInt8]) -> [CommitmentProof.Step] {
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

func hash32(_ text: String) -> Hash32 { Hash32(hexadecimal(text))! }
