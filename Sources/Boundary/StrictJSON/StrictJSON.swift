/// JSON (RFC 8259) for the trusted side: a value, a strict reader and a writer that agrees with serde_json.
///
/// The reader is used inside the enclave on text a stranger wrote, so it is total (every input gives a value or a
/// `JSONError`, never a trap), bounded in depth and size before it allocates, and it accepts exactly RFC 8259 in valid
/// UTF-8 and nothing else. Numbers stay text: nothing here ever makes a floating-point number. Object members keep
/// their order, and what happens to a repeated name is the caller's explicit choice.
///
/// Text is compared byte by byte, never by Swift's canonical equivalence: under `==` of `String` the Kelvin sign
/// equals the letter K, and a contract would see two different names where we saw one.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    /// A number exactly as it was written. Only the reader and the initialisers from integers should make one: the
    /// writer emits the text unseen.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object([(String, JSONValue)])
}

// MARK: - Access

extension JSONValue {
    /// The value of the member called `name`: `nil` if this is no object or has no such member. With repeated names
    /// (possible only when a caller built such an object) the first.
    package subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.0.utf8.elementsEqual(name.utf8) }?.1
    }

    /// The element at `index`: `nil` if this is no array or is too short.
    package subscript(index: Int) -> JSONValue? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    package var isNull: Bool {
        if case .null = self { true } else { false }
    }

    package var bool: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    package var string: String? {
        if case .string(let value) = self { value } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let value) = self { value } else { nil }
    }

    package var object: [(String, JSONValue)]? {
        if case .object(let value) = self { value } else { nil }
    }

    package var numberText: String? {
        if case .number(let value) = self { value } else { nil }
    }

    package var uint64: UInt64? { integer() }
    package var int64: Int64? { integer() }
    package var uint128: UInt128? { integer() }

    /// The number as an integer of type `Integer`, or `nil` if it is none: it has a fraction, an exponent or a sign
    /// that `Integer` lacks, is out of range, or is `-0` (which serde_json takes for a floating-point number).
    package func integer<Integer: FixedWidthInteger>(as type: Integer.Type = Integer.self) -> Integer? {
        guard case .number(let text) = self else { return nil }
        var digits = text.utf8[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        guard let first = digits.first, !(isNegative && first == UInt8(ascii: "0")) else { return nil }
        var value: Integer = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
            let unit = Integer(digit - UInt8(ascii: "0"))
            let (sum, carry) =
                isNegative ? shifted.subtractingReportingOverflow(unit) : shifted.addingReportingOverflow(unit)
            guard !overflow, !carry else { return nil }
            value = sum
        }
        return value
    }

    /// The number `value`.
    package static func number(_ value: some FixedWidthInteger) -> JSONValue { .number(String(value)) }
}

// MARK: - Conformances

extension JSONValue: Equatable {
    /// Equal as written: numbers by their text, objects by their members in order, text by its bytes.
    package static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)), (.string(let left), .string(let right)):
            left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)):
            left.count == right.count
                && zip(left, right).allSatisfy { $0.0.utf8.elementsEqual($1.0.utf8) && $0.1 == $1.1 }
        default: false
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral value: String) { self = .string(value) }
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int64) { self = .number(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) { self = .object(elements) }
}
