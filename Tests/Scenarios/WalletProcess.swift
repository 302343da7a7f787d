import Foundation
import StrictJSON
import TestSupport

/// A user at `cloister`, with a home of his own.
struct WalletProcess {
    struct Run {
        var status: Int32
        var output: String
        var errors: String

        /// Of standard output.
        var json: JSONValue {
            (try? JSONReader.parse(Array(output.utf8), limits: JSONLimits(bytesMax: 1 << 24))) ?? .null
        }
        /// What `-o json` says went wrong.
        var error: JSONValue? {
            let last = errors.split(separator: "\n").last.map { Array($0.utf8) } ?? []
            return (try? JSONReader.parse(last, limits: JSONLimits(bytesMax: 1 << 20)))?["error"]
        }
    }

    let folder: TemporaryFolder
    let home: String
    var node: String

    init(_ node: String = "http://127.0.0.1:1") throws {
        folder = TemporaryFolder("wallet")
        home = folder.path("home")
        self.node = node
    }

    /// Runs `cloister` with this home and node, unless `environment` says another.
    func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:], seconds: Double = 60
    ) async throws -> Run {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Programs.path("cloister"))
        process.arguments = arguments
        var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("CLOISTER_") }
        variables["CLOISTER_HOME"] = home
        variables["CLOISTER_NODE"] = node
        process.environment = variables.merging(environment) { $1 }
        process.currentDirectoryURL = folder.url
        let name = folder.path(UUID().uuidString)
        for (end, text) in [(".in", input), (".out", ""), (".err", "")] {
            try text.write(toFile: name + end, atomically: false, encoding: .utf8)
        }
        process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: name + ".in"))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: name + ".out"))
        process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: name + ".err"))
        try process.run()
        do {
            try await wait(seconds: seconds, for: "cloister \(arguments.joined(separator: " "))") { !process.isRunning }
        } catch {
            process.terminate()
            throw error
        }
        return Run(
            status: process.terminationReason == .exit ? process.terminationStatus : -1,
            output: try String(contentsOfFile: name + ".out", encoding: .utf8),
            errors: try String(contentsOfFile: name + ".err", encoding: .utf8))
    }

    /// Takes over an account of the scenarios' genesis.
    func recover(_ person: Person) async throws {
        let run = try await run(["keys", "add", person.rawValue, "--recover"], input: person.mnemonic + "\n")
        guard run.status == 0 else { throw ChildProcess.Failure(description: "keys add: \(run)") }
    }
}
