import Foundation
import Glibc

/// An enclave under the launcher, with this test as the host.
final class LaunchedEnclave {
    /// The host's ends: control, execution, query.
    private(set) var lanes: [Int32]
    let launcher: Child

    convenience init(
        _ program: String = Products.hostile, state: URL, queryLanes: Int = 2, user: UInt32? = nil,
        under: [String] = [],
        options: [String] = [], environment: [String] = []
    ) throws {
        try self.init(
            program, stateArgument: state.path, queryLanes: queryLanes, user: user, under: under, options: options,
            environment: environment)
    }

    init(
        _ program: String = Products.hostile, launcher starter: String = Products.launcher, stateArgument: String,
        queryLanes: Int = 2, user: UInt32? = nil, under: [String] = [], options: [String] = [],
        environment: [String] = []
    ) throws {
        var hostEnds: [Int32] = []
        var enclaveEnds: [Int32] = []
        for _ in 0..<(2 + queryLanes) {
            var pair: [Int32] = [0, 0]
            guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &pair) == 0 else {
                throw POSIXError(.EMFILE)
            }
            var patience = timeval(tv_sec: 20, tv_usec: 0)
            setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
            hostEnds.append(pair[0])
            enclaveEnds.append(pair[1])
        }
        lanes = hostEnds
        launcher = try Child(
            under + [
                starter, "--enclave", program, "--state", stateArgument, "--query-lanes", String(queryLanes),
            ] + options, descriptors: enclaveEnds, user: user, environment: environment)
        for end in enclaveEnds { close(end) }
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
        guard let answer = tell("platform " + request), let reply = bytes(ofHexadecimal: answer), reply.count >= 5
        else {
            return nil
        }
        return (reply[0], Array(reply[5...]))
    }

    /// The enclave's own process, once it runs.
    func enclaveProcess() -> pid_t? {
        guard tell("facts") != nil else { return nil }
        return launcher.children.first
    }
}

func bytes(ofHexadecimal text: String) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var bytes: [UInt8] = []
    var rest = Substring(text)
    while !rest.isEmpty {
        guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
        bytes.append(byte)
        rest = rest.dropFirst(2)
    }
    return bytes
}

/// Whether tests run as root, and can thus play processes of other users.
let isRoot = geteuid() == 0
/// The launcher's CONFINED_USER.
let confinedUser: UInt32 = 65533
