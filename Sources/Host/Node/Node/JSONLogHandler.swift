import Foundation
import Logging
import StrictJSON
import Synchronization

/// The level of a whole process, which changes while it runs.
package final class LogThreshold: Sendable {
    private let state: Mutex<Logger.Level>

    package init(_ level: Logger.Level) { state = Mutex(level) }

    package var level: Logger.Level {
        get { state.withLock { $0 } }
        set { state.withLock { $0 = newValue } }
    }
}

/// One JSON object a line on standard error: time, level, message, then the metadata, sorted by name.
package struct JSONLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    private let label: String
    private let threshold: LogThreshold
    /// Of a logger that was told another.
    private var ownLevel: Logger.Level?
    private static let output = Mutex(LineLimiter())

    package init(label: String, level: Logger.Level) { self.init(label: label, threshold: LogThreshold(level)) }

    package init(label: String, threshold: LogThreshold) {
        (self.label, self.threshold) = (label, threshold)
    }

    package var logLevel: Logger.Level {
        get { ownLevel ?? threshold.level }
        set { ownLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let leftOut: Int
        switch Self.output.withLock({ $0.admit("\(event.level) \(label) \(event.message)", event.level) }) {
        case .leaveOut: return
        case .write(let count): leftOut = count
        }
        var members: [(String, JSONValue)] = [
            ("time", .string(Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true)))),
            ("level", .string(event.level.rawValue)), ("message", .string(event.message.description)),
            ("source", .string(label)),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        for (name, value) in all.sorted(by: { $0.key < $1.key }) { members.append((name, .string(value.description))) }
        if leftOut > 0 { members.append(("left_out", .string(String(leftOut)))) }
        let line = JSONWriter.text(of: .object(members)) + "\n"
        JSONLogHandler.output.withLock { _ in FileHandle.standardError.write(Data(line.utf8)) }
    }
}

/// Lets the same message through a few times in a while: a fault that repeats without end must not fill the disk.
///
/// Messages are constants of the code, what varies is in their metadata; so there are few of them, and a message that
/// was left out is one like those before it.
struct LineLimiter {
    enum Admission: Equatable {
        /// With so many like it that were left out since the last one.
        case write(leftOut: Int)
        case leaveOut
    }

    private struct Entry {
        var begin: ContinuousClock.Instant
        var count = 0
        var leftOut = 0
    }

    static let linesMax = 20
    static let window = Duration.seconds(10)
    private static let messagesMax = 1_000
    private var entries: [String: Entry] = [:]

    mutating func admit(
        _ message: String, _ level: Logger.Level, now: ContinuousClock.Instant = .now
    ) -> Admission {
        if level == .critical { return .write(leftOut: 0) }
        if entries.count >= Self.messagesMax { entries.removeAll() }
        var entry = entries[message] ?? Entry(begin: now)
        defer { entries[message] = entry }
        if now - entry.begin >= Self.window { (entry.begin, entry.count) = (now, 0) }
        guard entry.count < Self.linesMax else {
            entry.leftOut += 1
            return .leaveOut
        }
        entry.count += 1
        defer { entry.leftOut = 0 }
        return .write(leftOut: entry.leftOut)
    }
}
