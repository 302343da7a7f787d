import ChainFormats
import DecidedBlocks
import PeerWire

/// What is known of where a peer is in consensus and of what it has (CometBFT: `PeerRoundState`, with its rules).
///
/// Learnt from what it says, from what it sends and from what it was sent. Pure, and bounded by the sizes of sets and
/// blocks that this node knows.
package struct PeerRoundState: Sendable {
    package init() {}

    package private(set) var height: Int64 = 0
    package private(set) var round: Int32 = -1
    package private(set) var step: UInt32 = 0
    package private(set) var hasProposal = false
    package private(set) var parts: PartSetHeader?
    package private(set) var partBits: BitArray?
    package private(set) var polRound: Int32 = -1
    package private(set) var pol: BitArray?
    package private(set) var prevotes: BitArray?
    package private(set) var precommits: BitArray?
    package private(set) var lastCommitRound: Int32 = -1
    package private(set) var lastCommit: BitArray?
    package private(set) var catchUpRound: Int32 = -1
    package private(set) var catchUp: BitArray?

    package mutating func apply(_ message: NewRoundStep) {
        guard (message.height, message.round, message.step) > (height, round, step) else { return }
        let before = self
        (height, round, step) = (message.height, message.round, message.step)
        if before.height != height || before.round != round {
            (hasProposal, parts, partBits, polRound, pol) = (false, nil, nil, -1, nil)
            (prevotes, precommits) = (nil, nil)
        }
        if before.height == height, before.round != round, round == before.catchUpRound {
            precommits = before.catchUp
        }
        if before.height != height {
            lastCommitRound = message.lastCommitRound
            let follows = before.height == height - 1 && before.round == message.lastCommitRound
            lastCommit = follows ? before.precommits : nil
            (catchUpRound, catchUp) = (-1, nil)
        }
    }

    package mutating func applyValidBlock(
        height: Int64, round: Int32, _ header: PartSetHeader, _ bits: BitArray, isCommit: Bool
    ) {
        guard height == self.height, round == self.round || isCommit else { return }
        (parts, partBits) = (header, bits)
    }

    package mutating func set(_ proposal: Proposal) {
        guard proposal.height == height, proposal.round == round, !hasProposal else { return }
        hasProposal = true
        // Its parts may be known of by what it said of a valid block.
        guard parts == nil, let bits = BitArray(of: proposal.blockID.parts) else { return }
        (parts, partBits) = (proposal.blockID.parts, bits)
        (polRound, pol) = (proposal.polRound, nil)
    }

    package mutating func setPOL(height: Int64, polRound: Int32, _ bits: BitArray) {
        guard height == self.height, polRound == self.polRound else { return }
        pol = bits
    }

    /// For a peer that is behind, and has not said which block it waits for.
    package mutating func expect(_ header: PartSetHeader) {
        guard parts == nil, let bits = BitArray(of: header) else { return }
        (parts, partBits) = (header, bits)
    }

    package mutating func setPart(height: Int64, round: Int32, _ index: Int) {
        guard height == self.height, round == self.round else { return }
        partBits?[index] = true
    }

    /// Whatever round the part went out with.
    package mutating func setSentPart(_ header: PartSetHeader, _ index: Int) {
        if parts == header { partBits?[index] = true }
    }

    /// It has not moved for long: perhaps it was not listening yet when it was sent what it needs.
    package mutating func forgetSent() {
        hasProposal = false
        if let parts { partBits = BitArray(of: parts) }
        for key in [\PeerRoundState.prevotes, \.precommits, \.lastCommit, \.catchUp, \.pol] {
            self[keyPath: key] = self[keyPath: key].map { BitArray(count: $0.count) }
        }
    }

    // MARK: Votes

    /// The votes of `place` that it has; `nil` where it is in another height, or round, that nothing is kept of.
    package func votes(_ place: VotePlace) -> BitArray? { key(place).flatMap { self[keyPath: $0] } }

    private func key(_ place: VotePlace) -> WritableKeyPath<PeerRoundState, BitArray?>? {
        if place.height == height {
            if place.round == round { return place.kind == .prevote ? \.prevotes : \.precommits }
            if place.kind == .precommit, place.round == catchUpRound { return \.catchUp }
            if place.kind == .prevote, place.round == polRound { return \.pol }
        } else if place.height == height - 1, place.round == lastCommitRound, place.kind == .precommit {
            return \.lastCommit
        }
        return nil
    }

    /// Makes room for the votes of a set with this many members.
    package mutating func prepare(height: Int64, count: Int) {
        let empty = BitArray(count: min(count, BitArray.countMax))
        if height == self.height {
            if prevotes == nil { prevotes = empty }
            if precommits == nil { precommits = empty }
            if catchUpRound >= 0, catchUp == nil { catchUp = empty }
            if polRound >= 0, pol == nil { pol = empty }
        } else if height == self.height - 1, lastCommit == nil {
            lastCommit = empty
        }
    }

    /// It needs the precommits that decided its height in this round.
    package mutating func prepareCatchUp(height: Int64, round: Int32, count: Int) {
        guard height == self.height, round != catchUpRound else { return }
        catchUpRound = round
        catchUp = round == self.round ? precommits : BitArray(count: min(count, BitArray.countMax))
    }

    package mutating func setVote(_ place: VotePlace, index: Int) {
        if let key = key(place) { self[keyPath: key]?[index] = true }
    }

    /// What it says it has of the votes for a block: of others it may have more than it says.
    package mutating func apply(_ bits: BitArray, at place: VotePlace, ours: BitArray?) {
        guard let key = key(place), let known = self[keyPath: key], known.count == bits.count else { return }
        var merged = ours.map { known.subtracting($0) } ?? bits
        merged.formUnion(bits)
        self[keyPath: key] = merged
    }
}

extension BitArray {
    /// `nil` if there are more parts than any block has.
    init?(of header: PartSetHeader) {
        guard header.total <= UInt32(BitArray.countMax) else { return nil }
        self.init(count: Int(header.total))
    }

    package init(_ flags: [Bool]) {
        self.init(count: min(flags.count, BitArray.countMax))
        for (index, flag) in flags.enumerated() where flag { self[index] = true }
    }
}
