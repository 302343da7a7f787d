/// The Tendermint algorithm as a pure value: `ConsensusMachine` takes inputs and gives effects.
///
/// Its driver verifies signatures and blocks before they come in, keeps time, and performs the effects in their order.
/// The module knows no clock, disk, thread, randomness or network, and iterates over nothing unordered: the same inputs
/// give the same effects. Rules are those of CometBFT 0.38, with which a set may be shared, and not the paper's where
/// the two differ: a set in which some hold one kind of lock and some the other can fork.
