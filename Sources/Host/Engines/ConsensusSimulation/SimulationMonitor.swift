import BlockStorage
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import EmbeddedEngine
import PublicCryptography
import Wire

/// Holds what was signed and decided against what must hold of every run, knowing all of it, as no node does.
final class SimulationMonitor {
    private struct Place: Hashable {
        var node: Int
        var kind: VoteKind
        var round: Int32
    }

    private final class Trace {
        var decided: (blockID: BlockID, time: Timestamp)?
        var outcome: BlockOutcome?
        var validators: ValidatorSet?
        /// Asked for one place at a time.
        var votes: [Place: BlockID?] = [:]
        /// Of each round up to those that honest nodes come to: who prevoted what.
        var prevotes: [(round: Int32, voter: Int, blockID: BlockID?)] = []
        /// The last block that a node precommitted.
        var locks: [(round: Int32, blockID: BlockID)?]

        init(nodeCount: Int) { locks = Array(repeating: nil, count: nodeCount) }
    }

    private(set) var violation: String?
    private(set) var highestRound: Int32 = 0
    /// Pieces of evidence in decided blocks.
    private(set) var evidenceCount = 0
    private unowned let simulation: Simulation
    private var traces: [Int64: Trace] = [:]
    /// How often it was whose turn to propose first at a height.
    private(set) var turns: [ValidatorAddress] = []
    /// A height that begins after this time must be decided soon.
    var calmSince: Int64?
    private var beginnings: [Int64: Int64] = [:]
    private static let calmRoundsMax: Int32 = 12

    init(simulation: Simulation) { self.simulation = simulation }

    /// The first violation counts; what follows from it does not.
    func fail(_ text: String) { violation = violation ?? text }

    private func trace(_ height: Int64) -> Trace {
        if let trace = traces[height] { return trace }
        let trace = Trace(nodeCount: simulation.nodes.count)
        traces[height] = trace
        return trace
    }

    func forget(below height: Int64) { traces[height - 1] = nil }

    // MARK: - After every input

    func check(_ node: SimulatedNode, _ core: ConsensusMachine) {
        let members = core.start.validators.count
        if core.heldRounds > Int(core.round) + 2 + members * HeightVoteSet.catchUpRoundsMax {
            fail("node \(node.index) holds \(core.heldRounds) rounds at \(core.height)/\(core.round)")
        }
        if core.heldBlocks > 8 { fail("node \(node.index) holds \(core.heldBlocks) blocks at \(core.height)") }
        if let locked = core.locked, locked.round > core.round {
            fail("node \(node.index) is locked in round \(locked.round) and is in \(core.round)")
        }
    }

    // MARK: - Votes

    func signed(_ vote: Vote, by node: SimulatedNode) {
        // Spam of other heights proves nothing.
        guard let core = node.loop?.core, vote.height == core.height else { return }
        let trace = trace(vote.height)
        let place = Place(node: node.index, kind: vote.kind, round: vote.round)
        if let before = trace.votes[place] {
            if before == vote.blockID { return }
            if node.signsOnce {
                fail("node \(node.index) signed two \(vote.kind)s at \(vote.height)/\(vote.round)")
                return
            }
        }
        if node.signsOnce { trace.votes[place] = .some(vote.blockID) }
        // Rounds that only spam reaches prove nothing.
        if vote.kind == .prevote, node.signsOnce || vote.round <= core.round + 2 {
            trace.prevotes.append((vote.round, Int(vote.validatorIndex), vote.blockID))
        }
        guard node.keepsLocks else { return }
        switch vote.kind {
        case .prevote: checkPrevote(vote, node, core, trace)
        case .precommit:
            guard let blockID = vote.blockID else { return }
            if core.votes(.prevote, round: vote.round)?.majority != .block(blockID) {
                fail("node \(node.index) precommitted without a polka at \(vote.height)/\(vote.round)")
            }
            if let lock = trace.locks[node.index], lock.round > vote.round { return }
            trace.locks[node.index] = (vote.round, blockID)
        }
    }

    /// Who precommitted a block prevotes it from then on, unless two thirds of a later round prevoted something else.
    private func checkPrevote(
        _ vote: Vote, _ node: SimulatedNode, _ core: ConsensusMachine, _ trace: Trace
    ) {
        guard let lock = trace.locks[node.index], vote.round > lock.round, vote.blockID != lock.blockID else { return }
        let validators = core.start.validators
        for round in (lock.round + 1)...vote.round
        where hasOtherPolka(trace, round, than: lock.blockID, validators) { return }
        fail("node \(node.index) left its lock of round \(lock.round) at \(vote.height)/\(vote.round)")
    }

    private func hasOtherPolka(
        _ trace: Trace, _ round: Int32, than blockID: BlockID, _ validators: ValidatorSet
    ) -> Bool {
        let votes = trace.prevotes.filter { $0.round == round && $0.blockID != blockID }
        // Nil, or one block.
        for choice in votes.map(\.blockID) {
            var power: Int64 = 0
            for (place, member) in validators.validators.enumerated()
            where votes.contains(where: { $0.voter == place && $0.blockID == choice }) { power += member.power }
            if power >= validators.quorum { return true }
        }
        return false
    }

    /// Evidence in a block is about a node that may have signed twice.
    private func check(_ evidence: [Evidence], at height: Int64) {
        for item in evidence {
            guard case .duplicateVote(let duplicate) = item.content,
                let node = simulation.nodes.first(where: { $0.key.address == duplicate.first.validatorAddress })
            else {
                fail("evidence of nothing in block \(height)")
                continue
            }
            if node.signsOnce { fail("evidence against node \(node.index) in block \(height)") }
            evidenceCount += 1
        }
    }

    /// What an honest node hands on, no honest node finds wrong.
    func refused(_ what: String, of peer: PeerNumber, by node: SimulatedNode) {
        let sender = simulation.nodes[Int(simulation.reactors == nil ? peer.value : peer.value & 0xff)]
        let mayBeOfAnother = simulation.reactors != nil && simulation.hasBadSync
        if !sender.isHostile, !node.isHostile, !mayBeOfAnother {
            fail("node \(node.index) refused \(what) of node \(sender.index)")
        }
    }

    // MARK: - Heights

    /// All nodes have the same set with the same priorities, hence the same proposer.
    func entered(_ node: SimulatedNode) {
        guard let core = node.loop?.core else { return }
        let height = core.height
        let trace = trace(height)
        if let validators = trace.validators {
            if validators != core.start.validators { fail("node \(node.index) has another set at \(height)") }
        } else {
            trace.validators = core.start.validators
            turns.append(core.start.validators.proposer.address)
            beginnings[height] = simulation.now
        }
    }

    /// A node runs a decided block, for the first time or again.
    func decided(_ decided: DecidedBlock, by node: SimulatedNode) {
        guard !node.isHostile else { return }
        let (block, blockID, commit) = (decided.block, decided.blockID, decided.commit)
        let height = block.header.height
        let trace = trace(height)
        if let other = trace.decided {
            if other.blockID != blockID {
                fail("fork at \(height): node \(node.index) decided \(blockID.hash), others \(other.blockID.hash)")
            }
            return
        }
        trace.decided = (blockID, block.header.time)
        simulation.heightDecided(height)
        highestRound = max(highestRound, commit.round)
        if let calmSince, let begin = beginnings[height], begin >= calmSince, commit.round > Self.calmRoundsMax {
            fail("height \(height) took \(commit.round) rounds though nothing went wrong")
        }
        if (try? commit.hasQuorum(of: decided.validators, chainID: SimulatedChain.chainID)) == nil {
            fail("the commit of \(height) does not verify")
        }
        if let taker = SimulatedChain.taker(of: block) {
            let takers = simulation.nodes.filter { $0.isHostile || $0.index == taker }.map(\.key.address)
            let power = decided.validators.validators.reduce(Int64(0)) { sum, member in
                sum + (takers.contains(member.address) ? member.power : 0)
            }
            if power < decided.validators.quorum {
                fail("a block was decided at \(height) that the applications of two thirds refuse")
            }
        }
        check(block.evidence, at: height)
        if let fault = timeFault(block) { fail("time of \(height): \(fault)") }
    }

    /// What a node's application made of a block, the first time or again: what that of every other honest node does.
    func came(_ outcome: BlockOutcome, of block: DecidedBlock, by node: SimulatedNode) {
        guard !node.isHostile else { return }
        let trace = trace(block.height)
        if let other = trace.outcome {
            if other != outcome { fail("node \(node.index) came to another end of block \(block.height)") }
            return
        }
        trace.outcome = outcome
        simulation.heightRan(block, outcome)
    }

    /// Time moves on, is the weighted median of the last commit, and lies between honest clocks.
    private func timeFault(_ block: Block) -> String? {
        let height = block.header.height
        guard height > 1 else { return block.header.time == SimulatedChain.genesisTime ? nil : "not genesis" }
        guard let trace = traces[height - 1], let last = trace.decided else { return nil }
        guard block.header.time > last.time else { return "not later than that before" }
        guard let members = trace.validators?.validators else { return nil }
        var votes: [(time: Timestamp, power: Int64, isHonest: Bool)] = []
        for (slot, signature) in block.lastCommit.signatures.enumerated() where signature.flag != .absent {
            let voter = simulation.nodes.first { $0.key.address == members[slot].address }
            votes.append((signature.timestamp, members[slot].power, voter?.isHostile == false))
        }
        let time = block.header.time
        let power = votes.reduce(0) { $0 + $1.power }
        let (before, upTo) = votes.reduce((Int64(0), Int64(0))) { sum, vote in
            (sum.0 + (vote.time < time ? vote.power : 0), sum.1 + (vote.time <= time ? vote.power : 0))
        }
        // The first vote at which half of the power, rounded down, is reached.
        guard upTo >= power / 2, before < max(power / 2, 1) else { return "not the median" }
        // Half is rounded down: just below it, hostile power may be the median.
        let hostile = votes.reduce(0) { $0 + ($1.isHonest ? 0 : $1.power) }
        guard hostile < power / 2 else { return nil }
        let honest = votes.filter(\.isHonest).map(\.time)
        guard let first = honest.min(), let latest = honest.max(), (first...latest).contains(time) else {
            return "beyond all honest votes"
        }
        return nil
    }

    /// In a set that stays as it is everyone gets turns by its power, but for less than two.
    func checkTurns(_ validators: ValidatorSet) {
        for member in validators.validators {
            let count = Int64(turns.filter { $0 == member.address }.count)
            let owed = Int64(turns.count) * member.power
            if abs(count * validators.totalPower - owed) > 2 * validators.totalPower {
                fail("\(member.address) had \(count) turns of \(turns.count)")
            }
        }
    }
}
