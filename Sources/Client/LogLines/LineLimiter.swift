import Logging

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
