import Foundation
import Glibc
import StrictJSON

/// What a running node answers about itself, asked on its operator's port.
package struct NodeStatus: Sendable {
    private let report: JSONValue

    package init(of configuration: NodeConfiguration) throws {
        report = try NodeAddress(host: configuration.metricsHost, port: configuration.metricsPort).get("/status")
    }

    init(_ report: JSONValue) { self.report = report }

    subscript(name: String) -> JSONValue? { report[name] }

    /// For scripts: a member a line.
    package var json: String {
        let lines = (report.object ?? []).map { name, value in
            "  \(JSONWriter.text(of: .string(name))): \(JSONWriter.text(of: value))"
        }
        return "{\n" + lines.joined(separator: ",\n") + "\n}"
    }

    /// For people: what there is to know in a few lines, the worst of it first.
    package var text: String {
        var lines: [String] = []
        func line(_ name: String, _ text: String) {
            lines.append(name.padding(toLength: 11, withPad: " ", startingAt: 0) + text)
        }
        let reasons = (report["not_ready"]?.array ?? []).map(NodeStatus.text)
        for reason in reasons { line("NOT READY", reason) }
        if reasons.isEmpty { line("ready", "yes") }
        let seconds = report["uptime_seconds"]?.int64 ?? 0
        line(
            "node",
            "\(text("moniker")), cloister-node \(text("version")), engine \(text("engine")), up \(NodeStatus.span(seconds))"
        )
        line("", "id \(text("node_id"))")
        line("chain", "\(text("chain_id")), height \(text("height")) of \(text("time"))")
        line("", "app hash \(text("app_hash"))")
        line("", "identity \(text("identity"))")
        if let round = report["consensus"], !round.isNull {
            line(
                "consensus",
                "height \(NodeStatus.text(round["height"])), round \(NodeStatus.text(round["round"])), "
                    + "\(NodeStatus.text(round["step"])); \(NodeStatus.text(round["validators"])) validators with power "
                    + NodeStatus.text(round["power"]))
        }
        let isDriven = report["engine"]?.string == "cometbft"
        let engine = report["cometbft"]
        if isDriven {
            line(
                "cometbft",
                engine?.isNull ?? true
                    ? "its RPC does not answer"
                    : "height \(NodeStatus.text(engine?["height"])), \(NodeStatus.text(engine?["peers"])) peers, "
                        + "\(NodeStatus.text(engine?["transactions"])) transactions wait"
                        + (engine?["fetching"]?.bool ?? false ? ", FETCHING BLOCKS" : ""))
        }
        let validator = report["validator"]
        let power = validator?["power"]?.int64 ?? 0
        line(
            "validator",
            "\(NodeStatus.text(validator?["address"])), "
                + (power > 0 ? "power \(power)" : "not in the set: the node follows")
                + (validator?["last_signed_height"]?.int64.map { $0 > 0 ? ", signed height \($0)" : "" } ?? ""))
        let peers = report["peers"]?.array ?? []
        if !isDriven { line("peers", peers.isEmpty ? "none" : "\(peers.count)") }
        for peer in peers {
            line(
                "",
                "\(NodeStatus.text(peer["id"])) \(NodeStatus.text(peer["moniker"])) at \(NodeStatus.text(peer["address"])), "
                    + "height \(NodeStatus.text(peer["height"])), \(peer["outbound"]?.bool ?? false ? "dialled" : "came")"
            )
        }
        for peer in report["absent_peers"]?.array ?? [] { line("", "NOT CONNECTED: \(NodeStatus.text(peer))") }
        let mempool = report["mempool"]
        line(
            "mempool",
            "\(NodeStatus.text(mempool?["transactions"])) transactions, \(NodeStatus.text(mempool?["bytes"])) bytes")
        let enclave = report["enclave"]
        line(
            "enclave",
            (enclave?["answers"]?.bool ?? false ? "answers" : "SILENT") + ", measurement "
                + "\(NodeStatus.text(enclave?["measurement"]))"
                + (enclave?["simulated"]?.bool ?? false ? ", SIMULATED" : "")
                + (enclave?["resident_bytes"]?.int64.map { ", \($0 >> 20) MiB" } ?? ""))
        return lines.joined(separator: "\n")
    }

    private func text(_ name: String) -> String { NodeStatus.text(report[name]) }

    static func text(_ value: JSONValue?) -> String {
        switch value {
        case .string(let text): text
        case .number(let text): text
        case .bool(let flag): flag ? "yes" : "no"
        default: "?"
        }
    }

    private static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7_200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3_600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}

/// Where a node of this machine listens, asked with one plain request for each answer.
struct NodeAddress: CustomStringConvertible {
    private static let statusBytesMax = 16 << 20
    private static let patienceSeconds = 10

    private let host: String
    private let port: Int

    init(host: String, port: Int) {
        self.host = host == "0.0.0.0" ? "127.0.0.1" : host == "::" ? "::1" : host
        self.port = port
    }

    var description: String { "http://" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)" }

    func get(_ path: String) throws -> JSONValue {
        let (status, json) = try ask(path)
        guard status == 200 else { throw silence("it does not answer as a node does") }
        return json
    }

    /// The status of an answer that is JSON, and what it says.
    func ask(_ path: String) throws -> (status: Int, json: JSONValue) {
        let answer = try exchange("GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
        let separator = Array("\r\n\r\n".utf8)
        guard let end = answer.firstRange(of: separator), answer.starts(with: Array("HTTP/1.1 ".utf8)),
            let status = Int(String(decoding: answer.dropFirst(9).prefix(3), as: UTF8.self))
        else { throw silence("it does not answer as a node does") }
        do {
            return (
                status,
                try JSONReader.parse(
                    Array(answer[end.upperBound...]), limits: JSONLimits(bytesMax: Self.statusBytesMax))
            )
        } catch {
            throw silence("its answer is not JSON: \(error)")
        }
    }

    private func silence(_ cause: String) -> NodeFault {
        NodeFault("the node does not answer on \(description)", exit: .failed, cause: cause, remedy: "is it running?")
    }

    /// Whether somebody listens there.
    var accepts: Bool {
        guard let connection = try? connected(patienceSeconds: 3) else { return false }
        close(connection)
        return true
    }

    /// A connection, which the caller closes.
    private func connected(patienceSeconds: Int) throws -> Int32 {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0, let address = list else { throw silence(String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        let connection = socket(
            address.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard connection >= 0 else { throw silence(String(cString: strerror(errno))) }
        var patience = timeval(tv_sec: patienceSeconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(connection, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        guard connect(connection, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            let cause = String(cString: strerror(errno))
            close(connection)
            throw silence(cause)
        }
        return connection
    }

    private func exchange(_ request: String) throws -> [UInt8] {
        let connection = try connected(patienceSeconds: Self.patienceSeconds)
        defer { close(connection) }
        let bytes = Array(request.utf8)
        guard send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
            throw silence(String(cString: strerror(errno)))
        }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(connection, &chunk, chunk.count, 0)
            if count == 0 { return answer }
            guard count > 0 else { throw silence(String(cString: strerror(errno))) }
            answer += chunk[..<count]
            guard answer.count <= Self.statusBytesMax else { throw silence("its answer is too long") }
        }
    }
}
