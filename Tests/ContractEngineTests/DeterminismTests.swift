import ContractEngine
import ModuleGenerator
import PublicCryptography
import Testing

@Suite("Generated modules")
struct DeterminismTests {
    @Test("come to the same with every engine preset, and to the committed digest in every build")
    func committedRun() throws {
        let corpus = try Corpus(committedWith: Differential())
        #expect(corpus.digest.description == Corpus.committedDigest)
        // Otherwise the run would say little.
        #expect(corpus.modules == Corpus.committedCount)
        #expect(corpus.run > 180 && corpus.stored > corpus.run)
        #expect(corpus.calls > 3 * corpus.run)
        let ends = corpus.ends.keys
        for end in [
            "success", "ran out of gas", "failed to read memory", "out of bounds", "another type", "divided by zero",
            "panicked", "does not validate", "floating point", "start function", "during a query", "structural limit",
        ] {
            #expect(ends.contains { $0.contains(end) }, "none ended with: \(end)")
        }
    }

    @Test("use the gas, end the way and leave the memory that the rules say, by an interpreter that knows nothing else")
    func reference() throws {
        let differential = try Differential(presets: [.winch])
        let first = UInt64.random(in: 1...UInt64.max / 2)
        var calls = 0
        for seed in first..<first + 200 {
            var choices = Choices(seed: seed)
            do throws(Differential.Disagreement) {
                calls += try differential.compareWithReference(GeneratedModule(selfContained: &choices))
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
        }
        #expect(calls > 400)
    }

    @Test("that differ from run to run agree as well", arguments: [UInt64.random(in: 1_000_000...UInt64.max / 2)])
    func freshRun(seed: UInt64) throws {
        let differential = try Differential()
        var corpus = Corpus()
        for seed in seed..<seed + 50 {
            do throws(Differential.Disagreement) {
                try corpus.add(seed: seed, with: differential)
            } catch {
                Issue.record("seed \(seed): \(error)")
            }
        }
        #expect(corpus.run > 20)
    }
}
