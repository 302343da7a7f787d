/// Reads JSON strictly (RFC 8259): one value, valid UTF-8, no name twice in an object, bounded depth.
struct JSONReader {
    private static let depthMax = 32

    private let bytes: [UInt8]
    private var position = 0

    static func parse(_ bytes: [UInt8]) throws(ContractError) -> JSON {
        var reader = JSONReader(bytes: bytes)
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        guard reader.position == bytes.count else { throw reader.failure }
        return value
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private var failure: ContractError { ContractError("not JSON at byte " + Text(decimal: position)) }

    private mutating func value(depth: Int) throws(ContractError) -> JSON {
        guard depth < JSONReader.depthMax else { throw failure }
        skipSpace()
        guard position < bytes.count else { throw failure }
        switch bytes[position] {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func object(depth: Int) throws(ContractError) -> JSON {
        position += 1
        var members: [JSON.Member] = []
        skipSpace()
        if take(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            skipSpace()
            guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else { throw failure }
            let name = try string()
            for member in members where member.name == name { throw failure }
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw failure }
            members.append(JSON.Member(name, try value(depth: depth + 1)))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "}")) else { throw failure }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(ContractError) -> JSON {
        position += 1
        var elements: [JSON] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            elements.append(try value(depth: depth + 1))
            skipSpace()
        } while take(UInt8(ascii: ","))
        guard take(UInt8(ascii: "]")) else { throw failure }
        return .array(elements)
    }

    private mutating func word(_ word: Text, _ value: JSON) throws(ContractError) -> JSON {
        for byte in word.utf8 {
            guard take(byte) else { throw failure }
        }
        return value
    }

    /// An optional minus, an integer without leading zeros, optionally a fraction and an exponent.
    private mutating func number() throws(ContractError) -> Text {
        let start = position
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
            try digits()
        }
        return Text([UInt8](bytes[start..<position]))
    }

    private mutating func digits() throws(ContractError) {
        let start = position
        while position < bytes.count, bytes[position] >= UInt8(ascii: "0"), bytes[position] <= UInt8(ascii: "9") {
            position += 1
        }
        guard position > start else { throw failure }
    }

    private mutating func string() throws(ContractError) -> Text {
        position += 1
        var text: [UInt8] = []
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case UInt8(ascii: "\""):
                position += 1
                return Text(text)
            case UInt8(ascii: "\\"):
                position += 1
                try escape(into: &text)
            case 0x20..<0x80:
                text.append(byte)
                position += 1
            default:
                guard let length = UTF8Check.sequenceLength(in: bytes, at: position) else { throw failure }
                for offset in 0..<length { text.append(bytes[position + offset]) }
                position += length
            }
        }
        throw failure
    }

    private mutating func escape(into text: inout [UInt8]) throws(ContractError) {
        guard position < bytes.count else { throw failure }
        let kind = bytes[position]
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0c)
        case UInt8(ascii: "n"): text.append(0x0a)
        case UInt8(ascii: "r"): text.append(0x0d)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"):
            var scalar = try fourHexDigits()
            if scalar >= 0xd800 && scalar < 0xdc00 {
                guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else { throw failure }
                let low = try fourHexDigits()
                guard low >= 0xdc00 && low < 0xe000 else { throw failure }
                scalar = 0x10000 + (scalar - 0xd800) << 10 + (low - 0xdc00)
            }
            guard scalar < 0xd800 || scalar >= 0xe000 else { throw failure }
            UTF8Check.append(scalar, to: &text)
        default: throw failure
        }
    }

    private mutating func fourHexDigits() throws(ContractError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard position < bytes.count else { throw failure }
            let digit = bytes[position]
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt32(digit - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt32(digit - UInt8(ascii: "a") + 10)
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value << 4 | UInt32(digit - UInt8(ascii: "A") + 10)
            default: throw failure
            }
            position += 1
        }
        return value
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0a, 0x0d: position += 1
            default: return
            }
        }
    }
}

/// UTF-8 (RFC 3629) beyond ASCII.
enum UTF8Check {
    /// The length of the multi-byte sequence at `start`; `nil` if it is malformed, overlong, a surrogate or too large.
    static func sequenceLength(in bytes: [UInt8], at start: Int) -> Int? {
        let first = bytes[start]
        let length: Int
        var secondMin: UInt8 = 0x80
        var secondMax: UInt8 = 0xbf
        switch first {
        case 0xc2...0xdf: length = 2
        case 0xe0...0xef:
            length = 3
            if first == 0xe0 { secondMin = 0xa0 }
            if first == 0xed { secondMax = 0x9f }
        case 0xf0...0xf4:
            length = 4
            if first == 0xf0 { secondMin = 0x90 }
            if first == 0xf4 { secondMax = 0x8f }
        default: return nil
        }
        guard start + length <= bytes.count else { return nil }
        guard bytes[start + 1] >= secondMin, bytes[start + 1] <= secondMax else { return nil }
        for offset in 2..<max(2, length) where bytes[start + offset] & 0xc0 != 0x80 { return nil }
        return length
    }

    static func append(_ scalar: UInt32, to text: inout [UInt8]) {
        if scalar < 0x80 {
            text.append(UInt8(truncatingIfNeeded: scalar))
        } else if scalar < 0x800 {
            text.append(UInt8(truncatingIfNeeded: 0xc0 | scalar >> 6))
            text.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3f))
        } else {
            if scalar < 0x10000 {
                text.append(UInt8(truncatingIfNeeded: 0xe0 | scalar >> 12))
            } else {
                text.append(UInt8(truncatingIfNeeded: 0xf0 | scalar >> 18))
                text.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 12 & 0x3f))
            }
            text.append(UInt8(truncatingIfNeeded: 0x80 | scalar >> 6 & 0x3f))
            text.append(UInt8(truncatingIfNeeded: 0x80 | scalar & 0x3f))
        }
    }
}
