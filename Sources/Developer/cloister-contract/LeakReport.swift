import StrictJSON

/// What the pairs of secrets of one contract came to (docs/leak-reports.md).
struct LeakReport {
    struct Pair {
        var name: String
        /// Why its author lets it tell something; `nil` if it must tell nothing.
        var reason: String?
        var calls: Int
        /// Of the calls, those that the contract refused or that trapped in the first run: a pair whose calls all fail
        /// shows little.
        var failed: Int
        var findings: [LeakFinding]

        /// Something tells the secrets apart that nobody gave a reason for, or a reason stands where nothing does.
        var isLeak: Bool { findings.isEmpty == (reason != nil) }
    }

    var contract: String
    var pairs: [Pair]

    var hasLeaks: Bool { pairs.contains(where: \.isLeak) }

    // MARK: - For people

    var text: String {
        let telling = pairs.count { !$0.findings.isEmpty }
        var lines = [
            "\(contract): \(Self.count(pairs.count, "pair")) of secrets, "
                + (telling == 0 ? "nothing that a host sees tells them apart" : "\(telling) of them told apart")
        ]
        for pair in pairs { lines += Self.lines(of: pair) }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func lines(of pair: Pair) -> [String] {
        let failed = pair.failed == 0 ? "" : ", \(pair.failed) refused"
        var lines = ["", pair.name, "  " + count(pair.calls, "call") + failed]
        if let reason = pair.reason { lines[2] += "; may tell: " + reason }
        if pair.findings.isEmpty {
            lines.append(pair.reason == nil ? "  the same" : "  the same, though it says that it may tell")
        }
        for finding in pair.findings {
            lines.append("  \(finding.name): call \(finding.call), \(finding.title), place \(finding.place)")
            lines.append("    first:  " + (finding.first?.text ?? "nothing"))
            lines.append("    second: " + (finding.second?.text ?? "nothing"))
            lines.append("    tells:  " + finding.tells)
        }
        return lines
    }

    private static func count(_ number: Int, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }

    // MARK: - For programs

    var json: JSONValue {
        .object([
            ("contract", .string(contract)), ("leaks", .bool(hasLeaks)),
            (
                "pairs",
                .array(
                    pairs.map { pair in
                        .object([
                            ("name", .string(pair.name)), ("reason", pair.reason.map { .string($0) } ?? .null),
                            ("calls", .number(pair.calls)), ("failed", .number(pair.failed)),
                            ("leak", .bool(pair.isLeak)), ("findings", .array(pair.findings.map(Self.json))),
                        ])
                    })
            ),
        ])
    }

    private static func json(_ finding: LeakFinding) -> JSONValue {
        .object([
            ("name", .string(finding.name)), ("call", .number(finding.call)), ("title", .string(finding.title)),
            ("place", .number(finding.place)), ("first", json(finding.first)), ("second", json(finding.second)),
            ("tells", .string(finding.tells)),
        ])
    }

    private static func json(_ sight: SeenCall.Sight?) -> JSONValue {
        guard let sight else { return .null }
        return .object([
            ("subject", .string(sight.subject)), ("meaning", .string(sight.meaning)),
            ("detail", .string(sight.detail)),
        ])
    }
}
