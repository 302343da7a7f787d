import BenchmarkKit
import Foundation
import Glibc
import PublicCryptography
import Synchronization
import TestSupport

/// CometBFT's kvstore, where its program is given: its own testnet files, the same pace, all on this machine.
final class BenchComet {
    private let temporary = TemporaryFolder()
    private var processes: [Process] = []
    private var ports: [Int] = []
    private var metrics: [Int] = []

    init(_ program: String, validators: Int) throws {
        func run(_ arguments: [String]) throws -> String {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = arguments
            let pipe = Pipe()
            process.standardOutput = pipe
            process.standardError = FileHandle.nullDevice
            try process.run()
            let output = pipe.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(decoding: output, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        }
        let folder = temporary.path("net")
        _ = try run(["testnet", "--v", "\(validators)", "--o", folder])
        var peers: [String] = []
        // Hardly anybody's.
        let base = Int.random(in: 20_000..<30_000)
        for index in 0..<validators {
            let home = folder + "/node\(index)"
            let settings = home + "/config/config.toml"
            let (rpc, p2p, metrics) = (base + 3 * index, base + 3 * index + 1, base + 3 * index + 2)
            var text = try String(contentsOfFile: settings, encoding: .utf8)
            for (from, to) in [
                ("allow_duplicate_ip = false", "allow_duplicate_ip = true"),
                ("addr_book_strict = true", "addr_book_strict = false"),
                ("timeout_commit = \"1s\"", "timeout_commit = \"0s\""),
                ("skip_timeout_commit = false", "skip_timeout_commit = true"),
                ("peer_gossip_sleep_duration = \"100ms\"", "peer_gossip_sleep_duration = \"5ms\""),
                ("send_rate = 5120000", "send_rate = 100000000"),
                ("recv_rate = 5120000", "recv_rate = 100000000"),
                ("prometheus = false", "prometheus = true"),
                ("prometheus_listen_addr = \":26660\"", "prometheus_listen_addr = \"127.0.0.1:\(metrics)\""),
            ] { text = text.replacingOccurrences(of: from, with: to) }
            try text.write(toFile: settings, atomically: true, encoding: .utf8)
            let process = Process()
            process.executableURL = URL(fileURLWithPath: program)
            process.arguments = [
                "node", "--home", home, "--proxy_app=kvstore", "--rpc.laddr", "tcp://127.0.0.1:\(rpc)", "--p2p.laddr",
                "tcp://127.0.0.1:\(p2p)", "--p2p.pex=false", "--p2p.persistent_peers", peers.joined(separator: ","),
            ]
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            processes.append(process)
            ports.append(rpc)
            self.metrics.append(metrics)
            peers.append("\(try run(["show-node-id", "--home", home]))@127.0.0.1:\(p2p)")
        }
    }

    func stop() {
        for process in processes {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    private func ask(_ path: String, of port: Int) -> [String: Any] {
        guard let body = try? LoopbackHTTP(port: port).get(path).body else { return [:] }
        return (try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])?["result"] as? [String: Any]
            ?? [:]
    }

    /// Of the node that has least.
    private func height() -> Double {
        ports.map { port in
            let sync = ask("/status", of: port)["sync_info"] as? [String: Any]
            return (sync?["latest_block_height"] as? String).flatMap { Double($0) } ?? 0
        }.min() ?? 0
    }

    private func count() -> Double {
        ports.map { port in
            let response = ask("/abci_info", of: port)["response"] as? [String: Any]
            let data = (response?["data"] as? String).flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) }
            return Double((data as? [String: Any])?["size"] as? Int ?? 0)
        }.min() ?? 0
    }

    private var processorSeconds: Double {
        processes.reduce(0) { $0 + ObservedProcess(id: $1.processIdentifier).processorSeconds }
    }

    private func sentBytes() -> Double {
        metrics.reduce(0) { sum, port in
            guard let page = try? LoopbackHTTP(port: port).get("/metrics").body else { return sum }
            return sum
                + ProductNetwork.value(
                    "cometbft_p2p_message_send_bytes_total", in: String(decoding: page, as: UTF8.self))
        }
    }

    /// Transactions of 250 bytes, as many as it takes, from so many clients a node as whole nodes have.
    func measure(seconds: Double) throws -> (idleBlocks: Double, figures: ProductBenchmark.Figures) {
        let patience = Machine.now
        while height() < 3, Machine.now - patience < 60 { usleep(100_000) }
        let (begin, from) = (Machine.now, height())
        usleep(UInt32(seconds * 1e6))
        let idle = (height() - from) / (Machine.now - begin)
        var row = ProductBenchmark.Figures()
        row.size = Double(BenchComet.transactionBytes)

        let rate = ProductBenchmark.modestRate
        var made = (0..<8).map { client in
            (0..<Int(max(seconds, 10) * rate / 8)).map { BenchComet.transaction("l\(client).\($0)") }
        }
        let names = made.map { $0.map { Hexadecimal.encode(SHA256.hash($0).bytes) } }
        func clients() -> [ClientLoad.Client] {
            made.enumerated().map { index, list in
                ClientLoad.Client(
                    port: ports[index % ports.count],
                    requests: list.map(BenchComet.request), path: "/")
            }
        }
        row.latencies = try ClientLoad.latencies(clients(), perSecond: rate, answer: BenchComet.answer) {
            connection, client, number in
            let body = try connection.get("/tx?hash=0x" + names[client][number]).body
            return String(decoding: body, as: UTF8.self).contains("\"height\"")
        }

        let clientCount = ports.count == 1 ? 4 : 2 * ports.count
        made = (0..<clientCount).map { client in
            (0..<Int(seconds + 2) * 8000 / clientCount).map { BenchComet.transaction("\(client).\($0)") }
        }
        let progress = ClientLoad.begin(clients(), answer: BenchComet.answer)
        usleep(1_000_000)
        let window = try BlockWindow(
            seconds: seconds, committed: count,
            read: { (height: height(), used: processorSeconds, sent: sentBytes()) },
            isOver: { progress.running.load(ordering: .relaxed) == 0 })
        let (first, last) = (window.first, window.last)
        row.perSecond = window.transactions / window.seconds
        row.blocksPerSecond = (last.height - first.height) / window.seconds
        row.processors.host = (last.used - first.used) * 1e6 / window.transactions / Double(ports.count)
        row.sentBytes = (last.sent - first.sent) / window.transactions
        try progress.end()
        return (idle, row)
    }

    private static let transactionBytes = 250

    private static func transaction(_ name: String) -> [UInt8] {
        let start = Array((name + "=").utf8)
        return start + [UInt8](repeating: UInt8(ascii: "a"), count: transactionBytes - start.count)
    }

    private static func request(_ transaction: [UInt8]) -> [UInt8] {
        let bytes = Base64.encode(transaction)
        return Array(
            #"{"jsonrpc":"2.0","id":1,"method":"broadcast_tx_sync","params":{"tx":"\#(bytes)"}}"#.utf8)
    }

    @Sendable private static func answer(_ answer: LoopbackHTTP.Answer) -> ClientLoad.Answer {
        let text = String(decoding: answer.body, as: UTF8.self)
        if text.contains("mempool is full") { return .full }
        return text.contains("\"code\":0") ? .taken : .refused(text)
    }
}
