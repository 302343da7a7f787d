import PublicCryptography
import StateProofs
import Wire

/// What a state is given to others in: parts of its stores, and bytes that are named by their hash (contract code),
/// put together in chunks. Whoever knows the application hash needs to believe nothing of it.
package struct StateOutline: Equatable, Sendable {
    package struct Chunk: Equatable, Sendable {
        package var parts: [StatePart] = []
        package var blobs: [Hash32] = []

        package init() {}
    }

    /// As much as is sent at a time, and a value or a code more. CometBFT's peers take 16 MB.
    package static let bytesTarget = 1 << 20
    private static let chunksMax = 65_536
    private static let partsMax = 65_536
    private static let blobsMax = 65_536
    private static let storesMax = 64

    package var commitment: StoreCommitment
    package var chunks: [Chunk]

    /// Of a state with these parts and blobs, each with its size.
    package init(
        commitment: StoreCommitment, parts: [(part: StatePart, byteCount: Int)], blobs: [(hash: Hash32, byteCount: Int)]
    ) {
        self.commitment = commitment
        chunks = []
        var chunk = Chunk()
        var left = StateOutline.bytesTarget
        func close(before size: Int) {
            if size > left, left < StateOutline.bytesTarget {
                chunks.append(chunk)
                (chunk, left) = (Chunk(), StateOutline.bytesTarget)
            }
            left -= size
        }
        for (part, byteCount) in parts {
            close(before: byteCount)
            chunk.parts.append(part)
        }
        if !chunk.parts.isEmpty { chunks.append(chunk) }
        (chunk, left) = (Chunk(), StateOutline.bytesTarget)
        for (hash, byteCount) in blobs {
            close(before: byteCount)
            chunk.blobs.append(hash)
        }
        if !chunk.blobs.isEmpty { chunks.append(chunk) }
    }

    /// The chunks that have parts; those with blobs are behind them.
    package var partChunkCount: Int { chunks.firstIndex { $0.parts.isEmpty } ?? chunks.count }

    /// In their order, which has each once. Which there are only the state itself can tell.
    package var blobs: [Hash32] { chunks.flatMap(\.blobs) }

    /// Whether it is of the state with this application hash: all of it, and nothing more but blobs.
    package func isOf(_ applicationHash: [UInt8]) -> Bool {
        guard commitment.applicationHash.bytes == applicationHash else { return false }
        let (first, count, blobs) = (chunks[..<partChunkCount], partChunkCount, blobs)
        guard first.allSatisfy(\.blobs.isEmpty),
            chunks[count...].allSatisfy({ $0.parts.isEmpty && !$0.blobs.isEmpty }),
            zip(blobs, blobs.dropFirst()).allSatisfy({ $0 < $1 })
        else { return false }
        let parts = chunks.flatMap(\.parts)
        var rest = parts[...]
        for store in commitment.stores {
            let own = rest.prefix { $0.store == store.name }
            guard StatePart.root(of: own) == store.root else { return false }
            rest = rest.dropFirst(own.count)
        }
        return rest.isEmpty
    }
}

extension StateOutline {
    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            for store in commitment.stores {
                writer.message(1) { item in
                    item.string(1, store.name)
                    item.bytes(2, store.root.bytes)
                }
            }
            for chunk in chunks {
                writer.message(2) { item in
                    for part in chunk.parts {
                        item.message(1) { field in
                            field.uint64(1, UInt64(commitment.stores.firstIndex { $0.name == part.store } ?? 0))
                            field.bytes(2, part.prefix)
                            field.bytes(3, part.hash.bytes)
                            field.bool(4, part.isLeaf)
                        }
                    }
                    for blob in chunk.blobs { item.message(2, blob.bytes) }
                }
            }
        }
    }

    /// A peer chose the bytes. What they say is not held against anything yet (`isOf`).
    package init(decoding bytes: [UInt8]) throws(ProtobufError) {
        var stores: [StoreCommitment.Store] = []
        var chunks: [Chunk] = []
        var (partCount, blobCount) = (0, 0)
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1:
                guard stores.count < StateOutline.storesMax else { throw .tooMany(field: 1) }
                stores.append(try StateOutline.store(try field.slice()))
            case 2:
                guard chunks.count < StateOutline.chunksMax else { throw .tooMany(field: 2) }
                let chunk = try StateOutline.chunk(try field.slice(), stores)
                partCount += chunk.parts.count
                blobCount += chunk.blobs.count
                guard partCount <= StateOutline.partsMax, blobCount <= StateOutline.blobsMax else {
                    throw .tooMany(field: 2)
                }
                chunks.append(chunk)
            default: throw .notCanonical
            }
        }
        guard let commitment = StoreCommitment(stores) else { throw .illegalValue(field: 1) }
        (self.commitment, self.chunks) = (commitment, chunks)
    }

    private static func store(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> StoreCommitment.Store {
        var (name, root) = ("", Hash32?.none)
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: name = try field.string()
            case 2: root = Hash32(try field.slice())
            default: throw .notCanonical
            }
        }
        guard (1...32).contains(name.utf8.count), name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }), let root else {
            throw .illegalValue(field: 1)
        }
        return StoreCommitment.Store(name: name, root: root)
    }

    private static func chunk(
        _ bytes: ArraySlice<UInt8>, _ stores: [StoreCommitment.Store]
    ) throws(ProtobufError) -> Chunk {
        var chunk = Chunk()
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: chunk.parts.append(try part(try field.slice(), stores))
            case 2:
                guard let hash = Hash32(try field.slice()) else { throw .illegalValue(field: 2) }
                chunk.blobs.append(hash)
            default: throw .notCanonical
            }
        }
        return chunk
    }

    private static func part(
        _ bytes: ArraySlice<UInt8>, _ stores: [StoreCommitment.Store]
    ) throws(ProtobufError) -> StatePart {
        var (store, prefix, hash, isLeaf): (UInt64, [UInt8], Hash32?, Bool) = (0, [], nil, false)
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: store = try field.uint64()
            case 2: prefix = try field.bytes()
            case 3: hash = Hash32(try field.slice())
            case 4: isLeaf = try field.bool()
            default: throw .notCanonical
            }
        }
        guard let hash, store < UInt64(stores.count), prefix.count <= StatePart.prefixCountMax else {
            throw .illegalValue(field: 1)
        }
        return StatePart(store: stores[Int(store)].name, prefix: prefix, hash: hash, isLeaf: isLeaf)
    }
}

/// What is in one chunk.
package struct StateChunk: Equatable, Sendable {
    package struct Entry: Equatable, Sendable {
        package var key: [UInt8]
        package var value: [UInt8]

        package init(key: [UInt8], value: [UInt8]) { (self.key, self.value) = (key, value) }
    }

    /// Of each part its entries, in the order of their paths.
    package var parts: [[Entry]]
    package var blobs: [[UInt8]]

    package init(parts: [[Entry]], blobs: [[UInt8]]) { (self.parts, self.blobs) = (parts, blobs) }

    package var encoded: [UInt8] {
        ProtobufWriter.encode { writer in
            for entries in parts {
                writer.message(1) { part in
                    for entry in entries {
                        part.message(1) { item in
                            item.bytes(1, entry.key)
                            item.bytes(2, entry.value)
                        }
                    }
                }
            }
            for blob in blobs { writer.message(2, blob) }
        }
    }

    /// A peer chose the bytes. Two bytes an entry at least: memory is bounded by their length.
    package init(decoding bytes: [UInt8]) throws(ProtobufError) {
        self.init(parts: [], blobs: [])
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            switch field.number {
            case 1: parts.append(try StateChunk.entries(try field.slice()))
            case 2: blobs.append(try field.bytes())
            default: throw .notCanonical
            }
        }
    }

    private static func entries(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> [Entry] {
        var entries: [Entry] = []
        var reader = ProtobufReader(bytes)
        while let field = try reader.next() {
            guard field.number == 1 else { throw .notCanonical }
            var entry = Entry(key: [], value: [])
            var inner = ProtobufReader(try field.slice())
            while let part = try inner.next() {
                switch part.number {
                case 1: entry.key = try part.bytes()
                case 2: entry.value = try part.bytes()
                default: throw .notCanonical
                }
            }
            entries.append(entry)
        }
        return entries
    }

    /// Whether it is what the outline says of it: entries that stand under the application hash, and bytes of these
    /// hashes.
    package func isOf(_ outline: StateOutline.Chunk) -> Bool {
        parts.count == outline.parts.count && blobs.count == outline.blobs.count
            && zip(outline.parts, parts).allSatisfy { $0.consists(of: $1) }
            && zip(outline.blobs, blobs).allSatisfy { SHA256.hash($1) == $0 }
    }
}
