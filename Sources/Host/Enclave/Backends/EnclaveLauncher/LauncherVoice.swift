import Foundation
import Glibc
import Logging

/// What the launcher writes to standard error, and what the enclave says through it, as lines of the node's log.
///
/// The launcher bounds what comes of the enclave, and replaces whatever is no plain character. A logger that takes no
/// warnings is nobody's to read: then what the launcher complains of stands on our own standard error as it came.
final class LauncherVoice: @unchecked Sendable {
    /// The launcher's standard error; closed here once it runs.
    let writeEnd: Int32
    private let readEnd: Int32
    private let logger: Logger
    private let end = DispatchSemaphore(value: 0)

    /// Longer than any of the launcher's (`report.c`).
    private static let lineBytesMax = 1_024
    private static let patience = DispatchTimeInterval.seconds(2)

    /// `nil` if this process has no descriptor left.
    init?(_ logger: Logger) {
        var ends: [Int32] = [0, 0]
        // A pair rather than a pipe, since it is close-on-exec from the first moment.
        guard socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            return nil
        }
        (readEnd, writeEnd, self.logger) = (ends[0], ends[1], logger)
    }

    /// To be called once, when the launcher has its end, or was not started.
    func listen() {
        close(writeEnd)
        let thread = Thread { [self] in
            read()
            close(readEnd)
            end.signal()
        }
        thread.name = "enclave-launcher-log"
        thread.start()
    }

    /// Until all is logged that was written; not for ever, should somebody else hold the launcher's end.
    func waitForTheEnd() { _ = end.wait(timeout: .now() + Self.patience) }

    private func read() {
        var (line, chunk) = ([UInt8](), [UInt8](repeating: 0, count: 4_096))
        while true {
            let count = Glibc.read(readEnd, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { break }
            for byte in chunk[..<count] {
                if byte == UInt8(ascii: "\n") || line.count == Self.lineBytesMax {
                    log(line)
                    line = []
                }
                if byte != UInt8(ascii: "\n") { line.append(byte) }
            }
        }
        log(line)
    }

    private static let launcher = "enclave-host: "
    private static let enclave = "enclave says: "

    private func log(_ line: [UInt8]) {
        var text = String(decoding: line, as: UTF8.self)[...]
        guard !text.isEmpty else { return }
        if text.hasPrefix(Self.launcher) { text = text.dropFirst(Self.launcher.count) }
        let isEnclaves = text.hasPrefix(Self.enclave)
        let isOrderly = text == "the enclave ended in order"
        if logger.logLevel > .warning {
            if !isOrderly && !isEnclaves { FileHandle.standardError.write(Data(line + [UInt8(ascii: "\n")])) }
        } else if isEnclaves {
            logger.notice("\(text.dropFirst(Self.enclave.count))", source: "enclave")
        } else if isOrderly {
            logger.info("\(text)", source: "enclave-host")
        } else {
            logger.warning("\(text)", source: "enclave-host")
        }
    }
}
