import Foundation
import Glibc
import Synchronization
import TestSupport

/// A program of ours as a process of its own, its output in a file.
final class ChildProcess: @unchecked Sendable {
    enum Ending: Equatable {
        case exit(Int32)
        case signal(Int32)
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    let log: String
    private let process = Process()

    init(
        _ program: String, _ arguments: [String], log: String, environment: [String: String] = [:],
        folder: String? = nil
    ) throws {
        self.log = log
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder, isDirectory: true) }
        if !FileManager.default.fileExists(atPath: log) { try Data().write(to: URL(fileURLWithPath: log)) }
        let output = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try output.seekToEnd()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = output
        try process.run()
    }

    deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

    var identifier: pid_t { process.processIdentifier }
    var isRunning: Bool { process.isRunning }

    func send(_ signal: Int32) { kill(identifier, signal) }

    /// How the process ended; an error if it has not within `seconds`.
    func ending(within seconds: Double = 30) async throws -> Ending {
        try await wait(seconds: seconds, for: "\(process.executableURL!.lastPathComponent) to end") { !self.isRunning }
        return process.terminationReason == .uncaughtSignal
            ? .signal(process.terminationStatus) : .exit(process.terminationStatus)
    }

    /// All that the process wrote.
    var output: String { (try? String(contentsOfFile: log, encoding: .utf8)) ?? "" }

    /// Runs a program to its end.
    static func run(
        _ program: String, _ arguments: [String], environment: [String: String] = [:], folder: String? = nil,
        within seconds: Double = 60
    ) async throws -> (ending: Ending, output: String) {
        let temporary = TemporaryFolder("output")
        let child = try ChildProcess(
            program, arguments, log: temporary.path("log"), environment: environment, folder: folder)
        let ending = try await child.ending(within: seconds)
        return (ending, child.output)
    }
}

/// Waits until `condition` holds; throws if it does not within `seconds`.
func wait(seconds: Double = 30, for what: String, until condition: () async throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while try await !condition() {
        guard ContinuousClock.now < deadline else {
            throw ChildProcess.Failure(description: "waited \(Int(seconds)) s for \(what) in vain")
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}

/// What `/proc` knows of running processes.
enum ProcessTable {
    /// The processes that `parent` started and that run, by the name of their program.
    static func children(of parent: pid_t) -> [(process: pid_t, name: String)] {
        let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return entries.compactMap { pid_t($0) }.sorted().compactMap { process in
            guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
                let open = stat.firstIndex(of: "("), let close = stat.lastIndex(of: ")")
            else { return nil }
            let rest = stat[stat.index(after: close)...].split(separator: " ")
            guard rest.count > 1, rest[0] != "Z", pid_t(rest[1]) == parent else { return nil }
            return (process, String(stat[stat.index(after: open)..<close]))
        }
    }

    static func child(of parent: pid_t, named name: String) throws -> pid_t {
        // The kernel keeps fifteen characters of a name.
        guard let found = children(of: parent).first(where: { $0.name == name.prefix(15) }) else {
            throw ChildProcess.Failure(
                description: "no \(name) among the children of \(parent): \(children(of: parent))")
        }
        return found.process
    }

    /// The enclave that a launcher started: the kernel names it after the memory that its program was copied to.
    static func enclave(of launcher: pid_t) throws -> pid_t {
        guard let found = children(of: launcher).first else {
            throw ChildProcess.Failure(description: "the launcher \(launcher) has no enclave")
        }
        return found.process
    }

    static func isRunning(_ process: pid_t) -> Bool {
        guard let stat = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
        return !stat.contains(") Z ")
    }
}

/// Ports that nobody listens at, below those that the system gives to whoever asks for any (32768 and above on Linux):
/// no other test's connection or listener takes one before a process that is started here does.
func freePorts(_ count: Int) throws -> [Int] {
    try nextPort.withLock { next in
        var found: [Int] = []
        for _ in portsOfTests where found.count < count {
            next = portsOfTests.contains(next + 1) ? next + 1 : portsOfTests.lowerBound
            if isFree(port: next) { found.append(next) }
        }
        guard found.count == count else { throw ChildProcess.Failure(description: "no free port") }
        return found
    }
}

private let portsOfTests = 20_000..<26_000
/// Two runs at once begin in different places.
private let nextPort = Mutex(portsOfTests.lowerBound + Int(getpid()) * 61 % portsOfTests.count)

private func isFree(port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}
