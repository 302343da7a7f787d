import Foundation
import Logging
import StrictJSON
import Synchronization

/// One JSON object a line on standard error: time, level, message, then the metadata, sorted by name.
package struct JSONLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let label: String
    private static let output = Mutex(())

    package init(label: String, level: Logger.Level) {
        self.label = label
        logLevel = level
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var members: [(String, JSONValue)] = [
            ("time", .string(Date().formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true)))),
            ("level", .string(event.level.rawValue)), ("message", .string(event.message.description)),
            ("source", .string(label)),
        ]
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        for (name, value) in all.sorted(by: { $0.key < $1.key }) { members.append((name, .string(value.description))) }
        let line = JSONWriter.text(of: .object(members)) + "\n"
        JSONLogHandler.output.withLock { _ in FileHandle.standardError.write(Data(line.utf8)) }
    }
}
