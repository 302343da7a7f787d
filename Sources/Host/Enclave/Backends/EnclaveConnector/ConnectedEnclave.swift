import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc

/// An enclave at the other end of a Unix socket.
///
/// Its lanes are connections, made one after the other: control, execution, then the query lanes. The first frame of
/// each says which lane it is, so whoever mixes them up is found out. All are there before anything is said on one.
package final class ConnectedEnclave: EnclaveBackend {
    package let lanes: EnclaveLanes
    private let end = EnclaveEnd()

    package var execution: any ExecutionLink { lanes.execution }
    package var queries: [any QueryLink] { lanes.queries }
    package var onEnd: (@Sendable (String) -> Void)? {
        get { end.handler }
        set { end.handler = newValue }
    }

    /// Whoever accepts the connections must have said hello on each within `patience` seconds.
    package init(socket path: String, queryLanes: Int, patience: Int = 20) throws {
        // An enclave that is gone is an error of the next write, not the end of this process.
        signal(SIGPIPE, SIG_IGN)
        var descriptors: [Int32] = []
        do {
            for _ in 0..<(2 + queryLanes) { descriptors.append(try Self.connect(path)) }
        } catch {
            for descriptor in descriptors { close(descriptor) }
            throw error
        }
        for descriptor in descriptors { Self.setPatience(of: descriptor, seconds: patience) }
        // Another descriptor of the control lane, which outlives the lane's own.
        let watched = fcntl(descriptors[0], F_DUPFD_CLOEXEC, 0)
        guard watched >= 0 else {
            let reason = String(cString: strerror(errno))
            for descriptor in descriptors { close(descriptor) }
            throw EnclaveError.notStarted("\(path): \(reason)")
        }
        do {
            lanes = try EnclaveLanes(descriptors)
        } catch {
            close(watched)
            throw EnclaveError.notStarted("\(path): \(error)")
        }
        // From here on a call may take as long as a block does.
        for descriptor in descriptors { Self.setPatience(of: descriptor, seconds: 0) }
        let thread = Thread { [end] in
            Self.waitForEnd(of: watched)
            close(watched)
            end.came("the connection to \(path) ended")
        }
        thread.name = "enclave-connection"
        thread.start()
    }

    /// The descriptor that is watched keeps the connection open: the enclave would not see that nobody is here.
    deinit { lanes.control.cut() }

    package func withControl<Value>(_ body: (any ControlLink) throws -> Value) rethrows -> Value {
        try lanes.withControl(body)
    }

    package func stop() { lanes.control.close() }

    // MARK: - Sockets

    /// The longest path that fits into an address, with the zero behind it.
    package static let pathBytesMax = MemoryLayout.size(ofValue: sockaddr_un().sun_path) - 1

    /// One connection; for who speaks in frames.
    package static func connect(_ path: String) throws -> Int32 {
        guard (1...pathBytesMax).contains(path.utf8.count), !path.utf8.contains(0) else {
            throw EnclaveError.notStarted("a socket's path has 1 to \(pathBytesMax) bytes")
        }
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw EnclaveError.notStarted("socket: \(String(cString: strerror(errno)))") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw EnclaveError.notStarted("\(path): \(reason)")
        }
        return descriptor
    }

    private static func setPatience(of descriptor: Int32, seconds: Int) {
        var patience = timeval(tv_sec: seconds, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    /// POLLRDHUP of Linux's <poll.h>, which Swift does not import: the other end will send no more.
    private static let endOfStream: Int16 = 0x2000

    /// Returns once nobody is at the other end; takes no byte that is on its way.
    private static func waitForEnd(of descriptor: Int32) {
        var watched = pollfd(fd: descriptor, events: endOfStream, revents: 0)
        while poll(&watched, 1, -1) < 0 && errno == EINTR {}
    }
}

extension ConnectedEnclave: ObservableEnclave {
    package var traffic: EnclaveTraffic { lanes.traffic }
    /// Whose process it is, the socket does not say.
    package var confinement: KernelConfinement? { nil }
}
