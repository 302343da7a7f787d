import ChainFormats
import PublicCryptography
import StateProofs

/// Walks one store's tree at one height, page by page.
struct TreeReader {
    let root: TreeSlot
    let load: (_ height: UInt64, _ path: [UInt8], _ depth: Int) throws -> TreePage

    private static let all = 0..<TreePage.slotCount

    // MARK: - Multiproofs

    /// The proof of `paths`, which are sorted, distinct and at least one (`StateProofs.MultiProof`).
    func multiproof(_ paths: [Hash32]) throws -> [UInt8] {
        var proof = [UInt8]()
        proof.reserveCapacity(paths.count * 600)
        try append(root, paths[...], depth: 0, to: &proof)
        return proof
    }

    /// A subtree that is one slot, with queries in it.
    private func append(
        _ slot: TreeSlot, _ paths: ArraySlice<Hash32>, depth: Int, to proof: inout [UInt8]
    ) throws {
        switch slot {
        case .empty:
            proof.append(MultiProof.Node.empty)
        case .leaf(let path, let valueHash):
            proof.append(MultiProof.Node.leaf)
            path.append(to: &proof)
            valueHash.append(to: &proof)
        case .page(_, let height):
            let page = try load(height, paths[paths.startIndex].bytes, depth)
            try append(page, TreeReader.all, paths, depth: depth, to: &proof)
        }
    }

    /// A subtree over several slots of a page, with queries in it or not.
    private func append(
        _ page: TreePage, _ range: Range<Int>, _ paths: ArraySlice<Hash32>, depth: Int, to proof: inout [UInt8]
    ) throws {
        guard !paths.isEmpty else {
            page.hash(range).append(to: &proof)
            return
        }
        if range.count == 1 {
            return try append(page.slots[range.lowerBound], paths, depth: depth + 1, to: &proof)
        }
        if page.isEmpty(range) { return proof.append(MultiProof.Node.empty) }
        if let only = page.onlyEntry(in: range), case .leaf = only {
            return try append(only, paths, depth: depth, to: &proof)
        }
        proof.append(MultiProof.Node.inner)
        let middle = range.lowerBound + range.count / 2
        let split = paths.firstIndex { $0.nibble(depth) >= middle } ?? paths.endIndex
        try append(page, range.lowerBound..<middle, paths[..<split], depth: depth, to: &proof)
        try append(page, middle..<range.upperBound, paths[split...], depth: depth, to: &proof)
    }

    // MARK: - Single leaves

    struct Leaf {
        var path: Hash32
        var valueHash: Hash32
        /// From the leaf up.
        var steps: [CommitmentProof.Step]
    }

    /// The leaf at `path`, with its way to the root.
    func leaf(at path: Hash32) throws -> Leaf? {
        var slot = root
        var depth = 0
        var steps = [CommitmentProof.Step]()
        while case .page(_, let height) = slot {
            let page = try load(height, path.bytes, depth)
            let nibble = path.nibble(depth)
            var range = TreeReader.all
            while range.count > 1 {
                // A leaf that is alone stands at the top of what it is alone in.
                if let only = page.onlyEntry(in: range), case .leaf = only { break }
                let middle = range.lowerBound + range.count / 2
                let (left, right) = (range.lowerBound..<middle, middle..<range.upperBound)
                let isLeft = nibble < middle
                steps.append(.init(sibling: page.hash(isLeft ? right : left), siblingIsLeft: !isLeft))
                range = isLeft ? left : right
            }
            slot = range.count == 1 ? page.slots[nibble] : page.onlyEntry(in: range)!
            depth += 1
        }
        guard case .leaf(let found, let valueHash) = slot, found == path else { return nil }
        return Leaf(path: found, valueHash: valueHash, steps: steps.reversed())
    }

    enum Side { case before, after }

    /// The path of the leaf nearest to `path` on one side of it.
    func neighbour(of path: Hash32, on side: Side) throws -> Hash32? {
        try neighbour(of: path, on: side, in: root, depth: 0)
    }

    private func neighbour(of path: Hash32, on side: Side, in slot: TreeSlot, depth: Int) throws -> Hash32? {
        switch slot {
        case .empty: return nil
        case .leaf(let other, _): return (side == .before ? other < path : path < other) ? other : nil
        case .page(_, let height):
            let page = try load(height, path.bytes, depth)
            let nibble = path.nibble(depth)
            if let found = try neighbour(of: path, on: side, in: page.slots[nibble], depth: depth + 1) { return found }
            let others = side == .before ? Array((0..<nibble).reversed()) : Array(nibble + 1..<TreePage.slotCount)
            guard let index = others.first(where: { !page.slots[$0].isEmpty }) else { return nil }
            var prefix = path.bytes
            TreeReader.set(&prefix, depth, index)
            return try outermost(page.slots[index], side, prefix: prefix, depth: depth + 1)
        }
    }

    /// The last leaf of a subtree for `before`, the first for `after`.
    private func outermost(_ slot: TreeSlot, _ side: Side, prefix: [UInt8], depth: Int) throws -> Hash32? {
        switch slot {
        case .empty: return nil
        case .leaf(let path, _): return path
        case .page(_, let height):
            let page = try load(height, prefix, depth)
            let indices = side == .before ? Array(TreeReader.all.reversed()) : Array(TreeReader.all)
            guard let index = indices.first(where: { !page.slots[$0].isEmpty }) else { return nil }
            var prefix = prefix
            TreeReader.set(&prefix, depth, index)
            return try outermost(page.slots[index], side, prefix: prefix, depth: depth + 1)
        }
    }

    private static func set(_ path: inout [UInt8], _ index: Int, _ nibble: Int) {
        let byte = path[index / 2]
        path[index / 2] = index & 1 == 0 ? byte & 0x0f | UInt8(nibble << 4) : byte & 0xf0 | UInt8(nibble)
    }
}
