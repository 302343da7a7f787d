import EnclaveConnector
import TOMLKit

/// Reads settings one by one and collects everything that is wrong with them: an operator mends a file once, not once
/// for each mistake. What nobody asked for is a mistake, too, since a misspelt key would silently do nothing.
struct SettingsReader {
    private let table: TOMLTable
    private(set) var violations: [String] = []
    /// By section; top-level keys stand under the empty name.
    private var known: [String: Set<String>] = [:]

    init(_ table: TOMLTable) {
        self.table = table
    }

    mutating func integer<Value: FixedWidthInteger>(
        _ section: String, _ key: String, _ range: ClosedRange<Value>, _ otherwise: Value
    ) -> Value {
        guard let found = value(section, key) else { return otherwise }
        let wanted =
            range.upperBound == .max
            ? "a whole number, at least \(range.lowerBound)"
            : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard found.type == .int, let number = found.int, let value = Value(exactly: number), range.contains(value)
        else {
            refuse(section, key, "must be \(wanted), not \(Self.shown(found))")
            return otherwise
        }
        return value
    }

    /// `problem` says what is wrong with a text, or nothing.
    mutating func text(
        _ section: String, _ key: String, _ otherwise: String, problem: (String) -> String? = { _ in nil }
    ) -> String {
        guard let found = value(section, key) else { return otherwise }
        guard found.type == .string, let text = found.string else {
            refuse(section, key, "must be a text in quotes, not \(Self.shown(found))")
            return otherwise
        }
        if let problem = problem(text) { refuse(section, key, problem) }
        return text
    }

    mutating func flag(_ section: String, _ key: String, _ otherwise: Bool) -> Bool {
        guard let found = value(section, key) else { return otherwise }
        guard found.type == .bool, let flag = found.bool else {
            refuse(section, key, "must be true or false, not \(Self.shown(found))")
            return otherwise
        }
        return flag
    }

    mutating func choice<Value: RawRepresentable & CaseIterable>(
        _ section: String, _ key: String, _ otherwise: Value
    ) -> Value where Value.RawValue == String {
        guard let found = value(section, key) else { return otherwise }
        guard found.type == .string, let value = found.string.flatMap(Value.init(rawValue:)) else {
            let choices = Value.allCases.map(\.rawValue)
            let list = choices.dropLast().joined(separator: ", ") + " or " + choices.last!
            refuse(section, key, "must be \(list), not \(Self.shown(found))")
            return otherwise
        }
        return value
    }

    mutating func refuse(_ section: String, _ key: String, _ reason: String) {
        violations.append((section.isEmpty ? key : "\(section).\(key)") + ": " + reason)
    }

    /// Call last: whatever stands in the file and was not asked for.
    mutating func refuseUnknown() {
        for key in table.keys.sorted() {
            if let section = table[key]?.table {
                guard let keys = known[key] else {
                    refuse("", key, "is no section of this file")
                    continue
                }
                for inner in section.keys.sorted() where !keys.contains(inner) {
                    refuse(key, inner, "is no setting" + Self.list(keys))
                }
            } else if known[key] != nil {
                refuse("", key, "must be a section, [\(key)]")
            } else if known[""]?.contains(key) != true {
                refuse("", key, "is no setting" + Self.list(known[""] ?? []))
            }
        }
    }

    private static func list(_ keys: Set<String>) -> String { "; known are " + keys.sorted().joined(separator: ", ") }

    private mutating func value(_ section: String, _ key: String) -> (any TOMLValueConvertible)? {
        known[section, default: []].insert(key)
        return section.isEmpty ? table[key] : table[section]?.table?[key]
    }

    private static func shown(_ value: any TOMLValueConvertible) -> String {
        switch value.type {
        case .string: "\"\(Settings.escaped(String((value.string ?? "").prefix(100))))\""
        case .int: value.int.map { String($0) } ?? "a number"
        case .bool: value.bool.map { String($0) } ?? "a truth value"
        case .double: value.double.map { String($0) } ?? "a number"
        default: "a \(value.type)"
        }
    }
}

/// Texts in settings, and as they are shown.
enum Settings {
    /// As it may stand in a quoted text of TOML: no character of it ends the line or the text.
    static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\\\"
            case "\"": escaped += "\\\""
            case _ where isControl(scalar):
                let digits = String(scalar.value, radix: 16, uppercase: true)
                escaped += "\\u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }

    static func problem(ofSocket text: String) -> String? {
        text.utf8.count <= ConnectedEnclave.pathBytesMax && !text.utf8.contains(0)
            ? nil : "must have at most \(ConnectedEnclave.pathBytesMax) bytes"
    }

    /// Names are shown to others, on their terminals.
    static func problem(ofMoniker text: String) -> String? {
        guard (1...70).contains(text.utf8.count) else { return "must have 1 to 70 bytes" }
        guard !text.unicodeScalars.contains(where: isControl) else { return "must have no control characters" }
        return nil
    }

    static func problem(ofHost text: String) -> String? {
        let isHost =
            (1...253).contains(text.utf8.count)
            && text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\"") }
        return isHost ? nil : "must be an address or the name of a host"
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
        default: false
        }
    }
}
