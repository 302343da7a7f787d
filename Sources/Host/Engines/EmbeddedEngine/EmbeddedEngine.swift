/// The embedded engine: the Tendermint algorithm for one chain, from a proposal to a block that is executed and safe.
///
/// `ConsensusCore` is the algorithm as a pure value. `RunningEngine` is its driver: one thread with timers, the
/// write-ahead log, the signer, the block store and the application behind `ConsensusApplication`. Rules and names
/// follow the paper (Buchman, Kwon,
/// Milosevic: The latest gossip on BFT consensus, arXiv 1807.04938), cited as "Tendermint, line 28"; formats and file
/// layouts follow CometBFT 0.38.
///
/// The module assumes that the application is deterministic, and that nobody else writes in its folder. It never signs
/// two different things for one height, round and step, never lets a vote leave before it is on disk, and never
/// executes a block that it has not saved.
