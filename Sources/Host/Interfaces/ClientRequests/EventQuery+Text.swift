import Wire

/// Why a text is no query, for who wrote it.
package struct EventQueryFault: Error, Equatable, Sendable {
    package var text: String
}

extension EventQuery {
    package init(_ text: String) throws(EventQueryFault) {
        guard text.utf8.count <= RequestLimits.queryBytesMax else {
            throw EventQueryFault(text: "maximum query length exceeded")
        }
        var scanner = EventQueryScanner(text)
        var conditions = [try scanner.condition()]
        while try scanner.another() {
            guard conditions.count < RequestLimits.conditionsMax else {
                throw EventQueryFault(text: "a query has at most \(RequestLimits.conditionsMax) conditions")
            }
            conditions.append(try scanner.condition())
        }
        self.init(conditions)
    }
}

/// Takes a query apart, left to right.
private struct EventQueryScanner {
    private let characters: [UInt8]
    private var position = 0

    init(_ text: String) { characters = Array(text.utf8) }

    private var next: UInt8? { position < characters.count ? characters[position] : nil }

    private func invalid(_ reason: String) -> EventQueryFault {
        EventQueryFault(text: "invalid query: \(reason) at position \(position)")
    }

    private mutating func skipSpace() {
        while let byte = next, byte == 0x20 || (0x09...0x0d).contains(byte) { position += 1 }
    }

    /// The characters up to a space, a quote or an operator.
    private mutating func word() -> String {
        skipSpace()
        let start = position
        while let byte = next, byte > 0x20, !"'=<>".utf8.contains(byte) { position += 1 }
        return String(decoding: characters[start..<position], as: UTF8.self)
    }

    /// Whether an AND follows; else the query must be at its end.
    mutating func another() throws(EventQueryFault) -> Bool {
        skipSpace()
        guard next != nil else { return false }
        guard word().uppercased() == "AND" else { throw invalid("AND expected") }
        return true
    }

    mutating func condition() throws(EventQueryFault) -> EventQuery.Condition {
        let name = word()
        guard !name.isEmpty else { throw invalid("a key expected") }
        skipSpace()
        if let comparison = comparison() {
            let operand = try operand()
            if case .text = operand, comparison != .equal { throw invalid("texts are not ordered: = expected") }
            return EventQuery.Condition(name, .compares(comparison, operand))
        }
        switch word().uppercased() {
        case "EXISTS": return EventQuery.Condition(name, .exists)
        case "CONTAINS": return EventQuery.Condition(name, .contains(try text()))
        default: throw invalid("an operator expected")
        }
    }

    private mutating func comparison() -> EventQuery.Comparison? {
        guard let first = next, first == UInt8(ascii: "=") || first == UInt8(ascii: "<") || first == UInt8(ascii: ">")
        else { return nil }
        position += 1
        guard first != UInt8(ascii: "=") else { return .equal }
        let isInclusive = next == UInt8(ascii: "=")
        if isInclusive { position += 1 }
        return first == UInt8(ascii: "<")
            ? (isInclusive ? .lessOrEqual : .less) : (isInclusive ? .greaterOrEqual : .greater)
    }

    private mutating func operand() throws(EventQueryFault) -> EventQuery.Operand {
        skipSpace()
        if next == UInt8(ascii: "'") { return .text(try text()) }
        let word = word()
        switch word.uppercased() {
        case "TIME":
            guard let time = Timestamp(rfc3339: self.word()) else { throw invalid("a time of RFC 3339 expected") }
            return .time(time)
        case "DATE":
            guard let time = Timestamp(rfc3339: self.word() + "T00:00:00Z") else {
                throw invalid("a day as 2006-01-02 expected")
            }
            return .time(time)
        default:
            guard !word.isEmpty else { throw invalid("a value expected") }
            // A word without quotes is a text, where it is no number: CometBFT refuses it, and people write it.
            let isNumber = word.utf8.allSatisfy { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
            guard isNumber, word.utf8.count(where: { $0 == UInt8(ascii: ".") }) <= 1,
                let number = DecimalText(leading: word)
            else { return .text(word) }
            return .number(number)
        }
    }

    /// In single quotes, in which nothing is escaped; or a word.
    private mutating func text() throws(EventQueryFault) -> String {
        skipSpace()
        guard next == UInt8(ascii: "'") else {
            let word = word()
            guard !word.isEmpty else { throw invalid("a value expected") }
            return word
        }
        let start = position + 1
        guard let end = characters[start...].firstIndex(of: UInt8(ascii: "'")) else {
            throw invalid("a closing quote expected")
        }
        position = end + 1
        return String(decoding: characters[start..<end], as: UTF8.self)
    }
}
