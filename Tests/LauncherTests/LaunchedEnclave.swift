import Foundation
import Glibc
import LauncherKit
import PublicCryptography
import TestSupport

/// An enclave under the launcher, with this test as the host.
final class LaunchedEnclave {
    /// The host's ends: control, execution, query.
    private(set) var lanes: [Int32]
    let launcher: Child

    convenience init(
        _ program: String = Programs.hostileEnclave, state: URL, queryLanes: Int = 2, user: UInt32? = nil,
        under: [String] = [],
        options: [String] = [], environment: [String] = []
    ) throws {
        try self.init(
            program, stateArgument: state.path, queryLanes: queryLanes, user: user, under: under, options: options,
            environment: environment)
    }

    init(
        _ program: String = Programs.hostileEnclave, launcher starter: String = Programs.launcher,
        stateArgument: String,
        queryLanes: Int = 2, user: UInt32? = nil, under: [String] = [], options: [String] = [],
        environment: [String] = []
    ) throws {
        let ends = try laneEnds(2 + queryLanes, patienceSeconds: 120)
        lanes = ends.host
        launcher = try Child(
            under + [
                starter, "--enclave", program, "--state", stateArgument, "--query-lanes", String(queryLanes),
            ] + options, descriptors: ends.enclave, user: user, environment: Child.environment + environment)
        for end in ends.enclave { close(end) }
    }

    deinit { closeLanes() }

    func closeLanes() {
        for lane in lanes { close(lane) }
        lanes = []
    }

    func closeControlLane() {
        close(lanes.removeFirst())
    }

    /// The hostile enclave's answer to a command, or `nil` when the lane was closed instead.
    func tell(_ command: String) -> String? {
        let line = Array((command + "\n").utf8)
        guard send(lanes[0], line, line.count, Int32(MSG_NOSIGNAL)) == line.count else { return nil }
        return answer()
    }

    /// The answer to what was sent.
    func answer() -> String? {
        var answer: [UInt8] = []
        var bytes = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = recv(lanes[0], &bytes, bytes.count, 0)
            guard count > 0 else { return nil }
            answer += bytes[..<count]
            if answer.last == UInt8(ascii: "\n") { return String(decoding: answer.dropLast(), as: UTF8.self) }
        }
    }

    /// A raw exchange on the platform lane: status and payload.
    func askPlatform(_ operation: UInt8, _ payload: [UInt8] = []) -> (status: UInt8, payload: [UInt8])? {
        let length = (0..<4).map { UInt8(truncatingIfNeeded: payload.count >> (24 - 8 * $0)) }
        let request = ([operation] + length + payload).map { String(format: "%02x", $0) }.joined()
        guard let answer = tell("platform " + request), let reply = Hexadecimal.decode(answer), reply.count >= 5
        else {
            return nil
        }
        return (reply[0], Array(reply[5...]))
    }

    /// Whether the kernel gave it namespaces of its own; known once it has answered.
    var hasNamespaces: Bool { !launcher.said.contains("no namespaces of its own") }

    /// The enclave's own process, once it runs.
    func enclaveProcess() -> pid_t? {
        guard tell("facts") != nil else { return nil }
        return launcher.children.first
    }
}

/// Whether tests run as root, and can thus play processes of other users.
let isRoot = geteuid() == 0
/// The launcher's CONFINED_USER.
let confinedUser: UInt32 = 65533
