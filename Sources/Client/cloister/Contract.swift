import ArgumentParser
import Foundation
import WalletClient

/// Starts, builds and tests projects of secret contracts in Swift.
struct Contract: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Write secret contracts in Swift.",
        subcommands: [New.self, Build.self, Test.self, Watch.self, Schema.self, Leaks.self, Check.self, Run.self])

    struct New: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a project that builds and passes its tests.")
        @Argument(help: "The project's name, and the folder it is made in.") var name: String
        @Option(
            help:
                "What it begins as: greeter, or one of the examples (\(ContractTemplate.names.joined(separator: ", ")))."
        )
        var template = ContractTemplate.smallest
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
            do {
                try ContractTemplate(template, in: try source()).make(name, at: project)
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
            try project.make("all", quietly: true)
            for name in try project.builtContracts() { try project.sayIdentity(name) }
            try project.make("tests", quietly: true)
            for name in try project.testedContracts() { try project.measure(name) }
        }
    }

    struct Schema: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write what the contracts of this folder understand and answer, and clients for web pages.",
            discussion: """
                For each contract build/NAME.schema.json, JSON Schema of draft 7 in the form of cosmwasm-schema's, and \
                build/NAME.client.js with its types in NAME.client.d.ts: a class with a method for each message, over \
                secret.js' client. What a question is answered with stands behind its case: // sdk: returns TYPE
                """)

        func run() throws {
            let project = try ContractProject()
            try project.make("schema")
            for file in try project.files([".schema.json", ".client.js", ".client.d.ts"]) { print("build/\(file)") }
        }
    }

    struct Test: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Run the tests of the project of this folder, natively and in the enclave's engine.",
            discussion: """
                With FILE.wasm and a story, the calls of the story are made in the engine, whatever the contract is written \
                in: `cloister contract run --help` says what a story is.
                """)
        @Argument(help: "Only these contracts; or FILE.wasm and a story.") var contracts: [String] = []
        @Option(help: "Only tests with these words in their names.") var only: String?
        @Flag(help: "Only natively.") var native = false
        @Flag(help: "Only in the engine.") var engine = false

        func validate() throws {
            guard !(native && engine) else {
                throw ValidationError("either --native or --engine: tests run in both without")
            }
            guard contracts.first?.hasSuffix(".wasm") == true else { return }
            guard contracts.count == 2, only == nil, !native, !engine else {
                throw ValidationError("a module is tested with one story, in the engine: test FILE.wasm STORY")
            }
        }

        func run() throws {
            if contracts.first?.hasSuffix(".wasm") == true {
                throw ExitCode(try ContractModule(contracts[0]).tell(contracts[1], isStrict: true))
            }
            let project = try ContractProject(only: only)
            let tested = try project.testedContracts()
            for name in contracts where !tested.contains(name) {
                throw ClientError(.invalidInput, "\(name) has no tests: no Swift in \(name)/tests")
            }
            let chosen = contracts.isEmpty ? tested : contracts
            guard only == nil || chosen.count == 1 else {
                throw ClientError(
                    .invalidInput, "of which contract? There are tests of \(tested.joined(separator: ", "))")
            }
            if !engine {
                if contracts.isEmpty {
                    try project.make("test")
                } else {
                    for name in chosen { try project.make("test-\(name)") }
                }
            }
            if native { return }
            for name in chosen {
                try project.makeOne(name, with: "tests")
                guard try project.runInEngine(name) == 0 else { throw ExitCode(1) }
            }
        }
    }

    /// Whether a module could be stored and run, before a transaction pays for the answer.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what a module is, and whether a chain would store and run it; ends with 65 if not.",
            discussion:
                "The rules are the enclave's own. For modules of any language: cloister contract check contract.wasm")
        @Argument(help: "The module, not compressed.") var module: String

        func run() throws {
            let status = try ContractModule(module).check()
            if status != 0 { throw ExitCode(status) }
        }
    }

    /// Calls of a module in the engine, without a network.
    struct Run: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make calls of a contract in the enclave's engine, and say what came of each and its gas.",
            discussion: """
                A story is a text with a call in each line, which may go on in lines that begin with a space:

                    instantiate {"count":5}
                    execute {"increment":{}} from bob with 5uscrt
                    = {"count":6}
                    query {"get_count":{}}
                    = {"count":6}
                    execute {"nothing":{}}
                    ! unknown

                Callers are alice (if none is named), bob, carol or addresses. `=` says what the call must answer, `!` what \
                its error must have in it; `cloister contract test FILE.wasm STORY` fails where that is not so. The contract \
                is alone: nobody answers what it asks, and messages that it sends are shown and go nowhere.
                """)
        @Argument(help: "The module, not compressed.") var module: String
        @Argument(help: "The story; - for standard input.") var story: String

        func run() throws {
            let status = try ContractModule(module).tell(story, isStrict: false)
            if status != 0 { throw ExitCode(status) }
        }
    }
}
