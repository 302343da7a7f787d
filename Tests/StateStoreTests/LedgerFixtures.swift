import PublicCryptography
import Seeds
import StateKit
import StateProofs
import StateStore
import TestSupport

extension TemporaryFolder {
    func database(_ name: String = "state") throws -> StateDatabase {
        var options = StateDatabase.Options()
        options.isDurable = false
        options.mapBytes = 1 << 30
        return try StateDatabase(path: path(name), options: options)
    }
}

/// The state as a dictionary, and its tree as the definition reads.
struct Model {
    typealias Store = [[UInt8]: [UInt8]]
    var stores: [String: Store] = [:]

    mutating func apply(_ writes: StateDatabase.Writes) {
        for (store, changes) in writes {
            for (key, value) in changes { stores[store, default: [:]][key] = value }
        }
    }

    var applicationHash: Hash32 {
        StoreCommitment(StoreName.all.map { (name: $0, root: Model.root(stores[$0] ?? [:])) })!.applicationHash
    }

    static func root(_ store: Store) -> Hash32 { ReferenceTree(store).root }

    func entries(
        _ store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) -> [StateEntry] {
        var entries = (stores[store] ?? [:]).filter { $0.key.starts(with: prefix) }
            .map { StateEntry(key: $0.key, value: $0.value) }
            .sorted { $0.key.lexicographicallyPrecedes($1.key) }
        if reverse { entries.reverse() }
        if let after {
            entries = entries.filter {
                reverse ? $0.key.lexicographicallyPrecedes(after) : after.lexicographicallyPrecedes($0.key)
            }
        }
        return Array(entries.prefix(limit))
    }
}

extension SeededGenerator {
    /// Keys from few letters, with the two bytes that escaping has to get right, so that they meet and nest.
    mutating func key() -> [UInt8] {
        let letters: [UInt8] = [0x00, 0x01, 0x61, 0xfe, 0xff]
        return (0..<Int.random(in: 1...4, using: &self)).map { _ in letters.randomElement(using: &self)! }
    }

    /// Writes, overwrites (some with the same value) and removals (some of absent keys) in several stores.
    mutating func writes(on model: Model, count: Int) -> StateDatabase.Writes {
        var writes = StateDatabase.Writes()
        for _ in 0..<count {
            let store = StoreName.all.randomElement(using: &self)!
            let present = (model.stores[store] ?? [:]).keys.sorted { $0.lexicographicallyPrecedes($1) }
            let key = Bool.random(using: &self) ? present.randomElement(using: &self) ?? key() : key()
            let value: [UInt8]? =
                Int.random(in: 0..<3, using: &self) == 0 ? nil : [UInt8.random(in: 0..<4, using: &self)]
            writes[store, default: [:]].updateValue(value, forKey: key)
        }
        return writes
    }
}

extension StateDatabase {
    @discardableResult
    func add(_ height: UInt64, _ writes: Writes, meta: Metadata = [:]) throws -> PreparedCommit {
        let prepared = try prepare(height: height, writes: writes, adding: latestHeight == nil ? StoreName.all : [])
        try commit(prepared, meta: meta)
        return prepared
    }
}
