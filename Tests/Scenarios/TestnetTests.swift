import Foundation
import TestSupport
import Testing

/// Several validators, by the script that people use (`make testnet`).
extension Scenarios {
    @Suite(.serialized) struct TestnetTests {
        @Test(
            "four validators and a full node agree on private state, and one node more comes in",
            .timeLimit(.minutes(20)))
        func testnet() async throws {
            let output = try await script("testnet.py", ["--once"])
            #expect(output.contains("all count 5, and have the same blocks up to height"), "\(output)")
            #expect(output.contains("hands on a call of its own"), "\(output)")
        }

        @Test(
            "validators that are killed and stopped under load lose nothing that was confirmed, and never part",
            .timeLimit(.minutes(20)))
        func torture() async throws {
            let output = try await script("torture.py", ["--rounds", "3", "--seed", "7"])
            #expect(output.contains("confirmed transactions is in its block on every node"), "\(output)")
            #expect(output.contains("no fork, no second signature"), "\(output)")
        }

        private func script(_ name: String, _ arguments: [String]) async throws -> String {
            let folder = TemporaryFolder("testnet")
            // For where there are no namespaces: ports that the system gives to nobody by itself.
            let port = String(10_000 + Int.random(in: 0..<15_000))
            let run = try await ChildProcess.run(
                Repository.path("Tests/Testnet/" + name),
                ["--programs", Programs.folder, "--folder", folder.path("net"), "--port", port] + arguments,
                within: 220)
            #expect(run.ending == .exit(0), "\(run.output)")
            return run.output
        }
    }
}
