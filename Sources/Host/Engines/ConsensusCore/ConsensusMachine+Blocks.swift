import ChainFormats
import DecidedBlocks
import PublicCryptography

/// A block that someone proposed or that two thirds voted for, on its way here.
///
/// Its parts tell which one it is: two names with the same parts are one block, and at most one of the names is true.
struct Candidate: Sendable {
    var parts: PartSet
    /// The block's encoding, once every part is here; the driver has been asked to judge it then.
    var bytes: [UInt8]?
    /// What the driver answered: the block's own name, if it has one, and its worth.
    var judgement: (hash: Hash32?, validity: BlockValidity)?

    var blockID: BlockID? { judgement?.hash.map { BlockID(hash: $0, parts: parts.header) } }
}

extension ConsensusMachine {
    func candidate(_ blockID: BlockID) -> Candidate? { candidate(blockID.parts) }

    func candidate(_ parts: PartSetHeader) -> Candidate? { candidates.first { $0.parts.header == parts } }

    /// Whether the proposal is of this height, of a round that may still be voted in, and the first of that round.
    package func isWanted(_ proposal: Proposal) -> Bool {
        proposal.height == height && proposal.round >= round
            && proposal.round - round <= ConsensusMachine.proposalRoundsAhead
            && proposal.polRound >= -1 && proposal.polRound < proposal.round && step != .commit
            && !proposals.contains { $0.proposal.round == proposal.round }
    }

    mutating func accept(_ verified: VerifiedProposal, _ effects: inout [ConsensusEffect]) {
        let proposal = verified.proposal
        guard isWanted(proposal), track(proposal.blockID.parts, limit: start.blockBytesMax) else { return }
        proposals.append(verified)
        if step == .newRound, proposal.round == 0 { startRound(0, &effects) }
    }

    /// A part says of which block it is by its proof, so a wrong one takes no memory and does no harm. Parts of any
    /// block of this height are taken in any step, whatever the round.
    mutating func accept(_ part: BlockPart, _ effects: inout [ConsensusEffect]) {
        guard !isDone else { return }
        for index in candidates.indices where !candidates[index].parts.isComplete {
            guard (try? candidates[index].parts.add(part)) == true else { continue }
            submitIfComplete(index, &effects)
        }
    }

    /// A block of our own making is not put together from its parts, and not judged again.
    mutating func accept(_ own: OwnBlock) {
        guard !isDone, let index = candidates.firstIndex(where: { $0.parts.header == own.blockID.parts }),
            candidates[index].bytes == nil
        else { return }
        candidates[index].parts = own.parts
        candidates[index].bytes = own.bytes
        candidates[index].judgement = (own.blockID.hash, own.validity)
    }

    /// Two thirds voted for a block: make room for it even if its proposal never came, and whatever its size. They
    /// would not have voted for one that was too large, and if they did, it is theirs that counts.
    mutating func want(_ blockID: BlockID) {
        _ = track(blockID.parts, limit: Block.byteCountMax)
    }

    /// `false` if the block would be too large to be valid.
    private mutating func track(_ header: PartSetHeader, limit: Int) -> Bool {
        if candidate(header) != nil { return true }
        guard let parts = PartSet(waitingFor: header, blockByteCountMax: limit) else { return false }
        candidates.append(Candidate(parts: parts))
        return true
    }

    private mutating func submitIfComplete(_ index: Int, _ effects: inout [ConsensusEffect]) {
        guard candidates[index].bytes == nil, let bytes = candidates[index].parts.assembled else { return }
        candidates[index].bytes = bytes
        // The number of parts bounds it to the last whole part only.
        guard bytes.count <= start.blockBytesMax else {
            candidates[index].judgement = (nil, .invalid)
            return
        }
        effects.append(.validate(height: height, candidates[index].parts.header, bytes: bytes))
    }

    /// Keeps what may still be voted for or decided: the locked and the valid block, what two thirds prevoted last or
    /// precommitted, and what is proposed from here on.
    mutating func forgetOldCandidates() {
        let (round, turn) = (round, proposer(ofRound: round).address)
        proposals.removeAll { kept in
            // Where rounds were passed in another way than it seemed, it is someone else's turn.
            kept.proposal.round < round || (kept.proposal.round == round && kept.proposer ?? turn != turn)
        }
        let kept =
            [locked?.blockID.parts, valid?.blockID.parts, decided?.blockID.parts, wanted]
            + proposals.map { Optional($0.proposal.blockID.parts) }
        candidates.removeAll { !kept.contains($0.parts.header) }
    }
}

// MARK: - What gossip looks at

extension ConsensusMachine {
    /// Of this round.
    package var proposal: Proposal? { proposals.first { $0.proposal.round == round }?.proposal }

    /// The block that this node collects or has: the decided one, else the one that two thirds prevoted in this round,
    /// else the proposed one.
    package var currentParts: PartSet? {
        if let decided { return candidate(decided.blockID)?.parts }
        if hasSeenPolka, let wanted { return candidate(wanted)?.parts }
        return proposal.flatMap { candidate($0.blockID.parts)?.parts }
    }

    /// What is here of a block of this height.
    package func parts(_ header: PartSetHeader) -> PartSet? { candidate(header)?.parts }

    /// Whether the part is of a block that may still be voted for or decided.
    package func holds(_ part: BlockPart) -> Bool { candidates.contains { $0.parts[Int(part.index)] == part } }

    package func votes(_ kind: VoteKind, round: Int32) -> VoteSet? {
        kind == .prevote ? votes.prevotes(round) : votes.precommits(round)
    }

    /// Whose time a vote must be later than (CometBFT: `voteTime`): the locked block's, else that of the round's block.
    package var blockBeforeVote: BlockID? {
        if let locked { return locked.blockID }
        return proposal.flatMap { candidate($0.blockID.parts)?.blockID }
    }
}

// MARK: - What it takes in memory

extension ConsensusMachine {
    /// Rounds of which votes are here.
    package var heldRounds: Int { votes.roundCount }
    /// Blocks, whole or not.
    package var heldBlocks: Int { candidates.count }
}
