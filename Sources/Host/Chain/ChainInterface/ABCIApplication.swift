import ChainFormats

/// Why a transaction is checked.
package enum CheckKind: Sendable {
    case new
    /// It waits in the engine's mempool, and a block has changed the state since.
    case recheck
}

/// What an application answers besides to an engine that has a mempool of its own, and tells of a block no more than
/// ABCI does: the rest of ABCI 2.0.
///
/// `checkTransaction` may be called from any thread; the others as those of `ConsensusApplication`.
package protocol ABCIApplication: ConsensusApplication {
    /// Whether a transaction may wait in the engine's mempool. What passes counts for the checks that follow.
    func checkTransaction(_ bytes: [UInt8], _ kind: CheckKind) throws -> CheckOutcome
    /// Those of the engine's transactions, in its order, that a block may hold together, in at most `bytesMax` bytes as
    /// a block counts them. What this gives, `processProposal` accepts.
    func prepareProposal(
        of offered: [HashedTransaction], bytesMax: Int, height: Int64
    ) throws -> [HashedTransaction]
    /// Whether the application would run a block with these transactions. Deterministic, and without effect.
    func processProposal(_ transactions: [HashedTransaction], height: Int64) throws -> Bool
}
