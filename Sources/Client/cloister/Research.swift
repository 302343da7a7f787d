import ArgumentParser
import Foundation
import WalletClient

/// A program of this build that has what a wallet must not: another zone's code.
enum Companion {
    /// Runs the program beside this one; its status.
    ///
    /// - Parameter goals: of make, which build it.
    static func run(
        _ name: String, _ arguments: [String], environment: [String: String]? = nil, builtBy goals: String
    ) throws -> Int32 {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        let program = URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent(name).path
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw ClientError(.notFound, "\(program) is missing; \(goals) builds it beside this one")
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        if let environment { process.environment = environment }
        try process.run()
        process.waitUntilExit()
        return process.terminationReason == .exit ? process.terminationStatus : 1
    }
}

/// Hands everything to `cloister-research`, which has the enclave's and the host's code in it.
struct Research: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Try another enclave, or another machine for it (docs/backends.md); `cloister research list`.")
    @Argument(parsing: .captureForPassthrough, help: "A verb of cloister-research and what it takes.")
    var words: [String] = []

    func run() throws {
        let status = try Companion.run("cloister-research", words, builtBy: "`make build`")
        if status != 0 { throw ExitCode(status) }
    }
}
