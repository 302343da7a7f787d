import ChainFormats
import DecidedBlocks
import PublicCryptography
import Wire

/// A block the chain has decided, with all that proves it: what an enclave needs to believe it.
package struct DecidedBlock: Sendable {
    package var block: Block
    /// The block's encoding, cut into the parts that were voted for.
    package var blockBytes: [UInt8]
    package var blockID: BlockID
    /// The precommits that decided it, as this node saw them.
    package var commit: Commit
    /// The set that signed it, in its order.
    package var validators: ValidatorSet
    /// The set that will sign the next one, before this block's updates, which act one height later.
    package var nextValidators: ValidatorSet
    /// The set of the block before, whose votes the block carries (`Block.lastCommit`). Who runs a block says it; `nil`
    /// in a chain's first block, and where nobody runs it.
    package var lastValidators: ValidatorSet?

    package init(
        block: Block, blockBytes: [UInt8], blockID: BlockID, commit: Commit, validators: ValidatorSet,
        nextValidators: ValidatorSet, lastValidators: ValidatorSet? = nil
    ) {
        self.lastValidators = lastValidators
        (self.block, self.blockBytes, self.blockID, self.commit) = (block, blockBytes, blockID, commit)
        (self.validators, self.nextValidators) = (validators, nextValidators)
    }

    package var header: Header { block.header }
    package var height: Int64 { block.header.height }
    package var transactions: [HashedTransaction] { block.transactions }
}

/// What running a block came to.
package struct BlockOutcome: Hashable, Sendable {
    /// One for each transaction, in order.
    package var results: [ExecutionResult]
    /// Of the state after the block; the next header carries it.
    package var appHash: [UInt8]
    /// Act two heights later.
    package var validatorUpdates: [ValidatorUpdate]
    /// Act on the next height.
    package var parameterUpdates: ConsensusParameterUpdates?

    package init(
        results: [ExecutionResult], appHash: [UInt8], validatorUpdates: [ValidatorUpdate] = [],
        parameterUpdates: ConsensusParameterUpdates? = nil
    ) {
        (self.results, self.appHash, self.validatorUpdates) = (results, appHash, validatorUpdates)
        self.parameterUpdates = parameterUpdates
    }
}

/// The block after one that is run again, and the results that its header proves of that one.
package struct NextBlock: Sendable {
    package var block: DecidedBlock
    package var results: [ExecutionResult]
    /// Headers of the chain that this node has.
    package var header: @Sendable (_ height: Int64) throws -> Header?

    package init(
        block: DecidedBlock, results: [ExecutionResult], header: @escaping @Sendable (_ height: Int64) throws -> Header?
    ) {
        (self.block, self.results, self.header) = (block, results, header)
    }
}

/// What `initializeChain` sets up.
package struct InitialState: Sendable {
    package var appHash: [UInt8]
    /// Replaces the validators of the genesis document unless empty.
    package var validators: [ValidatorUpdate]

    package init(appHash: [UInt8], validators: [ValidatorUpdate] = []) {
        (self.appHash, self.validators) = (appHash, validators)
    }
}

/// The replicated state machine behind the engine: ABCI 2.0's consensus calls as Swift.
///
/// All calls come from the engine's thread, one at a time. `finalizeBlock` must be deterministic and must keep nothing
/// that survives a crash; `commit` makes it last, with fsync, before it returns. After a crash the engine asks
/// `lastCommitted` and runs what is missing again. A thrown error stops the engine.
package protocol ConsensusApplication: AnyObject, Sendable {
    /// Height 0 before the first commit.
    func lastCommitted() throws -> (height: Int64, appHash: [UInt8])
    /// Called at every start until the first commit; must give the same each time.
    func initializeChain(_ genesis: GenesisDocument) throws -> InitialState
    /// Transactions for a block of this height and time, together at most `bytesMax` bytes as a block counts them
    /// (`HashedTransaction.byteCountInBlock`).
    func prepareProposal(bytesMax: Int, height: Int64, time: Timestamp) throws -> [HashedTransaction]
    /// Whether the application would run this block. Deterministic, and without effect.
    func processProposal(_ block: Block) throws -> Bool
    /// Runs a block that is decided and saved. `previousResults` are the leaves under its `lastResultsHash`; `next` is
    /// there if the block after it has been decided already: this one is run again.
    func finalizeBlock(
        _ block: DecidedBlock, previousResults: [ExecutionResult], next: NextBlock?
    ) throws -> BlockOutcome
    func commit() throws
    /// Whether a proposal would hold transactions now; the engine asks at the beginning of a height. Those that come
    /// later are announced by `RunningEngine.wake`.
    func hasTransactions() -> Bool
    /// Whether nothing stands in the last committed block but what the chain does by itself: there is no hurry about
    /// the next one.
    func didAloneLast() -> Bool
}

extension ConsensusApplication {
    package func didAloneLast() -> Bool { false }

    package func finalizeBlock(_ block: DecidedBlock, previousResults: [ExecutionResult]) throws -> BlockOutcome {
        try finalizeBlock(block, previousResults: previousResults, next: nil)
    }
}

extension Block {
    /// What is left for transactions in a block (CometBFT: `MaxDataBytes`): less the outer tags and lengths, the
    /// largest header, and a commit of that many validators.
    package static func transactionBytesMax(
        blockBytesMax: Int, validatorCount: Int, evidenceByteCount: Int = 0
    ) -> Int {
        max(0, blockBytesMax - 11 - 626 - (94 + 111 * validatorCount) - evidenceByteCount)
    }
}
