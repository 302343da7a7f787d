/// What says that a block was decided: header, commit, validators, and the light client that follows them from a
/// chain's identity.
///
/// Formats and hashes are CometBFT 0.38's, byte for byte. Whoever hands these in is believed nothing: a header counts
/// when more than two thirds of the validators signed it whom the header before announced. The module never asks for a
/// block's content, reads no clock, and chooses no validators; proposing, voting and changing sets is the host's
/// (`ChainFormats`).
