import Foundation
import Glibc

/// A program that a test started, with exactly the descriptors that it was given.
final class Child: @unchecked Sendable {
    let process: pid_t
    private let folder: TemporaryFolder
    private var status: Int32?

    /// `descriptors` become 3, 4 and up. A `user` needs a test that runs as root.
    init(
        _ command: [String], descriptors: [Int32] = [], user: UInt32? = nil, environment added: [String] = []
    ) throws {
        folder = try TemporaryFolder()
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (index, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(600 + index))
        }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (number, name) in [(Int32(1), "output"), (2, "errors")] {
            let path = folder.url.appendingPathComponent(name).path
            posix_spawn_file_actions_addopen(&actions, number, path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        }
        for index in descriptors.indices {
            posix_spawn_file_actions_adddup2(&actions, Int32(600 + index), Int32(3 + index))
        }
        for surplus in (3 + descriptors.count)..<64 {
            posix_spawn_file_actions_addclose(&actions, Int32(surplus))
        }

        let change = user.map {
            ["/usr/bin/setpriv", "--reuid=\($0)", "--regid=\($0)", "--clear-groups", "--inh-caps=-all"]
        }
        let words = (change ?? []) + command
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        // The launcher must not hand this on.
        let variables = ["HOME=/root", "LD_BIND_NOW=1", "PATH=/usr/bin:/bin"] + added
        var environment: [UnsafeMutablePointer<CChar>?] = variables.map { strdup($0) } + [nil]
        defer { for entry in environment { free(entry) } }
        var process = pid_t()
        let failure = posix_spawn(&process, words[0], &actions, nil, &arguments, &environment)
        guard failure == 0 else { throw POSIXError(POSIXErrorCode(rawValue: failure) ?? .EIO) }
        self.process = process
    }

    deinit {
        if status == nil {
            kill(process, SIGKILL)
            waitpid(process, nil, 0)
        }
    }

    func end(by signal: Int32) { kill(process, signal) }

    /// The exit status, 128 and the signal if it was killed, or `nil` when it still runs after `seconds`.
    func exitStatus(waiting seconds: Double = 20) -> Int32? {
        if let status { return status }
        let deadline = Date(timeIntervalSinceNow: seconds)
        while Date() < deadline {
            var raw: Int32 = 0
            if waitpid(process, &raw, WNOHANG) == process {
                status = raw & 0x7f == 0 ? raw >> 8 & 0xff : 128 + raw & 0x7f
                return status
            }
            usleep(2_000)
        }
        return nil
    }

    /// What it wrote to standard error so far.
    var said: String { text("errors") }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: folder.url.appendingPathComponent(name), encoding: .utf8)) ?? ""
    }

    /// Its child processes.
    var children: [pid_t] {
        let list = try? String(contentsOfFile: "/proc/\(process)/task/\(process)/children", encoding: .utf8)
        return (list ?? "").split(separator: " ").compactMap { pid_t($0) }
    }

    /// Runs a program to its end and returns its status and standard output.
    static func run(_ command: [String], user: UInt32? = nil) throws -> (status: Int32?, output: String, errors: String)
    {
        let child = try Child(command, user: user)
        let status = child.exitStatus(waiting: 60)
        return (status, child.text("output"), child.said)
    }
}

/// Whether the process is gone, or dead and only waiting to be reaped, within `seconds`.
func isDead(_ process: pid_t, waiting seconds: Double = 10) -> Bool {
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
