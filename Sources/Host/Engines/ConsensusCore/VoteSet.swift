import ChainFormats
import DecidedBlocks
import PublicCryptography

/// A vote whose signature, height and place in the validator set were checked.
package struct VerifiedVote: Hashable, Sendable {
    package let vote: Vote

    /// For votes this node has just signed, and for tests.
    package init(unchecked vote: Vote) { self.vote = vote }

    /// `nil` unless `validators` has the voter in the place it claims and the voter signed.
    package init?(_ vote: Vote, of validators: ValidatorSet, chainID: String) {
        let index = Int(vote.validatorIndex)
        guard validators.validators.indices.contains(index),
            vote.isSigned(by: validators.validators[index], chainID: chainID)
        else { return nil }
        self.vote = vote
    }
}

/// The votes of one kind in one round.
///
/// A validator that votes for two things is reported, and counts once towards each: what makes a majority is distinct
/// voters for one choice. Were only its first vote counted, nodes that saw another first could miss a majority that
/// others acted on, and the chain could stand still. Such extra votes are bounded.
package struct VoteSet: Sendable {
    package enum Majority: Hashable, Sendable {
        case none
        case forNil
        case block(BlockID)
    }
    package enum Addition: Equatable {
        case added
        case known
        /// The validator voted for something else before.
        case conflict(with: Vote)
    }

    /// Votes that a validator may have for choices that nobody else has voted for.
    private static let loneExtraVotesMax = 1

    private let validators: ValidatorSet
    /// Of each validator its first vote, then those that conflict with it.
    private var votes: [[Vote]]
    /// Power behind each choice, in the order of its first vote.
    private var tallies: [(choice: BlockID?, power: Int64)] = []
    /// Of all that voted, each once.
    package private(set) var power: Int64 = 0
    /// More than two thirds for one choice.
    package private(set) var majority = Majority.none

    package init(validators: ValidatorSet) {
        self.validators = validators
        votes = Array(repeating: [], count: validators.count)
    }

    /// The vote to pass on: the one for what the majority wants where the validator has it, else its first.
    ///
    /// Without this a node that heard the other vote first could miss the majority for good. CometBFT, too, puts the
    /// majority's votes in the place of others once it is there.
    package func vote(of index: Int) -> Vote? {
        let first = votes[index].first
        return switch majority {
        case .none: first
        case .forNil: vote(of: index, for: nil) ?? first
        case .block(let blockID): vote(of: index, for: blockID) ?? first
        }
    }

    package func vote(of index: Int, for blockID: BlockID?) -> Vote? { votes[index].first { $0.blockID == blockID } }

    /// Who has voted, and who has voted for `blockID`, in the order of the set.
    package var voters: [Bool] { votes.map { !$0.isEmpty } }
    package func voters(for blockID: BlockID?) -> [Bool] {
        votes.map { $0.contains { $0.blockID == blockID } }
    }

    /// Whether `add` would keep this vote: what it would not need not be verified.
    package func needs(_ vote: Vote) -> Bool {
        let index = Int(vote.validatorIndex)
        guard votes.indices.contains(index), !votes[index].isEmpty else { return votes.indices.contains(index) }
        if votes[index].contains(where: { $0.blockID == vote.blockID }) { return false }
        return votes[index].count <= VoteSet.loneExtraVotesMax || tallies.contains { $0.choice == vote.blockID }
    }

    package var isComplete: Bool { votes.allSatisfy { !$0.isEmpty } }

    package mutating func add(_ vote: Vote) -> Addition {
        let index = Int(vote.validatorIndex)
        guard let first = votes[index].first else {
            votes[index].append(vote)
            power += validators.validators[index].power
            tally(vote, times: 1)
            return .added
        }
        if votes[index].contains(where: { $0.blockID == vote.blockID }) { return .known }
        if needs(vote) {
            votes[index].append(vote)
            tally(vote, times: 1)
        }
        return .conflict(with: first)
    }

    package mutating func remove(_ index: Int) {
        guard !votes[index].isEmpty else { return }
        power -= validators.validators[index].power
        for vote in votes[index] { tally(vote, times: -1) }
        votes[index].removeAll()
    }

    private mutating func tally(_ vote: Vote, times: Int64) {
        let weight = validators.validators[Int(vote.validatorIndex)].power * times
        if let entry = tallies.firstIndex(where: { $0.choice == vote.blockID }) {
            tallies[entry].power += weight
            if tallies[entry].power == 0 { tallies.remove(at: entry) }
        } else {
            tallies.append((vote.blockID, weight))
        }
        guard let entry = tallies.first(where: { $0.power >= validators.quorum }) else {
            majority = .none
            return
        }
        majority = entry.choice.map { .block($0) } ?? .forNil
    }

    /// More than two thirds voted, whatever for.
    package var hasTwoThirdsOfAny: Bool { power >= validators.quorum }

    /// These precommits as the commit for `blockID`; votes for other blocks show as absent.
    package func commit(for blockID: BlockID, height: Int64, round: Int32) -> Commit {
        let slots = votes.map { votes in
            let vote = votes.first { $0.blockID == blockID } ?? votes.first
            return vote?.commitSignature(for: blockID) ?? .absent
        }
        return Commit(height: height, round: round, blockID: blockID, signatures: slots)
    }
}
