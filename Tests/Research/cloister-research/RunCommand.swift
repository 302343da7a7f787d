import ArgumentParser
import BackendKit
import EnclavePlatform
import Foundation
import PlatformKit

extension ResearchCommand {
    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the cases of a backend's seam on it, each on a machine of its own.",
            discussion: "Status 0 if every case is kept but those that the description names as lacking or failing.")
        @OptionGroup var backend: Backend
        @OptionGroup var output: Output
        @Option(help: "Only cases of this part, or with these words in their names.") var only: String?

        struct Told: Encodable {
            struct Case: Encodable {
                var part: String
                var name: String
                var outcome: String
                var text: String?
                var seconds: Double
            }
            var backend: String
            var seam: String
            var asExpected: Bool
            var passed: Int
            var failed: [String]
            var cases: [Case]
        }

        static func checks(of backend: Backend) throws -> [SuiteRun.Check] {
            let description = try backend.description()
            switch description.seam {
            case .enclave: return SuiteRun.checks { try backend.machine() }
            case .platform:
                return PlatformCase.all.map { each in
                    SuiteRun.Check(part: "platform", name: each.name) {
                        try each.check(PlatformCommandMachine { try backend.machine() })
                    }
                }
            }
        }

        func run() throws {
            try ending {
                let description = try backend.description()
                let checks = try Self.checks(of: backend).filter { check in
                    only.map { check.part == $0 || check.name.contains($0) } ?? true
                }
                guard !checks.isEmpty else {
                    throw Ending(status: Ending.notTried, text: "no case is of \"\(only ?? "")\"")
                }
                let run = SuiteRun(checks, of: description) { line in
                    if !output.json { FileHandle.standardOutput.write(Data((Self.text(line) + "\n").utf8)) }
                }
                let told = Told(
                    backend: description.name, seam: description.seam.rawValue, asExpected: run.isAsExpected,
                    passed: run.count { $0 == .passed }, failed: run.failed, cases: run.lines.map(Self.told))
                let lacking = run.lines.count - told.passed - told.failed.count
                try output.say(
                    told,
                    """
                    \(description.name): \(told.passed) of \(run.lines.count) kept, \(told.failed.count) broken, \
                    \(lacking) not claimed or not offered; \(run.isAsExpected ? "as expected" : "NOT as expected")
                    """)
                if !run.isAsExpected { throw Ending(status: Ending.notAsItShouldBe, text: "") }
            }
        }

        private static func told(_ line: SuiteRun.Line) -> Told.Case {
            let (outcome, text): (String, String?) =
                switch line.outcome {
                case .passed: ("passed", nil)
                case .failed(let text): ("failed", text)
                case .notOffered(let text): ("not offered", text)
                case .notClaimed: ("not claimed", nil)
                }
            return Told.Case(
                part: line.part, name: line.name, outcome: outcome, text: text,
                seconds: (line.seconds * 1000).rounded() / 1000)
        }

        private static func text(_ line: SuiteRun.Line) -> String {
            let told = told(line)
            let mark = ["passed": "ok  ", "failed": "FAIL", "not offered": "-   "][told.outcome] ?? "."
            return "\(mark)  \(line.part): \(line.name)" + (told.text.map { "\n      \($0)" } ?? "")
        }
    }
}

/// A platform at the other end of a command's lane.
private final class PlatformCommandMachine: PlatformMachine {
    private let make: () throws -> CommandMachine
    private let machine: CommandMachine
    /// Kept: a machine ends with its last owner.
    private var others: [PlatformCommandMachine] = []

    init(_ make: @escaping () throws -> CommandMachine) throws {
        self.make = make
        machine = try make()
    }

    func boot() throws -> any Platform {
        try machine.kill()
        return try SimulatedPlatform(descriptor: try machine.platformLane())
    }

    func other() throws -> any PlatformMachine {
        others.append(try PlatformCommandMachine(make))
        return others.last!
    }
}
