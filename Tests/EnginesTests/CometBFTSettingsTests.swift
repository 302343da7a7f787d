import ABCIServer
import CometBFTEngine
import Foundation
import TestSupport
import Testing

/// CometBFT sets the record of what was signed to nothing wherever its settings say that a key should be and none is.
struct CometBFTSettingsTests {
    @Test("CometBFT's settings name the files of whoever signs now, and keep what else an operator wrote")
    func filesFollowTheSigner() throws {
        let folder = TemporaryFolder("cometbft-settings")
        let home = folder.path("cometbft")
        let settings = home + "/config/config.toml"
        func prepare(_ files: String) throws -> String {
            let address = try #require(SocketAddress("tcp://127.0.0.1:1"))
            try CometBFTProcess(
                .init(
                    program: "cometbft", home: home, moniker: "m", validatorKey: files + "/key",
                    validatorState: files + "/state", nodeKey: "/node_key", genesis: [], abci: address, rpc: address,
                    peerAddress: "", persistentPeers: "", emptyBlockSeconds: 0)
            ).prepare()
            return try String(contentsOfFile: settings, encoding: .utf8)
        }
        let first = try prepare("/own")
        #expect(first.contains("priv_validator_key_file = \"/own/key\"\npriv_validator_state_file = \"/own/state\"\n"))
        let edited =
            "priv_validator_key_file=\"/elsewhere\"\n"
            + first.replacing("priv_validator_key_file = \"/own/key\"\n", with: "").replacing(
                "[rpc]", with: "[rpc]\npriv_validator_state_file = 1")
        try edited.write(toFile: settings, atomically: true, encoding: .utf8)
        let second = try prepare("/other")
        #expect(
            second
                == edited.replacing(
                    "priv_validator_key_file=\"/elsewhere\"", with: "priv_validator_key_file = \"/other/key\""
                )
                .replacing("\"/own/state\"", with: "\"/other/state\""))
        try "moniker = \"m\"\n".write(toFile: settings, atomically: true, encoding: .utf8)
        let third = try prepare("/third")
        #expect(third.hasSuffix("moniker = \"m\"\n"))
        #expect(third.contains("priv_validator_state_file = \"/third/state\"\n"))
        #expect(try prepare("/third") == third)
    }
}
