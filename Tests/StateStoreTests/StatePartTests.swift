import ChainFormats
import PublicCryptography
import Seeds
import StateProofs
import StateStore
import TestSupport
import Testing
import Wire

/// A state in pieces that others can be given.
@Suite struct StatePartTests {
    private let folder = TemporaryFolder()

    /// A state over several heights, with entries that are replaced and removed on the way.
    private func database(seed: UInt64, count: Int, valueBytes: Int) throws -> StateDatabase {
        var generator = SeededGenerator(seed: seed)
        let database = try folder.database()
        for height in 0..<4 as Range<UInt64> {
            var writes: [[UInt8]: [UInt8]?] = [:]
            for index in 0..<count where Int.random(in: 0..<2, using: &generator) == 0 {
                let value = [UInt8](repeating: UInt8(height), count: Int.random(in: 0...valueBytes, using: &generator))
                writes[Array("key\(index)".utf8)] = Int.random(in: 0..<5, using: &generator) == 0 ? .some(nil) : value
            }
            try database.add(height, ["bank": writes, "compute": [[1]: [UInt8(height)]], "acc": [:]])
        }
        return database
    }

    private func outline(_ snapshot: StateSnapshot, bytesTarget: Int) throws -> StateOutline {
        StateOutline(
            commitment: snapshot.commitment, parts: try snapshot.parts(bytesTarget: bytesTarget).all,
            blobs: [(SHA256.hash([7]), 1)])
    }

    @Test(
        "parts cover a state, are as small as wanted, and another database of them has the same hash",
        arguments: [(1, 0, 100), (2, 1, 100), (3, 2, 10), (4, 300, 200), (5, 2_000, 500), (6, 300, 1_000_000)])
    func roundTrip(seed: UInt64, count: Int, bytesTarget: Int) throws {
        let source = try database(seed: seed, count: count, valueBytes: 60)
        let snapshot = try #require(try source.latestSnapshot())
        let outline = try outline(snapshot, bytesTarget: bytesTarget)
        #expect(outline.isOf(snapshot.applicationHash.bytes))
        #expect(try StateOutline(decoding: outline.encoded) == outline)
        var writes: StateDatabase.Writes = [:]
        for chunk in outline.chunks {
            let content = StateChunk(
                parts: try chunk.parts.map { try snapshot.entries(of: $0) }, blobs: chunk.blobs.map { _ in [7] })
            #expect(content.isOf(chunk))
            #expect(try StateChunk(decoding: content.encoded) == content)
            for (part, entries) in zip(chunk.parts, content.parts) {
                #expect(
                    part.isLeaf || entries.reduce(0) { $0 + $1.key.count + $1.value.count } <= bytesTarget)
                for entry in entries { writes[part.store, default: [:]][entry.key] = entry.value }
            }
        }
        let otherFolder = TemporaryFolder()
        let other = try otherFolder.database()
        let prepared = try other.prepare(height: 3, writes: writes, adding: outline.commitment.stores.map(\.name))
        #expect(prepared.applicationHash == snapshot.applicationHash)
    }

    @Test("an entry that was changed, added, left out, moved or reordered is not of its part")
    func lyingChunks() throws {
        let source = try database(seed: 8, count: 400, valueBytes: 40)
        let snapshot = try #require(try source.latestSnapshot())
        for (part, _) in try snapshot.parts(bytesTarget: 300).all {
            let entries = try snapshot.entries(of: part)
            #expect(part.consists(of: entries))
            let changes: [(inout [StateChunk.Entry]) -> Void] = [
                { $0[0].value.append(1) }, { $0[0].key.append(1) }, { $0.removeLast() }, { $0.append($0[0]) },
                { $0.append(StateChunk.Entry(key: [9, 9, 9], value: [])) }, { $0 = [] }, { $0[$0.count - 1].key = [] },
                { $0[0].key = [UInt8](repeating: 1, count: 5_000) },
            ]
            for (number, change) in changes.enumerated() {
                var wrong = entries
                change(&wrong)
                #expect(!part.consists(of: wrong), "\(number)")
            }
            if entries.count > 1 { #expect(!part.consists(of: entries.reversed())) }
        }
    }

    @Test("of a later state only what changed is looked at, and it is cut as if all had been")
    func later() throws {
        let database = try database(seed: 10, count: 3_000, valueBytes: 60)
        var height = UInt64(3)
        var known = try #require(try database.latestSnapshot()).parts(bytesTarget: 2_000)
        #expect(known.entriesRead > 1_000 && known.all.count > 30)
        let changes: [[[UInt8]: [UInt8]?]] = [
            [:], [Array("key7".utf8): [9]], [Array("key7".utf8): nil],
            [Array("new".utf8): [UInt8](repeating: 1, count: 5_000)], [Array("new".utf8): .some([])],
            Dictionary(uniqueKeysWithValues: (0..<20).map { (Array("key\($0)".utf8), .some([UInt8(1)])) }),
        ]
        for change in changes {
            height += 1
            try database.add(height, ["bank": change])
            let snapshot = try #require(try database.latestSnapshot())
            let (later, whole) = (
                try snapshot.parts(bytesTarget: 2_000, knowing: known), try snapshot.parts(bytesTarget: 2_000)
            )
            #expect(later.all.map(\.part) == whole.all.map(\.part))
            #expect(later.all.map(\.byteCount) == whole.all.map(\.byteCount))
            // A part has at most some hundred entries of these.
            #expect(later.entriesRead <= change.count * 200 && whole.entriesRead > 1_000, "\(height)")
            known = later
        }
        // Almost all of it gone: what was several parts is one.
        height += 1
        try database.add(
            height,
            ["bank": Dictionary(uniqueKeysWithValues: (10..<3_000).map { (Array("key\($0)".utf8), nil) })])
        let snapshot = try #require(try database.latestSnapshot())
        let (later, whole) = (
            try snapshot.parts(bytesTarget: 2_000, knowing: known), try snapshot.parts(bytesTarget: 2_000)
        )
        #expect(later.all.map(\.part) == whole.all.map(\.part) && whole.all.count < 6)
    }

    @Test("an outline that leaves out, adds, moves or renames a part is of no state, and no bytes crash its reader")
    func lyingOutlines() throws {
        let source = try database(seed: 9, count: 300, valueBytes: 40)
        let snapshot = try #require(try source.latestSnapshot())
        let honest = try outline(snapshot, bytesTarget: 200)
        let hash = snapshot.applicationHash.bytes
        #expect(honest.isOf(hash) && !honest.isOf(SHA256.hash([1]).bytes))
        let last = honest.chunks.lastIndex { !$0.parts.isEmpty }!
        let changes: [(inout StateOutline) -> Void] = [
            { $0.chunks[0].parts.removeFirst() }, { $0.chunks[last].parts.removeLast() },
            { $0.chunks[0].parts.append($0.chunks[0].parts[0]) }, { $0.chunks[0].parts.swapAt(0, 1) },
            { $0.chunks[0].parts[0].hash = .zero }, { $0.chunks[0].parts[0].prefix = [] },
            { $0.chunks[0].parts[0].prefix = [UInt8](repeating: 3, count: 65) },
            { $0.chunks[0].parts[0].prefix = [16] }, { $0.chunks[0].parts[0].store = "compute" },
            { $0.commitment = StoreCommitment([(name: "bank", root: Hash32.zero)])! }, { $0.chunks = [] },
            { $0.chunks[0].blobs = [.zero] }, { $0.chunks.insert($0.chunks[$0.chunks.count - 1], at: 0) },
            { $0.chunks.append($0.chunks[$0.chunks.count - 1]) }, { $0.chunks.append(StateOutline.Chunk()) },
        ]
        for (number, change) in changes.enumerated() {
            var wrong = honest
            change(&wrong)
            #expect(!wrong.isOf(hash), "\(number)")
        }
        var generator = SeededGenerator(seed: 10)
        let bytes = honest.encoded
        for _ in 0..<2_000 {
            var mutated = bytes
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                mutated[Int.random(in: mutated.indices, using: &generator)] = UInt8.random(
                    in: 0...255, using: &generator)
            }
            guard let outline = try? StateOutline(decoding: mutated) else { continue }
            let hashes = outline.chunks.flatMap(\.parts).map(\.hash)
            #expect(!outline.isOf(hash) || hashes == honest.chunks.flatMap(\.parts).map(\.hash))
        }
    }
}
