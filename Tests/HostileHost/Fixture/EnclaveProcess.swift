import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import LauncherKit
import TestSupport
import Testing

/// The real enclave under the real launcher, with this test as the host.
///
/// Between the test and the enclave every lane goes through a tap that keeps a copy of all bytes, both ways. An enclave
/// that says what is not declared fails the test, whatever the test is about.
final class EnclaveProcess {
    /// The program that says more than it may.
    static let leaky = "leaky-enclave"

    let control: Lane
    let execution: Lane
    let queries: [Lane]
    let tap: Tap
    private let launched: RawEnclave
    private let isLeaky: Bool

    init(
        state: String, queryLanes: Int = 1, program: String = "cloister-enclave", manifest: String? = nil
    ) throws {
        launched = try RawEnclave(state: state, queryLanes: queryLanes, program: program, manifest: manifest)
        isLeaky = program == EnclaveProcess.leaky
        tap = Tap()
        let kinds: [LaneKind] = [.control, .execution] + Array(repeating: .query, count: queryLanes)
        let ends = try zip(launched.takeLanes(), kinds).map { [tap] in try tap.splice($0, $1) }
        control = try Lane(descriptor: ends[0], kind: .control)
        execution = try Lane(descriptor: ends[1], kind: .execution)
        queries = try ends[2...].map { try Lane(descriptor: $0, kind: .query) }
    }

    var standardError: [UInt8] { launched.standardError }
    /// Of the launcher; the enclave is its child.
    var process: pid_t { launched.process }

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
        if !isLeaky { for violation in tap.violations { Issue.record("undeclared: \(violation)") } }
        for lane in [control, execution] + queries { lane.close() }
    }

    deinit { kill() }
}

/// The launcher as a child of this process, and the host's ends of the lanes as plain descriptors.
final class RawEnclave {
    private let child: Child
    private var lanes: [Int32]

    init(
        state: String, queryLanes: Int, program: String = "cloister-enclave", profile: String = "development",
        manifest: String? = nil
    ) throws {
        signal(SIGPIPE, SIG_IGN)
        let ends = try laneEnds(2 + queryLanes, patienceSeconds: 120)
        child = try Child(
            [
                Programs.launcher, "--enclave", program.hasPrefix("/") ? program : Programs.path(program), "--state",
                state,
                "--query-lanes", String(queryLanes), "--profile", profile,
            ] + (manifest.map { ["--manifest", $0] } ?? []), descriptors: ends.enclave, environment: [],
            errorFile: state + ".stderr")
        for end in ends.enclave { close(end) }
        lanes = ends.host
        // A test that did not mean to end it sees a closed lane and no more: here is why.
        let thread = Thread { [child] in
            let status = child.waitForEnd()
            if status != 0, status != 128 + SIGKILL {
                print("enclave-host \(child.process) ended with status \(status): \(child.said)")
            }
        }
        thread.start()
    }

    var process: pid_t { child.process }
    var isAlive: Bool { child.exitStatus(waiting: 0) == nil }

    /// Control, execution, then query lanes; they are the caller's from here on.
    func takeLanes() -> [Int32] {
        defer { lanes = [] }
        return lanes
    }

    /// Of all enclaves that were started over this state.
    var standardError: [UInt8] { Array(child.said.utf8) }

    func kill() {
        child.end(by: SIGKILL)
        waitForEnd()
    }

    func waitForEnd() { _ = child.exitStatus() }

    deinit {
        for lane in lanes { close(lane) }
        if isAlive { child.end(by: SIGKILL) }
    }
}
