import Foundation

/// What came of the cases of a seam on one backend.
package struct SuiteRun: Sendable {
    package enum Outcome: Equatable, Sendable {
        case passed
        /// The promise is broken, and how.
        case failed(String)
        /// The machine cannot do what the case needs; it says nothing.
        case notOffered(String)
        /// The description says that the backend does not keep it.
        case notClaimed
    }

    package struct Line: Sendable {
        package var part: String
        package var name: String
        package var outcome: Outcome
        package var seconds: Double
    }

    /// A case of either seam.
    package struct Check {
        package var part: String
        package var name: String
        package var run: () throws -> Void

        package init(part: String, name: String, run: @escaping () throws -> Void) {
            (self.part, self.name, self.run) = (part, name, run)
        }
    }

    package private(set) var lines: [Line] = []
    private let expected: Set<String>

    /// Runs `checks` one after the other; `told` hears of each as it ends.
    package init(_ checks: [Check], of description: BackendDescription, told: (Line) -> Void = { _ in }) {
        expected = Set(description.fails ?? [])
        let lacks = Set(description.lacks ?? [])
        for check in checks {
            let start = Date()
            let outcome = lacks.contains(check.name) ? .notClaimed : Self.outcome(of: check)
            let line = Line(
                part: check.part, name: check.name, outcome: outcome, seconds: Date().timeIntervalSince(start))
            lines.append(line)
            told(line)
        }
    }

    /// All cases of the seam outside the enclave, each on a machine of its own.
    package static func checks(_ machine: @escaping () throws -> any BackendMachine) -> [Check] {
        BackendCase.parts.flatMap { part in
            part.cases.map { each in Check(part: part.name, name: each.name) { try each.check(machine()) } }
        }
    }

    private static func outcome(of check: Check) -> Outcome {
        do {
            try check.run()
            return .passed
        } catch let error as NotOffered {
            return .notOffered(error.description)
        } catch let violation as BackendCase.Violation {
            return .failed(violation.text)
        } catch {
            return .failed("\(error)")
        }
    }

    package var failed: [String] {
        lines.compactMap { line in
            if case .failed = line.outcome { return line.name }
            return nil
        }
    }

    package func count(_ outcome: (Outcome) -> Bool) -> Int { lines.count { outcome($0.outcome) } }

    /// Of those that ran, the ones that should have failed did, and no others; and some did run.
    package var isAsExpected: Bool {
        count { $0 == .passed } + failed.count > 0 && Set(failed) == expected.intersection(lines.map(\.name))
    }
}
