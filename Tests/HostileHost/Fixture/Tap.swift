import BoundaryTap
import EnclaveProtocol
import Foundation
import Glibc
import LauncherKit
import Synchronization

/// Keeps a copy of everything that crosses the lanes it is spliced into, and holds what leaves the enclave against the
/// declared boundary.
final class Tap: Sendable {
    private struct Copies {
        var toEnclave: [UInt8] = []
        var fromEnclave: [UInt8] = []
    }

    private let copies = Mutex(Copies())
    private let lanes = Mutex<[LaneTap]>([])
    private let forgery = Mutex<Forgery?>(nil)
    private static let failureNumbers = Set(Failure.allCases.map { UInt64($0.rawValue) })

    var toEnclave: [UInt8] { copies.withLock { $0.toEnclave } }
    var fromEnclave: [UInt8] { copies.withLock { $0.fromEnclave } }

    /// What goes into the enclave in the place of the next frame with a message.
    private struct Forgery: Sendable {
        let message: String
        let bytes: @Sendable ([UInt8]) -> [UInt8]
    }

    /// Once, bytes of the test's choice go into the enclave in the place of an honest frame, whose body they get.
    func forge(_ message: String, _ bytes: @escaping @Sendable ([UInt8]) -> [UInt8]) {
        forgery.withLock { $0 = Forgery(message: message, bytes: bytes) }
    }

    /// What goes on of what a host has sent: whole frames, and what is forged in the place of one.
    private func forged(_ waiting: inout [UInt8], _ lane: String) -> [UInt8] {
        var out: [UInt8] = []
        while let body = LaneTap.takeFrame(&waiting) {
            let taken = forgery.withLock { forgery -> Forgery? in
                let message = try? BoundaryReader.read(body, .intoEnclave, lane: lane).message
                guard let known = forgery, known.message == message else { return nil }
                forgery = nil
                return known
            }
            out += taken?.bytes(body) ?? HandLane.frame(body)
        }
        return out
    }

    /// What left the enclave and is not declared.
    var violations: [String] { lanes.withLock { $0.flatMap(\.violations) } }

    /// Every frame of every lane, lane by lane.
    var frames: [(way: DeclaredBoundary.Way, frame: BoundaryReader.Frame, byteCount: Int)] {
        lanes.withLock { $0.flatMap(\.frames) }
    }

    func forget() {
        copies.withLock { $0 = Copies() }
        lanes.withLock { for lane in $0 { lane.forget() } }
    }

    /// Takes over the host's end of a lane; the result is the end that the test uses instead.
    func splice(_ lane: Int32, _ kind: LaneKind) throws -> Int32 {
        let (test, inner) = try socketPair()
        setPatience(of: test)
        let splice = Splice(ends: [inner, lane])
        let reader = LaneTap(lane: "\(kind)", failureNumbers: Tap.failureNumbers)
        lanes.withLock { $0.append(reader) }
        var waiting: [UInt8] = []
        pump(from: inner, to: lane, splice) { [self] bytes in
            waiting += bytes
            let bytes = forged(&waiting, reader.lane)
            copies.withLock { $0.toEnclave += bytes }
            reader.sent(bytes[...])
            return bytes
        }
        pump(from: lane, to: inner, splice) { [self] bytes in
            copies.withLock {
                $0.fromEnclave += bytes
                reader.received(bytes)
            }
            return Array(bytes)
        }
        return test
    }

    /// The two inner ends, which are closed when neither direction needs them any more.
    private final class Splice: Sendable {
        private let ends: [Int32]

        init(ends: [Int32]) { self.ends = ends }

        deinit {
            for end in ends { close(end) }
        }
    }

    /// Copies until one side ends; the other direction ends with it.
    private func pump(
        from source: Int32, to sink: Int32, _ splice: Splice,
        _ pass: sending @escaping (ArraySlice<UInt8>) -> [UInt8]
    ) {
        nonisolated(unsafe) let pass = pass
        let thread = Thread {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            reading: while true {
                let count = recv(source, &buffer, buffer.count, 0)
                if count < 0, errno == EINTR || errno == EAGAIN { continue }
                guard count > 0 else { break }
                let passed = pass(buffer[..<count])
                var done = 0
                while done < passed.count {
                    let sent = passed.withUnsafeBytes {
                        send(sink, $0.baseAddress! + done, passed.count - done, Int32(MSG_NOSIGNAL))
                    }
                    guard sent > 0 else { break reading }
                    done += sent
                }
            }
            shutdown(sink, Int32(SHUT_WR))
            withExtendedLifetime(splice) {}
        }
        thread.stackSize = 1 << 19
        thread.start()
    }
}
