import CSodium
import ChainFormats
import ChainInterface
import DecidedBlocks
import EmbeddedEngine
import Foundation
import Glibc
import Logging
import PeerNetwork
import PeerWire
import PublicCryptography
import Synchronization
import TestSupport
import ValidatorSigning
import Wire

/// A validator with engine, mempool gossip and peers, its disk durable, and no contracts and no enclave.
final class BenchNode: @unchecked Sendable {
    let application: BenchApplication
    let engine: RunningEngine
    private let consensus: ConsensusReactor
    private let blocks: BlockSyncReactor
    private let mempool: MempoolReactor?
    let peers: PeerSwitch?
    private let id: String

    init(_ number: UInt8, _ genesis: GenesisDocument, folder: String, dials: [PeerAddress]) throws {
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        let waker = Waker()
        let application = BenchApplication {
            waker.engine?.wake()
            waker.gossip?.wake()
        }
        consensus = ConsensusReactor(logger: logger)
        var configuration = EngineConfiguration(folder: folder + "/engine")
        configuration.createsEmptyBlocks = true
        configuration.timeouts.commitMilliseconds = 0
        configuration.skipsCommitTimeout = true
        let isAlone = genesis.validators.count == 1
        let engine = try RunningEngine(
            configuration: configuration, genesis: genesis, application: application,
            signer: ValidatorSigner(keyPath: folder + "/key.json", statePath: folder + "/state.json"),
            network: isAlone ? nil : consensus, logger: logger)
        waker.engine = engine
        (self.application, self.engine) = (application, engine)
        blocks = BlockSyncReactor(
            store: engine.store, initialHeight: 1, fetches: false, logger: logger, handIn: { _ in }, onEnd: {})
        var (key, secret) = ([UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 64))
        crypto_sign_seed_keypair(&key, &secret, [UInt8](repeating: number, count: 32))
        id = Hexadecimal.encode(ValidatorAddress(publicKey: key).bytes)
        try engine.start()
        guard !isAlone else {
            (mempool, peers) = (nil, nil)
            return
        }
        let consensus = consensus
        let gossip = MempoolReactor(
            MempoolReactor.Pool(
                submit: { application.submit($0, isOwn: false) }, waiting: { application.waiting(from: $0, $1) }),
            height: { engine.status?.height ?? 0 }, heightOf: { consensus.height(of: $0) })
        var settings = PeerSettings()
        settings.listen = ListenAddress(host: "127.0.0.1", port: 0)
        settings.allowsDuplicateIP = true
        settings.persistentPeers = dials
        settings.sendBytesPerSecond = 100_000_000
        settings.receiveBytesPerSecond = 100_000_000
        let switched = PeerSwitch(
            settings,
            info: NodeInfo(
                id: id, listenAddress: "tcp://127.0.0.1:26656", network: genesis.chainID, version: "0.1.0",
                channels: [], moniker: "bench", appVersion: 0),
            key: PeerKey(publicKey: key) { [secret] message in
                var signature = [UInt8](repeating: 0, count: 64)
                crypto_sign_detached(&signature, nil, message, UInt64(message.count), secret)
                return signature
            },
            rules: PeerRules(initialHeight: 1, limits: PeerLimits(blockBytesMax: genesis.parameters.blockBytesLimit)),
            reactors: [consensus, blocks, gossip], logger: logger)
        consensus.begin(engine, blocks: blocks.events, syncs: false)
        try switched.start()
        waker.gossip = gossip
        (mempool, peers) = (gossip, switched)
    }

    private final class Waker: @unchecked Sendable {
        // Set before the engine starts.
        weak var engine: RunningEngine?
        // Set before transactions come.
        weak var gossip: MempoolReactor?
    }

    var height: Int64 { engine.status?.lastHeight ?? 0 }
    var sentBytes: UInt64 { peers?.peers.reduce(0) { $0 + $1.sentBytes } ?? 0 }

    var place: PeerAddress? {
        peers?.port.map { PeerAddress(id: id, place: ListenAddress(host: "127.0.0.1", port: UInt16($0))) }
    }

    func stop() {
        peers?.stop()
        blocks.stop()
        mempool?.stop()
        consensus.stop()
        engine.stop()
    }
}

/// So many validators in this process, each connected to each.
final class BenchNetwork {
    private let temporary = TemporaryFolder()
    private(set) var nodes: [BenchNode] = []

    init(validators: Int) throws {
        var members: [GenesisValidator] = []
        for index in 0..<validators {
            let folder = temporary.path("\(index)")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try ValidatorSigner.generate(keyPath: folder + "/key.json", statePath: folder + "/state.json")
            let key = try ValidatorSigner(keyPath: folder + "/key.json", statePath: folder + "/state.json").publicKey
            members.append(GenesisValidator(publicKey: key, power: 10, name: "v\(index)"))
        }
        let genesis = GenesisDocument(
            genesisTime: Timestamp(rfc3339: "2026-01-02T03:04:05Z")!, chainID: "bench-1", validators: members)
        for index in 0..<validators {
            nodes.append(
                try BenchNode(
                    UInt8(index + 1), genesis, folder: temporary.path("\(index)"), dials: nodes.compactMap(\.place)))
        }
    }

    func stop() { for node in nodes { node.stop() } }

    private static func processor() -> Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    }

    struct Figures {
        var idleBlocks = 0.0
        var transactions = 0.0
        var blocks = 0.0
        var processorMicroseconds = 0.0
        var sentBytes = 0.0
        /// Of a hundred a second, in milliseconds.
        var latencies: (median: Double, ninetyNine: Double) = (0, 0)
    }

    private func height() -> Int64 { nodes.map(\.height).min() ?? 0 }

    func measure(seconds: Double) throws -> Figures {
        var figures = Figures()
        while height() < 3 { usleep(10_000) }
        let clock = ContinuousClock()
        func passed(_ begin: ContinuousClock.Instant) -> Double { (clock.now - begin) / .seconds(1) }

        var (begin, from) = (clock.now, height())
        usleep(UInt32(seconds * 1e6))
        figures.idleBlocks = Double(height() - from) / passed(begin)

        var number: UInt64 = 0
        func hand(_ node: BenchNode) {
            number += 1
            var bytes = [UInt8](repeating: 0x61, count: 250)
            bytes.replaceSubrange(0..<8, with: number.bigEndianBytes)
            node.application.submit(bytes, isOwn: true)
        }
        begin = clock.now
        while passed(begin) < seconds {
            for node in nodes { hand(node) }
            usleep(UInt32(10_000 * nodes.count))
        }
        usleep(1_000_000)
        let latencies = nodes.flatMap { $0.application.takeLatencies() }.sorted().map { Double($0) / 1e6 }
        if let last = latencies.indices.last {
            figures.latencies = (latencies[last / 2], latencies[last * 99 / 100])
        }

        while nodes.contains(where: { $0.application.waitingCount > 0 }) { usleep(10_000) }
        let window = try BlockWindow(
            seconds: seconds, committed: { nodes.map { Double($0.application.count) }.min() ?? 0 },
            read: {
                (
                    height: height(), used: BenchNetwork.processor(),
                    sent: Double(nodes.reduce(0) { $0 + $1.sentBytes })
                )
            },
            meanwhile: {
                for node in nodes where node.application.waitingCount < 10_000 {
                    for _ in 0..<100 { hand(node) }
                }
                usleep(5_000)
            })
        let (first, last) = (window.first, window.last)
        figures.transactions = window.transactions / window.seconds
        figures.blocks = Double(last.height - first.height) / window.seconds
        figures.processorMicroseconds =
            (last.used - first.used) * 1e6 / window.transactions / Double(nodes.count)
        figures.sentBytes = (last.sent - first.sent) / window.transactions
        return figures
    }
}
