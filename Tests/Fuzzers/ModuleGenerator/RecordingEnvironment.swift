import ContractEngine
import PublicCryptography

/// A chain that answers from the question alone and keeps an account of what it was asked.
final class RecordingEnvironment: ContractEnvironment {
    private let engine: WasmEngine
    private let module: CompiledModule
    private let depth: Int
    private var state: [[UInt8]: [UInt8]] = [
        Array("k0".utf8): Array("zero".utf8), Array("k1".utf8): [UInt8](repeating: 1, count: 300),
    ]
    /// A chain of hashes over all questions.
    private var account = Hash32.zero
    private var questions = 0

    init(engine: WasmEngine, module: CompiledModule, depth: Int = 1) {
        self.engine = engine
        self.module = module
        self.depth = depth
    }

    var summary: String { "\(questions) questions \(account)" }

    private func note(_ kind: UInt8, _ parts: [UInt8]...) {
        questions += 1
        account = SHA256.hash(account.bytes + [kind])
        for part in parts { account = SHA256.hash(account.bytes + part) }
    }

    /// Some keys are such that the chain cannot answer.
    private func refuse(_ key: [UInt8]) throws(ContractFault) {
        if key == Array("out of gas".utf8) { throw .outOfGas }
        if key == Array("refused".utf8) { throw .hostRefused(7) }
    }

    func read(_ key: [UInt8]) throws(ContractFault) -> [UInt8]? {
        note(1, key)
        try refuse(key)
        return state[key]
    }

    func write(_ key: [UInt8], _ value: [UInt8]) throws(ContractFault) {
        note(2, key, value)
        state[key] = value
    }

    func remove(_ key: [UInt8]) throws(ContractFault) {
        note(3, key)
        state[key] = nil
    }

    /// A request to nest calls the module again, as a query of itself.
    func query(_ request: [UInt8], gasLimit: UInt64) throws(ContractFault) -> (answer: [UInt8], gasUsed: UInt64) {
        note(4, request)
        guard request.starts(with: Array("nest".utf8)), depth < EngineLimits.activationsMax else {
            return (request + request, 500 + UInt64(request.count))
        }
        let nested = RecordingEnvironment(engine: engine, module: module, depth: depth + 1)
        let run = try engine.run(
            module,
            // Not of the caller's remaining gas: what it used must not depend on what it had.
            ContractInvocation(.query, environment: [], message: request, gasLimit: 20_000, depth: depth + 1), nested)
        note(5, Array(nested.summary.utf8))
        switch run.result {
        case .success(let output): return (Array(output.prefix(64)), run.gasUsed)
        case .failure(let trap): return (Array(trap.message.utf8), run.gasUsed)
        }
    }

    func verifyQuote(_ quote: [UInt8], collateral: [UInt8]) throws(ContractFault) -> UInt32? {
        note(6, quote, collateral)
        return quote.count > 4 ? UInt32(quote.count) : nil
    }

    var wantsDebug: Bool { true }
    func debug(_ text: [UInt8]) { note(7, text) }
}
