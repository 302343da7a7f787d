import Foundation
import Glibc
import PeerWire
import Synchronization

/// A connection that says only what a test says. Its own thread reads.
final class RawSocket: Sendable {
    private let descriptor: Int32
    private let state = Mutex<(received: [UInt8], isClosed: Bool)>(([], false))

    init(port: UInt16) throws {
        descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw POSIXError(.ECONNREFUSED) }
        Thread.detachNewThread { [self] in
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = recv(descriptor, &buffer, buffer.count, 0)
                guard count > 0 else { break }
                state.withLock { $0.received += buffer[..<count] }
            }
            state.withLock { $0.isClosed = true }
        }
    }

    deinit { close(descriptor) }

    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// What came since it was last asked.
    func take() -> [UInt8] {
        state.withLock { state in
            defer { state.received = [] }
            return state.received
        }
    }

    /// `false` if not all of it could be written in time, or the other side is gone.
    @discardableResult
    func write(_ bytes: [UInt8], seconds: Int = 10) -> Bool {
        var time = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &time, socklen_t(MemoryLayout<timeval>.size))
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            offset += count
        }
        return true
    }

    func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }
}

/// A peer that is connected, and says whatever it is told to.
final class Wordy: Sendable {
    private let socket: RawSocket
    private let answersPings: Bool
    private let state: Mutex<(link: PeerLink, pongs: Int, messages: [(PeerChannel, [UInt8])])>

    /// Returns once the connection is open, or closed.
    init(_ side: Side, _ port: UInt16, answersPings: Bool = true) throws {
        socket = try RawSocket(port: port)
        self.answersPings = answersPings
        let link = side.link()
        state = Mutex((link, 0, []))
        socket.write(link.hello)
        let end = Date(timeIntervalSinceNow: 10)
        while !socket.isClosed, Date() < end, !state.withLock({ $0.link.isOpen }) {
            read()
            usleep(1000)
        }
        Thread.detachNewThread { [weak self, socket] in
            while !socket.isClosed {
                self?.read()
                usleep(2000)
            }
        }
    }

    deinit { socket.hangUp() }

    var isClosed: Bool { socket.isClosed }
    var pongs: Int { state.withLock { $0.pongs } }
    var messages: [(PeerChannel, [UInt8])] { state.withLock { $0.messages } }

    private func read() {
        state.withLock { state in
            for event in (try? state.link.receive(socket.take())) ?? [] {
                switch event {
                case .send(let bytes): socket.write(bytes)
                case .ping where answersPings:
                    socket.write(state.link.seal(Delimited.encode(PeerPacket.pong.protobuf)))
                case .pong: state.pongs += 1
                case .message(let channel, let bytes): state.messages.append((channel, bytes))
                default: break
                }
            }
        }
    }

    /// Packets, sealed.
    func write(_ packets: [UInt8]) throws { state.withLock { _ = socket.write($0.link.seal(packets)) } }

    func send(_ message: [UInt8], on channel: PeerChannel) throws {
        try write(PeerPacket.encode(message, channel: channel))
    }

    /// On a channel that nobody may have.
    func send(_ message: [UInt8], on number: UInt8) throws {
        guard let channel = PeerChannel(rawValue: number) else {
            return try write(
                Delimited.encode(PeerPacket.piece(channel: number, isLast: true, message[...]).protobuf))
        }
        try send(message, on: channel)
    }

    /// Whether the other side stops reading before all is written.
    func flood(_ message: [UInt8], on channel: PeerChannel, count: Int, seconds: Int) throws -> Bool {
        let packets = PeerPacket.encode(message, channel: channel)
        return state.withLock { state in
            (0..<count).contains { _ in !socket.write(state.link.seal(packets), seconds: seconds) }
        }
    }
}
