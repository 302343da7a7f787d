import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import Logging
import PublicCryptography
import ValidatorSigning
import Wire

/// Drives one validator: feeds the core, performs its effects, and keeps what it must on disk.
///
/// It has no thread and waits for nothing. Clock, log, store, signer, application and network are what it was given, so
/// who gives it simulated ones has the engine itself in a simulation.
package final class EngineLoop {
    let configuration: EngineConfiguration
    let executor: BlockCommitter
    let signer: (any VoteSigner)?
    let network: (any ConsensusNetwork)?
    let clock: EngineClock
    let logger: Logger
    let hook: CommitStepHook
    let validate: BlockValidator
    let log: WriteAheadLog
    let reports: EngineReports
    private let mustEnd: () -> Bool
    weak var probe: (any EngineProbe)?

    package internal(set) var state: ConsensusState
    package internal(set) var core: ConsensusMachine
    /// Own messages and answers, handled before anything from outside.
    var queue: [ConsensusInput] = []
    /// Own messages that leave once they are on disk.
    var outbox: [ConsensusMessage] = []
    /// What this node knows of validators that broke the rules.
    package internal(set) var evidence: EvidencePool
    let history: StoredHistory
    /// The last proposal and the last vote, if the signer did not answer in time.
    var unansweredProposal: DraftedProposal?
    var unansweredVote: (kind: VoteKind, height: Int64, round: Int32, blockID: BlockID?)?
    /// Blocks of this height in which no broken rule was found.
    package internal(set) var soundBlocks: [(blockID: BlockID, block: Block)] = []
    /// Blocks come from others, and no round begins.
    package private(set) var isSyncing: Bool
    private var ticker: any StepTimer
    private let records: [TimedRecord]
    /// When two thirds of precommits for the last block were here.
    private var decidedAt: UInt64?
    /// When the last block that waits for the interval was decided.
    private var lastPacedBlock: UInt64?
    /// Whether the last block had no transaction, and changed the state all the same.
    private var changedAlone = false
    private var isReplaying = false
    /// Until the first block since the start: it shows the application, and an enclave that was started with it, that
    /// the head it remembers is still the chain's.
    private var owesBlockSinceStart = true

    /// Rounds that are passed at once, alone, when the log lost what the signer remembers of this height.
    static let roundsToCatchUpMax: Int32 = 1000

    /// Brings application and store together. `mustEnd` says in between whether somebody wants it to end.
    package init(
        configuration: EngineConfiguration, genesis: GenesisDocument, store: BlockStore, logFile: any LogFile,
        application: any ConsensusApplication, signer: (any VoteSigner)?, network: (any ConsensusNetwork)?,
        clock: EngineClock, logger: Logger, hook: @escaping CommitStepHook, validate: @escaping BlockValidator,
        reports: EngineReports = EngineReports(), ticker: any StepTimer = TimeoutTicker(),
        probe: (any EngineProbe)? = nil, mustEnd: @escaping () -> Bool = { false }
    ) throws {
        self.configuration = configuration
        self.signer = signer
        self.network = network
        self.clock = clock
        self.logger = logger
        self.hook = hook
        self.validate = validate
        (self.reports, self.ticker, self.probe, self.mustEnd) = (reports, ticker, probe, mustEnd)
        isSyncing = configuration.beginsBySyncing
        executor = BlockCommitter(store: store, application: application, hook: hook)
        history = StoredHistory(store)
        evidence = EvidencePool(try store.pendingEvidence())
        state = try executor.handshake(genesis: genesis)
        (log, records) = try WriteAheadLog.open(
            logFile, startingAfter: state.lastHeight, rotationBytes: configuration.logRotationBytes)
        // Blocks may have been run since it was saved.
        _ = evidence.update(after: state, history)
        reports.evidence(evidence.pending)
        core = ConsensusMachine(
            HeightStart(
                height: state.nextHeight, chainID: state.chainID, validators: state.validators, ownAddress: nil,
                blockBytesMax: 0, waitsForTransactions: false))
    }

    /// Enters the height that comes next, and goes through what the log has of it. Comes once, before anything else.
    package func begin() throws {
        try enterNextHeight()
        try replay(records)
        try recall()
    }

    /// Says again what the signer signed last, if the log knows nothing of it: where every validator is needed, the
    /// others may wait for this vote, and it is signed in no other round before it. Alone, it decided nothing.
    private func recall() throws {
        guard !isReplaying, let signer, signer.lastSigned.height == core.height, state.validators.count > 1,
            let index = state.validators.index(of: signer.address),
            var vote = signer.lastVote(chainID: state.chainID), vote.height == core.height
        else { return }
        (vote.validatorAddress, vote.validatorIndex) = (signer.address, Int32(index))
        let isKnown = core.votes(vote.kind, round: vote.round)?.vote(of: index) != nil
        try handle(.recalled(VerifiedVote(unchecked: vote)))
        guard !isKnown else { return }
        logger.notice(
            "votes again",
            metadata: ["height": .stringConvertible(vote.height), "round": .stringConvertible(vote.round)])
        log.append(TimedRecord(time: clock.now(), .vote(vote)))
        outbox.append(.vote(vote))
    }

    /// When the timer is due, on the clock that never goes back; `nil` without one.
    package var deadline: UInt64? { ticker.pending?.deadline }

    /// Fires the timer if it is due.
    package func fireTimer() throws -> Bool {
        guard let timeout = ticker.fire(at: clock.monotonicNanoseconds()) else { return false }
        log.append(TimedRecord(time: clock.now(), .timeout(timeout)))
        try handle(.timeout(timeout))
        return true
    }

    /// What others tell, in the order in which it came.
    package func receive(_ mail: EngineMail) throws {
        switch mail {
        case .stop: try release()
        case .wake:
            if executor.application.hasTransactions() { try handle(.transactionsAvailable) }
        case .signerAnswers:
            try proposeAgain()
            try voteAgain()
        case .endSync: try endSync()
        case .message(let message): try receive(message)
        case .synced(let block, let peer): try receive(block, from: peer)
        case .evidence(let item, let peer): receive(item, from: peer)
        }
    }

    /// Handles everything of our own, then lets out what is on disk. Who wants us to end is heard in between.
    package func drain() throws {
        while !queue.isEmpty, !mustEnd() {
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
    /// whose reason is lost, and could neither repeat nor replace it. And earlier votes leave first: the signer knows
    /// only the last one, should the log be lost.
    func prepareToSign() throws {
        try release()
        try log.sync()
        try hook(.inputsLogged, core.height)
    }

    private func handle(_ input: ConsensusInput) throws {
        let effects = core.handle(input)
        if network != nil { reports.round(core) }
        for effect in effects { try perform(effect) }
    }

    private func receive(_ message: PeerMessage) throws {
        guard !isSyncing else { return }
        let height = message.message.height
        // A late precommit of the last height may still join the commit of the next block. Of the next height nothing
        // is kept, as in CometBFT: peers give it once they hear that this node is there.
        guard height == core.height || height == core.height - 1 else { return }
        let record: WriteAheadRecord
        switch message.message {
        case .proposal(let proposal): record = .proposal(proposal)
        case .part(let height, let round, let part): record = .part(height: height, round: round, part)
        case .vote(let vote): record = .vote(vote)
        }
        // What is here already, or nobody asked for, takes neither a verification nor room in the log.
        switch record {
        case .vote(let vote): guard core.needs(vote) else { return }
        case .part(let height, _, let part): guard height == core.height, core.needs(part) else { return }
        case .proposal, .timeout, .endHeight: break
        }
        guard let input = verified(record, by: message.signer) else { return }
        log.append(TimedRecord(time: clock.now(), record))
        try handle(input)
        try drain()
    }

    /// A block that others decided. It is held against the same rules as one that this node helps to decide.
    private func receive(_ synced: SyncedBlock, from peer: PeerNumber) throws {
        // While it fetches, the parts of a block whose decision the log told come from nowhere else.
        guard synced.height == core.height, isSyncing || core.step != .commit, !mustEnd() else { return }
        let parts = PartSet(cutting: synced.bytes.isEmpty ? [0] : synced.bytes).header
        guard synced.commit.height == synced.height, let blockID = synced.commit.blockID, blockID.parts == parts,
            (try? synced.commit.isWhollySigned(by: state.validators, chainID: state.chainID)) != nil
        else {
            network?.announce(.refused(height: synced.height, peer))
            return
        }
        let (hash, validity) = try judge(parts, synced.bytes, isDecided: true)
        guard validity != .invalid, hash == blockID.hash else { throw EngineStop.halted(blockID) }
        try decide(blockID, synced.bytes, synced.commit)
        try drain()
    }

    private func endSync() throws {
        guard isSyncing else { return }
        isSyncing = false
        scheduleHeight()
    }

    /// A logged or received message as an input, if it is what it claims to be.
    private func verified(_ record: WriteAheadRecord, by signer: [UInt8]? = nil) -> ConsensusInput? {
        switch record {
        case .proposal(let proposal):
            return core.verify(proposal, by: signer).map { .proposal($0) }
        case .part(let height, _, let part): return .part(height: height, part)
        case .vote(let vote): return core.verify(vote, by: signer).map { .vote($0) }
        case .timeout(let timeout): return .timeout(timeout)
        case .endHeight: return nil
        }
    }

    // MARK: Heights

    private func heightStart() throws -> HeightStart {
        let waits =
            !configuration.createsEmptyBlocks && !owesBlockSinceStart && !state.needsProofBlock
            && !executor.application.hasTransactions()
        return HeightStart(
            height: state.nextHeight, chainID: state.chainID, validators: state.validators,
            ownAddress: signer?.address, blockBytesMax: state.parameters.blockBytesLimit,
            waitsForTransactions: waits, lastCommit: try lastCommit(),
            skipsCommitTimeout: configuration.skipsCommitTimeout)
    }

    /// What decided the last block: as the core has just counted it, or as it was saved.
    private func lastCommit() throws -> CommittedVotes? {
        if let votes = core.decidedVotes, votes.height == state.lastHeight { return votes }
        guard let validators = state.lastValidators else { return nil }
        return try executor.store.seenCommit(state.lastHeight).flatMap { CommittedVotes($0, of: validators) }
    }

    private func enterNextHeight() throws {
        soundBlocks.removeAll()
        try handle(.enterHeight(heightStart()))
        if !isSyncing { scheduleHeight() }
    }

    /// From the decision on the others are given time for their precommits, which the next block carries; alone there
    /// are none.
    private func scheduleHeight() {
        var deadline =
            (decidedAt ?? clock.monotonicNanoseconds()) + UInt64(timeouts.commitMilliseconds) * 1_000_000
        if changedAlone {
            // The chain did something by itself, as making coins, and will in the next block, too: no hurry.
            let pace = max(configuration.timeouts.commitMilliseconds, configuration.blockIntervalMilliseconds)
            deadline = max(deadline, (decidedAt ?? clock.monotonicNanoseconds()) + UInt64(pace) * 1_000_000)
        }
        decidedAt = nil
        if !state.needsProofBlockNow, !owesBlockSinceStart { deadline = max(deadline, pacedDeadline) }
        ticker.schedule(ConsensusTimeout(.newHeight, height: core.height, round: 0), deadline: deadline)
    }

    var timeouts: TimeoutConfiguration {
        state.validators.count == 1 ? TimeoutConfiguration.alone : configuration.timeouts
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
        changedAlone =
            executor.application.didAloneLast()
            || !isPaced && !state.needsProofBlockNow && state.needsProofBlock
        logger.debug(
            "decided",
            metadata: [
                "height": .stringConvertible(decided.height),
                "transactions": .stringConvertible(decided.transactions.count),
            ])
        try updateEvidence()
        if let kept = configuration.heightsKept {
            try executor.store.prune(below: decided.height - kept + 1, expires: state.isExpired)
        }
        // A precommit of our own that the decision did not wait for joins the last commit as anybody's late one.
        let late = queue.filter { if case .vote = $0 { true } else { false } }
        queue.removeAll()
        owesBlockSinceStart = false
        announce(.committed(height: decided.height))
        try enterNextHeight()
        queue += late
        // The blocks before it may have been fetched anew.
        try recall()
    }

    // MARK: Effects

    private func perform(_ effect: ConsensusEffect) throws {
        switch effect {
        case .schedule(let timeout):
            ticker.schedule(
                timeout,
                deadline: clock.monotonicNanoseconds() + UInt64(timeouts.milliseconds(timeout)) * 1_000_000)
        case .propose(let height, let round, let reused):
            guard !isReplaying, try probe?.propose(height, round, reused, of: self) != true else { break }
            try propose(height: height, round: round, reusing: reused)
        case .vote(let kind, let height, let round, let blockID):
            try vote(kind, height: height, round: round, blockID)
        case .validate(_, let parts, let bytes):
            let (hash, validity) = try judge(parts, bytes, isDecided: core.step == .commit)
            queue.append(.validity(parts, hash, validity))
        case .decide(_, _, let blockID, let bytes, let commit): try decide(blockID, bytes, commit)
        case .equivocation(let first, let second):
            logger.warning(
                "a validator voted twice",
                metadata: [
                    "validator": "\(second.validatorAddress)", "height": .stringConvertible(first.height),
                    "round": .stringConvertible(first.round),
                ])
            evidence.note(first, second)
        case .validBlock(let height, let round, let parts, let isCommit):
            announce(.validBlock(height: height, round: round, parts, isCommit: isCommit))
        case .added(let vote): announce(.added(vote))
        case .entered(let height, let round, let step):
            if step == .commit { decidedAt = clock.monotonicNanoseconds() }
            if step == .propose, round > 0, !isReplaying { try shrinkLog() }
            announce(.entered(height: height, round: round, step))
            reports.status(
                EngineStatus(
                    height: height, round: round, step: step, lastHeight: state.lastHeight,
                    lastBlockID: state.lastBlockID, lastTime: state.lastTime, appHash: state.appHash))
        case .halt(let blockID):
            throw EngineStop.halted(blockID)
        }
    }

    /// Each round that fails may leave a block of the largest size: those that are neither locked nor valid nor wanted
    /// change nothing that a replay comes to.
    private func shrinkLog() throws {
        try log.shrink { [core] height, part in height == core.height && core.holds(part) }
    }

    private func decide(_ blockID: BlockID, _ bytes: [UInt8], _ commit: Commit) throws {
        guard let block = soundBlocks.first(where: { $0.blockID == blockID })?.block else {
            throw EngineStop.halted(blockID)
        }
        try finish(
            DecidedBlock(
                block: block, blockBytes: bytes, blockID: blockID, commit: commit, validators: state.validators,
                nextValidators: state.nextValidators))
    }

    private func updateEvidence() throws {
        for item in evidence.update(after: state, history) { announce(.evidence(item)) }
        try publishEvidence()
    }

    /// Once for all that a turn brought: it is written durably.
    package func publishEvidence() throws {
        guard evidence.takeChange() else { return }
        reports.evidence(evidence.pending)
        try executor.store.save(pendingEvidence: evidence.pending)
    }

    /// Evidence that a peer knows of. What is not understood is left alone, and so is its peer.
    private func receive(_ item: Evidence, from peer: PeerNumber) {
        do throws(EvidenceRefusal) {
            guard try evidence.add(item, after: state, history) else { return }
        } catch {
            if case .invalid(let fault) = error { announce(.refusedEvidence(peer, fault)) }
            return
        }
        announce(.evidence(item))
    }

    private func announce(_ event: ConsensusEvent) { network?.announce(event) }

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
            guard let input = verified(timed.record) else { continue }
            try handle(input)
            while core.height == height, !queue.isEmpty { try handle(queue.removeFirst()) }
        }
        isReplaying = false
        guard core.height == height else { return }
        // The proposal may have been lost with the log's tail. Ask again; the signer knows what it signed.
        if let effect = core.proposalDue() { try perform(effect) }
    }
}
