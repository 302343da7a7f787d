/// Measures what Cloister costs, beside what nobody can go below on the same machine in the same minute (a bare socket
/// round trip, the bare primitives) and beside the engine that Secret Network uses.
///
/// Every figure comes from the real programs: the enclave under its launcher, and a whole node over REST. Nothing is
/// asserted about time; a figure that misses its budget is printed with its budget. Run it with `make bench`.
import BenchmarkKit
import Foundation
import Glibc
import Node

@main
enum CloisterBench {
    static func main() {
        do {
            let options = try Options(Array(CommandLine.arguments.dropFirst()))
            let report = Report()
            report.title(machine: Machine.line, contract: options.contract.description)
            for section in options.sections {
                switch section {
                case .floor: try FloorBenchmark(options).run(report)
                case .vote: try VoteBenchmark(options).run(report)
                case .enclave: try EnclaveBenchmark(options).run(report)
                case .wasm3: try WasmInterpreterBenchmark(options).run(report)
                case .methods: try MethodsBenchmark(options).run(report)
                case .without: try AbsenceBenchmark(options).run(report)
                case .economy:
                    try EconomyBenchmark().run(report)
                    try AbuseBenchmark().run(report)
                case .node: try NodeBenchmark(options).run(report)
                }
            }
            report.title(machine: Machine.line, contract: "end")
        } catch {
            FileHandle.standardError.write(Data("cloister-bench: \(error)\n".utf8))
            exit(1)
        }
    }
}

/// What to measure, and how often.
struct Options {
    enum Section: String, CaseIterable { case floor, vote, enclave, without, wasm3, methods, economy, node }

    struct Invalid: Error, CustomStringConvertible { var description: String }

    var sections = Section.allCases
    /// Calls in blocks of their own.
    var singleCalls = 100
    var batchSize = 100
    var batches = 6
    var users = 100
    var transfersOfUser = 30
    var connections = 4
    var queries = 2_000
    var port = 13_250
    /// Of the node: production waits for the disk, development does not.
    var profile = NodeConfiguration.Profile.development
    /// The interpreter of `make bench`'s virtual environment.
    var python = ".venv-bench/bin/python"
    let contract: BenchmarkContract
    let programs: String

    init(_ arguments: [String]) throws {
        contract = try BenchmarkContract.available()
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        programs = (program as NSString).deletingLastPathComponent
        var rest = arguments[...]
        while let name = rest.popFirst() {
            guard let value = rest.popFirst() else { throw Invalid(description: "\(name) needs a value") }
            switch name {
            case "--only":
                sections = try value.split(separator: ",").map { name in
                    guard let section = Section(rawValue: String(name)) else {
                        throw Invalid(description: "sections are \(Section.allCases.map(\.rawValue))")
                    }
                    return section
                }
            case "--python": python = value
            case "--profile":
                guard let profile = NodeConfiguration.Profile(rawValue: value) else {
                    throw Invalid(description: "profile is development or production")
                }
                self.profile = profile
            case "--port": port = try Options.number(value)
            case "--calls": singleCalls = try Options.number(value)
            case "--batches": batches = try Options.number(value)
            case "--transfers": transfersOfUser = try Options.number(value)
            case "--connections": connections = try Options.number(value)
            case "--queries": queries = try Options.number(value)
            default: throw Invalid(description: "unknown option \(name)")
            }
        }
    }

    private static func number(_ text: String) throws -> Int {
        guard let number = Int(text), number > 0 else { throw Invalid(description: "\(text) is no positive number") }
        return number
    }
}
