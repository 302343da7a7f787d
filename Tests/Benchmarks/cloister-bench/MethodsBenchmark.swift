import BenchmarkKit
import ContractEngine
import Foundation
import PublicCryptography
import SignedTransactions
import TransactionFixtures
import WasmKit

/// The public benchmark contract of secret.js, method by method: in our engine as the enclave calls it, and in wasm3 as
/// Secret Network's enclave calls it (the module read anew for each call) and warm. State is a dictionary for all, and
/// the time spent in it is not counted. Processor time, so that a busy machine measures the same.
struct MethodsBenchmark {
    static let file = "bench-contract.wasm"

    private struct Method {
        var name: String
        var message: String
        /// Whether most of it is computing, not storage or the beginning of a call.
        var isBoundByProcessor = false
    }

    /// In this order: some read what others wrote.
    private static let methods = [
        Method(name: "noop", message: #"{"noop":{}}"#),
        Method(name: "bench_c_p_u", message: #"{"bench_c_p_u":{}}"#, isBoundByProcessor: true),
        Method(name: "bench_allocate", message: #"{"bench_allocate":{}}"#),
        Method(name: "bench_write_storage", message: #"{"bench_write_storage":{}}"#),
        Method(name: "bench_read_storage", message: #"{"bench_read_storage":{}}"#),
        Method(name: "bench_read_storage_multiple_keys", message: #"{"bench_read_storage_multiple_keys":{}}"#),
        Method(name: "bench_write_large_item_to_storage", message: #"{"bench_write_large_item_to_storage":{}}"#),
        Method(name: "setup_read_large_item", message: #"{"setup_read_large_item":{}}"#),
        Method(name: "bench_read_large_item_from_storage", message: #"{"bench_read_large_item_from_storage":{}}"#),
        Method(name: "bench_create_viewing_key", message: #"{"bench_create_viewing_key":{}}"#),
        Method(name: "bench_set_viewing_key", message: #"{"bench_set_viewing_key":{"key":"benchmark"}}"#),
    ]

    private let options: Options

    init(_ options: Options) { self.options = options }

    func run(_ report: Report) throws {
        let title = "\(MethodsBenchmark.file), method by method"
        guard let folder = ProcessInfo.processInfo.environment["CLOISTER_CONTRACTS"],
            let data = FileManager.default.contents(atPath: folder + "/" + MethodsBenchmark.file)
        else {
            report.section(title)
            return report.skipped(title, "CLOISTER_CONTRACTS names no folder with \(MethodsBenchmark.file)")
        }
        let code = Array(data)
        let ours = try ContractThread.run { try measure(code) }
        // Both count gas, and as Secret Network's does, at the head of every sequence.
        let theirs = interpreter(try WasmEngine().metered(code))
        report.table(title, columns: ["ours", "wasm3 each", "ratio", "wasm3 warm", "ratio"])
        for (index, method) in MethodsBenchmark.methods.enumerated() {
            guard let own = ours[index] else {
                report.skipped(method.name, "the contract fails, in both engines")
                continue
            }
            guard let (each, warm) = theirs[index] else {
                report.cells(method.name, [report.time(own.median)], note: "wasm3: not measured")
                continue
            }
            let note = method.isBoundByProcessor ? "budget >= 20, >= 5" : "budget >= 20"
            report.cells(
                method.name,
                [
                    report.time(own.median), report.time(each.median), Report.ratio(each.median / own.median),
                    report.time(warm.median), Report.ratio(warm.median / own.median),
                ], note: note)
        }
    }

    /// By method: the seconds of each call, less those spent on state; `nil` if the contract fails.
    private func measure(_ code: [UInt8]) throws -> [Int: Samples] {
        let engine = try WasmEngine()
        let module = try engine.compile(code)
        let environment = DictionaryEnvironment()
        let sender = BenchmarkUser.keys(1)[0].address.description
        let block = ContractABI.Environment(
            height: 12, timeNanoseconds: 1_571_797_419_879_305_533, chainID: BenchmarkUser.chainID, random: nil,
            contract: sender, codeHash: SHA256.hash(code), sender: sender, funds: [], transaction: nil)
        let interface = module.facts.interface
        func call(_ entry: ContractEntry, _ message: String) throws -> Bool {
            let invocation = ContractInvocation(
                entry, environment: ContractABI.environment(interface, block),
                info: ContractABI.messageInfo(sender: sender, funds: []), message: Array(message.utf8),
                gasLimit: 1 << 50)
            let output = try engine.run(module, invocation, environment).result
            guard case .success(let bytes) = output else { return false }
            return bytes.starts(with: Array(#"{"Ok""#.utf8))
        }
        guard try call(.instantiate, #"{"init":{}}"#) else { return [:] }
        var measured: [Int: Samples] = [:]
        for (index, method) in MethodsBenchmark.methods.enumerated() {
            guard try call(.execute, method.message) else { continue }
            var seconds: [Double] = []
            let end = Machine.now + 1
            while seconds.count < 20 || (Machine.now < end && seconds.count < 1_000) {
                environment.seconds = 0
                let start = Machine.threadSeconds
                guard try call(.execute, method.message) else { break }
                seconds.append(Machine.threadSeconds - start - environment.seconds)
            }
            measured[index] = Samples(seconds)
        }
        return measured
    }

    /// What Tests/Benchmarks/wasm3_baseline.py prints, by method.
    private func interpreter(_ code: [UInt8]) -> [Int: (each: Samples, warm: Samples)] {
        let arguments = [#"{"init":{}}"#, "--methods"] + MethodsBenchmark.methods.map(\.message)
        guard let output = try? Interpreter(options).run(code, arguments).get() else { return [:] }
        var figures: [String: Samples] = [:]
        for line in output.split(separator: "\n") {
            let parts = line.split(separator: "\t")
            guard parts.count == 2 else { continue }
            figures[String(parts[0])] = Samples(parts[1].split(separator: " ").compactMap { Double($0) })
        }
        var methods: [Int: (each: Samples, warm: Samples)] = [:]
        for index in MethodsBenchmark.methods.indices {
            if let each = figures["\(index) each"], let warm = figures["\(index) warm"] {
                methods[index] = (each, warm)
            }
        }
        return methods
    }
}
