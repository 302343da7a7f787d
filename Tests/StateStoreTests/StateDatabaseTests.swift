import Foundation
import PublicCryptography
import Seeds
import StateKit
import StateProofs
import StateStore
import TestSupport
import Testing
import Wire

@Suite("The state database")
struct StateDatabaseTests {
    private let folder = TemporaryFolder()

    @Test("roots, values and iteration agree with a naive model at every height", arguments: [1, 2, 3, 4] as [UInt64])
    func againstModel(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let database = try folder.database()
        var model = Model()
        var history = [Model]()
        for height in 0..<30 as Range<UInt64> {
            let writes = generator.writes(on: model, count: Int.random(in: 0...25, using: &generator))
            model.apply(writes)
            let prepared = try database.add(height, writes)
            #expect(prepared.applicationHash == model.applicationHash, "seed \(seed), height \(height)")
            history.append(model)
        }
        for (height, model) in history.enumerated() {
            let snapshot = try database.snapshot(at: UInt64(height))
            #expect(snapshot.applicationHash == model.applicationHash)
            try expectSame(snapshot, model, &generator)
        }
    }

    private func expectSame(_ snapshot: StateSnapshot, _ model: Model, _ generator: inout SeededGenerator) throws {
        for store in StoreName.all {
            let entries = try snapshot.iterate(store, prefix: [])
            #expect(entries == model.entries(store, prefix: [], after: nil, limit: .max, reverse: false))
            for _ in 0..<6 {
                let key = generator.key()
                #expect(try snapshot.get(store, key) == model.stores[store]?[key])
                let prefix = Bool.random(using: &generator) ? [] : Array(generator.key().prefix(2))
                let after = Bool.random(using: &generator) ? nil : generator.key()
                let limit = Int.random(in: 0...5, using: &generator)
                let reverse = Bool.random(using: &generator)
                #expect(
                    try snapshot.iterate(store, prefix: prefix, after: after, limit: limit, reverse: reverse)
                        == model.entries(store, prefix: prefix, after: after, limit: limit, reverse: reverse))
            }
        }
    }

    @Test("the root does not depend on the order or the blocks in which keys came and went")
    func historyIndependence() throws {
        let keys = (0..<300).map { Array("k\($0)".utf8) }
        let direct = try folder.database("direct")
        let final = Dictionary(
            uniqueKeysWithValues: keys[..<40].map { ($0, Optional([UInt8](repeating: 1, count: 3))) })
        let expected = try direct.add(0, ["bank": final]).applicationHash
        let winding = try folder.database("winding")
        for (height, group) in stride(from: 0, to: 300, by: 50).map({ keys[$0..<$0 + 50] }).enumerated() {
            try winding.add(
                UInt64(height), ["bank": Dictionary(uniqueKeysWithValues: group.map { ($0, Optional([9])) })])
        }
        try winding.add(6, ["bank": Dictionary(uniqueKeysWithValues: keys[40...].map { ($0, nil) })])
        #expect(try winding.add(7, ["bank": final]).applicationHash == expected)
        #expect(
            try winding.add(8, ["bank": Dictionary(uniqueKeysWithValues: keys.map { ($0, nil) })])
                .storeRoots.allSatisfy { $0.root == .zero })
    }

    @Test("iteration keeps the order of the bytes, zeros and 255s included")
    func byteOrder() throws {
        let database = try folder.database()
        let keys: [[UInt8]] = [
            [0], [0, 0], [0, 1], [0, 0xff], [0, 0xff, 0], [1], [1, 0], [0x61], [0x61, 0], [0x61, 0, 0], [0x61, 0, 1],
            [0x61, 0x62], [0xff], [0xff, 0], [0xff, 0xff], [0xff, 0xff, 0xff],
        ]
        try database.add(0, ["acc": Dictionary(uniqueKeysWithValues: keys.shuffled().map { ($0, Optional([1])) })])
        let snapshot = try database.snapshot(at: 0)
        #expect(try snapshot.iterate("acc", prefix: []).map(\.key) == keys)
        #expect(try snapshot.iterate("acc", prefix: [], limit: .max, reverse: true).map(\.key) == keys.reversed())
        #expect(try snapshot.iterate("acc", prefix: [0x61, 0]).map(\.key) == Array(keys[8...10]))
        #expect(try snapshot.iterate("acc", prefix: [0xff, 0xff]).map(\.key) == Array(keys[14...]))
        #expect(try snapshot.iterate("acc", prefix: [0], after: [0, 1], limit: 2).map(\.key) == Array(keys[3...4]))
        #expect(try snapshot.iterate("bank", prefix: []).isEmpty)
    }

    @Test("preparing writes nothing, and only the next height can be committed")
    func heights() throws {
        let database = try folder.database()
        #expect(database.latestHeight == nil)
        let genesis = try database.prepare(height: 41, writes: ["acc": [[1]: [1]]], adding: StoreName.all)
        #expect(database.latestHeight == nil)
        try database.commit(genesis)
        #expect(database.latestHeight == 41 && database.oldestHeight == 41)
        #expect(throws: StateDatabaseError.stale) { try database.commit(genesis) }
        #expect(throws: StateDatabaseError.wrongHeight(expected: 42, given: 43)) {
            try database.prepare(height: 43, writes: [:])
        }
        let one = try database.prepare(height: 42, writes: ["acc": [[1]: [2]]])
        let other = try database.prepare(height: 42, writes: ["acc": [[1]: [3]]])
        try database.commit(other)
        #expect(throws: StateDatabaseError.stale) { try database.commit(one) }
        #expect(try database.snapshot(at: 42).get("acc", [1]) == [3])
        #expect(try database.snapshot(at: 41).get("acc", [1]) == [1])
        for height: UInt64 in [0, 40, 43] {
            #expect(throws: StateDatabaseError.heightNotKept(height)) { try database.snapshot(at: height) }
        }
        #expect(throws: StateDatabaseError.unknownStore("gov")) {
            try database.prepare(height: 43, writes: ["gov": [[1]: [1]]])
        }
        for key in [[], [UInt8](repeating: 0, count: 201)] {
            #expect(throws: StateDatabaseError.illegalKey(store: "acc")) {
                try database.prepare(height: 43, writes: ["acc": [key: [1]]])
            }
        }
        let longest = [UInt8](repeating: 0, count: 200)
        try database.add(43, ["compute": [longest: [1]]])
        #expect(try database.snapshot(at: 43).iterate("compute", prefix: []).map(\.key) == [longest])
    }

    @Test("an empty block keeps the application hash and adds no page")
    func emptyBlock() throws {
        let database = try folder.database()
        let first = try database.add(0, ["acc": [[1]: [1], [2]: [2]]]).applicationHash
        #expect(try database.add(1, [:]).applicationHash == first)
        #expect(try database.add(2, ["acc": [[1]: [1], [3]: nil]]).applicationHash == first)
        #expect(try database.snapshot(at: 2).get("acc", [1]) == [1])
    }

    @Test("metadata is written with the block or not at all; blobs are found by their hash")
    func metadata() throws {
        let database = try folder.database()
        let prepared = try database.prepare(height: 0, writes: [:], adding: StoreName.all)
        try database.commit(prepared, meta: ["head": [7], "other": [8]], blobs: [[1, 2, 3]])
        #expect(try database.metaValue("head") == [7])
        #expect(throws: StateDatabaseError.stale) { try database.commit(prepared, meta: ["head": [9]]) }
        #expect(try database.metaValue("head") == [7])
        try database.writeMeta(["other": nil, "third": []])
        #expect(try database.metaValue("other") == nil && database.metaValue("third") == [])
        #expect(try database.blob(SHA256.hash([1, 2, 3])) == [1, 2, 3])
        let hash = try database.putBlob([4, 5])
        #expect(try hash == SHA256.hash([4, 5]) && database.blob(hash) == [4, 5] && database.blob(.zero) == nil)
    }

    @Test("the files as a killed process leaves them open at the last commit", arguments: [11, 12] as [UInt64])
    func reopening(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var model = Model()
        let database = try folder.database()
        for height in 0..<10 as Range<UInt64> {
            let writes = generator.writes(on: model, count: 20)
            model.apply(writes)
            try database.add(height, writes, meta: ["head": [UInt8(height)]])
        }
        _ = try database.prepare(height: 10, writes: generator.writes(on: model, count: 20))
        // Nothing was closed or synchronised: the copy is what the system would keep of a killed process.
        try FileManager.default.createDirectory(atPath: folder.path("copy"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(
            atPath: folder.path("state/data.mdb"), toPath: folder.path("copy/data.mdb"))
        let copy = try folder.database("copy")
        #expect(copy.latestHeight == 9 && copy.oldestHeight == 0)
        #expect(try copy.metaValue("head") == [9])
        #expect(try copy.snapshot(at: 9).applicationHash == model.applicationHash)
        let writes = generator.writes(on: model, count: 20)
        model.apply(writes)
        #expect(try copy.add(10, writes).applicationHash == model.applicationHash)
        try expectSame(try copy.snapshot(at: 10), model, &generator)
    }

    @Test("a snapshot reads the same while blocks are committed and pruned by another thread")
    func concurrentReaders() async throws {
        let database = try folder.database()
        let keys = (0..<50).map { Array("key\($0)".utf8) }
        func writes(_ height: UInt64) -> StateDatabase.Writes {
            ["bank": Dictionary(uniqueKeysWithValues: keys.map { ($0, Optional(StateKey.number(height))) })]
        }
        try database.add(0, writes(0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                for height in 1...100 as ClosedRange<UInt64> {
                    try database.add(height, writes(height))
                    try database.prune(upTo: height - 1)
                }
            }
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<60 {
                        let snapshot = try #require(try database.latestSnapshot())
                        let expected = StateKey.number(snapshot.height)
                        for key in keys { #expect(try snapshot.get("bank", key) == expected) }
                        let proved = try snapshot.multiproof("bank", Array(keys[..<10]))
                        try MultiProof.verify(
                            root: snapshot.commitment.root(of: "bank")!, keys: proved.keys, values: proved.values,
                            proof: proved.proof)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(database.latestHeight == 100)
    }
}
