import ChainFormats
import DecidedBlocks

/// The precommits that decided a height, as the next block will carry them; late ones are still added.
package struct CommittedVotes: Sendable {
    package let height: Int64
    package let round: Int32
    package let blockID: BlockID
    package let validators: ValidatorSet
    package private(set) var votes: VoteSet

    package init(height: Int64, round: Int32, blockID: BlockID, validators: ValidatorSet, votes: VoteSet) {
        (self.height, self.round, self.blockID) = (height, round, blockID)
        (self.validators, self.votes) = (validators, votes)
    }

    /// As they stand in a commit that was verified before; `nil` if it does not fit the set.
    package init?(_ commit: Commit, of validators: ValidatorSet) {
        guard let blockID = commit.blockID, commit.signatures.count == validators.count else { return nil }
        var votes = VoteSet(validators: validators)
        for (index, slot) in commit.signatures.enumerated() {
            guard slot.flag != .absent, let address = slot.validatorAddress else { continue }
            _ = votes.add(
                Vote(
                    kind: .precommit, height: commit.height, round: commit.round,
                    blockID: slot.flag == .commit ? blockID : nil, timestamp: slot.timestamp,
                    validatorAddress: address, validatorIndex: Int32(index), signature: slot.signature))
        }
        self.init(
            height: commit.height, round: commit.round, blockID: blockID, validators: validators, votes: votes)
    }

    package mutating func add(_ vote: Vote) -> VoteSet.Addition {
        guard vote.kind == .precommit, vote.height == height, vote.round == round,
            validators.validators.indices.contains(Int(vote.validatorIndex))
        else { return .known }
        return votes.add(vote)
    }

    /// Everyone has voted.
    package var isComplete: Bool { votes.isComplete }

    package var commit: Commit { votes.commit(for: blockID, height: height, round: round) }
}

extension ConsensusMachine {
    /// The precommits of the decided block, for the next height to begin with.
    package var decidedVotes: CommittedVotes? {
        guard let decided, let precommits = votes.precommits(decided.round) else { return nil }
        return CommittedVotes(
            height: height, round: decided.round, blockID: decided.blockID, validators: start.validators,
            votes: precommits)
    }
}
