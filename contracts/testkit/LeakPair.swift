/// Calls that are made twice, with different secrets and nothing else that differs: `cloister contract leaks` runs both
/// in the enclave's engine and says what of all that a host sees tells the two apart (docs/leak-reports.md). A file of
/// a contract's folder `leaks` says
///
///     let leakPairs: [LeakPair] = [
///         LeakPair("what is bid") { chain, secret in
///             chain.instantiate(...)
///             chain.execute(#"{"bid":{"amount":"\#(secret("300", "700"))"}}"#, from: chain.bob)
///         }
///     ]
struct LeakPair: Sendable {
    let name: String
    let reason: String
    let body: @Sendable (TestChain, LeakSide) throws -> Void

    /// - Parameter reason: why something may tell these secrets apart, as a result that is public in the end. Without
    ///   one nothing may.
    init(
        _ name: String, mayTell reason: String = "", _ body: @escaping @Sendable (TestChain, LeakSide) throws -> Void
    ) {
        self.name = name
        self.reason = reason
        self.body = body
    }
}

/// Which of the two runs this is.
enum LeakSide: String, CaseIterable, Sendable {
    case first, second

    /// The secret of this run.
    func callAsFunction<Value>(_ first: Value, _ second: Value) -> Value { self == .first ? first : second }
}
