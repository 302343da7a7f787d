import PublicCryptography
import StateKit
import StateProofs
import StateStore
import TestSupport
import Testing

@Suite("Stores by height")
struct StoresByHeightTests {
    private let folder = TemporaryFolder()

    private func names(_ database: StateDatabase, _ height: UInt64) throws -> [String] {
        try database.snapshot(at: height).commitment.stores.map(\.name)
    }

    @Test("a commit adds a store; heights before it keep their hash, their stores and their values")
    func added() throws {
        let database = try folder.database()
        let first = try database.add(0, ["acc": [[1]: [1]]]).applicationHash
        let writes: StateDatabase.Writes = ["bonds": [[7]: [8]], "acc": [[1]: [2]]]
        #expect(throws: StateDatabaseError.unknownStore("bonds")) { try database.prepare(height: 1, writes: writes) }
        let prepared = try database.prepare(height: 1, writes: writes, adding: ["zones", "bonds"])
        try database.commit(prepared)
        let all = ["acc", "bank", "bonds", "compute", "register", "zones"]
        #expect(try names(database, 0) == StoreName.all && names(database, 1) == all)
        let (before, after) = (try database.snapshot(at: 0), try database.snapshot(at: 1))
        #expect(before.applicationHash == first && after.applicationHash == prepared.applicationHash)
        #expect(try before.get("acc", [1]) == [1] && before.get("bonds", [7]) == nil)
        #expect(try after.get("acc", [1]) == [2] && after.get("bonds", [7]) == [8])
        // As a reader who believes the hash alone checks it.
        let root = try #require(after.commitment.root(of: "bonds"))
        #expect(root == ReferenceTree([[7]: [8]]).root)
        let proved = try after.multiproof("bonds", [[7], [9]])
        #expect(proved.values == [[8], nil])
        #expect(throws: (any Error).self) { try before.multiproof("bonds", [[7]]) }
        // The next block has them without saying so.
        try database.add(2, ["zones": [[1]: [1]]])
        #expect(try names(database, 2) == all)
    }

    @Test("the hash is that of a chain which had the store from the start")
    func sameHash() throws {
        let (late, early) = (try folder.database("late"), try folder.database("early"))
        let first: StateDatabase.Writes = ["acc": [[1]: [1]]]
        try late.add(0, first)
        try early.commit(try early.prepare(height: 0, writes: first, adding: StoreName.all + ["bonds"]))
        #expect(try late.snapshot(at: 0).applicationHash != early.snapshot(at: 0).applicationHash)
        let second: StateDatabase.Writes = ["bonds": [[1]: [1]]]
        let added = try late.prepare(height: 1, writes: second, adding: ["bonds"])
        #expect(try added.applicationHash == early.prepare(height: 1, writes: second).applicationHash)
    }

    @Test("a store is added once, under a name that crosses the boundary, and a first commit has one at least")
    func refused() throws {
        let database = try folder.database()
        #expect(throws: StateDatabaseError.noStores) { try database.prepare(height: 0, writes: [:]) }
        try database.add(0, [:])
        for name in ["acc", "", "with space", String(repeating: "a", count: 33), "ü"] {
            #expect(throws: StateDatabaseError.cannotAdd(store: name)) {
                try database.prepare(height: 1, writes: [:], adding: [name])
            }
        }
        #expect(throws: StateDatabaseError.cannotAdd(store: "bonds")) {
            try database.prepare(height: 1, writes: [:], adding: ["bonds", "bonds"])
        }
    }
}
