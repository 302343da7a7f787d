import KeyValueDatabase
import PublicCryptography
import StateProofs
import Wire

/// A subtree as its parent knows it.
enum TreeSlot: Equatable, Sendable {
    case empty
    /// The only leaf of the subtree.
    case leaf(path: Hash32, valueHash: Hash32)
    /// Two leaves or more, in a page written at `height`.
    case page(hash: Hash32, height: UInt64)

    /// The hash of the subtree.
    var hash: Hash32 {
        switch self {
        case .empty: SparseMerkleTree.emptyRoot
        case .leaf(let path, let valueHash): SparseMerkleTree.leafHash(path: path, valueHash: valueHash)
        case .page(let hash, _): hash
        }
    }

    var isEmpty: Bool { self == .empty }
}

/// Four levels of a tree: 16 subtrees. A page stands where a subtree has at least two leaves, so that the shape follows
/// from the set of keys alone. Written once, never changed.
///
/// Full pages also keep the hashes of their groups of four and eight subtrees: a proof or an update then hashes along
/// its own way instead of all 15 nodes.
struct TreePage: Sendable {
    static let slotCount = 16
    static let groupedFrom = 8

    private(set) var slots: [TreeSlot]
    /// The hashes of slots 0-3, 4-7, 8-11, 12-15, 0-7, 8-15; empty in sparse pages.
    private var groups: [Hash32] = []

    init() { slots = Array(repeating: .empty, count: TreePage.slotCount) }

    var entryCount: Int { slots.reduce(0) { $0 + ($1.isEmpty ? 0 : 1) } }

    /// The leaf or page that is alone in `range`, or `nil` for none or several.
    func onlyEntry(in range: Range<Int>) -> TreeSlot? {
        var found: TreeSlot?
        for index in range where !slots[index].isEmpty {
            guard found == nil else { return nil }
            found = slots[index]
        }
        return found
    }

    func isEmpty(_ range: Range<Int>) -> Bool { slots[range].allSatisfy(\.isEmpty) }

    /// The hash of the subtree over `range`, an aligned power of two of slots.
    func hash(_ range: Range<Int>) -> Hash32 { node(range).hash }

    var hash: Hash32 { hash(0..<TreePage.slotCount) }

    private struct Node {
        var hash: Hash32
        /// Empty or a single leaf: not hashed again with an empty sibling.
        var isSmall: Bool
    }

    private func node(_ range: Range<Int>) -> Node {
        if range.count == 1 {
            let slot = slots[range.lowerBound]
            if case .page(let hash, _) = slot { return Node(hash: hash, isSmall: false) }
            return Node(hash: slot.hash, isSmall: true)
        }
        if let index = TreePage.group(range), !groups.isEmpty {
            if isEmpty(range) { return Node(hash: SparseMerkleTree.emptyRoot, isSmall: true) }
            if case .leaf = onlyEntry(in: range) { return Node(hash: groups[index], isSmall: true) }
            return Node(hash: groups[index], isSmall: false)
        }
        return combined(range)
    }

    private func combined(_ range: Range<Int>) -> Node {
        let middle = range.lowerBound + range.count / 2
        let (left, right) = (node(range.lowerBound..<middle), node(middle..<range.upperBound))
        if left.isSmall, right.isSmall {
            if left.hash == SparseMerkleTree.emptyRoot { return right }
            if right.hash == SparseMerkleTree.emptyRoot { return left }
        }
        return Node(hash: SparseMerkleTree.innerHash(left.hash, right.hash), isSmall: false)
    }

    private static func group(_ range: Range<Int>) -> Int? {
        switch range.count {
        case 4: range.lowerBound / 4
        case 8: 4 + range.lowerBound / 8
        default: nil
        }
    }

    /// Puts new subtrees in, and brings the groups up to date.
    mutating func replace(_ changes: [(index: Int, slot: TreeSlot)]) {
        var isChanged = [false, false, false, false]
        for change in changes {
            slots[change.index] = change.slot
            isChanged[change.index / 4] = true
        }
        guard entryCount >= TreePage.groupedFrom else {
            groups = []
            return
        }
        if groups.isEmpty {
            groups = Array(repeating: SparseMerkleTree.emptyRoot, count: 6)
            isChanged = [true, true, true, true]
        }
        for index in 0..<4 where isChanged[index] {
            groups[index] = combined(4 * index..<4 * index + 4).hash
        }
        for half in 0..<2 where isChanged[2 * half] || isChanged[2 * half + 1] {
            groups[4 + half] = combined(8 * half..<8 * half + 8).hash
        }
    }
}

// MARK: - Bytes

// Two bits a slot (empty, leaf, page), then the entries in order (leaf: path and value hash; page: hash and height),
// then the groups' hashes, if any.
extension TreePage {
    var bytes: [UInt8] {
        var kinds: UInt32 = 0
        var body = [UInt8]()
        body.reserveCapacity(1024)
        for (index, slot) in slots.enumerated() {
            kinds |= slot.kind << UInt32(2 * index)
            slot.append(to: &body)
        }
        for group in groups { group.append(to: &body) }
        return StateKey.number(kinds) + body
    }

    /// `nil` if the bytes are no page: the file is damaged.
    init?(_ bytes: MappedBytes) {
        guard bytes.count >= 4 else { return nil }
        self.init()
        let kinds = UInt32(bigEndian: bytes.loadUnaligned(as: UInt32.self))
        var rest = MappedBytes(rebasing: bytes[4...])
        var count = 0
        for index in 0..<TreePage.slotCount {
            let kind = kinds >> UInt32(2 * index) & 3
            guard kind != 0 else { continue }
            guard let slot = TreeSlot(kind: kind, &rest) else { return nil }
            slots[index] = slot
            count += 1
        }
        guard rest.count == (count >= TreePage.groupedFrom ? 6 * Hash32.byteCount : 0) else { return nil }
        while let group = Hash32(takingFrom: &rest) { groups.append(group) }
    }
}

extension TreeSlot {
    fileprivate var kind: UInt32 {
        switch self {
        case .empty: 0
        case .leaf: 1
        case .page: 2
        }
    }

    fileprivate func append(to bytes: inout [UInt8]) {
        switch self {
        case .empty: break
        case .leaf(let path, let valueHash):
            path.append(to: &bytes)
            valueHash.append(to: &bytes)
        case .page(let hash, let height):
            hash.append(to: &bytes)
            bytes += StateKey.number(height)
        }
    }

    fileprivate init?(kind: UInt32, _ rest: inout MappedBytes) {
        switch kind {
        case 0:
            self = .empty
        case 1:
            guard let path = Hash32(takingFrom: &rest), let valueHash = Hash32(takingFrom: &rest) else { return nil }
            self = .leaf(path: path, valueHash: valueHash)
        case 2:
            guard let hash = Hash32(takingFrom: &rest), rest.count >= 8 else { return nil }
            self = .page(hash: hash, height: UInt64(bigEndian: rest.loadUnaligned(as: UInt64.self)))
            rest = MappedBytes(rebasing: rest[8...])
        default:
            return nil
        }
    }

    /// A slot by itself: the root of a store.
    var bytes: [UInt8] {
        var bytes = [UInt8(kind)]
        append(to: &bytes)
        return bytes
    }

    init?(takingFrom rest: inout MappedBytes) {
        guard let kind = rest.first else { return nil }
        rest = MappedBytes(rebasing: rest[1...])
        self.init(kind: UInt32(kind), &rest)
    }
}

extension Hash32 {
    fileprivate init?(takingFrom rest: inout MappedBytes) {
        guard rest.count >= Hash32.byteCount,
            let hash = Hash32(reading: MappedBytes(rebasing: rest[..<Hash32.byteCount]))
        else { return nil }
        rest = MappedBytes(rebasing: rest[Hash32.byteCount...])
        self = hash
    }

    /// The `index`th four bits.
    func nibble(_ index: Int) -> Int {
        (0..<4).reduce(0) { $0 << 1 | (bit(4 * index + $1) ? 1 : 0) }
    }
}
