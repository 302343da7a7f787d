import BoundaryTap
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import LauncherKit
import Testing

/// One lane driven by hand: any bytes in, in any order.
final class HandLane {
    enum Answer: Equatable {
        case message(FromEnclave)
        /// The enclave closed the lane.
        case closed
        /// Nothing came in time.
        case nothing
    }

    private let descriptor: Int32
    let kind: LaneKind

    init(_ descriptor: Int32, kind: LaneKind) {
        (self.descriptor, self.kind) = (descriptor, kind)
        setPatience(of: descriptor, seconds: 20)
    }

    deinit { close(descriptor) }

    static func frame(_ body: [UInt8]) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: body.count >> $0) } + body
    }

    /// Whether the enclave still took them.
    @discardableResult
    func send(raw bytes: [UInt8]) -> Bool {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.send(descriptor, $0.baseAddress! + done, bytes.count - done, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            done += count
        }
        return true
    }

    @discardableResult
    func send(body: [UInt8]) -> Bool { send(raw: HandLane.frame(body)) }

    /// Ends this direction, as a host that died in the middle of a frame.
    func cut() { shutdown(descriptor, Int32(SHUT_WR)) }

    func receive() -> Answer { receiveBody().answer }

    /// The next frame, with its bytes.
    func receiveBody() -> (answer: Answer, body: [UInt8]) {
        var header = [UInt8](repeating: 0, count: 4)
        switch read(into: &header) {
        case 4: break
        case 0: return (.closed, [])
        default: return (.nothing, [])
        }
        var body = [UInt8](repeating: 0, count: header.reduce(0) { $0 << 8 | Int($1) })
        guard read(into: &body) == body.count, let message = try? FromEnclave(decoding: body) else {
            return (.nothing, [])
        }
        do {
            _ = try BoundaryReader.read(body, .outOfEnclave, lane: "\(kind)")
        } catch {
            Issue.record("undeclared: \(error)")
        }
        return (.message(message), body)
    }

    private func read(into buffer: inout [UInt8]) -> Int {
        var done = 0
        while done < buffer.count {
            let wanted = buffer.count - done
            let count = buffer.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + done, wanted, 0) }
            if count == 0 || (count < 0 && errno == ECONNRESET) { return done }
            guard count > 0 else { return -1 }
            done += count
        }
        return done
    }

    func ask(_ message: ToEnclave) throws -> Answer {
        send(body: try message.encoded())
        return receive()
    }

    var hello: ToEnclave {
        .hello(Hello(lane: kind, version: BoundaryProtocol.version, manifestHash: BoundaryProtocol.manifestHash))
    }
}

/// A running enclave whose lanes have not even said hello.
final class HandEnclave {
    let control: HandLane
    let execution: HandLane
    let queries: [HandLane]
    private let launched: RawEnclave

    init(state: String, queryLanes: Int = 2, greeting: Bool = true) throws {
        launched = try RawEnclave(state: state, queryLanes: queryLanes)
        let ends = launched.takeLanes()
        control = HandLane(ends[0], kind: .control)
        execution = HandLane(ends[1], kind: .execution)
        queries = ends[2...].map { HandLane($0, kind: .query) }
        guard greeting else { return }
        for lane in [control, execution] + queries {
            guard case .message(.hello) = try lane.ask(lane.hello) else {
                throw EnclaveError.notStarted(String(decoding: launched.standardError, as: UTF8.self))
            }
        }
    }

    var isAlive: Bool { launched.isAlive }
    var standardError: String { String(decoding: launched.standardError, as: UTF8.self) }
    func kill() { launched.kill() }
    func waitForEnd() { launched.waitForEnd() }

    /// Whether the control lane still answers.
    func isWell() throws -> Bool {
        guard case .message(.health) = try control.ask(.health) else { return false }
        return isAlive
    }
}
