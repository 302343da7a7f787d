import ChainFormats
import PublicCryptography
import Seeds
import StateKit
import StateProofs
import StateStore
import TestSupport
import Testing
import Wire

@Suite("Pruning")
struct PruningTests {
    private let folder = TemporaryFolder()

    @Test("pruning keeps all later heights readable and provable", arguments: [21, 22, 23] as [UInt64])
    func laterHeights(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let database = try folder.database()
        var model = Model()
        var history = [Model]()
        for height in 0..<40 as Range<UInt64> {
            let writes = generator.writes(on: model, count: 15)
            model.apply(writes)
            try database.add(height, writes)
            history.append(model)
        }
        for limit in [0, 1, 17, 17, 30, 1_000] as [UInt64] {
            let kept = try #require(try database.prune(upTo: limit))
            #expect(kept == min(limit + 1, 39))
            #expect(throws: StateDatabaseError.heightNotKept(kept - 1)) { try database.snapshot(at: kept - 1) }
            for height in kept..<40 {
                let (snapshot, model) = (try database.snapshot(at: height), history[Int(height)])
                for store in StoreName.all {
                    let entries = try snapshot.iterate(store, prefix: [])
                    #expect(entries == model.entries(store, prefix: [], after: nil, limit: .max, reverse: false))
                    let keys = entries.map(\.key) + [[0x77]]
                    let proved = try snapshot.multiproof(store, keys)
                    #expect(throws: Never.self) {
                        try MultiProof.verify(
                            root: Model.root(model.stores[store] ?? [:]), keys: keys, values: proved.values,
                            proof: proved.proof)
                    }
                    #expect(try snapshot.prove(store, [0x77]).inStore != nil || entries.isEmpty)
                }
            }
        }
        var writes = StateDatabase.Writes()
        for (store, entries) in model.stores { writes[store] = entries.mapValues { _ in nil } }
        #expect(try database.add(40, writes).storeRoots.allSatisfy { $0.root == .zero })
    }

    @Test("a key removed and pruned is gone, and may come back")
    func removedKeys() throws {
        let database = try folder.database()
        try database.add(0, ["acc": [[1]: [1], [2]: [2]]])
        try database.add(1, ["acc": [[1]: nil]])
        try database.add(2, [:])
        try database.prune(upTo: 1)
        #expect(try database.snapshot(at: 2).get("acc", [1]) == nil)
        #expect(try database.snapshot(at: 2).iterate("acc", prefix: []).map(\.key) == [[2]])
        try database.add(3, ["acc": [[1]: [9]]])
        let proved = try database.snapshot(at: 3).prove("acc", [1])
        #expect(proved.value == [9])
        // Its neighbours are named by their keys, so the name must be known again.
        let absent = try database.snapshot(at: 3).prove("acc", [7])
        let root = try #require(try database.snapshot(at: 3).commitment.root(of: "acc"))
        #expect(absent.inStore?.provesAbsence(of: [7], root: root) == true)
    }

    @Test("heights that somebody reads stay until the snapshot is let go")
    func heldHeights() throws {
        let database = try folder.database()
        for height in 0..<5 as Range<UInt64> { try database.add(height, ["acc": [[1]: [UInt8(height)]]]) }
        var held: StateSnapshot? = try database.snapshot(at: 2)
        #expect(try database.prune(upTo: 3) == 2)
        #expect(try held?.get("acc", [1]) == [2])
        #expect(try database.snapshot(at: 3).get("acc", [1]) == [3])
        held = nil
        #expect(try database.prune(upTo: 3) == 4)
        #expect(throws: StateDatabaseError.heightNotKept(2)) { try database.snapshot(at: 2) }
        #expect(try database.snapshot(at: 4).get("acc", [1]) == [4])
        #expect(try database.prune(upTo: 4) == 4)
    }

    @Test("more than one step's worth is pruned in one call")
    func manySteps() throws {
        let database = try folder.database()
        for height in 0..<12 as Range<UInt64> {
            let entries = (0..<800).map { (StateKey.number(UInt64($0)), Optional(StateKey.number(height))) }
            try database.add(height, ["compute": Dictionary(uniqueKeysWithValues: entries)])
        }
        #expect(try database.prune(upTo: 10) == 11)
        #expect(try database.snapshot(at: 11).iterate("compute", prefix: []).count == 800)
        let again = try folder.database()
        #expect(again.oldestHeight == 11)
    }
}
