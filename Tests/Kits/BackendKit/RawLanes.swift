import EnclaveLink
import EnclaveProtocol
import Glibc
import PublicCryptography
import Synchronization

/// All lanes of an enclave as frames, after their hellos. What the enclave says is kept.
package final class RawLanes {
    package let control: RawLane
    package let execution: RawLane
    package let queries: [RawLane]

    package init(_ machine: any BackendMachine, queryLanes: Int = 1) throws {
        let descriptors = try machine.lanes(queryLanes: queryLanes)
        let kinds: [LaneKind] = [.control, .execution] + Array(repeating: .query, count: queryLanes)
        let lanes = zip(descriptors, kinds).map { RawLane($0, $1) }
        for lane in lanes {
            guard case .hello = try lane.call(.hello(lane.hello)) else { throw EnclaveError.unexpectedMessage }
        }
        (control, execution, queries) = (lanes[0], lanes[1], Array(lanes[2...]))
    }

    package var said: [[UInt8]] { ([control, execution] + queries).flatMap(\.said) }
}

/// One lane before anything is believed of it: bytes can be sent that are no frames.
package final class RawLane {
    private let socket: FrameSocket
    private let descriptor: Int32
    private let kind: LaneKind
    /// What crossed, in order.
    package private(set) var frames: [(isInward: Bool, body: [UInt8])] = []
    package var said: [[UInt8]] { frames.filter { !$0.isInward }.map(\.body) }

    package init(_ descriptor: Int32, _ kind: LaneKind) {
        (self.descriptor, self.kind) = (descriptor, kind)
        socket = FrameSocket(descriptor: descriptor, isEnclaveSide: false)
    }

    package var hello: Hello {
        Hello(lane: kind, version: BoundaryProtocol.version, manifestHash: BoundaryProtocol.manifestHash)
    }

    package var transcript: [UInt8] { socket.transcriptHash.bytes }

    package func send(_ message: ToEnclave) throws { try send(body: message.encoded()) }

    package func send(body: [UInt8]) throws {
        try socket.send(body)
        frames.append((true, body))
    }

    /// Past the frames: no transcript has it.
    package func write(_ bytes: [UInt8]) {
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            done += count
        }
    }

    package func receive() throws -> FromEnclave {
        let body = try socket.receive()
        frames.append((false, body))
        return try FromEnclave(decoding: body)
    }

    /// Sends a call and answers what the enclave asks meanwhile.
    package func call(_ message: ToEnclave, answering chain: QuietChain? = nil) throws -> FromEnclave {
        try send(message)
        while true {
            switch try receive() {
            case .readState(let read) where chain != nil: try send(.state(chain!.readState(read)))
            case .readJournal where chain != nil: try send(.journal([]))
            case .readHeaders(let highest, let count) where chain != nil:
                try send(.headers(chain!.readHeaders(highest: highest, count: Int(count))))
            case let answer: return answer
            }
        }
    }

    /// Whether the enclave has closed the lane.
    package var isClosed: Bool {
        do {
            _ = try socket.receive()
            return false
        } catch { return error == .closed || error == .broken(ECONNRESET) }
    }

    package func end() { socket.end() }
}
