import Foundation
import HostAnswers
import ModuleKit
import StateStore

/// A ledger in a node's own database on disk, gone with this object: blocks write to an overlay, a commit waits for the
/// disk.
final class DurableLedger: LedgerState {
    private let folder = NSTemporaryDirectory() + "cloister-bench-\(UUID().uuidString).state"
    private let database: StateDatabase
    private var overlay = ScopedOverlay(Nothing())
    private var height: UInt64 = 0
    private let stores: [String]

    init(stores: [String]) throws {
        database = try StateDatabase(path: folder)
        self.stores = stores
    }

    deinit { try? FileManager.default.removeItem(atPath: folder) }

    /// Writes what was set since the last commit.
    ///
    /// - Returns: how many keys that were.
    @discardableResult
    func commit() throws -> Int {
        let writes = overlay.finish()
        height += 1
        try database.commit(try database.prepare(height: height, writes: writes, adding: height == 1 ? stores : []))
        // As a node does that keeps a hundred states.
        if height > 100 { _ = try database.prune(upTo: height - 100) }
        overlay = ScopedOverlay(try database.snapshot(at: height))
        return writes.values.reduce(0) { $0 + $1.count }
    }

    func value(of key: [UInt8], in store: String) throws -> [UInt8]? { try overlay.value(of: key, in: store) }
    func set(_ value: [UInt8]?, of key: [UInt8], in store: String) { overlay.set(value, of: key, in: store) }

    func entries(
        in store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) throws -> [LedgerEntry] {
        try overlay.entries(in: store, prefix: prefix, after: after, limit: limit, reverse: reverse)
    }

    /// Below the first state.
    private final class Nothing: StateReader {
        func get(_ store: String, _ key: [UInt8]) -> [UInt8]? { nil }
        func iterate(_ store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool) -> [StateEntry] {
            []
        }
    }
}
