import ArgumentParser
import ConsensusSimulation
import ReactorSimulation

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
    @Flag(help: "Nodes talk by the code that real ones talk by, over connections, not by the simulator's rules.")
    var reactors = false
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
        let campaign = SimulationCampaign(
            seeds: seed..<(seed + seeds), nodeCount: nodes, heights: heights,
            attack: SimulatedAttack(name: attack)!, defect: defect.flatMap(SimulatedDefect.init),
            reactors: reactors ? NodeReactors.fresh : nil)
        let saysAll = verbose || seeds == 1
        let outcome = try campaign.run { settings, report in
            if let violation = report.violation {
                print("FAILED: \(violation)\n  \(settings.command)")
            } else if saysAll {
                print(report.text(settings))
            }
        }
        let seconds = Double((clock.now - begin) / .milliseconds(1)) / 1000
        let simulated = Double(outcome.simulatedMilliseconds) / 1000
        let rate = Int(simulated / max(seconds, 0.001))
        print("\(seeds) seeds, \(outcome.failed) failed; \(Int(simulated)) simulated seconds, \(rate) a second")
        if outcome.failed > 0 { throw ExitCode.failure }
    }
}
