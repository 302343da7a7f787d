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

        @Test(
            "a validator that a transaction made signs, is jailed when it stops, and what was undelegated comes back",
            .enabled(if: pythonWithClient != nil, "secret-sdk is not installed"), .timeLimit(.minutes(4)))
        func staking() async throws {
            let output = try await script("staking.py", ["--short"], by: pythonWithClient)
            #expect(output.contains("c's validator signs"), "\(output)")
            #expect(output.contains("c's validator stopped, was jailed and lost 1500000uscrt"), "\(output)")
            #expect(output.contains("b undelegated, and has its coins back"), "\(output)")
        }

        @Test(
            "four validators vote for a later enclave: before its time, and by forged approvals, it gets nothing",
            .timeLimit(.minutes(6)))
        func upgrade() async throws {
            let output = try await script("upgrade.py", ["--short"])
            #expect(output.contains("an account's own approval is refused"), "\(output)")
            #expect(output.contains("until then it is refused"), "\(output)")
            #expect(output.contains("approved the program by itself and ended with 70"), "\(output)")
            #expect(output.contains("validator-1 runs the later program, and signs with the key"), "\(output)")
            #expect(output.contains("both programs count 2"), "\(output)")
        }

        private func script(_ name: String, _ arguments: [String], by python: String? = nil) async throws -> String {
            let folder = TemporaryFolder("testnet")
            // For where there are no namespaces: ports that the system gives to nobody by itself.
            let port = String(10_000 + Int.random(in: 0..<15_000))
            let (path, options) = (
                Repository.path("Tests/Testnet/" + name),
                ["--programs", Programs.folder, "--folder", folder.path("net"), "--port", port] + arguments
            )
            let run = try await ChildProcess.run(python ?? path, (python == nil ? [] : [path]) + options, within: 220)
            #expect(run.ending == .exit(0), "\(run.output)")
            return run.output
        }
    }
}
