import Logging
import StrictJSON

/// What was written, read again.
extension LogLine {
    /// A line, in either format; `nil` if it is none, as a detail is none. Details of text stand on lines of their own.
    package init?(_ line: String) {
        guard let read = line.hasPrefix("{") ? Self.readJSON(line) : Self.readText(line) else { return nil }
        self = read
    }

    private static func readJSON(_ line: String) -> LogLine? {
        guard let value = try? JSONReader.parse(Array(line.utf8)), let members = value.object,
            let time = value["time"]?.string, isTime(time),
            let level = value["level"]?.string.flatMap(Logger.Level.init(rawValue:)),
            let source = value["source"]?.string, let message = value["message"]?.string
        else { return nil }
        let details = (value["details"]?.array ?? []).compactMap(\.string)
        return LogLine(
            level, source, message, fields: members.filter { !ownNames.contains($0.0) }.map { ($0.0, $0.1) },
            details: details, time: time)
    }

    /// A line is read as it was written, by scalars: whoever chose a text may have begun it with a mark that joins the
    /// quotation mark before it.
    private typealias Scalars = Substring.UnicodeScalarView

    private static func text(_ scalars: Scalars) -> String { String(Substring(scalars)) }

    private static func readText(_ line: String) -> LogLine? {
        var rest = line[...].unicodeScalars
        guard let time = word(&rest), isTime(time), let level = word(&rest).flatMap(Logger.Level.init(rawValue:)) else {
            return nil
        }
        rest = rest.drop { $0 == " " }
        guard let colon = rest.firstIndex(of: ":"), rest[rest.index(after: colon)...].first == " " else { return nil }
        let source = text(rest[..<colon])
        rest = rest[rest.index(colon, offsetBy: 2)...]
        guard !source.isEmpty, !source.unicodeScalars.contains(" ") else { return nil }
        var (message, fields) = (text(rest), [(name: String, value: JSONValue)]())
        if let end = rest.indices.first(where: { rest[$0...].starts(with: "  ".unicodeScalars) }) {
            message = text(rest[..<end])
            rest = rest[rest.index(end, offsetBy: 2)...]
            while !rest.isEmpty {
                guard let field = field(&rest) else { return nil }
                fields.append(field)
            }
        }
        guard let plain = unescaped(message) else { return nil }
        return LogLine(level, source, plain, fields: fields, time: time)
    }

    private static func word(_ rest: inout Scalars) -> String? {
        guard let space = rest.firstIndex(of: " "), space > rest.startIndex else { return nil }
        defer { rest = rest[rest.index(after: space)...] }
        return text(rest[..<space])
    }

    private static func field(_ rest: inout Scalars) -> (name: String, value: JSONValue)? {
        guard let equals = rest.firstIndex(of: "="), equals > rest.startIndex else { return nil }
        guard rest[..<equals].allSatisfy(isNamePart) else { return nil }
        let name = text(rest[..<equals])
        rest = rest[rest.index(after: equals)...]
        guard rest.first == "\"" else {
            let plain = rest.prefix { $0 != " " }
            rest = rest.dropFirst(plain.count)
            if !rest.isEmpty { rest = rest.dropFirst() }
            return plain.isEmpty ? nil : (name, value(ofPlain: text(plain)))
        }
        var (end, isEscaped) = (rest.index(after: rest.startIndex), false)
        while end < rest.endIndex, isEscaped || rest[end] != "\"" {
            isEscaped = !isEscaped && rest[end] == "\\"
            end = rest.index(after: end)
        }
        guard end < rest.endIndex, let plain = unescaped(text(rest[..<end].dropFirst())) else {
            return nil
        }
        rest = rest[rest.index(after: end)...]
        if !rest.isEmpty {
            guard rest.first == " " else { return nil }
            rest = rest.dropFirst()
        }
        return (name, .string(plain))
    }

    /// What stands without quotes: numbers and words of JSON are those, all else is text.
    static func value(ofPlain text: String) -> JSONValue {
        switch text {
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "null": return .null
        default: break
        }
        let value =
            text.utf8.first.map { $0 == UInt8(ascii: "-") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
                == true
            ? try? JSONReader.parse(Array(text.utf8)) : nil
        return value ?? .string(text)
    }

    /// `YYYY-MM-DDThh:mm:ss.fffZ`.
    static func isTime(_ text: String) -> Bool {
        let shape = "dddd-dd-ddTdd:dd:dd.dddZ"
        return text.utf8.count == shape.utf8.count
            && zip(text.utf8, shape.utf8).allSatisfy { found, wanted in
                wanted == UInt8(ascii: "d") ? (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(found) : found == wanted
            }
    }

    /// The inverse of `escaped`.
    private static func unescaped(_ text: String) -> String? {
        guard text.contains("\\") else { return text }
        var (units, rest) = ([UInt16](), Array(text.utf16)[...])
        while let unit = rest.popFirst() {
            guard unit == UInt16(ascii: "\\") else {
                units.append(unit)
                continue
            }
            switch rest.popFirst() {
            case UInt16(ascii: "n"): units.append(0x0a)
            case UInt16(ascii: "r"): units.append(0x0d)
            case UInt16(ascii: "t"): units.append(0x09)
            case UInt16(ascii: "u"):
                guard rest.count >= 4, let code = UInt16(String(decoding: rest.prefix(4), as: UTF16.self), radix: 16)
                else {
                    return nil
                }
                units.append(code)
                rest = rest.dropFirst(4)
            case let other? where other == UInt16(ascii: "\\") || other == UInt16(ascii: "\""): units.append(other)
            default: return nil
            }
        }
        return String(decoding: units, as: UTF16.self)
    }
}

extension UInt16 {
    fileprivate init(ascii scalar: Unicode.Scalar) { self = UInt16(UInt8(ascii: scalar)) }
}
