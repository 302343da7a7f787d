import ChainFormats
import KeyValueDatabase
import PublicCryptography

/// A whole state in parts, each with its size.
package struct StateParts: Sendable {
    package fileprivate(set) var all: [(part: StatePart, byteCount: Int)] = []
    /// Of how many entries the size was looked at.
    package fileprivate(set) var entriesRead = 0

    fileprivate struct Place: Hashable {
        var store: String
        var prefix: [UInt8]
    }

    fileprivate var places: [Place: (part: StatePart, byteCount: Int)] {
        Dictionary(all.map { (Place(store: $0.part.store, prefix: $0.part.prefix), $0) }) { first, _ in first }
    }
}

extension StateSnapshot {
    /// The whole state in parts of about `bytesTarget` bytes and less: larger is only what is one entry. They follow
    /// from the state alone, so that all nodes cut alike.
    ///
    /// Looks at the size of each entry once, but for parts that are as they were in an `earlier` state, cut with the
    /// same target. Each look is a short reading of its own: commits go on beside it, and what they free is used again.
    package func parts(bytesTarget: Int, knowing earlier: StateParts? = nil) throws -> StateParts {
        let known = earlier?.places ?? [:]
        var parts = StateParts()
        for root in roots {
            parts.all += try split(
                root.slot, store: root.name, prefix: [], bytesTarget, known, entriesRead: &parts.entriesRead)
        }
        return parts
    }

    private func split(
        _ slot: TreeSlot, store: String, prefix: [UInt8], _ bytesTarget: Int,
        _ known: [StateParts.Place: (part: StatePart, byteCount: Int)], entriesRead: inout Int
    ) throws -> [(part: StatePart, byteCount: Int)] {
        if slot.isEmpty { return [] }
        let hash = slot.hash
        if let same = known[StateParts.Place(store: store, prefix: prefix)], same.part.hash == hash { return [same] }
        switch slot {
        case .empty: return []
        case .leaf(let path, _):
            entriesRead += 1
            let part = StatePart(store: store, prefix: prefix, hash: hash, isLeaf: true)
            return [(part, try database.environment.read { try byteCount(at: path, in: store, $0) })]
        case .page(_, let height):
            let page = try database.environment.read { reader in
                try database.page(
                    store: store, height: height, path: StateSnapshot.path(prefix), depth: prefix.count, reader)
            }
            var below: [(part: StatePart, byteCount: Int)] = []
            for (nibble, slot) in page.slots.enumerated() {
                below += try split(
                    slot, store: store, prefix: prefix + [UInt8(nibble)], bytesTarget, known,
                    entriesRead: &entriesRead)
            }
            let byteCount = below.reduce(0) { $0 + $1.byteCount }
            guard byteCount <= bytesTarget else { return below }
            return [(StatePart(store: store, prefix: prefix, hash: hash, isLeaf: false), byteCount)]
        }
    }

    /// Of an entry, without reading it.
    private func byteCount(at path: Hash32, in store: String, _ reader: LMDBReader) throws -> Int {
        guard let key = try reader.get(Table.preimages, PreimageKey.bytes(store: store, path: path)).map({ Array($0) }),
            let count = try valueByteCount(store, key, reader)
        else { throw StateDatabaseError.damaged("\(store): a leaf without its entry") }
        return key.count + count
    }

    /// The entries of a part, in the order of their paths; none if there is no such part.
    package func entries(of part: StatePart) throws -> [StateChunk.Entry] {
        try database.environment.read { reader in
            guard var slot = roots.first(where: { $0.name == part.store })?.slot else { return [] }
            for depth in part.prefix.indices {
                guard case .page(_, let height) = slot else { return [] }
                let page = try database.page(
                    store: part.store, height: height, path: StateSnapshot.path(part.prefix), depth: depth, reader)
                slot = page.slots[Int(part.prefix[depth])]
            }
            var entries = [StateChunk.Entry]()
            try collect(slot, store: part.store, prefix: part.prefix, reader, into: &entries)
            return entries
        }
    }

    private func collect(
        _ slot: TreeSlot, store: String, prefix: [UInt8], _ reader: LMDBReader, into entries: inout [StateChunk.Entry]
    ) throws {
        switch slot {
        case .empty: return
        case .leaf(let path, _): entries.append(try entry(at: path, in: store, reader))
        case .page(_, let height):
            let page = try database.page(
                store: store, height: height, path: StateSnapshot.path(prefix), depth: prefix.count, reader)
            for (nibble, slot) in page.slots.enumerated() {
                try collect(slot, store: store, prefix: prefix + [UInt8(nibble)], reader, into: &entries)
            }
        }
    }

    func entry(at path: Hash32, in store: String, _ reader: LMDBReader) throws -> StateChunk.Entry {
        guard let key = try reader.get(Table.preimages, PreimageKey.bytes(store: store, path: path)).map({ Array($0) }),
            let value = try value(store, key, reader)
        else { throw StateDatabaseError.damaged("\(store): a leaf without its entry") }
        return StateChunk.Entry(key: key, value: value)
    }

    /// As the tables have it: 32 bytes, of which the first half bytes are these.
    private static func path(_ prefix: [UInt8]) -> [UInt8] {
        var path = [UInt8](repeating: 0, count: Hash32.byteCount)
        for (index, nibble) in prefix.enumerated() { path[index / 2] |= index & 1 == 0 ? nibble << 4 : nibble }
        return path
    }
}
