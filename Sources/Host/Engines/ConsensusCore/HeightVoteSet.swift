import ChainFormats
import DecidedBlocks
import PublicCryptography

/// All votes of one height, bounded.
///
/// Rounds up to the next one are kept whole. Of rounds further ahead each validator may occupy two, its latest, so that
/// a validator that signs votes for a million rounds costs others nothing; nor may it leave them for later ones without
/// end, as whatever is taken is logged too.
package struct HeightVoteSet: Sendable {
    package static let catchUpRoundsMax = 2
    static let catchUpMovesMax = 1000

    private struct Round {
        var number: Int32
        var prevotes: VoteSet
        var precommits: VoteSet
    }

    private let validators: ValidatorSet
    /// In ascending order.
    private var rounds: [Round] = []
    /// Of each validator, the rounds beyond the next one that it has votes in.
    private var catchUp: [[Int32]]
    /// How often each has left such a round for a later one, since this node is in its round.
    private var moves: [Int]
    private var current: Int32 = 0

    package init(validators: ValidatorSet) {
        self.validators = validators
        catchUp = Array(repeating: [], count: validators.count)
        moves = Array(repeating: 0, count: validators.count)
    }

    package mutating func enter(round: Int32) {
        current = round
        moves = Array(repeating: 0, count: moves.count)
        for index in catchUp.indices { catchUp[index].removeAll { $0 <= round + 1 } }
    }

    package mutating func add(_ verified: VerifiedVote) -> VoteSet.Addition {
        let vote = verified.vote
        guard makeRoom(for: vote) else { return .known }
        let place = place(of: vote.round)
        switch vote.kind {
        case .prevote: return rounds[place].prevotes.add(vote)
        case .precommit: return rounds[place].precommits.add(vote)
        }
    }

    /// Whether this vote is not here yet, and its validator has not said too much already.
    package func needs(_ vote: Vote) -> Bool {
        guard catchUp.indices.contains(Int(vote.validatorIndex)), hasRoom(for: vote) else { return false }
        return (vote.kind == .prevote ? prevotes(vote.round) : precommits(vote.round))?.needs(vote) ?? true
    }

    package func prevotes(_ round: Int32) -> VoteSet? { rounds.first { $0.number == round }?.prevotes }
    package func precommits(_ round: Int32) -> VoteSet? { rounds.first { $0.number == round }?.precommits }

    /// The round, if any, whose precommits decide a block.
    package var decision: (round: Int32, blockID: BlockID)? {
        for round in rounds {
            if case .block(let blockID) = round.precommits.majority { return (round.number, blockID) }
        }
        return nil
    }

    /// The highest round beyond the current one in which two thirds voted, in one kind of vote and whatever for.
    package var roundToSkipTo: Int32? {
        rounds.last { round in
            round.number > current && (round.prevotes.hasTwoThirdsOfAny || round.precommits.hasTwoThirdsOfAny)
        }?.number
    }

    /// Whether two thirds prevoted something else than `blockID`, in a round after `earlier` up to the current one.
    package func hasOtherPolka(than blockID: BlockID, after earlier: Int32) -> Bool {
        rounds.contains { round in
            guard round.number > earlier, round.number <= current else { return false }
            switch round.prevotes.majority {
            case .none: return false
            case .forNil: return true
            case .block(let other): return other != blockID
            }
        }
    }

    package var roundCount: Int { rounds.count }

    /// Whether the vote may take memory. Of a validator that has its two far rounds already it may where another holds
    /// that round; else its oldest makes room for a later one. Were the first not so, a validator could sign for rounds
    /// that never come, and nodes that are behind would not take from it the precommit that decided their height.
    private func hasRoom(for vote: Vote) -> Bool {
        guard vote.round > current, vote.round - current > 1 else { return true }
        let voter = Int(vote.validatorIndex)
        guard !catchUp[voter].contains(vote.round), catchUp[voter].count == HeightVoteSet.catchUpRoundsMax else {
            return true
        }
        if isHeld(vote.round) { return true }
        return vote.round > catchUp[voter].min()! && moves[voter] < HeightVoteSet.catchUpMovesMax
    }

    /// Drops the validator's oldest far round for a later one; `false` if the vote may take no memory.
    private mutating func makeRoom(for vote: Vote) -> Bool {
        guard hasRoom(for: vote) else { return false }
        guard vote.round > current, vote.round - current > 1 else { return true }
        let voter = Int(vote.validatorIndex)
        if catchUp[voter].contains(vote.round) { return true }
        if catchUp[voter].count == HeightVoteSet.catchUpRoundsMax {
            if isHeld(vote.round) { return true }
            let oldest = catchUp[voter].min()!
            moves[voter] += 1
            catchUp[voter].removeAll { $0 == oldest }
            let place = place(of: oldest)
            if isHeld(oldest) {
                rounds[place].prevotes.remove(voter)
                rounds[place].precommits.remove(voter)
            } else {
                rounds.remove(at: place)
            }
        }
        catchUp[voter].append(vote.round)
        return true
    }

    /// Whether a far round is one of somebody's two: each round is held by somebody, so they stay as few.
    private func isHeld(_ round: Int32) -> Bool { catchUp.contains { $0.contains(round) } }

    private mutating func place(of round: Int32) -> Int {
        if let place = rounds.firstIndex(where: { $0.number >= round }) {
            if rounds[place].number == round { return place }
            rounds.insert(emptyRound(round), at: place)
            return place
        }
        rounds.append(emptyRound(round))
        return rounds.count - 1
    }

    private func emptyRound(_ number: Int32) -> Round {
        Round(
            number: number, prevotes: VoteSet(validators: validators), precommits: VoteSet(validators: validators))
    }
}
