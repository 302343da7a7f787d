import BlockStorage
import ChainFormats
import ChainInterface
import DecidedBlocks

/// Why the engine cannot start from, or go on with, what it finds.
package enum EngineStop: Error, Equatable {
    /// The application has committed blocks that the store does not have.
    case applicationAhead(application: Int64, store: Int64)
    /// The store lacks blocks that the application still needs, having pruned them.
    case blocksMissing(Int64)
    case storeAndStateDisagree(store: Int64, state: Int64)
    /// Running a block again did not give the app hash that the chain has.
    case wrongAppHash(height: Int64)
    case wrongResultCount(height: Int64)
    case wrongGenesis
    case halted(BlockID)
    case invalidOwnBlock(BlockFault)
    /// Alone, and the signer has signed for a place that this chain has not reached, and does not reach by itself: the
    /// blocks are older than what the signer remembers.
    case signerAhead(signedHeight: Int64, signedRound: Int32, height: Int64)
    case stopped
}

/// Makes decided blocks last: each step leaves the disk in a state that the next start can go on from.
package struct BlockCommitter: Sendable {
    package let store: BlockStore
    package let application: any ConsensusApplication
    package let hook: CommitStepHook

    package init(store: BlockStore, application: any ConsensusApplication, hook: @escaping CommitStepHook) {
        (self.store, self.application, self.hook) = (store, application, hook)
    }

    /// The steps from a decision to the new state, in CometBFT's order. The caller marks the end of the height in its
    /// log between the block and its execution.
    package func execute(
        _ decided: DecidedBlock, after state: ConsensusState, endHeight: () throws -> Void
    ) throws -> ConsensusState {
        try save(decided)
        try endHeight()
        try hook(.heightEnded, decided.height)
        return try run(decided, after: state)
    }

    /// Keeps a decided block, before anyone runs it.
    package func save(_ decided: DecidedBlock) throws {
        try hook(.decided, decided.height)
        try store.save(decided)
        try hook(.blockSaved, decided.height)
    }

    /// Runs a saved block.
    package func run(_ decided: DecidedBlock, after state: ConsensusState) throws -> ConsensusState {
        let (_, next) = try finalize(decided, after: state)
        try commit(next)
        return next
    }

    /// The first half of `run`: nothing of the block lasts yet but its outcome, which is the same each time.
    package func finalize(
        _ decided: DecidedBlock, after state: ConsensusState, next following: NextBlock? = nil
    ) throws -> (outcome: BlockOutcome, next: ConsensusState) {
        let outcome = try finalize(decided, previousResults: state.lastResults, next: following)
        try hook(.blockFinalized, decided.height)
        let next = try state.applying(outcome, of: decided)
        try store.save(outcome, of: decided.height)
        try hook(.outcomeSaved, decided.height)
        return (outcome, next)
    }

    /// The second half: the application's state lasts, and then our record of it.
    package func commit(_ next: ConsensusState) throws {
        try application.commit()
        try hook(.applicationCommitted, next.lastHeight)
        try store.save(next)
        try hook(.stateSaved, next.lastHeight)
    }

    /// The application committed this block before the crash; only our own record of it is missing.
    private func adopt(_ decided: DecidedBlock, outcome: BlockOutcome, after state: ConsensusState) throws
        -> ConsensusState
    {
        let next = try state.applying(outcome, of: decided)
        try store.save(next)
        return next
    }

    private func finalize(
        _ decided: DecidedBlock, previousResults: [ExecutionResult], next: NextBlock? = nil
    ) throws -> BlockOutcome {
        var decided = decided
        if !decided.block.lastCommit.signatures.isEmpty {
            // Without them two nodes could count other votes.
            guard let set = try store.validators(decided.height - 1) else {
                throw EngineStop.blocksMissing(decided.height - 1)
            }
            decided.lastValidators = set
        }
        let outcome = try application.finalizeBlock(decided, previousResults: previousResults, next: next)
        guard outcome.results.count == decided.transactions.count else {
            throw EngineStop.wrongResultCount(height: decided.height)
        }
        return outcome
    }
}

// MARK: - Start

extension BlockCommitter {
    /// Brings application, state and store to the same height after any crash (facts of CometBFT's handshake: the
    /// application at A, the state at S, the store at B; B is S or S + 1). A last block that was saved and not
    /// committed is run here, unless whoever drives us asks for it himself.
    package func handshake(genesis: GenesisDocument, runsLastBlock: Bool = true) throws -> ConsensusState {
        let committed = try application.lastCommitted()
        let top = try store.bounds()?.upperBound ?? 0
        var saved = try store.state()
        if let saved, saved.chainID != genesis.chainID || saved.genesisTime != genesis.genesisTime {
            throw EngineStop.wrongGenesis
        }
        if committed.height == 0 {
            let initial = try application.initializeChain(genesis)
            if saved == nil || top == 0 {
                let state = try ConsensusState(genesis: genesis, initial: initial)
                try store.save(state)
                saved = state
            }
        }
        guard committed.height <= top else {
            throw EngineStop.applicationAhead(application: committed.height, store: top)
        }
        guard var state = saved else { throw EngineStop.storeAndStateDisagree(store: top, state: 0) }
        guard top > 0 else { return state }
        guard top == state.lastHeight || top == state.nextHeight else {
            throw EngineStop.storeAndStateDisagree(store: top, state: state.lastHeight)
        }
        try replay(from: committed.height, to: state)
        if top > state.lastHeight {
            let decided = try load(top)
            if committed.height == top {
                guard let outcome = try store.outcome(top), outcome.appHash == committed.appHash else {
                    throw EngineStop.wrongAppHash(height: top)
                }
                state = try adopt(decided, outcome: outcome, after: state)
            } else if runsLastBlock {
                state = try run(decided, after: state)
            }
        } else if try application.lastCommitted().appHash != state.appHash {
            throw EngineStop.wrongAppHash(height: top)
        }
        return state
    }

    /// Runs the blocks that the application lacks of those the state already counts, and holds each app hash against
    /// what the chain has.
    private func replay(from committed: Int64, to state: ConsensusState) throws {
        guard committed < state.lastHeight else { return }
        let first = committed == 0 ? state.initialHeight : committed + 1
        for height in first...state.lastHeight {
            let decided = try load(height)
            let previous = height == state.initialHeight ? [] : try store.outcome(height - 1)?.results
            guard let previous else { throw EngineStop.blocksMissing(height - 1) }
            let next = try next(after: height)
            let outcome = try finalize(decided, previousResults: previous, next: next)
            let expected = height == state.lastHeight ? state.appHash : try load(height + 1).header.appHash
            guard outcome.appHash == expected else { throw EngineStop.wrongAppHash(height: height) }
            try application.commit()
        }
    }

    /// What proves the results of a block, where it is known: these, and a block after it.
    private func next(after height: Int64) throws -> NextBlock? {
        guard let block = try store.decidedBlock(height + 1), let outcome = try store.outcome(height) else {
            return nil
        }
        return NextBlock(block: block, results: outcome.results) { [store] in try store.block($0)?.header }
    }

    private func load(_ height: Int64) throws -> DecidedBlock {
        guard let decided = try store.decidedBlock(height) else { throw EngineStop.blocksMissing(height) }
        return decided
    }
}

/// How blocks are held against the rules: `ConsensusState.validate` but where a test counts.
package typealias BlockValidator =
    @Sendable (ConsensusState, Block, (any EvidenceHistory)?) throws(BlockFault) -> Void
