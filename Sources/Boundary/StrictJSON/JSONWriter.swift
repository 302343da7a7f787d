/// Writes JSON exactly as serde_json's compact output: no spaces, members in the order given, `"` and `\` and control
/// characters escaped and nothing else (neither `/` nor anything beyond ASCII).
///
/// Usable in two ways: `JSONWriter.bytes(of:)` for a value, or a writer that is told piece by piece what comes, which
/// builds no values:
///
///     var writer = JSONWriter()
///     writer.beginObject()
///     writer.member("height", 12)
///     writer.endObject()
///     send(writer.bytes)
///
/// The writer sets commas by itself. It trusts its caller to name each member and to close what was opened.
package struct JSONWriter {
    package private(set) var bytes = [UInt8]()
    private var needsComma = false

    package init() {}

    package static func bytes(of value: JSONValue) -> [UInt8] {
        var writer = JSONWriter()
        writer.write(value)
        return writer.bytes
    }

    package static func text(of value: JSONValue) -> String {
        String(decoding: bytes(of: value), as: UTF8.self)
    }

    package mutating func write(_ value: JSONValue) {
        switch value {
        case .null: writeNull()
        case .bool(let value): write(value)
        case .number(let text): writeUnchecked(text.utf8)
        case .string(let text): write(text)
        case .array(let elements):
            beginArray()
            for element in elements { write(element) }
            endArray()
        case .object(let members):
            beginObject()
            for (name, value) in members { member(name, value) }
            endObject()
        }
    }

    package mutating func writeNull() { writeUnchecked("null".utf8) }
    package mutating func write(_ value: Bool) { writeUnchecked((value ? "true" : "false").utf8) }
    package mutating func write(_ value: some FixedWidthInteger) { writeUnchecked(String(value).utf8) }

    package mutating func write(_ text: String) {
        separate()
        quote(text)
        needsComma = true
    }

    /// One value that already is JSON, copied unseen: for text this enclave made itself.
    package mutating func writeUnchecked(_ json: some Collection<UInt8>) {
        separate()
        bytes.append(contentsOf: json)
        needsComma = true
    }
}

// MARK: - Structure

extension JSONWriter {
    package mutating func beginObject() { open(UInt8(ascii: "{")) }
    package mutating func endObject() { close(UInt8(ascii: "}")) }
    package mutating func beginArray() { open(UInt8(ascii: "[")) }
    package mutating func endArray() { close(UInt8(ascii: "]")) }

    /// The name of the member whose value is written next.
    package mutating func name(_ name: String) {
        separate()
        quote(name)
        bytes.append(UInt8(ascii: ":"))
    }

    package mutating func member(_ name: String, _ value: JSONValue) {
        self.name(name)
        write(value)
    }

    package mutating func member(_ name: String, _ value: String) {
        self.name(name)
        write(value)
    }

    package mutating func member(_ name: String, _ value: some FixedWidthInteger) {
        self.name(name)
        write(value)
    }

    private mutating func open(_ byte: UInt8) {
        separate()
        bytes.append(byte)
    }

    private mutating func close(_ byte: UInt8) {
        bytes.append(byte)
        needsComma = true
    }

    private mutating func separate() {
        if needsComma { bytes.append(UInt8(ascii: ",")) }
        needsComma = false
    }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        defer { bytes.append(UInt8(ascii: "\"")) }
        let isPlain = text.utf8.allSatisfy { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
        guard !isPlain else { return bytes.append(contentsOf: text.utf8) }
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x08: bytes += Array("\\b".utf8)
            case 0x0c: bytes += Array("\\f".utf8)
            case 0x0a: bytes += Array("\\n".utf8)
            case 0x0d: bytes += Array("\\r".utf8)
            case 0x09: bytes += Array("\\t".utf8)
            case 0..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes += Array("\\u00".utf8)
                bytes += [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            default: bytes.append(byte)
            }
        }
    }
}
