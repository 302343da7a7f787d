import Foundation
import Glibc

/// One process at a time works in a node's folder: two that sign with one key would be evidence against it.
///
/// The kernel lets go of the lock when the process ends, however it ends.
final class HomeLock: Sendable {
    private let descriptor: Int32
    private static let turnsPerSecond = 20

    /// Waits for so many seconds for who only looks into the folder, as `doctor` does: a start that gave up at once
    /// would end with a status after which nobody starts again.
    init(_ home: NodeHome, patienceSeconds: Int = 0) throws {
        descriptor = try Self.lock(
            home.folder + "/data/lock", or: "another node runs in \(home.folder)", patienceSeconds: patienceSeconds)
    }

    /// For a local network, which makes, moves and configures the folder of its node.
    init(localnet home: NodeHome) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: home.folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw NodeFault(error, at: home.folder)
        }
        descriptor = try Self.lock(
            home.folder + "/localnet.lock", or: "another local network runs in \(home.folder)",
            remedy: "stop it, or choose another folder with --home")
    }

    private static func lock(
        _ path: String, or refusal: String, remedy: String? = nil, patienceSeconds: Int = 0
    ) throws -> Int32 {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw NodeFault(
                "cannot write it", exit: .data, path: path, cause: String(cString: strerror(errno)),
                remedy: "give the folder to the user that runs the node")
        }
        var turns = patienceSeconds * turnsPerSecond
        while turns > 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            usleep(useconds_t(1_000_000 / turnsPerSecond))
            turns -= 1
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw NodeFault(refusal, remedy: remedy)
        }
        // Whoever held it before is no longer to be found by it.
        ftruncate(descriptor, 0)
        return descriptor
    }

    /// From now on signals that are meant for the node find this process.
    func sayProcess() {
        let text = Array("\(getpid())\n".utf8)
        _ = pwrite(descriptor, text, text.count, 0)
    }

    static func isHeld(_ home: NodeHome) -> Bool {
        let descriptor = open(home.folder + "/data/lock", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return flock(descriptor, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK
    }

    /// The process of the node that runs in the folder; `nil` if none does, or if it does not say.
    static func process(_ home: NodeHome) -> pid_t? {
        // A number of a process that is gone may be another's by now.
        guard isHeld(home), let text = try? String(contentsOfFile: home.folder + "/data/lock", encoding: .utf8) else {
            return nil
        }
        return pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines))
    }

    deinit { close(descriptor) }
}

extension NodeHome {
    /// What root leaves in a folder of the node's user, the node cannot open.
    func requireOwnUser() throws {
        var status = stat()
        guard stat(folder, &status) == 0, status.st_uid != geteuid() else { return }
        throw NodeFault(
            "the folder is user \(status.st_uid)'s, and this program is run by user \(geteuid())", path: folder,
            remedy: "run it as the folder's user (sudo -u)")
    }
}

/// A place to listen at, looked at before anything is started: a node that has opened its chain and then finds its port
/// taken would have started for nothing.
struct ListeningPort {
    var host: String
    var port: Int
    /// What listens there, for the message.
    var purpose: String

    func requireFree() throws {
        if let problem = problem() { throw NodeFault("cannot serve \(purpose) on \(host):\(port): \(problem)") }
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
