import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine
import Logging
import PublicCryptography
import ValidatorSigning
import Wire

/// The node's process ended here; its disk is as it was.
package struct NodeCrashed: Error {
    package init() {}
}

/// One node: the engine, over a disk, a clock and a network that are simulated.
final class SimulatedNode: @unchecked Sendable {
    // One thread has it.
    let index: Int
    let key: SimulatedKey
    unowned let simulation: Simulation
    let defect: SimulatedDefect?
    /// Faults of which this node is made, where it is one of the faulty.
    let faults: [SimulatedFault]
    let isHostile: Bool

    var disk = SimulatedDisk()
    /// What it signed last: kept whatever happens to the disk, but for one fault.
    var signed = SignerState()
    /// An old picture of the disk, with or without what the signer knew.
    var backup: (disk: SimulatedDisk, signed: SignerState)?
    var isUp = false
    /// It ended, and nobody starts it again.
    var isGone = false
    var life = 0
    var pausedUntil: Int64 = 0
    /// What its clock shows more than the true time, in microseconds.
    var clockOffset: Int64 = 0
    /// Of a hundred units of true time its timers see this many.
    var timerPercent: Int64 = 100
    /// Where the process will end next time it comes there.
    var crashPoint: CommitStep?
    /// The log goes with it.
    var losesLog = false
    /// Of what this node has offered a peer at this height, by a number of each; forgotten after a while.
    var offers: [PeerOffers]

    /// The engine of this life, or of the last: `nil` while one starts.
    private(set) var loop: EngineLoop?
    /// Proposals of this height that were taken, to be handed on.
    private(set) var proposals: [Envelope] = []
    private var paperLocks = PaperLocks()
    private var kept: [Int64: DecidedBlock] = [:]
    /// Of this life, where reactors hand on.
    private(set) var engine: ReactorEngine?
    /// Who served a block that was none, and is asked for no other.
    private(set) var distrusted: [PeerNumber] = []
    private static let silent = Logger(label: "simulation") { _ in SwiftLogNoOpLogHandler() }

    init(
        index: Int, key: SimulatedKey, simulation: Simulation, faults: [SimulatedFault], defect: SimulatedDefect?
    ) {
        (self.index, self.key, self.simulation) = (index, key, simulation)
        (self.faults, self.defect) = (faults, defect)
        isHostile = faults.contains(where: \.isHostile)
        offers = Array(repeating: PeerOffers(), count: simulation.settings.nodeCount)
    }

    /// Of all that it keeps to, an honest node has forgotten nothing.
    var keepsLocks: Bool {
        signsOnce && !faults.contains { [.restoredBackup, .bitRot, .lostDisk, .lostLog].contains($0) }
    }

    /// Whether it never signs two votes for one place.
    var signsOnce: Bool { !isHostile && !faults.contains(.restoredSigner) }

    var peer: PeerNumber { PeerNumber(UInt64(index)) }

    /// Of the last block that it ran.
    var lastHeight: Int64 { loop?.state.lastHeight ?? 0 }

    // MARK: - Life

    /// Begins from the disk.
    func start(bySyncing: Bool) throws {
        isUp = true
        loop = nil
        (proposals, pausedUntil, paperLocks, kept, distrusted) = ([], 0, PaperLocks(), [:], [])
        var configuration = EngineConfiguration(folder: "")
        configuration.createsEmptyBlocks = true
        configuration.beginsBySyncing = bySyncing
        configuration.logRotationBytes = 1 << 16
        let isProbed = isHostile || defect == .paperLocks
        simulation.reactors?.prepare(index)
        engine = simulation.reactors == nil ? nil : ReactorEngine(self, BlockStore(disk.blocks))
        let (application, signer) = try runs()
        let made = try EngineLoop(
            configuration: configuration, genesis: simulation.chain.genesis, store: BlockStore(disk.blocks),
            logFile: disk.log, application: application, signer: signer, network: self,
            clock: EngineClock(now: { [unowned self] in clock }, monotonicNanoseconds: { [unowned self] in ownTime }),
            logger: Self.silent, hook: { [unowned self] step, _ in try pass(step) },
            validate: { [unowned self] state, block, history throws(BlockFault) in
                try simulation.chain.validate(state, block, history)
            }, ticker: SimulatedTicker(replaces: defect == .replacedTimer), probe: isProbed ? self : nil)
        loop = made
        try made.begin()
        try finishTurn(made)
        guard let engine, let reactors = simulation.reactors else { return }
        reactors.start(index, engine: engine, syncs: bySyncing)
        try handIn()
    }

    /// What its reactors do, and then what they brought.
    func enter(_ body: () -> Void) throws {
        body()
        try handIn()
    }

    private func handIn() throws {
        guard let engine, let loop else { return }
        var isIdle = true
        while case let mail = engine.take(), !mail.isEmpty {
            isIdle = false
            for one in mail { try loop.receive(one) }
            try finishTurn(loop)
        }
        if !isIdle { try finishTurn(loop) }
    }

    private func runs() throws -> (application: any ConsensusApplication, signer: any VoteSigner) {
        guard let world = simulation.world else { return (SimulatedApplication(self), try SimulatedSigner(self)) }
        let (application, signer) = try world.start(index)
        return (WatchedApplication(application, of: self), try SimulatedSigner(self, signer))
    }

    func crash() {
        isUp = false
        life += 1
        simulation.world?.stop(index)
        if simulation.reactors != nil {
            simulation.reactors?.stop(index)
            simulation.loseLines(of: self)
            engine = nil
        }
    }

    /// After the end of everything.
    func forget() { loop = nil }

    private func pass(_ step: CommitStep) throws {
        guard crashPoint == step else { return }
        crashPoint = nil
        throw NodeCrashed()
    }

    private func finishTurn(_ loop: EngineLoop) throws {
        try loop.drain()
        try loop.publishEvidence()
        simulation.saw(loop.core, of: self)
        if let deadline { simulation.wake(self, at: deadline) }
    }

    // MARK: - Clocks

    var clock: Timestamp {
        SimulatedChain.genesisTime.adding(nanoseconds: (simulation.now + clockOffset) * 1000)
    }

    /// As its timers count it, in nanoseconds.
    private var ownTime: UInt64 { UInt64(simulation.now * timerPercent * 10) }

    /// The time until which the timer runs, `nil` without one.
    var deadline: Int64? {
        guard let deadline = loop?.deadline else { return nil }
        let unit = timerPercent * 10
        return (Int64(deadline) + unit - 1) / unit
    }

    // MARK: - What comes in

    func receive(_ envelope: Envelope, from sender: PeerNumber) throws {
        guard let loop else { return }
        switch envelope.content {
        case .proposal(let proposal):
            let isTaken = envelope.signer != nil && loop.core.verify(proposal, by: envelope.signer) != nil
            if isTaken, !loop.isSyncing { proposals.append(envelope) }
            try receive(.proposal(proposal), envelope.signer, sender, loop)
        case .part(let height, let round, let part):
            if defect == .lostParts, loop.core.step == .commit { return }
            try receive(.part(height: height, round: round, part), nil, sender, loop)
        case .vote(let vote):
            // At the door, as `RunningEngine` does it.
            guard let signer = envelope.signer else { return }
            try receive(.vote(vote), signer, sender, loop)
        case .synced(let block): try loop.receive(.synced(block, sender))
        case .evidence(let item): try loop.receive(.evidence(item, sender))
        case .transaction(let transaction):
            try simulation.world?.receive(transaction.bytes, at: index)
            try loop.receive(.wake)
        }
        try finishTurn(loop)
    }

    private func receive(
        _ message: ConsensusMessage, _ signer: [UInt8]?, _ sender: PeerNumber, _ loop: EngineLoop
    ) throws {
        try loop.receive(.message(PeerMessage(message: message, peer: sender, signer: signer)))
    }

    func fireTimer() throws {
        guard let loop, try loop.fireTimer() else { return }
        try finishTurn(loop)
    }

    func endSync() throws {
        guard let loop else { return }
        try loop.receive(.endSync)
        try finishTurn(loop)
    }

    // MARK: - What it has

    /// A block that it ran, with how it saw it decided.
    func decided(_ height: Int64) -> DecidedBlock? {
        if let known = kept[height] { return known }
        guard height <= lastHeight, let block = try? BlockStore(disk.blocks).decidedBlock(height) else { return nil }
        kept[height] = block
        return block
    }

    func dislikes(_ block: Block) -> Bool {
        guard faults.contains(.unlikeJudgement), block.header.hash().bytes[0] % 3 == 0 else { return false }
        simulation.count(.unlikeJudgement)
        return true
    }

    /// What it would propose now; `nil` if there is nothing to make a block from.
    func makeBlock(changing change: (inout Block) -> Void = { _ in }) -> Block? {
        guard let loop, var block = try? loop.makeBlock(proposer: key.address) else { return nil }
        change(&block)
        return block
    }
}

extension SimulatedNode: ConsensusNetwork {
    func broadcast(_ message: ConsensusMessage) {
        if let reactors = simulation.reactors { return reactors.broadcast(message, at: index) }
        let envelope =
            switch message {
            case .proposal(let proposal): Envelope(.proposal(proposal), claimed: key.publicKey)
            case .part(let height, let round, let part):
                Envelope(.part(height: height, round: round, part), verified: nil)
            case .vote(let vote): Envelope(.vote(vote), claimed: key.publicKey)
            }
        if case .proposal = message { proposals.append(envelope) }
        simulation.broadcast(envelope, from: self)
    }

    func announce(_ event: ConsensusEvent) {
        note(event)
        simulation.reactors?.announce(event, at: index)
    }

    private func note(_ event: ConsensusEvent) {
        switch event {
        case .entered(_, 0, .newHeight):
            proposals = []
            for peer in offers.indices { offers[peer].forget(at: simulation.now) }
            simulation.monitor.entered(self)
        case .refused(let height, let peer):
            distrusted.append(peer)
            simulation.monitor.refused("the block of \(height)", of: peer, by: self)
        case .refusedEvidence(let peer, let fault):
            simulation.monitor.refused("evidence (\(fault))", of: peer, by: self)
        case .entered, .validBlock, .added, .evidence, .committed: break
        }
    }
}

extension SimulatedNode: EngineProbe {
    func propose(_ height: Int64, _ round: Int32, _ reused: ReusedBlock?, of loop: EngineLoop) throws -> Bool {
        guard let adversary = simulation.adversaries[index] else { return false }
        adversary.propose(height, round, reused, of: self, loop)
        return true
    }

    func cast(_ vote: inout Vote, of loop: EngineLoop) throws -> Bool {
        if defect == .paperLocks {
            vote.blockID = paperLocks.choice(vote.kind, loop.core, vote.blockID) { id in
                loop.soundBlocks.contains { $0.blockID == id }
            }
        }
        guard let adversary = simulation.adversaries[index] else { return false }
        if let own = adversary.cast(vote, of: self, loop) { loop.feed(.vote(VerifiedVote(unchecked: own))) }
        return true
    }
}

/// The engine's timer, or one that is broken on purpose.
struct SimulatedTicker: StepTimer {
    let replaces: Bool
    private var ticker = TimeoutTicker()
    private var replaced: (timeout: ConsensusTimeout, deadline: UInt64)?

    init(replaces: Bool) { self.replaces = replaces }

    var pending: (timeout: ConsensusTimeout, deadline: UInt64)? { replaces ? replaced : ticker.pending }

    mutating func schedule(_ timeout: ConsensusTimeout, deadline: UInt64) {
        if replaces {
            replaced = (timeout, deadline)
        } else {
            ticker.schedule(timeout, deadline: deadline)
        }
    }

    mutating func fire(at now: UInt64) -> ConsensusTimeout? {
        guard replaces else { return ticker.fire(at: now) }
        guard let (timeout, deadline) = replaced, deadline <= now else { return nil }
        replaced = nil
        return timeout
    }
}
