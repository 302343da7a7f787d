import ChainInterface
import PublicCryptography

/// What a client looks for among transactions: all conditions hold.
///
/// Written as CometBFT's queries are: `key OP value` joined by AND, values in single quotes or bare numbers. Supported
/// are `=` on event attributes, `tx.height` and `tx.hash`, comparisons on `tx.height`, CONTAINS and EXISTS. Other
/// comparisons of attributes would need an index by number, which no client of ours asks for.
package struct TransactionQuery: Equatable, Sendable {
    package typealias Condition = TransactionSearch.Condition

    /// CometBFT's limit.
    private static let byteCountMax = 512
    private static let conditionsMax = 16

    package var conditions: [Condition]

    package init(_ conditions: [Condition]) {
        self.conditions = conditions
    }

    package init(_ text: String) throws(StatusError) {
        guard text.utf8.count <= TransactionQuery.byteCountMax else {
            throw .invalidRequest("maximum query length exceeded")
        }
        var scanner = QueryScanner(text)
        conditions = [try scanner.condition()]
        while try scanner.another() {
            guard conditions.count < TransactionQuery.conditionsMax else {
                throw .invalidRequest("too many conditions in the query")
            }
            conditions.append(try scanner.condition())
        }
    }
}

/// Takes a query apart, left to right.
private struct QueryScanner {
    private let characters: [UInt8]
    private var position = 0

    init(_ text: String) {
        characters = Array(text.utf8)
    }

    private var next: UInt8? { position < characters.count ? characters[position] : nil }

    private func invalid(_ reason: String) -> StatusError {
        .invalidRequest("invalid query: \(reason) at position \(position)")
    }

    private mutating func skipSpace() {
        while next == UInt8(ascii: " ") { position += 1 }
    }

    /// The characters up to a space, a quote or an operator.
    private mutating func word() -> String {
        skipSpace()
        let start = position
        while let character = next, !" '=<>".utf8.contains(character) { position += 1 }
        return String(decoding: characters[start..<position], as: UTF8.self)
    }

    /// Whether an AND follows; else the query must be at its end.
    mutating func another() throws(StatusError) -> Bool {
        skipSpace()
        guard next != nil else { return false }
        guard word().uppercased() == "AND" else { throw invalid("AND expected") }
        return true
    }

    mutating func condition() throws(StatusError) -> TransactionQuery.Condition {
        let name = word()
        guard !name.isEmpty else { throw invalid("a key expected") }
        skipSpace()
        switch next {
        case UInt8(ascii: "="):
            position += 1
            return try equality(name, try value())
        case UInt8(ascii: "<"), UInt8(ascii: ">"):
            return try comparison(name)
        default:
            switch word().uppercased() {
            case "EXISTS": return .attributeExists(name: name)
            case "CONTAINS": return .attributeContains(name: name, text: try value())
            default: throw invalid("an operator expected")
            }
        }
    }

    private func equality(_ name: String, _ value: String) throws(StatusError) -> TransactionQuery.Condition {
        switch name {
        case "tx.height":
            guard let height = Int64(value), height >= 0 else { throw invalid("a height expected") }
            return .heights(height...height)
        case "tx.hash":
            guard let bytes = Hexadecimal.decode(value), let hash = Hash32(bytes) else {
                throw invalid("a hash expected")
            }
            return .hash(hash)
        default: return .attribute(name: name, value: value)
        }
    }

    private mutating func comparison(_ name: String) throws(StatusError) -> TransactionQuery.Condition {
        let isLess = next == UInt8(ascii: "<")
        position += 1
        let isInclusive = next == UInt8(ascii: "=")
        if isInclusive { position += 1 }
        guard name == "tx.height" else { throw invalid("only tx.height can be compared") }
        guard let height = Int64(try value()), height >= 0, height < Int64.max else {
            throw invalid("a height expected")
        }
        if isLess {
            // No height is below 0, and no transaction has height 0.
            return .heights(0...max(0, isInclusive ? height : height - 1))
        }
        return .heights((isInclusive ? height : height + 1)...Int64.max)
    }

    /// A text in single quotes, in which nothing is escaped, or a bare word.
    private mutating func value() throws(StatusError) -> String {
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
