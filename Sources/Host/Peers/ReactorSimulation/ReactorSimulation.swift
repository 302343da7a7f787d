/// The reactors of simulated networks: `ConsensusReactor` and `BlockSyncReactor` as a node runs them, with the messages
/// that they send encoded and read as over a connection. It has no thread and no clock of its own: who simulates calls
/// it, in an order that follows from a seed. It decides nothing.
