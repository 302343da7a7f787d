import Foundation

/// Calls of one contract, in a text that people write: for contracts of whatever language, of which there is a module
/// and no test program.
///
///     # A line is a call: what, the message, and for some who and which coins.
///     instantiate {"count":5}
///     execute {"increment":{}} from bob with 5uscrt
///     = {"count":6}
///     execute {"nothing":{}}
///     ! unknown
///     query {"get_count":{}}
///     = {"count":6}
///
/// A message is any value of JSON, `"get_count"` too. Behind a call, `=` and a text is what it must answer, `!` and a
/// text a part of the error it must end with. A line that begins with a space goes on with the one before. Lines end as
/// on any system.
struct ContractStory {
    struct Step: Equatable {
        enum Expectation: Equatable {
            case answer(String)
            case error(String)
        }

        /// Of the call, and then of what is expected of it.
        var line: Int
        var entry: String
        var message: String
        var sender = "alice"
        /// As in `5uscrt,3other`; empty for none.
        var funds = ""
        var expectation: Expectation?
    }

    /// What cannot be read, with its line.
    struct Malformed: Error, CustomStringConvertible {
        var line: Int
        var problem: String
        var description: String { "line \(line): \(problem)" }
    }

    private static let entries = ["instantiate", "execute", "query", "migrate"]
    static let bytesMax = 1 << 20

    var steps: [Step] = []

    init(_ text: String) throws {
        guard text.utf8.count <= Self.bytesMax else { throw Malformed(line: 1, problem: "longer than 1 MiB") }
        var pending: (line: Int, text: String)?
        // Some editors put a mark in front of a text.
        let unmarked = text.unicodeScalars.first == "\u{feff}" ? String(text.unicodeScalars.dropFirst()) : text
        let lines = unmarked.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" || $0 == "\r" }
        for (index, line) in lines.enumerated() {
            let content = line.trimmingCharacters(in: .whitespaces)
            if content.isEmpty || line.hasPrefix("#") { continue }
            if line.first == " " || line.first == "\t" {
                guard pending != nil else { throw Malformed(line: index + 1, problem: "nothing goes on here") }
                pending?.text += " " + content
            } else {
                if let pending { try add(pending.text, pending.line) }
                pending = (index + 1, content)
            }
        }
        if let pending { try add(pending.text, pending.line) }
    }

    private mutating func add(_ text: String, _ line: Int) throws {
        let rest = text.dropFirst().trimmingCharacters(in: .whitespaces)
        if text.hasPrefix("=") || text.hasPrefix("!") {
            guard let last = steps.indices.last, steps[last].expectation == nil else {
                throw Malformed(line: line, problem: "an expectation stands behind a call, one behind each")
            }
            guard text.hasPrefix("=") || !rest.isEmpty else {
                throw Malformed(
                    line: line, problem: "behind ! stands a part of the error: every error has nothing in it")
            }
            steps[last].line = line
            steps[last].expectation = text.hasPrefix("=") ? .answer(rest) : .error(rest)
            return
        }
        let entry = String(text.prefix { $0 != " " && $0 != "\t" })
        guard Self.entries.contains(entry) else {
            throw Malformed(line: line, problem: "a call begins with \(Self.entries.joined(separator: ", "))")
        }
        let said = text.dropFirst(entry.count).drop { $0 == " " || $0 == "\t" }
        let message = Self.value(said)
        guard !message.isEmpty else {
            throw Malformed(line: line, problem: "a call has a message, as {\"increment\":{}}")
        }
        var step = Step(line: line, entry: entry, message: String(message))
        var words = said[message.endIndex...].split { $0 == " " || $0 == "\t" }.map(String.init)
        while words.count >= 2 {
            switch words.removeFirst() {
            case "from": step.sender = words.removeFirst()
            case "with": step.funds = words.removeFirst()
            default: throw Malformed(line: line, problem: "behind a message come `from NAME` and `with COINS`")
            }
        }
        guard words.isEmpty else {
            throw Malformed(line: line, problem: "behind a message come `from NAME` and `with COINS`")
        }
        steps.append(step)
    }

    /// The value of JSON that a text begins with, as far as its brackets and quotes say where it ends; whether it is
    /// one, the contract says.
    static func value(_ text: Substring) -> Substring {
        var (depth, isQuoted, isEscaped) = (0, false, false)
        for index in text.indices {
            let character = text[index]
            if isQuoted {
                if character == "\"", !isEscaped { isQuoted = false }
                isEscaped = !isEscaped && character == "\\"
            } else {
                switch character {
                case "\"": isQuoted = true
                case "{", "[": depth += 1
                case "}", "]": depth -= 1
                case " ", "\t":
                    if depth == 0 { return text[..<index] }
                    continue
                default: continue
                }
            }
            if depth <= 0, !isQuoted { return text[...index] }
        }
        return text
    }
}
