/// What strangers write at a node's doors, taken apart: JSON-RPC requests with their parameters, and queries of events.
///
/// Whoever reaches a port chooses these bytes, so everything here is total: any input gives a value or a typed refusal,
/// with a bound on each count. It knows nothing of a chain, a socket or a clock, and the fuzzers run it alone
/// (Tests/Fuzzers). What it refuses it refuses in CometBFT's words where clients look for them.
package enum RequestLimits {
    /// Requests in one body; more are refused, all of them.
    package static let batchMax = 100
    /// Of a query of events, in bytes (CometBFT: `maxQueryLength`).
    package static let queryBytesMax = 512
    /// Conditions in one query.
    package static let conditionsMax = 16
}
