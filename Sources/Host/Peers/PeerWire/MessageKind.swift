extension ChannelMessage {
    /// What a message is, for whoever counts.
    package enum Kind: Int, CaseIterable, Sendable {
        case newRoundStep, newValidBlock, proposal, proposalPOL, part, vote, hasVote, voteSetMaj23, voteSetBits
        case blockRequest, noBlock, block, statusRequest, status
        case transactions, evidence, addressRequest, addresses
        case snapshotsRequest, snapshot, chunkRequest, chunk
        case nothing

        /// CometBFT's label for it (`message_type`).
        package var name: String {
            switch self {
            case .newRoundStep: "consensus_NewRoundStep"
            case .newValidBlock: "consensus_NewValidBlock"
            case .proposal: "consensus_Proposal"
            case .proposalPOL: "consensus_ProposalPOL"
            case .part: "consensus_BlockPart"
            case .vote: "consensus_Vote"
            case .hasVote: "consensus_HasVote"
            case .voteSetMaj23: "consensus_VoteSetMaj23"
            case .voteSetBits: "consensus_VoteSetBits"
            case .blockRequest: "blocksync_BlockRequest"
            case .noBlock: "blocksync_NoBlockResponse"
            case .block: "blocksync_BlockResponse"
            case .statusRequest: "blocksync_StatusRequest"
            case .status: "blocksync_StatusResponse"
            case .transactions: "mempool_Txs"
            case .evidence: "types_EvidenceList"
            case .addressRequest: "p2p_PexRequest"
            case .addresses: "p2p_PexAddrs"
            case .snapshotsRequest: "statesync_SnapshotsRequest"
            case .snapshot: "statesync_SnapshotsResponse"
            case .chunkRequest: "statesync_ChunkRequest"
            case .chunk: "statesync_ChunkResponse"
            case .nothing: "none"
            }
        }
    }

    package var kind: Kind {
        switch self {
        case .consensus(let gossip): gossip.kind
        case .blockSync(let message):
            switch message {
            case .request: .blockRequest
            case .noBlock: .noBlock
            case .block: .block
            case .statusRequest: .statusRequest
            case .status: .status
            }
        case .transactions: .transactions
        case .evidence: .evidence
        case .peerExchange(let message):
            switch message {
            case .request: .addressRequest
            case .addresses: .addresses
            }
        case .stateSync(let message):
            switch message {
            case .snapshotsRequest: .snapshotsRequest
            case .snapshot: .snapshot
            case .chunkRequest: .chunkRequest
            case .chunk: .chunk
            }
        case .nothing: .nothing
        }
    }
}

extension ConsensusGossip {
    fileprivate var kind: ChannelMessage.Kind {
        switch self {
        case .newRoundStep: .newRoundStep
        case .newValidBlock: .newValidBlock
        case .proposal: .proposal
        case .proposalPOL: .proposalPOL
        case .part: .part
        case .vote: .vote
        case .hasVote: .hasVote
        case .voteSetMaj23: .voteSetMaj23
        case .voteSetBits: .voteSetBits
        }
    }
}
