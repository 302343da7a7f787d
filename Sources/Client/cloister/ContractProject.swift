import ArgumentParser
import Foundation
import Glibc
import PublicCryptography
import WalletClient

/// The project of contracts in the working folder: what make builds there, and the engine that its tests run in.
struct ContractProject {
    private let folder: String
    private let only: String?

    /// - Parameter only: words that the names of tests must have to be run.
    init(folder: String = FileManager.default.currentDirectoryPath, only: String? = nil) throws {
        (self.folder, self.only) = (folder, only)
        guard FileManager.default.fileExists(atPath: folder + "/Makefile") else {
            throw ClientError(.invalidInput, "no Makefile here; `cloister contract new NAME` makes a project")
        }
    }

    func make(_ goals: String..., quietly: Bool = false) throws {
        let process = makeProcess(goals)
        if quietly { process.standardOutput = FileHandle.nullDevice }
        try process.run()
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw ExitCode(1) }
    }

    /// The status of make, which is ended with what it started when the watch is to end.
    func attempt(_ goals: [String], quietly: Bool = false) throws -> Int32 {
        let process = makeProcess(goals + ["--silent"])
        if quietly { process.standardOutput = FileHandle.nullDevice }
        try process.run()
        while process.isRunning {
            // It leads a group of its own, as Foundation starts it.
            if WatchEnd.isAsked {
                kill(
                    getpgid(process.processIdentifier) == getpgrp()
                        ? process.processIdentifier : -process.processIdentifier, SIGTERM)
            }
            usleep(20_000)
        }
        return process.terminationReason == .exit ? process.terminationStatus : 1
    }

    /// The bytes of a contract that was built.
    func module(_ name: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path(name, ".wasm"))))
    }

    /// What was built for a chain, by the modules that are there.
    func builtContracts() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/build")
            .filter { $0.hasSuffix(".wasm") && !$0.hasSuffix(".named.wasm") }
            .map { String($0.dropLast(5)) }.sorted()
    }

    /// What was built and ends so.
    func files(_ suffixes: [String]) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder + "/build")
            .filter { file in suffixes.contains { file.hasSuffix($0) } }.sorted()
    }

    /// The module of one contract, with its tests or its pairs of secrets, and of no other.
    func makeOne(_ name: String, with part: String) throws {
        try make("build/\(name).wasm", "build/\(name)/\(part)", quietly: true)
    }

    func testedContracts() throws -> [String] { try names("tested") }

    /// Those with pairs of secrets (docs/leak-reports.md).
    func watchedContracts() throws -> [String] { try names("watched") }

    private func names(_ goal: String) throws -> [String] {
        let process = makeProcess([goal])
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        if process.terminationStatus != 0 { throw ExitCode(1) }
        return text.split(whereSeparator: \.isWhitespace).map(String.init)
    }

    private func makeProcess(_ goals: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["make", "--no-print-directory", "-C", folder] + goals
        process.environment = environment
        return process
    }

    /// The test programs read from it which tests to run.
    private var environment: [String: String] {
        ProcessInfo.processInfo.environment.merging(only.map { ["CLOISTER_CONTRACT_ONLY": $0] } ?? [:]) { $1 }
    }

    /// Size and code hash of what was built, whether just now or before.
    func sayIdentity(_ name: String) throws {
        let module = try module(name)
        Self.say("build/\(name).wasm: \(module.count) bytes, code hash \(SHA256.hash(module))")
    }

    // MARK: - In the engine

    private static let runner = "cloister-contract"

    /// Runs the tests of a contract in the engine; the status is theirs.
    func runInEngine(_ name: String, measurements: String? = nil) throws -> Int32 {
        try Companion.run(
            Self.runner,
            ["run", path(name, ".wasm"), path(name, "/tests"), name] + (measurements.map { [$0] } ?? []),
            environment: environment, builtBy: "`make build` or `make release`")
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
