/// Consensus.
