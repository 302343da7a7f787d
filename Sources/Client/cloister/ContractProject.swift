import ArgumentParser
import Foundation
import WalletClient

/// The project of contracts in the working folder: what make builds there, and the engine that its tests run in.
struct ContractProject {
    private let folder: String

    init(folder: String = FileManager.default.currentDirectoryPath) throws {
        self.folder = folder
        guard FileManager.default.fileExists(atPath: folder + "/Makefile") else {
            throw ClientError(.invalidInput, "no Makefile here; `cloister contract new NAME` makes a project")
        }
    }

    func make(_ goal: String, quietly: Bool = false) throws {
        let process = makeProcess(goal)
        if quietly { process.standardOutput = FileHandle.nullDevice }
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw ExitCode(1) }
    }

    func testedContracts() throws -> [String] { try names("tested") }

    /// Those with pairs of secrets (docs/leak-reports.md).
    func watchedContracts() throws -> [String] { try names("watched") }

    private func names(_ goal: String) throws -> [String] {
        let process = makeProcess(goal)
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw ExitCode(1) }
        return text.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private func makeProcess(_ goal: String) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["make", "--no-print-directory", "-C", folder, goal]
        return process
    }

    // MARK: - In the engine

    private static let runner = "cloister-contract"

    /// Runs the tests of a contract in the engine; the status is theirs.
    func runInEngine(_ name: String, measurements: String? = nil) throws -> Int32 {
        try Companion.run(
            Self.runner,
            ["run", path(name, ".wasm"), path(name, "/tests"), name] + (measurements.map { [$0] } ?? []),
            builtBy: "`make build` or `make release`")
    }

    /// Runs a contract's pairs of secrets: what a host can tell apart, for people and as JSON, and whether it is more
    /// than the pairs allow. Throws the runner's status if they could not be run.
    func leaks(_ name: String) throws -> (text: String, json: String, hasLeaks: Bool) {
        let (text, json) = (path(name, "/leaks.txt"), path(name, "/leaks.json"))
        let status = try Companion.run(
            Self.runner, ["leaks", path(name, ".wasm"), path(name, "/leaks"), name, text, json],
            builtBy: "`make build` or `make release`")
        guard status == 0 || status == 3 else { throw ExitCode(status) }
        return (
            try String(contentsOfFile: text, encoding: .utf8), try String(contentsOfFile: json, encoding: .utf8),
            status == 3
        )
    }

    /// The report of a contract that stands beside its pairs, to be compared.
    func committedReport(_ name: String) -> URL { URL(fileURLWithPath: "\(folder)/\(name)/leaks/report.txt") }

    /// Prints what the calls of a contract's tests cost, and writes its gas profile beside the module.
    func measure(_ name: String) throws {
        let file = path(name, "/measurements.json")
        guard try runInEngine(name, measurements: file) == 0 else {
            Self.say("build/\(name).gas is not written: the tests fail (`cloister contract test`)")
            throw ExitCode(1)
        }
        let measured = try GasMeasurements(json: Array(Data(contentsOf: URL(fileURLWithPath: file))))
        Self.say("gas of the tests' calls, without the transaction's own bytes and signatures:")
        for row in measured.rows {
            let range = row.least == row.most ? "\(row.most)" : "\(row.least) to \(row.most)"
            let title = (row.entry + " " + row.message).padding(toLength: 36, withPad: " ", startingAt: 0)
            let remark = row.isPartial ? "; what it asked other contracts for comes on top" : ""
            Self.say("  \(title) \(range)  (\(row.calls) \(row.calls == 1 ? "call" : "calls")\(remark))")
        }
        let profile = measured.profile
        try Data((profile.text + "\n").utf8).write(to: URL(fileURLWithPath: path(name, ".gas")))
        Self.say("build/\(name).gas: \(profile.text)")
    }

    /// At once, since the programs that are started write to the same place.
    private static func say(_ text: String) { FileHandle.standardOutput.write(Data((text + "\n").utf8)) }

    private func path(_ name: String, _ suffix: String) -> String { folder + "/build/" + name + suffix }
}
