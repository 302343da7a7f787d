import ChainFormats
import DecidedBlocks
import PublicCryptography

// What follows from votes and blocks, as CometBFT 0.38 has it. Each rule looks at the whole state and acts at most
// once; `handle` applies them until none applies, so that nothing depends on what came first.
extension ConsensusMachine {
    mutating func applyOneRule(_ effects: inout [ConsensusEffect]) -> Bool {
        guard !isDone else { return false }
        guard step != .commit else { return finish(&effects) }
        return decide(&effects) || skipRound(&effects) || unlock() || noticePolka(&effects) || prevote(&effects)
            || awaitPrevotes(&effects) || precommit(&effects) || awaitPrecommits(&effects)
    }

    /// Two thirds of the precommits of any round are for one block. From here on no rounds go by and no timers count:
    /// parts are collected until the block is whole.
    private mutating func decide(_ effects: inout [ConsensusEffect]) -> Bool {
        guard let (decidedRound, blockID) = votes.decision else { return false }
        decided = (decidedRound, blockID)
        want(blockID)
        // Peers in the decided round take a note about its parts from who is in it, too.
        if decidedRound > round {
            enterRound(decidedRound)
            step = .propose
        }
        // Its own precommit is still cast: what two thirds decided without it carries it, and its time, all the same.
        if decidedRound == round, step < .precommit { enterPrecommit(&effects) }
        step = .commit
        if candidate(blockID)?.bytes == nil {
            effects.append(.validBlock(height: height, round: round, blockID.parts, isCommit: true))
        }
        effects.append(.entered(height: height, round: round, step))
        return true
    }

    /// The decided block is whole. One that is only not understood was still decided.
    private mutating func finish(_ effects: inout [ConsensusEffect]) -> Bool {
        guard let decided, let candidate = candidate(decided.blockID), let judgement = candidate.judgement,
            let bytes = candidate.bytes, let precommits = votes.precommits(decided.round)
        else { return false }
        isDone = true
        guard judgement.validity != .invalid, judgement.hash == decided.blockID.hash else {
            effects.append(.halt(decided.blockID))
            return true
        }
        let commit = precommits.commit(for: decided.blockID, height: height, round: decided.round)
        effects.append(.decide(height: height, round: decided.round, decided.blockID, bytes: bytes, commit))
        return true
    }

    /// Two thirds voted in a later round, whatever for. CometBFT's rule and not the paper's third: who skips otherwise
    /// passes other rounds than the rest, and may see another proposer.
    private mutating func skipRound(_ effects: inout [ConsensusEffect]) -> Bool {
        if let later = votes.roundToSkipTo {
            startRound(later, &effects)
            return true
        }
        guard step < .propose, votes.precommits(0)?.hasTwoThirdsOfAny == true else { return false }
        startRound(0, &effects)
        return true
    }

    /// A lock ends when two thirds of a later round, up to this one, prevoted something else: another block, here or
    /// not, or nil.
    private mutating func unlock() -> Bool {
        guard let locked, votes.hasOtherPolka(than: locked.blockID, after: locked.round) else { return false }
        self.locked = nil
        return true
    }

    /// Two thirds prevoted one block in this round: it is wanted, and remembered as valid once it is here.
    private mutating func noticePolka(_ effects: inout [ConsensusEffect]) -> Bool {
        guard step >= .propose, !hasHandledPolka, case .block(let blockID) = votes.prevotes(round)?.majority else {
            return false
        }
        let isKnown = candidate(blockID)?.judgement != nil
        guard isKnown || !hasSeenPolka else { return false }
        if !hasSeenPolka {
            hasSeenPolka = true
            want(blockID)
            wanted = blockID.parts
            effects.append(.validBlock(height: height, round: round, blockID.parts, isCommit: false))
        }
        if isKnown {
            hasHandledPolka = true
            if mayLock(blockID) { valid = (round, blockID) }
        }
        return true
    }

    /// The proposal of this round is complete: answer it. A lock is answered with whatever was proposed.
    private mutating func prevote(_ effects: inout [ConsensusEffect]) -> Bool {
        guard step == .propose, let proposal else { return false }
        let proof = votes.prevotes(proposal.polRound)?.majority ?? .none
        guard proposal.polRound < 0 || proof != .none else { return false }
        guard let candidate = candidate(proposal.blockID.parts), let judgement = candidate.judgement else {
            return false
        }
        guard locked == nil else {
            cast(.prevote, locked?.blockID, &effects)
            return true
        }
        var choice: BlockID?
        // The name is the one that the block has; what the proposer signed is not held against it.
        if let blockID = candidate.blockID {
            // What two thirds prevoted before, the application need not judge again.
            let isProved = judgement.validity == .rejected && proof == .block(blockID)
            if judgement.validity == .valid || isProved { choice = blockID }
        }
        cast(.prevote, choice, &effects)
        return true
    }

    /// Two thirds prevoted, whatever for.
    private mutating func awaitPrevotes(_ effects: inout [ConsensusEffect]) -> Bool {
        guard step == .prevote, let prevotes = votes.prevotes(round), prevotes.hasTwoThirdsOfAny else { return false }
        if case .block(let blockID) = prevotes.majority, candidate(blockID)?.judgement != nil { return false }
        guard prevotes.majority != .forNil else { return false }
        step = .prevoteWait
        effects.append(.entered(height: height, round: round, step))
        effects.append(.schedule(ConsensusTimeout(.prevote, height: height, round: round)))
        return true
    }

    /// Two thirds prevoted nil, or a block that is here; or two thirds precommitted nil already.
    private mutating func precommit(_ effects: inout [ConsensusEffect]) -> Bool {
        guard step >= .propose, step < .precommit else { return false }
        let isPrevoting = step != .propose
        switch votes.prevotes(round)?.majority {
        case .block(let blockID) where isPrevoting && candidate(blockID)?.judgement != nil: break
        case .forNil where isPrevoting: break
        default: guard votes.precommits(round)?.majority == .forNil else { return false }
        }
        enterPrecommit(&effects)
        return true
    }

    /// CometBFT's `enterPrecommit`: a block that two thirds prevoted and that is here is locked, anything else is nil.
    mutating func enterPrecommit(_ effects: inout [ConsensusEffect]) {
        guard case .block(let blockID) = votes.prevotes(round)?.majority, mayLock(blockID) else {
            cast(.precommit, nil, &effects)
            return
        }
        locked = (round, blockID)
        cast(.precommit, blockID, &effects)
    }

    private func mayLock(_ blockID: BlockID) -> Bool {
        guard let judgement = candidate(blockID)?.judgement else { return false }
        return judgement.validity.mayBeLocked && judgement.hash == blockID.hash
    }

    /// Two thirds precommitted, whatever for.
    private mutating func awaitPrecommits(_ effects: inout [ConsensusEffect]) -> Bool {
        guard step >= .propose, !hasScheduledPrecommit, votes.precommits(round)?.hasTwoThirdsOfAny == true else {
            return false
        }
        hasScheduledPrecommit = true
        effects.append(.entered(height: height, round: round, step))
        effects.append(.schedule(ConsensusTimeout(.precommit, height: height, round: round)))
        return true
    }
}
