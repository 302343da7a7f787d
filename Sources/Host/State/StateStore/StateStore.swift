// The host's copy of the chain's state: every store at every kept height, its sparse Merkle tree, and the proofs that
// the enclave and light clients ask for.
//
// The caller decides what a block writes and in which order blocks come; nothing here knows what a key means. A commit
// is one transaction of LMDB: after a crash the database is at one height, with the metadata written with it. The host
// is not trusted: whoever needs to believe a value checks its proof against a header.
