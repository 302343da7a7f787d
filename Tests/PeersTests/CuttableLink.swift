import Foundation
import Glibc
import PeerWire
import Synchronization

/// A way to a node on this machine that can be cut: what goes over it ends, and nobody gets through for a while.
final class CuttableLink: Sendable {
    private struct State {
        var isCut = false
        var hasEnded = false
        var open: [Int32] = []
    }

    private let listener: Int32
    private let target: UInt16
    let port: UInt16
    private let state = Mutex(State())

    init(to target: UInt16) throws {
        self.target = target
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        listener = descriptor
        var place = CuttableLink.place(0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let port: UInt16? = withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                guard bind(descriptor, $0, length) == 0, listen(descriptor, 16) == 0,
                    getsockname(descriptor, $0, &length) == 0
                else { return nil }
                return UInt16(bigEndian: pointer.pointee.sin_port)
            }
        }
        guard let port else { throw POSIXError(.EADDRNOTAVAIL) }
        self.port = port
        Thread.detachNewThread { [self] in accept() }
    }

    var isCut: Bool {
        get { state.withLock { $0.isCut } }
        set {
            state.withLock { state in
                state.isCut = newValue
                if newValue { for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) } }
            }
        }
    }

    func end() {
        state.withLock { state in
            state.hasEnded = true
            for descriptor in state.open { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private static func place(_ port: UInt16) -> sockaddr_in {
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_port = in_port_t(port).bigEndian
        place.sin_addr.s_addr = in_addr_t(0x7f00_0001).bigEndian
        return place
    }

    private func accept() {
        while true {
            let near = Glibc.accept(listener, nil, nil)
            guard near >= 0 else { break }
            let far = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var place = CuttableLink.place(target)
            let isConnected = withUnsafePointer(to: &place) { pointer in
                pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    connect(far, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
                }
            }
            let isOpen = state.withLock { state in
                guard isConnected, !state.isCut, !state.hasEnded else { return false }
                state.open += [near, far]
                return true
            }
            guard isOpen else {
                close(near)
                close(far)
                continue
            }
            let half = Half { [self] in
                state.withLock { $0.open.removeAll { $0 == near || $0 == far } }
                close(near)
                close(far)
            }
            Thread.detachNewThread { half.copy(near, far) }
            Thread.detachNewThread { half.copy(far, near) }
        }
        close(listener)
    }

    /// Both directions of one connection; the last one closes it.
    private final class Half: Sendable {
        private let count = Mutex(0)
        private let closing: @Sendable () -> Void

        init(closing: @escaping @Sendable () -> Void) { self.closing = closing }

        func copy(_ from: Int32, _ to: Int32) {
            var bytes = [UInt8](repeating: 0, count: 65_536)
            while true {
                let count = recv(from, &bytes, bytes.count, 0)
                guard count > 0 else { break }
                var sent = 0
                while sent < count {
                    let more = bytes[sent..<count].withUnsafeBytes {
                        send(to, $0.baseAddress!, $0.count, Int32(MSG_NOSIGNAL))
                    }
                    guard more > 0 else { break }
                    sent += more
                }
                guard sent == count else { break }
            }
            for descriptor in [from, to] { shutdown(descriptor, Int32(SHUT_RDWR)) }
            let isLast = count.withLock { count in
                count += 1
                return count == 2
            }
            if isLast { closing() }
        }
    }
}
