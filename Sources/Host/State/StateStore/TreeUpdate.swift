import PublicCryptography

/// Applies a block's writes to one store's tree, in memory: the pages on their ways are read once and written once,
/// all others stay as they are.
struct TreeUpdate {
    enum Effect { case none, inserted, replaced, removed }

    struct Change {
        var path: Hash32
        /// `nil` to remove.
        var valueHash: Hash32?
        var effect = Effect.none
    }

    let store: String
    let height: UInt64
    /// Reads a page of the base.
    let load: (_ height: UInt64, _ path: [UInt8], _ depth: Int) throws -> TreePage

    /// Sorted by path, distinct; afterwards with their effects.
    private(set) var changes: [Change]
    private(set) var written: [(key: [UInt8], page: [UInt8])] = []
    /// Keys of pages that this update replaces.
    private(set) var replaced: [[UInt8]] = []

    init(
        store: String, height: UInt64, changes: [Change],
        load: @escaping (_ height: UInt64, _ path: [UInt8], _ depth: Int) throws -> TreePage
    ) {
        (self.store, self.height, self.load) = (store, height, load)
        self.changes = changes.sorted { $0.path < $1.path }
    }

    /// The root after the changes.
    mutating func apply(to root: TreeSlot) throws -> TreeSlot {
        guard !changes.isEmpty else { return root }
        return try update(root, 0..<changes.count, depth: 0) ?? root
    }

    /// The subtree after the changes of `range`, all of which lie in it; `nil` if it stays what it is.
    private mutating func update(_ slot: TreeSlot, _ range: Range<Int>, depth: Int) throws -> TreeSlot? {
        switch slot {
        case .empty: return try rebuild(nil, range, depth: depth)
        case .leaf(let path, let valueHash): return try rebuild((path, valueHash), range, depth: depth)
        case .page(_, let height): return try updatePage(writtenAt: height, range, depth: depth)
        }
    }

    private mutating func updatePage(
        writtenAt height: UInt64, _ range: Range<Int>, depth: Int
    ) throws -> TreeSlot? {
        let path = changes[range.lowerBound].path.bytes
        var page = try load(height, path, depth)
        var slots = [(index: Int, slot: TreeSlot)]()
        var start = range.lowerBound
        while start < range.upperBound {
            let nibble = changes[start].path.nibble(depth)
            var end = start + 1
            while end < range.upperBound, changes[end].path.nibble(depth) == nibble { end += 1 }
            if let slot = try update(page.slots[nibble], start..<end, depth: depth + 1) {
                slots.append((nibble, slot))
            }
            start = end
        }
        guard !slots.isEmpty else { return nil }
        replaced.append(PageKey.bytes(store: store, height: height, path: path, depth: depth))
        page.replace(slots)
        return write(page, path: path, depth: depth)
    }

    /// A page with one leaf is that leaf, one with nothing is nothing.
    private mutating func write(_ page: TreePage, path: [UInt8], depth: Int) -> TreeSlot {
        let all = 0..<TreePage.slotCount
        if page.isEmpty(all) { return .empty }
        if let only = page.onlyEntry(in: all), case .leaf = only { return only }
        written.append((PageKey.bytes(store: store, height: height, path: path, depth: depth), page.bytes))
        return .page(hash: page.hash, height: height)
    }

    /// A subtree of at most one leaf after the changes of `range`.
    private mutating func rebuild(
        _ leaf: (path: Hash32, valueHash: Hash32)?, _ range: Range<Int>, depth: Int
    ) throws -> TreeSlot? {
        var leaves = [(path: Hash32, valueHash: Hash32)]()
        leaves.reserveCapacity(range.count + 1)
        var isChanged = false
        var isMet = false
        for index in range {
            if let leaf, !isMet, leaf.path <= changes[index].path {
                isMet = true
                if leaf.path < changes[index].path { leaves.append(leaf) }
            }
            let old = leaf?.path == changes[index].path ? leaf?.valueHash : nil
            let new = changes[index].valueHash
            if let new { leaves.append((changes[index].path, new)) }
            guard old != new else { continue }
            isChanged = true
            changes[index].effect = old == nil ? .inserted : new == nil ? .removed : .replaced
        }
        if let leaf, !isMet { leaves.append(leaf) }
        return isChanged ? build(leaves[...], depth: depth) : nil
    }

    private mutating func build(_ leaves: ArraySlice<(path: Hash32, valueHash: Hash32)>, depth: Int) -> TreeSlot {
        guard let first = leaves.first else { return .empty }
        if leaves.count == 1 { return .leaf(path: first.path, valueHash: first.valueHash) }
        var slots = [(index: Int, slot: TreeSlot)]()
        var start = leaves.startIndex
        while start < leaves.endIndex {
            let nibble = leaves[start].path.nibble(depth)
            var end = start + 1
            while end < leaves.endIndex, leaves[end].path.nibble(depth) == nibble { end += 1 }
            slots.append((nibble, build(leaves[start..<end], depth: depth + 1)))
            start = end
        }
        var page = TreePage()
        page.replace(slots)
        return write(page, path: first.path.bytes, depth: depth)
    }
}
