import Foundation
import Glibc
import LogLines
import Logging
import StrictJSON
import Synchronization

/// Whether somebody asked this process to end: interrupt, termination, or the loss of its terminal.
///
/// A handler rather than ignored signals: what is ignored stays ignored in the programs that are started.
enum Interruption {
    private static let flag = Atomic<Bool>(false)

    static func watch() {
        _ = isAsked
        for number in [SIGINT, SIGTERM, SIGHUP] {
            signal(number) { _ in Interruption.flag.store(true, ordering: .relaxed) }
        }
    }

    static var isAsked: Bool { flag.load(ordering: .relaxed) }
}

/// Keeps programs running: starts one again when it fails, gives up when it fails over and over, and ends all in order.
///
/// Each program's standard input is a pipe that nobody writes to. It ends with this process, however this process ends,
/// and the programs end with it.
final class Supervisor: @unchecked Sendable {
    struct Program: Sendable {
        var name: String
        var path: String
        var arguments: [String]
        /// The file that its output is appended to; ours if `nil`.
        var log: String?
        /// The exit status with which it says that another start may help.
        var restartStatus: Int32?
    }

    /// This many failures within `window` and no more is tried.
    private static let failuresMax = 5
    private static let window: TimeInterval = 30
    private static let pauseBeforeRestart: TimeInterval = 0.3
    /// Who has not ended by then is killed.
    private static let patience: TimeInterval = 15

    private let lock = NSLock()
    private var running: [(name: String, process: Process)] = []
    private var failures: [String: [Date]] = [:]
    /// Where in its log the output of a program's newest process begins.
    private var logStarts: [String: UInt64] = [:]
    private var exit: NodeExit?
    private let output: LogOutput

    init(_ output: LogOutput) { self.output = output }

    private func say(
        _ level: Logger.Level, _ message: String, _ fields: [(name: String, value: JSONValue)] = []
    ) {
        output.write(LogLine(level, "localnet", message, fields: fields))
    }

    /// Whether all is to end: somebody asked, or a program ended for good.
    var isEnding: Bool { Interruption.isAsked || lock.withLock { exit != nil } }

    func start(_ program: Program) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program.path)
        process.arguments = program.arguments
        process.standardInput = Pipe()
        if let log = program.log {
            if !FileManager.default.fileExists(atPath: log) { try Data().write(to: URL(fileURLWithPath: log)) }
            let handle = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
            let start = try handle.seekToEnd()
            lock.withLock { logStarts[program.name] = start }
            process.standardError = handle
            process.standardOutput = handle
        }
        process.terminationHandler = { [weak self] in self?.ended(program, $0) }
        try lock.withLock {
            guard exit == nil else { return }
            try process.run()
            running.removeAll { $0.name == program.name }
            running.append((program.name, process))
        }
    }

    /// Runs a program to its end and passes on what it says; `nil` if we were told to end before it did.
    func runToEnd(_ program: Program) throws -> Int32? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program.path)
        process.arguments = program.arguments
        process.standardInput = FileHandle.nullDevice
        let said = Pipe()
        (process.standardOutput, process.standardError) = (said, said)
        try process.run()
        try? said.fileHandleForWriting.close()
        var voice = ProgramVoice(program.name, output)
        while true {
            guard !isEnding else {
                kill(process.processIdentifier, SIGKILL)
                return nil
            }
            if !voice.listen(said.fileHandleForReading.fileDescriptor, milliseconds: 20) { break }
        }
        process.waitUntilExit()
        return process.terminationStatus
    }

    private func ended(_ program: Program, _ process: Process) {
        guard !isEnding else { return }
        let status = process.terminationStatus
        let how =
            process.terminationReason == .uncaughtSignal
            ? "was ended by signal \(status)" : "ended with status \(status)"
        guard process.terminationReason == .uncaughtSignal || status == program.restartStatus else {
            return giveUp(program, how, status)
        }
        let now = Date()
        let recent = lock.withLock {
            failures[program.name, default: []].removeAll { now.timeIntervalSince($0) > Self.window }
            failures[program.name, default: []].append(now)
            return failures[program.name]!.count
        }
        guard recent < Self.failuresMax else {
            return giveUp(program, "failed \(recent) times in \(Int(Self.window)) s", status)
        }
        say(
            .warning, "\(program.name) \(how); starting it again",
            program.log.map { [("log", .string($0))] } ?? [])
        Thread.sleep(forTimeInterval: Self.pauseBeforeRestart)
        do {
            try start(program)
        } catch {
            giveUp(program, "cannot be started again: \(error)", NodeExit.failed.rawValue)
        }
    }

    private func giveUp(_ program: Program, _ how: String, _ status: Int32) {
        let line = lastLine(of: program)
        say(
            .error, "\(program.name) \(how)" + (line.isEmpty ? "" : ": \(line)"),
            program.log.map { [("log", .string($0))] } ?? [])
        lock.withLock { exit = exit ?? NodeExit(rawValue: status) ?? .failed }
    }

    /// What the program said last of why it ended; where it said nothing of that kind, its last line.
    private func lastLine(of program: Program) -> String {
        guard let log = program.log, let handle = FileHandle(forReadingAtPath: log) else { return "" }
        let end = (try? handle.seekToEnd()) ?? 0
        let start = max(lock.withLock { logStarts[program.name] } ?? 0, end > 16_384 ? end - 16_384 : 0)
        try? handle.seek(toOffset: start)
        let lines = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self).split(separator: "\n")
        let complaint = lines.lazy.reversed().compactMap { LogLine(String($0)) }.first { $0.level == .critical }
        return complaint?.message ?? lines.last.map { LogLine(String($0))?.message ?? String($0) } ?? ""
    }

    /// Waits until all is to end, and ends all: the last that was started first.
    func serve() -> NodeExit {
        while !isEnding { Thread.sleep(forTimeInterval: 0.05) }
        let (outcome, programs) = lock.withLock {
            let outcome = exit ?? .stopped
            exit = outcome
            return (outcome, running)
        }
        for (_, process) in programs.reversed() where process.isRunning {
            kill(process.processIdentifier, SIGTERM)
            let deadline = Date(timeIntervalSinceNow: Self.patience)
            while process.isRunning {
                if Date() > deadline { kill(process.processIdentifier, SIGKILL) }
                Thread.sleep(forTimeInterval: 0.01)
            }
        }
        return outcome
    }
}

/// Lines of a program that prints for people, as lines of the log: one that is indented belongs to the one before.
private struct ProgramVoice {
    private let name: String
    private let output: LogOutput
    private var rest: [UInt8] = []
    private var entry: LogLine?

    init(_ name: String, _ output: LogOutput) { (self.name, self.output) = (name, output) }

    /// What it says within some time; `false` once it says nothing any more.
    mutating func listen(_ descriptor: Int32, milliseconds: Int32) -> Bool {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&polled, 1, milliseconds) > 0 else {
            if rest.isEmpty { finish() }
            return true
        }
        var chunk = [UInt8](repeating: 0, count: 4_096)
        let count = read(descriptor, &chunk, chunk.count)
        if count < 0 && errno == EINTR { return true }
        guard count > 0 else {
            take(rest)
            finish()
            return false
        }
        rest += chunk[..<count]
        while let newline = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(Array(rest[..<newline]))
            rest.removeFirst(newline + 1)
        }
        return true
    }

    private mutating func take(_ bytes: [UInt8]) {
        var line = String(decoding: bytes, as: UTF8.self)[...]
        // What `cloister` says beside its output.
        if line.hasPrefix("cloister: ") { line = line.dropFirst("cloister: ".count) }
        let text = line.drop { $0 == " " }
        if text.isEmpty { return finish() }
        if line.hasPrefix("  "), entry != nil { return entry!.details.append(String(text)) }
        finish()
        entry = LogLine(.info, name, String(text))
    }

    private mutating func finish() {
        if let entry { output.write(entry) }
        entry = nil
    }
}

/// Ends this process in order once its standard input ends: the sign that whoever supervises it is gone.
package enum EndWithInput {
    package static func watch() {
        let thread = Thread {
            var byte: UInt8 = 0
            while true {
                let count = read(0, &byte, 1)
                if count == 0 || (count < 0 && errno != EINTR) { break }
            }
            kill(getpid(), SIGTERM)
        }
        thread.name = "end-with-input"
        thread.start()
    }
}
