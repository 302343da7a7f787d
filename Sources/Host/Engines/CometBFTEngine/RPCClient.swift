import ABCIServer
import CometBFTReading
import Foundation
import Glibc
import StrictJSON

/// Asks CometBFT's JSON-RPC over HTTP/1.0, one connection a question, on the caller's thread.
///
/// An answer is bounded in bytes and time. Nobody says who answers, so what comes must prove itself.
package struct RPCClient: Sendable {
    package enum Failure: Error, Equatable, CustomStringConvertible {
        case unreachable(String)
        case noAnswer
        case tooLong
        case malformed
        /// CometBFT's own words.
        case refused(String)

        package var description: String {
            switch self {
            case .unreachable(let cause): cause
            case .noAnswer: "the connection ended before the answer"
            case .tooLong: "the answer is too long"
            case .malformed: "the answer is none of CometBFT's RPC"
            case .refused(let text): text
            }
        }
    }

    /// The largest block in Base64, with its commit.
    package static let answerBytesMax = 160 << 20

    private let connect: @Sendable (_ seconds: Int) throws(SocketError) -> Int32
    private let name: String
    private let seconds: Int
    private let answerBytesMax: Int

    package init(_ address: SocketAddress, seconds: Int = 10, answerBytesMax: Int = RPCClient.answerBytesMax) {
        connect = { seconds throws(SocketError) in try address.connect(seconds: seconds) }
        (name, self.seconds, self.answerBytesMax) = ("\(address)", seconds, answerBytesMax)
    }

    /// Of another machine, by its name or number.
    package init(
        host: String, port: UInt16, seconds: Int = 10, answerBytesMax: Int = RPCClient.answerBytesMax
    ) {
        connect = { seconds throws(SocketError) in
            try SocketAddress.connect(host: host, port: port, seconds: seconds)
        }
        (name, self.seconds, self.answerBytesMax) = ("\(host):\(port)", seconds, answerBytesMax)
    }

    package func get(_ path: String) throws(Failure) -> JSONValue {
        try ask("GET \(path) HTTP/1.0\r\nHost: cloister\r\n\r\n", body: [])
    }

    package func call(_ method: String, _ parameters: JSONValue) throws(Failure) -> JSONValue {
        let body = JSONWriter.bytes(of: [
            "jsonrpc": "2.0", "id": .string("1"), "method": .string(method), "params": parameters,
        ])
        return try ask(
            "POST / HTTP/1.0\r\nHost: cloister\r\nContent-Type: application/json\r\nContent-Length: \(body.count)\r\n\r\n",
            body: body)
    }

    private func ask(_ head: String, body: [UInt8]) throws(Failure) -> JSONValue {
        let answer = try exchange(Array(head.utf8) + body)
        do throws(RPCAnswer.Refusal) {
            return try RPCAnswer.result(of: answer, bytesMax: answerBytesMax)
        } catch {
            switch error {
            case .malformed: throw .malformed
            case .refused(let words): throw .refused(words)
            }
        }
    }

    private func exchange(_ request: [UInt8]) throws(Failure) -> [UInt8] {
        let descriptor: Int32
        do throws(SocketError) {
            descriptor = try connect(seconds)
        } catch { throw .unreachable("\(error)") }
        defer { close(descriptor) }
        var start = 0
        while start < request.count {
            let count = request[start...].withUnsafeBytes {
                send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw .noAnswer }
            start += count
        }
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        let deadline = ContinuousClock.now + .seconds(seconds * 6)
        while true {
            let count = recv(descriptor, &chunk, chunk.count, 0)
            if count < 0, errno == EINTR { continue }
            guard count >= 0, ContinuousClock.now < deadline else { throw .noAnswer }
            guard count > 0 else { return answer }
            guard answer.count + count <= answerBytesMax else { throw .tooLong }
            answer += chunk[..<count]
        }
    }
}
