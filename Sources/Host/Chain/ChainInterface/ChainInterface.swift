/// The seam between what decides blocks and what runs them: ABCI 2.0's consensus calls, what a block comes to, and the
/// genesis that both begin with.
///
/// Engines call `ConsensusApplication` on one thread, in ABCI's order; the application is deterministic. Nothing here
/// runs, stores or decides anything: both sides, and the interfaces, may be replaced without the other.
