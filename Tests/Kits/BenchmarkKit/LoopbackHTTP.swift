import Foundation
import Glibc

/// One HTTP/1.1 connection to this machine that is kept open: blocking, for one thread. Less of a client than a
/// benchmark's client could not be, since it shares the processors with the node that it measures.
package final class LoopbackHTTP {
    package struct Answer {
        package var status: Int
        package var body: [UInt8]
    }

    package struct Broken: Error, CustomStringConvertible { package var description: String }

    private let descriptor: Int32
    private var buffer: [UInt8] = []

    package init(port: Int) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard connected == 0 else {
            close(descriptor)
            throw Broken(description: "nothing listens on port \(port)")
        }
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    package func get(_ path: String) throws -> Answer {
        try send(Array("GET \(path) HTTP/1.1\r\nhost: localhost\r\n\r\n".utf8))
    }

    package func post(_ path: String, json: [UInt8]) throws -> Answer {
        let head =
            "POST \(path) HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: \(json.count)\r\n\r\n"
        return try send(Array(head.utf8) + json)
    }

    private func send(_ request: [UInt8]) throws -> Answer {
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes { write(descriptor, $0.baseAddress! + sent, $0.count - sent) }
            guard count > 0 else { throw Broken(description: "the node closed the connection") }
            sent += count
        }
        return try receive()
    }

    private func receive() throws -> Answer {
        while true {
            if let answer = try complete() { return answer }
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(descriptor, &chunk, chunk.count)
            guard count > 0 else { throw Broken(description: "the node closed the connection") }
            buffer += chunk[..<count]
        }
    }

    /// An answer that is there from its first to its last byte, whole or in chunks.
    private func complete() throws -> Answer? {
        guard let headEnd = buffer.firstRange(of: [13, 10, 13, 10]) else { return nil }
        let lines = String(decoding: buffer[..<headEnd.lowerBound], as: UTF8.self).lowercased().split(separator: "\r\n")
        let status = lines[0].split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        func value(_ name: String) -> String? {
            lines.first { $0.hasPrefix(name + ":") }.map {
                $0.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
            }
        }
        if value("transfer-encoding") == "chunked" {
            guard let (body, end) = try chunks(from: headEnd.upperBound) else { return nil }
            buffer.removeFirst(end)
            return Answer(status: status, body: body)
        }
        guard let length = value("content-length").flatMap({ Int($0) }) else {
            throw Broken(description: "an answer without its length: \(lines)")
        }
        guard buffer.count >= headEnd.upperBound + length else { return nil }
        let body = Array(buffer[headEnd.upperBound..<headEnd.upperBound + length])
        buffer.removeFirst(headEnd.upperBound + length)
        return Answer(status: status, body: body)
    }

    /// The body in chunks that begins at `start`, and where it ends.
    private func chunks(from start: Int) throws -> (body: [UInt8], end: Int)? {
        var (body, place): ([UInt8], Int) = ([], start)
        while let line = buffer[place...].firstRange(of: [13, 10]) {
            guard let size = Int(String(decoding: buffer[place..<line.lowerBound], as: UTF8.self), radix: 16) else {
                throw Broken(description: "a chunk without its length")
            }
            place = line.upperBound + size + 2
            guard buffer.count >= place else { return nil }
            body += buffer[line.upperBound..<line.upperBound + size]
            if size == 0 { return (body, place) }
        }
        return nil
    }
}
