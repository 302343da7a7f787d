import Foundation
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// A project that `cloister contract new` made, in a folder that has nothing to do with the repository.
final class NewProject {
    let folder: TemporaryFolder
    let path: String

    init(_ name: String) async throws {
        folder = TemporaryFolder("project")
        path = folder.path(name)
        let made = try await ChildProcess.run(
            Programs.path("cloister"), ["contract", "new", name], folder: folder.path(""))
        guard made.ending == .exit(0) else { throw ChildProcess.Failure(description: "contract new: \(made)") }
    }

    func cloister(_ arguments: String...) async throws -> (ending: ChildProcess.Ending, output: String) {
        try await ChildProcess.run(
            Programs.path("cloister"), ["contract"] + arguments, folder: path, within: 180)
    }

    func text(_ file: String) throws -> String { try String(contentsOfFile: path + "/" + file, encoding: .utf8) }

    func edit(_ file: String, _ old: String, _ new: String) throws {
        let text = try text(file)
        guard text.contains(old) else { throw ChildProcess.Failure(description: "\(file) has no \(old)") }
        try text.replacingOccurrences(of: old, with: new)
            .write(toFile: path + "/" + file, atomically: true, encoding: .utf8)
    }
}

extension Scenarios {
    @Suite struct ContractToolsTests {
        @Test(
            "a new project builds and passes its tests at once, and a test that is wrong fails, natively and in the engine"
        )
        func newProject() async throws {
            let project = try await NewProject("greeter")
            let built = try await project.cloister("build")
            #expect(built.ending == .exit(0), "\(built.output)")
            #expect(built.output.contains(/build\/contract\.wasm: \d{5} bytes, code hash [0-9a-f]{64}\n/))
            #expect(built.output.contains(/execute greet +\d{5}  \(1 call\)/))
            let profile = try #require(
                GasProfile(text: try project.text("build/contract.gas").trimmingCharacters(in: .newlines)[...]))
            #expect((20_000..<60_000).contains(profile[.execute("greet")]?.base ?? 0))
            #expect((20_000..<60_000).contains(profile[.instantiate]?.base ?? 0))

            let tested = try await project.cloister("test")
            #expect(tested.ending == .exit(0), "\(tested.output)")
            #expect(tested.output.contains("contract: 2 of 2 tests passed natively"))
            #expect(tested.output.contains("contract: 2 of 2 tests passed in the engine"))
            let again = try await project.cloister("build")
            #expect(try project.text("build/contract.gas").contains(profile.text), "\(again.output)")

            try project.edit("contract/tests/ContractTests.swift", "hello, Ada", "hello, Eve")
            for place in ["--native", "--engine"] {
                let failed = try await project.cloister("test", place)
                #expect(failed.ending == .exit(1))
                #expect(failed.output.contains("failed: it greets by name and counts"))
                #expect(failed.output.contains(#""hello, Ada" is not "hello, Eve""#))
            }
        }

        @Test("a new project's pairs of secrets show nothing, and a secret that chooses what is written is named")
        func leaks() async throws {
            let project = try await NewProject("leaky")
            let none = try await project.cloister("leaks")
            #expect(none.ending == .exit(0), "\(none.output)")
            #expect(none.output.contains("contract: 1 pair of secrets, nothing that a host sees tells them apart"))
            #expect(try await project.cloister("leaks", "--check").output.contains("there is no "))
            #expect(try await project.cloister("leaks", "--write").ending == .exit(0))
            #expect(try await project.cloister("leaks", "--check").ending == .exit(0))

            try project.edit(
                "contract/Contract.swift", "count.save(try count.load() + 1)",
                "Storage.write(name, [1])\n            count.save(try count.load() + 1)")
            let found = try await project.cloister("leaks")
            #expect(found.ending == .exit(3), "\(found.output)")
            #expect(found.output.contains("writes.other: call 2, execute greet"), "\(found.output)")
            let json = try await project.cloister("leaks", "contract", "--json")
            #expect(json.ending == .exit(3))
            let report = try JSONReader.parse(Array(json.output.utf8), limits: JSONLimits(bytesMax: 1 << 20))
            #expect(report[0]?["leaks"]?.bool == true)
            #expect(report[0]?["pairs"]?[0]?["findings"]?[0]?["name"]?.string == "writes.other")
            let checked = try await project.cloister("leaks", "--check")
            #expect(checked.ending == .exit(3))
            #expect(checked.output.contains("another report than the committed one, from line 1"))

            // A pair that fails its own expectations is no report.
            try project.edit(
                "contract/leaks/ContractLeaks.swift", "chain.query(",
                "chain.expect(false, \"nothing\")\n        chain.query(")
            let broken = try await project.cloister("leaks")
            #expect(broken.ending == .exit(1))
            #expect(broken.output.contains("failed: who is greeted, with the first secrets"))
            let unknown = try await project.cloister("leaks", "other")
            #expect(unknown.ending == .exit(1) && unknown.output.contains("other has no pairs of secrets"))
        }

        @Test("a contract that traps says so in the engine's tests, and one that does not compile is not built")
        func badContracts() async throws {
            let project = try await NewProject("broken")
            try project.edit(
                "contract/Contract.swift", #"throw ContractError("who are you?")"#, #"fatalError("who are you?")"#)
            let trapped = try await project.cloister("test", "--engine")
            #expect(trapped.ending == .exit(1))
            #expect(trapped.output.contains("trap: the contract panicked is not who are you?"))

            try project.edit("contract/Contract.swift", "count.save(0)", "count.save(")
            let built = try await project.cloister("build")
            #expect(built.ending == .exit(1))
            #expect(built.output.contains("error:"))
        }

        @Test(
            "a project is not made over another, under a bad name, or far from the sources without being told where they are"
        )
        func refusals() async throws {
            let project = try await NewProject("one")
            let over = try await ChildProcess.run(
                Programs.path("cloister"), ["contract", "new", "one"], folder: project.folder.path(""))
            #expect(over.ending == .exit(1))
            #expect(over.output.contains("one exists already"))
            let named = try await ChildProcess.run(
                Programs.path("cloister"), ["contract", "new", "../two"], folder: project.folder.path(""))
            #expect(named.output.contains("a project's name is of letters, digits and -"))
            let nowhere = try await ChildProcess.run(
                Programs.path("cloister"), ["contract", "build"], folder: project.folder.path(""))
            #expect(nowhere.output.contains("no Makefile here"))
        }
    }
}
