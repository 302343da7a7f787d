import Foundation
import LedgerRecords
import PublicCryptography
import Seeds
import StateStore
import TestSupport
import Testing
import Wire

/// Numbers for the budgets, printed on request: CLOISTER_BENCHMARK=1, in a release build.
@Suite(
    "Benchmarks of the database",
    .enabled(if: ProcessInfo.processInfo.environment["CLOISTER_BENCHMARK"] != nil), .serialized)
struct LedgerBenchmarks {
    private let folder = TemporaryFolder()

    @Test("a thousand updates on 100,000 leaves, and reads and proofs of them", arguments: [false, true])
    func blocks(isDurable: Bool) throws {
        var options = StateDatabase.Options()
        options.isDurable = isDurable
        let database = try StateDatabase(path: folder.path("state"), options: options)
        let clock = ContinuousClock()
        func key(_ number: Int) -> [UInt8] {
            ComputeStore.stateKey(ModuleAddress.mint, name: SHA256.hash(StateKey.number(UInt64(number))))
        }
        let genesis = try clock.measure {
            let entries = (0..<100_000).map { (key($0), Optional([UInt8](repeating: 1, count: 120))) }
            try database.commit(
                try database.prepare(
                    height: 0, writes: ["compute": Dictionary(uniqueKeysWithValues: entries)], adding: ["compute"]))
        }
        var (preparing, committing) = (Duration.zero, Duration.zero)
        var generator = SeededGenerator(seed: 5)
        let rounds = 20
        for height in 1...rounds {
            let entries = (0..<1_000).map { _ in
                (
                    key(Int.random(in: 0..<100_000, using: &generator)),
                    Optional([UInt8](repeating: UInt8(height), count: 120))
                )
            }
            let writes = ["compute": Dictionary(entries) { $1 }]
            var prepared: PreparedCommit?
            preparing += try clock.measure { prepared = try database.prepare(height: UInt64(height), writes: writes) }
            committing += try clock.measure { try database.commit(prepared!) }
        }
        let snapshot = try database.snapshot(at: UInt64(rounds))
        let keys = (0..<200).map { _ in (0..<10).map { _ in key(Int.random(in: 0..<100_000, using: &generator)) } }
        var bytes = 0
        let proving = try clock.measure {
            for keys in keys { bytes += try snapshot.multiproof("compute", keys).proof.count }
        }
        let reading = try clock.measure {
            for keys in keys { for key in keys { _ = try snapshot.get("compute", key) } }
        }
        let pruning = try clock.measure { try database.prune(upTo: UInt64(rounds - 1)) }
        print(
            """
            ledger (durable: \(isDurable)): genesis of 100,000 \(genesis); prepare 1,000 updates \(preparing / rounds), \
            commit \(committing / rounds); multiproof of 10 \(proving / keys.count), \(bytes / keys.count) bytes; \
            get \(reading / (10 * keys.count)); prune \(rounds) heights \(pruning)
            """)
        #expect(bytes > 0)
    }
}
