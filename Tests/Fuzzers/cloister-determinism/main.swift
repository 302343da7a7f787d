import Glibc
import ModuleGenerator
import PublicCryptography

/// Runs generated modules with every engine preset and prints how many there were, how they ended and the digest of all
/// results. `cloister-determinism` alone repeats the committed run and compares the digest, which is how debug and
/// release builds are shown to agree; `cloister-determinism FIRST COUNT` takes COUNT seeds from FIRST on, for ever if
/// it is 0.
///
/// Ends with an error at the first disagreement, whose seed and module it prints.
func report(_ corpus: Corpus) {
    print("\(corpus.modules) modules, \(corpus.stored) stored, \(corpus.run) run, \(corpus.calls) calls")
    fflush(nil)
}

/// `cloister-determinism reference FIRST COUNT`: against the interpreter that counts by the rules.
func compareWithReference(_ arguments: [UInt64]) throws {
    let differential = try Differential()
    var calls = 0
    for seed in arguments[0]..<arguments[0] + arguments[1] {
        var choices = Choices(seed: seed)
        do throws(Differential.Disagreement) {
            calls += try differential.compareWithReference(GeneratedModule(selfContained: &choices))
        } catch {
            print("seed \(seed): \(error)")
            exit(1)
        }
    }
    print("\(arguments[1]) modules, \(calls) calls as by the rules")
    exit(0)
}

let isReference = CommandLine.arguments.dropFirst().first == "reference"
if isReference {
    let numbers = CommandLine.arguments.dropFirst(2).compactMap { UInt64($0) }
    if numbers.count == 2 { try compareWithReference(numbers) }
}

let numbers = CommandLine.arguments.dropFirst().compactMap { UInt64($0) }
guard numbers.count == CommandLine.arguments.count - 1, [0, 2].contains(numbers.count) else {
    print("usage: cloister-determinism [FIRST-SEED COUNT]")
    exit(2)
}
let (first, count) = numbers.isEmpty ? (1, Corpus.committedCount) : (numbers[0], numbers[1])
let differential = try Differential()
var corpus = Corpus()
var seed = first
while count == 0 || seed - first < count {
    do throws(Differential.Disagreement) {
        try corpus.add(seed: seed, with: differential)
    } catch {
        print("seed \(seed): \(error)")
        exit(1)
    }
    seed += 1
    if corpus.modules % 1000 == 0 { report(corpus) }
}
for (end, count) in corpus.ends.sorted(by: { $0.key < $1.key }) { print("\(count) \(end)") }
report(corpus)
print("digest \(corpus.digest)")
if numbers.isEmpty && corpus.digest.description != Corpus.committedDigest {
    print("but the committed digest is \(Corpus.committedDigest)")
    exit(1)
}
