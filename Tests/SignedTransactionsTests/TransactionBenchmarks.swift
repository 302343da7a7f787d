import Glibc
import SignedTransactions
import Testing

/// Numbers for the budgets, printed on request: CLOISTER_BENCHMARK=1, in a release build.
@Suite("Benchmarks of signed transactions", .enabled(if: getenv("CLOISTER_BENCHMARK") != nil))
struct TransactionBenchmarks {
    @Test("the golden transaction is decoded and its signature checked")
    func transaction() throws {
        let clock = ContinuousClock()
        let decoding = try clock.measure {
            for _ in 0..<10_000 { _ = try Transaction(decoding: GoldenTransaction.bytes) }
        }
        let transaction = try Transaction(decoding: GoldenTransaction.bytes)
        let checking = clock.measure {
            for _ in 0..<2_000 {
                _ = SignatureCheck.verify(
                    transaction, signerIndex: 0, chainID: GoldenTransaction.chainID, accountNumber: 0, sequence: 0)
            }
        }
        print("transaction: decode \(decoding / 10_000), check signature \(checking / 2_000)")
        #expect(decoding > .zero && checking > .zero)
    }
}
