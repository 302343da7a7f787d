import API
import Application
import ChainModel
import Consensus
import EnclaveClient
import EnclaveProtocol
import Foundation
import Logging
import Mempool
import Modules
import PublicCryptography
import ServiceLifecycle
import Synchronization
import UnixSignals

/// How a node's process ends; supervisors act on the number.
package enum NodeExit: Int32, Sendable {
    /// Asked to.
    case stopped = 0
    /// A setting or file that a person must mend; starting again changes nothing.
    case configuration = 64
    /// Enclave, engine or disk failed; starting again may help.
    case failed = 75
}

/// A node that runs: enclave, application, engine and interfaces.
package final class RunningNode: Sendable {
    private let engine: EmbeddedEngine
    private let session: EnclaveSession
    private let queries: QueryPool
    private let modules: ModuleFolder
    private let services: [any Service]
    private let end: EndOfNode
    private let lock: HomeLock
    private let logger: Logger
    package let chainID: String

    /// Starts everything but the interfaces, which `serve` runs. Throws if the node cannot come up.
    package init(
        _ home: NodeHome, _ configuration: NodeConfiguration, programs: ProgramFolder = ProgramFolder(), logger: Logger
    ) throws {
        self.logger = logger
        lock = try HomeLock(home)
        try ListeningPort(host: configuration.restHost, port: configuration.restPort, purpose: "REST").requireFree()
        try ListeningPort(host: configuration.metricsHost, port: configuration.metricsPort, purpose: "metrics")
            .requireFree()
        let genesis: GenesisDocument
        do {
            genesis = try GenesisDocument.read(home.genesis)
        } catch {
            throw StartRefusal("\(home.genesis): \(error)")
        }
        chainID = genesis.chainID
        let end = EndOfNode()
        self.end = end

        // The record decides whose chain this is before anything else is touched.
        let record = try Application.sealedRecord(folder: home.application)
        session = try EnclaveSession.open(
            home, configuration, genesis: genesis, sealedRecord: record, programs: programs, logger: logger)
        let opened = session.opened
        guard let input = Hash32(opened.ioPublicKey), let node = Hash32(opened.seedExchangePublicKey) else {
            throw EnclaveError.unexpectedMessage
        }
        session.enclave.onEnd = { reason in end.signal(.failed, "the enclave ended: \(reason)") }
        logger.info(
            "enclave open",
            metadata: [
                "measurement": "\(Hexadecimal.encode(opened.measurement))", "head": "\(opened.headHeight)",
                "evidence": "\(opened.evidence.count) bytes, simulated",
            ])

        let metrics = NodeMetrics()
        var settings = ApplicationConfiguration(
            chainID: genesis.chainID, folder: home.application, exchangeKeys: .init(input: input, node: node))
        do {
            settings.rules = try ChainRules(parameters: genesis.parameters, applicationState: genesis.appState)
        } catch {
            throw StartRefusal("\(home.genesis): \(error)")
        }
        settings.mempool.transactionCountMax = configuration.mempoolSize
        settings.transactionGasMax = configuration.transactionGasMax
        settings.isDurable = configuration.profile == .production
        let application = try Application(
            settings, lane: session.enclave.execution, metrics: metrics, logger: logger)
        modules = application.modules
        session.collectModules(into: modules, logger: logger)

        var engineSettings = EngineConfiguration(folder: home.consensus)
        engineSettings.isDurable = settings.isDurable
        engineSettings.blockIntervalMilliseconds = configuration.blockIntervalMilliseconds
        let crash = ProcessInfo.processInfo.environment["CLOISTER_CRASH_AT"].flatMap(CrashPoint.init)
        engine = try EmbeddedEngine(
            configuration: engineSettings, genesis: genesis, application: application,
            signer: try ValidatorSigner(
                keyPath: home.validatorKey, statePath: home.validatorState, isDurable: settings.isDurable),
            logger: logger,
            hook: { step, height in
                // For scenario tests: the process ends here as a power cut would end it.
                if let crash, crash.matches(step, height) { kill(getpid(), SIGKILL) }
            },
            onStop: { error in
                if let error { end.signal(.failed, "consensus stopped: \(error)") }
            })
        let watcher = EngineWatcher(engine: engine, metrics: metrics)
        application.observe(watcher)
        try engine.start()

        queries = QueryPool(lanes: session.enclave.queries)
        var description = NodeDescription()
        description.moniker = configuration.moniker
        let chain = ChainAdapter(
            application: application, store: engine.store, queries: queries, genesis: genesis, node: description,
            enclave: .init(opened, identity: session.identity))
        let enclave = session.enclave
        services = [
            RESTServer(
                configuration: HTTPServerConfiguration(host: configuration.restHost, port: configuration.restPort),
                transcoder: RESTTranscoder(.services(of: chain), logger: logger),
                metrics: metrics.registry, logger: logger),
            MetricsServer(
                configuration: HTTPServerConfiguration(
                    host: configuration.metricsHost, port: configuration.metricsPort),
                metrics: metrics.registry, logger: logger),
            Watchdog(
                end: end, watcher: watcher, metrics: metrics, engine: engine, enclave: enclave, application: application
            ),
        ]
    }

    /// How long open requests may take to end when the node does.
    private static let farewell = Duration.seconds(3)

    /// Serves until a signal, or until a part of the node ends.
    package func serve() async -> NodeExit {
        var configuration = ServiceGroupConfiguration(
            services: services.map { .init(service: $0, successTerminationBehavior: .gracefullyShutdownGroup) },
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = Self.farewell
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch is CancellationError {
            // Not all requests ended in time.
        } catch {
            end.signal(.failed, "an interface failed: \(error)")
        }
        let (exit, reason) = end.outcome
        if let reason { logger.error("node ends", metadata: ["reason": "\(reason)"]) }
        queries.stop()
        if exit == .stopped { engine.stop() }
        modules.stop()
        session.close()
        return exit
    }
}

/// Why the node ends, said by whichever part noticed first.
final class EndOfNode: Sendable {
    private let state = Mutex<(exit: NodeExit, reason: String)?>(nil)

    func signal(_ exit: NodeExit, _ reason: String) {
        state.withLock { if $0 == nil { $0 = (exit, reason) } }
    }

    var isSignalled: Bool { state.withLock { $0 != nil } }
    var outcome: (exit: NodeExit, reason: String?) { state.withLock { ($0?.exit ?? .stopped, $0?.reason) } }
}

/// Wakes the engine when a transaction waits.
private final class EngineWatcher: ApplicationObserver {
    private let engine: EmbeddedEngine
    private let metrics: NodeMetrics

    init(engine: EmbeddedEngine, metrics: NodeMetrics) {
        self.engine = engine
        self.metrics = metrics
    }

    func applicationAccepted(_ transaction: PendingTransaction) { engine.wake() }
    func applicationAnnounced(height: UInt64) { metrics.announced(height) }
}

/// Looks every second whether all parts are well, and measures what only shows from time to time.
private struct Watchdog: Service {
    let end: EndOfNode
    let watcher: EngineWatcher
    let metrics: NodeMetrics
    let engine: EmbeddedEngine
    let enclave: LaunchedEnclave
    let application: Application

    func run() async throws {
        while !end.isSignalled {
            do { try await cancelWhenGracefulShutdown { try await Task.sleep(for: .milliseconds(250)) } } catch {
                return
            }
            metrics.sample(engine: engine.status, waiting: application.waitingTotals)
        }
    }
}
