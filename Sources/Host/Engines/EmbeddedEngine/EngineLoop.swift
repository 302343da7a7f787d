import BlockStorage
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import Logging
import PublicCryptography
import ValidatorSigning
import Wire

/// The engine's thread: feeds the core, performs its effects, and keeps what it must on disk.
final class EngineLoop {
    let configuration: EngineConfiguration
    let executor: BlockCommitter
    let signer: ValidatorSigner?
    let network: (any ConsensusNetwork)?
    let clock: EngineClock
    let logger: Logger
    let hook: CommitStepHook
    let validate: BlockValidator
    let log: WriteAheadLog
    private let mailbox: EngineMailbox
    private let report: (EngineStatus) -> Void

    var state: ConsensusState
    var core: ConsensusMachine
    /// Own messages and answers, handled before anything from outside.
    var queue: [ConsensusInput] = []
    /// Own messages that leave once they are on disk.
    var outbox: [ConsensusMessage] = []
    /// Blocks of this height that were found sound.
    var soundBlocks: [(blockID: BlockID, block: Block)] = []
    /// When each proposal of this height came.
    var proposals: [(proposal: Proposal, received: Timestamp)] = []
    /// Messages for the next height from validators that are a little ahead, bounded.
    private var early: [ConsensusMessage] = []
    private var ticker = TimeoutTicker()
    /// When the last block that waits for the interval was decided.
    private var lastPacedBlock: UInt64?
    private var isReplaying = false
    /// Until the first block since the start: it shows the application, and an enclave that was started with it, that
    /// the head it remembers is still the chain's.
    private var owesBlockSinceStart = true

    private static let earlyCountMax = 1000
    /// Rounds that are passed at once, alone, when the log lost what the signer remembers of this height.
    static let roundsToCatchUpMax: Int32 = 1000

    init(
        configuration: EngineConfiguration, genesis: GenesisDocument, store: BlockStore,
        application: any ConsensusApplication, signer: ValidatorSigner?, network: (any ConsensusNetwork)?,
        clock: EngineClock, logger: Logger, hook: @escaping CommitStepHook, validate: @escaping BlockValidator,
        mailbox: EngineMailbox, report: @escaping (EngineStatus) -> Void
    ) throws {
        self.configuration = configuration
        self.signer = signer
        self.network = network
        self.clock = clock
        self.logger = logger
        self.hook = hook
        self.validate = validate
        self.mailbox = mailbox
        self.report = report
        executor = BlockCommitter(store: store, application: application, hook: hook)
        state = try executor.handshake(genesis: genesis)
        let records: [TimedRecord]
        (log, records) = try WriteAheadLog.open(
            configuration.folder + "/wal", startingAfter: state.lastHeight, isDurable: configuration.isDurable)
        core = ConsensusMachine(EngineLoop.heightStart(state, signer: signer, waits: false))
        try enterNextHeight()
        try replay(records)
    }

    /// Until told to stop; throws what it cannot go on from.
    func run() throws {
        while true {
            try drain()
            var wait: UInt64?
            let now = clock.monotonicNanoseconds()
            if let timeout = ticker.fire(at: now) {
                log.append(TimedRecord(time: clock.now(), .timeout(timeout)))
                try handle(.timeout(timeout))
                // Others are heard even while timers fire without a pause.
                wait = 0
            } else if let pending = ticker.pending {
                wait = pending.deadline - now
            }
            for mail in mailbox.take(waitingFor: wait) {
                switch mail {
                case .stop:
                    try release()
                    return
                case .wake:
                    if executor.application.hasTransactions() { try handle(.transactionsAvailable) }
                case .message(let message): try receive(message)
                }
            }
        }
    }

    /// Handles everything of our own, then lets out what is on disk. Who wants us to end is heard in between.
    private func drain() throws {
        while !queue.isEmpty, !mailbox.mustEnd {
            try handle(queue.removeFirst())
        }
        try release()
    }

    /// The log reaches the disk before any of our own messages leave.
    private func release() throws {
        guard !outbox.isEmpty else { return }
        if let network {
            try log.sync()
            for message in outbox { network.broadcast(message) }
        }
        outbox.removeAll()
    }

    /// What a signature rests on is on disk before it is made: else, after a crash, the signer would know of a vote
    /// whose reason is lost, and could neither repeat nor replace it.
    func prepareToSign() throws {
        try log.sync()
        try hook(.inputsLogged, core.height)
    }

    private func handle(_ input: ConsensusInput) throws {
        for effect in core.handle(input) { try perform(effect) }
    }

    private func receive(_ message: ConsensusMessage) throws {
        if message.height == core.height + 1 {
            if early.count < EngineLoop.earlyCountMax { early.append(message) }
            return
        }
        guard message.height == core.height else { return }
        let record: WriteAheadRecord
        switch message {
        case .proposal(let proposal): record = .proposal(proposal)
        case .part(let height, let round, let part): record = .part(height: height, round: round, part)
        case .vote(let vote): record = .vote(vote)
        }
        let timed = TimedRecord(time: clock.now(), record)
        guard let input = verified(timed) else { return }
        log.append(timed)
        try handle(input)
        try drain()
    }

    /// A logged or received message as an input, if it is what it claims to be.
    private func verified(_ timed: TimedRecord) -> ConsensusInput? {
        switch timed.record {
        case .proposal(let proposal):
            guard let verified = core.verify(proposal) else { return nil }
            proposals.append((proposal, timed.time))
            return .proposal(verified)
        case .part(let height, _, let part): return .part(height: height, part)
        case .vote(let vote): return core.verify(vote).map { .vote($0) }
        case .timeout(let timeout): return .timeout(timeout)
        case .endHeight: return nil
        }
    }

    // MARK: Heights

    private static func heightStart(_ state: ConsensusState, signer: ValidatorSigner?, waits: Bool) -> HeightStart {
        HeightStart(
            height: state.nextHeight, chainID: state.chainID, validators: state.validators,
            ownAddress: signer?.address, blockBytesMax: Int(state.parameters.blockBytesMax), waitsForTransactions: waits
        )
    }

    private func enterNextHeight() throws {
        soundBlocks.removeAll()
        proposals.removeAll()
        let waits =
            !configuration.createsEmptyBlocks && !owesBlockSinceStart && !state.needsProofBlock
            && !executor.application.hasTransactions()
        try handle(.enterHeight(EngineLoop.heightStart(state, signer: signer, waits: waits)))
        let deadline = state.needsProofBlock || owesBlockSinceStart ? 0 : pacedDeadline
        ticker.schedule(ConsensusTimeout(.newHeight, height: core.height, round: 0), deadline: deadline)
        let messages = early
        early.removeAll()
        for message in messages { mailbox.put(.message(message)) }
    }

    /// When the next block with transactions may come.
    var pacedDeadline: UInt64 {
        guard let lastPacedBlock else { return 0 }
        return lastPacedBlock + UInt64(configuration.blockIntervalMilliseconds) * 1_000_000
    }

    func finish(_ decided: DecidedBlock) throws {
        try release()
        let isPaced = configuration.createsEmptyBlocks || !decided.transactions.isEmpty
        if isPaced { lastPacedBlock = clock.monotonicNanoseconds() }
        state = try executor.execute(decided, after: state) { [clock, log] in
            try log.endHeight(decided.height, time: clock.now())
        }
        logger.debug(
            "block", metadata: ["height": "\(decided.height)", "transactions": "\(decided.transactions.count)"])
        if let kept = configuration.heightsKept { try executor.store.prune(below: decided.height - kept + 1) }
        queue.removeAll()
        owesBlockSinceStart = false
        try enterNextHeight()
    }

    // MARK: Effects

    private func perform(_ effect: ConsensusEffect) throws {
        switch effect {
        case .schedule(let timeout):
            let timeouts = state.validators.count == 1 ? TimeoutConfiguration.alone : configuration.timeouts
            ticker.schedule(
                timeout,
                deadline: clock.monotonicNanoseconds() + UInt64(timeouts.milliseconds(timeout)) * 1_000_000)
        case .propose(let height, let round, let reused):
            guard !isReplaying else { break }
            try propose(height: height, round: round, reusing: reused)
        case .vote(let kind, let height, let round, let blockID):
            try vote(kind, height: height, round: round, blockID)
        case .validate(_, let parts, let bytes):
            let (hash, validity) = try judge(parts, bytes)
            queue.append(.validity(parts, hash, validity))
        case .decide(_, _, let blockID, let bytes, let commit):
            guard let block = soundBlocks.first(where: { $0.blockID == blockID })?.block else {
                throw EngineStop.halted(blockID)
            }
            try finish(
                DecidedBlock(
                    block: block, blockBytes: bytes, blockID: blockID, commit: commit, validators: state.validators,
                    nextValidators: state.nextValidators))
        case .equivocation(let first, let second):
            logger.warning(
                "a validator voted twice",
                metadata: [
                    "validator": "\(second.validatorAddress)", "height": "\(first.height)", "round": "\(first.round)",
                ])
        case .validBlock(_, let round, let parts, _):
            logger.debug("two thirds want a block", metadata: ["round": "\(round)", "parts": "\(parts.hash)"])
        case .added: break
        case .entered(let height, let round, let step):
            report(
                EngineStatus(
                    height: height, round: round, step: step, lastHeight: state.lastHeight,
                    lastBlockID: state.lastBlockID, lastTime: state.lastTime, appHash: state.appHash))
        case .halt(let blockID):
            throw EngineStop.halted(blockID)
        }
    }

    /// Goes through what the log has of this height, as if it came again. Signing again gives the same signatures.
    private func replay(_ records: [TimedRecord]) throws {
        guard let begin = records.lastIndex(where: { $0.record == .endHeight(state.lastHeight) }) else {
            // The log ends before the block that the store has, or belongs to a chain that began later: begin afresh.
            try log.endHeight(state.lastHeight, time: clock.now())
            return
        }
        let height = core.height
        isReplaying = true
        for timed in records[(begin + 1)...] where core.height == height {
            guard let input = verified(timed) else { continue }
            try handle(input)
            while core.height == height, !queue.isEmpty { try handle(queue.removeFirst()) }
        }
        isReplaying = false
        guard core.height == height else { return }
        // The proposal may have been lost with the log's tail. Ask again; the signer knows what it signed.
        if let effect = core.proposalDue() { try perform(effect) }
    }
}
