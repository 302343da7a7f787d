import Foundation
import Glibc
import Synchronization
import TestSupport

/// A program that a test started, with exactly the descriptors that it was given.
package final class Child: Sendable {
    package let process: pid_t
    private let folder = TemporaryFolder("child")
    private let errorFile: String
    private let status = Mutex<Int32?>(nil)

    /// What a launcher must not hand on.
    package static let environment = ["HOME=/root", "LD_BIND_NOW=1", "PATH=/usr/bin:/bin"]

    /// `descriptors` become 3, 4 and up. A `user` needs a test that runs as root. Standard error is added to
    /// `errorFile`, which outlives the child, or to a file of its own.
    package init(
        _ command: [String], descriptors: [Int32] = [], user: UInt32? = nil,
        environment: [String] = Child.environment, errorFile: String? = nil
    ) throws {
        self.errorFile = errorFile ?? folder.path("errors")
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // First above all of them, then down, so that no descriptor is overwritten before it was copied.
        let above = max(600, (descriptors.max() ?? 0) + 1)
        for (index, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, above + Int32(index))
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (number, path) in [(Int32(1), folder.path("output")), (2, self.errorFile)] {
            posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        }
        for index in descriptors.indices {
            posix_spawn_file_actions_adddup2(&actions, above + Int32(index), Int32(3 + index))
            posix_spawn_file_actions_addclose(&actions, above + Int32(index))
        }
        // What whoever started this process left open without saying that it ends with an execution.
        for surplus in (3 + descriptors.count)..<64 {
            posix_spawn_file_actions_addclose(&actions, Int32(surplus))
        }

        let change = user.map {
            ["/usr/bin/setpriv", "--reuid=\($0)", "--regid=\($0)", "--clear-groups", "--inh-caps=-all"]
        }
        let words = (change ?? []) + command
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
        defer { for entry in variables { free(entry) } }
        var process = pid_t()
        let failure = posix_spawn(&process, words[0], &actions, nil, &arguments, &variables)
        guard failure == 0 else { throw SystemFailure("posix_spawn \(words[0])", failure) }
        self.process = process
    }

    deinit {
        if exitStatus(waiting: 0) == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
    }

    package func end(by signal: Int32) { kill(process, signal) }

    /// The exit status, 128 and the signal if it was killed, or `nil` when it still runs after `seconds`.
    package func exitStatus(waiting seconds: Double = 20) -> Int32? {
        let deadline = Date(timeIntervalSinceNow: seconds)
        while true {
            if let known = status.withLock({ $0 ?? reap(&$0) }) { return known }
            guard Date() < deadline else { return nil }
            usleep(2_000)
        }
    }

    /// Called under the lock: a process that is gone has a status once.
    private func reap(_ status: inout Int32?) -> Int32? {
        var raw: Int32 = 0
        guard waitpid(process, &raw, WNOHANG) == process else { return nil }
        status = raw & 0x7f == 0 ? raw >> 8 & 0xff : 128 + raw & 0x7f
        return status
    }

    /// Returns with its end, however long that takes.
    package func waitForEnd() -> Int32 {
        var information = siginfo_t()
        while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        while true {
            if let status = exitStatus(waiting: 1) { return status }
        }
    }

    /// What it wrote to standard error so far.
    package var said: String { (try? String(contentsOfFile: errorFile, encoding: .utf8)) ?? "" }

    /// What it wrote to standard output so far.
    package var output: String { (try? String(contentsOfFile: folder.path("output"), encoding: .utf8)) ?? "" }

    /// Its child processes.
    package var children: [pid_t] {
        let list = try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
        return (list ?? "").split(separator: " ").compactMap { pid_t($0) }
    }

    /// Runs a program to its end and returns its status and what it wrote.
    package static func run(
        _ command: [String], user: UInt32? = nil
    ) throws -> (status: Int32?, output: String, errors: String) {
        let child = try Child(command, user: user)
        let status = child.exitStatus(waiting: 60)
        return (status, child.output, child.said)
    }
}

/// Whether the process is gone, or dead and only waiting to be reaped, within `seconds`.
package func isDead(_ process: pid_t, waiting seconds: Double = 10) -> Bool {
    let deadline = Date(timeIntervalSinceNow: seconds)
    while Date() < deadline {
        guard let status = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return true }
        if let state = status[(status.lastIndex(of: ")") ?? status.startIndex)...].dropFirst(2).first, state == "Z" {
            return true
        }
        usleep(2_000)
    }
    return false
}
