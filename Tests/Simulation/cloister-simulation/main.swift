import ConsensusSimulation
import Foundation
import ReactorSimulation

// What of simulation takes an optimised build and no node: `rules` looks through all states of a height's first rounds,
// `seeds` runs networks under faults on all processors and says the digest of their events, the same in every build;
// `reactors` the same of networks that talk by the reactors' own code.

func fail(_ text: String) -> Never {
    FileHandle.standardError.write(Data((text + "\n").utf8))
    exit(1)
}

let usage = "usage: cloister-simulation rules [ROUNDS] | seeds or reactors COUNT [FIRST [ATTACK [DEFECT or - [NODES]]]]"

func rules(_ rounds: Int) -> Bool {
    var isSafe = true
    for hostile in 0..<4 {
        let clock = ContinuousClock()
        let begin = clock.now
        var search = RuleSearch(rounds: rounds, hostile: hostile)
        let report = search.run()
        let place = hostile < rounds ? "proposing in round \(hostile)" : "not proposing"
        print(
            "\(rounds) rounds, the hostile validator \(place): \(report.states) states, \(report.nodeStates) of a node,",
            report.fork.isEmpty ? "no fork," : "FORK,", clock.now - begin)
        for step in report.fork { print("  \(step)") }
        isSafe = isSafe && report.fork.isEmpty
    }
    return isSafe
}

func seeds(_ campaign: SimulationCampaign) throws -> Bool {
    let clock = ContinuousClock()
    let begin = clock.now
    let outcome = try campaign.run(workers: ProcessInfo.processInfo.activeProcessorCount) { settings, report in
        if let violation = report.violation { print("FAILED: \(violation)\n  \(settings.command)") }
    }
    let seconds = Double((clock.now - begin) / .milliseconds(1)) / 1000
    let simulated = Double(outcome.simulatedMilliseconds) / 1000
    print(
        "\(campaign.seeds.count) seeds, \(outcome.failed) failed; \(outcome.evidenceCount) pieces of evidence in blocks,",
        "\(Int(simulated)) simulated seconds in \(Int(seconds)), \(Int(simulated / max(seconds, 0.001))) a second")
    print("digest \(String(outcome.digest, radix: 16))")
    return outcome.failed == 0
}

let words = Array(CommandLine.arguments.dropFirst())
let number = words.count > 1 ? UInt64(words[1]) : nil
switch (words.first, words.count) {
case ("rules", 1...2):
    guard let rounds = words.count > 1 ? number : 3, (1...4).contains(rounds) else { fail(usage) }
    if !rules(Int(rounds)) { fail("two blocks could be decided at one height") }
case ("seeds", 2...6), ("reactors", 2...6):
    let first = words.count > 2 ? UInt64(words[2]) : 1
    guard let number, number > 0, let first, let attack = SimulatedAttack(name: words.count > 3 ? words[3] : "mixed")
    else { fail(usage) }
    let defect = words.count > 4 ? SimulatedDefect(rawValue: words[4]) : nil
    let nodes = words.count > 5 ? Int(words[5]) : nil
    guard words.count < 5 || defect != nil || words[4] == "-",
        words.count < 6 || nodes.map(SimulationSettings.nodeCounts.contains) == true
    else { fail(usage) }
    let campaign = SimulationCampaign(
        seeds: first..<first + number, nodeCount: nodes, attack: attack, defect: defect,
        reactors: words[0] == "reactors" ? NodeReactors.fresh : nil)
    if try !seeds(campaign) { fail("a rule was broken") }
default: fail(usage)
}
