import Glibc
import StrictJSON
import Synchronization

/// Where a process's lines go, and in which format: each whole, one after the other, from whatever thread.
package final class LogOutput: Sendable {
    package let format: LogFormat
    /// Whether somebody sees it on a terminal, where a line may take the place of the one before.
    package let isTerminal: Bool
    private let descriptor: Int32
    private let state = Mutex<(limiter: LineLimiter, isUnfinished: Bool)>((LineLimiter(), false))

    package init(_ format: LogFormat, descriptor: Int32 = STDERR_FILENO) {
        (self.format, self.descriptor) = (format, descriptor)
        isTerminal = isatty(descriptor) == 1
    }

    package func write(_ line: LogLine) {
        state.withLock { state in
            put((state.isUnfinished ? "\n" : "") + line.written(format) + "\n")
            state.isUnfinished = false
        }
    }

    /// As `write`, but the next of this kind takes its place where `isTerminal`; for text alone.
    package func rewrite(_ line: LogLine) {
        guard isTerminal, format == .text else { return write(line) }
        state.withLock { state in
            put("\r\u{1b}[K" + line.written(.text).prefix(columns))
            state.isUnfinished = true
        }
    }

    /// As `write`, unless the same was said very often just now.
    func write(_ line: LogLine, limitedBy key: String) {
        state.withLock { state in
            var line = line
            switch state.limiter.admit(key, line.level) {
            case .leaveOut: return
            case .write(leftOut: 0): break
            case .write(let count): line.fields.append(("left_out", .number(count)))
            }
            put((state.isUnfinished ? "\n" : "") + line.written(format) + "\n")
            state.isUnfinished = false
        }
    }

    /// A line that is longer than the terminal is wide cannot be taken back.
    private var columns: Int {
        var size = winsize()
        guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 1 else { return 79 }
        return Int(size.ws_col) - 1
    }

    private func put(_ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            // Nobody can be told that the log is gone.
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
