import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import Logging

/// An enclave started through `enclave-host`, which measures, confines and then accompanies it.
package final class LaunchedEnclave: EnclaveBackend {
    /// What becomes of memory that the enclave wrote (enclave-host/README.md). It is part of the measurement: the same
    /// program is another enclave under each.
    package enum Confinement: String, Sendable, CaseIterable {
        /// It may become executable: the enclave compiles contracts.
        case jit
        /// It never does: the enclave interprets them.
        case strict
    }

    package struct Options: Sendable {
        package var launcher: String
        package var program: String
        package var stateDirectory: String
        package var queryLanes: Int
        package var profile: ChainIdentity.Profile
        package var confinement: Confinement

        package init(
            launcher: String, program: String, stateDirectory: String, queryLanes: Int = 2,
            profile: ChainIdentity.Profile = .development, confinement: Confinement = .jit
        ) {
            self.launcher = launcher
            self.program = program
            self.stateDirectory = stateDirectory
            self.queryLanes = queryLanes
            self.profile = profile
            self.confinement = confinement
        }
    }

    package let lanes: EnclaveLanes
    package let launcherProcess: pid_t
    private let end = EnclaveEnd()

    package var execution: any ExecutionLink { lanes.execution }
    package var queries: [any QueryLink] { lanes.queries }
    package var onEnd: (@Sendable (String) -> Void)? {
        get { end.handler }
        set { end.handler = newValue }
    }

    package init(_ options: Options, logger: Logger) throws {
        // An enclave that died is an error of the next write, not the end of this process.
        signal(SIGPIPE, SIG_IGN)
        var hostEnds = [Int32]()
        var enclaveEnds = [Int32]()
        for _ in 0..<(2 + options.queryLanes) {
            var pair: [Int32] = [0, 0]
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
                throw EnclaveError.notStarted("socketpair: \(String(cString: strerror(errno)))")
            }
            hostEnds.append(pair[0])
            enclaveEnds.append(pair[1])
        }
        let exitStatus = ExitWatch()
        let voice = LauncherVoice(logger)
        launcherProcess = try LauncherThread.start(
            options, descriptors: enclaveEnds, voice: voice, watch: exitStatus)
        for descriptor in enclaveEnds { Glibc.close(descriptor) }
        do {
            lanes = try EnclaveLanes(hostEnds)
        } catch {
            guard let status = exitStatus.status(waiting: 2) else { throw EnclaveError.notStarted("\(error)") }
            if status & 0x7f == 0 { throw EnclaveError.launcherRefused(status: status >> 8 & 0xff) }
            throw EnclaveError.notStarted(LauncherThread.describe(status))
        }
        logger.debug("enclave started", metadata: ["launcher": .stringConvertible(launcherProcess)])
        exitStatus.notify { [end] reason in end.came(reason) }
    }

    package func withControl<Value>(_ body: (any ControlLink) throws -> Value) rethrows -> Value {
        try lanes.withControl(body)
    }

    package func stop() { lanes.control.close() }
}

extension LaunchedEnclave: ObservableEnclave {
    package var traffic: EnclaveTraffic { lanes.traffic }

    /// The launcher has one child, which is the enclave or, where it has a view of processes of its own, the first of
    /// that view.
    package var confinement: KernelConfinement? {
        var process = launcherProcess
        // Down to the last of a line of only children.
        for _ in 0..<Self.generationsMax {
            guard let children = Self.read("/proc/\(process)/task/\(process)/children"),
                let child = children.split(separator: " ").first.flatMap({ pid_t($0) })
            else { break }
            process = child
        }
        guard process != launcherProcess else { return nil }
        return Self.read("/proc/\(process)/status").flatMap { KernelConfinement(process: process, status: $0) }
    }

    private static let generationsMax = 3

    private static func read(_ path: String) -> String? { try? String(contentsOfFile: path, encoding: .utf8) }
}

/// What became of the launcher's process.
private final class ExitWatch: @unchecked Sendable {
    private let condition = NSCondition()
    /// As `waitpid` told it.
    private var status: Int32?
    private var handler: (@Sendable (String) -> Void)?

    func ended(_ status: Int32) {
        condition.lock()
        self.status = status
        let handler = handler
        condition.broadcast()
        condition.unlock()
        handler?(LauncherThread.describe(status))
    }

    func notify(_ handler: @escaping @Sendable (String) -> Void) {
        condition.lock()
        let already = status
        self.handler = handler
        condition.unlock()
        if let already { handler(LauncherThread.describe(already)) }
    }

    func status(waiting seconds: TimeInterval) -> Int32? {
        condition.lock()
        defer { condition.unlock() }
        let deadline = Date(timeIntervalSinceNow: seconds)
        while status == nil, condition.wait(until: deadline) {}
        return status
    }
}

/// Starts the launcher and waits for its end, on a thread of its own, since the wait blocks. That the launcher ends
/// with us is its own doing: it watches a pidfd of this process.
private enum LauncherThread {
    static func start(
        _ options: LaunchedEnclave.Options, descriptors: [Int32], voice: LauncherVoice?, watch: ExitWatch
    ) throws -> pid_t {
        let started = DispatchSemaphore(value: 0)
        let outcome = Outcome()
        let thread = Thread {
            outcome.set(spawn(options, descriptors: descriptors, errors: voice?.writeEnd))
            voice?.listen()
            started.signal()
            guard case .success(let process) = outcome.get() else { return }
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0 && errno == EINTR {}
            // Why it ended stands in the log before what comes of that.
            voice?.waitForTheEnd()
            watch.ended(status)
        }
        thread.name = "enclave-launcher"
        thread.start()
        started.wait()
        return try outcome.get().get()
    }

    private final class Outcome: @unchecked Sendable {
        private var value: Result<pid_t, EnclaveError> = .failure(.notStarted(""))
        func set(_ value: Result<pid_t, EnclaveError>) { self.value = value }
        func get() -> Result<pid_t, EnclaveError> { value }
    }

    static func describe(_ status: Int32) -> String {
        let signal = status & 0x7f
        return signal == 0
            ? "enclave-host exited with status \(status >> 8 & 0xff)" : "enclave-host was ended by signal \(signal)"
    }

    /// Lane descriptors become 3, 4, 5 and up in the child; the launcher keeps nothing else but standard error.
    private static func spawn(
        _ options: LaunchedEnclave.Options, descriptors: [Int32], errors: Int32?
    ) -> Result<pid_t, EnclaveError> {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // First above all of them, then down, so that no descriptor is overwritten before it was copied.
        let above = max(600, max(descriptors.max() ?? 0, errors ?? 0) + 1)
        if let errors {
            posix_spawn_file_actions_adddup2(&actions, errors, above + Int32(descriptors.count))
            posix_spawn_file_actions_adddup2(&actions, above + Int32(descriptors.count), 2)
            posix_spawn_file_actions_addclose(&actions, above + Int32(descriptors.count))
        }
        for (index, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, above + Int32(index))
        }
        for index in descriptors.indices {
            posix_spawn_file_actions_adddup2(&actions, above + Int32(index), Int32(3 + index))
            posix_spawn_file_actions_addclose(&actions, above + Int32(index))
        }
        // A socket right behind the lanes would count as one. What else this process has open, and what another thread
        // opens meanwhile, need not be close-on-exec; the launcher closes it before anything else.
        posix_spawn_file_actions_addclose(&actions, Int32(3 + descriptors.count))
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)

        let arguments =
            [
                options.launcher, "--enclave", options.program, "--state", options.stateDirectory,
                "--query-lanes", String(options.queryLanes),
                "--profile", options.profile == .production ? "production" : "development",
            ] + (options.confinement == .strict ? ["--confinement", "strict"] : [])
        var argv = arguments.map { strdup($0) } + [nil]
        defer { for argument in argv { free(argument) } }
        var environment: [UnsafeMutablePointer<CChar>?] = [nil]
        var process = pid_t()
        let status = posix_spawn(&process, options.launcher, &actions, nil, &argv, &environment)
        guard status == 0 else {
            return .failure(.notStarted("\(options.launcher): \(String(cString: strerror(status)))"))
        }
        return .success(process)
    }
}
