import ArgumentParser
import ConsensusSimulation

/// Runs networks that do not exist, under faults, and says what broke.
struct Simulate: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run simulated networks of validators under faults, each from a seed; a failure prints its command.",
        discussion: "Faults: " + SimulatedFault.allCases.map(\.rawValue).joined(separator: ", ")
            + ".\nDefects that nodes can be given, to see what finds them: "
            + SimulatedDefect.allCases.map(\.rawValue).joined(separator: ", ") + ".")
    @Option(help: "The first seed.") var seed: UInt64 = 1
    @Option(help: "How many seeds, one after the other.") var seeds: UInt64 = 1
    @Option(help: "Validators of a network; 4 to 7, as the seed says, if not given.") var nodes: Int?
    @Option(help: "Faults end when this many blocks are decided.") var heights: Int64 = 6
    @Option(help: "'none', 'mixed' (a few kinds, as the seed says), or kinds separated by commas.")
    var attack = "mixed"
    @Option(help: "A rule that nodes break on purpose.") var defect: String?
    @Flag(help: "Say what came of every seed.") var verbose = false

    func validate() throws {
        guard SimulatedAttack(name: attack) != nil else { throw ValidationError("no such attack: \(attack)") }
        guard defect.map({ SimulatedDefect(rawValue: $0) != nil }) ?? true else {
            throw ValidationError("no such defect: \(defect ?? "")")
        }
        guard nodes.map(SimulationSettings.nodeCounts.contains) ?? true, heights > 0, seeds > 0 else {
            throw ValidationError("--nodes is from 1 to 64, --heights and --seeds more than 0")
        }
    }

    func run() throws {
        let clock = ContinuousClock()
        let begin = clock.now
        var milliseconds: Int64 = 0
        var failed = 0
        for seed in seed..<(seed + seeds) {
            let settings = SimulationSettings(
                seed: seed, nodeCount: nodes ?? 4 + Int(seed % 4), heights: heights,
                attack: SimulatedAttack(name: attack)!, defect: defect.flatMap(SimulatedDefect.init))
            let report = try Simulation(settings).run()
            milliseconds += report.simulatedMilliseconds
            if let violation = report.violation {
                failed += 1
                print("FAILED: \(violation)\n  \(settings.command)")
            } else if verbose || seeds == 1 {
                print(text(report, seed))
            }
        }
        let seconds = Double((clock.now - begin) / .milliseconds(1)) / 1000
        let rate = Int(Double(milliseconds) / 1000 / max(seconds, 0.001))
        print("\(seeds) seeds, \(failed) failed; \(milliseconds / 1000) simulated seconds, \(rate) a second")
        if failed > 0 { throw ExitCode.failure }
    }

    private func text(_ report: SimulationReport, _ seed: UInt64) -> String {
        let faults = report.faults.map { "\($0.fault.rawValue) \($0.count)" }.joined(separator: ", ")
        return
            "seed \(seed): \(report.heights) heights, round \(report.highestRound) at most, \(report.eventCount) events, "
            + "hash \(String(report.hash, radix: 16)); faults: \(faults.isEmpty ? "none" : faults)"
    }
}
