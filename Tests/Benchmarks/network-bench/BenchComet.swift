import Foundation
import Glibc
import Synchronization
import TestSupport

/// CometBFT's kvstore, where its program is given: its own testnet files, the same pace, all on this machine.
final class BenchComet {
    private let temporary = TemporaryFolder()
    private var processes: [Process] = []
    private var ports: [UInt16] = []

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
        let base = UInt16.random(in: 20_000..<30_000)
        for index in 0..<validators {
            let home = folder + "/node\(index)"
            let settings = home + "/config/config.toml"
            var text = try String(contentsOfFile: settings, encoding: .utf8)
            for (from, to) in [
                ("allow_duplicate_ip = false", "allow_duplicate_ip = true"),
                ("addr_book_strict = true", "addr_book_strict = false"),
                ("timeout_commit = \"1s\"", "timeout_commit = \"0s\""),
                ("skip_timeout_commit = false", "skip_timeout_commit = true"),
                ("peer_gossip_sleep_duration = \"100ms\"", "peer_gossip_sleep_duration = \"5ms\""),
            ] { text = text.replacingOccurrences(of: from, with: to) }
            try text.write(toFile: settings, atomically: true, encoding: .utf8)
            let (rpc, p2p) = (base + UInt16(2 * index), base + UInt16(2 * index + 1))
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
            peers.append("\(try run(["show-node-id", "--home", home]))@127.0.0.1:\(p2p)")
        }
    }

    func stop() {
        for process in processes {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
        }
    }

    private func ask(_ path: String) -> [String: Any] {
        guard let connection = HTTPConnection(ports[0]) else { return [:] }
        let body = connection.exchange("GET \(path) HTTP/1.1\r\nHost: x\r\n\r\n") ?? Data()
        return (try? JSONSerialization.jsonObject(with: body) as? [String: Any])?["result"] as? [String: Any] ?? [:]
    }

    private func height() -> Int64 {
        let sync = ask("/status")["sync_info"] as? [String: Any]
        return (sync?["latest_block_height"] as? String).flatMap { Int64($0) } ?? 0
    }

    private func count() -> Int {
        let response = ask("/abci_info")["response"] as? [String: Any]
        let data = (response?["data"] as? String).flatMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) }
        return (data as? [String: Any])?["size"] as? Int ?? 0
    }

    func measure(seconds: Double) -> (idleBlocks: Double, transactions: Double) {
        let clock = ContinuousClock()
        let patience = clock.now
        while height() < 3, (clock.now - patience) / .seconds(1) < 60 { usleep(100_000) }
        var (begin, from) = (clock.now, height())
        usleep(UInt32(seconds * 1e6))
        let idle = Double(height() - from) / ((clock.now - begin) / .seconds(1))
        let hasEnded = Atomic(false)
        let group = DispatchGroup()
        for (index, port) in ports.enumerated() {
            group.enter()
            Thread.detachNewThread {
                load(port, index, hasEnded)
                group.leave()
            }
        }
        usleep(500_000)
        (begin, from) = (clock.now, Int64(count()))
        usleep(UInt32(seconds * 1e6))
        let transactions = Double(Int64(count()) - from) / ((clock.now - begin) / .seconds(1))
        hasEnded.store(true, ordering: .relaxed)
        group.wait()
        return (idle, transactions)
    }
}

/// Batches of ten transactions, as many as it takes of 250 bytes, one after the other.
private func load(_ port: UInt16, _ index: Int, _ hasEnded: borrowing Atomic<Bool>) {
    guard let connection = HTTPConnection(port) else { return }
    var number = 0
    while !hasEnded.load(ordering: .relaxed) {
        let calls = (0..<10).map { _ -> String in
            number += 1
            let text = "\(index).\(number)=" + String(repeating: "a", count: 235)
            let bytes = Data(text.utf8).base64EncodedString()
            return
                "{\"jsonrpc\":\"2.0\",\"id\":\(number),\"method\":\"broadcast_tx_sync\",\"params\":{\"tx\":\"\(bytes)\"}}"
        }
        let body = "[" + calls.joined(separator: ",") + "]"
        let head =
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        guard connection.exchange(head + body) != nil else { return }
    }
}

/// One connection that stays open.
final class HTTPConnection {
    private let descriptor: Int32

    init?(_ port: UInt16) {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = in_port_t(port).bigEndian
        place.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit { close(descriptor) }

    /// The body of the answer, whole or in chunks.
    func exchange(_ request: String) -> Data? {
        let bytes = Array(request.utf8)
        var sent = 0
        while sent < bytes.count {
            let more = bytes[sent...].withUnsafeBytes {
                send(descriptor, $0.baseAddress!, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard more > 0 else { return nil }
            sent += more
        }
        var (answer, chunk) = (Data(), [UInt8](repeating: 0, count: 65_536))
        while true {
            if let body = HTTPConnection.body(answer) { return body }
            let count = recv(descriptor, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            answer.append(contentsOf: chunk[..<count])
        }
    }

    private static func body(_ answer: Data) -> Data? {
        guard let end = answer.range(of: Data("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self).lowercased()
        var rest = answer[end.upperBound...]
        if let length = head.components(separatedBy: "\r\n").first(where: { $0.hasPrefix("content-length:") }) {
            guard let count = Int(length.dropFirst(15).trimmingCharacters(in: .whitespaces)), rest.count >= count else {
                return nil
            }
            return Data(rest.prefix(count))
        }
        var body = Data()
        while let line = rest.range(of: Data("\r\n".utf8)) {
            guard let size = Int(String(decoding: rest[..<line.lowerBound], as: UTF8.self), radix: 16) else {
                return nil
            }
            guard rest.distance(from: line.upperBound, to: rest.endIndex) >= size + 2 else { return nil }
            if size == 0 { return body }
            body.append(rest[line.upperBound..<line.upperBound + size])
            rest = rest[(line.upperBound + size + 2)...]
        }
        return nil
    }
}
