import Foundation
import StrictJSON
import TestSupport
import Testing

extension Scenarios {
    /// The command of who brings a backend, as docs/backends.md has it.
    @Suite(.serialized) struct ResearchTests {
        private let folder = TemporaryFolder("research")

        /// What was typed, to be held against what there is.
        private final class Typed {
            var uses: [[String]] = []
        }

        private func use(
            _ typed: Typed, _ words: [String], status: Int32 = 0, seconds: Double = 300,
            sourceLocation: SourceLocation = #_sourceLocation
        ) async throws -> (output: String, json: JSONValue) {
            typed.uses.append(words)
            let run = try await ChildProcess.run(
                Programs.path("cloister-research"), words, folder: folder.path(""), within: seconds)
            #expect(run.ending == .exit(status), "\(words): \(run.output)", sourceLocation: sourceLocation)
            let line = run.output.split(separator: "\n").last.map { Array($0.utf8) } ?? []
            return (
                run.output, (try? JSONReader.parse(line, limits: JSONLimits(bytesMax: 1 << 24))) ?? .null
            )
        }

        @Test(
            "every verb of the researcher's command runs, with each of its options, and says by its status how it went")
        func everyVerb() async throws {
            let typed = Typed()
            let dump = try await ChildProcess.run(Programs.path("cloister-research"), ["--experimental-dump-help"])
            let tree = try CommandTree(
                dump: try JSONReader.parse(Array(dump.output.utf8), limits: JSONLimits(bytesMax: 1 << 24)))
            let programs = ["--programs", Programs.folder]

            let names = try await use(typed, ["list", "--json"]).json.array?.compactMap { $0["name"]?.string } ?? []
            #expect(
                names == [
                    "launched", "connected", "core", "launcher", "leaks-key", "forges-quote", "rolls-back",
                    "equivocates", "forks", "same-nonce", "believes", "stale",
                ])
            #expect(try await use(typed, ["list"]).output.contains("BROKEN: gives a private key out"))
            for name in names {
                let verified = try await use(typed, ["verify", name, "--json"] + programs)
                #expect(verified.json["cases"] != nil && verified.json["sha256"]?.string?.count == 64)
            }

            // A backend of one's own, from nothing to green.
            let made = try await use(typed, ["new", "mine", "--in", folder.path("backends"), "--json"])
            let mine = try #require(made.json["folder"]?.string)
            _ = try await use(typed, ["new", "mine", "--in", folder.path("backends")], status: 1)
            _ = try await use(typed, ["verify", mine], status: 1)
            _ = try await use(typed, ["boot", mine] + programs, status: 2)
            let compiled = try await ChildProcess.run("/usr/bin/make", ["-C", mine], within: 120)
            #expect(compiled.ending == .exit(0), "\(compiled.output)")
            _ = try await use(typed, ["verify", mine])
            let booted = try await use(typed, ["boot", mine, "--json", "--blocks", "5"] + programs)
            #expect(booted.json["head"] == 5)
            let attested = try await use(typed, ["attest", mine, "--json"] + programs)
            #expect(attested.json["accepted"] == true && attested.json["steps"]?.array?.count == 13)
            let own = try await use(typed, ["run", mine, "--json", "--only", "custody"] + programs)
            #expect(own.json["asExpected"] == true && own.json["failed"]?.array?.isEmpty == true, "\(own.output)")

            // A broken one is as expected if its case fails, and no evidence.
            let forged = try await use(typed, ["attest", "forges-quote", "--json"], status: 1)
            #expect(forged.json["accepted"] == false)
            let broken = try await use(typed, ["run", "forges-quote", "--json", "--only", "custody"])
            #expect(broken.json["failed"]?.array?.count == 1)
            // Not for who claims to be whole.
            let file = mine + "/backend.json"
            let lying = try String(contentsOfFile: file, encoding: .utf8)
                .replacing("{folder}/enclave", with: "{programs}/research-forges-quote")
            try lying.write(toFile: file, atomically: true, encoding: .utf8)
            let caught = try await use(typed, ["run", mine, "--only", "evidence is signed"] + programs, status: 1)
            #expect(caught.output.contains("FAIL") && caught.output.contains("wrongQuoteSignature"))
            _ = try await use(typed, ["run", mine, "--only", "no such case"], status: 2)
            try lying.replacing("\"seam\"", with: "\"dam\"").write(toFile: file, atomically: true, encoding: .utf8)
            #expect(try await use(typed, ["verify", mine], status: 1).output.contains("seam is missing"))
            _ = try await use(typed, ["boot", "core", "--blocks", "0"], status: 64)

            // The other seam.
            let machine = try await use(typed, ["run", "launcher", "--json"])
            #expect(machine.json["passed"] == 19 && machine.json["asExpected"] == true, "\(machine.output)")

            // A session.
            let session = folder.path("session.json")
            let recorded = try await use(typed, ["record", "core", "--to", session, "--json"] + programs)
            let replayed = try await use(typed, ["replay", session, "--json"])
            #expect(replayed.json == recorded.json && replayed.json.array?.count == 3)
            let text = try String(contentsOfFile: session, encoding: .utf8)
            try text.replacing("\"enclaveTranscript\":\"", with: "\"enclaveTranscript\":\"0").write(
                toFile: session, atomically: true, encoding: .utf8)
            _ = try await use(typed, ["replay", session], status: 1)
            _ = try await use(typed, ["replay", folder.path("none.json")], status: 1)

            // An enclave behind a socket, for a description that starts none.
            let socket = folder.path("lanes.sock")
            let served = [
                "serve", "--socket", socket, "--state", folder.path("machine"), "--query-lanes", "1",
            ]
            typed.uses.append(served)
            let server = try ChildProcess(
                Programs.path("cloister-research"), served, log: folder.path("serve.log"))
            let description = """
                {"name":"there","about":"runs already","seam":"enclave","command":[],"socket":"\(socket)",\
                "root":"\(folder.path("machine"))/simulated-root.der"}
                """
            try description.write(toFile: folder.path("there.json"), atomically: true, encoding: .utf8)
            let there = try await use(
                typed, ["run", folder.path("there.json"), "--json", "--only", "frames: two at once are two"], status: 2)
            #expect(there.output.contains("no case is of"))
            let reached = try await use(
                typed, ["run", folder.path("there.json"), "--json", "--only", "two at once are two"])
            #expect(reached.json["passed"] == 1, "\(reached.output)")
            #expect(try await server.ending() == .exit(0))

            #expect(tree.missing(in: typed.uses) == [])
        }
    }
}
