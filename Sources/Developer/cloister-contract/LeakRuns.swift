/// The runs of pairs of secrets, as the program of pairs announces them (contracts/testkit/LeakPair.swift): each pair
/// first with its first secrets, then with its second.
final class LeakRuns {
    private struct Run {
        var name: String
        var reason: String
        var watch: HostWatch
    }

    private var runs: [Run] = []

    /// Watches the run that begins.
    func begin(_ name: String, side: String, reason: String) throws -> HostWatch {
        let expected = runs.count.isMultiple(of: 2) ? "first" : "second"
        guard side == expected, side == "first" || runs.last?.name == name else {
            throw Misuse(description: "the \(side) run of \(name) came out of turn")
        }
        runs.append(Run(name: name, reason: reason, watch: HostWatch()))
        return runs[runs.count - 1].watch
    }

    /// What came of them, when the program has ended.
    func pairs() throws -> [LeakReport.Pair] {
        guard runs.count.isMultiple(of: 2), !runs.isEmpty else {
            throw Misuse(description: "there is no pair of secrets, or only half of one")
        }
        return try stride(from: 0, to: runs.count, by: 2).map { index in
            let (first, second) = (runs[index].watch.calls, runs[index + 1].watch.calls)
            guard !first.isEmpty, !second.isEmpty else {
                throw Misuse(description: "\(runs[index].name): no call was made")
            }
            return LeakReport.Pair(
                name: runs[index].name, reason: runs[index].reason.isEmpty ? nil : runs[index].reason,
                calls: first.count, failed: first.count(where: \.hasFailed), findings: LeakFinding.all(first, second))
        }
    }
}
