import Wire

/// What a client looks for among events: all conditions hold.
///
/// CometBFT's language: `key OP operand` joined by AND, where OP is `=`, `<`, `<=`, `>`, `>=`, CONTAINS or EXISTS, and
/// an operand is a text in single quotes, a number, `TIME` with a moment of RFC 3339, or `DATE` with a day. Words are
/// understood in small letters, too, which wallets write.
package struct EventQuery: Equatable, Sendable {
    package enum Comparison: Equatable, Sendable { case equal, less, lessOrEqual, greater, greaterOrEqual }

    package enum Operand: Equatable, Sendable {
        case text(String)
        case number(DecimalText)
        case time(Timestamp)
    }

    package enum Test: Equatable, Sendable {
        case exists
        case contains(String)
        case compares(Comparison, Operand)
    }

    package struct Condition: Equatable, Sendable {
        /// An event's type and an attribute's key with a point between, as `message.action`.
        package var name: String
        package var test: Test

        package init(_ name: String, _ test: Test) { (self.name, self.test) = (name, test) }
    }

    package var conditions: [Condition]

    package init(_ conditions: [Condition]) { self.conditions = conditions }
}

// MARK: - Matching

extension EventQuery {
    /// Whether among `values`, which are all of one happening, some meet each condition.
    package func matches(_ values: EventValues) -> Bool {
        conditions.allSatisfy { condition in
            values.contains(condition.name) { condition.test.holds(for: $0) }
        }
    }
}

/// The values of attributes by their names, with all that an attribute has in the order of the events.
package struct EventValues: Equatable, Sendable {
    /// Names in the order in which they came first.
    package private(set) var names: [String] = []
    private var values: [String: [String]] = [:]
    /// Types of events, which a condition may name alone.
    private var types: Set<String> = []

    package init() {}

    package subscript(name: String) -> [String] { values[name] ?? [] }

    /// CometBFT leaves out what has no name.
    package mutating func add(type: String, key: String, _ value: String) {
        guard !type.isEmpty, !key.isEmpty else { return }
        types.insert(type)
        add(type + "." + key, value)
    }

    package mutating func add(_ name: String, _ value: String) {
        if values[name] == nil { names.append(name) }
        values[name, default: []].append(value)
    }

    fileprivate func contains(_ name: String, where holds: (String) -> Bool) -> Bool {
        if let values = values[name] { return values.contains(where: holds) }
        return types.contains(name) && holds("")
    }
}

extension EventQuery.Test {
    package func holds(for value: String) -> Bool {
        switch self {
        case .exists: return true
        case .contains(let text): return EventQuery.Test.contains(value, text)
        case .compares(let comparison, .text(let text)):
            return comparison == .equal && value.utf8.elementsEqual(text.utf8)
        case .compares(let comparison, .number(let number)):
            guard let other = DecimalText(leading: value) else { return false }
            return comparison.holds(other < number, other == number)
        case .compares(let comparison, .time(let time)):
            guard let other = Timestamp(rfc3339: value) ?? Timestamp(rfc3339: value + "T00:00:00Z") else {
                return false
            }
            return comparison.holds(other < time, other == time)
        }
    }

    private static func contains(_ value: String, _ text: String) -> Bool {
        let (value, text) = (Array(value.utf8), Array(text.utf8))
        return text.isEmpty || value.firstRange(of: text) != nil
    }
}

extension EventQuery.Comparison {
    fileprivate func holds(_ isLess: Bool, _ isEqual: Bool) -> Bool {
        switch self {
        case .equal: isEqual
        case .less: isLess
        case .lessOrEqual: isLess || isEqual
        case .greater: !isLess && !isEqual
        case .greaterOrEqual: !isLess
        }
    }
}

/// A number of any length that is not negative, as its digits: compared exactly, without a float.
package struct DecimalText: Equatable, Comparable, Sendable {
    /// Without zeros in front.
    private let whole: [UInt8]
    /// Without zeros behind.
    private let fraction: [UInt8]

    /// The number that a text begins with, as an amount begins with one: `nil` if it begins with none.
    package init?(leading text: String) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let bytes = text.utf8
        let whole = bytes.prefix { digits.contains($0) }
        guard !whole.isEmpty else { return nil }
        let rest = bytes.dropFirst(whole.count)
        var fraction: [UInt8] = []
        if rest.first == UInt8(ascii: ".") { fraction = rest.dropFirst().prefix { digits.contains($0) } + [] }
        while fraction.last == UInt8(ascii: "0") { fraction.removeLast() }
        self.whole = Array(whole.drop { $0 == UInt8(ascii: "0") })
        self.fraction = fraction
    }

    /// Its digits, with none that say nothing.
    package var text: String {
        let digits = whole.isEmpty ? [UInt8(ascii: "0")] : whole
        return String(decoding: fraction.isEmpty ? digits : digits + [UInt8(ascii: ".")] + fraction, as: UTF8.self)
    }

    /// The number, where it is whole and not too large.
    package var int64: Int64? {
        guard fraction.isEmpty else { return nil }
        return whole.isEmpty ? 0 : Int64(String(decoding: whole, as: UTF8.self))
    }

    package static func < (left: DecimalText, right: DecimalText) -> Bool {
        if left.whole.count != right.whole.count { return left.whole.count < right.whole.count }
        if left.whole != right.whole { return left.whole.lexicographicallyPrecedes(right.whole) }
        return left.fraction.lexicographicallyPrecedes(right.fraction)
    }
}
