import Foundation
import Glibc
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
        /// How the line begins in which it says why it ends; others may write behind it.
        var complaintPrefix = ""
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
    private let say: @Sendable (String) -> Void

    init(say: @escaping @Sendable (String) -> Void) {
        self.say = say
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

    /// Runs a program to its end; `nil` if we were told to end before it did.
    func runToEnd(_ program: Program) throws -> Int32? {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program.path)
        process.arguments = program.arguments
        process.standardInput = FileHandle.nullDevice
        try process.run()
        while process.isRunning {
            guard !isEnding else {
                kill(process.processIdentifier, SIGKILL)
                return nil
            }
            Thread.sleep(forTimeInterval: 0.02)
        }
        return process.terminationStatus
    }

    private func ended(_ program: Program, _ process: Process) {
        guard !isEnding else { return }
        let status = process.terminationStatus
        let how =
            process.terminationReason == .uncaughtSignal
            ? "was ended by signal \(status)" : "ended with status \(status)"
        guard process.terminationReason == .uncaughtSignal || status == program.restartStatus else {
            return giveUp("\(program.name) \(how): \(lastLine(of: program))", status)
        }
        let now = Date()
        let recent = lock.withLock {
            failures[program.name, default: []].removeAll { now.timeIntervalSince($0) > Self.window }
            failures[program.name, default: []].append(now)
            return failures[program.name]!.count
        }
        guard recent < Self.failuresMax else {
            return giveUp(
                "\(program.name) failed \(recent) times in \(Int(Self.window)) s: \(lastLine(of: program))", status
            )
        }
        say("\(program.name) \(how); starting it again" + (program.log.map { " (see \($0))" } ?? ""))
        Thread.sleep(forTimeInterval: Self.pauseBeforeRestart)
        do {
            try start(program)
        } catch {
            giveUp("\(program.name): \(error)", NodeExit.failed.rawValue)
        }
    }

    private func giveUp(_ reason: String, _ status: Int32) {
        say(reason)
        lock.withLock { exit = exit ?? NodeExit(rawValue: status) ?? .failed }
    }

    /// What the program said last of why it ended; where it said nothing of that kind, its last line.
    private func lastLine(of program: Program) -> String {
        guard let log = program.log, let handle = FileHandle(forReadingAtPath: log) else { return "" }
        let end = (try? handle.seekToEnd()) ?? 0
        let start = max(lock.withLock { logStarts[program.name] } ?? 0, end > 16_384 ? end - 16_384 : 0)
        try? handle.seek(toOffset: start)
        let lines = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self).split(separator: "\n")
        let line = lines.last { $0.hasPrefix(program.complaintPrefix) } ?? lines.last ?? ""
        return String(line)
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
