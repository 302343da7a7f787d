/// The enclave's service: what it does with each call of the host.
///
/// The host is the adversary. It chooses the order, the bytes and the timing of everything that arrives here, and every
/// answer to a question. So each lane is a strict stack of calls; every value from outside is proved against a header
/// that two thirds of the validators signed, checked against what the enclave made itself, or vouched for and bound in
/// the run journal (`Vouching`); and what leaves is ciphertext, a public fact, or a failure number.
///
/// Callers: `cloister-enclave` alone, with one thread a lane. The service never opens a file or a connection, reads no
/// clock and no environment, and never trusts a length before it has compared it with a limit.
package enum EnclaveService {
    /// Contract calls of one transaction, replayed ones included: a bound on its memory, far above its gas.
    static let callsPerTransactionMax = 10_000

    /// Depth of contract-to-contract calls (Secret Network protocol: limits).
    static let callDepthMax = 100

    /// Depth of contract-to-contract queries (Secret Network protocol: queries).
    static let queryDepthMax = 10

    /// One code, uncompressed (Secret Network protocol: limits).
    static let codeBytesMax = 2_097_152

    /// A contract's label, in UTF-8 (Secret Network protocol: limits).
    static let labelBytesMax = 512

    /// Uncompressed code that one block may store; a transaction beyond it fails with compute code 31.
    static let codeBytesPerBlockMax = 4 * 1024 * 1024

    /// Wasm gas in one unit of SDK gas (Secret Network protocol: gas).
    static let wasmGasPerGas: UInt64 = 1_000

    /// The most wasm gas that one call may be given.
    static let wasmGasMax: UInt64 = 10_000_000_000
}
