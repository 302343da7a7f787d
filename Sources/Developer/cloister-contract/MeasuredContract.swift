import ContractEngine
import LedgerRecords
import PublicCryptography
import StrictJSON

/// A contract in the engine, with its state, and what each of its calls cost.
final class MeasuredContract {
    /// One call that its contract answered: gas as the compute module counts it, from loading the contract to its
    /// writes. What comes on top is the transaction's own (its bytes and signatures).
    struct Measurement {
        var entry: String
        /// The message's first name, as in `{"transfer":{…}}`; empty for an instantiation.
        var message: String
        var messageBytes: Int
        var gas: UInt64
        var isRefused: Bool
        /// It asked for calls of other contracts, or asked them: their gas is not in it.
        var isPartial: Bool
    }

    let codeHash: Hash32
    let codeBytes: Int
    var interface: InterfaceVersion { module.facts.interface }
    private(set) var measurements: [Measurement] = []
    private(set) var environment = MeasuredEnvironment()
    /// Sees every call from now on as a host would; `nil` if nobody asks.
    var hostWatch: HostWatch?
    private let engine: WasmEngine
    private let module: CompiledModule

    /// The rules of upload apply, and those of running.
    init(_ code: [UInt8]) throws {
        engine = try WasmEngine()
        (codeHash, codeBytes) = (SHA256.hash(code), code.count)
        _ = try ModuleUpload.check(code, with: engine)
        module = try engine.compile(code)
    }

    /// What the module is, for people.
    var description: String {
        let facts = module.facts
        let verbs: [(ContractExport, String)] = [
            (.query, "query"), (.migrate, "migrate"), (.reply, "reply"), (.sudo, "sudo"),
        ]
        var lines = [
            "interface version \(facts.interface == .v010 ? "0.10" : "1"); it can be stored, and it runs",
            "beside instantiate and execute it has: "
                + verbs.filter { facts.exports.contains($0.0) }.map(\.1).joined(separator: ", "),
        ]
        if facts.features.contains(.random) { lines.append("it asks for the block's randomness") }
        if facts.speaksIBC { lines.append("it has the entry points of IBC") }
        if facts.gasStep > 0 {
            lines.append("its calls use gas in steps of \(facts.gasStep), and its failures look alike")
        }
        return lines.joined(separator: "\n")
    }

    func begin() { environment = MeasuredEnvironment() }

    enum Answer {
        case bytes([UInt8])
        case trap(String)
    }

    /// Makes one call. What a call that failed wrote is taken back, as on a chain.
    func call(
        _ entryName: String, environment bytes: [UInt8], info: [UInt8], message: [UInt8],
        onQuery: @escaping ([UInt8]) throws -> [UInt8]
    ) throws -> Answer {
        guard let entry = Self.entries[entryName] else { throw Misuse(description: "no entry point \(entryName)") }
        environment.begin(onQuery)
        environment.hostWatch = hostWatch
        let before = environment.state
        let call = try? JSONReader.parse(message, limits: JSONLimits(bytesMax: 4 << 20))
        let name = entry == .instantiate ? "" : call?.object?.first?.0 ?? ""
        hostWatch?.begin(entry, entryName, message: message, info: info, messageName: name)
        let invocation = ContractInvocation(
            entry, environment: bytes, info: info, message: message, gasLimit: Self.wasmGasMax)
        let run: ContractRun
        do throws(ContractFault) {
            run = try engine.run(module, invocation, environment)
        } catch {
            throw environment.failure ?? Misuse(description: "the engine failed: \(error)")
        }
        switch run.result {
        case .failure(let trap):
            environment.state = before
            hostWatch?.end(.trap(trap.message), gas: gas(of: run.gasUsed), isShaped: keepsShape)
            return .trap(trap.message)
        case .success(let answer):
            environment.flush()
            let output = ContractOutput.parse(answer, interface: module.facts.interface, entry: entry)
            let isRefused = if case .error = output { true } else { false }
            if isRefused { environment.state = before }
            // As the enclave charges a call (EnclaveService, ContractCaller): reserved gas comes back to executions.
            let refund = entry == .execute ? min(run.gasReservedForWrites, run.gasUsed) : 0
            let gas = gas(of: run.gasUsed - refund) + Self.gasOfPayments(output)
            hostWatch?.end(Self.outcome(output), gas: gas, isShaped: keepsShape)
            measurements.append(
                Measurement(
                    entry: entryName, message: name, messageBytes: message.count, gas: gas, isRefused: isRefused,
                    isPartial: environment.hasAskedContracts || Self.callsContracts(output)))
            return .bytes(answer)
        }
    }

    private var keepsShape: Bool { module.facts.gasStep > 0 }

    /// Of the call itself, as the enclave rounds it for contracts that ask for that.
    private func gas(of wasmGas: UInt64) -> UInt64 {
        let gas = GasSchedule.contractCall(wasmGas: wasmGas) + GasSchedule.contractBookkeeping + environment.gas
        return keepsShape ? gas + ContractShape.missing(gas, to: UInt64(module.facts.gasStep)) : gas
    }

    private static func outcome(_ output: ContractOutput) -> HostWatch.Outcome {
        switch output {
        case .error(let error): .refused(error.text)
        case .answer(let text): .answered(text)
        case .response(let response), .acknowledgement(_, let response): .responded(response)
        case .channelVersion, .malformed: .malformed
        }
    }

    private static let entries: [String: ContractEntry] = [
        "instantiate": .instantiate, "execute": .execute, "query": .query, "migrate": .migrate, "reply": .reply,
    ]

    /// The most wasm gas that the enclave gives one call.
    private static let wasmGasMax: UInt64 = 10_000_000_000

    /// What the ledger charges for the payments that a contract asks for.
    private static func gasOfPayments(_ output: ContractOutput) -> UInt64 {
        guard case .response(let response) = output else { return 0 }
        return response.messages.reduce(0) { sum, message in
            guard case .bankSend(let send) = message.message else { return sum }
            return sum + GasSchedule.send(coinCount: send.amount.count)
        }
    }

    private static func callsContracts(_ output: ContractOutput) -> Bool {
        guard case .response(let response) = output else { return false }
        return response.messages.contains { message in
            if case .bankSend = message.message { return false }
            return true
        }
    }

    /// As an array of objects, in the order of the calls.
    var measurementsJSON: [UInt8] {
        JSONWriter.bytes(
            of: .array(
                measurements.map { measurement in
                    .object([
                        ("entry", .string(measurement.entry)), ("message", .string(measurement.message)),
                        ("message_bytes", .number(measurement.messageBytes)), ("gas", .number(measurement.gas)),
                        ("refused", .bool(measurement.isRefused)), ("partial", .bool(measurement.isPartial)),
                    ])
                }))
    }
}

/// The tests asked for something that is not there, or ended in the middle.
struct Misuse: Error, CustomStringConvertible {
    var description: String
}
