import ConsensusSimulation
import Testing

@testable import ConsensusCore

/// All three rounds for every place of the hostile validator are `make rules`, which CI runs in release.
@Suite struct RuleSearchTests {
    @Test("no state of two rounds has two blocks that could both be decided", arguments: 0..<4)
    func twoRounds(hostile: Int) async {
        var search = RuleSearch(rounds: 2, hostile: hostile)
        let report = search.run()
        #expect(report.isComplete && report.fork.isEmpty, "\(report)")
        #expect(report.states > 2000)
    }

    @Test("a core that forgets its lock forks in two rounds", arguments: 0..<4)
    func forgottenLock(hostile: Int) async {
        var search = RuleSearch(rounds: 2, hostile: hostile) { $0.locked = nil }
        #expect(!search.run().fork.isEmpty)
    }

    /// One node's lock ends by nil, another's makes it vote nil: each rule is safe where all have it.
    @Test("CometBFT's locks beside the paper's fork in three rounds, and not where all have the paper's")
    func mixedLocks() async {
        var mixed = RuleSearch(rounds: 3, hostile: 2, paperLocks: 1)
        #expect(!mixed.run().fork.isEmpty)
        var alike = RuleSearch(rounds: 2, hostile: 2, paperLocks: 3)
        let report = alike.run()
        #expect(report.isComplete && report.fork.isEmpty)
    }

    @Test("a search that may not look at everything says so")
    func bounded() async {
        var search = RuleSearch(rounds: 3, hostile: 0)
        let report = search.run(statesMax: 500)
        #expect(!report.isComplete && report.fork.isEmpty && report.states == 500)
    }
}
