import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import ConsensusCore
import DecidedBlocks
import Logging
import PublicCryptography
import ValidatorSigning
import Wire

/// A proposal that nobody has signed yet, with its block.
struct DraftedProposal {
    var proposal: Proposal
    var parts: PartSet
    /// Unless the core has the block already.
    var own: (block: Block, bytes: [UInt8])?
}

// The validator's own part: proposing, judging, voting.
extension EngineLoop {
    func propose(height: Int64, round: Int32, reusing reused: ReusedBlock?) throws {
        guard let signer else { return }
        let proposal: Proposal
        let parts: PartSet
        var own: (block: Block, bytes: [UInt8])?
        if let reused {
            parts = PartSet(cutting: reused.bytes)
            proposal = Proposal(
                height: height, round: round, polRound: reused.polRound, blockID: reused.blockID,
                timestamp: clock.now())
        } else {
            guard let block = try makeBlock(proposer: signer.address) else { return }
            let bytes = block.protobuf
            parts = PartSet(cutting: bytes)
            own = (block, bytes)
            proposal = Proposal(
                height: height, round: round, polRound: -1,
                blockID: BlockID(hash: block.header.hash(), parts: parts.header), timestamp: clock.now())
        }
        try propose(DraftedProposal(proposal: proposal, parts: parts, own: own), by: signer)
    }

    /// As `voteAgain`: the others wait for a proposal longer than this node for its signer.
    func proposeAgain() throws {
        guard let draft = unansweredProposal, let signer, draft.proposal.height == core.height,
            draft.proposal.round == core.round
        else { return }
        try propose(draft, by: signer)
    }

    private func propose(_ draft: DraftedProposal, by signer: any VoteSigner) throws {
        var proposal = draft.proposal
        let (height, round, parts) = (proposal.height, proposal.round, draft.parts)
        unansweredProposal = nil
        do {
            // A new block in round 0 rests on nothing that the log has.
            if round > 0 { try prepareToSign() }
            try signer.sign(&proposal, chainID: state.chainID)
        } catch let refusal as SignerRefusal {
            if refusal == .unavailable { unansweredProposal = draft }
            logger.notice(
                "does not propose",
                metadata: [
                    "height": .stringConvertible(height), "round": .stringConvertible(round), "why": "\(refusal)",
                ])
            // Alone, nobody else can have that earlier proposal: no use in waiting for it.
            if state.validators.count == 1 {
                try requireReachable(signer)
                queue.append(.timeout(ConsensusTimeout(.propose, height: height, round: round)))
            }
            return
        }
        if draft.own != nil { reports.proposed() }
        try hook(.proposalSigned, height)
        let now = clock.now()
        log.append(TimedRecord(time: now, .proposal(proposal)))
        outbox.append(.proposal(proposal))
        queue.append(.proposal(VerifiedProposal(unchecked: proposal)))
        for index in 0..<Int(parts.header.total) {
            guard let part = parts[index] else { continue }
            log.append(TimedRecord(time: now, .part(height: height, round: round, part)))
            outbox.append(.part(height: height, round: round, part))
        }
        // The core has a reused block already.
        guard let own = draft.own else { return }
        soundBlocks.append((proposal.blockID, own.block))
        // The application has just prepared it: only its time can be wrong, when our clock is far behind the chain.
        let validity: BlockValidity = isFromTheFuture(own.block) ? .rejected : .valid
        queue.append(
            .ownBlock(OwnBlock(blockID: proposal.blockID, parts: parts, bytes: own.bytes, validity: validity)))
    }

    /// The block this node would propose now; `nil` if there is no commit to put into it.
    package func makeBlock(proposer: ValidatorAddress) throws -> Block? {
        let isFirst = state.lastHeight == 0
        guard let lastCommit = isFirst ? .empty : core.lastCommit?.commit else { return nil }
        guard let time = state.time(after: lastCommit) else { return nil }
        // A block that only proves the last one's results comes at once; transactions keep their interval. And they do
        // not run at the time of votes of long ago: an empty block comes first, whose votes are of now.
        let isStale = !isFirst && clock.now().nanoseconds(since: time) / 1_000_000 > staleMilliseconds
        let takesTransactions = clock.monotonicNanoseconds() >= pacedDeadline && !isStale
        var waiting = evidence.evidence(bytesMax: state.parameters.evidence.bytesMax)
        while true {
            let bytesMax = Block.transactionBytesMax(
                blockBytesMax: state.parameters.blockBytesLimit, validatorCount: lastCommit.signatures.count,
                evidenceByteCount: Evidence.byteCount(waiting))
            let transactions =
                takesTransactions
                ? try executor.application.prepareProposal(bytesMax: bytesMax, height: state.nextHeight, time: time)
                : []
            guard transactions.reduce(0, { $0 + $1.byteCountInBlock }) <= bytesMax else {
                throw EngineStop.invalidOwnBlock(.contentMismatch)
            }
            let block = state.makeBlock(
                transactions: transactions, evidence: waiting, lastCommit: lastCommit, time: time, proposer: proposer)
            do throws(BlockFault) {
                try validate(state, block, history)
                return block
            } catch .wrongTime {
                // More than a third voted with times of the past, and a decided height gets no other votes than late
                // ones. It takes clocks that went back.
                logger.error(
                    "no block can follow these votes", metadata: ["height": .stringConvertible(state.nextHeight)])
                return nil
            } catch {
                guard error.isOfEvidence, !waiting.isEmpty else { throw EngineStop.invalidOwnBlock(error) }
                // Others chose it, so it ends no proposer.
                logger.error("evidence that waits is not proposed", metadata: ["fault": "\(error)"])
                waiting = []
            }
        }
    }

    /// Votes are as old as the wait after a decision, which the operator chose: nothing earlier is to be had.
    private var staleMilliseconds: Int64 {
        configuration.staleMilliseconds + timeouts.commitMilliseconds
            + (configuration.createsEmptyBlocks ? configuration.blockIntervalMilliseconds : 0)
    }

    /// What the core should think of a complete block.
    func judge(_ parts: PartSetHeader, _ bytes: [UInt8], isDecided: Bool) throws -> (Hash32?, BlockValidity) {
        guard let (block, isCanonical) = try? Block.received(bytes) else { return (nil, .invalid) }
        let blockID = BlockID(hash: block.header.hash(), parts: parts)
        do throws(BlockFault) {
            try validate(state, block, history)
        } catch {
            logger.warning(
                "no vote for a block", metadata: ["height": .stringConvertible(core.height), "fault": "\(error)"])
            guard !error.breaksARule else { return (blockID.hash, .invalid) }
            soundBlocks.append((blockID, block))
            return (blockID.hash, .notUnderstood)
        }
        soundBlocks.append((blockID, block))
        // Votes are only for blocks in the one encoding, but two thirds may decide one in another.
        guard isCanonical else { return (blockID.hash, .notUnderstood) }
        // What is decided is not the application's to refuse.
        if isDecided { return (blockID.hash, .valid) }
        guard !isFromTheFuture(block), try executor.application.processProposal(block) else {
            return (blockID.hash, .rejected)
        }
        return (blockID.hash, .valid)
    }

    /// Median times cannot run ahead unless a third of the power wants that, or our clock is behind: no vote for such a
    /// block (CometBFT: `block_time_tolerance`), but nothing against those who decide it.
    private func isFromTheFuture(_ block: Block) -> Bool {
        block.header.time.nanoseconds(since: clock.now()) / 1_000_000 > configuration.timeToleranceMilliseconds
    }

    private var timeOfNextBlock: Timestamp? {
        (state.lastHeight == 0 ? .empty : core.lastCommit?.commit).flatMap { state.time(after: $0) }
    }

    func vote(_ kind: VoteKind, height: Int64, round: Int32, _ blockID: BlockID?) throws {
        guard let signer, let index = state.validators.index(of: signer.address) else { return }
        var time = clock.now()
        // A vote, for nil too, is later than the block that it may decide: so block times move on whatever our clock
        // says. CometBFT does so where it has the block. Without it this is the time of one over our own last commit;
        // else a few votes of the past, and one of a clock that is behind, leave a commit that no block can follow.
        let earlier = core.blockBeforeVote
        let known = soundBlocks.first { $0.blockID == earlier }?.block.header.time
        if let block = known ?? timeOfNextBlock { time = max(time, block.adding(nanoseconds: 1_000_000)) }
        var vote = Vote(
            kind: kind, height: height, round: round, blockID: blockID, timestamp: time,
            validatorAddress: signer.address, validatorIndex: Int32(index))
        guard try probe?.cast(&vote, of: self) != true else { return }
        unansweredVote = nil
        do {
            try prepareToSign()
            try signer.sign(&vote, chainID: state.chainID)
        } catch let refusal as SignerRefusal {
            if refusal == .unavailable { unansweredVote = (kind, height, round, blockID) }
            logger.notice(
                "does not vote",
                metadata: [
                    "height": .stringConvertible(height), "round": .stringConvertible(round), "why": "\(refusal)",
                ])
            // Alone, a vote whose log was lost decided nothing, or its block would be saved: the next round is free.
            if state.validators.count == 1 {
                try requireReachable(signer)
                queue.append(
                    .timeout(ConsensusTimeout(kind == .prevote ? .prevote : .precommit, height: height, round: round)))
            }
            return
        }
        try hook(kind == .prevote ? .prevoteSigned : .precommitSigned, height)
        log.append(TimedRecord(time: clock.now(), .vote(vote)))
        outbox.append(.vote(vote))
        queue.append(.vote(VerifiedVote(unchecked: vote)))
    }

    /// The enclave may have signed by now what nobody waited for any longer: for nothing else at that place.
    /// It says the same again, and the others may still need it.
    func voteAgain() throws {
        guard let vote = unansweredVote, vote.height == core.height, vote.round == core.round else { return }
        try self.vote(vote.kind, height: vote.height, round: vote.round, vote.blockID)
    }

    /// Alone, no other validator brings this node to the place for which its signer would sign again. A few rounds it
    /// goes by itself; a later height would never come, and trying would take the processor for nothing.
    private func requireReachable(_ signer: any VoteSigner) throws {
        let (height, round) = signer.lastSigned
        guard
            height < core.height
                || height == core.height && round - core.round <= Self.roundsToCatchUpMax
        else {
            throw EngineStop.signerAhead(signedHeight: height, signedRound: round, height: core.height)
        }
    }
}
