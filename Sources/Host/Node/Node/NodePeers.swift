import BlockExecution
import ChainApplication
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine
import Logging
import Mempool
import PeerNetwork
import PeerWire
import PublicCryptography
import ValidatorSigning

/// The peers of a node, and what is done with them: blocks, consensus, transactions.
final class NodePeers: Sendable {
    private let peers: PeerSwitch
    private let consensus: ConsensusReactor
    private let blocks: BlockSyncReactor
    private let mempool: MempoolReactor
    private let persistent: [PeerAddress]
    private let engine: RunningEngine
    private let snapshots: StateServing?

    /// Connects an engine that runs, and that `consensus` is the network of.
    init(
        _ settings: PeerSettings, key: NodeKey, moniker: String, genesis: GenesisDocument, engine: RunningEngine,
        application: Application, consensus: ConsensusReactor, addressBook: String?, stateInterval: Int64,
        logger: Logger
    ) throws {
        (self.consensus, self.engine) = (consensus, engine)
        persistent = settings.persistentPeers
        // With a third of the power or more nobody is ahead of this node for long: nothing is decided without it.
        let syncs =
            !(settings.persistentPeers + settings.seeds).isEmpty
            && !NodePeers.isNeeded(engine.roundState?.start.ownAddress, in: engine.roundState?.start.validators)
        blocks = BlockSyncReactor(
            store: engine.store, initialHeight: genesis.initialHeight, fetches: syncs, logger: logger,
            handIn: { block in
                engine.receive(
                    SyncedBlock(height: block.height, bytes: block.bytes, commit: block.commit),
                    from: PeerNumber(block.peer))
            }, onEnd: { consensus.endSync() })
        mempool = MempoolReactor(
            MempoolReactor.Pool(
                submit: { _ = try? application.submit($0) },
                waiting: { order, countMax in
                    application.waiting(from: order, countMax: countMax).map {
                        .init(order: $0, hash: $1.hash, bytes: $1.transaction.bytes)
                    }
                }),
            height: { engine.status?.height ?? 0 }, heightOf: { consensus.height(of: $0) })
        snapshots =
            stateInterval > 0
            ? StateServing(
                SnapshotServer(store: engine.store, application: application, interval: stateInterval), logger: logger)
            : nil
        peers = NodePeers.peers(
            settings, key: key, moniker: moniker, genesis: genesis, limits: NodePeers.limits(engine, genesis),
            reactors: [consensus, blocks, mempool]
                + (snapshots.map { [StateSyncReactor($0.serving, logger: logger)] } ?? []),
            exchange: addressBook.map { PeerExchangeReactor(path: $0, isSeed: settings.isSeed) }, logger: logger)
        consensus.begin(
            engine, blocks: blocks.events, syncs: syncs,
            begins: { [weak peers = peers] in peers?.adopt(NodePeers.limits(engine, genesis)) })
        if !syncs { consensus.endSync() }
        try peers.start()
        logger.info(
            "peers", metadata: ["listens": "\(peers.port.map { "\(settings.listen?.host ?? ""):\($0)" } ?? "no")"])
    }

    /// All that a node says of itself, whatever it does with its peers.
    static func peers(
        _ settings: PeerSettings, key: NodeKey, moniker: String, genesis: GenesisDocument, limits: PeerLimits,
        reactors: [any PeerReactor], exchange: PeerExchangeReactor?, logger: Logger
    ) -> PeerSwitch {
        let listen = settings.external ?? settings.listen ?? ListenAddress(host: "127.0.0.1", port: 0)
        return PeerSwitch(
            settings,
            info: NodeInfo(
                id: key.id, listenAddress: "tcp://\(listen)", network: genesis.chainID, version: NodeVersion.text,
                channels: [], moniker: NodePeers.printable(moniker), appVersion: genesis.appVersion),
            key: PeerKey(publicKey: key.publicKey, sign: key.sign),
            rules: PeerRules(initialHeight: genesis.initialHeight, limits: limits),
            reactors: reactors, exchange: exchange, logger: logger)
    }

    /// Transactions wait.
    func offer() { mempool.wake() }

    var isFetching: Bool { blocks.isFetching }
    /// Bytes of each kind of message since the start.
    var traffic: [(kind: ChannelMessage.Kind, bytes: PeerTraffic.Bytes)] { peers.traffic.bytes }

    /// Whether a node without a single peer is one that something keeps from its network.
    var areNeeded: Bool {
        guard persistent.isEmpty else { return true }
        guard let start = engine.roundState?.start else { return false }
        let own = start.ownAddress.flatMap { start.validators.index(of: $0) }
        return (own.map { start.validators.validators[$0].power } ?? 0) < start.validators.quorum
    }

    /// Who is connected, in the order of their coming.
    var states: [PeerState] {
        peers.peers.map {
            PeerState(
                id: $0.id, address: $0.address, moniker: $0.identity.info.moniker, version: $0.identity.info.version,
                isOutbound: $0.isOutbound, height: consensus.height(of: $0))
        }
    }

    /// The same, with what is known of their rounds.
    var connected: [(peer: Peer, round: PeerRoundState?)] { peers.peers.map { ($0, consensus.round(of: $0)) } }

    /// Of those that the settings name, who is not connected.
    var absent: [PeerAddress] {
        let connected = Set(peers.peers.map(\.id))
        return persistent.filter { !connected.contains($0.id) }
    }

    func stop() {
        peers.stop()
        blocks.stop()
        mempool.stop()
        snapshots?.stop()
        consensus.stop()
    }

    /// Of the next block: the chain may have other parameters by now than it began with.
    private static func limits(_ engine: RunningEngine, _ genesis: GenesisDocument) -> PeerLimits {
        PeerLimits(blockBytesMax: engine.roundState?.start.blockBytesMax ?? genesis.parameters.blockBytesLimit)
    }

    private static func isNeeded(_ own: ValidatorAddress?, in validators: ValidatorSet?) -> Bool {
        guard let own, let validators, let index = validators.index(of: own) else { return false }
        return validators.validators[index].power >= validators.totalPower / 3
    }

    /// Peers refuse a name that has more than printable ASCII.
    private static func printable(_ moniker: String) -> String {
        let text = String(decoding: moniker.utf8.map { (0x20...0x7e).contains($0) ? $0 : 0x3f }, as: UTF8.self)
        return text.utf8.contains { $0 != 0x20 } ? text : "node"
    }
}

/// A connected node, as it says of itself.
struct PeerState: Sendable {
    var id: String
    var address: String
    var moniker: String
    var version: String
    var isOutbound: Bool
    /// At which it says that it is; 0 before it does.
    var height: Int64
}
