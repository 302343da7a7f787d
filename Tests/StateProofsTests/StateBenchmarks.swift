import Glibc
import StateKit
import StateProofs
import Testing

/// Numbers for the budgets, printed on request: CLOISTER_BENCHMARK=1, in a release build.
@Suite("Benchmarks of state proofs", .enabled(if: getenv("CLOISTER_BENCHMARK") != nil))
struct StateBenchmarks {
    @Test("a multiproof of ten keys among 100,000 is verified")
    func verification() throws {
        let values = Dictionary(
            uniqueKeysWithValues: (0..<100_000).map { (Array("key/\($0)".utf8), [UInt8](repeating: 7, count: 100)) })
        let tree = ReferenceTree(values)
        let root = tree.root
        for count in [1, 10, 100] {
            let keys = (0..<count).map { Array("key/\($0 * 97)".utf8) }
            let proof = tree.proof(of: keys)
            let answers = keys.map { values[$0] }
            let rounds = 20_000 / count
            let clock = ContinuousClock()
            let elapsed = try clock.measure {
                for _ in 0..<rounds { try MultiProof.verify(root: root, keys: keys, values: answers, proof: proof) }
            }
            print("verify: \(count) keys, \(proof.count) bytes of proof, \(elapsed / (rounds * count)) a key")
            #expect(elapsed > .zero)
        }
    }
}
