import Foundation
import Glibc
import Synchronization
import TestSupport

/// A Unix socket that listens and whose connections nobody has taken yet.
package final class ListeningSocket: Sendable {
    package let path: String
    private let descriptor: Int32

    package init(_ path: String) throws {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let status = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard status == 0, listen(descriptor, 32) == 0 else { throw SystemFailure("listen \(path)") }
    }

    deinit { close(descriptor) }

    /// The next connection.
    package func accept() throws -> Int32 {
        let connection = Glibc.accept(descriptor, nil, nil)
        guard connection >= 0 else { throw SystemFailure("accept") }
        _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
        return connection
    }
}

/// An enclave whose lanes are the connections to a Unix socket, in the order in which they come: control, execution,
/// queries. The launcher starts once all are there.
package final class EnclaveOnSocket: Sendable {
    private let launcher = Mutex<Child?>(nil)

    package init(_ path: String, state: String, queryLanes: Int) throws {
        let socket = try ListeningSocket(path)
        let thread = Thread { [weak self] in
            var lanes: [Int32] = []
            while lanes.count < 2 + queryLanes, let lane = try? socket.accept() { lanes.append(lane) }
            let child = try? Child(
                [
                    Programs.launcher, "--enclave", Programs.enclave, "--state", state, "--query-lanes",
                    String(queryLanes),
                ], descriptors: lanes)
            for lane in lanes { close(lane) }
            self?.launcher.withLock { $0 = child }
        }
        thread.start()
    }

    /// Returns with the end of the enclave, once somebody came; its launcher's status.
    package func waitForEnd() -> Int32 {
        while true {
            if let child = launcher.withLock({ $0 }) { return child.waitForEnd() }
            usleep(10_000)
        }
    }

    package func kill() {
        let child = launcher.withLock { $0 }
        child?.end(by: SIGKILL)
        _ = child?.waitForEnd()
    }
}
