import Glibc
import PublicCryptography
import StrictJSON

/// A WebSocket client that sends what it is told (RFC 6455). It blocks, though not for ever: a test calls it on a
/// thread of its own.
final class WebSocketClient {
    enum Failure: Error { case system(Int32), refused(String), closed(code: Int, reason: String), quiet }

    private let descriptor: Int32
    /// For what is waited for, whatever else comes meanwhile.
    private let patience: Duration
    private var received: [UInt8] = []

    init(port: Int, path: String = "/websocket", seconds: Int = 600) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        self.patience = .seconds(seconds)
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure.system(errno) }
        try write(
            Array(
                ("GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").utf8))
        let end = Array("\r\n\r\n".utf8)
        while received.firstRange(of: end) == nil { try read() }
        let head = received[..<received.firstRange(of: end)!.lowerBound]
        received.removeFirst(head.count + end.count)
        let text = String(decoding: head, as: UTF8.self)
        // The accept value of RFC 6455, section 1.3, for its own key.
        guard text.hasPrefix("HTTP/1.1 101"), text.contains("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") else {
            throw Failure.refused(text)
        }
    }

    deinit { close(descriptor) }

    private func write(_ bytes: [UInt8]) throws {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure.system(errno) }
            start += count
        }
    }

    private func read() throws {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count >= 0 else { throw errno == EAGAIN ? Failure.quiet : .system(errno) }
        guard count > 0 else { throw Failure.closed(code: 0, reason: "") }
        received += chunk[..<count]
    }

    /// One frame, masked as a client's must be.
    func send(_ payload: [UInt8], opcode: UInt8 = 1, isLast: Bool = true) throws {
        var frame: [UInt8] = [(isLast ? 0x80 : 0) | opcode]
        switch payload.count {
        case ..<126: frame.append(0x80 | UInt8(payload.count))
        case ..<65_536: frame += [0x80 | 126, UInt8(payload.count >> 8), UInt8(payload.count & 255)]
        default:
            frame.append(0x80 | 127)
            frame += (0..<8).reversed().map { UInt8(truncatingIfNeeded: payload.count >> ($0 * 8)) }
        }
        let mask: [UInt8] = [1, 2, 3, 4]
        try write(frame + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] })
    }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    /// The next message. Pings on the way are answered: a server that hears nothing for long lets go.
    func message() throws -> JSONValue {
        let start = ContinuousClock.now
        while start.duration(to: .now) < patience {
            let (opcode, payload) = try frame()
            switch opcode {
            case 1: return try JSONReader.parse(payload, limits: JSONLimits(bytesMax: 1 << 24))
            case 8:
                let code = payload.count >= 2 ? Int(payload[0]) << 8 | Int(payload[1]) : 0
                throw Failure.closed(code: code, reason: String(decoding: payload.dropFirst(2), as: UTF8.self))
            case 9: try send(payload, opcode: 10)
            default: continue
            }
        }
        throw Failure.quiet
    }

    private func frame() throws -> (opcode: UInt8, payload: [UInt8]) {
        func need(_ count: Int) throws { while received.count < count { try read() } }
        try need(2)
        let opcode = received[0] & 15
        var (length, start) = (Int(received[1]), 2)
        if length == 126 {
            try need(4)
            (length, start) = (Int(received[2]) << 8 | Int(received[3]), 4)
        } else if length == 127 {
            try need(10)
            (length, start) = (received[2..<10].reduce(0) { $0 << 8 | Int($1) }, 10)
        }
        try need(start + length)
        defer { received.removeFirst(start + length) }
        return (opcode, Array(received[start..<start + length]))
    }
}
