import PublicCryptography
import StateProofs
import Wire

/// All entries of a store whose paths begin alike: what others can be given of a state, and hold against its root,
/// piece by piece.
package struct StatePart: Equatable, Sendable {
    package static let prefixCountMax = 64

    package var store: String
    /// Of the paths, in steps of four bits.
    package var prefix: [UInt8]
    /// Of the subtree that stands there; never an empty one.
    package var hash: Hash32
    /// Whether that is one leaf, which stands for itself wherever it is alone. Who lies about it comes to another root,
    /// or changes nothing.
    package var isLeaf: Bool

    package init(store: String, prefix: [UInt8], hash: Hash32, isLeaf: Bool) {
        (self.store, self.prefix, self.hash, self.isLeaf) = (store, prefix, hash, isLeaf)
    }

    /// Whether these are the entries of the part, all of them, in the order of their paths.
    package func consists(of entries: [StateChunk.Entry]) -> Bool {
        guard !entries.isEmpty else { return false }
        var leaves = [Leaf]()
        leaves.reserveCapacity(entries.count)
        for entry in entries {
            guard (1...StateKey.byteCountMax).contains(entry.key.count) else { return false }
            let path = SparseMerkleTree.path(of: entry.key)
            guard prefix.indices.allSatisfy({ StatePart.step($0, of: path) == prefix[$0] }) else { return false }
            if let last = leaves.last, !(last.path < path) { return false }
            leaves.append(Leaf(path: path, valueHash: SHA256.hash(entry.value)))
        }
        return StatePart.hash(of: leaves[...], bit: 4 * prefix.count) == hash
    }

    private static func step(_ index: Int, of path: Hash32) -> UInt8 {
        (0..<4).reduce(0) { $0 << 1 | (path.bit(4 * index + $1) ? 1 : 0) }
    }

    private struct Leaf {
        var path: Hash32
        var valueHash: Hash32
    }

    /// Of at least one leaf; their paths are distinct and in order, and equal before `bit`.
    private static func hash(of leaves: ArraySlice<Leaf>, bit: Int) -> Hash32 {
        let first = leaves[leaves.startIndex]
        if leaves.count == 1 { return SparseMerkleTree.leafHash(path: first.path, valueHash: first.valueHash) }
        let middle = leaves.firstIndex { $0.path.bit(bit) } ?? leaves.endIndex
        let sides = [leaves[..<middle], leaves[middle...]].map { side in
            side.isEmpty ? SparseMerkleTree.emptyRoot : hash(of: side, bit: bit + 1)
        }
        return SparseMerkleTree.innerHash(sides[0], sides[1])
    }

    /// The root of a store that has these parts, in their order, and nothing else; `nil` if they are out of order or in
    /// each other. Whoever lies about a part comes to another root.
    package static func root(of parts: ArraySlice<StatePart>) -> Hash32? {
        for part in parts {
            guard part.prefix.count <= prefixCountMax, part.prefix.allSatisfy({ $0 < 16 }) else { return nil }
        }
        return node(parts, bit: 0)?.hash
    }

    /// `isSmall`: nothing or one leaf, which is not hashed again beside nothing.
    private static func node(_ parts: ArraySlice<StatePart>, bit: Int) -> (hash: Hash32, isSmall: Bool)? {
        guard let first = parts.first else { return (SparseMerkleTree.emptyRoot, true) }
        if first.prefix.count * 4 == bit {
            return parts.count == 1 ? (first.hash, first.isLeaf) : nil
        }
        guard parts.allSatisfy({ $0.prefix.count * 4 > bit }) else { return nil }
        let goesRight = { (part: StatePart) in part.prefix[bit / 4] >> UInt8(3 - bit % 4) & 1 == 1 }
        let middle = parts.firstIndex(where: goesRight) ?? parts.endIndex
        guard parts[middle...].allSatisfy(goesRight), let left = node(parts[..<middle], bit: bit + 1),
            let right = node(parts[middle...], bit: bit + 1)
        else { return nil }
        if left.isSmall, right.isSmall {
            if left.hash == SparseMerkleTree.emptyRoot { return right }
            if right.hash == SparseMerkleTree.emptyRoot { return left }
        }
        return (SparseMerkleTree.innerHash(left.hash, right.hash), false)
    }
}
