import Dispatch
import Glibc

/// A client that sends what it is told, byte by byte, which ordinary HTTP clients refuse to.
struct LoopbackClient {
    struct Answer {
        var status: Int
        /// By lower-case name.
        var headers: [String: String]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    let port: Int
    /// The last byte of the address of loopback that it calls from: the server takes each for another client.
    let address: UInt8

    init(port: Int, from address: UInt8 = 1) {
        self.port = port
        self.address = address
    }

    func get(_ target: String, headers: String = "") async throws -> Answer {
        try await answers(to: "GET \(target) HTTP/1.1\r\nHost: a\r\n\(headers)\r\n", count: 1)[0]
    }

    func post(_ target: String, _ body: String) async throws -> Answer {
        try await answers(
            to: "POST \(target) HTTP/1.1\r\nHost: a\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)", count: 1)[0]
    }

    /// Sends `text` over one connection and reads `count` answers from it.
    func answers(to text: String, count: Int) async throws -> [Answer] {
        let client = self
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try client.exchange(Array(text.utf8), count) })
            }
        }
    }

    /// Sends the parts over one connection, each when something came back for the one before, and reads until the
    /// connection closes or is quiet for a while.
    func conversation(_ parts: [String]) async throws -> (answers: [Answer], isClosed: Bool) {
        let client = self
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try client.converse(parts.map { Array($0.utf8) }) })
            }
        }
    }

    private func converse(_ parts: [[UInt8]]) throws -> (answers: [Answer], isClosed: Bool) {
        let socket = try connected(seconds: 2)
        defer { close(socket) }
        var received: [UInt8] = []
        var isClosed = false
        var chunk = [UInt8](repeating: 0, count: 65_536)
        for (index, part) in parts.enumerated() {
            guard send(socket, part, part.count, Int32(MSG_NOSIGNAL)) == part.count else { throw Failure.system(errno) }
            // Other tests may keep the server's threads from its first word; after that, silence is the end.
            LoopbackClient.limit(socket, seconds: 30)
            repeat {
                let read = recv(socket, &chunk, chunk.count, 0)
                LoopbackClient.limit(socket, seconds: 2)
                isClosed = read == 0
                guard read > 0 else { break }
                received += chunk[..<read]
            } while index == parts.count - 1
        }
        var answers: [Answer] = []
        while let (answer, length) = LoopbackClient.answer(in: received) {
            answers.append(answer)
            received.removeFirst(length)
        }
        return (answers, isClosed)
    }

    /// What comes for `text` until the server closes the connection.
    func everything(for text: String) throws -> String {
        let socket = try connected(seconds: 60)
        defer { close(socket) }
        let bytes = Array(text.utf8)
        guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else { throw Failure.system(errno) }
        var received: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let read = recv(socket, &chunk, chunk.count, 0)
            guard read >= 0 else { throw Failure.system(errno) }
            guard read > 0 else { return String(decoding: received, as: UTF8.self) }
            received += chunk[..<read]
        }
    }

    /// The same, on a thread of its own.
    func all(for text: String) async throws -> String {
        let client = self
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(with: Result { try client.everything(for: text) })
            }
        }
    }

    /// Connections that have sent `text` and wait for their answers.
    func waiting(_ count: Int, having text: String) throws -> [Int32] {
        try (0..<count).map { _ in
            let socket = try connected(seconds: 60)
            let bytes = Array(text.utf8)
            guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
                throw Failure.system(errno)
            }
            return socket
        }
    }

    /// How many of `sockets` get bytes. It waits on a thread of its own: one of the test's keeps the server, which runs
    /// on the same few, from answering.
    static func answered(_ sockets: [Int32]) async -> Int {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var start = [UInt8](repeating: 0, count: 4096)
                continuation.resume(returning: sockets.count { recv($0, &start, start.count, 0) > 0 })
            }
        }
    }

    /// The statuses of the `count` that are answered first; they are closed and leave `sockets`.
    static func statuses(_ count: Int, of sockets: [Int32]) async throws -> (statuses: [Int], left: [Int32]) {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async {
                continuation.resume(
                    with: Result {
                        var left = sockets
                        var statuses: [Int] = []
                        var start = [UInt8](repeating: 0, count: 4096)
                        while statuses.count < count {
                            var waiting = left.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
                            guard poll(&waiting, nfds_t(waiting.count), 60_000) > 0 else { throw Failure.system(errno) }
                            for answered in waiting where answered.revents != 0 && statuses.count < count {
                                let read = recv(answered.fd, &start, start.count, 0)
                                let words = String(decoding: start[..<max(0, read)], as: UTF8.self).split(
                                    separator: " ")
                                guard words.count > 1, let status = Int(words[1]) else {
                                    throw Failure.closed(after: Array(start[..<max(0, read)]))
                                }
                                statuses.append(status)
                                close(answered.fd)
                                left.removeAll { $0 == answered.fd }
                            }
                        }
                        return (statuses, left)
                    })
            }
        }
    }

    /// For how long reading waits.
    private static func limit(_ socket: Int32, seconds: Int) {
        var timeout = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    }

    private func connected(seconds: Int) throws -> Int32 {
        let socket = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        LoopbackClient.limit(socket, seconds: seconds)
        guard LoopbackClient.call(bind, socket, host: address, port: 0) == 0,
            LoopbackClient.call(connect, socket, host: 1, port: port) == 0
        else {
            close(socket)
            throw Failure.system(errno)
        }
        return socket
    }

    private static func call(
        _ function: (Int32, UnsafePointer<sockaddr>?, socklen_t) -> Int32, _ socket: Int32, host: UInt8, port: Int
    ) -> Int32 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0000 + UInt32(host)).bigEndian
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                function(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    enum Failure: Error { case system(Int32), closed(after: [UInt8]) }

    private func exchange(_ bytes: [UInt8], _ count: Int) throws -> [Answer] {
        let socket = try connected(seconds: 60)
        defer { close(socket) }
        var sent = 0
        while sent < bytes.count {
            let written = bytes[sent...].withUnsafeBytes { send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            // A server that refuses early stops reading; its answer is what counts.
            guard written > 0 else { break }
            sent += written
        }
        var received: [UInt8] = []
        var answers: [Answer] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while answers.count < count {
            if let (answer, length) = LoopbackClient.answer(in: received) {
                answers.append(answer)
                received.removeFirst(length)
                continue
            }
            let read = recv(socket, &chunk, chunk.count, 0)
            guard read > 0 else { throw Failure.closed(after: received) }
            received += chunk[..<read]
        }
        return answers
    }

    private static func answer(in bytes: [UInt8]) -> (Answer, length: Int)? {
        let separator: [UInt8] = [13, 10, 13, 10]
        guard bytes.count >= 4,
            let end = (0...(bytes.count - 4)).first(where: { bytes[$0..<($0 + 4)].elementsEqual(separator) })
        else { return nil }
        let lines = String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\r\n")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] = String(parts[1].drop { $0 == " " })
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard bytes.count >= end + 4 + length else { return nil }
        let status = Int(lines[0].split(separator: " ")[1]) ?? 0
        return (
            Answer(status: status, headers: headers, body: Array(bytes[(end + 4)..<(end + 4 + length)])),
            end + 4 + length
        )
    }
}
