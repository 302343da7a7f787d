// The parts of the enclave's service as values: what a call, a block or a lane is made of, each by itself and in
// milliseconds. What they do together, in the real program, is HostileHost's.

import EnclaveProtocol
import Glibc
import PublicCryptography
import SignedTransactions
import StateKit
import Testing

@testable import EnclaveService

@Suite("EnclaveService") enum EnclaveServiceSuite {}

/// The host at the other end of a lane. Its answers are given before they are asked for, since a lane asks and waits.
final class PlayedHost {
    let session: LaneSession
    private let socket: FrameSocket

    init() {
        signal(SIGPIPE, SIG_IGN)
        var ends: [Int32] = [0, 0]
        precondition(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        // A test that asks for more than was answered fails instead of hanging.
        var patience = timeval(tv_sec: 5, tv_usec: 0)
        for end in ends {
            setsockopt(end, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        }
        socket = FrameSocket(descriptor: ends[0], isEnclaveSide: false)
        session = LaneSession(socket: FrameSocket(descriptor: ends[1], isEnclaveSide: true), kind: .execution)
    }

    func answer(_ message: ToEnclave) throws { try socket.send(message.encoded()) }

    /// The next question that was asked.
    func question() throws -> FromEnclave { try FromEnclave(decoding: socket.receive()) }

    /// The keys of the next question, which must be for values of one store.
    func keysAsked() throws -> [[UInt8]] {
        guard case .readState(let read) = try question(), read.reads.count == 1 else {
            Issue.record("no question for the values of one store")
            return []
        }
        return read.reads[0].keys
    }
}

/// A proved state that knows nothing yet, and the host that it asks.
struct Prover {
    let reference: ReferenceState
    let host = PlayedHost()
    let state: ProvenState

    init(_ stores: [String: ReferenceState.Store] = [:], version: Int64 = 7) {
        reference = ReferenceState(stores)
        state = ProvenState(
            commitment: reference.commitment, version: version, session: host.session, memory: LaneMemory())
    }

    func proof(of keys: [[UInt8]], in store: String) -> StateProof {
        StateProof(
            store: store, keys: keys, values: reference.values(of: keys, in: store),
            proof: reference.proof(of: keys, in: store))
    }

    /// Proves these keys ahead, so that no question is needed for them.
    func admit(_ keys: [[UInt8]], in store: String) throws { try state.admit([proof(of: keys, in: store)]) }
}

/// The twentyfold byte as an address.
func account(_ byte: UInt8) -> AccountAddress { AccountAddress([UInt8](repeating: byte, count: 20))! }
