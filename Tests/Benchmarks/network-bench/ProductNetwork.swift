import BenchmarkKit
import Foundation
import PublicCryptography
import StrictJSON
import TestSupport

/// The whole product: so many validators, each its real processes, started as `make testnet` starts them
/// (`Tests/Testnet/network.py`).
final class ProductNetwork {
    struct Failed: Error, CustomStringConvertible { var description: String }

    struct Node {
        var rest: Int
        var metrics: Int
        /// Of `cloister-node`.
        var host: ObservedProcess
        var enclave: ObservedProcess?
        /// Of `enclave-host`, which keeps the records of what was run and signed.
        var launcher: ObservedProcess?
    }

    private let temporary = TemporaryFolder()
    private let process = Process()
    private let input = Pipe()
    private(set) var nodes: [Node] = []
    private(set) var chainID = ""
    private(set) var firstAccount: UInt64 = 0

    init(validators: Int, programs: String, accounts: [String], makesEmptyBlocks: Bool) throws {
        let file = temporary.path("accounts")
        try accounts.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            ["python3", "Tests/Testnet/network.py", "--programs", programs, "--validators", "\(validators)"]
            + [
                "--gas", "\(ProductBenchmark.blockGas)", "--accounts", file, "--port",
                "\(Int.random(in: 20_000..<30_000))",
            ]
            + (makesEmptyBlocks ? ["--empty-blocks"] : [])
        let output = Pipe()
        (process.standardInput, process.standardOutput) = (input, output)
        try process.run()
        var line = Data()
        while !line.contains(10) {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else { throw Failed(description: "the network of \(validators) did not start") }
            line += more
        }
        let told = try JSONReader.parse(Array(line), limits: JSONLimits(bytesMax: 1 << 20))
        guard let chainID = told["chain_id"]?.string, let first = told["first_account"]?.uint64,
            let list = told["nodes"]?.array
        else { throw Failed(description: "network.py says \(String(decoding: line, as: UTF8.self))") }
        (self.chainID, firstAccount) = (chainID, first)
        nodes = list.compactMap { json in
            guard let rest = json["rest"]?.uint64, let metrics = json["metrics"]?.uint64,
                let id = json["process"]?.uint64.flatMap({ pid_t(exactly: $0) })
            else { return nil }
            return Node(
                rest: Int(rest), metrics: Int(metrics), host: ObservedProcess(id: id),
                enclave: .enclave(below: id), launcher: .launcher(below: id))
        }
    }

    /// Ends all nodes, and waits for it.
    func stop() {
        input.fileHandleForWriting.closeFile()
        process.waitUntilExit()
    }

    // MARK: - Reading

    /// The sum of a metric's series, over all nodes.
    func sum(_ name: String) throws -> Double { try nodes.reduce(0) { try $0 + metric(name, of: $1) } }

    func metric(_ name: String, of node: Node) throws -> Double {
        let page = try LoopbackHTTP(port: node.metrics).get("/metrics").body
        return Self.value(name, in: String(decoding: page, as: UTF8.self))
    }

    /// The sum of a metric's series on a page of Prometheus's.
    static func value(_ name: String, in page: String) -> Double {
        page.split(separator: "\n").filter { $0.hasPrefix(name + " ") || $0.hasPrefix(name + "{") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }.reduce(0, +)
    }

    /// Of the node that has least.
    func height() throws -> Double { try nodes.map { try metric("cometbft_consensus_height", of: $0) }.min() ?? 0 }

    func waiting() throws -> Double { try sum("cometbft_mempool_size") }

    struct Processors {
        var host = 0.0
        var enclave = 0.0
        var launcher = 0.0

        static func - (left: Processors, right: Processors) -> Processors {
            Processors(
                host: left.host - right.host, enclave: left.enclave - right.enclave,
                launcher: left.launcher - right.launcher)
        }
    }

    /// Seconds of processor that all nodes have had.
    var processors: Processors {
        nodes.reduce(into: Processors()) { sum, node in
            sum.host += node.host.processorSeconds
            sum.enclave += node.enclave?.processorSeconds ?? 0
            sum.launcher += node.launcher?.processorSeconds ?? 0
        }
    }
}
