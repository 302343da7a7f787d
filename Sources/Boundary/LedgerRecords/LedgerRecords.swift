/// Where the ledger keeps what both sides read: the keys and records of the stores, and what work costs in gas.
///
/// A record that the enclave never reads is not here but with its ledger module in the host. Values come out of proofs
/// or out of the enclave itself; decoding refuses what was never written. Nothing here changes a state.
