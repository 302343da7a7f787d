/// What a ledger module is: the protocol, the state that modules read and write, and what they come to.
///
/// A module is a value over a `LedgerState`, which the caller chooses: a block's overlay, the state that checks run
/// on, or a scope of a transaction that the enclave drives. Modules assume that the caller discards what a failed
/// message wrote. They never read a clock, never keep anything between calls, and never iterate over a dictionary:
/// two nodes that run the same messages over the same state write the same bytes. What is refused is a
/// `TransactionRefusal`, a `QueryRefusal` or a `GenesisRefusal`; any other error is the node's own and ends it.
///
/// A module's folder has its messages, queries, parameters, genesis and invariants; what the enclave reads of it stands
/// in the boundary. Everything that is done with modules is a loop over a `ModuleList`.
