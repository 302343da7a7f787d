import ChainFormats
import DecidedBlocks
import PublicCryptography

// The "upon" rules of the paper. Each looks at the whole state and acts at most once; `handle` applies them until none
// applies.
extension ConsensusMachine {
    mutating func applyOneRule(_ effects: inout [ConsensusEffect]) -> Bool {
        guard step != .commit else { return false }
        return decide(&effects) || skipRound(&effects) || prevote(&effects) || awaitPrevotes(&effects)
            || precommit(&effects) || precommitNil(&effects) || awaitPrecommits(&effects)
    }

    /// Tendermint, line 49: two thirds of the precommits of any round are for one block.
    private mutating func decide(_ effects: inout [ConsensusEffect]) -> Bool {
        guard let (decidedRound, blockID) = votes.decision else { return false }
        want(blockID, &effects)
        guard let candidate = candidate(blockID), let validity = candidate.validity,
            let bytes = candidate.bytes, let precommits = votes.precommits(decidedRound)
        else { return false }
        step = .commit
        guard validity != .invalid else {
            effects.append(.halt(blockID))
            return true
        }
        let commit = precommits.commit(for: blockID, height: height, round: decidedRound)
        effects.append(.entered(height: height, round: decidedRound, step))
        effects.append(.decide(height: height, round: decidedRound, blockID, bytes: bytes, commit))
        return true
    }

    /// Tendermint, line 55: more than a third is in a later round, so one honest validator is.
    private mutating func skipRound(_ effects: inout [ConsensusEffect]) -> Bool {
        guard let later = votes.roundToSkipTo else { return false }
        startRound(later, &effects)
        return true
    }

    /// Tendermint, lines 22 and 28: answer the proposal of this round.
    private mutating func prevote(_ effects: inout [ConsensusEffect]) -> Bool {
        guard step == .propose, let proposal = proposals.first(where: { $0.round == round }) else { return false }
        let isReproposed = proposal.polRound >= 0
        if isReproposed {
            guard votes.prevotes(proposal.polRound)?.majority == .block(proposal.blockID) else { return false }
        }
        guard let validity = candidate(proposal.blockID)?.validity else { return false }
        // What two thirds prevoted before, the application need not judge again.
        let isValid = validity == .valid || (isReproposed && validity == .rejected)
        let isUnlocked = locked.map { isReproposed && $0.round <= proposal.polRound } ?? true
        let mayVote = isUnlocked || locked?.blockID == proposal.blockID
        cast(.prevote, isValid && mayVote ? proposal.blockID : nil, &effects)
        return true
    }

    /// Tendermint, line 34: two thirds prevoted, whatever for.
    private mutating func awaitPrevotes(_ effects: inout [ConsensusEffect]) -> Bool {
        guard step == .prevote, !hasScheduledPrevote, votes.prevotes(round)?.hasTwoThirdsOfAny == true else {
            return false
        }
        hasScheduledPrevote = true
        effects.append(.schedule(ConsensusTimeout(.prevote, height: height, round: round)))
        return true
    }

    /// Tendermint, line 36: two thirds prevoted one block. Lock it if there is still a precommit to cast; remember it
    /// as valid in any case.
    private mutating func precommit(_ effects: inout [ConsensusEffect]) -> Bool {
        guard step >= .prevote, !hasHandledPolka, case .block(let blockID) = votes.prevotes(round)?.majority else {
            return false
        }
        want(blockID, &effects)
        guard let validity = candidate(blockID)?.validity else { return false }
        hasHandledPolka = true
        guard validity != .invalid else {
            step = .commit
            effects.append(.halt(blockID))
            return true
        }
        valid = (round, blockID)
        if step == .prevote {
            locked = (round, blockID)
            cast(.precommit, blockID, &effects)
        }
        return true
    }

    /// Tendermint, line 44: two thirds prevoted nil.
    private mutating func precommitNil(_ effects: inout [ConsensusEffect]) -> Bool {
        guard step == .prevote, votes.prevotes(round)?.majority == .forNil else { return false }
        cast(.precommit, nil, &effects)
        return true
    }

    /// Tendermint, line 47: two thirds precommitted, whatever for.
    private mutating func awaitPrecommits(_ effects: inout [ConsensusEffect]) -> Bool {
        guard step >= .propose, !hasScheduledPrecommit, votes.precommits(round)?.hasTwoThirdsOfAny == true else {
            return false
        }
        hasScheduledPrecommit = true
        effects.append(.schedule(ConsensusTimeout(.precommit, height: height, round: round)))
        return true
    }
}
