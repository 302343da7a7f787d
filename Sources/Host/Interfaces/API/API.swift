/// The node's public faces: what wallets, explorers and scripts ask, and what operators watch.
///
/// There is one path. A service handler is known by its gRPC method ("/cosmos.bank.v1beta1.Query/AllBalances") and
/// turns request bytes into response bytes, both protobuf; it knows nothing of HTTP or JSON. `RESTTranscoder` puts REST
/// in front of the handlers, driven by the descriptors of proto/chain; any other face (gRPC, `abci_query`) calls the
/// same handlers through `ServiceRegistry`.
///
/// - `Descriptors`, `Generated`: the public protocol as data.
/// - `Transcoding`: REST routes and JSON <-> protobuf. Pure; no sockets.
/// - `Server`: HTTP, limits, metrics.
/// - `Services`: the handlers, over `ChainAccess`, which the node implements.
///
/// Callers are strangers: every size, depth and count they choose has a bound here. Nothing in this module is trusted
/// by the enclave, holds a secret, or changes state other than by handing a transaction to `ChainAccess.broadcast`.
package enum APILimits {
    /// Request line and headers: an encrypted contract query travels in the query string.
    package static let headBytesMax = 1 << 20
    /// A stored contract is Base64 in JSON.
    package static let bodyBytesMax = 4 << 20
    /// The values in it, which take far more memory than their text. The longest multiple send that a transaction holds
    /// has a third of this.
    package static let bodyValuesMax = 40_000
}
