import ConsensusSimulation

// What takes an optimised build and no more of the product than the engine: all states of the first rounds.

let usage = "usage: cloister-simulation rules [ROUNDS]"

func rules(_ rounds: Int) -> Bool {
    var isSafe = true
    for hostile in 0..<4 {
        let clock = ContinuousClock()
        let begin = clock.now
        var search = RuleSearch(rounds: rounds, hostile: hostile)
        let report = search.run()
        let seconds = Double((clock.now - begin) / .milliseconds(1)) / 1000
        print(
            "\(rounds) rounds, hostile validator's turn in round \(hostile): \(report.states) states, \(report.nodeStates) of a node,",
            report.fork.isEmpty ? "no fork" : "FORK", "(\(seconds) s)")
        for step in report.fork { print("  \(step)") }
        isSafe = isSafe && report.fork.isEmpty
    }
    return isSafe
}

let arguments = CommandLine.arguments.dropFirst()
guard arguments.first == "rules", let rounds = Int(arguments.dropFirst().first ?? "3"), (1...4).contains(rounds) else {
    fatalError(usage)
}
guard rules(rounds) else { fatalError("two blocks could be decided at one height") }
