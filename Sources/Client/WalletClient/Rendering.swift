import StrictJSON

/// Text as a terminal may show it, whoever wrote it.
///
/// Labels, memos, logs, errors and answers of contracts are other people's. Shown as they are, they move the cursor,
/// change colours, turn the direction of writing, or begin a line that looks like one of ours (`admin: …`).
package enum Rendering {
    /// One line: what is not visible, or would not stay in its place, as an escape.
    package static func line(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        return text.unicodeScalars.reduce(into: "") { line, scalar in
            if isUnsafe(scalar) { line += escape(scalar) } else { line.unicodeScalars.append(scalar) }
        }
    }

    /// JSON as everywhere, with what a terminal would act on as `\u` escapes of its strings: the same value to a
    /// reader.
    package static func json(_ value: JSONValue) -> String {
        let text = JSONWriter.text(of: value)
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        return text.unicodeScalars.reduce(into: "") { line, scalar in
            guard isUnsafe(scalar) else { return line.unicodeScalars.append(scalar) }
            for unit in UTF16.encode(scalar)! { line += "\\u" + hexadecimal(unit, 4) }
        }
    }

    /// YAML 1.2 in blocks, which readers of YAML 1.1 read alike. Texts of decimal digits, as amounts and heights are in
    /// the chain's JSON, stand as numbers.
    package static func yaml(_ value: JSONValue) -> String {
        lines(value).joined(separator: "\n")
    }

    // MARK: - YAML

    private static func lines(_ value: JSONValue) -> [String] {
        switch value {
        case .object(let members) where !members.isEmpty:
            members.flatMap { name, value -> [String] in
                switch value {
                case .object(let inner) where !inner.isEmpty: [scalar(name) + ":"] + lines(value).map { "  " + $0 }
                case .array(let items) where !items.isEmpty: [scalar(name) + ":"] + lines(value)
                default: [scalar(name) + ": " + scalar(value)]
                }
            }
        case .array(let items) where !items.isEmpty:
            items.flatMap { item in
                lines(item).enumerated().map { ($0 == 0 ? "- " : "  ") + $1 }
            }
        default: [scalar(value)]
        }
    }

    private static func scalar(_ value: JSONValue) -> String {
        switch value {
        case .string(let text): isCount(text) ? text : scalar(text)
        case .array: "[]"
        case .object: "{}"
        case .number(let text): text
        case .null, .bool: JSONWriter.text(of: value)
        }
    }

    /// Digits that every reader takes for the same number.
    private static func isCount(_ text: String) -> Bool {
        (1...18).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
            && (text == "0" || text.utf8.first != 0x30)
    }

    private static func scalar(_ text: String) -> String {
        if isPlain(text) { return text }
        let isPrintable = text.unicodeScalars.allSatisfy { (0x20...0x7e).contains($0.value) }
        if isPrintable {
            return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''") + "'"
        }
        return text.unicodeScalars.reduce(into: "\"") { line, scalar in
            switch scalar {
            case "\"", "\\": line += "\\\(scalar)"
            case _ where isUnsafe(scalar): line += escape(scalar)
            default: line.unicodeScalars.append(scalar)
            }
        } + "\""
    }

    /// Words that mean something else to one reader or another.
    private static let reserved: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        // Hashes, as scripts cut them out of the output.
        if isDigit(first) { return text.utf8.allSatisfy { isLetter($0) || isDigit($0) } && !isNumeral(text) }
        guard isLetter(first) || first == 0x2f || first == 0x5f,
            text.utf8.allSatisfy({ (0x20...0x7e).contains($0) }), last != 0x20, last != 0x3a
        else { return false }
        return !reserved.contains(text.lowercased()) && !contains(text, ": ") && !contains(text, " #")
    }

    /// Whether letters and digits may be read as a number: 12, 1e3, 0x1f, 0o7, 0b1.
    private static func isNumeral(_ text: String) -> Bool {
        let parts = text.lowercased().split(separator: "e", maxSplits: 1, omittingEmptySubsequences: false)
        let isDecimal = parts.allSatisfy { !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }
        let (prefix, rest) = (text.lowercased().prefix(2), text.utf8.dropFirst(2))
        return isDecimal || ["0x", "0o"].contains(prefix)
            || prefix == "0b" && rest.allSatisfy { $0 == 0x30 || $0 == 0x31 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) }

    private static func contains(_ text: String, _ pair: String) -> Bool {
        let (first, second) = (pair.utf8.first!, pair.utf8.last!)
        return zip(text.utf8, text.utf8.dropFirst()).contains { $0 == first && $1 == second }
    }

    // MARK: - Characters

    /// Whether a character is not seen, or is acted upon: control and format characters (escape codes, writing
    /// direction, zero width), separators of lines, odd spaces, and what no font knows.
    package static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7f }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return true
        default: return scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// As double quoted text of YAML has it.
    private static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\r": "\\r"
        case "\t": "\\t"
        case _ where scalar.value <= 0xff: "\\x" + hexadecimal(scalar.value, 2)
        case _ where scalar.value <= 0xffff: "\\u" + hexadecimal(scalar.value, 4)
        default: "\\U" + hexadecimal(scalar.value, 8)
        }
    }

    private static func hexadecimal(_ value: some BinaryInteger, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
