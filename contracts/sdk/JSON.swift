/// A JSON value (RFC 8259) as messages, environments and results are made of.
enum JSON: ExpressibleByStringLiteral {
    case null
    case bool(Bool)
    /// The number as it was written: nothing is ever a floating-point number.
    case number(Text)
    case string(Text)
    case array([JSON])
    case object([Member])

    /// A name of an object with its value.
    struct Member {
        var name: Text
        var value: JSON

        init(_ name: Text, _ value: JSON) {
            self.name = name
            self.value = value
        }
    }

    static func integer(_ value: some FixedWidthInteger) -> JSON { .number(Text(decimal: value)) }

    init(stringLiteral literal: StaticString) { self = .string(Text(stringLiteral: literal)) }

    static func base64(_ bytes: [UInt8]) -> JSON { .string(Text(Base64.encode(bytes))) }

    /// The text of a string; `what` names the place in the error.
    func text(_ what: Text) throws(ContractError) -> Text {
        guard case .string(let text) = self else { throw ContractError(what + " must be a string") }
        return text
    }

    /// An integer that fits, written without fraction or exponent.
    func integer<Value: FixedWidthInteger>(_ what: Text) throws(ContractError) -> Value {
        guard case .number(let text) = self, let value = Value(decimal: text.utf8) else {
            throw ContractError(what + " must be an integer in range")
        }
        return value
    }

    func elements(_ what: Text) throws(ContractError) -> [JSON] {
        guard case .array(let elements) = self else { throw ContractError(what + " must be an array") }
        return elements
    }

    /// The member `name`, or `nil` if there is none or this is not an object.
    func member(_ name: Text) -> JSON? {
        guard case .object(let members) = self else { return nil }
        for member in members where member.name == name { return member.value }
        return nil
    }

    /// A message: an object with one member, whose name says what is asked for.
    func variant() throws(ContractError) -> Member {
        guard case .object(let members) = self, members.count == 1 else {
            throw ContractError("a message must be an object with one member")
        }
        return members[0]
    }
}

/// Takes the members of an object by name; what nobody took is an error, so that a misspelt field does not pass
/// silently.
struct Fields {
    private var members: [JSON.Member]

    init(_ value: JSON) throws(ContractError) {
        guard case .object(let members) = value else { throw ContractError("fields must be in an object") }
        self.members = members
    }

    mutating func take(_ name: Text) throws(ContractError) -> JSON {
        guard let value = takeIfPresent(name) else { throw ContractError("missing field: " + name) }
        return value
    }

    mutating func takeIfPresent(_ name: Text) -> JSON? {
        for index in 0..<members.count where members[index].name == name {
            return members.remove(at: index).value
        }
        return nil
    }

    /// `padding` may stand in any object: callers use it to make messages of equal length.
    func finish() throws(ContractError) {
        for member in members where member.name != "padding" {
            throw ContractError("unknown field: " + member.name)
        }
    }
}

extension FixedWidthInteger {
    /// `nil` for anything but an optional minus and digits, and for what does not fit.
    init?(decimal text: [UInt8]) {
        var digits = text[...]
        let isNegative = digits.first == UInt8(ascii: "-")
        if isNegative { digits = digits.dropFirst() }
        guard !digits.isEmpty else { return nil }
        var value: Self = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            let (product, overflowed) = value.multipliedReportingOverflow(by: 10)
            let step = Self(truncatingIfNeeded: digit - UInt8(ascii: "0"))
            let next = isNegative ? product.subtractingReportingOverflow(step) : product.addingReportingOverflow(step)
            guard !overflowed, !next.overflow else { return nil }
            value = next.partialValue
        }
        self = value
    }
}
