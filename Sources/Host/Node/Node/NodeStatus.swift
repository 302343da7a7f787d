import Foundation
import Glibc
import StrictJSON

/// What a running node answers about itself, asked over its own REST interface.
package struct NodeStatus: Sendable {
    /// JSON, for people and for scripts.
    package let text: String

    package init(of configuration: NodeConfiguration) throws {
        let place = NodeAddress(host: configuration.restHost, port: configuration.restPort)
        let block = try place.get("/cosmos/base/tendermint/v1beta1/blocks/latest")
        let info = try place.get("/cosmos/base/tendermint/v1beta1/node_info")
        let header = block["block"]?["header"]
        let members: [(String, JSONValue?)] = [
            ("chain_id", header?["chain_id"]), ("height", header?["height"]), ("time", header?["time"]),
            ("block_hash", block["block_id"]?["hash"]), ("app_hash", header?["app_hash"]),
            ("moniker", info["default_node_info"]?["moniker"]),
            ("version", info["application_version"]?["version"]), ("rest", .string(place.description)),
        ]
        let lines = members.map { name, value in
            "  \(JSONWriter.text(of: .string(name))): \(JSONWriter.text(of: value ?? .null))"
        }
        text = "{\n" + lines.joined(separator: ",\n") + "\n}"
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
        let answer = try exchange("GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
        let separator = Array("\r\n\r\n".utf8)
        guard let end = answer.firstRange(of: separator), answer.starts(with: Array("HTTP/1.1 200".utf8)) else {
            throw silence("it does not answer as a node does")
        }
        do {
            return try JSONReader.parse(
                Array(answer[end.upperBound...]), limits: JSONLimits(bytesMax: Self.statusBytesMax))
        } catch {
            throw silence("its answer is not JSON: \(error)")
        }
    }

    private func silence(_ cause: String) -> NodeFault {
        NodeFault("the node does not answer on \(description)", exit: .failed, cause: cause, remedy: "is it running?")
    }

    private func exchange(_ request: String) throws -> [UInt8] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0, let address = list else { throw silence(String(cString: gai_strerror(status))) }
        defer { freeaddrinfo(list) }
        let connection = socket(
            address.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard connection >= 0 else { throw silence(String(cString: strerror(errno))) }
        defer { close(connection) }
        var patience = timeval(tv_sec: Self.patienceSeconds, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            setsockopt(connection, SOL_SOCKET, option, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        guard connect(connection, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0 else {
            throw silence(String(cString: strerror(errno)))
        }
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
