/// Whole nodes in a simulation: the engine as `ConsensusSimulation` runs it, and in the place of its application the
/// host's own with ledger, mempool and state on disk, beside the enclave's own code behind its lanes and their frames.
/// Enclaves sign the votes. Clients send payments and contract calls and send again what is not in a block.
///
/// A test's module, since no program of the host may have the enclave's code in it. Everything but the sealed records'
/// nonces follows from the seed; those reach no event.
import ConsensusSimulation

/// What happens to enclaves and those who run them, besides what happens to any node.
package enum EnclaveFault: String, CaseIterable, Sendable {
    /// The enclave dies while it works on a block; its node ends.
    case enclaveDeath = "enclave-death"
    /// The node dies while its enclave works on a block.
    case hostDeath = "host-death"
    /// A second enclave of the same machine and record runs the same block.
    case clone
    /// A hostile host answers its enclave falsely.
    case lies
    /// A hostile proposer fills its block with what no mempool would have.
    case strangeTransactions = "strange-transactions"
}
