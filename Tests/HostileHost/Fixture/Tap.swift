import Foundation
import Glibc
import LauncherKit
import Synchronization

/// Keeps a copy of everything that crosses the lanes it is spliced into.
final class Tap: Sendable {
    private struct Copies {
        var toEnclave: [UInt8] = []
        var fromEnclave: [UInt8] = []
    }

    private let copies = Mutex(Copies())

    var toEnclave: [UInt8] { copies.withLock { $0.toEnclave } }
    var fromEnclave: [UInt8] { copies.withLock { $0.fromEnclave } }

    func forget() { copies.withLock { $0 = Copies() } }

    /// Takes over the host's end of a lane; the result is the end that the test uses instead.
    func splice(_ lane: Int32) throws -> Int32 {
        let (test, inner) = try socketPair()
        setPatience(of: test)
        let splice = Splice(ends: [inner, lane])
        pump(from: inner, to: lane, splice) { copies, bytes in copies.toEnclave += bytes }
        pump(from: lane, to: inner, splice) { copies, bytes in copies.fromEnclave += bytes }
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
        _ keep: @escaping @Sendable (inout Copies, ArraySlice<UInt8>) -> Void
    ) {
        let thread = Thread { [self] in
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            reading: while true {
                let count = recv(source, &buffer, buffer.count, 0)
                if count < 0, errno == EINTR || errno == EAGAIN { continue }
                guard count > 0 else { break }
                copies.withLock { keep(&$0, buffer[..<count]) }
                var done = 0
                while done < count {
                    let sent = buffer.withUnsafeBytes {
                        send(sink, $0.baseAddress! + done, count - done, Int32(MSG_NOSIGNAL))
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
