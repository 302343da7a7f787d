import BlockExecution
import BlockStorage
import ChainApplication
import ChainInterface
import EmbeddedEngine
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import LogLines
import Logging
import ModuleKit
import Pages
import PeerNetwork
import PeerWire
import PublicCryptography
import TestSupport
import Testing
import ValidatorSigning
import Wire

@testable import HostAnswers
@testable import Node

@Suite("What an operator is told") struct NodeFaultTests {
    private let home = NodeHome("/home/node")

    @Test("every failure of the enclave and of consensus has a status that fits, a sentence, and no bare name")
    func everyFailure() {
        for failure in Failure.allCases {
            let fault = NodeFault(EnclaveError.refused(failure), in: home)
            let passes: Set<Failure> = [.outOfMemory, .platformFailed]
            #expect((fault.exit == .failed) == passes.contains(failure), "\(failure): \(fault)")
            #expect(fault.what.contains(" ") && fault.what.firstMatch(of: /[a-z][A-Z]/) == nil, "\(fault)")
        }
        let engine: [(EngineStop, NodeExit)] = [
            (.applicationAhead(application: 5, store: 4), .data), (.blocksMissing(3), .data),
            (.storeAndStateDisagree(store: 1, state: 3), .data), (.wrongGenesis, .data),
            (.wrongAppHash(height: 3), .broken), (.wrongResultCount(height: 3), .broken),
            (.invalidOwnBlock(.wrongTime), .broken),
            (.signerAhead(signedHeight: 9, signedRound: 0, height: 3), .refused),
        ]
        for (failure, exit) in engine {
            let fault = NodeFault(failure, in: home)
            #expect(fault.exit == exit, "\(fault)")
            #expect(fault.what.contains(" ") && fault.what.firstMatch(of: /[a-z][A-Z]/) == nil, "\(fault)")
        }
    }

    @Test("the page of failures has a row for each number, with the status that a node ends with, and no other row")
    func page() throws {
        let text = try String(contentsOfFile: Repository.path("docs/failures.md"), encoding: .utf8)
        var rows: [UInt32: (name: Substring, status: Substring)] = [:]
        for row in text.matches(of: /\n\| (\d{3}) \| `(\w+)` \| [^|\n]+ \| (\d+|-) \| [^|\n]+ \|/) {
            let number = try #require(UInt32(row.1))
            #expect(rows.updateValue((row.2, row.3), forKey: number) == nil, "\(number) stands there twice")
        }
        #expect(Set(rows.keys) == Set(Failure.allCases.map(\.rawValue)))
        for failure in Failure.allCases {
            let row = try #require(rows[failure.rawValue])
            #expect(row.name == "\(failure)")
            // A transaction fails with it, or a client is told.
            let endsNoNode = failure.isOfTransaction || (700..<800).contains(failure.rawValue)
            let exit = NodeFault(EnclaveError.refused(failure), in: home).exit
            #expect(row.status == (endsNoNode ? "-" : "\(exit.rawValue)"), "\(failure)")
        }
        let launcher = text.matches(of: /\n\| (\d\d) \| [^|\n]+ \| (\d+) \| [^|\n]+ \|/)
        #expect(launcher.map { Int32($0.1) } == Array(64...71))
        for row in launcher {
            let error = EnclaveError.launcherRefused(status: try #require(Int32(row.1)))
            #expect(row.2 == "\(NodeFault(error, in: home).exit.rawValue)", "\(row.1)")
        }
    }

    @Test("what may pass is tried again, what lasts is not")
    func passing() throws {
        func exit(_ error: any Error) -> NodeExit { NodeFault(error, in: home).exit }
        #expect(exit(RunJournal.Failure(operation: "write", errorNumber: ENOSPC)) == .failed)
        #expect(exit(RunJournal.Failure(operation: "open", errorNumber: EACCES)) == .data)
        #expect(exit(UpgradeRefusal("counter is new")) == .data)
        #expect(exit(TooManyApprovals(height: 5, count: 65)) == .configuration)
        #expect(exit(TooManyApprovals(height: 5, count: 17, isOfSettings: true)) == .configuration)
        #expect(exit(HaltHeightReached(height: 5)) == .halted)
        #expect(exit(PlanReached(height: 5, name: "next", info: "see there")) == .halted)
        #expect(exit(EnclaveError.lost("closed")) == .failed)
        #expect(exit(EnclaveError.launcherRefused(status: 66)) == .data)
        #expect(exit(EnclaveError.launcherRefused(status: 67)) == .configuration)
        #expect(exit(EnclaveError.launcherRefused(status: 69)) == .failed)
        #expect(exit(EnclaveError.unexpectedMessage) == .configuration)
        #expect(exit(SignerFileError.malformed("/a")) == .data)
        #expect(exit(GenesisError.noValidators) == .data)
        #expect(exit(ProtobufError.missing(field: 2)) == .data)
        #expect(throws: NodeFault("", exit: .data)) {
            do { _ = try Data(contentsOf: URL(fileURLWithPath: "/nowhere/at/all")) } catch {
                throw NodeFault(error, in: home)
            }
        }
        struct Unknown: Error {}
        #expect(exit(Unknown()) == .failed)
        #expect(NodeExit.allCases.filter(\.mayHelpToRestart) == [.failed])
    }

    @Test("a fault names its file, the cause and what to do, in one line")
    func text() {
        let fault = NodeFault("it is gone", exit: .data, path: "/a/b", cause: "no such file", remedy: "restore it")
        #expect(fault.description == "/a/b: it is gone (no such file); restore it")
        #expect(NodeFault("it is gone").description == "it is gone")
        #expect(NodeFault(violations: ["a: b"], path: "/c").description == "/c: a: b")
        #expect(
            NodeFault(violations: ["a: b", "c: d"], path: "/c").description
                == "/c: 2 things are not as they must be\n  a: b\n  c: d")
    }
}

@Suite("Settings") struct SettingsTests {
    @Test("what is written is read the same, whatever the texts hold")
    func roundTrip() throws {
        let folder = TemporaryFolder("settings")
        defer { withExtendedLifetime(folder) {} }
        let file = folder.path("node.toml")
        var configuration = NodeConfiguration()
        configuration.moniker = #"a "quoted" \ name ü 🦀"#
        (configuration.logLevel, configuration.logFormat) = (.debug, .json)
        (configuration.restHost, configuration.restPort) = ("::1", 65_535)
        (configuration.metricsHost, configuration.metricsPort) = ("node.example.org", 1)
        (configuration.queryLanes, configuration.enclave) = (16, .development)
        (configuration.mempoolSize, configuration.blockIntervalMilliseconds) = (1_000_000, 3_600_000)
        (configuration.gasPrice, configuration.statesKept, configuration.blocksKept) = ("12.5other", 16, 1_000)
        (configuration.transactionsKept, configuration.stallMilliseconds) = (17, 1_000)
        (configuration.upgradeHeight, configuration.haltHeight) = (5, 5)
        configuration.approvals = [
            EnclaveApproval(measurement: .zero, height: 7), EnclaveApproval(measurement: .zero, height: 9, end: 10),
        ]
        configuration.peerListen = ListenAddress(host: "::1", port: 26656)
        configuration.persistentPeers = [1, 2].map { number in
            PeerAddress(
                id: String(repeating: "a\(number)", count: 20), place: ListenAddress(host: "node.example", port: 1))
        }
        (configuration.pex, configuration.allowsDuplicateIP, configuration.peersInboundMax) = (true, true, 7)
        configuration.pages = .always
        (configuration.seeds, configuration.isSeed) = (configuration.persistentPeers.reversed(), true)
        configuration.peerExternal = ListenAddress(host: "node.example", port: 26657)
        try configuration.text.write(toFile: file, atomically: true, encoding: .utf8)
        let read = try NodeConfiguration(path: file)
        #expect(read.text == configuration.text && read.moniker == configuration.moniker)
        #expect(
            read.restHost == "::1" && read.logLevel == .debug && read.logFormat == .json && read.enclave == .development
        )
        #expect(read.gasPrice == "12.5other" && read.statesKept == 16 && read.blocksKept == 1_000)
        #expect(read.peerListen == configuration.peerListen && read.persistentPeers == configuration.persistentPeers)
        #expect(read.pages == .always && NodeConfiguration().pages == .loopback)
        #expect(read.pex && read.allowsDuplicateIP && read.peersInboundMax == 7)
        #expect(read.seeds == configuration.seeds && read.isSeed && read.peerExternal == configuration.peerExternal)
        let peers = try #require(read.peerSettings)
        #expect(peers.seeds == read.seeds && peers.isSeed && peers.external == read.peerExternal)
        #expect(read.stallMilliseconds == 1_000 && read.stallSeconds == 3_602)
        #expect(read.transactionsKept == 17 && read.upgradeHeight == 5 && read.haltHeight == 5)
        #expect(read.approvals == configuration.approvals)
        // None is found whose block is gone.
        let kept: [(blocks: UInt64, transactions: UInt64, found: UInt64)] = [
            (0, 0, 0), (0, 17, 17), (16, 0, 15), (16, 17, 15), (1_000, 17, 17),
        ]
        for (blocks, transactions, found) in kept {
            (configuration.blocksKept, configuration.transactionsKept) = (blocks, transactions)
            #expect(configuration.transactionHeightsKept == found)
        }
    }

    @Test(
        "a file is refused for each thing that would be believed otherwise",
        arguments: [
            ("port = 1", "port: is no setting"), ("[rest]\nport = 0", "rest.port: must be a whole number from 1"),
            ("[rest]\nport = true", "not true"), ("[rest]\nport = 1.5", "not 1.5"),
            ("rest = 5", "rest: must be a section"),
            ("[rest.port]\na = 1", "rest.port: must be a whole number"),
            ("moniker = \"\"", "moniker: must have 1 to 70 bytes"),
            ("[[rest]]\nport = 1", "rest: must be a section"), ("profile = \"test\"", "development or production"),
            (
                "profile = \"production\"\n[enclave]\nprogram = \"development\"",
                "does not run in the profile production"
            ),
            ("[metrics]\npages = true", "metrics.pages: must be loopback, always or never, not true"),
            ("[metrics]\nport = 1317", "metrics.port: is the port of REST, too"), ("a = [", "this is no TOML"),
            ("moniker = \"a\"\nmoniker = \"b\"", "this is no TOML"), ("[mempool]\nsize = -1", "not -1"),
            ("[mempool]\ngas_price = \"0.0125\"", "mempool.gas_price: must be an amount and a denomination"),
            ("[mempool]\ngas_price = 1", "mempool.gas_price: must be a text"),
            ("[pruning]\nstates = 15", "pruning.states: must be 0, or at least 16"),
            ("[pruning]\nblocks = 1", "pruning.blocks: must be 0, or at least 16"),
            ("[pruning]\ntransactions = 1", "pruning.transactions: must be 0, or at least 16"),
            ("[p2p]\nlisten = \"26656\"", "p2p.listen: must be host:port"),
            ("[p2p]\npersistent_peers = \"host:1\"", "p2p.persistent_peers: must be id@host:port"),
            ("[p2p]\npex = true\nseeds = \"host:1\"", "p2p.seeds: must be id@host:port"),
            (
                "[p2p]\npex = false\nseeds = \"\(String(repeating: "ab", count: 20))@host:1\"",
                "p2p.seeds: needs pex = true"
            ),
            ("[p2p]\npex = false\nlisten = \"a:1\"\nseed_mode = true", "p2p.seed_mode: needs pex = true"),
            ("[p2p]\npex = true\nseed_mode = true", "p2p.seed_mode: needs listen"),
            ("[p2p]\nexternal_address = \"26656\"", "p2p.external_address: must be host:port"),
            ("[p2p]\nsend_rate = 10000000000", "p2p.send_rate: must be a whole number from 10000 to 1000000000"),
            ("[p2p]\npex = 1", "p2p.pex: must be true or false"),
            (
                "[upgrade]\napprove = \"\(String(repeating: "0", count: 64))@9-9\"",
                "upgrade.approve: must be measurement@height or measurement@height-end"
            ), ("[upgrade]\napprove = \"\(String(repeating: "0", count: 64))@9-10-11\"", "upgrade.approve: must be"),
            ("[upgrade]\napprove = \"\(String(repeating: "0", count: 64))@0\"", "upgrade.approve: must be"),
            (
                "[upgrade]\nheight = 9\nhalt_height = 8",
                "upgrade.halt_height: is before the first block of this program"
            ),
        ])
    func refused(text: String, words: String) throws {
        let folder = TemporaryFolder("settings")
        defer { withExtendedLifetime(folder) {} }
        let file = folder.path("node.toml")
        try text.write(toFile: file, atomically: true, encoding: .utf8)
        let fault = #expect(throws: NodeFault("", exit: .configuration)) { try NodeConfiguration(path: file) }
        #expect(fault?.description.contains(words) == true && fault?.path == file, "\(String(describing: fault))")
    }

    @Test("a missing file of settings is a file that is missing")
    func missing() {
        #expect(throws: NodeFault("", exit: .data)) { try NodeConfiguration(path: "/nowhere/node.toml") }
    }
}
