/// Formats of consensus that no trusted code reads: blocks, votes, proposals and parts as CometBFT has them, how a set
/// chooses its proposer and its members change, and the proofs of ICS 23 for light clients of other chains.
///
/// Pure: bytes and values alone. What comes from peers is bounded here and believed nothing until it is verified
/// against a set of validators. Proposer priorities are in no hash, so their arithmetic must agree with CometBFT's to
/// the bit.
