/// The application's side of ABCI 2.0, as CometBFT 0.38 speaks it over a socket.
///
/// A request is a protobuf message after its length, and so is its answer. The engine opens four connections (for
/// queries, snapshots, its mempool and consensus) that nothing on the wire tells apart; on each, answers come in the
/// order of the requests. An answer of another kind, an exception, or a connection that ends makes CometBFT end itself,
/// so an exception is said for what cannot go on and for nothing else.
///
/// - `ABCIHandler`: the methods, as `ABCIListener` calls them.
/// - `ABCIListener`: sockets and threads, one for each connection. Consensus methods are called one at a time, from one
///   connection; the others beside them.
/// - `CallGrammar`: which calls may follow which.
///
/// Nothing here knows a block's meaning, and nothing outlives the process.
import ChainMessages

package typealias ABCI = TendermintABCI

/// The methods of an application. `info` to `commit`, and the two that restore a snapshot, are called one at a time;
/// the others from any thread. A thrown error becomes an exception, which ends the engine.
package protocol ABCIHandler: AnyObject, Sendable {
    func info(_ request: ABCI.RequestInfo) throws -> ABCI.ResponseInfo
    func initChain(_ request: ABCI.RequestInitChain) throws -> ABCI.ResponseInitChain
    func prepareProposal(_ request: ABCI.RequestPrepareProposal) throws -> ABCI.ResponsePrepareProposal
    func processProposal(_ request: ABCI.RequestProcessProposal) throws -> ABCI.ResponseProcessProposal
    func finalizeBlock(_ request: ABCI.RequestFinalizeBlock) throws -> ABCI.ResponseFinalizeBlock
    func commit() throws -> ABCI.ResponseCommit
    func offerSnapshot(_ request: ABCI.RequestOfferSnapshot) throws -> ABCI.ResponseOfferSnapshot
    func applySnapshotChunk(_ request: ABCI.RequestApplySnapshotChunk) throws -> ABCI.ResponseApplySnapshotChunk

    func checkTx(_ request: ABCI.RequestCheckTx) throws -> ABCI.ResponseCheckTx
    func query(_ request: ABCI.RequestQuery) throws -> ABCI.ResponseQuery
    func listSnapshots() throws -> ABCI.ResponseListSnapshots
    func loadSnapshotChunk(_ request: ABCI.RequestLoadSnapshotChunk) throws -> ABCI.ResponseLoadSnapshotChunk

    /// The connection that consensus came over ended: the engine is gone.
    func engineLeft()
}

/// Why a call is answered with an exception although nothing failed here.
package struct ABCIRefusal: Error, Equatable, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}
