import ChainFormats
import KeyValueDatabase
import PublicCryptography

extension StateSnapshot {
    /// The whole state in parts of about `bytesTarget` bytes and less: larger is only what is one entry. They follow
    /// from the state alone, so that all nodes cut alike. Reads everything once.
    package func parts(bytesTarget: Int) throws -> [(part: StatePart, byteCount: Int)] {
        try database.environment.read { reader in
            try roots.flatMap { root in
                try split(root.slot, store: root.name, prefix: [], bytesTarget, reader)
            }
        }
    }

    private func split(
        _ slot: TreeSlot, store: String, prefix: [UInt8], _ bytesTarget: Int, _ reader: LMDBReader
    ) throws -> [(part: StatePart, byteCount: Int)] {
        switch slot {
        case .empty: return []
        case .leaf(let path, _):
            let entry = try entry(at: path, in: store, reader)
            let part = StatePart(store: store, prefix: prefix, hash: slot.hash, isLeaf: true)
            return [(part, entry.key.count + entry.value.count)]
        case .page(let hash, let height):
            let page = try database.page(
                store: store, height: height, path: StateSnapshot.path(prefix), depth: prefix.count, reader)
            let below = try page.slots.enumerated().flatMap { nibble, slot in
                try split(slot, store: store, prefix: prefix + [UInt8(nibble)], bytesTarget, reader)
            }
            let byteCount = below.reduce(0) { $0 + $1.byteCount }
            guard byteCount <= bytesTarget else { return below }
            return [(StatePart(store: store, prefix: prefix, hash: hash, isLeaf: false), byteCount)]
        }
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

    private func entry(at path: Hash32, in store: String, _ reader: LMDBReader) throws -> StateChunk.Entry {
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
