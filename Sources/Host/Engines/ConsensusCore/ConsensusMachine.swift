import ChainFormats
import DecidedBlocks
import PublicCryptography

/// The Tendermint algorithm for one validator as a pure state machine.
///
/// The same inputs in the same order give the same effects: no clock, no I/O, no randomness, no unordered iteration.
/// The driver checks signatures and blocks, keeps time, and performs the effects in order, feeding this node's own
/// messages back like anyone else's. A copy is a picture of the round for who gossips about it.
package struct ConsensusMachine: Sendable {
    /// The numbers are CometBFT's `RoundStepType`, which travel.
    package enum Step: UInt8, Comparable, Sendable {
        case newHeight = 1
        case newRound = 2
        case propose = 3
        case prevote = 4
        case prevoteWait = 5
        case precommit = 6
        case commit = 8

        package static func < (left: Step, right: Step) -> Bool { left.rawValue < right.rawValue }
    }

    /// Proposals of later rounds are kept this far ahead.
    static let proposalRoundsAhead: Int32 = 2

    package private(set) var start: HeightStart
    package internal(set) var round: Int32 = 0
    package internal(set) var step = Step.newHeight
    /// The block this node precommitted last, which it prevotes until two thirds of a later round want something else.
    package internal(set) var locked: (round: Int32, blockID: BlockID)?
    /// The latest block that two thirds prevoted, to be proposed again.
    package internal(set) var valid: (round: Int32, blockID: BlockID)?
    /// What two thirds precommitted, and in which round.
    package internal(set) var decided: (round: Int32, blockID: BlockID)?
    /// The precommits of the height before; late ones join as long as this height has not begun.
    package internal(set) var lastCommit: CommittedVotes?

    /// The set with the priorities of this round.
    private var turns: ValidatorSet
    var votes: HeightVoteSet
    /// At most one for each round, in the order of arrival.
    var proposals: [VerifiedProposal] = []
    var candidates: [Candidate] = []
    /// What two thirds prevoted last, whether or not it is here.
    var wanted: PartSetHeader?
    var transactionsAreWaiting = false
    // What is done once in a round.
    var hasSeenPolka = false
    var hasHandledPolka = false
    var hasScheduledPrecommit = false
    /// The decision has been handed out; nothing changes any more.
    var isDone = false

    package var height: Int64 { start.height }

    /// A core before its first height; `enterHeight` comes next.
    package init(_ start: HeightStart) {
        self.start = start
        turns = start.validators
        lastCommit = start.lastCommit
        votes = HeightVoteSet(validators: start.validators)
    }

    package mutating func handle(_ input: ConsensusInput) -> [ConsensusEffect] {
        var effects: [ConsensusEffect] = []
        switch input {
        case .enterHeight(let start):
            self = ConsensusMachine(start)
            effects.append(.entered(height: height, round: 0, .newHeight))
        case .timeout(let timeout): handle(timeout, &effects)
        case .transactionsAvailable:
            transactionsAreWaiting = true
            if step == .newRound { startRound(0, &effects) }
        case .proposal(let verified): accept(verified, &effects)
        case .part(let height, let part):
            if height == self.height { accept(part, &effects) }
        case .ownBlock(let block): accept(block)
        case .vote(let verified): accept(verified, &effects)
        case .recalled(let verified): recall(verified, &effects)
        case .validity(let parts, let hash, let validity):
            if let index = candidates.firstIndex(where: { $0.parts.header == parts }) {
                candidates[index].judgement = (hash, validity)
            }
        }
        while applyOneRule(&effects) {}
        return effects
    }

    private mutating func accept(_ verified: VerifiedVote, _ effects: inout [ConsensusEffect]) {
        guard !isDone else { return }
        guard verified.vote.height == height else {
            acceptLate(verified.vote, &effects)
            return
        }
        switch votes.add(verified) {
        case .added: effects.append(.added(verified.vote))
        case .known: break
        case .conflict(let first): effects.append(.equivocation(first, verified.vote))
        }
        if step == .newRound, verified.vote.round == 0 { startRound(0, &effects) }
    }

    /// Goes on from the vote that was signed last, where nothing is known of what led to it: no earlier one will be
    /// signed. Who precommitted a block had seen two thirds prevote it, and is locked.
    private mutating func recall(_ verified: VerifiedVote, _ effects: inout [ConsensusEffect]) {
        let vote = verified.vote
        guard !isDone, step != .commit, vote.height == height else { return }
        if vote.kind == .precommit, let blockID = vote.blockID, vote.round > locked?.round ?? -1 {
            locked = (vote.round, blockID)
        }
        let voted = vote.kind == .prevote ? Step.prevote : .precommit
        if (vote.round, voted.rawValue) > (round, step.rawValue) {
            if vote.round > round { enterRound(vote.round) }
            step = voted
            effects.append(.entered(height: height, round: round, step))
        }
        accept(verified, &effects)
    }

    /// A precommit that came after the decision makes the next block's commit fuller, and its time truer.
    private mutating func acceptLate(_ vote: Vote, _ effects: inout [ConsensusEffect]) {
        guard step == .newHeight, vote.height == height - 1, vote.kind == .precommit,
            let addition = lastCommit?.add(vote)
        else { return }
        switch addition {
        case .added: effects.append(.added(vote))
        case .known: return
        case .conflict(let first): effects.append(.equivocation(first, vote))
        }
        if start.skipsCommitTimeout, lastCommit?.isComplete == true { beginHeight(&effects) }
    }

    /// The proposer of this round: selection stepped from the round this node was in before, by all rounds in between
    /// at once. Of a later round: whose turn it is if that one comes next.
    package func proposer(ofRound round: Int32) -> Validator {
        round <= self.round ? turns.proposer : turns.incrementingProposerPriority(times: round - self.round).proposer
    }

}

// MARK: - What comes in

extension ConsensusMachine {
    /// Of whom a vote may be: the set of its height.
    private func voters(_ vote: Vote) -> ValidatorSet? {
        if vote.height == height { return start.validators }
        guard let lastCommit, step == .newHeight, vote.kind == .precommit, vote.height == lastCommit.height,
            vote.round == lastCommit.round
        else { return nil }
        return lastCommit.validators
    }

    /// Whether the vote is of this height, or a late precommit of the last, and not here yet.
    package func needs(_ vote: Vote) -> Bool {
        guard voters(vote) != nil else { return false }
        return vote.height == height ? votes.needs(vote) : lastCommit?.votes.needs(vote) == true
    }

    /// Whether its height or its round is over.
    package func isOver(_ vote: Vote) -> Bool {
        vote.height < height || vote.height == height && vote.round < round
    }

    /// Whether the part is one that is missing here, of a block that is wanted.
    package func needs(_ part: BlockPart) -> Bool { !isDone && candidates.contains { $0.parts.needs(part) } }

    /// The key of the validator that the vote names, if that one signed it.
    package func signer(of vote: Vote) -> [UInt8]? {
        let index = Int(vote.validatorIndex)
        guard let members = voters(vote)?.validators, members.indices.contains(index),
            vote.isSigned(by: members[index], chainID: start.chainID)
        else { return nil }
        return members[index].publicKey
    }

    /// The key of the proposer of its round, if that one signed it.
    package func signer(of proposal: Proposal) -> [UInt8]? {
        let proposer = proposer(ofRound: proposal.round)
        return proposal.isSigned(by: proposer, chainID: start.chainID) ? proposer.publicKey : nil
    }

    /// `nil` unless the vote is for this height, or a precommit of the last, and signed by the validator it names.
    /// `signer` is the key under which someone verified the signature before.
    package func verify(_ vote: Vote, by signer: [UInt8]? = nil) -> VerifiedVote? {
        let index = Int(vote.validatorIndex)
        guard let voters = voters(vote), voters.validators.indices.contains(index) else { return nil }
        let voter = voters.validators[index]
        if signer == voter.publicKey, vote.validatorAddress == voter.address { return VerifiedVote(unchecked: vote) }
        return VerifiedVote(vote, of: voters, chainID: start.chainID)
    }

    /// `nil` unless the proposal is for a round that may be kept and signed by that round's proposer.
    package func verify(_ proposal: Proposal, by signer: [UInt8]? = nil) -> VerifiedProposal? {
        guard isWanted(proposal) else { return nil }
        let proposer = proposer(ofRound: proposal.round)
        if signer == proposer.publicKey { return VerifiedProposal(proposal, of: proposer) }
        return VerifiedProposal(proposal, of: proposer, chainID: start.chainID)
    }
}

// MARK: - Rounds and timeouts

extension ConsensusMachine {
    /// Makes `number` the round of this node, with nothing done in it.
    mutating func enterRound(_ number: Int32) {
        if number > round {
            // One call for all rounds between: two nodes that passed other rounds may differ here, as CometBFT's do.
            turns.incrementProposerPriority(times: number - round)
        }
        round = number
        (hasSeenPolka, hasHandledPolka, hasScheduledPrecommit) = (false, false, false)
        votes.enter(round: number)
        forgetOldCandidates()
    }

    /// CometBFT's `enterNewRound` and `enterPropose`. The propose timer also runs at the proposer, whose application
    /// may take long.
    mutating func startRound(_ number: Int32, _ effects: inout [ConsensusEffect]) {
        enterRound(number)
        step = .propose
        effects.append(.entered(height: height, round: round, step))
        effects.append(.schedule(ConsensusTimeout(.propose, height: height, round: round)))
        guard isProposer else { return }
        effects.append(proposalEffect())
    }

    private mutating func beginHeight(_ effects: inout [ConsensusEffect]) {
        let hasProposal = proposals.contains { $0.proposal.round == 0 }
        if start.waitsForTransactions, !transactionsAreWaiting, !hasProposal, votes.roundCount == 0 {
            step = .newRound
            effects.append(.entered(height: height, round: 0, step))
        } else {
            startRound(0, &effects)
        }
    }

    private mutating func handle(_ timeout: ConsensusTimeout, _ effects: inout [ConsensusEffect]) {
        guard timeout.height == height, step != .commit else { return }
        if timeout.kind == .newHeight {
            if step == .newHeight { beginHeight(&effects) }
            return
        }
        guard step >= .propose, timeout.round == round else { return }
        switch timeout.kind {
        case .newHeight: break
        case .propose:
            if step == .propose { cast(.prevote, locked?.blockID, &effects) }
        case .prevote:
            if step < .precommit { enterPrecommit(&effects) }
        case .precommit:
            if step < .precommit { enterPrecommit(&effects) }
            if round < .max { startRound(round + 1, &effects) }
        }
    }

    /// Votes, if this node may, and moves to the step that the vote belongs to.
    mutating func cast(_ kind: VoteKind, _ blockID: BlockID?, _ effects: inout [ConsensusEffect]) {
        step = kind == .prevote ? .prevote : .precommit
        effects.append(.entered(height: height, round: round, step))
        guard let own = start.ownAddress, start.validators.index(of: own) != nil else { return }
        effects.append(.vote(kind, height: height, round: round, blockID))
    }
}

// MARK: - Proposing

extension ConsensusMachine {
    private var isProposer: Bool { start.ownAddress.map { proposer(ofRound: round).address == $0 } ?? false }

    /// After a restart: the effect to propose, if this node is the proposer and no proposal of this round is known.
    package func proposalDue() -> ConsensusEffect? {
        guard step == .propose, isProposer, proposal == nil else { return nil }
        return proposalEffect()
    }

    private func proposalEffect() -> ConsensusEffect {
        var reused: ReusedBlock?
        if let valid, let bytes = candidate(valid.blockID)?.bytes {
            reused = ReusedBlock(blockID: valid.blockID, polRound: valid.round, bytes: bytes)
        }
        return .propose(height: height, round: round, reusing: reused)
    }
}
