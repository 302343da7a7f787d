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
/// Behind a call, `=` and a text is what it must answer, `!` and a text a part of the error it must end with. A line
/// that begins with a space goes on with the one before.
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
        for (index, line) in text.components(separatedBy: "\n").enumerated() {
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
            steps[last].line = line
            steps[last].expectation = text.hasPrefix("=") ? .answer(rest) : .error(rest)
            return
        }
        let entry = String(text.prefix { $0 != " " })
        guard Self.entries.contains(entry) else {
            throw Malformed(line: line, problem: "a call begins with \(Self.entries.joined(separator: ", "))")
        }
        guard let start = text.firstIndex(of: "{"), let end = text.lastIndex(of: "}"), start < end else {
            throw Malformed(line: line, problem: "a call has a message, as {\"increment\":{}}")
        }
        var step = Step(line: line, entry: entry, message: String(text[start...end]))
        var words = text[text.index(after: end)...].split(separator: " ").map(String.init)
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
}
