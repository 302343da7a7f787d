import BenchmarkKit
import Foundation
import PublicCryptography
import StateProofs
import StateStore

/// A store of 50,000 values on disk, gone with this object.
final class BenchmarkStore {
    let root: Hash32
    let snapshot: StateSnapshot
    private let folder: String

    init() throws {
        folder = NSTemporaryDirectory() + "cloister-bench-\(Machine.runID).state"
        var options = StateDatabase.Options()
        options.isDurable = false
        let database = try StateDatabase(path: folder, options: options)
        var values: [[UInt8]: [UInt8]?] = [:]
        for index in 0..<50_000 {
            values[BenchmarkStore.key(index)] = [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 128)
        }
        try database.commit(
            try database.prepare(height: 1, writes: [StoreName.compute: values], adding: [StoreName.compute]))
        snapshot = try database.snapshot(at: 1)
        root = snapshot.commitment.root(of: StoreName.compute) ?? .zero
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// `count` keys of the store, others for each `start`.
    func keys(_ count: Int, from start: Int) -> [[UInt8]] {
        (0..<count).map { BenchmarkStore.key((start + $0 * 97) % 50_000) }
    }

    private static func key(_ index: Int) -> [UInt8] {
        SHA256.hash(Array("key \(index)".utf8)).bytes
    }
}
