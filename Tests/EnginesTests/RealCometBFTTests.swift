import ABCIServer
import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import ChainMessages
import CometBFTEngine
import CometBFTReading
import DecidedBlocks
import Foundation
import Glibc
import Logging
import PublicCryptography
import StrictJSON
import Synchronization
import TestSupport
import Testing
import ValidatorSigning
import Wire

/// What went over the sockets between a CometBFT and an application, and which blocks the application was told, in
/// order.
struct ABCISession: Codable {
    struct Event: Codable {
        var connection: Int?
        var request: Data?
        var response: Data?
        /// Encodings of block, block id and commit.
        var block: [Data]?
    }
    var cometBFT: String
    var genesis: Data
    var events: [Event]

    static let recorded = Repository.path("Tests/Fixtures/abci-session.json")

    static func read() throws -> ABCISession {
        try JSONDecoder().decode(ABCISession.self, from: Data(contentsOf: URL(fileURLWithPath: recorded)))
    }
}

/// Stands between CometBFT and the application and notes what both say.
final class SessionRecorder: BlockSource, @unchecked Sendable {
    private let lock = NSLock()
    private var noted: [ABCISession.Event] = []
    private let source: any BlockSource
    private let descriptor: Int32
    let address: SocketAddress

    init(before application: SocketAddress, source: any BlockSource) throws {
        self.source = source
        descriptor = try SocketAddress("tcp://127.0.0.1:0")!.listen()
        address = SocketAddress("tcp://127.0.0.1:\(SocketAddress.port(of: descriptor)!)")!
        Thread.detachNewThread { [self] in
            var count = 0
            while true {
                let engine = accept(descriptor, nil, nil)
                guard engine >= 0 else { return }
                let name = count
                count += 1
                guard let inner = try? application.connect(seconds: 3600) else { return }
                for isRequest in [true, false] {
                    Thread.detachNewThread { [self] in
                        copy(isRequest ? engine : inner, isRequest ? inner : engine) { frame in
                            var event = ABCISession.Event(connection: name)
                            if isRequest { event.request = Data(frame) } else { event.response = Data(frame) }
                            return event
                        }
                    }
                }
            }
        }
    }

    var events: [ABCISession.Event] { lock.withLock { noted } }
    func stop() { shutdown(descriptor, Int32(SHUT_RDWR)) }

    func block(_ height: Int64) throws -> RPCBlock {
        let found = try source.block(height)
        lock.withLock {
            noted.append(
                .init(block: [found.block.protobuf, found.blockID.protobuf, found.commit.protobuf].map { Data($0) }))
        }
        return found
    }

    /// A frame is noted before it is passed on: what answers it is noted behind it.
    private func copy(_ from: Int32, _ to: Int32, _ event: ([UInt8]) -> ABCISession.Event) {
        var reader = DelimitedReader(byteCountMax: 1 << 26)
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(from, &chunk, chunk.count, 0)
            guard count > 0 else { break }
            reader.append(chunk[..<count])
            while let frame = try? reader.next() { lock.withLock { noted.append(event(frame)) } }
            guard send(to, chunk, count, Int32(MSG_NOSIGNAL)) == count else { break }
        }
        shutdown(to, Int32(SHUT_RDWR))
        shutdown(from, Int32(SHUT_RDWR))
    }
}

/// Blocks of a recorded session.
private struct RecordedBlocks: BlockSource {
    var blocks: [Int64: RPCBlock]
    func block(_ height: Int64) throws -> RPCBlock {
        guard let block = blocks[height] else { throw RPCClient.Failure.unreachable("was not recorded") }
        return block
    }
}

@Suite("A recorded session of CometBFT") struct RecordedABCITests {
    @Test("every request of a real CometBFT is answered again, byte by byte")
    func replay() async throws {
        try await onThread {
            let session = try ABCISession.read()
            let genesis = try GenesisDocument(json: Array(session.genesis))
            var blocks: [Int64: RPCBlock] = [:]
            for event in session.events {
                guard let parts = event.block?.map({ Array($0) }) else { continue }
                let block = try Block(protobuf: parts[0])
                blocks[block.header.height] = RPCBlock(
                    block: block, blockID: try BlockID(protobuf: parts[1]), commit: try Commit(protobuf: parts[2]))
            }
            let folder = TemporaryFolder()
            let application = CounterApplication(transactionsPerBlock: 2)
            var settings = DrivenEngineConfiguration(
                folder: folder.url.path + "/engine", abci: SocketAddress("unix://" + folder.url.path + "/s")!,
                rpc: SocketAddress("tcp://127.0.0.1:1")!)
            settings.refusesStrangeCalls = true
            let engine = try DrivenEngine(
                settings, genesis: genesis, application: application, process: nil,
                sources: [RecordedBlocks(blocks: blocks)],
                logger: Logger(label: "replay") { _ in SwiftLogNoOpLogHandler() })
            try engine.start()
            var connections: [Int: ABCIConnection] = [:]
            var answers = 0
            for event in session.events {
                guard let name = event.connection else { continue }
                if connections[name] == nil { connections[name] = try ABCIConnection(try #require(engine.address)) }
                if let request = event.request {
                    let bytes = Array(request)
                    var writer = ProtobufWriter()
                    writer.varint(UInt64(bytes.count))
                    writer.raw(bytes)
                    try connections[name]!.send(writer.bytes)
                } else if let response = event.response {
                    #expect(try connections[name]!.answer().encoded == Array(response))
                    answers += 1
                }
            }
            engine.stop(seconds: 0)
            #expect(answers > 60 && connections.count >= 3)
            #expect(application.executed == RealCometBFTTests.transactions)
            #expect(blocks.count >= 4 && application.height == blocks.keys.max())
        }
    }
}

/// Holds a step up until it is told to go on.
private final class Gate: Sendable {
    private let opened: Atomic<Bool>
    init(isOpen: Bool) { opened = Atomic(isOpen) }
    func open() { opened.store(true, ordering: .releasing) }
    func wait() { while !opened.load(ordering: .acquiring) { usleep(5_000) } }
}

enum RealCometBFT {
    static let program = ProcessInfo.processInfo.environment["COMETBFT"]
}

/// With a program of one's own: `COMETBFT=/path/to/cometbft swift test …`. Elsewhere these tests show as skipped.
@Suite(
    "A real CometBFT", .serialized,
    .enabled(if: RealCometBFT.program != nil, "COMETBFT names no CometBFT to try with"))
struct RealCometBFTTests {
    static let transactions: [[UInt8]] = [[1], [2, 2], [3, 3, 3], [4], [5]]

    /// A node's folder, with the program beside it.
    private final class RealRig {
        let rig: EngineRig
        let rpc: SocketAddress
        let peers: String
        private let persistentPeers: String
        private(set) var engine: DrivenEngine?
        private(set) var recorder: SessionRecorder?
        private var process: CometBFTProcess?
        /// Run beside the application and not by it.
        private var byHand: CometBFTProcess?
        let stopped = Stopped()

        /// `other` is one whose chain this follows, from a state that CometBFT brings.
        init(following other: RealRig? = nil) throws {
            rig = try EngineRig(transactionsPerBlock: 2, genesis: other?.rig.genesis)
            persistentPeers = try other.map { "\(try $0.nodeID())@\($0.peers.dropFirst("tcp://".count))" } ?? ""
            (rpc, peers) = (SocketAddress(try Self.freeAddress())!, try Self.freeAddress())
        }

        private static func freeAddress() throws -> String {
            let descriptor = try SocketAddress("tcp://127.0.0.1:0")!.listen()
            defer { close(descriptor) }
            return "tcp://127.0.0.1:\(SocketAddress.port(of: descriptor)!)"
        }

        /// `byHand`: CometBFT is started beside the application, which finds its log where that `isReadable`, and asks
        /// `others` for blocks.
        func start(
            records: Bool = false, byHand isByHand: Bool = false, isReadable: Bool = false, others: [RPCClient] = [],
            hook: @escaping CommitStepHook = { _, _ in }
        ) throws {
            let inner = SocketAddress("unix://" + rig.folder + "/s")!
            var settings = DrivenEngineConfiguration(folder: rig.folder + "/engine", abci: inner, rpc: rpc)
            settings.refusesStrangeCalls = true
            settings.stateInterval = 4
            settings.home = isReadable ? rig.folder + "/comet" : nil
            settings.others = others
            let recorder = records ? try SessionRecorder(before: inner, source: RPCClient(rpc)) : nil
            self.recorder = recorder
            let process = CometBFTProcess(
                .init(
                    program: RealCometBFT.program!, home: rig.folder + "/comet", moniker: "tried",
                    validatorKey: rig.folder + "/key.json", validatorState: rig.folder + "/state.json",
                    nodeKey: rig.folder + "/node_key.json", genesis: rig.genesis.jsonBytes,
                    abci: recorder?.address ?? inner, rpc: rpc, peerAddress: peers, persistentPeers: persistentPeers,
                    emptyBlockSeconds: 1))
            let engine = try DrivenEngine(
                settings, genesis: rig.genesis, application: rig.application, process: isByHand ? nil : process,
                sources: recorder.map { [$0] }, logger: Logger(label: "real") { _ in SwiftLogNoOpLogHandler() },
                hook: hook, onStop: { [stopped] in stopped.set($0) })
            (self.engine, self.process) = (engine, process)
            try engine.start()
            guard isByHand else { return }
            try process.prepare()
            try process.start { [stopped] in stopped.set($0) }
            byHand = process
        }

        var rpcPort: UInt16 { if case .tcp(_, let port) = rpc { port } else { 0 } }

        /// CometBFT's own settings for nodes that share one machine.
        func settle() throws {
            let text = """
                priv_validator_key_file = "\(rig.folder)/key.json"
                priv_validator_state_file = "\(rig.folder)/state.json"
                node_key_file = "\(rig.folder)/node_key.json"
                [p2p]
                addr_book_strict = false
                allow_duplicate_ip = true

                """
            try FileManager.default.createDirectory(
                atPath: rig.folder + "/comet/config", withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: rig.folder + "/comet/config/config.toml"))
        }

        func nodeID() throws -> String {
            try RPCClient(rpc).get("/status")["node_info"]?["id"]?.string ?? ""
        }

        /// Has CometBFT begin with a state, which it verifies by headers that `other` gives.
        func syncsState(trusting other: RealRig, at height: Int64) throws {
            let hash = try RPCClient(other.rpc).block(height).block.header.hash()
            let server = "\(other.rpc)".dropFirst("tcp://".count)
            let text = """
                priv_validator_key_file = "\(rig.folder)/key.json"
                priv_validator_state_file = "\(rig.folder)/state.json"
                node_key_file = "\(rig.folder)/node_key.json"
                [p2p]
                addr_book_strict = false
                allow_duplicate_ip = true
                [statesync]
                enable = true
                rpc_servers = "\(server),\(server)"
                trust_height = \(height)
                trust_hash = "\(Hexadecimal.encode(hash.bytes, uppercase: true))"
                trust_period = "8760h0m0s"
                discovery_time = "5s"

                """
            try FileManager.default.createDirectory(
                atPath: rig.folder + "/comet/config", withIntermediateDirectories: true)
            try Data(text.utf8).write(to: URL(fileURLWithPath: rig.folder + "/comet/config/config.toml"))
        }

        func submit(_ transaction: [UInt8]) throws {
            for _ in 0..<100 {
                if let outcome = try? engine?.broadcast(transaction) {
                    #expect(outcome.code == 0 || outcome.code == 19)
                    return
                }
                usleep(100_000)
            }
            Issue.record("CometBFT takes no transaction: \(String(describing: stopped.error))")
        }

        func wait(seconds: Double = 30, until isDone: () -> Bool) {
            let deadline = Date(timeIntervalSinceNow: seconds)
            while !isDone(), Date() < deadline { usleep(5_000) }
            #expect(isDone(), "\(String(describing: stopped.error)), height \(rig.application.height)")
        }

        /// In order, or as a loss of power would end both.
        func stop(seconds: Double = 10) {
            byHand?.stop(seconds: seconds)
            byHand = nil
            engine?.stop(seconds: seconds)
            recorder?.stop()
            (engine, recorder, process) = (nil, nil, nil)
            rig.application.crash()
        }
    }

    @Test("it decides the blocks of an application of ours, which keeps and verifies each")
    func decides() async throws {
        try await onThread {
            let real = try RealRig()
            try real.start(records: true)
            for transaction in Self.transactions { try real.submit(transaction) }
            real.wait { real.rig.application.executed.count == 5 && real.rig.application.height >= 5 }
            #expect(try real.engine?.broadcast([0xff]).code == 4)
            let recorded = real.recorder?.events ?? []
            real.stop()
            #expect(real.rig.application.executed == Self.transactions)
            #expect(real.rig.application.previousResultsMatched)
            #expect(real.stopped.error == nil)
            let height = Int64(try real.rig.verifyChain().count)
            #expect(height >= 5)
            if let path = ProcessInfo.processInfo.environment["CLOISTER_RECORD_ABCI"] {
                let session = ABCISession(
                    cometBFT: "0.38.25", genesis: Data(real.rig.genesis.jsonBytes),
                    events: Self.whole(recorded, to: real.rig.application.height))
                try JSONEncoder().encode(session).write(to: URL(fileURLWithPath: path))
            }
        }
    }

    /// Up to the last commit: what was under way at the end has no answer.
    private static func whole(_ events: [ABCISession.Event], to height: Int64) -> [ABCISession.Event] {
        let last = events.lastIndex { event in
            event.response.map { (try? ABCI.Response(decoding: Array($0), .engine))?.commit != nil } ?? false
        }
        return Array(events[...(last ?? 0)])
    }

    @Test(
        "killed at any step, both go on to the same chain",
        arguments: [
            CommitStep.decided, .blockSaved, .blockFinalized, .outcomeSaved, .applicationCommitted, .stateSaved,
        ])
    func crash(step: CommitStep) async throws {
        try await onThread {
            let real = try RealRig()
            try real.start(hook: { at, height in
                if at == step, height == 3 { throw Crash() }
            })
            for transaction in Self.transactions.prefix(3) { try real.submit(transaction) }
            real.wait { real.stopped.isSet }
            #expect(real.stopped.error is Crash)
            real.stop(seconds: 0)
            try real.start()
            for transaction in Self.transactions where !real.rig.application.executed.contains(transaction) {
                try real.submit(transaction)
            }
            real.wait { real.rig.application.executed.count == 5 && real.rig.application.height >= 5 }
            real.stop()
            #expect(Set(real.rig.application.executed) == Set(Self.transactions))
            #expect(real.rig.application.executed.count == 5)
            #expect(real.rig.application.previousResultsMatched)
            _ = try real.rig.verifyChain()
        }
    }

    @Test("a new node begins with a state that CometBFT brings from another of ours, and goes on with its blocks")
    func stateSync() async throws {
        try await onThread {
            let first = try RealRig()
            try first.start()
            for transaction in Self.transactions.prefix(4) { try first.submit(transaction) }
            first.wait(seconds: 60) { first.rig.application.height >= 12 }
            let second = try RealRig(following: first)
            try second.syncsState(trusting: first, at: 2)
            try second.start()
            second.wait(seconds: 90) { second.rig.application.height >= 8 }
            try first.submit(Self.transactions[4])
            first.wait { first.rig.application.executed.count == 5 }
            second.wait(seconds: 60) { second.rig.application.executed.count == 5 }
            second.stop()
            first.stop()
            #expect(second.rig.application.executed == first.rig.application.executed)
            #expect(second.rig.application.previousResultsMatched)
            #expect(second.stopped.error == nil && first.stopped.error == nil)
            let store = try BlockStore(folder: second.rig.folder + "/engine/blocks")
            let bounds = try #require(try store.bounds())
            #expect(bounds.lowerBound % 4 == 0 && bounds.lowerBound >= 4)
        }
    }

    @Test(
        "run by hand and killed with it between the two saves, a node has the block from the log, or from another node",
        arguments: [true, false])
    func byHand(fromLog: Bool) async throws {
        try await onThread {
            let first = try RealRig()
            let gate = Gate(isOpen: fromLog)
            try first.start(
                byHand: true, isReadable: fromLog,
                hook: { step, height in
                    guard step == .decided, height == 12 else { return }
                    gate.wait()
                    throw Crash()
                })
            first.wait { first.rig.application.height >= 2 }
            for transaction in Self.transactions.prefix(3) { try first.submit(transaction) }
            // Another node has the block before the first one is killed.
            let other = fromLog ? nil : try RealRig(following: first)
            if let other {
                try other.settle()
                try other.start()
                other.wait(seconds: 60) { other.rig.application.height >= 12 }
                gate.open()
            }
            first.wait(seconds: 60) { first.stopped.isSet }
            first.stop(seconds: 0)
            if !fromLog {
                try FileManager.default.removeItem(atPath: first.rig.folder + "/comet/data/cs.wal")
            }
            first.stopped.clear()
            let others = other.map { [RPCClient(host: "127.0.0.1", port: $0.rpcPort)] } ?? []
            try first.start(byHand: true, isReadable: fromLog, others: others)
            first.wait(seconds: 60) { first.rig.application.height >= 13 }
            for transaction in Self.transactions where !first.rig.application.executed.contains(transaction) {
                try first.submit(transaction)
            }
            first.wait(seconds: 60) { first.rig.application.executed.count == 5 }
            first.stop()
            other?.stop()
            #expect(Set(first.rig.application.executed) == Set(Self.transactions))
            #expect(first.rig.application.previousResultsMatched)
            _ = try first.rig.verifyChain()
        }
    }

    @Test("a node that was stopped before its first block comes up again")
    func beforeTheFirst() async throws {
        try await onThread {
            let first = try RealRig()
            try first.start()
            first.wait { first.rig.application.height >= 2 }
            let second = try RealRig(following: first)
            first.stop()
            try second.settle()
            for _ in 0..<2 {
                try second.start()
                second.wait { (try? RPCClient(second.rpc).get("/health")) != nil }
                second.stop()
                #expect(second.stopped.error == nil)
            }
        }
    }

    @Test("an application behind by many blocks runs them from CometBFT's stopped data")
    func behind() async throws {
        try await onThread {
            let real = try RealRig()
            try real.start()
            for transaction in Self.transactions { try real.submit(transaction) }
            real.wait { real.rig.application.executed.count == 5 && real.rig.application.height >= 6 }
            real.stop()
            let (height, hashes) = (real.rig.application.height, real.rig.application.appHashes)
            // State and own copy of the chain are lost.
            real.rig.application.rollBack(to: 0, executed: 0)
            try FileManager.default.removeItem(atPath: real.rig.folder + "/engine")
            try real.start()
            real.wait { real.rig.application.height > height }
            real.stop()
            #expect(real.rig.application.executed == Self.transactions)
            for (height, hash) in hashes { #expect(real.rig.application.appHashes[height] == hash) }
            _ = try real.rig.verifyChain()
        }
    }
}
