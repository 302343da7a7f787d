import Seeds
import StateKit
import StateProofs
import StateStore
import TestSupport
import Testing

@Suite("Scoped overlays")
struct ScopedOverlayTests {
    private let folder = TemporaryFolder()

    private func overlay(_ writes: StateDatabase.Writes = [:]) throws -> ScopedOverlay {
        let database = try folder.database()
        try database.add(0, writes)
        return ScopedOverlay(try database.snapshot(at: 0))
    }

    @Test("writes and removals hide what is below, and finish gives them all")
    func readYourWrites() throws {
        let it = try overlay(["acc": [[1]: [1], [2]: [2]]])
        it.set("acc", [1], [9])
        it.remove("acc", [2])
        it.set("bank", [3], [3])
        #expect(try it.get("acc", [1]) == [9] && it.get("acc", [2]) == nil && it.get("bank", [3]) == [3])
        #expect(it.finish() == ["acc": [[1]: [9], [2]: nil], "bank": [[3]: [3]]])
    }

    @Test("reverting a scope discards it and all opened after it, and nothing else")
    func revert() throws {
        let it = try overlay()
        it.set("acc", [0], [0])
        it.open(0)
        it.set("acc", [1], [1])
        it.open(1)
        it.set("acc", [2], [2])
        it.open(4)
        it.set("acc", [3], [3])
        it.revert(to: 1)
        #expect(try it.get("acc", [1]) == [1] && it.get("acc", [2]) == nil && it.get("acc", [3]) == nil)
        it.set("acc", [4], [4])
        it.revert(to: 0)
        #expect(it.finish() == ["acc": [[0]: [0]]])
    }

    @Test("a smaller number merges the larger ones into it, and they then share its fate")
    func merge() throws {
        let it = try overlay()
        it.open(0)
        it.open(1)
        it.open(2)
        it.set("acc", [2], [2])
        it.open(1)
        it.set("acc", [1], [1])
        it.open(3)
        it.set("acc", [3], [3])
        it.revert(to: 3)
        #expect(try it.get("acc", [2]) == [2] && it.get("acc", [3]) == nil)
        it.revert(to: 1)
        #expect(it.finish().isEmpty)
    }

    @Test("a scope that is first heard of after its children takes them with it when it is reverted")
    func lateParent() throws {
        let it = try overlay()
        it.open(0)
        it.set("acc", [0], [0])
        it.open(3)
        it.set("acc", [3], [3])
        // Scope 2, between the two, called 3 before it wrote anything itself.
        it.open(2)
        it.set("acc", [2], [2])
        it.revert(to: 2)
        it.merge()
        #expect(it.finish() == ["acc": [[0]: [0]]])
    }

    @Test("a scope that never wrote anything is reverted with what its children wrote")
    func silentParent() throws {
        let it = try overlay()
        it.open(0)
        it.open(5)
        it.set("acc", [5], [5])
        it.revert(to: 4)
        #expect(it.finish().isEmpty)
    }

    @Test("iteration over scopes and state is that of the merged state", arguments: 41...60 as ClosedRange<UInt64>)
    func iteration(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var model = Model()
        let first = generator.writes(on: model, count: 60)
        model.apply(first)
        let it = try overlay(first)
        func ask(_ count: Int) throws {
            for _ in 0..<count {
                let store = StoreName.all.randomElement(using: &generator)!
                let prefix = Bool.random(using: &generator) ? [] : Array(generator.key().prefix(2))
                let after = Bool.random(using: &generator) ? nil : generator.key()
                let limit = [0, 1, 3, .max].randomElement(using: &generator)!
                let reverse = Bool.random(using: &generator)
                #expect(
                    try it.iterate(store, prefix: prefix, after: after, limit: limit, reverse: reverse)
                        == model.entries(store, prefix: prefix, after: after, limit: limit, reverse: reverse),
                    "seed \(seed)")
            }
        }
        for scope in 0..<5 as Range<UInt32> {
            it.open(scope)
            // Few writes are looked at one by one, many are sorted; both in one scope.
            for count in [15, 200, 20, 200, 10] {
                let writes = generator.writes(on: model, count: count)
                model.apply(writes)
                for (store, changes) in writes {
                    for (key, value) in changes { it.write(store, key, value) }
                }
                try ask(20)
            }
            // What was walked and is thrown away is not there any more.
            if scope < 4 {
                it.open(scope + 1)
                for (store, changes) in generator.writes(on: model, count: 150) {
                    for (key, value) in changes { it.write(store, key, value) }
                }
                _ = try it.iterate(StoreName.all[0], prefix: [], limit: .max)
                it.revert(to: scope + 1)
            } else {
                it.merge()
            }
            try ask(30)
        }
    }

    @Test("an overlay on an overlay leaves the lower one alone")
    func nested() throws {
        let lower = try overlay(["acc": [[1]: [1]]])
        lower.set("acc", [2], [2])
        let upper = ScopedOverlay(lower)
        upper.remove("acc", [2])
        upper.set("acc", [3], [3])
        #expect(try upper.iterate("acc", prefix: []).map(\.key) == [[1], [3]])
        #expect(try lower.iterate("acc", prefix: []).map(\.key) == [[1], [2]])
    }
}
