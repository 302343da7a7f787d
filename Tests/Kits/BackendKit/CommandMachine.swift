import Attestation
import EnclaveConnector
import EnclaveLink
import Foundation
import Glibc
import LauncherKit
import PublicCryptography
import Synchronization
import TestSupport

/// A machine whose enclaves a command starts, or one that a socket leads to.
package final class CommandMachine: BackendMachine {
    private let description: BackendDescription
    private let programs: String
    private let folder: String
    private let place = TemporaryFolder("backend")
    private var child: Child?

    /// `programs` is where this build's programs are, `folder` where the description is.
    package init(_ description: BackendDescription, programs: String, folder: String) {
        (self.description, self.programs, self.folder) = (description, programs, folder)
        // An enclave that died is an error of the next write, not the end of this process.
        signal(SIGPIPE, SIG_IGN)
    }

    /// What the machine keeps: its keys, its root and its records.
    package var state: String { place.path("state") }

    package func start(queryLanes: Int) throws -> any EnclaveBackend {
        if let socket = try listener(queryLanes) {
            return try onceListening { try ConnectedEnclave(socket: socket, queryLanes: queryLanes) }
        }
        let ends = try laneEnds(2 + queryLanes, patienceSeconds: 120)
        let next = try spawn(queryLanes, lanes: ends.enclave)
        for end in ends.enclave { close(end) }
        let lanes: EnclaveLanes
        do { lanes = try EnclaveLanes(ends.host) } catch {
            let status = next.exitStatus(waiting: 5)
            let said = next.said.split(separator: "\n").last.map { ": \($0)" } ?? ""
            throw EnclaveError.notStarted((status.map { "it ended with status \($0)" } ?? "\(error)") + said)
        }
        child = next
        return CommandEnclave(lanes, next)
    }

    package func lanes(queryLanes: Int) throws -> [Int32] {
        if let socket = try listener(queryLanes) {
            return try (0..<(2 + queryLanes)).map { _ in
                let lane = try onceListening { try ConnectedEnclave.connect(socket) }
                setPatience(of: lane)
                return lane
            }
        }
        let ends = try laneEnds(2 + queryLanes, patienceSeconds: 120)
        child = try spawn(queryLanes, lanes: ends.enclave)
        for end in ends.enclave { close(end) }
        return ends.host
    }

    /// The one lane of a platform.
    package func platformLane() throws -> Int32 {
        // The launcher gives an enclave no fewer than these; what asks the platform speaks on the first.
        let ends = try laneEnds(3, patienceSeconds: 120)
        child = try spawn(1, lanes: ends.enclave)
        for end in ends.enclave + ends.host[1...] { close(end) }
        return ends.host[0]
    }

    /// The certificate in which evidence ends.
    package func root() throws -> TrustRoot {
        let path = filled(description.root ?? "", queryLanes: 1)
        guard let bytes = FileManager.default.contents(atPath: path),
            let root = TrustRoot(name: "root", kind: .simulated, certificate: Array(bytes))
        else { throw BackendCase.Violation(text: "\(path) is no certificate of a root") }
        return root
    }

    package func rootHash() throws -> [UInt8] { try root().publicKeyInfoHash.bytes }

    package func kill() throws {
        if description.command.isEmpty { return try restart() }
        child?.end(by: SIGKILL)
        _ = child?.waitForEnd()
    }

    package func other() throws -> any BackendMachine {
        guard !description.command.isEmpty else { throw NotOffered("there is one machine behind the socket") }
        return CommandMachine(description, programs: programs, folder: folder)
    }

    package func log() -> [UInt8] { Array((child?.said ?? "").utf8) }

    // MARK: - Parts

    /// Where the lanes are taken, once somebody listens; `nil` for a backend that gets them as descriptors.
    private func listener(_ queryLanes: Int) throws -> String? {
        guard description.socket != nil else { return nil }
        let path = filled(description.socket!, queryLanes: queryLanes)
        if !description.command.isEmpty {
            // One that was told to stop takes a moment.
            guard child == nil || child?.exitStatus(waiting: 2) != nil else {
                throw EnclaveError.notStarted("another one runs")
            }
            unlink(path)
            child = try spawn(queryLanes, lanes: [])
        }
        let deadline = Date(timeIntervalSinceNow: patience)
        while access(path, F_OK) != 0, Date() < deadline { usleep(5_000) }
        return path
    }

    /// A socket is there a moment before somebody listens on it; what was refused took no lane.
    private func onceListening<Value>(_ body: () throws -> Value) throws -> Value {
        let deadline = Date(timeIntervalSinceNow: patience)
        while true {
            do { return try body() } catch EnclaveError.notStarted(let reason)
                where reason.hasSuffix(String(cString: strerror(ECONNREFUSED))) && Date() < deadline
            { usleep(5_000) }
        }
    }

    private func spawn(_ queryLanes: Int, lanes: [Int32]) throws -> Child {
        let words = description.command.map { filled($0, queryLanes: queryLanes) }
        guard access(words[0], X_OK) == 0 else {
            throw EnclaveError.notStarted("\(words[0]): \(String(cString: strerror(errno)))")
        }
        return try Child(words, descriptors: lanes)
    }

    private func restart() throws {
        guard let words = description.restart, !words.isEmpty else { throw NotOffered("nobody can restart it") }
        let run = try Child.run(words.map { filled($0, queryLanes: 1) })
        guard run.status == 0 else { throw BackendCase.Violation(text: "\(words[0]): \(run.errors)") }
    }

    package func filled(_ word: String, queryLanes: Int = 1) -> String {
        word.replacing("{programs}", with: programs).replacing("{folder}", with: folder)
            .replacing("{state}", with: state).replacing("{lanes}", with: String(queryLanes))
            .replacing("{socket}", with: place.path("lanes.sock"))
    }
}

/// An enclave of a command, with its lanes as descriptors.
private final class CommandEnclave: EnclaveBackend {
    private let lanes: EnclaveLanes
    private let child: Child
    private let end = EnclaveEnd()

    init(_ lanes: EnclaveLanes, _ child: Child) {
        (self.lanes, self.child) = (lanes, child)
        Thread { [end, child] in
            let status = child.waitForEnd()
            end.came("it ended with status \(status)")
        }.start()
    }

    var execution: any ExecutionLink { lanes.execution }
    var queries: [any QueryLink] { lanes.queries }
    var onEnd: (@Sendable (String) -> Void)? {
        get { end.handler }
        set { end.handler = newValue }
    }

    func withControl<Value>(_ body: (any ControlLink) throws -> Value) rethrows -> Value {
        try lanes.withControl(body)
    }

    func stop() { lanes.control.close() }
}
