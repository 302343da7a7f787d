import BenchmarkKit
import ContractEngine
import Foundation
import PublicCryptography
import SignedTransactions
import TransactionFixtures
import WasmKit

/// The same call of the same contract without anything around it: in our engine, and in wasm3, the engine that Secret
/// Network's enclave uses, with state in a dictionary for both.
struct WasmInterpreterBenchmark {
    private let options: Options
    private let contract: BenchmarkContract

    init(_ options: Options) {
        self.options = options
        contract = options.contract
    }

    func run(_ report: Report) throws {
        report.section("wasm alone, one call, state in a dictionary")
        for preset in [EnginePreset.cranelift, .winch] {
            let name = preset == .cranelift ? "Cranelift" : "Winch"
            let (compile, calls, inside) = try ContractThread.run { try measure(preset) }
            report.row("wasmtime, \(name): compile once", compile)
            report.row("wasmtime, \(name): instance and call, as the enclave does", calls)
            report.row("  of which state in the dictionary", inside)
        }
        try interpreter(report)
    }

    private func measure(_ preset: EnginePreset) throws -> (Samples, Samples, Samples) {
        let engine = try WasmEngine(preset: preset)
        let compile = try Samples.timing(3, warmUp: 0) { _ = try engine.compile(contract.code) }
        let module = try engine.compile(contract.code)
        let environment = DictionaryEnvironment()
        let keys = BenchmarkUser.keys(2).map(\.address)
        func call(_ entry: ContractEntry, _ message: String) throws {
            let interface = module.facts.interface
            let block = ContractABI.Environment(
                height: 12, timeNanoseconds: 1_571_797_419_879_305_533, chainID: BenchmarkUser.chainID, random: nil,
                contract: keys[0].description, codeHash: contract.codeHash, sender: keys[0].description, funds: [],
                transaction: nil)
            let invocation = ContractInvocation(
                entry, environment: ContractABI.environment(interface, block),
                info: ContractABI.messageInfo(sender: keys[0].description, funds: []), message: Array(message.utf8),
                gasLimit: 100_000_000_000)
            _ = try engine.run(module, invocation, environment).result.get()
        }
        try call(.instantiate, contract.instantiation(holders: keys))
        let message = contract.call(to: keys[1])
        for _ in 0..<20 { try call(.execute, message) }
        var inside: [Double] = []
        let calls = try Samples.timing(500, warmUp: 0) {
            environment.seconds = 0
            try call(.execute, message)
            inside.append(environment.seconds)
        }
        return (compile, calls, Samples(inside))
    }

    /// What Tests/Benchmarks/wasm3_baseline.py prints: a name, and seconds.
    private func interpreter(_ report: Report) throws {
        let keys = BenchmarkUser.keys(2).map(\.address)
        switch Interpreter(options).run(
            try WasmEngine().metered(contract.code),
            [contract.instantiation(holders: keys), contract.call(to: keys[1])])
        {
        case .failure(let problem): report.skipped("wasm3 (pywasm3)", problem.description)
        case .success(let output):
            for line in output.split(separator: "\n") {
                let parts = line.split(separator: "\t")
                guard parts.count == 2 else { continue }
                report.row(String(parts[0]), Samples(parts[1].split(separator: " ").compactMap { Double($0) }))
            }
        }
    }
}

/// wasm3 through Python (Tests/Benchmarks/wasm3_baseline.py).
struct Interpreter {
    struct Problem: Error, CustomStringConvertible { var description: String }

    private let options: Options

    init(_ options: Options) { self.options = options }

    /// What the script prints of `code`, with a sender and these arguments.
    func run(_ code: [UInt8], _ arguments: [String]) -> Result<String, Problem> {
        guard FileManager.default.isExecutableFile(atPath: options.python) else {
            return .failure(Problem(description: "no \(options.python); `make bench` installs it"))
        }
        let file = NSTemporaryDirectory() + "cloister-bench-\(Machine.runID).wasm"
        defer { try? FileManager.default.removeItem(atPath: file) }
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: options.python)
        process.arguments =
            ["Tests/Benchmarks/wasm3_baseline.py", file, BenchmarkUser.keys(1)[0].address.description] + arguments
        process.standardOutput = pipe
        process.standardError = FileHandle.nullDevice
        do {
            try Data(code).write(to: URL(fileURLWithPath: file))
            try process.run()
        } catch {
            return .failure(Problem(description: "\(error)"))
        }
        let output = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            return .failure(Problem(description: "wasm3_baseline.py failed"))
        }
        return .success(output)
    }
}

/// A contract's state in memory, and the processor time spent on it.
final class DictionaryEnvironment: ContractEnvironment {
    private var state: [[UInt8]: [UInt8]] = [:]
    var seconds = 0.0

    private func measured<Value>(_ body: () -> Value) -> Value {
        let start = Machine.threadSeconds
        defer { seconds += Machine.threadSeconds - start }
        return body()
    }

    func read(_ key: [UInt8]) throws(ContractFault) -> [UInt8]? { measured { state[key] } }
    func write(_ key: [UInt8], _ value: [UInt8]) throws(ContractFault) { measured { state[key] = value } }
    func remove(_ key: [UInt8]) throws(ContractFault) { measured { state[key] = nil } }
    func query(_ request: [UInt8], gasLimit: UInt64) throws(ContractFault) -> (answer: [UInt8], gasUsed: UInt64) {
        (Array(#"{"Err":{"unknown":{}}}"#.utf8), 500)
    }
}
