import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import Dispatch
import DurableFiles
import Foundation
import Logging
import PublicCryptography
import ValidatorSigning
import Wire

/// Where the engine stands, for status pages.
package struct EngineStatus: Sendable, Equatable {
    /// The height being decided.
    package var height: Int64
    package var round: Int32
    package var step: ConsensusMachine.Step
    /// The last executed block.
    package var lastHeight: Int64
    package var lastBlockID: BlockID?
    package var lastTime: Timestamp
    package var appHash: [UInt8]
}

/// What the engine's thread leaves for others to read.
package struct EngineReports {
    var status: (EngineStatus) -> Void = { _ in }
    var round: (ConsensusMachine) -> Void = { _ in }
    var evidence: ([Evidence]) -> Void = { _ in }
    var proposed: () -> Void = {}

    package init() {}

    init(
        status: @escaping (EngineStatus) -> Void, round: @escaping (ConsensusMachine) -> Void,
        evidence: @escaping ([Evidence]) -> Void, proposed: @escaping () -> Void
    ) {
        (self.status, self.round, self.evidence, self.proposed) = (status, round, evidence, proposed)
    }
}

/// Drives one validator, or a node that follows: a thread of its own with log, signer, timers and application.
///
/// A network of one validator needs no peers and no waiting: its own messages go through the same queue as anyone's.
package final class RunningEngine: @unchecked Sendable {
    // `lastStatus`, `lastRoundState`, `lastEvidence`, `times` and `hasStarted` are touched only under `lock`; the rest
    // is constant.
    package let store: BlockStore
    private let mailbox = EngineMailbox()
    private let clock: EngineClock
    private let makeLoop: @Sendable (BlockStore, EngineMailbox, EngineReports) throws -> EngineLoop
    private let onStop: @Sendable ((any Error)?) -> Void
    private let metrics: any EngineMetrics
    private let lock = NSLock()
    private let ended = DispatchSemaphore(value: 0)
    private var lastStatus: EngineStatus?
    private var lastRoundState: ConsensusMachine?
    private var lastEvidence: [Evidence] = []
    private var hasStarted = false
    private var times = StepTimes()

    /// `signer` is `nil` for a node that only follows. `onStop` hears once, on the engine's thread, that it ended: with
    /// an error if it could not go on.
    package init(
        configuration: EngineConfiguration, genesis: GenesisDocument, application: any ConsensusApplication,
        signer: sending (any VoteSigner)?, network: (any ConsensusNetwork)? = nil, clock: EngineClock = .system,
        metrics: any EngineMetrics = NoEngineMetrics(), logger: Logger,
        hook: @escaping CommitStepHook = { _, _ in },
        validate: @escaping BlockValidator = ConsensusState.validate,
        onStop: @escaping @Sendable ((any Error)?) -> Void = { _ in }
    ) throws {
        try DurableFile.makeFolder(configuration.folder)
        store = try BlockStore(folder: configuration.folder + "/blocks", isDurable: configuration.isDurable)
        (self.onStop, self.clock, self.metrics) = (onStop, clock, metrics)
        nonisolated(unsafe) let signer = signer  // handed to the engine's thread, which alone uses it
        makeLoop = { store, mailbox, reports in
            signer?.whenAvailable { mailbox.put(.signerAnswers) }
            return try EngineLoop(
                configuration: configuration, genesis: genesis, store: store,
                logFile: DurableLogFile(configuration.folder + "/wal", isDurable: configuration.isDurable),
                application: application, signer: signer, network: network, clock: clock, logger: logger, hook: hook,
                validate: validate, reports: reports, mustEnd: { mailbox.mustEnd })
        }
    }

    /// Brings application and store together, then runs until `stop`. Returns once the engine runs; throws if it
    /// cannot.
    package func start() throws {
        let ready = DispatchSemaphore(value: 0)
        let failure = Box<any Error>()
        let thread = Thread { [self] in
            var loop: EngineLoop?
            do {
                let made = try makeLoop(
                    store, mailbox,
                    EngineReports(
                        status: { [self] status in
                            lock.withLock {
                                lastStatus = status
                                times.entered(status, now: clock.monotonicNanoseconds(), metrics)
                            }
                        },
                        round: { [self] round in lock.withLock { lastRoundState = round } },
                        evidence: { [self] evidence in lock.withLock { lastEvidence = evidence } },
                        proposed: { [metrics] in metrics.proposed() }))
                try made.begin()
                loop = made
            } catch {
                failure.value = error
            }
            ready.signal()
            guard let loop else {
                ended.signal()
                return
            }
            var reason: (any Error)?
            do { try run(loop) } catch { reason = error }
            onStop(reason)
            ended.signal()
        }
        thread.name = "consensus"
        thread.stackSize = 8 << 20
        lock.withLock { hasStarted = true }
        thread.start()
        ready.wait()
        if let error = failure.value { throw error }
    }

    /// Until told to stop; throws what it cannot go on from.
    private func run(_ loop: EngineLoop) throws {
        while true {
            try loop.drain()
            var wait: UInt64?
            if try loop.fireTimer() {
                // Others are heard even while timers fire without a pause.
                wait = 0
            } else if let deadline = loop.deadline {
                let now = clock.monotonicNanoseconds()
                wait = deadline > now ? deadline - now : 0
            }
            for mail in mailbox.take(waitingFor: wait) {
                try loop.receive(mail)
                if case .stop = mail { return }
            }
            try loop.publishEvidence()
        }
    }

    /// Transactions are there to be proposed.
    package func wake() { mailbox.put(.wake) }

    /// A message that a peer brought, not yet believed.
    @discardableResult
    package func receive(_ message: ConsensusMessage, from peer: PeerNumber) -> Reception {
        switch EngineDoor.look(at: message, in: roundState, metrics) {
        case .turnedAway(let reception): return reception
        case .wanted(let signer):
            mailbox.put(.message(PeerMessage(message: message, peer: peer, signer: signer)))
            return .taken
        }
    }

    /// A block that was decided before, for a node that is behind.
    package func receive(_ block: SyncedBlock, from peer: PeerNumber) { mailbox.put(.synced(block, peer)) }

    /// Evidence that a peer passes on; what becomes of it is announced.
    package func receive(_ evidence: Evidence, from peer: PeerNumber) { mailbox.put(.evidence(evidence, peer)) }

    /// Evidence that a client of this node hands in. It is verified here, on the caller's thread; what waits already,
    /// or is in a block, is no fault (CometBFT: `broadcast_evidence`).
    package func submit(_ evidence: Evidence) throws {
        guard !pendingEvidence.contains(evidence) else { return }
        guard let state = try store.state() else { throw EvidenceRefusal.notUnderstood }
        do throws(EvidenceRefusal) {
            try state.check(evidence, against: StoredHistory(store))
        } catch .invalid(.repeated) {
            return
        }
        mailbox.put(.evidence(evidence, Self.ownClients))
    }

    /// No connection has this number.
    private static let ownClients = PeerNumber(.max - 1)

    /// Evidence that is verified and waits for a block, for gossip.
    package var pendingEvidence: [Evidence] { lock.withLock { lastEvidence } }

    /// Nothing more to sync: an engine that began with `beginsBySyncing` takes part from here on.
    package func endSync() { mailbox.put(.endSync) }

    /// Drops what waits of a peer that is gone.
    package func forget(_ peer: PeerNumber) { mailbox.forget(peer) }

    /// The round as it is; only kept with a network to gossip about it.
    package var roundState: ConsensusMachine? { lock.withLock { lastRoundState } }

    /// Ends the engine between two steps and waits for it. Nothing is lost that was promised.
    package func stop() { _ = stop(by: .distantFuture) }

    /// The same with less patience: `false` if the application, or an enclave behind it, keeps the engine in a step.
    package func stop(by deadline: DispatchTime) -> Bool {
        guard lock.withLock({ hasStarted }) else { return true }
        mailbox.put(.stop)
        guard ended.wait(timeout: deadline) == .success else { return false }
        ended.signal()
        return true
    }

    package var status: EngineStatus? { lock.withLock { lastStatus } }
}

/// A value that one thread leaves for another, which looks after a semaphore.
private final class Box<Value>: @unchecked Sendable {
    var value: Value?
}
