/// The rules of the ledger: who may send a transaction, and what its messages do to accounts and balances.
///
/// Each module is a value over a `LedgerState`, which the caller chooses: a block's overlay, the state that checks run
/// on, or a scope of a transaction that the enclave drives. Modules assume that the caller discards what a failed
/// message wrote. They never read a clock, never keep anything between calls, and never iterate over a dictionary:
/// two nodes that run the same messages over the same state write the same bytes. What is refused is a
/// `TransactionRefusal`; any other error is the node's own and ends it.
///
/// Contracts are not run here. `ComputeRules` knows their messages only well enough to refuse what the enclave would.
