/// The validator's signer for a CometBFT beside the node: connects to where it listens (`priv_validator_laddr`), and
/// answers what it asks with the enclave's signatures.
///
/// CometBFT is believed nothing: what it asks for is a vote as any other, and the enclave's record decides. The module
/// serves one chain, has one connection at a time, and connects again whenever it is lost.
