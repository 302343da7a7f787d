import ChainFormats
import DecidedBlocks
import PublicCryptography

/// A block that someone proposed or that two thirds voted for, on its way here.
struct Candidate: Sendable {
    let blockID: BlockID
    var parts: PartSet
    /// The block's encoding, once every part is here; the driver has been asked to judge it then.
    var bytes: [UInt8]?
    /// What the driver answered.
    var validity: BlockValidity?
}

extension ConsensusMachine {
    func candidate(_ blockID: BlockID) -> Candidate? {
        candidates.first { $0.blockID == blockID }
    }

    func isWanted(_ proposal: Proposal) -> Bool {
        proposal.height == height && proposal.round >= round
            && proposal.round - round <= ConsensusMachine.proposalRoundsAhead
            && proposal.polRound >= -1 && proposal.polRound < proposal.round && step != .commit
            && !proposals.contains { $0.round == proposal.round }
    }

    mutating func accept(_ proposal: Proposal, _ effects: inout [ConsensusEffect]) {
        guard isWanted(proposal), track(proposal.blockID) else { return }
        proposals.append(proposal)
        if step == .newRound, proposal.round == 0 { startRound(0, &effects) }
    }

    /// A part says of which block it is by its proof, so a wrong one takes no memory and does no harm.
    mutating func accept(_ part: BlockPart, _ effects: inout [ConsensusEffect]) {
        guard step != .commit else { return }
        for index in candidates.indices where !candidates[index].parts.isComplete {
            guard (try? candidates[index].parts.add(part)) == true else { continue }
            submitIfComplete(index, &effects)
        }
    }

    /// A block of our own making is not put together from its parts, and not judged again.
    mutating func accept(_ own: OwnBlock) {
        guard step != .commit, let index = candidates.firstIndex(where: { $0.blockID == own.blockID }),
            candidates[index].bytes == nil
        else { return }
        candidates[index].parts = own.parts
        candidates[index].bytes = own.bytes
        candidates[index].validity = own.validity
    }

    /// Two thirds voted for a block: make room for it even if its proposal never came.
    mutating func want(_ blockID: BlockID, _ effects: inout [ConsensusEffect]) {
        guard candidate(blockID) == nil, track(blockID) else { return }
        effects.append(.fetch(height: height, blockID))
    }

    /// `false` if the block would be too large to be valid.
    private mutating func track(_ blockID: BlockID) -> Bool {
        if candidate(blockID) != nil { return true }
        guard let parts = PartSet(waitingFor: blockID.parts, blockByteCountMax: start.blockBytesMax) else {
            return false
        }
        candidates.append(Candidate(blockID: blockID, parts: parts))
        return true
    }

    private mutating func submitIfComplete(_ index: Int, _ effects: inout [ConsensusEffect]) {
        guard candidates[index].bytes == nil, let bytes = candidates[index].parts.assembled else { return }
        candidates[index].bytes = bytes
        effects.append(.validate(height: height, candidates[index].blockID, bytes: bytes))
    }

    /// Keeps what may still be voted for: the locked and the valid block and what is proposed from here on. A block
    /// that an older round decides after all is fetched again.
    mutating func forgetOldCandidates() {
        proposals.removeAll { $0.round < round }
        let kept = [locked?.blockID, valid?.blockID] + proposals.map { Optional($0.blockID) }
        candidates.removeAll { !kept.contains($0.blockID) }
    }
}
