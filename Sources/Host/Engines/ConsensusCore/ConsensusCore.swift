/// The Tendermint algorithm as a pure value: `ConsensusMachine` takes inputs and gives effects.
///
/// Its driver verifies signatures and blocks before they come in, keeps time, and performs the effects in their order.
/// The module knows no clock, disk, thread, randomness or network, and iterates over nothing unordered: the same inputs
/// give the same effects. Rules follow the paper (Buchman, Kwon, Milosevic: The latest gossip on BFT consensus, arXiv
/// 1807.04938), cited as "Tendermint, line 28".
