/// What a contract's call may ask of the chain. Implemented by the enclave's service; every method runs on the thread
/// that called `WasmEngine.run` and may call it again for a nested query.
///
/// The environment charges storage and queries itself and throws `ContractFault.outOfGas` when that runs out; the
/// engine charges wasm gas only (Secret Network protocol: wasm gas).
package protocol ContractEnvironment: AnyObject {
    func read(_ key: [UInt8]) throws(ContractFault) -> [UInt8]?
    /// Never called in a query.
    func write(_ key: [UInt8], _ value: [UInt8]) throws(ContractFault)
    /// Never called in a query.
    func remove(_ key: [UInt8]) throws(ContractFault)
    /// Answers a `query_chain` request (Secret Network protocol: queries). `gasLimit` and `gasUsed` are wasm gas; the
    /// engine takes `gasUsed` from what the calling contract has left. A malformed request must cost something too.
    func query(_ request: [UInt8], gasLimit: UInt64) throws(ContractFault) -> (answer: [UInt8], gasUsed: UInt64)
    /// The verdict on an SGX quote for `dcap_quote_verify`: a quote verification result, or `nil` if the chain does not
    /// answer that (the contract then sees error 10). Time is the block's.
    func verifyQuote(_ quote: [UInt8], collateral: [UInt8]) throws(ContractFault) -> UInt32?
    /// Says when nobody waits for the call any more; `nil` for one that must come to its end.
    var watch: CallWatch? { get }
    /// Whether `debug` is wanted; if not, its text is not even read.
    var wantsDebug: Bool { get }
    func debug(_ text: [UInt8])
}

extension ContractEnvironment {
    package func verifyQuote(_ quote: [UInt8], collateral: [UInt8]) throws(ContractFault) -> UInt32? { nil }
    package var watch: CallWatch? { nil }
    package var wantsDebug: Bool { false }
    package func debug(_ text: [UInt8]) {}
}

/// Why the environment, or this machine, ends a call.
package enum ContractFault: Error, Equatable {
    /// The chain's gas ran out: the contract fails like one whose wasm gas ran out.
    case outOfGas
    /// The host did not deliver what it must (a number of `EnclaveProtocol`): the whole call is lost and the caller of
    /// `run` gets this very fault. Never a result.
    case hostRefused(UInt32)
    /// Nobody waits for the call any more (`CallWatch`). Never a result.
    case abandoned
    /// This machine could not do what every other could: memory, stack, libwasmtime. Never a result.
    case engine
}
