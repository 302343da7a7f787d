import ChainFormats
import DecidedBlocks
import PublicCryptography

/// What the timer of a step is for. Only the latest scheduled timer matters; a late one is ignored by the core.
package struct ConsensusTimeout: Hashable, Sendable {
    package enum Kind: UInt32, Sendable {
        /// The pause between a decision and the next height is over.
        case newHeight = 1
        case propose = 2
        case prevote = 3
        case precommit = 4
    }

    package var kind: Kind
    package var height: Int64
    package var round: Int32

    package init(_ kind: Kind, height: Int64, round: Int32) {
        (self.kind, self.height, self.round) = (kind, height, round)
    }
}

/// What the core has to know to begin a height.
package struct HeightStart: Sendable {
    package var height: Int64
    package var chainID: String
    /// The set of this height, with its priorities.
    package var validators: ValidatorSet
    /// `nil` for a node that only follows.
    package var ownAddress: ValidatorAddress?
    package var blockBytesMax: Int
    /// Round 0 waits for transactions, unless others begin it.
    package var waitsForTransactions: Bool

    package init(
        height: Int64, chainID: String, validators: ValidatorSet, ownAddress: ValidatorAddress?, blockBytesMax: Int,
        waitsForTransactions: Bool
    ) {
        (self.height, self.chainID, self.validators) = (height, chainID, validators)
        (self.ownAddress, self.blockBytesMax) = (ownAddress, blockBytesMax)
        self.waitsForTransactions = waitsForTransactions
    }
}

/// A proposal that the proposer of its round signed.
package struct VerifiedProposal: Hashable, Sendable {
    package let proposal: Proposal

    /// For proposals this node has just signed, and for tests.
    package init(unchecked proposal: Proposal) { self.proposal = proposal }
}

/// What the driver found a block to be.
package enum BlockValidity: Equatable, Sendable {
    case valid
    /// It follows the rules of consensus, but the application would not have it.
    case rejected
    /// It breaks the rules of consensus; nobody honest votes for it.
    case invalid
}

/// A block that this node has just made and found sound.
package struct OwnBlock: Sendable {
    package var blockID: BlockID
    /// All of them.
    package var parts: PartSet
    package var bytes: [UInt8]
    package var validity: BlockValidity

    package init(blockID: BlockID, parts: PartSet, bytes: [UInt8], validity: BlockValidity) {
        (self.blockID, self.parts, self.bytes, self.validity) = (blockID, parts, bytes, validity)
    }
}

package enum ConsensusInput: Sendable {
    case enterHeight(HeightStart)
    case timeout(ConsensusTimeout)
    case transactionsAvailable
    case proposal(VerifiedProposal)
    case part(height: Int64, BlockPart)
    /// In place of all parts of a proposal of our own, which comes first.
    case ownBlock(OwnBlock)
    case vote(VerifiedVote)
    /// The answer to `ConsensusEffect.validate`.
    case validity(BlockID, BlockValidity)
}

/// A block that a proposer must propose again, since two thirds prevoted it before.
package struct ReusedBlock: Sendable, Equatable {
    package var blockID: BlockID
    package var polRound: Int32
    package var bytes: [UInt8]
}

package enum ConsensusEffect: Sendable, Equatable {
    case schedule(ConsensusTimeout)
    /// Make and sign a proposal, a new block unless one is to be reused; feed it back, and then the block if it is new.
    case propose(height: Int64, round: Int32, reusing: ReusedBlock?)
    /// Sign a vote and feed it back.
    case vote(VoteKind, height: Int64, round: Int32, BlockID?)
    case validate(height: Int64, BlockID, bytes: [UInt8])
    /// This block is wanted and its parts are missing; someone voted for it, so someone has it.
    case fetch(height: Int64, BlockID)
    case decide(height: Int64, round: Int32, BlockID, bytes: [UInt8], Commit)
    /// Two votes of one validator that exclude each other.
    case equivocation(Vote, Vote)
    case entered(height: Int64, round: Int32, ConsensusMachine.Step)
    /// Two thirds stand behind an invalid block: this node, or they, must not go on.
    case halt(BlockID)
}
