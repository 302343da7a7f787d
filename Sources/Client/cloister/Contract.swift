import ArgumentParser
import Foundation
import WalletClient

/// Starts, builds and tests projects of secret contracts in Swift.
struct Contract: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write secret contracts in Swift.", subcommands: [New.self, Build.self, Test.self, Leaks.self])

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a project that builds and passes its tests.")
        @Argument(help: "The project's name, and the folder it is made in.") var name: String
        @Option(help: "The folder contracts/ of Cloister's sources; looked for around here if not given.")
        var contracts: String?

        func run() throws {
            let files = FileManager.default
            guard !name.isEmpty, name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }) else {
                throw ClientError(.invalidInput, "a project's name is of letters, digits and -")
            }
            let project = URL(fileURLWithPath: name, isDirectory: true)
            guard !files.fileExists(atPath: project.path) else {
                throw ClientError(.invalidInput, "\(name) exists already")
            }
            let source = try source()
            do {
                try files.copyItem(at: source.appendingPathComponent("template"), to: project)
                try files.moveItem(
                    at: project.appendingPathComponent("gitignore"), to: project.appendingPathComponent(".gitignore"))
                let sdk = project.appendingPathComponent("cloister-sdk", isDirectory: true)
                try files.createDirectory(at: sdk, withIntermediateDirectories: true)
                for part in ["sdk", "testkit", "runtime", "tools", "rules.mk"] {
                    try files.copyItem(at: source.appendingPathComponent(part), to: sdk.appendingPathComponent(part))
                }
                let readme = project.appendingPathComponent("README.md")
                let text = try String(contentsOf: readme, encoding: .utf8).replacingOccurrences(of: "NAME", with: name)
                try text.write(to: readme, atomically: true, encoding: .utf8)
            } catch let error as CocoaError {
                throw ClientError(.invalidInput, "cannot make \(name): \(error.localizedDescription)")
            }
            print("\(name) is ready: cd \(name) && cloister contract test && cloister contract build")
        }

        /// The sources' `contracts` folder: as given, or in the working folder, this program's, or one above either.
        private func source() throws -> URL {
            if let contracts { return URL(fileURLWithPath: contracts, isDirectory: true) }
            let files = FileManager.default
            let program = (try? files.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
            for start in [files.currentDirectoryPath, program] {
                var folder = URL(fileURLWithPath: start)
                while folder.path != "/" {
                    let candidate = folder.appendingPathComponent("contracts", isDirectory: true)
                    if files.fileExists(atPath: candidate.appendingPathComponent("template").path) { return candidate }
                    folder.deleteLastPathComponent()
                }
            }
            throw ClientError(.invalidInput, "cannot find Cloister's contracts folder; tell it with --contracts")
        }
    }

    struct Build: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Build the project of this folder; prints size, code hash and what the tests' calls cost.")

        func run() throws {
            let project = try ContractProject()
            try project.make("all")
            try project.make("tests")
            for name in try project.testedContracts() { try project.measure(name) }
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the tests of the project of this folder, natively and in the enclave's engine.")
        @Flag(help: "Only natively.") var native = false
        @Flag(help: "Only in the engine.") var engine = false

        func run() throws {
            let project = try ContractProject()
            if !engine { try project.make("test") }
            if native { return }
            try project.make("all", quietly: true)
            try project.make("tests", quietly: true)
            for name in try project.testedContracts() {
                guard try project.runInEngine(name) == 0 else { throw ExitCode(1) }
            }
        }
    }
}
