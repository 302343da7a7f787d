/// What CometBFT says of its chain besides ABCI, read from the bytes in which it says it: answers of its RPC
/// (`RPCAnswer`, `RPCBlock`), which may be anybody's, and records of its log of consensus (`LoggedBlock`), in which its
/// peers have had their part.
///
/// The module assumes nothing of the bytes. It ends for all of them, with memory in proportion to their length. It asks
/// nobody and opens nothing: what it finds is a block with a commit, which whoever asked holds against the set he
/// knows.
