import Foundation
import Glibc

/// Why a node does not start, in a line for the person who can mend it. Starting again changes nothing.
package struct StartRefusal: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) { self.description = description }
}

/// One process at a time works in a node's folder: two that sign with one key would be evidence against it.
///
/// The kernel lets go of the lock when the process ends, however it ends.
final class HomeLock: Sendable {
    private let descriptor: Int32

    init(_ home: NodeHome) throws {
        let path = home.folder + "/data/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StartRefusal("cannot write \(path): \(String(cString: strerror(errno)))") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StartRefusal("another node runs in \(home.folder)")
        }
    }

    deinit { close(descriptor) }
}

/// A place to listen at, looked at before anything is started: a node that has opened its chain and then finds its port
/// taken would have started for nothing.
struct ListeningPort {
    var host: String
    var port: Int
    /// What listens there, for the message.
    var purpose: String

    func requireFree() throws {
        if let problem = problem() { throw StartRefusal("cannot serve \(purpose) on \(host):\(port): \(problem)") }
    }

    /// What keeps us from listening here.
    private func problem() -> String? {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        let status = getaddrinfo(host, String(port), &hints, &list)
        guard status == 0, let address = list else { return String(cString: gai_strerror(status)) }
        defer { freeaddrinfo(list) }
        let descriptor = socket(
            address.pointee.ai_family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return String(cString: strerror(errno)) }
        defer { close(descriptor) }
        // As the servers do it: connections of an earlier run that linger do not count.
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.pointee.ai_addr, address.pointee.ai_addrlen) == 0, listen(descriptor, 1) == 0
        else {
            return errno == EADDRINUSE ? "the port is in use" : String(cString: strerror(errno))
        }
        return nil
    }
}
