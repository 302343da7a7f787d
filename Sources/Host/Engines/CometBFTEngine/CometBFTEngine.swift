/// The second engine: a CometBFT 0.38 that runs beside the node decides the blocks, and drives the application by ABCI.
///
/// What ABCI says of a block is not enough for an enclave, which believes signatures alone: header, commit and evidence
/// come from CometBFT's RPC (`BlockSource`), which answers while `FinalizeBlock` waits. Each block is put together
/// again, held against the name that CometBFT gave, judged by our own rules and kept in our own store before it runs.
/// So what stands behind the application is the same as under the embedded engine, which can go on with it at any time.
///
/// - `DrivenEngine`: ABCI's methods over `ConsensusApplication`, and the node's copy of the chain.
/// - `CometBFTProcess`: starts, watches and ends the program that the operator named, or nothing if it is run by hand.
/// - `RPCClient`, `ConsensusLog`: blocks as CometBFT's RPC and its log say them (`CometBFTReading`). Whoever answers is
///   believed nothing without proof.
///
/// The module assumes that one CometBFT drives it at a time. It decides nothing, signs nothing, and never runs a block
/// that is not on disk or that two thirds of its validators have not signed.
