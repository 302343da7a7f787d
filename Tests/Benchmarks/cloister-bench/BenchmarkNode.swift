import BenchmarkKit
import EmbeddedEngine
import Foundation
import Node
import PublicCryptography
import SignedTransactions
import StrictJSON
import TransactionFixtures

/// A node of its own in a folder of its own, as an operator starts it.
final class BenchmarkNode {
    let port: Int
    private let process = Process()
    private let folder: String
    private let log: String
    /// From the start of the program to its first block.
    let coldStart: Double

    struct Failed: Error, CustomStringConvertible { var description: String }

    init(_ options: Options, name: String) throws {
        port = options.port
        folder = NSTemporaryDirectory() + "cloister-bench-\(Machine.runID)-\(name)"
        log = folder + "/node.log"
        var configuration = NodeConfiguration()
        configuration.profile = options.profile
        configuration.restPort = port
        configuration.metricsPort = port + 1
        let home = NodeHome(folder)
        let accounts = BenchmarkUser.keys(options.users).map {
            FirstGenesis.Account(address: $0.address.description, coins: [("uscrt", BenchmarkUser.coins)])
        }
        try home.create(
            chainID: BenchmarkUser.chainID,
            { key in
                FirstGenesis.document(
                    chainID: BenchmarkUser.chainID, moniker: "bench", validatorKey: key, accounts: accounts,
                    time: EngineClock.system.now(), parameters: BenchmarkUser.parameters)
            }, configuration: configuration, programs: ProgramFolder(folder: options.programs))
        try Data().write(to: URL(fileURLWithPath: log))
        process.executableURL = URL(fileURLWithPath: options.programs + "/cloister-node")
        process.arguments = ["start", "--home", folder]
        process.standardError = FileHandle(forWritingAtPath: log)
        process.standardOutput = FileHandle.nullDevice
        let start = Machine.now
        try process.run()
        while (try? BenchmarkNode.metric("cometbft_consensus_height", port: port + 1)).map({ $0 >= 1 }) != true {
            guard process.isRunning, Machine.now - start < 60 else {
                throw Failed(description: "the node did not start; see \(log)")
            }
            Thread.sleep(forTimeInterval: 0.002)
        }
        coldStart = Machine.now - start
    }

    /// Ends the node and, if all went well, removes its folder.
    func stop(keepsFolder: Bool = false) {
        process.terminate()
        process.waitUntilExit()
        if !keepsFolder { try? FileManager.default.removeItem(atPath: folder) }
    }

    var host: ObservedProcess { ObservedProcess(id: process.processIdentifier) }
    var enclave: ObservedProcess? { .enclave(below: process.processIdentifier) }

    // MARK: - Asking

    func metric(_ name: String) throws -> Double { try BenchmarkNode.metric(name, port: port + 1) }

    private static func metric(_ name: String, port: Int) throws -> Double {
        let text = String(decoding: try LoopbackHTTP(port: port).get("/metrics").body, as: UTF8.self)
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            let parts = line.split(separator: " ")
            if parts.count == 2, parts[0] == name || parts[0].hasPrefix(name + "{"), let value = Double(parts[1]) {
                return value
            }
        }
        throw Failed(description: "no metric \(name)")
    }

    func json(_ connection: LoopbackHTTP, _ path: String) throws -> JSONValue? {
        let answer = try connection.get(path)
        guard answer.status == 200 else { return nil }
        return try JSONReader.parse(answer.body, limits: JSONLimits(bytesMax: 64 << 20))
    }

    static func broadcast(_ transaction: [UInt8]) -> [UInt8] {
        Array(#"{"tx_bytes":"\#(Base64.encode(transaction))","mode":"BROADCAST_MODE_SYNC"}"#.utf8)
    }

    /// Hands in a transaction and waits until its result can be seen.
    func send(_ transaction: [UInt8], _ connection: LoopbackHTTP) throws -> JSONValue {
        let answer = try connection.post("/cosmos/tx/v1beta1/txs", json: BenchmarkNode.broadcast(transaction))
        guard String(decoding: answer.body, as: UTF8.self).contains(#""code":0"#) else {
            throw Failed(description: "refused: \(String(decoding: answer.body, as: UTF8.self))")
        }
        let hash = Hexadecimal.encode(SHA256.hash(transaction).bytes, uppercase: true)
        let start = Machine.now
        while Machine.now - start < 30 {
            if let result = try json(connection, "/cosmos/tx/v1beta1/txs/\(hash)") {
                guard let response = result["tx_response"], response["code"]?.uint64 == 0 else {
                    throw Failed(description: "a transaction failed: \(JSONWriter.text(of: result))")
                }
                return response
            }
            Thread.sleep(forTimeInterval: 0.001)
        }
        throw Failed(description: "a transaction came into no block; see \(log)")
    }
}
