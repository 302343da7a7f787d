/// The seam to the chain, for what decides blocks, what runs them, and what shows them.
///
/// - `ConsensusApplication`: ABCI 2.0's consensus calls, what a block comes to, and the genesis that both sides begin
///   with. Engines call it on one thread, in ABCI's order; the application is deterministic.
/// - `ChainAccess`: what interfaces see and may ask, with one type for each answer, whatever engine is below.
/// - `ChainEvents`: what happens, for many readers, none of which can hold up the chain.
///
/// Nothing here runs, stores or decides anything: engine, application and interfaces may each be replaced without the
/// others.
