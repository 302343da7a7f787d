import EnclaveLink
import EnclaveProtocol
import PublicCryptography

extension BackendCase {
    /// Bytes on a lane, before any message: what is no frame, no message, or not its turn.
    static let frames: [BackendCase] = [
        unopened("a lane begins with a hello", .unexpectedMessage) { try $0.send(.health) },
        unopened("another version is no session", .wrongVersion) { lane in
            var hello = lane.hello
            hello.version += 1
            try lane.send(.hello(hello))
        },
        unopened("another boundary is no session", .wrongVersion) { lane in
            var hello = lane.hello
            hello.manifestHash[0] ^= 1
            try lane.send(.hello(hello))
        },
        unopened("a lane is what it was opened as", .wrongLane) { lane in
            var hello = lane.hello
            hello.lane = .query
            try lane.send(.hello(hello))
        },
        closing("hello is said once", .unexpectedMessage) { try $0.send(.hello($0.hello)) },
        closing("a frame beyond the limit is refused by its length alone", .frameTooLong) {
            $0.write(UInt32(BoundaryProtocol.frameBytesMax + 1).bigEndianBytes)
        },
        closing("bytes that are no message end the lane", .malformedFrame) {
            try $0.send(body: [0xff, 0xff, 0xff, 0xff])
        },
        closing("an empty frame ends the lane", .malformedFrame) { try $0.send(body: []) },
        closing("a field beyond its limit ends the lane", .malformedFrame) { lane in
            // A sealed record (field 3, its field 1) of a byte more than 4 MiB.
            let record = [UInt8](repeating: 1, count: 4_194_305)
            let inner = [0x0a] + varint(record.count) + record
            try lane.send(body: [0x1a] + varint(inner.count) + inner)
        },
        closing("a call of another lane ends the lane", .unexpectedMessage) { try $0.send(.endBlock) },
        closing("an answer that nobody asked for ends the lane", .unexpectedMessage) { try $0.send(.state([])) },
        BackendCase(name: "a question takes its own answer and no other") { machine in
            let lanes = try RawLanes(machine)
            let chain = try announce(lanes, machine)
            try lanes.queries[0].send(.query(question(at: 1)))
            guard case .readState = try lanes.queries[0].receive() else { throw Violation(text: "it asked nothing") }
            try lanes.queries[0].send(.code([1]))
            try fails(lanes.queries[0], .unexpectedMessage)
            // And no other lane knows of it.
            guard case .health = try lanes.control.call(.health) else { throw Violation(text: "no health") }
            guard case .blockEnded = try lanes.execution.call(.endBlock) else { throw Violation(text: "not ended") }
            _ = chain
        },
        BackendCase(name: "a frame that comes byte by byte is a frame, and two at once are two") { machine in
            let lanes = try RawLanes(machine)
            let body = try ToEnclave.health.encoded()
            let frame = UInt32(body.count).bigEndianBytes + body
            for byte in frame { lanes.control.write([byte]) }
            guard case .health = try lanes.control.receive() else { throw Violation(text: "no health") }
            lanes.control.write(frame + frame)
            for _ in 0..<2 {
                guard case .health = try lanes.control.receive() else { throw Violation(text: "no health") }
            }
        },
        BackendCase(name: "a lane that is cut within a frame takes no other with it") { machine in
            let lanes = try RawLanes(machine, queryLanes: 2)
            _ = try announce(lanes, machine)
            lanes.queries[0].write([0, 0, 1])
            lanes.queries[0].end()
            guard case .health = try lanes.control.call(.health) else { throw Violation(text: "no health") }
            guard case .blockEnded = try lanes.execution.call(.endBlock) else { throw Violation(text: "not ended") }
        },
        BackendCase(name: "both ends have heard the same") { machine in
            let lanes = try RawLanes(machine)
            _ = try lanes.control.call(.health)
            // Of all up to the call that asks for it, which is part of it.
            var heard = Transcript(isEnclaveSide: false)
            let said = lanes.control.said
            heard.record(.sent, try ToEnclave.hello(lanes.control.hello).encoded())
            heard.record(.received, said[0])
            heard.record(.sent, try ToEnclave.health.encoded())
            guard case .health(let health) = try FromEnclave(decoding: said[1]) else {
                throw Violation(text: "no health")
            }
            try require(health.transcript == heard.hash.bytes, "another transcript")
        },
    ]

    /// As the first thing that is said on the control lane.
    private static func unopened(
        _ name: String, _ failure: Failure, _ say: @escaping @Sendable (RawLane) throws -> Void
    ) -> BackendCase {
        BackendCase(name: name) { machine in
            let lanes = try machine.lanes(queryLanes: 1).map { RawLane($0, .control) }
            try say(lanes[0])
            try fails(lanes[0], failure)
        }
    }

    /// On a control lane that has begun.
    private static func closing(
        _ name: String, _ failure: Failure, _ say: @escaping @Sendable (RawLane) throws -> Void
    ) -> BackendCase {
        BackendCase(name: name) { machine in
            let lanes = try RawLanes(machine)
            try say(lanes.control)
            try fails(lanes.control, failure)
        }
    }

    private static func fails(_ lane: RawLane, _ failure: Failure) throws {
        let answer = try lane.receive()
        guard case .failure(failure.rawValue) = answer else {
            throw Violation(text: "\(answer) instead of \(failure) (\(failure.rawValue))")
        }
        try require(lane.isClosed, "the lane goes on after \(failure)")
    }

    /// A network with the state after its first block announced.
    private static func announce(_ lanes: RawLanes, _ machine: any BackendMachine) throws -> QuietChain {
        let chain = QuietChain()
        let identity = chain.identity(rootHash: try machine.rootHash())
        guard case .opened(let opened) = try lanes.control.call(.bootstrap(identity)) else {
            throw Violation(text: "not opened")
        }
        chain.register(opened)
        _ = try lanes.execution.call(.beginBlock(chain.next()), answering: chain)
        _ = try lanes.execution.call(.endBlock)
        chain.adopt()
        _ = try lanes.execution.call(.beginBlock(chain.next()), answering: chain)
        return chain
    }

    private static func varint(_ value: Int) -> [UInt8] {
        value < 0x80 ? [UInt8(value)] : [UInt8(value & 0x7f | 0x80)] + varint(value >> 7)
    }
}
