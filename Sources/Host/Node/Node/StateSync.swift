import API
import BlockExecution
import BlockStorage
import ChainApplication
import ChainFormats
import ChainInterface
import DecidedBlocks
import Dispatch
import Foundation
import Logging
import PeerNetwork
import PeerWire
import Synchronization
import ValidatorSigning

/// The beginning of a node that takes the state of its chain from others, before there is an engine.
enum StateSync {
    /// Waits until the state is there, as long as it takes, and says what it waits for.
    static func run(
        _ configuration: NodeConfiguration, _ settings: PeerSettings, home: NodeHome, genesis: GenesisDocument,
        application: Application, trust: SyncTrust, key: NodeKey, metrics: MetricsRegistry, logger: Logger
    ) throws {
        // What an attempt left behind that did not come to its end.
        if FileManager.default.fileExists(atPath: home.consensus) {
            try FileManager.default.removeItem(atPath: home.consensus)
        }
        try FileManager.default.createDirectory(
            atPath: home.consensus, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let holder = Holder(try BlockStore(folder: home.consensus + "/blocks", isDurable: configuration.isDurable))
        let ended = DispatchSemaphore(value: 0)
        let failure = Mutex<(any Error)?>(nil)
        var timing = StateSyncReactor.Timing()
        timing.discoveryNanoseconds = UInt64(configuration.stateSync.discoverySeconds) * 1_000_000_000
        let reactor = StateSyncReactor(
            .init(list: { [] }, chunk: { _, _, _ in nil }),
            taking: .init(
                begin: { offer in
                    guard let store = holder.store,
                        let taker = SnapshotTaker(
                            SnapshotDescription(offer), store: store, application: application, genesis: genesis,
                            trust: trust)
                    else { return nil }
                    return .init(taker)
                },
                onEnd: { error in
                    failure.withLock { $0 = error }
                    // LMDB's file may be open once: the engine is next.
                    holder.store = nil
                    ended.signal()
                }), timing: timing, logger: logger)
        var dialling = settings
        dialling.listen = nil
        let peers = NodePeers.peers(
            dialling, key: key, moniker: configuration.moniker, genesis: genesis,
            limits: PeerLimits(blockBytesMax: genesis.parameters.blockBytesLimit), reactors: [reactor],
            exchange: settings.seeds.isEmpty ? nil : PeerExchangeReactor(), logger: logger)
        let text: @Sendable () -> String = { reactor.progress.text(above: trust.floor) }
        let page = WaitingPage(
            configuration, chainID: genesis.chainID, nodeID: key.id, metrics: metrics, logger: logger, text: text)
        defer { page.stop() }
        try peers.start()
        while ended.wait(timeout: .now() + .seconds(Self.wordSeconds)) == .timedOut {
            logger.info("a state of others is waited for", metadata: ["why": "\(text())"])
        }
        reactor.stop()
        peers.stop()
        if let error = failure.withLock({ $0 }) { throw error }
        logger.info(
            "the state of the chain is here", metadata: ["height": .stringConvertible(application.committedHeight)])
    }

    /// The log is told so often what is waited for.
    private static let wordSeconds = 10

    private final class Holder: @unchecked Sendable {
        // Used on the reactor's queue alone.
        var store: BlockStore?
        init(_ store: BlockStore) { self.store = store }
    }
}

extension SnapshotDescription {
    init(_ offer: OfferedState) {
        self.init(
            height: Int64(clamping: offer.height), format: offer.format, chunks: offer.chunks, hash: offer.hash)
    }
}

extension OfferedState {
    init(_ description: SnapshotDescription) {
        self.init(
            height: UInt64(clamping: description.height), format: description.format, chunks: description.chunks,
            hash: description.hash)
    }
}

extension StateSyncReactor.Building {
    init(_ taker: SnapshotTaker) {
        self.init(
            wanted: { taker.wanted },
            take: { bytes, index in
                switch try taker.take(bytes, at: index) {
                case .taken: .taken
                case .complete: .complete
                case .wrongChunk: .wrongChunk
                case .refused(let refusal): .refused(refusal.text, isLie: refusal.isLie)
                }
            })
    }
}

extension SyncRefusal {
    /// What is true and of no use to this node is no lie of who offers it.
    var isLie: Bool {
        switch self {
        case .beyondEnclave, .tooLow, .forked, .header(.notTrusted), .header(.beyondTrust): false
        default: true
        }
    }

    var text: String {
        switch self {
        case .beyondEnclave: "the enclave does not go there"
        case .header(.notTrusted):
            "the validators have changed by more than a third since what is believed, and no header between is shown: "
                + "name nodes that show headers as statesync.rpc_servers"
        case .header(.beyondTrust):
            "it is more than two weeks later than what is believed, and no header between is shown: name nodes that show "
                + "headers as statesync.rpc_servers"
        case .forked:
            "validators signed two headers of that height: a node of statesync.rpc_servers shows another than the state "
                + "has. It was sent the evidence; believe neither before somebody has told you which is the chain's"
        case .impossiblePriorities: "the turns of its proposers are not the chain's"
        default: "\(self)"
        }
    }
}

/// Makes states ready for others, beside everything else that the node does.
final class StateServing: Sendable {
    private let server: SnapshotServer
    private let queue = DispatchQueue(label: "state snapshots")
    // Safe to share: a source of Dispatch may be used from any thread.
    nonisolated(unsafe) private let timer: any DispatchSourceTimer

    init(_ server: SnapshotServer, logger: Logger) {
        self.server = server
        timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now() + .seconds(1), repeating: .milliseconds(500))
        timer.setEventHandler {
            do {
                try server.look()
            } catch {
                logger.warning("no state is made ready for others", metadata: ["reason": "\(error)"])
            }
        }
        timer.resume()
    }

    func stop() { timer.cancel() }

    var serving: StateSyncReactor.Serving {
        .init(
            list: { [server] in server.list().map(OfferedState.init) },
            chunk: { [server] height, format, index in
                guard let height = Int64(exactly: height) else { return nil }
                return (try? server.chunk(index, height: height, format: format)) ?? nil
            })
    }
}
