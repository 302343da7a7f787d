import ABCIServer
import API
import Ante
import BlockExecution
import BlockStorage
import ChainApplication
import ChainFormats
import ChainInterface
import ChainModules
import CometBFTEngine
import DecidedBlocks
import DurableFiles
import EmbeddedEngine
import EnclaveLink
import EnclaveProtocol
import Foundation
import HostAnswers
import LogLines
import Logging
import Mempool
import ModuleKit
import Pages
import PeerNetwork
import PeerWire
import PublicCryptography
import Registration
import RemoteSigning
import ServiceLifecycle
import StrictJSON
import Synchronization
import UnixSignals
import ValidatorSigning
import Wire

/// A node that runs: enclave, application, engine and interfaces.
package final class RunningNode: Sendable {
    private let engine: any NodeEngine
    private let session: EnclaveSession
    private let queries: QueryPool
    private let modules: ModuleFolder
    private let peers: NodePeers?
    private let heartbeat: EnclaveHeartbeat
    private let remoteSigner: RemoteSigner?
    private let leases: LeaseKeeper
    private let cometBFTWatch: CometBFTWatch?
    private let services: [any Service]
    private let end: EndOfNode
    private let lock: HomeLock
    private let logger: Logger
    package let chainID: String

    /// Starts everything but the interfaces, which `serve` runs. Throws if the node cannot come up.
    package init(
        _ home: NodeHome, _ configuration: NodeConfiguration, ledger: ModuleList = .chain,
        engine choice: NodeConfiguration.EngineChoice = .embedded,
        programs: ProgramFolder = ProgramFolder(), threshold: LogThreshold = LogThreshold(.info), logger: Logger
    ) throws {
        self.logger = logger
        lock = try HomeLock(home, patienceSeconds: Self.lockSeconds)
        lock.sayProcess()
        try ListeningPort(host: configuration.restHost, port: configuration.restPort, purpose: "REST").requireFree()
        try ListeningPort(host: configuration.metricsHost, port: configuration.metricsPort, purpose: "metrics")
            .requireFree()
        if let listen = configuration.rpcListen {
            try ListeningPort(host: listen.host, port: Int(listen.port), purpose: "RPC").requireFree()
        }
        if let listen = configuration.grpcListen {
            try ListeningPort(host: listen.host, port: Int(listen.port), purpose: "gRPC").requireFree()
        }
        if let listen = configuration.peerListen, choice == .embedded {
            try ListeningPort(host: listen.host, port: Int(listen.port), purpose: "peers").requireFree()
        }
        try home.requireOneSigner(configuration.signer)
        try StateFiles.requireWhole(home)
        var genesisFile = try GenesisFile(home)
        let joining = try JoiningNode(home)
        chainID = genesisFile.document.chainID
        let end = EndOfNode()
        self.end = end

        let nodeKey = try NodeIdentity.open(home.nodeKey)
        logger.info("node starts", metadata: ["version": "\(NodeVersion.text)", "id": "\(nodeKey.id)"])

        // The record decides whose chain this is before anything else is touched.
        // A start that is refused leaves nothing behind, of root's for instance.
        let hasState = FileManager.default.fileExists(atPath: home.application + "/state")
        let state =
            hasState
            ? try Application.openState(folder: home.application, isDurable: configuration.isDurable) : nil
        let record = try state.flatMap { try Application.sealedRecord(in: $0) }
        if record == nil { try StateFiles.requireBeginning(home) }
        session = try EnclaveSession.open(
            home, configuration, genesis: genesisFile.document, sealedRecord: record, joining: joining,
            programs: programs, logger: logger)
        genesisFile = try genesisFile.completed(by: session)
        let genesis = genesisFile.document
        let opened = session.opened
        // Where keys are exchanged, the state of genesis has that of the first epoch, and the enclave may have others.
        let first = genesis.appState["register"]?["io_exch_key"]?["bytes"]?.string.flatMap { Base64.decode($0) }
        let ioPublicKey = session.identity.rotatesKeys ? first ?? opened.ioPublicKey : opened.ioPublicKey
        guard let input = Hash32(ioPublicKey), let node = Hash32(opened.seedExchangePublicKey) else {
            throw EnclaveError.unexpectedMessage
        }
        session.enclave.onEnd = { reason in end.signal(NodeFault("the enclave ended", exit: .failed, cause: reason)) }
        logger.info(
            "enclave open",
            metadata: [
                "measurement": "\(Hexadecimal.encode(opened.measurement))",
                "head": .stringConvertible(opened.headHeight),
                "evidence_bytes": .stringConvertible(opened.evidence.count),
            ])

        heartbeat = EnclaveHeartbeat(session.enclave)
        let observable = session.enclave as? any ObservableEnclave
        let timeline = BlockTimeline(traffic: observable?.traffic.execution)
        let metrics = NodeMetrics(
            chainID: genesis.chainID, timeline: timeline, dataFolder: home.folder + "/data",
            measurement: Hexadecimal.encode(opened.measurement))
        var settings = ApplicationConfiguration(
            chainID: genesis.chainID, folder: home.application, exchangeKeys: .init(input: input, node: node))
        settings.ledger = ledger
        settings.rules = try ChainRules(
            genesisGasMax: genesis.parameters.blockGasMax, applicationState: genesis.appState)
        configuration.configure(&settings)
        let application = try Application(
            settings, state: state, lane: session.enclave.execution, metrics: metrics, logger: logger)
        let heightAtStart = application.committedHeight
        modules = application.modules
        session.collectModules(into: modules, logger: logger)

        let crash = ProcessInfo.processInfo.environment["CLOISTER_CRASH_AT"].flatMap(CrashPoint.init)
        let hook: CommitStepHook = { step, height in
            timeline.came(to: step, height)
            // For scenario tests: the process ends here as a power cut would end it.
            if let crash, crash.matches(step, height) { kill(getpid(), SIGKILL) }
        }
        let onStop: @Sendable ((any Error)?) -> Void = { error in
            if let error { end.signal(NodeFault(error, in: home)) }
        }
        // Under the second engine peers are its own.
        let peerSettings = choice == .embedded ? configuration.peerSettings : nil
        // An enclave that goes to a state by several steps is opened again with what it sealed at the last one.
        application.keepRecords { try DurableFile.replace(home.bootstrapRecord, with: $0) }
        if let peerSettings, configuration.stateSync.isEnabled, record == nil,
            try application.lastCommitted().height == 0
        {
            try StateSync.run(
                configuration, peerSettings, home: home, genesis: genesis, application: application,
                trust: try configuration.stateSync.trust(
                    genesis, opened, now: EngineClock.system.now(), logger: logger),
                key: nodeKey, metrics: metrics.registry, logger: logger)
        }
        let consensus = peerSettings.map { _ in ConsensusReactor(logger: logger) }
        var (embedded, driven): (RunningEngine?, DrivenEngine?) = (nil, nil)
        var remoteSigner: RemoteSigner?
        let enclaveSigner = session.signer(chainID: genesis.chainID)
        let signer: any VoteSigner =
            if let enclaveSigner { enclaveSigner } else {
                try ValidatorSigner(
                    keyPath: home.validatorKey, statePath: home.validatorState, isDurable: configuration.isDurable)
            }
        let (ownAddress, ownKey) = (signer.address, signer.publicKey)
        switch choice {
        case .embedded:
            var settings = EngineConfiguration(folder: home.consensus)
            configuration.configure(&settings)
            let made = try RunningEngine(
                configuration: settings, genesis: genesis, application: application, signer: signer,
                network: consensus, metrics: metrics, logger: logger, hook: hook, onStop: onStop)
            (engine, embedded) = (made, made)
        case .cometbft:
            if let address = try configuration.remoteSignerAddress(home), let enclaveSigner {
                remoteSigner = RemoteSigner(
                    address, signer: enclaveSigner, chainID: genesis.chainID, nodeKey: nodeKey, logger: logger,
                    onStop: onStop)
            }
            let made = try configuration.drivenEngine(
                home, genesis: genesis, application: application,
                trust: configuration.stateSync.isEnabled && record == nil
                    ? try configuration.stateSync.trust(genesis, opened, now: EngineClock.system.now(), logger: logger)
                    : nil, logger: logger, onStop: onStop, hook: hook)
            (engine, driven) = (made, made)
        }
        leases = LeaseKeeper(
            session.identity, lease: { [enclave = session.enclave] in try enclave.withControl { try $0.lease() } },
            // CometBFT may yet begin with a state; if not, it decides a first block without being asked.
            hasState: { [isDriven = driven != nil] in !isDriven || application.committedHeight > 0 },
            time: { application.committedTime },
            submit: { [driven] transaction in
                try driven?.broadcast(transaction) ?? application.submitOwnLease(transaction)
            }, logger: logger)
        // So that it stands in the first block, which is made at a start anyway.
        if driven == nil { leases.look() }
        let elsewhere = joining.map { JoiningNode.Headers($0.node) }
        application.findHeaders { [store = engine.store] height in
            try store.header(height)?.protobuf ?? elsewhere?.header(height)
        }
        // CometBFT asks for the public key before anything else.
        remoteSigner?.start()
        self.remoteSigner = remoteSigner
        try engine.start()
        try genesisFile.remember()
        peers =
            if let peerSettings, let consensus, let embedded {
                try NodePeers(
                    peerSettings, key: nodeKey, moniker: configuration.moniker, genesis: genesis, engine: embedded,
                    application: application, consensus: consensus,
                    addressBook: configuration.pex ? home.addressBook : nil,
                    stateInterval: Int64(configuration.stateInterval), logger: logger)
            } else { nil }

        let watcher = EventWatcher(
            events: try application.events.read(), engine: engine, peers: peers, metrics: metrics,
            application: application, leases: leases)
        queries = QueryPool(
            lanes: session.enclave.queries, limits: configuration.queryLimits,
            abandon: { [enclave = session.enclave] lane, query in
                logger.warning("a contract query takes too long", metadata: ["lane": .stringConvertible(lane)])
                try enclave.withControl { try $0.abandonQuery(lane: lane, query: query) }
            },
            onLaneLost: { lane in
                logger.error(
                    "a query lane did not come back and is closed", metadata: ["lane": .stringConvertible(lane)])
            })
        let chain = ChainAdapter(
            application: application, store: engine.store, queries: queries,
            queryGasMax: configuration.queryGasMax, genesis: genesis,
            description: configuration.description(
                settings.rules, nodeID: nodeKey.id, validatorKey: ownKey, engine: choice),
            enclave: .init(opened, identity: session.identity, genesis: genesis),
            fetchesBlocks: { [peers] in peers?.isFetching ?? false }, leases: leases,
            submit: { [driven] transaction in
                guard let driven else { return try application.submit(transaction) }
                return try await driven.submit(transaction)
            })
        cometBFTWatch =
            choice == .cometbft ? SocketAddress(configuration.cometBFT.rpc).map { CometBFTWatch($0) } : nil
        let watch = NodeWatch(
            .init(
                application: application, engine: engine, peers: peers, heartbeat: heartbeat, metrics: metrics,
                makesEmptyBlocks: choice == .cometbft && configuration.cometBFT.emptyBlockSeconds > 0,
                cometBFT: cometBFTWatch, ownAddress: ownAddress, heightAtStart: heightAtStart),
            patienceSeconds: configuration.stallSeconds
                + (choice == .cometbft ? configuration.cometBFT.emptyBlockSeconds : 0),
            logger: logger)
        let report = NodeReport(
            watch: watch, chain: chain, engine: engine, application: application, peers: peers,
            configuration: configuration, choice: choice, ownAddress: ownAddress,
            enclaveIdentity: EnclaveIdentity(opened.measurement, of: session.identity), end: end, threshold: threshold)
        leases.start()
        let registry = ServiceRegistry.services(of: chain, ledger: ledger)
        let router = QueryRouter(registry, chain: chain, stores: ledger.stores)
        driven?.answerQueries(with: router)
        let transcoder = RESTTranscoder(registry, logger: logger)
        let inspection = NodeInspection(
            .init(
                configuration: configuration, choice: choice, opened: opened, identity: session.identity,
                enclave: observable, chain: chain, watch: watch, leases: leases, timeline: timeline))
        let pages = PagesDoor(
            configuration.pages, listens: configuration.metricsHost, transcoder: transcoder,
            inspection: { inspection.bytes })
        let (engineAnswers, evidence) = Self.rpc(
            of: embedded, peers, application, listenAddress: chain.node.listenAddress,
            cometBFT: SocketAddress(configuration.cometBFT.rpc))
        var services: [any Service] = [
            // Ends last: until then a transaction that comes in wakes the engine.
            watcher,
            RESTServer(
                configuration: HTTPServerConfiguration(host: configuration.restHost, port: configuration.restPort),
                transcoder: transcoder, metrics: metrics.registry, logger: logger),
            MetricsServer(
                configuration: HTTPServerConfiguration(
                    host: configuration.metricsHost, port: configuration.metricsPort),
                metrics: metrics.registry, logger: logger,
                page: { request in
                    if let page = report.page(request) { return page }
                    return await pages?.answer(request)
                }),
            Watchdog(
                end: end, watch: watch, application: application,
                halted: {
                    NodeFault(
                        application.haltReason ?? HaltHeightReached(height: application.committedHeight), in: home)
                }),
        ]
        if let listen = configuration.rpcListen {
            let heights = AnnouncedHeights(try application.events.read(), height: { chain.announcedHeight })
            services.append(heights)
            let door = RPCDoor(
                chain, blocks: engine.store, router: router, heights: heights,
                engine: engineAnswers, evidence: evidence, logger: logger)
            services.append(
                RESTServer(
                    configuration: HTTPServerConfiguration(host: listen.host, port: Int(listen.port)), door: door,
                    metrics: metrics.registry, logger: logger))
        }
        if let listen = configuration.grpcListen {
            services.append(
                GRPCServer(
                    configuration: HTTPServerConfiguration(host: listen.host, port: Int(listen.port)),
                    registry: registry, metrics: metrics.registry, logger: logger))
        }
        self.services = services
    }

    /// Who answers on the RPC what only an engine knows, and takes evidence.
    private static func rpc(
        of embedded: RunningEngine?, _ peers: NodePeers?, _ application: Application, listenAddress: String,
        cometBFT: SocketAddress?
    ) -> (RPCDoor.EngineAnswers?, RPCDoor.EvidenceIntake?) {
        if let embedded {
            let answers = EmbeddedEngineAnswers(
                embedded, peers: peers, application: application, listenAddress: listenAddress)
            return ({ try answers.answer($0) }, RPCWitness.intake(of: embedded))
        }
        guard let answers = cometBFT.map({ DrivenEngineAnswers($0) }) else { return (nil, nil) }
        return (
            { try await answers.answer($0) },
            { evidence throws(RPCDoor.EvidenceRefused) in try await answers.take(evidence) }
        )
    }

    /// More than a look into the folder takes.
    private static let lockSeconds = 5
    /// How long open requests may take to end when the node does.
    private static let farewell = Duration.seconds(3)
    /// How long consensus may take to come to the end of a step.
    private static let stepSeconds = 5.0
    /// After a signal, whoever still waits for something is not waited for.
    private static let patienceSeconds = 13.0

    /// Serves until a signal, or until a part of the node ends: then the answer says why.
    package func serve() async -> NodeFault? {
        let logger = logger
        let lastResort = LastResort(seconds: Self.patienceSeconds) {
            logger.critical("the node ends without waiting any longer for its parts")
        }
        defer { lastResort.cancel() }
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = Self.farewell
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            // Not all requests ended in time.
        } catch {
            end.signal(NodeFault("an interface failed", exit: .failed, cause: "\(error)"))
        }
        if let fault = end.fault { logger.error("node ends", metadata: ["reason": "\(fault)"]) }
        queries.stop()
        leases.stop()
        peers?.stop()
        // A program beside the node ends with it, whatever the reason.
        let isInOrder = end.fault == nil || end.fault?.exit == .halted
        if isInOrder || engine is DrivenEngine, !engine.stop(by: .now() + Self.stepSeconds), isInOrder {
            end.signal(NodeFault("consensus did not end in time; nothing that was promised is lost", exit: .failed))
        }
        remoteSigner?.stop()
        cometBFTWatch?.stop()
        modules.stop()
        heartbeat.stop()
        session.close()
        return end.fault
    }
}

/// Why the node ends, said by whichever part noticed first.
final class EndOfNode: Sendable {
    private let state = Mutex<NodeFault?>(nil)

    func signal(_ fault: NodeFault) {
        state.withLock { if $0 == nil { $0 = fault } }
    }

    var isSignalled: Bool { fault != nil }
    var fault: NodeFault? { state.withLock { $0 } }
}

/// Wakes the engine when a transaction waits, and measures what clients see.
private struct EventWatcher: Service {
    let events: ChainEventReader
    let engine: any NodeEngine
    let peers: NodePeers?
    let metrics: NodeMetrics
    let application: Application
    let leases: LeaseKeeper

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    switch try await events.next() {
                    case .accepted:
                        wake()
                        leases.lookSoon(isBlockComing: true)
                    case .announced(let height): metrics.announced(height)
                    case nil: return
                    }
                } catch {
                    // Whatever was missed: both may be done once too often.
                    wake()
                    metrics.announced(Int64(application.announcedHeight))
                }
            }
        }
    }

    private func wake() {
        engine.wake()
        peers?.offer()
    }
}

/// Looks four times a second whether the node must end, and measures what only shows from time to time.
private struct Watchdog: Service {
    let end: EndOfNode
    let watch: NodeWatch
    let application: Application
    /// Why the node ends once its program has run its last block.
    let halted: @Sendable () -> NodeFault

    func run() async throws {
        while !end.isSignalled {
            watch.look()
            if application.isHalted { end.signal(halted()) }
            do { try await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(250)) } } catch {
                return
            }
        }
    }
}
