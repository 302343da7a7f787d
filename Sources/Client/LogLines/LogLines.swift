/// One form for everything that a running program of ours says: a line as text for people, or as JSON for programs.
///
/// Both say the same: time with its zone, level, who speaks, text, fields. What is written can be read again
/// (`LogLine+Reading.swift`), which `cloister-node localnet` does with its node's. The caller chooses the words; they
/// may hold what strangers wrote, so nothing in them can begin another line or change a terminal. docs/operations.md
/// has the grammar.
import Glibc
import Logging
import StrictJSON

/// How lines look.
package enum LogFormat: String, Sendable, CaseIterable {
    case text, json
}

/// One thing that was said.
package struct LogLine: Sendable {
    /// RFC 3339 in UTC with milliseconds: `2026-12-01T02:41:44.123Z`.
    package var time: String
    package var level: Logger.Level
    /// The module, or the program, that says it.
    package var source: String
    package var message: String
    package var fields: [(name: String, value: JSONValue)]
    /// More lines of it, for people: a table, a list.
    package var details: [String]

    package init(
        _ level: Logger.Level, _ source: String, _ message: String, fields: [(name: String, value: JSONValue)] = [],
        details: [String] = [], time: String = LogLine.now()
    ) {
        (self.time, self.level, self.source, self.fields) = (time, level, source, fields)
        let lines = message.split(whereSeparator: \.isNewline).map(String.init)
        self.message = Self.singleSpaced(lines.first ?? "")
        self.details = lines.dropFirst().map { String($0.drop { $0 == " " }) } + details
    }

    package static func now() -> String {
        var moment = timespec()
        clock_gettime(CLOCK_REALTIME, &moment)
        return time(seconds: moment.tv_sec, milliseconds: Int(moment.tv_nsec) / 1_000_000)
    }

    static func time(seconds: Int, milliseconds: Int) -> String {
        var (seconds, parts) = (time_t(seconds), tm())
        gmtime_r(&seconds, &parts)
        func digits(_ value: some BinaryInteger, _ count: Int) -> String {
            let text = String(value)
            return String(repeating: "0", count: max(0, count - text.count)) + text
        }
        return "\(digits(parts.tm_year + 1900, 4))-\(digits(parts.tm_mon + 1, 2))-\(digits(parts.tm_mday, 2))T"
            + "\(digits(parts.tm_hour, 2)):\(digits(parts.tm_min, 2)):\(digits(parts.tm_sec, 2))."
            + "\(digits(milliseconds, 3))Z"
    }

    /// The field of that name.
    package subscript(name: String) -> JSONValue? { fields.first { $0.name == name }?.value }

    /// In a format, without the newline at its end.
    package func written(_ format: LogFormat) -> String {
        switch format {
        case .text: text
        case .json: json
        }
    }
}

// MARK: - Text

extension LogLine {
    static let levelColumns = 8
    static let detailPrefix = "  "

    /// `TIME LEVEL SOURCE: MESSAGE  name=value name=value`, then each detail on a line that begins with two spaces.
    private var text: String {
        let padding = String(repeating: " ", count: max(1, Self.levelColumns - level.rawValue.count + 1))
        var line =
            "\(time) \(level.rawValue)\(padding)\(Self.word(source)): \(Self.escaped(message))"
        for (index, field) in fields.enumerated() {
            line += (index == 0 ? "  " : " ") + Self.name(field.name) + "=" + Self.written(field.value)
        }
        for detail in details { line += "\n" + Self.detailPrefix + Self.escaped(detail) }
        return line
    }

    /// Two spaces end a message.
    private static func singleSpaced(_ text: String) -> String {
        text.split(separator: " ").joined(separator: " ")
    }

    private static func word(_ text: String) -> String {
        String(text.unicodeScalars.map { isPlain($0) && $0 != ":" ? Character($0) : "_" })
    }

    static func name(_ text: String) -> String {
        let name = String(text.unicodeScalars.map { isNamePart($0) ? Character($0) : "_" })
        return name.first?.isLetter == true ? name : "_" + name
    }

    static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "a"..."z", "A"..."Z", "0"..."9", "_", ".", "-": true
        default: false
        }
    }

    /// Of a value that needs no quotes.
    static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
        isNamePart(scalar)
            || [":", "/", "+", ",", "@", "%", "…", "(", ")", "[", "]", "#", "?", "&", ";"].contains(scalar)
    }

    private static func written(_ value: JSONValue) -> String {
        let text: String
        switch value {
        case .null, .bool, .number: return JSONWriter.text(of: value)
        // In this form a list is the text of one.
        case .array, .object: text = JSONWriter.text(of: value)
        case .string(let string): text = string
        }
        let isPlain = !text.isEmpty && text.unicodeScalars.allSatisfy(isPlain(_:)) && readsAsText(text)
        return isPlain ? text : "\"" + escaped(text, quotes: true) + "\""
    }

    /// Not a number or a word of JSON.
    static func readsAsText(_ text: String) -> Bool {
        if case .string = value(ofPlain: text) { true } else { false }
    }

    /// What would end a line, move a cursor, or turn the direction of what is written stands as in JSON.
    static func escaped(_ text: String, quotes: Bool = false) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"" where quotes: result += "\\\""
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                switch scalar.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse:
                    for unit in UTF16.encode(scalar)! { result += "\\u" + hexadecimal(unit) }
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }

    private static func hexadecimal(_ unit: UInt16) -> String {
        let text = String(unit, radix: 16)
        return String(repeating: "0", count: 4 - text.count) + text
    }
}

// MARK: - JSON

extension LogLine {
    /// Members that a field cannot take the place of.
    static let ownNames: Set<String> = ["time", "level", "source", "message", "details"]

    private var json: String {
        var members: [(String, JSONValue)] = [
            ("time", .string(time)), ("level", .string(level.rawValue)), ("source", .string(source)),
            ("message", .string(message)),
        ]
        for field in fields {
            members.append((Self.ownNames.contains(field.name) ? field.name + "_" : field.name, field.value))
        }
        if !details.isEmpty { members.append(("details", .array(details.map { .string($0) }))) }
        return JSONWriter.text(of: .object(members))
    }
}
