import ArgumentParser
import Foundation
import WalletClient

extension Contract {
    /// What a host can tell apart of a contract's secrets (docs/leak-reports.md).
    struct Leaks: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the pairs of secrets of the project of this folder, and say what a host tells apart.",
            discussion: """
                Each pair in CONTRACT/leaks is run twice in the enclave's engine, with one secret and with the other; what \
                a host sees of the calls is compared. Ends with 0 if nothing differs that may not, with 3 if something \
                does (with --check: if a report is another than the committed one), with 1 if the pairs cannot be run.
                """)
        @Argument(help: "Only these contracts.") var contracts: [String] = []
        @Flag(help: "One JSON array, a report an element.") var json = false
        @Flag(help: "Compare with CONTRACT/leaks/report.txt instead of printing.") var check = false
        @Flag(help: "Write CONTRACT/leaks/report.txt.") var write = false

        static let leaky = ExitCode(3)

        func validate() throws {
            if check && write || json && (check || write) {
                throw ValidationError("--json, --check and --write are three things")
            }
        }

        func run() throws {
            let project = try ContractProject()
            let watched = try project.watchedContracts()
            for name in contracts where !watched.contains(name) {
                throw ClientError(.invalidInput, "\(name) has no pairs of secrets: no Swift in \(name)/leaks")
            }
            guard !watched.isEmpty else {
                throw ClientError(.invalidInput, "no contract here has pairs of secrets (docs/leak-reports.md)")
            }
            var isLeaky = false
            var reports: [String] = []
            for name in contracts.isEmpty ? watched : contracts {
                try project.makeOne(name, with: "leaks")
                let report = try project.leaks(name)
                if check {
                    isLeaky = try !Self.matches(report.text, project.committedReport(name), of: name) || isLeaky
                } else {
                    isLeaky = report.hasLeaks || isLeaky
                    if write {
                        try Data(report.text.utf8).write(to: project.committedReport(name))
                    } else {
                        reports.append(json ? report.json : report.text)
                    }
                }
            }
            if !reports.isEmpty {
                print(
                    json ? "[" + reports.joined(separator: ",\n") + "]" : reports.joined(separator: "\n"),
                    terminator: json ? "\n" : "")
            }
            if isLeaky { throw Self.leaky }
        }

        /// Says the first line that differs.
        private static func matches(_ text: String, _ committed: URL, of name: String) throws -> Bool {
            guard let expected = try? String(contentsOf: committed, encoding: .utf8) else {
                print("\(name): there is no \(committed.path); `cloister contract leaks --write` makes it")
                return false
            }
            if text == expected {
                print("\(name): as in its committed report")
                return true
            }
            let (found, lines) = (text.components(separatedBy: "\n"), expected.components(separatedBy: "\n"))
            let line = zip(found, lines).enumerated().first { $0.element.0 != $0.element.1 }?.offset
            let index = line ?? min(found.count, lines.count)
            print("\(name): another report than the committed one, from line \(index + 1)")
            print("    committed: " + (lines.indices.contains(index) ? lines[index] : "nothing"))
            print("    found:     " + (found.indices.contains(index) ? found[index] : "nothing"))
            return false
        }
    }
}
