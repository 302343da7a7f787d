/// The enclave's service: what it does with each call of the host.
///
/// The host is the adversary. It chooses the order, the bytes and the timing of everything that arrives here, and every
/// answer to a question. So each lane is a strict stack of calls; every value from outside is proved against a header
/// that two thirds of the validators signed, checked against what the enclave made itself, or vouched for and bound in
/// the run journal (`Vouching`); and what leaves is ciphertext, a public fact, or a failure number.
///
/// Callers: the enclave programs alone (`EnclaveProgram`), with one thread a lane. The service never opens a file or a
/// connection, reads no clock and no environment, and never trusts a length before it has compared it with a limit.
import ContractEngine
import EnclaveProtocol
import LedgerRecords

/// Its limits: protocol constants, which all nodes share, and bounds of this process.
package enum ServiceLimits {
    /// Contract calls of one transaction, replayed ones included: a bound on its memory, far above its gas.
    static let callsPerTransactionMax = 10_000

    /// Depth of contract-to-contract calls (Secret Network protocol: limits).
    static let callDepthMax = 100

    /// Calls and replies that stand on a lane's stack at once. Each costs 20,000 gas and more, so Secret Network, whose
    /// blocks have 6 million, never sees as many.
    ///
    /// A lane has 64 MiB of stack, of which a call with its ten queries may give WebAssembly 11 times 5; ten thousand
    /// replies fit 64 MiB in a debug build, so four hundred need less than 3 of the 9 that are left.
    static let callNestingMax = 400

    /// Contracts of one code that a contract is told of; beyond them its question is refused.
    static let listedContractsMax: UInt64 = 4_096

    /// The most gas of one query, whatever the host allows: five times Secret Network's default.
    static let queryGasMax: UInt64 = 50_000_000

    /// Depth of contract-to-contract queries (Secret Network protocol: queries).
    static let queryDepthMax = 10

    /// One code, uncompressed (Secret Network protocol: limits).
    static let codeBytesMax = ModuleUpload.codeBytesMax

    /// Uncompressed code that one block may store; a transaction beyond it fails with compute code 31.
    static let codeBytesPerBlockMax = 4 * 1024 * 1024

    /// A ledger message that a transaction or a contract sends (boundary protocol: HostRunLedgerMessageRequest).
    static let ledgerMessageBytesMax = 4 * 1024 * 1024

    /// Ledger messages that the transactions of one block may send; one beyond it fails with sdk code 21.
    ///
    /// The cheapest costs 4,000 gas, so Secret Network's 6 million gas buy 1,500 of them; these cost 262 million. Each
    /// waits for the disk of the host and of the platform, some milliseconds together: without a limit of gas, a block
    /// with more would keep all nodes for longer than some minutes.
    static let ledgerMessagesPerBlockMax = 65_536

    /// What a host can vouch for in one block: each transaction was admitted or skipped, each ledger message answered.
    /// 32 bytes each, 4 MiB in all, that an enclave which runs a block another time must hold (`Vouching`).
    static let factsPerBlockMax = BoundaryProtocol.transactionsPerBlockMax + ledgerMessagesPerBlockMax

    // What one transaction may leave in the state; what it may say is in `ResultLimits`. One that leaves more fails
    // with sdk code 21.
    static let storedValueBytesMax = 4 * 1024 * 1024
    static let storedCodesMax = 64

    /// Names and values that a running contract may hold back until it returns, each with `heldEntryBytes`; and what
    /// the calls of one transaction may write and say in all, whether it is kept or reverted. Bounds on memory: the
    /// price of storage is asked only when a contract has returned, and a transaction's gas may be any number.
    static let heldBytesMax = 16 * 1024 * 1024
    static let heldEntryBytes = 128
    static let transactionBytesMax = 64 * 1024 * 1024
    /// What a message that a contract wants sent takes in memory, roughly.
    static let heldMessageBytes = 512

    /// Keys in one question to the host (boundary protocol: StoreKeys).
    static let keysPerQuestionMax = 1024

    /// The most wasm gas that one call may be given.
    static let wasmGasMax: UInt64 = 10_000_000_000

    /// The wasm gas that `gas` buys. Who sends a transaction or a query chose `gas`: any 64-bit number.
    static func wasmGas(for gas: UInt64) -> UInt64 {
        let (product, overflow) = gas.multipliedReportingOverflow(by: GasSchedule.wasmGasPerGas)
        return overflow ? wasmGasMax : min(product, wasmGasMax)
    }
}
