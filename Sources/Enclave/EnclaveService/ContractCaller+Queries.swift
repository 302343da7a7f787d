import ContractEngine
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StrictJSON

/// Queries that a contract makes while it runs (Secret Network protocol: queries).
extension ContractCaller {
    private static let limits = JSONLimits(bytesMax: 2_048_000)

    /// Answers one request. The answer is `SystemResult<StdResult<Binary>>` as JSON; gas is wasm gas.
    func answerQuery(
        _ request: [UInt8], of interface: InterfaceVersion, depth: Int, gasLimit: UInt64
    ) throws -> (answer: [UInt8], gasUsed: UInt64) {
        guard let json = try? JSONReader.parse(request, limits: Self.limits) else {
            return (Self.invalid(request), 500 * GasSchedule.wasmGasPerGas)
        }
        guard let smart = json["wasm"]?["smart"] else {
            try context.meter.consume(GasSchedule.contractBookkeeping, at: "chain query")
            return (Self.answer(try answerFromState(json, interface), to: request), 0)
        }
        // A refusal too: the question was read, and that there is no such contract has to be proved.
        try context.meter.consume(GasSchedule.contractBookkeeping, at: "Loading Compute module")
        guard depth < ServiceLimits.queryDepthMax else { return (Self.systemError("exceeded_recursion_limit", []), 0) }
        guard let addressText = smart["contract_addr"]?.string,
            let named = (smart["callback_code_hash"] ?? smart["code_hash"])?.string,
            let messageText = smart["msg"]?.string, let message = Base64.decode(messageText)
        else {
            return (Self.invalid(request), 500 * GasSchedule.wasmGasPerGas)
        }
        guard let address = AccountAddress(bech32: addressText) else {
            return (Self.genericError("\(addressText): invalid address"), 0)
        }
        guard let contract = try context.contract(address) else { return (Self.genericError("contract: not found"), 0) }
        try context.meter.consume(GasSchedule.contractInstance, at: "Loading Compute module")
        guard let message = Self.unwrapped(message, for: named, contract.codeHash, isAwaited: false) else {
            return (Self.genericError("Enclave: failed to validate transaction"), 0)
        }
        do {
            let (result, gasUsed) = try query(contract, message: message, depth: depth + 1, gasLimit: gasLimit)
            switch result {
            case .success(let text): return (Self.answer(.object([("Ok", .object([("Ok", .string(text))]))])), gasUsed)
            case .failure(.contract(let error)): return (Self.contractError(error), gasUsed)
            case .failure(.engine(let failure)):
                return (Self.genericError("\(failure.log): \(ContractOperation.query.failed)"), gasUsed)
            }
        } catch let refusal as ModuleRefusal where refusal != .engine {
            return (Self.genericError("Enclave: \(refusal.message)"), 0)
        }
    }

    /// A v0.10 contract's error is JSON and is handed on as it is; a v1 contract's is text, which the caller's library
    /// cannot parse (Secret Network protocol: queries, invalid_response).
    private static func contractError(_ error: ContractErrorText) -> [UInt8] {
        if let json = try? JSONReader.parse(Array(error.text.utf8), limits: Self.limits), case .object = json {
            return answer(.object([("Ok", .object([("Err", json)]))]))
        }
        return systemError(
            "invalid_response",
            [
                ("error", .string("expected value at line 1 column 1")),
                ("response", .string(Base64.encode(Array(error.text.utf8)))),
            ])
    }

    private static func answer(_ found: ChainAnswer, to request: [UInt8]) -> [UInt8] {
        switch found {
        case .bytes(let bytes): answer(.object([("Ok", .object([("Ok", .string(Base64.encode(bytes)))]))]))
        case .missing(let text): genericError(text)
        case .unsupported(let kind): systemError("unsupported_request", [("kind", .string(kind))])
        case .noContract(let address): systemError("no_such_contract", [("addr", .string(address))])
        case .malformed: invalid(request)
        }
    }

    private static func invalid(_ request: [UInt8]) -> [UInt8] {
        systemError(
            "invalid_request", [("error", .string("unknown query")), ("request", .string(Base64.encode(request)))])
    }

    private static func genericError(_ text: String) -> [UInt8] {
        answer(.object([("Ok", .object([("Err", .object([("generic_err", .object([("msg", .string(text))]))]))]))]))
    }

    private static func systemError(_ kind: String, _ members: [(String, JSONValue)]) -> [UInt8] {
        answer(.object([("Err", .object([(kind, .object(members))]))]))
    }

    private static func answer(_ value: JSONValue) -> [UInt8] {
        JSONWriter.bytes(of: value)
    }
}
