import Foundation
import StrictJSON
import Testing

/// The grammar of docs/operations.md (The log), written down a second time: it shares nothing with what writes lines.
enum LogGrammar {
    struct Violation: Error, CustomStringConvertible {
        var description: String
    }

    // Made anew each time, since a Regex is not Sendable.
    private static var line: Regex<AnyRegexOutput> {
        get throws {
            let field = #"[A-Za-z_][A-Za-z0-9_.-]*=(?:"(?:[^"\\]|\\["\\nrtu])*"|[^\s"=]+)"#
            return try Regex(
                #"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (?:trace|debug|info|notice|warning|error|critical) +"#
                    + #"[A-Za-z0-9_.-]+: \S+(?: \S+)*"# + "(?:  \(field)(?: \(field))*)?$")
        }
    }

    /// What a Swift program says that was handed something it has no name for.
    private static let slips = ["nil", "Optional("]

    /// All lines but those that go on the one before; each must be one.
    static func text(_ output: String) throws -> [String] {
        let line = try line
        var found: [String] = []
        for text in output.split(separator: "\n").map(String.init) {
            guard !slips.contains(where: text.contains) else { throw Violation(description: text) }
            if text.hasPrefix("  "), !found.isEmpty { continue }
            guard try line.wholeMatch(in: text) != nil else { throw Violation(description: "no line: \(text)") }
            found.append(text)
        }
        try #require(!found.isEmpty)
        return found
    }

    /// Fields that count something.
    private static let numbers = [
        "height", "transactions", "failed", "gas", "milliseconds", "empty_before", "first", "last", "head", "status",
        "rest_port", "evidence_bytes", "seconds", "round",
    ]

    static func json(_ output: String) throws -> [JSONValue] {
        var found: [JSONValue] = []
        for text in output.split(separator: "\n").map(String.init) {
            guard let line = try? JSONReader.parse(Array(text.utf8)),
                let time = line["time"]?.string, time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil,
                line["level"]?.string != nil, line["source"]?.string?.isEmpty == false, line["message"]?.string != nil,
                numbers.allSatisfy({ line[$0] == nil || line[$0]?.int64 != nil }), !slips.contains(where: text.contains)
            else { throw Violation(description: "no line: \(text)") }
            found.append(line)
        }
        try #require(!found.isEmpty)
        return found
    }
}
