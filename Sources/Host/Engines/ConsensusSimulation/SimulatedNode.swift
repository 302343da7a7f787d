import BlockStorage
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import PublicCryptography
import Wire

/// The node's process ended here; its disk is as it was.
struct NodeCrashed: Error {}

/// One node: the driver of the algorithm, in the order of `EngineLoop`, over a disk that is simulated.
final class SimulatedNode {
    let index: Int
    let signer: SimulatedSigner
    unowned let simulation: Simulation
    let defect: SimulatedDefect?
    /// Faults of which this node is made, where it is one of the faulty.
    let faults: [SimulatedFault]
    let isHostile: Bool

    var disk: SimulatedDisk
    /// An old picture of the disk, with or without what the signer knew.
    var backup: (disk: SimulatedDisk, signed: SimulatedSigner.Memory)?
    var isUp = false
    var life = 0
    var pausedUntil: Int64 = 0
    /// What its clock shows more than the true time, in microseconds.
    var clockOffset: Int64 = 0
    /// Of a hundred units of true time its timers see this many.
    var timerPercent: Int64 = 100
    /// Where the process will end next time it comes there.
    var crashPoint: CrashPoint?
    /// Of what this node has offered a peer at this height, by a number of each; forgotten after a while.
    var offers: [PeerOffers]

    private(set) var core: ConsensusMachine
    private(set) var state: ConsensusState
    private var ticker = SimulatedTicker(replaces: false)
    private var queue: [ConsensusInput] = []
    private var outbox: [Envelope] = []
    private(set) var soundBlocks: [(blockID: BlockID, block: Block)] = []
    /// Proposals of this height that were taken, to be handed on.
    private(set) var proposals: [Envelope] = []
    private var isReplaying = false
    private var paperLocks = PaperLocks()

    enum CrashPoint: CaseIterable { case signed, blockSaved, heightLogged }

    init(
        index: Int, signer: SimulatedSigner, simulation: Simulation, faults: [SimulatedFault],
        defect: SimulatedDefect?
    ) {
        (self.index, self.signer, self.simulation) = (index, signer, simulation)
        (self.faults, self.defect) = (faults, defect)
        isHostile = faults.contains(where: \.isHostile)
        state = simulation.chain.genesis
        disk = SimulatedDisk(state: state)
        offers = Array(repeating: PeerOffers(), count: simulation.settings.nodeCount)
        core = ConsensusMachine(
            HeightStart(
                height: 1, chainID: SimulatedChain.chainID, validators: state.validators, ownAddress: nil,
                blockBytesMax: 0, waitsForTransactions: false))
    }

    /// Of all that it keeps to, an honest node has forgotten nothing.
    var keepsLocks: Bool { signsOnce && !faults.contains(.restoredBackup) && !faults.contains(.bitRot) }

    /// Whether it never signs two votes for one place.
    var signsOnce: Bool { !isHostile && !faults.contains(.restoredSigner) }

    /// Whether it keeps all rules.
    var isHonest: Bool { faults.isEmpty }

    // MARK: - Life

    /// Begins from the disk.
    func start() throws {
        isUp = true
        state = disk.state
        ticker = SimulatedTicker(replaces: defect == .replacedTimer)
        (queue, outbox, soundBlocks, proposals) = ([], [], [], [])
        (pausedUntil, paperLocks) = (0, PaperLocks())
        core = ConsensusMachine(
            HeightStart(
                height: 1, chainID: SimulatedChain.chainID, validators: state.validators, ownAddress: nil,
                blockBytesMax: 0, waitsForTransactions: false))
        // The handshake: a block that was saved is run.
        if disk.blocks.count > state.lastHeight { try run(disk.blocks[Int(state.lastHeight)]) }
        let records = disk.log
        try enterNextHeight()
        try replay(records)
        try drain()
    }

    func crash() {
        isUp = false
        life += 1
        (queue, outbox) = ([], [])
    }

    private func replay(_ records: [SimulatedDisk.Record]) throws {
        let begin = records.lastIndex { record in
            if case .endHeight(state.lastHeight) = record { true } else { false }
        }
        guard let begin else {
            disk.endHeight(state.lastHeight)
            return
        }
        let height = core.height
        isReplaying = true
        for record in records[(begin + 1)...] where core.height == height {
            let input: ConsensusInput?
            switch record {
            case .proposal(let proposal): input = core.verify(proposal).map { .proposal($0) }
            case .part(let height, let part): input = .part(height: height, part)
            case .vote(let vote): input = core.verify(vote).map { .vote($0) }
            case .timeout(let timeout): input = .timeout(timeout)
            case .endHeight: input = nil
            }
            guard let input else { continue }
            try handle(input)
            while core.height == height, !queue.isEmpty { try handle(queue.removeFirst()) }
        }
        isReplaying = false
        guard core.height == height else { return }
        if let effect = core.proposalDue() { try perform(effect) }
    }

    // MARK: - What comes in

    func receive(_ envelope: Envelope) throws {
        guard envelope.height == core.height || envelope.height == core.height - 1 else { return }
        let record: SimulatedDisk.Record
        let input: ConsensusInput
        switch envelope.content {
        case .proposal(let proposal):
            guard let signer = envelope.signer, let verified = core.verify(proposal, by: signer) else { return }
            proposals.append(envelope)
            (record, input) = (.proposal(proposal), .proposal(verified))
        case .part(let height, let part): (record, input) = (.part(height: height, part), .part(height: height, part))
        case .vote(let vote):
            guard core.needs(vote), let signer = envelope.signer, let verified = core.verify(vote, by: signer) else {
                return
            }
            (record, input) = (.vote(vote), .vote(verified))
        }
        disk.append(record)
        try handle(input)
        try drain()
    }

    /// The time until which the timer runs, `nil` without one.
    var deadline: Int64? { ticker.deadline }

    func fireTimer() throws {
        guard let timeout = ticker.fire(at: simulation.now) else { return }
        disk.append(.timeout(timeout))
        try handle(.timeout(timeout))
        try drain()
    }

    // MARK: - What follows

    private func drain() throws {
        while !queue.isEmpty { try handle(queue.removeFirst()) }
        try release()
    }

    private func release() throws {
        guard !outbox.isEmpty else { return }
        disk.sync()
        for envelope in outbox { simulation.broadcast(envelope, from: self) }
        outbox.removeAll()
    }

    private func handle(_ input: ConsensusInput) throws {
        if defect == .lostParts, core.step == .commit, case .part = input { return }
        let effects = core.handle(input)
        simulation.monitor.check(self)
        for effect in effects { try perform(effect) }
    }

    private func perform(_ effect: ConsensusEffect) throws {
        switch effect {
        case .schedule(let timeout):
            schedule(timeout, after: SimulatedTimeouts.microseconds(timeout))
        case .propose(let height, let round, let reused):
            if !isReplaying { try propose(height, round, reused) }
        case .vote(let kind, let height, let round, let blockID): try vote(kind, height, round, blockID)
        case .validate(_, let parts, let bytes): judge(parts, bytes)
        case .decide(_, let round, let blockID, let bytes, let commit): try decide(round, blockID, bytes, commit)
        case .halt(let blockID): simulation.monitor.fail("node \(index) halted at \(core.height) over \(blockID.hash)")
        case .equivocation(let first, let second): simulation.monitor.equivocation(first, second)
        case .added, .entered, .validBlock: break
        }
    }

    private func schedule(_ timeout: ConsensusTimeout, after microseconds: Int64) {
        let deadline = simulation.now + microseconds * 100 / timerPercent
        ticker.schedule(timeout, deadline: deadline)
        simulation.wake(self, at: deadline)
    }

    private func judge(_ parts: PartSetHeader, _ bytes: [UInt8]) {
        switch simulation.chain.judge(parts, bytes, after: state) {
        case .undecodable: queue.append(.validity(parts, nil, .invalid))
        case .broken(let hash): queue.append(.validity(parts, hash, .invalid))
        case .notUnderstood(let hash, let block):
            soundBlocks.append((BlockID(hash: hash, parts: parts), block))
            queue.append(.validity(parts, hash, .notUnderstood))
        case .sound(let hash, let block, let isAccepted):
            soundBlocks.append((BlockID(hash: hash, parts: parts), block))
            let isRefused = core.step != .commit && (!isAccepted || dislikes(hash) || isFromTheFuture(block))
            queue.append(.validity(parts, hash, isRefused ? .rejected : .valid))
        }
    }

    private func dislikes(_ hash: Hash32) -> Bool {
        guard faults.contains(.unlikeJudgement), hash.bytes[0] % 3 == 0 else { return false }
        simulation.count(.unlikeJudgement)
        return true
    }

    private func isFromTheFuture(_ block: Block) -> Bool {
        block.header.time.nanoseconds(since: clock) > 60_000_000_000
    }

    var clock: Timestamp {
        SimulatedChain.genesisTime.adding(nanoseconds: (simulation.now + clockOffset) * 1000)
    }

    // MARK: - Proposing and voting

    private func propose(_ height: Int64, _ round: Int32, _ reused: ReusedBlock?) throws {
        if isHostile {
            simulation.adversaries[index]?.propose(height, round, reused, of: self)
            return
        }
        let parts: PartSet
        var own: (block: Block, bytes: [UInt8])?
        var proposal: Proposal
        if let reused {
            parts = PartSet(cutting: reused.bytes)
            proposal = Proposal(
                height: height, round: round, polRound: reused.polRound, blockID: reused.blockID, timestamp: clock)
        } else {
            guard let block = makeBlock() else { return }
            let bytes = block.protobuf
            parts = PartSet(cutting: bytes)
            own = (block, bytes)
            proposal = Proposal(
                height: height, round: round, polRound: -1,
                blockID: BlockID(hash: block.header.hash(), parts: parts.header), timestamp: clock)
        }
        if round > 0 { disk.sync() }
        guard signer.sign(&proposal) else { return }
        try crash(at: .signed)
        disk.append(.proposal(proposal))
        let envelope = Envelope(.proposal(proposal), claimed: signer.publicKey)
        outbox.append(envelope)
        proposals.append(envelope)
        queue.append(.proposal(VerifiedProposal(unchecked: proposal)))
        for index in 0..<Int(parts.header.total) {
            disk.append(.part(height: height, parts[index]!))
            outbox.append(Envelope(.part(height: height, parts[index]!), verified: nil))
        }
        guard let own else { return }
        // One's own block is found sound before it is proposed.
        guard case .sound(_, _, let isAccepted) = simulation.chain.judge(parts.header, own.bytes, after: state) else {
            simulation.monitor.fail("node \(index) made an invalid block at \(height)")
            return
        }
        soundBlocks.append((proposal.blockID, own.block))
        let isRefused = !isAccepted || isFromTheFuture(own.block)
        queue.append(
            .ownBlock(
                OwnBlock(
                    blockID: proposal.blockID, parts: parts, bytes: own.bytes,
                    validity: isRefused ? .rejected : .valid)))
    }

    /// `nil` if there is no commit to put into it, or none that a block can follow.
    func makeBlock(changing change: (inout Block) -> Void = { _ in }) -> Block? {
        guard let lastCommit = state.lastHeight == 0 ? .empty : core.lastCommit?.commit,
            let time = state.time(after: lastCommit)
        else { return nil }
        // As the engine: no block can follow votes of the past, so none is proposed.
        guard state.lastHeight == 0 || time > state.lastTime else { return nil }
        var block = state.makeBlock(
            transactions: simulation.transactions(of: self), lastCommit: lastCommit, time: time,
            proposer: signer.address)
        change(&block)
        return block
    }

    private var timeOfNextBlock: Timestamp? {
        (state.lastHeight == 0 ? .empty : core.lastCommit?.commit).flatMap { state.time(after: $0) }
    }

    private func vote(_ kind: VoteKind, _ height: Int64, _ round: Int32, _ blockID: BlockID?) throws {
        guard let place = state.validators.index(of: signer.address) else { return }
        var choice = blockID
        if defect == .paperLocks {
            choice = paperLocks.choice(kind, core, blockID) { id in soundBlocks.contains { $0.blockID == id } }
        }
        var time = clock
        let earlier = core.blockBeforeVote
        let known = soundBlocks.first { $0.blockID == earlier }?.block.header.time
        if let block = known ?? timeOfNextBlock { time = max(time, block.adding(nanoseconds: 1_000_000)) }
        var vote = Vote(
            kind: kind, height: height, round: round, blockID: choice, timestamp: time,
            validatorAddress: signer.address, validatorIndex: Int32(place))
        if isHostile {
            guard let own = simulation.adversaries[index]?.cast(vote, of: self) else { return }
            queue.append(.vote(VerifiedVote(unchecked: own)))
            return
        }
        disk.sync()
        guard signer.sign(&vote) else { return }
        try crash(at: .signed)
        simulation.monitor.signed(vote, by: self)
        disk.append(.vote(vote))
        outbox.append(Envelope(.vote(vote), claimed: signer.publicKey))
        queue.append(.vote(VerifiedVote(unchecked: vote)))
    }

    private func crash(at point: CrashPoint) throws {
        guard crashPoint == point else { return }
        crashPoint = nil
        throw NodeCrashed()
    }

    // MARK: - Heights

    private func decide(_ round: Int32, _ blockID: BlockID, _ bytes: [UInt8], _ commit: Commit) throws {
        guard let block = soundBlocks.first(where: { $0.blockID == blockID })?.block else {
            simulation.monitor.fail("node \(index) decided a block that it never found sound, at \(core.height)")
            return
        }
        simulation.monitor.decided(block, blockID, commit, by: self)
        try release()
        let stored = StoredBlock(
            blockID: blockID, block: block, parts: core.parts(blockID.parts) ?? PartSet(cutting: bytes),
            commit: commit, validators: state.validators)
        disk.blocks.append(stored)
        try crash(at: .blockSaved)
        try run(stored)
        queue.removeAll()
        try enterNextHeight()
    }

    private func run(_ stored: StoredBlock) throws {
        disk.endHeight(stored.block.header.height)
        try crash(at: .heightLogged)
        let decided = DecidedBlock(
            block: stored.block, blockBytes: [], blockID: stored.blockID, commit: stored.commit,
            validators: state.validators, nextValidators: state.nextValidators)
        guard let next = try? simulation.chain.apply(decided, after: state) else {
            simulation.monitor.fail("node \(index) cannot run block \(decided.height)")
            return
        }
        state = next
        disk.state = next
    }

    private func enterNextHeight() throws {
        (soundBlocks, proposals) = ([], [])
        for peer in offers.indices { offers[peer].forget(at: simulation.now) }
        var last = core.decidedVotes
        if last?.height != state.lastHeight {
            last = state.lastValidators.flatMap { validators in
                disk.blocks.last.flatMap { CommittedVotes($0.commit, of: validators) }
            }
        }
        try handle(
            .enterHeight(
                HeightStart(
                    height: state.nextHeight, chainID: SimulatedChain.chainID, validators: state.validators,
                    ownAddress: signer.address, blockBytesMax: SimulatedChain.blockBytesMax,
                    waitsForTransactions: false, lastCommit: last)))
        simulation.monitor.entered(self)
        schedule(ConsensusTimeout(.newHeight, height: core.height, round: 0), after: SimulatedTimeouts.commit)
    }

    /// What a hostile node tells its own core.
    func feed(_ input: ConsensusInput) { queue.append(input) }
}

/// `EngineConfiguration`'s.
enum SimulatedTimeouts {
    static let commit: Int64 = 1_000_000

    static func microseconds(_ timeout: ConsensusTimeout) -> Int64 {
        let growth = 500_000 * Int64(timeout.round)
        switch timeout.kind {
        case .newHeight: return commit
        case .propose: return 3_000_000 + growth
        case .prevote, .precommit: return 1_000_000 + growth
        }
    }
}

/// The engine's timer, or one that is broken on purpose.
struct SimulatedTicker {
    let replaces: Bool
    private var ticker = TimeoutTicker()
    private var replaced: (timeout: ConsensusTimeout, deadline: Int64)?

    init(replaces: Bool) { self.replaces = replaces }

    mutating func schedule(_ timeout: ConsensusTimeout, deadline: Int64) {
        if replaces {
            replaced = (timeout, deadline)
        } else {
            ticker.schedule(timeout, deadline: UInt64(deadline))
        }
    }

    var deadline: Int64? { replaces ? replaced?.deadline : ticker.pending.map { Int64($0.deadline) } }

    mutating func fire(at now: Int64) -> ConsensusTimeout? {
        guard replaces else { return ticker.fire(at: UInt64(now)) }
        guard let (timeout, deadline) = replaced, deadline <= now else { return nil }
        replaced = nil
        return timeout
    }
}
