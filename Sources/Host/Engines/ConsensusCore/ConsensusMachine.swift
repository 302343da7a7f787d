import ChainFormats
import DecidedBlocks
import PublicCryptography

/// The Tendermint algorithm for one validator as a pure state machine.
///
/// The same inputs in the same order give the same effects: no clock, no I/O, no randomness, no unordered iteration.
/// The driver checks signatures and blocks, keeps time, and performs the effects in order, feeding this node's own
/// messages back like anyone else's.
package struct ConsensusMachine: Sendable {
    package enum Step: UInt8, Comparable, Sendable {
        case newHeight = 1
        case newRound = 2
        case propose = 3
        case prevote = 4
        case precommit = 6
        case commit = 8

        package static func < (left: Step, right: Step) -> Bool { left.rawValue < right.rawValue }
    }

    /// Proposals of later rounds are kept this far ahead.
    static let proposalRoundsAhead: Int32 = 2

    package private(set) var start: HeightStart
    package internal(set) var round: Int32 = 0
    package internal(set) var step = Step.newHeight
    /// The block this node precommitted last, which it may not abandon but for a newer one.
    package internal(set) var locked: (round: Int32, blockID: BlockID)?
    /// The latest block that two thirds prevoted, to be proposed again.
    package internal(set) var valid: (round: Int32, blockID: BlockID)?

    var votes: HeightVoteSet
    /// At most one for each round, in the order of arrival.
    var proposals: [Proposal] = []
    var candidates: [Candidate] = []
    var transactionsAreWaiting = false
    // What the paper does "for the first time" in a round.
    var hasHandledPolka = false
    var hasScheduledPrevote = false
    var hasScheduledPrecommit = false

    package var height: Int64 { start.height }

    /// A core before its first height; `enterHeight` comes next.
    package init(_ start: HeightStart) {
        self.start = start
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
        case .proposal(let verified): accept(verified.proposal, &effects)
        case .part(let height, let part):
            if height == self.height { accept(part, &effects) }
        case .ownBlock(let block): accept(block)
        case .vote(let verified):
            guard verified.vote.height == height else { break }
            if case .conflict(let first) = votes.add(verified) {
                effects.append(.equivocation(first, verified.vote))
            }
            if step == .newRound, verified.vote.round == 0 { startRound(0, &effects) }
        case .validity(let blockID, let validity):
            if let index = candidates.firstIndex(where: { $0.blockID == blockID }) {
                candidates[index].validity = validity
            }
        }
        while applyOneRule(&effects) {}
        return effects
    }

    /// The proposer of a round: selection stepped `round` times at once from the height's set, so that it does not
    /// depend on which rounds a node has seen.
    package func proposer(ofRound round: Int32) -> Validator {
        round == 0 ? start.validators.proposer : start.validators.incrementingProposerPriority(times: round).proposer
    }

    /// `nil` unless the vote is for this height and signed by the validator it names.
    package func verify(_ vote: Vote) -> VerifiedVote? {
        guard vote.height == height else { return nil }
        return VerifiedVote(vote, of: start.validators, chainID: start.chainID)
    }

    /// `nil` unless the proposal is for a round that may be kept and signed by that round's proposer.
    package func verify(_ proposal: Proposal) -> VerifiedProposal? {
        guard isWanted(proposal),
            proposal.isSigned(by: proposer(ofRound: proposal.round), chainID: start.chainID)
        else { return nil }
        return VerifiedProposal(unchecked: proposal)
    }
}

// MARK: - Rounds and timeouts

extension ConsensusMachine {
    /// Tendermint, lines 11 to 21. The propose timer also runs at the proposer, whose application may take long.
    mutating func startRound(_ number: Int32, _ effects: inout [ConsensusEffect]) {
        round = number
        step = .propose
        (hasHandledPolka, hasScheduledPrevote, hasScheduledPrecommit) = (false, false, false)
        votes.enter(round: number)
        forgetOldCandidates()
        effects.append(.entered(height: height, round: round, step))
        effects.append(.schedule(ConsensusTimeout(.propose, height: height, round: round)))
        guard let own = start.ownAddress, proposer(ofRound: round).address == own else { return }
        effects.append(proposalEffect())
    }

    private mutating func handle(_ timeout: ConsensusTimeout, _ effects: inout [ConsensusEffect]) {
        guard timeout.height == height else { return }
        switch timeout.kind {
        case .newHeight:
            guard step == .newHeight else { return }
            let hasProposal = proposals.contains { $0.round == 0 }
            if start.waitsForTransactions, !transactionsAreWaiting, !hasProposal, votes.roundCount == 0 {
                step = .newRound
                effects.append(.entered(height: height, round: 0, step))
            } else {
                startRound(0, &effects)
            }
        case .propose:
            // Tendermint, line 57.
            guard step == .propose, timeout.round == round else { return }
            cast(.prevote, nil, &effects)
        case .prevote:
            // Tendermint, line 61.
            guard step == .prevote, timeout.round == round else { return }
            cast(.precommit, nil, &effects)
        case .precommit:
            // Tendermint, line 65.
            guard step >= .propose, step != .commit, timeout.round == round, round < .max else { return }
            startRound(round + 1, &effects)
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

extension ConsensusMachine {
    /// After a restart: the effect to propose, if this node is the proposer and no proposal of this round is known.
    package func proposalDue() -> ConsensusEffect? {
        guard step == .propose, let own = start.ownAddress, proposer(ofRound: round).address == own,
            !proposals.contains(where: { $0.round == round })
        else { return nil }
        return proposalEffect()
    }

    func proposalEffect() -> ConsensusEffect {
        var reused: ReusedBlock?
        if let valid, let bytes = candidate(valid.blockID)?.bytes {
            reused = ReusedBlock(blockID: valid.blockID, polRound: valid.round, bytes: bytes)
        }
        return .propose(height: height, round: round, reusing: reused)
    }
}
