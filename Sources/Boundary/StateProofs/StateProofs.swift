/// What says that a store has a value, or none, under a key: sparse Merkle trees, proofs of many keys at once, and the
/// commitment of all stores to the application hash of a header.
///
/// A proof is the host's and is believed nothing; a root comes from a header that was verified (`DecidedBlocks`). The
/// module keeps no tree and writes no proof for others than the enclave and its clients; those of ICS 23 are the
/// host's.
