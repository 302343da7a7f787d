import BlockExecution
import ChainFormats
import ChainInterface
import DecidedBlocks
import EnclaveProtocol
import Foundation
import Logging
import PeerNetwork
import PeerWire
import PublicCryptography
import TestSupport
import Testing
import Wire

@testable import Node

@Suite("How a node begins with a state of others") struct StateSyncSettingsTests {
    private let folder = TemporaryFolder("statesync")

    private func read(_ section: String) throws -> NodeConfiguration {
        let path = folder.path("node.toml")
        try ("[p2p]\npersistent_peers = \"\(String(repeating: "ab", count: 20))@127.0.0.1:1\"\n[statesync]\n" + section)
            .write(toFile: path, atomically: true, encoding: .utf8)
        return try NodeConfiguration(path: path)
    }

    private static let hash = String(repeating: "0A", count: 32)

    @Test("the settings have CometBFT's names and forms, and are written as they are read")
    func settings() throws {
        let read = try read(
            """
            enable = true
            rpc_servers = "10.0.0.1:26657,node.example:26657"
            trust_height = 7
            trust_hash = "\(Self.hash)"
            trust_period = "336h0m0s"
            discovery_time = "1m5s"
            """)
        #expect(read.stateSync.rpcServers.map(\.description) == ["10.0.0.1:26657", "node.example:26657"])
        #expect(read.stateSync.trustHeight == 7 && read.stateSync.trustHash?.bytes == [UInt8](repeating: 10, count: 32))
        #expect(read.stateSync.trustPeriodSeconds == 336 * 3600 && read.stateSync.discoverySeconds == 65)
        let path = folder.path("again.toml")
        try read.text.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try NodeConfiguration(path: path).stateSync == read.stateSync)
        #expect(NodeConfiguration().stateSync.trustPeriodSeconds == 168 * 3600)
    }

    @Test(
        "what cannot be is refused",
        arguments: [
            "trust_height = 7", "trust_hash = \"\(hash)\"", "trust_hash = \"12\"", "trust_period = \"1w\"",
            "trust_period = \"\"", "trust_period = \"0s\"", "trust_period = \"9999999h\"", "discovery_time = \"-1s\"",
            "rpc_servers = \"a b:1\"",
            "rpc_servers = \"host\"", "trust_height = 7\ntrust_hash = \"\(hash)\"",
        ])
    func refused(section: String) {
        #expect(throws: NodeFault.self) { try read(section) }
    }

    @Test("times are read and written as Go does")
    func durations() {
        for (text, seconds) in [("168h0m0s", 604_800), ("90s", 90), ("1m30s", 90), ("0s", 0)] as [(String, Int64)] {
            #expect(GoDuration.seconds(text) == seconds)
        }
        for text in ["", "h", "1", "1s1m", "1.5h", "-1h", "9999999999s", "1h "] {
            #expect(GoDuration.seconds(text) == nil)
        }
        for seconds in [0, 59, 60, 3599, 3600, 604_800, 90_061] as [Int64] {
            #expect(GoDuration.seconds(GoDuration.text(seconds: seconds)) == seconds)
        }
    }

    @Test("a chain that began too long ago is believed only from a younger header that is named, and the text says so")
    func period() throws {
        let began = Timestamp(rfc3339: "2026-01-02T03:04:05Z")!
        let genesis = GenesisDocument(
            genesisTime: began, chainID: "trust-1",
            validators: [GenesisValidator(publicKey: [UInt8](repeating: 1, count: 32), power: 1, name: "one")])
        let logger = Logger(label: "trust") { _ in SwiftLogNoOpLogHandler() }
        let settings = StateSyncSettings()
        let soon = began.adding(nanoseconds: 3600 * 1_000_000_000)
        let trust = try settings.trust(genesis, OpenedEnclave(), now: soon, logger: logger)
        #expect(trust.floor == 0 && trust.named == nil && trust.enclave.head.time == began)
        let late = began.adding(nanoseconds: 169 * 3600 * 1_000_000_000)
        do {
            _ = try settings.trust(genesis, OpenedEnclave(), now: late, logger: logger)
            Issue.record("believed")
        } catch let fault as NodeFault {
            #expect(fault.exit == .configuration && fault.description.contains("trust_hash"), "\(fault)")
        }
        // A header that nobody shows is not believed either.
        var named = settings
        (named.trustHeight, named.trustHash) = (5, SHA256.hash([1]))
        #expect(throws: NodeFault.self) { try named.trust(genesis, OpenedEnclave(), now: soon, logger: logger) }
        var command = settings
        #expect(throws: NodeFault.self) { try command.trust(height: 5, hash: nil) }
        #expect(throws: NodeFault.self) { try command.trust(height: 5, hash: Self.hash) }
        try command.trust(height: nil, hash: nil)
        #expect(command == settings)
    }

    @Test("who waits is told for what")
    func words() {
        var progress = StateSyncReactor.Progress()
        #expect(progress.text(above: 0) == "no peer is connected that could give the state")
        progress.peers = 2
        #expect(progress.text(above: 9) == "none of 2 peers offers a state; it must be of a height above 9")
        (progress.offers, progress.lastRefusal) = (1, "the enclave does not go there, at height 3")
        #expect(
            progress.text(above: 0)
                == "2 peers offer 1 states, of which none is of use yet; the last one was refused: the enclave does not go "
                + "there, at height 3")
        progress.current = OfferedState(height: 40, format: 1, chunks: 7, hash: [1])
        progress.missing = 3
        #expect(progress.text(above: 0) == "the state of height 40 is being fetched: 3 of 7 chunks are to come")
    }
}
