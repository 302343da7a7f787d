import Foundation
import TestSupport
import Testing

/// Several validators, by the script that people use (`make testnet`).
extension Scenarios {
    @Suite(.serialized) struct TestnetTests {
        @Test(
            "four validators and a full node agree on private state, and one node more comes in",
            .timeLimit(.minutes(4)))
        func testnet() async throws {
            let folder = TemporaryFolder("testnet")
            let run = try await ChildProcess.run(
                Repository.path("Tests/Testnet/testnet.py"),
                [
                    "--programs", Programs.folder, "--folder", folder.path("net"), "--once", "--port",
                    String(try freePorts(1)[0] % 20_000 + 10_000),
                ], within: 220)
            #expect(run.ending == .exit(0), "\(run.output)")
            #expect(run.output.contains("all count 5, and have the same blocks up to height"), "\(run.output)")
            #expect(run.output.contains("hands on a call of its own"), "\(run.output)")
        }
    }
}
