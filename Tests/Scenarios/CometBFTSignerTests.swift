import Foundation
import StrictJSON
import TestSupport
import Testing

extension Scenarios {
    /// A real CometBFT that has no key: `COMETBFT=/path/to/cometbft swift test …`. Elsewhere this shows as skipped.
    @Suite(
        .serialized,
        .enabled(if: ProcessInfo.processInfo.environment["COMETBFT"] != nil, "COMETBFT names no CometBFT to try with"))
    struct CometBFTSignerTests {
        @Test(
            "CometBFT decides with the enclave's key, over a Unix socket and over TCP, and the embedded engine goes on",
            arguments: [false, true])
        func signs(overTCP: Bool) async throws {
            let ports = try freePorts(3)
            let node = try await NodeProcess(
                settings: """
                    [cometbft]
                    program = "\(ProcessInfo.processInfo.environment["COMETBFT"]!)"
                    rpc = "tcp://127.0.0.1:\(ports[0])"
                    peers = "tcp://127.0.0.1:\(ports[1])"
                    signer = "\(overTCP ? "tcp://127.0.0.1:\(ports[2])" : "")"
                    empty_blocks = 1
                    """)
            try await node.start(engine: "cometbft")
            try await wait(seconds: 60, for: "blocks of CometBFT") { try await node.height() >= 4 }
            #expect(node.log.contains("CometBFT's signer is connected"))
            // CometBFT's own files are of a key that validates nothing.
            let own = try JSONReader.parse(
                Array(Data(contentsOf: URL(fileURLWithPath: node.home + "/config/priv_validator_enclave.json"))))
            let genesis = try JSONReader.parse(
                Array(Data(contentsOf: URL(fileURLWithPath: node.home + "/config/genesis.json"))))
            #expect(genesis["validators"]?.array?.first?["pub_key"] == own["pub_key"])
            #expect(!FileManager.default.fileExists(atPath: node.home + "/config/priv_validator_key.json"))
            let height = try await node.height()
            // Again, after a restart of all.
            #expect(try await node.stop() == .exit(0))
            try await node.start(engine: "cometbft")
            try await wait(seconds: 60, for: "more blocks of CometBFT") { try await node.height() >= height + 2 }
            let last = try await node.height()
            #expect(try await node.stop() == .exit(0))
            try await node.start()
            try await wait(seconds: 60, for: "blocks of the embedded engine") { try await node.height() > last }
            #expect(try await node.stop() == .exit(0))
        }
    }
}
