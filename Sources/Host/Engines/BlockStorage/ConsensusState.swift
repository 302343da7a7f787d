import ChainFormats
import ChainInterface
import DecidedBlocks
import PublicCryptography
import Wire

/// Where the chain stands after a height: what the next header is made from and held against.
///
/// Restored bit by bit after a restart, proposer priorities included: they are in no hash, and everyone's must agree.
package struct ConsensusState: Hashable, Sendable {
    package var chainID: String
    package var initialHeight: Int64
    package var genesisTime: Timestamp
    package var parameters: ConsensusParameters
    package var appVersion: UInt64

    /// 0 before the first block.
    package var lastHeight: Int64
    package var lastBlockID: BlockID?
    package var lastTime: Timestamp
    /// Signed the last block; `nil` before the first.
    package var lastValidators: ValidatorSet?
    /// Sign the next block.
    package var validators: ValidatorSet
    /// Sign the one after.
    package var nextValidators: ValidatorSet
    /// Of the last block.
    package var lastResults: [ExecutionResult]
    /// Of the state after the last block.
    package var appHash: [UInt8]
    /// The app hash in the last block's header: the state before that block.
    package var lastHeaderAppHash: [UInt8]

    /// The state before the first block.
    package init(genesis: GenesisDocument, initial: InitialState) throws {
        let members = initial.validators.isEmpty ? genesis.validatorUpdates : initial.validators
        guard let validators = ValidatorSet(genesis: members) else { throw GenesisError.noValidators }
        chainID = genesis.chainID
        initialHeight = genesis.initialHeight
        genesisTime = genesis.genesisTime
        parameters = genesis.parameters
        appVersion = genesis.appVersion
        lastHeight = 0
        lastTime = genesis.genesisTime
        self.validators = validators
        nextValidators = validators.incrementingProposerPriority(times: 1)
        lastResults = []
        appHash = initial.appHash
        lastHeaderAppHash = initial.appHash
    }

    package var nextHeight: Int64 { lastHeight == 0 ? initialHeight : lastHeight + 1 }

    /// Whether a block must follow at once although nobody has a transaction: the first two, so that there is a block
    /// to show, and one that proves what the last block did.
    package var needsProofBlock: Bool {
        lastHeight <= initialHeight || !lastResults.isEmpty || appHash != lastHeaderAppHash
    }

    /// Whether that block cannot wait: somebody has a transaction in the last one. What a chain does by itself in every
    /// block, as making coins, is proved in the pace of its blocks.
    package var needsProofBlockNow: Bool { lastHeight <= initialHeight || !lastResults.isEmpty }

    /// The time of the next block, whoever proposes it: the genesis time, and then the median of the votes for the
    /// block before, those for nil too, weighted by power (BFT time; facts of CometBFT 0.38). `nil` if the commit does
    /// not fit.
    package func time(after lastCommit: Commit) -> Timestamp? {
        guard lastHeight > 0, let lastValidators else { return genesisTime }
        return lastCommit.medianTime(of: lastValidators)
    }

    /// The state after `decided` ran and came to `outcome`. New members act two heights later, new parameters one.
    package func applying(_ outcome: BlockOutcome, of decided: DecidedBlock) throws -> ConsensusState {
        var next = self
        if let updates = outcome.parameterUpdates {
            next.parameters = try parameters.updated(updates)
            next.appVersion = updates.appVersion ?? appVersion
        }
        next.lastHeight = decided.height
        next.lastBlockID = decided.blockID
        next.lastTime = decided.header.time
        next.lastValidators = validators
        next.validators = nextValidators
        try next.nextValidators.update(outcome.validatorUpdates)
        next.nextValidators.incrementProposerPriority(times: 1)
        next.lastResults = outcome.results
        next.appHash = outcome.appHash
        next.lastHeaderAppHash = decided.header.appHash
        return next
    }

    /// The next block with these transactions, as `proposer` would propose it.
    package func makeBlock(
        transactions: [HashedTransaction], evidence: [Evidence] = [], lastCommit: Commit, time: Timestamp,
        proposer: ValidatorAddress
    ) -> Block {
        let header = Header(
            appVersion: appVersion, chainID: chainID, height: nextHeight, time: time, lastBlockID: lastBlockID,
            lastCommitHash: lastCommit.hash(), dataHash: Block.dataHash(of: transactions),
            validatorsHash: validators.hash(), nextValidatorsHash: nextValidators.hash(),
            consensusHash: parameters.hash(), appHash: appHash, lastResultsHash: ExecutionResult.hash(of: lastResults),
            evidenceHash: Block.evidenceHash(of: evidence), proposerAddress: proposer)
        return Block(header: header, transactions: transactions, evidence: evidence, lastCommit: lastCommit)
    }
}

/// Which rule of consensus a block breaks.
package enum BlockFault: Error, Hashable {
    case undecodable
    case wrongName
    case wrongVersion
    case wrongChain
    case wrongHeight
    case wrongLastBlock
    case wrongAppHash
    case wrongParameters
    case wrongResults
    case wrongValidators
    case contentMismatch
    case lastCommit(CommitRefusal)
    case lastCommitForAnother
    case unknownProposer
    case wrongTime
    case evidence(EvidenceFault)
    /// Evidence of a form or a past that this node does not have: it may be right.
    case evidenceNotUnderstood

    /// Whether a rule is broken, and not only something not understood.
    package var breaksARule: Bool { self != .evidenceNotUnderstood }

    package var isOfEvidence: Bool {
        switch self {
        case .evidence, .evidenceNotUnderstood: true
        default: false
        }
    }
}

extension ConsensusState {
    @Sendable
    package static func validate(
        _ state: ConsensusState, _ block: Block, _ history: (any EvidenceHistory)?
    ) throws(BlockFault) {
        try state.validate(block, against: history)
    }

    /// CometBFT's `validateBlock`: everything that can be said of a block without running it or reading a clock.
    /// Evidence is held against what this node has of the past.
    package func validate(_ block: Block, against history: (any EvidenceHistory)? = nil) throws(BlockFault) {
        try validateWithoutEvidence(block)
        do throws(EvidenceRefusal) {
            try check(block.evidence, against: history)
        } catch {
            switch error {
            case .invalid(let fault): throw .evidence(fault)
            case .notUnderstood: throw .evidenceNotUnderstood
            }
        }
    }

    private func validateWithoutEvidence(_ block: Block) throws(BlockFault) {
        let header = block.header
        guard header.blockVersion == Header.blockProtocol, header.appVersion == appVersion else { throw .wrongVersion }
        guard header.chainID == chainID else { throw .wrongChain }
        guard header.height == nextHeight else { throw .wrongHeight }
        guard header.lastBlockID == lastBlockID else { throw .wrongLastBlock }
        guard header.appHash == appHash else { throw .wrongAppHash }
        guard header.consensusHash == parameters.hash() else { throw .wrongParameters }
        guard header.lastResultsHash == ExecutionResult.hash(of: lastResults) else { throw .wrongResults }
        guard header.validatorsHash == validators.hash(), header.nextValidatorsHash == nextValidators.hash() else {
            throw .wrongValidators
        }
        guard block.matchesItsHeader else { throw .contentMismatch }
        guard validators.index(of: header.proposerAddress) != nil else { throw .unknownProposer }
        guard lastHeight > 0 else {
            // No more is asked of it than that nobody signed it.
            guard block.lastCommit.signatures.isEmpty, block.lastCommit.height == 0 else { throw .lastCommitForAnother }
            guard header.time == genesisTime else { throw .wrongTime }
            return
        }
        guard header.time > lastTime else { throw .wrongTime }
        guard block.lastCommit.height == lastHeight, block.lastCommit.blockID == lastBlockID, let lastValidators else {
            throw .lastCommitForAnother
        }
        do throws(CommitRefusal) {
            try block.lastCommit.isWhollySigned(by: lastValidators, chainID: chainID)
        } catch {
            throw .lastCommit(error)
        }
        guard header.time == time(after: block.lastCommit) else { throw .wrongTime }
    }
}
