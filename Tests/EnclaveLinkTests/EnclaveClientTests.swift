// The host's end of the boundary without an enclave: the order of frames on a lane, and who waits for which query lane.

import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import LauncherKit
import PublicCryptography
import Testing

@Suite("EnclaveClient") enum EnclaveClientSuite {}

/// The enclave at the other end of a lane. What it says is said before it is asked for, since a lane asks and waits.
final class PlayedEnclave {
    private let socket: FrameSocket
    let hostEnd: Int32
    private let kind: LaneKind

    init(_ kind: LaneKind = .execution) throws {
        // An enclave that is gone is an error of the next write.
        signal(SIGPIPE, SIG_IGN)
        let (host, enclave) = try socketPair()
        for end in [host, enclave] { setPatience(of: end, seconds: 5) }
        socket = FrameSocket(descriptor: enclave, isEnclaveSide: true)
        (hostEnd, self.kind) = (host, kind)
    }

    func say(_ messages: FromEnclave...) throws {
        for message in messages { try socket.send(message.encoded()) }
    }

    func say(bytes: [UInt8]) throws { try socket.send(bytes) }

    /// The host's next frame.
    func heard() throws -> ToEnclave { try ToEnclave(decoding: socket.receive()) }

    func hangUp() { socket.end() }

    var hello: Hello {
        Hello(lane: kind, version: BoundaryProtocol.version, manifestHash: BoundaryProtocol.manifestHash)
    }

    /// The host's lane, after both have said hello.
    func lane() throws -> Lane {
        try say(.hello(hello))
        let lane = try Lane(descriptor: hostEnd, kind: kind)
        guard case .hello = try heard() else { throw EnclaveError.unexpectedMessage }
        return lane
    }
}

/// Answers with what it was given, and keeps what it was asked.
final class NotedQuestions: HostAnswering {
    struct Refused: Error {}

    var asked: [String] = []
    var refuses = false

    func readState(_ read: StateRead) throws -> [StateProof] {
        asked.append("state \(read.version)")
        if refuses { throw Refused() }
        return read.reads.map {
            StateProof(store: $0.store, keys: $0.keys, values: $0.keys.map { _ in nil }, proof: [0])
        }
    }

    func readCode(hash: [UInt8]) throws -> [UInt8] {
        asked.append("code")
        return [1, 2, 3]
    }

    func readJournal(first: Int, count: Int) throws -> [Hash32] {
        asked.append("journal \(first) \(count)")
        return [SHA256.hash([1])]
    }

    func runLedgerMessage(_ message: LedgerMessage) throws -> LedgerMessageResult {
        asked.append("message \(message.scope)")
        return LedgerMessageResult()
    }

    func revertScope(_ scope: UInt32) throws { asked.append("revert \(scope)") }
}
