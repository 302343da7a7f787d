// What of Secret Network's own test list is run here, row by row (Secret Network protocol: conformance suite).
//
// The tables are data: `Tests/Conformance/*.json`, one for each file of that list, with as many rows as it has tests. A
// row says a rule and how it is tried: steps that the real enclave runs, in a chain of four validators with this test
// as the host; or the name of a test elsewhere; or why there is none. `Tests/Conformance/binaries` has tables for
// contracts that are not in this repository; they run for the binaries that are in the folder `CLOISTER_CONTRACTS`.
//
// `make conformance CONTRACTS=folder` runs both and prints what came of them. The format is in
// Tests/Conformance/README.md.

import Foundation
import StrictJSON
import TestSupport
import Testing

@Suite("Conformance", .serialized) struct ConformanceSuite {
    @Test("every row of the protocol's test list passes, or says why it is not run")
    func protocolList() throws {
        let groups = try ConformanceGroup.protocolList()
        var report = ConformanceReport("the protocol's test list")
        for group in groups {
            #expect(group.rows.count == group.count, "\(group.name) has \(group.rows.count) rows")
            report.add(group, run(group))
        }
        report.print()
        #expect(groups.map(\.count) == [38, 56, 28, 33, 204, 29, 15, 10])
    }

    @Test("contracts of others do what their tables say")
    func binaries() throws {
        var report = ConformanceReport("contracts of others, from \(Repository.foreignContracts)")
        for group in try ConformanceGroup.binaries() { report.add(group, run(group)) }
        report.print()
    }

    private func run(_ group: ConformanceGroup) -> [ConformanceOutcome] {
        let stage = ConformanceStage(codes: group.codes)
        let chosen = ProcessInfo.processInfo.environment["CLOISTER_CONFORMANCE"]
        return group.rows.map { row in
            if let chosen, !"\(row.id) ".contains("\(chosen) ") { return .skipped("not chosen") }
            let outcome = stage.play(row)
            if case .failed(let why) = outcome { Issue.record("\(row.id): \(row.rule): \(why)") }
            return outcome
        }
    }
}

enum ConformanceOutcome: Equatable {
    /// In so many ways: versions of the interface, messages.
    case passed(Int)
    case skipped(String)
    case failed(String)
}

/// What ends a row.
struct ConformanceFault: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}

/// The table that a person reads.
struct ConformanceReport {
    private let title: String
    private var lines: [(name: String, cases: Int, passed: Int, skipped: Int, failed: Int, runs: Int)] = []
    private var reasons: [(name: String, why: String)] = []

    init(_ title: String) { self.title = title }

    mutating func add(_ group: ConformanceGroup, _ outcomes: [ConformanceOutcome]) {
        var line = (name: group.name, cases: outcomes.count, passed: 0, skipped: 0, failed: 0, runs: 0)
        for (row, outcome) in zip(group.rows, outcomes) {
            switch outcome {
            case .passed(let runs):
                line.passed += 1
                line.runs += runs
            case .skipped(let why):
                line.skipped += 1
                reasons.append((row.id, why))
            case .failed: line.failed += 1
            }
        }
        lines.append(line)
    }

    func print() {
        func column(_ text: String, _ width: Int) -> String { String(repeating: " ", count: width - text.count) + text }
        func show(_ name: String, _ columns: [String]) {
            let padded = name + String(repeating: " ", count: max(1, 24 - name.count))
            Swift.print(padded + columns.map { column($0, 9) }.joined())
        }
        Swift.print("\nConformance: \(title)")
        show("", ["cases", "passed", "skipped", "failed", "runs"])
        for line in lines {
            show(line.name, [line.cases, line.passed, line.skipped, line.failed, line.runs].map(String.init))
        }
        let sums = [\.cases, \.passed, \.skipped, \.failed, \.runs].map { (column: KeyPath<_, Int>) in
            String(lines.reduce(0) { $0 + $1[keyPath: column] })
        }
        show("all", sums)
        for why in Set(reasons.map(\.why)).sorted() {
            let names = reasons.filter { $0.why == why }.map(\.name)
            Swift.print("skipped: \(names.joined(separator: ", ")): \(why)")
        }
        Swift.print("")
    }
}
