import ChainFormats
import ConsensusCore
import DecidedBlocks

/// The lock rules of the paper (arXiv 1807.04938, lines 22 and 28), under a core that follows CometBFT's: a lock is
/// only replaced, and what does not fit it gets nil. A set in which some keep to these and some to those can fork.
struct PaperLocks: Hashable {
    private var height: Int64 = 0
    private var round: Int32 = -1
    private var blockID: BlockID?

    /// What its node votes in place of what its core wants. `isSound`: whether a block is here that may be voted for.
    mutating func choice(
        _ kind: VoteKind, _ core: ConsensusMachine, _ wanted: BlockID?, isSound: (BlockID) -> Bool
    ) -> BlockID? {
        if kind == .precommit {
            if let wanted { (height, round, blockID) = (core.height, core.round, wanted) }
            return wanted
        }
        guard let blockID, height == core.height else { return wanted }
        guard let proposal = core.proposal, isSound(proposal.blockID) else { return nil }
        if proposal.blockID == blockID { return blockID }
        let isProved = core.votes(.prevote, round: proposal.polRound)?.majority == .block(proposal.blockID)
        return isProved && round <= proposal.polRound ? proposal.blockID : nil
    }
}
