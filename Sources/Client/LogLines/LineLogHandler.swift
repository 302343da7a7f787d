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

/// Makes lines of what loggers are told: its source is who spoke, the metadata the fields, sorted by name. A value that
/// was handed over as a whole number or a Boolean (`.stringConvertible`) stays one.
package struct LineLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    private let threshold: LogThreshold
    private let output: LogOutput
    /// Of a logger that was told another.
    private var ownLevel: Logger.Level?

    package init(_ output: LogOutput, level: Logger.Level) { self.init(output, threshold: LogThreshold(level)) }

    package init(_ output: LogOutput, threshold: LogThreshold) {
        (self.output, self.threshold) = (output, threshold)
    }

    package var logLevel: Logger.Level {
        get { ownLevel ?? threshold.level }
        set { ownLevel = newValue }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// A block is nothing that repeats, however many come.
    package static let block: Logger.Message = "block"

    package func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
        let line = LogLine(
            event.level, event.source, event.message.description,
            fields: all.sorted { $0.key < $1.key }.map { ($0.key, Self.value($0.value)) })
        if event.message == Self.block { return output.write(line) }
        output.write(line, limitedBy: "\(event.level) \(event.source) \(event.message)")
    }

    private static func value(_ value: Logger.Metadata.Value) -> JSONValue {
        switch value {
        case .string(let text): .string(text)
        case .stringConvertible(let value):
            switch value {
            case let number as any FixedWidthInteger: .number(String(number))
            case let truth as Bool: .bool(truth)
            default: .string(value.description)
            }
        case .array(let values): .array(values.map(Self.value(_:)))
        case .dictionary(let members):
            .object(members.sorted { $0.key < $1.key }.map { ($0.key, Self.value($0.value)) })
        }
    }
}
