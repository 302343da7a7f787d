/// A type with a form in JSON. Conformances of message and state types are written by `tools/generate.py`.
protocol JSONCoded {
    /// `name` says in an error where the value stood.
    init(_ json: JSON, _ name: Text) throws(ContractError)
    var json: JSON { get }
}

extension JSON: JSONCoded {
    init(_ json: JSON, _ name: Text) throws(ContractError) { self = json }
    var json: JSON { self }
}

extension Text: JSONCoded {
    init(_ json: JSON, _ name: Text) throws(ContractError) { self = try json.text(name) }
    var json: JSON { .string(self) }
}

extension Bool: JSONCoded {
    init(_ json: JSON, _ name: Text) throws(ContractError) {
        guard case .bool(let value) = json else { throw ContractError(name + " must be true or false") }
        self = value
    }
    var json: JSON { .bool(self) }
}

extension UInt8: JSONCoded {}
extension UInt32: JSONCoded {}
extension UInt64: JSONCoded {}
extension Int32: JSONCoded {}
extension Int64: JSONCoded {}
extension FixedWidthInteger {
    init(_ json: JSON, _ name: Text) throws(ContractError) { self = try json.integer(name) }
    var json: JSON { .integer(self) }
}

/// Bytes, in JSON as base64.
struct Bytes: JSONCoded, Equatable {
    var bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    init(_ json: JSON, _ name: Text) throws(ContractError) {
        guard let bytes = Base64.decode(try json.text(name).utf8) else { throw ContractError(name + " must be base64") }
        self.bytes = bytes
    }

    var json: JSON { .base64(bytes) }
}

extension Array: JSONCoded where Element: JSONCoded {
    init(_ json: JSON, _ name: Text) throws(ContractError) {
        self = []
        for element in try json.elements(name) { append(try Element(element, name)) }
    }

    var json: JSON { .array(map { $0.json }) }
}

extension Optional: JSONCoded where Wrapped: JSONCoded {
    init(_ json: JSON, _ name: Text) throws(ContractError) {
        if case .null = json { self = nil } else { self = try Wrapped(json, name) }
    }

    var json: JSON { map { $0.json } ?? .null }
}

extension Fields {
    mutating func read<Value: JSONCoded>(_ name: Text) throws(ContractError) -> Value {
        try Value(take(name), name)
    }

    /// `nil` if the member is absent or null.
    mutating func readIfPresent<Value: JSONCoded>(_ name: Text) throws(ContractError) -> Value? {
        guard let value = takeIfPresent(name) else { return nil }
        return try Value?(value, name)
    }
}

/// Spaces behind a JSON value change nothing for its reader and hide its length up to a multiple.
enum Padding {
    static func spaces(_ text: [UInt8], multiple: Int) -> [UInt8] {
        let excess = text.count % multiple
        return excess == 0 ? text : text + [UInt8](repeating: UInt8(ascii: " "), count: multiple - excess)
    }
}
