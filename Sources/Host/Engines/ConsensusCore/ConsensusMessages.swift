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

extension ConsensusTimeout: Comparable {
    /// By height, round and step.
    package static func < (left: ConsensusTimeout, right: ConsensusTimeout) -> Bool {
        (left.height, left.round, left.kind.rawValue) < (right.height, right.round, right.kind.rawValue)
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
    /// What decided the height before; `nil` at the chain's first.
    package var lastCommit: CommittedVotes?
    /// Whether the height begins at once when all of the last one's precommits are here (CometBFT:
    /// `skip_timeout_commit`).
    package var skipsCommitTimeout = false

    package init(
        height: Int64, chainID: String, validators: ValidatorSet, ownAddress: ValidatorAddress?, blockBytesMax: Int,
        waitsForTransactions: Bool, lastCommit: CommittedVotes? = nil, skipsCommitTimeout: Bool = false
    ) {
        (self.height, self.chainID, self.validators) = (height, chainID, validators)
        (self.ownAddress, self.blockBytesMax) = (ownAddress, blockBytesMax)
        (self.waitsForTransactions, self.lastCommit) = (waitsForTransactions, lastCommit)
        self.skipsCommitTimeout = skipsCommitTimeout
    }
}

/// A proposal that the proposer of its round signed.
package struct VerifiedProposal: Hashable, Sendable {
    package let proposal: Proposal
    /// Whose key was taken for the proposer's; `nil` if nobody looked.
    let proposer: ValidatorAddress?

    /// For proposals this node has just signed, and for tests.
    package init(unchecked proposal: Proposal) { (self.proposal, proposer) = (proposal, nil) }

    /// Signed by that validator, as was verified.
    init(_ proposal: Proposal, of proposer: Validator) { (self.proposal, self.proposer) = (proposal, proposer.address) }

    /// `nil` unless that validator signed.
    init?(_ proposal: Proposal, of proposer: Validator, chainID: String) {
        guard proposal.isSigned(by: proposer, chainID: chainID) else { return nil }
        (self.proposal, self.proposer) = (proposal, proposer.address)
    }
}

/// What the driver found a block to be.
package enum BlockValidity: Equatable, Sendable {
    case valid
    /// It follows the rules of consensus, but the application would not have it.
    case rejected
    /// Something in it is not understood here: no vote for it, but nothing against those who decide it.
    case notUnderstood
    /// It breaks the rules of consensus; nobody honest votes for it.
    case invalid

    /// Whether this node locks what two thirds prevoted. The application's judgement was theirs to make.
    var mayBeLocked: Bool { self == .valid || self == .rejected }
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
    /// Of this height, or a precommit of the one before.
    case vote(VerifiedVote)
    /// This node's own vote, signed before a start, of which nothing else may be left.
    case recalled(VerifiedVote)
    /// The answer to `ConsensusEffect.validate`: what these parts name themselves, `nil` if they are no block at all.
    case validity(PartSetHeader, Hash32?, BlockValidity)
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
    case validate(height: Int64, PartSetHeader, bytes: [UInt8])
    case decide(height: Int64, round: Int32, BlockID, bytes: [UInt8], Commit)
    /// Two votes of one validator that exclude each other.
    case equivocation(Vote, Vote)
    /// Tell peers where this node is (CometBFT: `NewRoundStep`).
    case entered(height: Int64, round: Int32, ConsensusMachine.Step)
    /// Tell peers which parts are here of the block that two thirds stand behind (CometBFT: `NewValidBlock`): what is
    /// missing, someone has.
    case validBlock(height: Int64, round: Int32, PartSetHeader, isCommit: Bool)
    /// Tell peers that this vote is here (CometBFT: `HasVote`).
    case added(Vote)
    /// Two thirds decided an invalid block: this node, or they, must not go on.
    case halt(BlockID)
}
