import ChainFormats
import Foundation
import PublicCryptography
import StateProofs
import TestSupport
import Testing

@testable import StateStore

@Suite("A state that comes in batches") struct StateRestorationTests {
    private let folder = TemporaryFolder("restoration")

    private func database(_ name: String) throws -> StateDatabase {
        var options = StateDatabase.Options()
        (options.isDurable, options.mapBytes) = (false, 1 << 30)
        return try StateDatabase(path: folder.path(name), options: options)
    }

    /// Of two stores, in as many batches as there are keys that begin alike.
    private static let batches: [StateDatabase.Writes] = (0..<40).map { batch in
        var writes: StateDatabase.Writes = [:]
        for index in 0..<60 as Range<UInt8> {
            let key = Array(SHA256.hash([UInt8(batch), index]).bytes.prefix(20))
            let value = [UInt8](repeating: index, count: 500 + Int(index))
            writes[index % 3 == 0 ? "acc" : "bank", default: [:]][key] = .some(value)
        }
        return writes
    }

    @Test("it is the state that comes at once, whatever the batches, and blocks go on from it")
    func same() throws {
        let (whole, piecewise) = (try database("whole"), try database("piecewise"))
        var all: StateDatabase.Writes = [:]
        for batch in Self.batches {
            for (store, writes) in batch { all[store, default: [:]].merge(writes) { $1 } }
        }
        let prepared = try whole.prepare(height: 7, writes: all, adding: ["acc", "bank", "empty"])
        try whole.commit(prepared)

        // One that came to no end before, of another chain: nothing of it is left.
        let cutOff = try StateRestoration(of: piecewise, height: 5, stores: ["bank", "other"])
        try cutOff.add(["other": [[1]: .some([2])], "bank": [[9]: .some([9])]])
        try cutOff.add(blobs: [[1, 2, 3]])
        #expect(piecewise.latestHeight == nil)

        let restoration = try StateRestoration(of: piecewise, height: 7, stores: ["empty", "bank", "acc"])
        #expect(try piecewise.blob(SHA256.hash([1, 2, 3])) == nil)
        for batch in Self.batches.shuffled() { try restoration.add(batch) }
        #expect(throws: StateDatabaseError.unknownStore("other")) { try restoration.add(["other": [:]]) }
        try restoration.add(blobs: [[4, 5]])
        #expect(restoration.applicationHash == prepared.applicationHash)
        #expect(piecewise.latestHeight == nil)
        try restoration.finish(meta: ["name": [7]])
        #expect(piecewise.latestHeight == 7 && piecewise.oldestHeight == 7)
        #expect(try piecewise.metaValue("name") == [7] && piecewise.blob(SHA256.hash([4, 5])) == [4, 5])

        let (one, other) = (try whole.snapshot(at: 7), try piecewise.snapshot(at: 7))
        #expect(one.commitment == other.commitment)
        let (parts, others) = (try one.parts(bytesTarget: 20_000).all, try other.parts(bytesTarget: 20_000).all)
        #expect(parts.map(\.part) == others.map(\.part) && parts.count > 10)
        for part in parts { #expect(try one.entries(of: part.part) == other.entries(of: part.part)) }
        let key = try #require(Self.batches[3]["bank"]?.keys.first)
        #expect(try one.prove("bank", key) == other.prove("bank", key))
        // Both go on alike.
        let change: StateDatabase.Writes = ["bank": [key: .some([1]), [5, 5]: .some([6])], "acc": [[1]: .some([1])]]
        let next = try [whole, piecewise].map { database in
            let prepared = try database.prepare(height: 8, writes: change)
            try database.commit(prepared)
            return prepared.applicationHash
        }
        #expect(next[0] == next[1])
    }

    @Test("what is in a database stands as it is after it is opened again, and nothing that was not finished")
    func reopened() throws {
        do {
            let database = try database("again")
            let restoration = try StateRestoration(of: database, height: 3, stores: ["bank"])
            try restoration.add(["bank": [[1]: .some([2])]])
        }
        do {
            let database = try database("again")
            #expect(database.latestHeight == nil)
            let restoration = try StateRestoration(of: database, height: 4, stores: ["bank"])
            try restoration.add(["bank": [[3]: .some([4])]])
            try restoration.finish(meta: [:])
        }
        let database = try database("again")
        #expect(database.latestHeight == 4)
        let snapshot = try database.snapshot(at: 4)
        let parts = try snapshot.parts(bytesTarget: 100).all
        #expect(try parts.flatMap { try snapshot.entries(of: $0.part) } == [.init(key: [3], value: [4])])
    }
}
