/// The network's public keys, to which clients and joining nodes encrypt, and its registered nodes.
///
/// Assumes that whoever hands in the keys has them from the enclave: genesis writes them once, and no message changes
/// them. Proves nothing; a client that wants proof asks for the evidence.
