import EnclaveClient
import EnclaveProtocol
import Foundation
import Glibc

/// The real enclave under the real launcher, with this test as the host.
///
/// Between the test and the enclave every lane goes through a tap that keeps a copy of all bytes, both ways.
final class EnclaveProcess {
    let control: Lane
    let execution: Lane
    let queries: [Lane]
    let tap: Tap
    private let launched: RawEnclave

    init(state: String, queryLanes: Int = 1, program: String = "cloister-enclave") throws {
        launched = try RawEnclave(state: state, queryLanes: queryLanes, program: program)
        tap = Tap()
        let ends = try launched.takeLanes().map { [tap] in try tap.splice($0) }
        control = try Lane(descriptor: ends[0], kind: .control)
        execution = try Lane(descriptor: ends[1], kind: .execution)
        queries = try ends[2...].map { try Lane(descriptor: $0, kind: .query) }
    }

    var standardError: [UInt8] { launched.standardError }

    /// As a host that wants no trace of its story: kill -9 of the launcher, which takes the enclave with it.
    func kill() {
        launched.kill()
        closeLanes()
    }

    /// Ends the enclave in order.
    func stop() {
        closeLanes()
        launched.waitForEnd()
    }

    private func closeLanes() {
        for lane in [control, execution] + queries { lane.close() }
    }

    deinit { kill() }
}

/// The launcher as a child of this process, and the host's ends of the lanes as plain descriptors.
final class RawEnclave {
    private let process: pid_t
    private let ended = NSCondition()
    private nonisolated(unsafe) var hasEnded = false
    private var lanes: [Int32]
    private let errorFile: String

    init(state: String, queryLanes: Int, program: String = "cloister-enclave", profile: String = "development") throws {
        signal(SIGPIPE, SIG_IGN)
        var hostEnds = [Int32]()
        var enclaveEnds = [Int32]()
        for _ in 0..<(2 + queryLanes) {
            let (host, enclave) = try socketPair()
            setPatience(of: host)
            hostEnds.append(host)
            enclaveEnds.append(enclave)
        }
        errorFile = state + ".stderr"
        let (actions, outputs) = (enclaveEnds, errorFile)
        let arguments = [
            Programs.path("enclave-host"), "--enclave", Programs.path(program), "--state", state,
            "--query-lanes", String(queryLanes), "--profile", profile,
        ]
        process = try spawn(arguments, descriptors: actions, standardError: outputs)
        for end in enclaveEnds { close(end) }
        lanes = hostEnds
        let box = WeakBox(self)
        let process = process
        let thread = Thread {
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0 && errno == EINTR {}
            // A test that did not mean to end it sees a closed lane and no more: here is why.
            if status != 0, status != SIGKILL {
                let said = (try? String(contentsOfFile: outputs, encoding: .utf8)) ?? ""
                print("enclave-host \(process) ended with wait status \(status): \(said)")
            }
            box.value?.noteEnd()
        }
        thread.start()
    }

    private final class WeakBox: @unchecked Sendable {
        weak var value: RawEnclave?
        init(_ value: RawEnclave) { self.value = value }
    }

    private func noteEnd() {
        ended.lock()
        hasEnded = true
        ended.broadcast()
        ended.unlock()
    }

    var isAlive: Bool { ended.withLock { !hasEnded } }

    /// Control, execution, then query lanes; they are the caller's from here on.
    func takeLanes() -> [Int32] {
        defer { lanes = [] }
        return lanes
    }

    var standardError: [UInt8] { (try? Data(contentsOf: URL(fileURLWithPath: errorFile))).map { Array($0) } ?? [] }

    func kill() {
        if isAlive { Glibc.kill(process, SIGKILL) }
        waitForEnd()
    }

    func waitForEnd() {
        ended.lock()
        defer { ended.unlock() }
        let deadline = Date(timeIntervalSinceNow: 20)
        while !hasEnded, ended.wait(until: deadline) {}
    }

    deinit {
        for lane in lanes { close(lane) }
        if isAlive { Glibc.kill(process, SIGKILL) }
    }
}

/// The built programs: beside the test bundle, which is among the files mapped into this process.
enum Programs {
    static func path(_ name: String) -> String {
        let maps = (try? String(contentsOfFile: "/proc/self/maps", encoding: .utf8)) ?? ""
        guard let line = maps.split(separator: "\n").first(where: { $0.hasSuffix(".xctest") }),
            let start = line.firstIndex(of: "/")
        else { fatalError("the test bundle is not mapped") }
        return URL(fileURLWithPath: String(line[start...])).deletingLastPathComponent().appendingPathComponent(name)
            .path
    }
}

func socketPair() throws -> (Int32, Int32) {
    var pair: [Int32] = [0, 0]
    guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
        throw EnclaveError.notStarted("socketpair: \(String(cString: strerror(errno)))")
    }
    return (pair[0], pair[1])
}

/// An enclave that hangs fails the test instead of hanging it.
func setPatience(of descriptor: Int32, seconds: Int = 120) {
    var patience = timeval(tv_sec: seconds, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
}

private func spawn(_ arguments: [String], descriptors: [Int32], standardError: String) throws -> pid_t {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    // First far above, then down, so that no descriptor is overwritten before it was copied.
    for (index, descriptor) in descriptors.enumerated() {
        posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(600 + index))
    }
    for index in descriptors.indices {
        posix_spawn_file_actions_adddup2(&actions, Int32(600 + index), Int32(3 + index))
        posix_spawn_file_actions_addclose(&actions, Int32(600 + index))
    }
    // What whoever started this process left open without saying that it ends with an execution.
    for descriptor in (3 + descriptors.count)..<64 { posix_spawn_file_actions_addclose(&actions, Int32(descriptor)) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, standardError, O_WRONLY | O_CREAT | O_APPEND, 0o600)
    var argv = arguments.map { strdup($0) } + [nil]
    defer { for argument in argv { free(argument) } }
    var environment: [UnsafeMutablePointer<CChar>?] = [nil]
    var process = pid_t()
    let status = posix_spawn(&process, arguments[0], &actions, nil, &argv, &environment)
    guard status == 0 else { throw EnclaveError.notStarted(String(cString: strerror(status))) }
    return process
}
