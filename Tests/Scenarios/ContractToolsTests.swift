import Foundation
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// A project that `cloister contract new` made, in a folder that has nothing to do with the repository.
final class NewProject {
    let folder: TemporaryFolder
    let path: String

    init(_ name: String, _ options: String...) async throws {
        folder = TemporaryFolder("project")
        path = folder.path(name)
        let made = try await ChildProcess.run(
            Programs.path("cloister"), ["contract", "new", name] + options, folder: folder.path(""))
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
            // What was built before says its name again, too.
            let again = try await project.cloister("build")
            #expect(again.output.contains(/build\/contract\.wasm: \d{5} bytes, code hash [0-9a-f]{64}\n/))
            #expect(!again.output.contains("Nothing to be done"))
            #expect(try project.text("build/contract.gas").contains(profile.text), "\(again.output)")

            let one = try await project.cloister("test", "contract", "--only", "greets by name")
            #expect(one.ending == .exit(0), "\(one.output)")
            #expect(one.output.contains("contract: 1 of 1 tests passed natively, 1 others not run"))
            #expect(one.output.contains("contract: 1 of 1 tests passed in the engine, 1 others not run"))
            let none = try await project.cloister("test", "--only", "no such words", "--native")
            #expect(none.ending == .exit(1))
            #expect(none.output.contains("no test of contract has “no such words” in its name"))
            for wrong in [
                ["--native", "--engine"], ["x.wasm", "story", "--native"], ["x.wasm", "story", "--engine"],
            ] {
                let refused = try await ChildProcess.run(
                    Programs.path("cloister"), ["contract", "test"] + wrong, folder: project.path)
                #expect(refused.ending != .exit(0) && refused.output.contains("engine"), "\(refused)")
            }
            let other = try await project.cloister("test", "other")
            #expect(other.ending == .exit(1) && other.output.contains("other has no tests"))

            let schema = try await project.cloister("schema")
            #expect(schema.ending == .exit(0), "\(schema.output)")
            #expect(
                schema.output.hasSuffix(
                    "build/contract.client.d.ts\nbuild/contract.client.js\nbuild/contract.schema.json\n"))
            let document = try JSONReader.parse(Array(project.text("build/contract.schema.json").utf8))
            #expect(document["execute"]?["oneOf"]?[0]?["required"]?[0] == "greet")
            #expect(document["responses"]?["greetings"]?["properties"]?["count"]?["format"] == "uint64")
            #expect(
                try project.text("build/contract.client.d.ts").contains(
                    "greetings(args?: { padding?: string }): Promise<{ count: number }>;"))

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

        @Test(
            "a contract that traps fails one test, natively with the line, and one with a common mistake is told which")
        func badContracts() async throws {
            let project = try await NewProject("broken")
            try project.edit(
                "contract/Contract.swift", #"throw ContractError("who are you?")"#, #"fatalError("who are you?")"#)
            try project.edit(
                "contract/tests/ContractTests.swift", "let contractTests: [ContractTest] = [",
                """
                let contractTests: [ContractTest] = [
                    ContractTest("one that fails behind it") { chain in chain.expect(false, "as it must") },
                    ContractTest("nobody is greeted too early") { chain in
                        chain.execute(#"{"greet":{"name":""}}"#)
                    },
                """)
            let trapped = try await project.cloister("test", "--engine")
            #expect(trapped.ending == .exit(1))
            #expect(trapped.output.contains("trap: the contract panicked is not who are you?"))
            // One ends the program, two of five trap, one fails, and the last one is still run.
            try project.edit(
                "contract/tests/ContractTests.swift", "let contractTests: [ContractTest] = [",
                """
                import Glibc

                let contractTests: [ContractTest] = [
                    ContractTest("one that ends the program") { _ in exit(0) },
                """)
            let native = try await project.cloister("test", "--native")
            #expect(native.ending == .exit(1))
            #expect(native.output.contains("contract: 1 of 5 tests passed natively"), "\(native.output)")
            #expect(native.output.contains("failed: one that ends the program\n    it ended the program"))
            #expect(native.output.contains("as it must"))
            for name in ["nobody is greeted too early", "nobody is greeted without a name"] {
                #expect(native.output.contains("failed: \(name)\n    it trapped"), "\(native.output)")
            }
            #expect(native.output.contains("Fatal error: who are you?"))
            #expect(native.output.contains(/Greeter\.execute.* at .*contract\/Contract\.swift:\d+/), "\(native.output)")

            try project.edit("contract/Contract.swift", "// sdk: message\nenum Question", "enum Question")
            let unmarked = try await project.cloister("build")
            #expect(unmarked.ending == .exit(1))
            #expect(
                unmarked.output.contains(
                    /contract\/Contract\.swift:\d+: error: Question is the message of `query` and is not marked/))
            try project.edit("contract/Contract.swift", "enum Question", "// sdk: message\nenum Question")

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
            let template = try await ChildProcess.run(
                Programs.path("cloister"), ["contract", "new", "three", "--template", "lottery"],
                folder: project.folder.path(""))
            #expect(template.ending == .exit(1))
            #expect(template.output.contains("no template is called lottery; there are greeter, auction"))
            #expect(!FileManager.default.fileExists(atPath: project.folder.path("three")))
            let named = try await ChildProcess.run(
                Programs.path("cloister"), ["contract", "new", "../two"], folder: project.folder.path(""))
            #expect(named.output.contains("a project's name is of letters, digits and -"))
            let nowhere = try await ChildProcess.run(
                Programs.path("cloister"), ["contract", "build"], folder: project.folder.path(""))
            #expect(nowhere.output.contains("no Makefile here"))
        }

        @Test(
            "a project begins as any example, with its tests and page, and its package builds and tests in Swift's own way"
        )
        func templates() async throws {
            for name in [
                "auction", "counter", "credit-score", "draw-poker", "nft", "paid-content", "prediction",
                "rock-paper-scissors", "snip20", "swap", "voting",
            ] {
                let project = try await NewProject("mine", "--template", name)
                let page = try project.text("README.md")
                #expect(page.hasPrefix("# mine\n"))
                #expect(!page.contains("](../") && !page.contains("contracts/build/\(name).wasm"), "\(name)")
                for part in ["contract/tests", "contract/leaks", "cloister-sdk/testkit", "Package.swift", ".gitignore"]
                {
                    #expect(FileManager.default.fileExists(atPath: project.path + "/" + part), "\(name): \(part)")
                }
            }
            let project = try await NewProject("ballot", "--template", "voting")
            let tested = try await project.cloister("test", "--native")
            #expect(tested.ending == .exit(0), "\(tested.output)")
            #expect(tested.output.contains(/contract: 3 of 3 tests passed natively/))
            let package = try await ChildProcess.run(
                "/usr/bin/env", ["swift", "test", "--disable-sandbox"], folder: project.path, within: 240)
            #expect(package.ending == .exit(0), "\(package.output)")
            #expect(package.output.contains("with 3 test cases passed"), "\(package.output)")
        }

        @Test(
            "a watched project is built, tested and deployed at each save, outlives what does not build, and ends at an interrupt"
        )
        func watch() async throws {
            let net = try LocalnetProcess()
            try await net.start()
            let project = try await NewProject("watched")
            let file = "contract/Contract.swift"
            func start(_ more: String...) throws -> ChildProcess {
                try ChildProcess(
                    Programs.path("cloister"),
                    ["contract", "watch", "--every", "50", "--deploy", #"{"greeting":"hello"}"#, "--from", "a"] + more,
                    log: project.folder.path("watch"),
                    environment: [
                        "CLOISTER_HOME": net.home + "/client", "CLOISTER_NODE": "http://127.0.0.1:\(net.restPort)",
                    ], folder: project.path)
            }
            func count(_ words: String) -> Int { watched.output.components(separatedBy: words).count - 1 }
            let watched = try start("--migrate", #"{"greeting":"ahoy"}"#)
            func waits(_ times: Int) async throws {
                try await wait(seconds: 120, for: "round \(times) to end: \(watched.output)") {
                    guard watched.isRunning else { throw ChildProcess.Failure(description: watched.output) }
                    return count(" waiting for the next save\n") == times
                }
            }
            try await waits(1)
            let first = try #require(
                watched.output.firstMatch(of: /deployed as (secret1[0-9a-z]+), code 1, label contract-1 \(/))
            #expect(try project.text("build/contract.address") == "\(first.output.1)\n")
            #expect(
                watched.output.wholeMatch(of: /(\d\d:\d\d:\d\d .*\n|contract: .*\n|cloister: .*\n)+/) != nil,
                "\(watched.output)")

            try project.edit(file, "static func execute", "static funk execute")
            try await waits(2)
            #expect(
                count("saved: contract/Contract.swift") == 1 && count(" does not build (") == 1, "\(watched.output)")
            #expect(watched.output.contains("Contract.swift:") && watched.output.contains("error:"))

            // Mended, with an entry more; what the tests say then is wrong.
            try project.edit(
                file, "static funk execute",
                """
                static func migrate(_ environment: Environment, _ message: Start) throws(ContractError) -> Response {
                        greeting.save(message.greeting)
                        return Response()
                    }

                    static func execute
                """)
            try project.edit("contract/tests/ContractTests.swift", "hello, Ada", "hello, Eve")
            try await waits(3)
            #expect(count(" tests fail (") == 1 && count("deployed as") == 1, "\(watched.output)")
            try project.edit("contract/tests/ContractTests.swift", "hello, Eve", "hello, Ada")
            try await waits(4)
            #expect(count(" migrated \(first.output.1) to code 2 (") == 1, "\(watched.output)")
            // A save that changes no code.
            try project.edit(file, "// A type marked", "// Each type marked")
            try await waits(5)
            #expect(count("the same code as before: not deployed again") == 1, "\(watched.output)")
            let asked = try await ChildProcess.run(
                Programs.path("cloister"),
                [
                    "query", "compute", "query", String(first.output.1), #"{"greetings":{}}"#, "--node",
                    "http://127.0.0.1:\(net.restPort)",
                ],
                environment: ["CLOISTER_HOME": net.home + "/client"])
            #expect(asked.ending == .exit(0) && asked.output.contains("count"), "\(asked)")
            watched.send(SIGINT)
            #expect(try await watched.ending() == .exit(0))
            #expect(watched.output.hasSuffix(" ended\n"))

            // Anew each time without --migrate; and where no network answers, it goes on.
            let again = try start()
            try await wait(seconds: 120, for: "another instance") {
                again.output.contains("code 3, label contract-3 (")
            }
            #expect(try project.text("build/contract.address") != "\(first.output.1)\n")
            again.send(SIGTERM)
            #expect(try await again.ending() == .exit(0))
            net.child?.send(SIGINT)
            #expect(try await net.child?.ending() == .exit(0))
            let alone = try start()
            try await wait(seconds: 120, for: "a network that is gone") {
                alone.output.components(separatedBy: "not deployed: ").count == 2
            }
            alone.send(SIGINT)
            #expect(try await alone.ending() == .exit(0))
        }

        @Test("a project that cannot be made whole is not made, and a story on standard input is called that")
        func leftovers() async throws {
            let folder = TemporaryFolder("leftovers")
            let broken = folder.path("contracts")
            try FileManager.default.createDirectory(atPath: broken, withIntermediateDirectories: true)
            for name in ["template", "sdk"] {
                try FileManager.default.copyItem(
                    atPath: Repository.path("contracts/\(name)"), toPath: broken + "/" + name)
            }
            for _ in 0..<2 {
                let made = try await ChildProcess.run(
                    Programs.path("cloister"), ["contract", "new", "half", "--contracts", broken],
                    folder: folder.path(""))
                #expect(made.ending == .exit(1) && made.output.contains("cannot make half"), "\(made)")
            }
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: folder.path("")).filter { $0.contains("half") }
                    == [])

            let told = try await ChildProcess.run(
                "/bin/sh",
                [
                    "-c",
                    #"printf 'instantiate {"count":5}\r\nquery {"get_count":{}}\r\n= {"count":5}\r\nsudo {}' | "$0" contract run "$1" -"#,
                    Programs.path("cloister"), Repository.contractFile("counter"),
                ])
            #expect(
                told.ending == .exit(65) && told.output.contains("standard input, line 4: a call begins with"),
                "\(told)")
        }

        @Test("a module of any language is checked by the chain's rules, and called by a story that may expect things")
        func modules() async throws {
            let folder = TemporaryFolder("module")
            let module = Repository.contractFile("counter")
            func run(_ arguments: String...) async throws -> (ending: ChildProcess.Ending, output: String) {
                try await ChildProcess.run(Programs.path("cloister"), ["contract"] + arguments, folder: folder.path(""))
            }
            func write(_ name: String, _ bytes: [UInt8]) throws {
                try Data(bytes).write(to: URL(fileURLWithPath: folder.path(name)))
            }
            let checked = try await run("check", module)
            #expect(checked.ending == .exit(0), "\(checked.output)")
            #expect(checked.output.contains(/bytes, code hash [0-9a-f]{64}\ninterface version 1; it can be stored/))
            let old = try await run("check", Repository.contractFile("ledger-probe"))
            #expect(old.output.contains("interface version 0.10; it can be stored"), "\(old.output)")
            try write("empty.wasm", [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0])
            try write("packed.wasm", [0x1f, 0x8b, 8, 0])
            for (name, reason) in [
                ("empty.wasm", "could not be stored: "), ("packed.wasm", "is compressed; unpack it first"),
            ] {
                let refused = try await run("check", name)
                #expect(refused.ending == .exit(65) && refused.output.contains(reason), "\(refused.output)")
            }
            let missing = try await run("check", "nothing.wasm")
            #expect(missing.ending == .exit(1) && missing.output.contains("cannot read nothing.wasm"))

            let story = """
                # as a person writes it
                instantiate {"count":5} with 3uscrt
                execute {"increment":{}}
                  from bob
                query {"get_count":{}}
                = {"count":6}
                execute {"nothing":{}}
                ! unknown message

                """
            try write("story", Array(story.utf8))
            let told = try await run("run", module, "story")
            #expect(told.ending == .exit(0), "\(told.output)")
            #expect(
                told.output.contains(/execute increment: \d{5} gas\n/) && told.output.contains("    {\"count\":6}\n"))
            let strict = try await run("test", module, "story")
            #expect(
                strict.ending == .exit(0) && strict.output.contains("4 of 4 calls are as expected"), "\(strict.output)")
            try write("wrong", Array(story.replacingOccurrences(of: "count\":6", with: "count\":7").utf8))
            let wrong = try await run("test", module, "wrong")
            #expect(
                wrong.ending == .exit(1) && wrong.output.contains("line 6: expected {\"count\":7}"), "\(wrong.output)")
            #expect(wrong.output.contains("3 of 4 calls are as expected"))
            try write("bad", Array("instantiate {\"count\":5}\nsudo {}\n".utf8))
            let bad = try await run("run", module, "bad")
            #expect(bad.ending == .exit(65) && bad.output.contains("bad, line 2: a call begins with"), "\(bad.output)")
        }
    }
}
