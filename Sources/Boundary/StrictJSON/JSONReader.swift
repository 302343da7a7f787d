/// Why a text is not accepted as JSON. Offsets count bytes from the start and say where the reader gave up.
package enum JSONError: Error, Equatable {
    case tooLarge
    case tooDeep(offset: Int)
    case tooManyValues(offset: Int)
    case unexpectedEnd
    case unexpectedByte(offset: Int)
    case invalidNumber(offset: Int)
    case invalidEscape(offset: Int)
    /// Not UTF-8: a stray or missing continuation byte, an overlong form, an encoded surrogate; or not stream-safe.
    case invalidText(offset: Int)
    case repeatedName(offset: Int)
    case trailingBytes(offset: Int)
}

/// What a reader takes, besides the grammar.
package struct JSONLimits: Sendable {
    package enum RepeatedNames: Sendable {
        /// `{"a":1,"a":2}` is an error. What serde does for a struct.
        case refused
        /// `{"a":1,"a":2}` is `{"a":2}`, at the place of the first. What serde_json does for an untyped value.
        case lastCounts
    }

    /// 1 MiB, 64 levels, no repeated names: what a contract's message may be. The same on every node.
    package static let contractMessage = JSONLimits(bytesMax: 1 << 20)

    package var bytesMax: Int
    /// Arrays and objects inside each other. Also the bound of the reader's recursion.
    package var depthMax: Int
    /// Values in all, those in arrays and objects included.
    package var valuesMax: Int
    package var repeatedNames: RepeatedNames

    /// A value takes at most about 30 times the bytes of its text in memory (`[0,0,…`): choose `bytesMax` by that, or
    /// `valuesMax`, with which it takes little more than its text.
    package init(
        bytesMax: Int, depthMax: Int = 64, valuesMax: Int = .max, repeatedNames: RepeatedNames = .refused
    ) {
        self.bytesMax = bytesMax
        self.depthMax = depthMax
        self.valuesMax = valuesMax
        self.repeatedNames = repeatedNames
    }
}

/// Reads one JSON text (RFC 8259).
package struct JSONReader {
    private let bytes: [UInt8]
    private let limits: JSONLimits
    private var position = 0
    private var valueCount = 0

    /// The value `bytes` spell, with nothing but white space around it. A byte order mark is refused.
    package static func parse(
        _ bytes: [UInt8], limits: JSONLimits = .contractMessage
    ) throws(JSONError) -> JSONValue {
        guard bytes.count <= limits.bytesMax else { throw .tooLarge }
        var reader = JSONReader(bytes: bytes, limits: limits)
        let value = try reader.value(depth: 0)
        reader.skipWhiteSpace()
        guard reader.position == bytes.count else { throw .trailingBytes(offset: reader.position) }
        return value
    }

    private init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skipWhiteSpace() {
        while let byte = next, byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 { position += 1 }
    }

    /// The next byte that is no white space, not consumed.
    private mutating func significantByte() throws(JSONError) -> UInt8 {
        skipWhiteSpace()
        guard let byte = next else { throw .unexpectedEnd }
        return byte
    }

    private mutating func value(depth: Int) throws(JSONError) -> JSONValue {
        guard valueCount < limits.valuesMax else { throw .tooManyValues(offset: position) }
        valueCount += 1
        switch try significantByte() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "t"):
            try literal("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try literal("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try literal("null")
            return .null
        default: throw .unexpectedByte(offset: position)
        }
    }

    private mutating func literal(_ word: StaticString) throws(JSONError) {
        for expected in word.description.utf8 {
            guard let byte = next else { throw .unexpectedEnd }
            guard byte == expected else { throw .unexpectedByte(offset: position) }
            position += 1
        }
    }
}

// MARK: - Arrays and objects

extension JSONReader {
    private mutating func enter(depth: Int) throws(JSONError) {
        guard depth < limits.depthMax else { throw .tooDeep(offset: position) }
        position += 1
    }

    private mutating func array(depth: Int) throws(JSONError) -> JSONValue {
        try enter(depth: depth)
        var elements = [JSONValue]()
        if try significantByte() == UInt8(ascii: "]") {
            position += 1
            return .array([])
        }
        while true {
            elements.append(try value(depth: depth + 1))
            if try !anotherFollows(until: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> JSONValue {
        try enter(depth: depth)
        var members = [(String, JSONValue)]()
        if try significantByte() == UInt8(ascii: "}") {
            position += 1
            return .object([])
        }
        while true {
            guard try significantByte() == UInt8(ascii: "\"") else { throw .unexpectedByte(offset: position) }
            let name = try string()
            guard try significantByte() == UInt8(ascii: ":") else { throw .unexpectedByte(offset: position) }
            position += 1
            members.append((name, try value(depth: depth + 1)))
            if try !anotherFollows(until: UInt8(ascii: "}")) { return .object(try settled(members)) }
        }
    }

    /// Consumes a comma (true) or the closing byte (false).
    private mutating func anotherFollows(until closing: UInt8) throws(JSONError) -> Bool {
        let byte = try significantByte()
        guard byte == UInt8(ascii: ",") || byte == closing else { throw .unexpectedByte(offset: position) }
        position += 1
        return byte != closing
    }

    /// The members with the policy on repeated names applied; `position` is behind the object.
    ///
    /// A stranger chose the names, so this is n log n for any of them: sorting, not comparing all pairs, and not a hash
    /// table either, whose `String` keys would compare by canonical equivalence.
    private func settled(_ members: [(String, JSONValue)]) throws(JSONError) -> [(String, JSONValue)] {
        guard members.count > 1 else { return members }
        let order = members.indices.sorted { left, right in
            let leftName = members[left].0.utf8
            let rightName = members[right].0.utf8
            if leftName.elementsEqual(rightName) { return left < right }
            return leftName.lexicographicallyPrecedes(rightName)
        }
        var result = members
        var superseded = [Bool](repeating: false, count: members.count)
        var hasRepeated = false
        var first = order[0]
        for index in order.dropFirst() {
            guard members[index].0.utf8.elementsEqual(members[first].0.utf8) else {
                first = index
                continue
            }
            if limits.repeatedNames == .refused { throw .repeatedName(offset: position) }
            result[first].1 = members[index].1
            superseded[index] = true
            hasRepeated = true
        }
        guard hasRepeated else { return members }
        return zip(result, superseded).filter { !$0.1 }.map { $0.0 }
    }
}

// MARK: - Numbers and strings

extension JSONReader {
    /// RFC 8259, section 6: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`
    private mutating func number() throws(JSONError) -> String {
        let start = position
        if next == UInt8(ascii: "-") { position += 1 }
        if next == UInt8(ascii: "0") { position += 1 } else { try digits() }
        if next == UInt8(ascii: ".") {
            position += 1
            try digits()
        }
        if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
            position += 1
            if next == UInt8(ascii: "+") || next == UInt8(ascii: "-") { position += 1 }
            try digits()
        }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// One or more decimal digits.
    private mutating func digits() throws(JSONError) {
        let start = position
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else {
            if next == nil { throw .unexpectedEnd }
            throw .invalidNumber(offset: position)
        }
    }

    /// RFC 8259, section 7. An escaped surrogate must come as a pair: text with half a character is refused.
    private mutating func string() throws(JSONError) -> String {
        position += 1
        let start = position
        while let byte = next, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 { position += 1 }
        guard let stop = next else { throw .unexpectedEnd }
        if stop == UInt8(ascii: "\"") {
            let text = try validated(bytes[start..<position], offset: start)
            position += 1
            return text
        }
        var buffer = Array(bytes[start..<position])
        while true {
            guard let byte = next else { throw .unexpectedEnd }
            position += 1
            switch byte {
            case UInt8(ascii: "\""): return try validated(buffer[...], offset: start)
            case UInt8(ascii: "\\"): try escape(into: &buffer)
            case 0..<0x20: throw .unexpectedByte(offset: position - 1)
            default: buffer.append(byte)
            }
        }
    }

    private func validated(_ text: ArraySlice<UInt8>, offset: Int) throws(JSONError) -> String {
        guard let text = String(streamSafe: text) else { throw .invalidText(offset: offset) }
        return text
    }

    private mutating func escape(into buffer: inout [UInt8]) throws(JSONError) {
        guard let byte = next else { throw .unexpectedEnd }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(byte)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0c)
        case UInt8(ascii: "n"): buffer.append(0x0a)
        case UInt8(ascii: "r"): buffer.append(0x0d)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"): buffer.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw .invalidEscape(offset: position - 1)
        }
    }

    /// The scalar of `\uXXXX` or `\uXXXX\uXXXX`; the first `\u` is consumed.
    private mutating func escapedScalar() throws(JSONError) -> Unicode.Scalar {
        let start = position
        let first = try hexadecimalUnit()
        guard UTF16.isLeadSurrogate(first) else {
            guard let scalar = Unicode.Scalar(UInt32(first)) else { throw .invalidEscape(offset: start) }
            return scalar
        }
        for expected in [UInt8(ascii: "\\"), UInt8(ascii: "u")] {
            guard let byte = next else { throw .unexpectedEnd }
            guard byte == expected else { throw .invalidEscape(offset: start) }
            position += 1
        }
        let second = try hexadecimalUnit()
        guard UTF16.isTrailSurrogate(second) else { throw .invalidEscape(offset: start) }
        let value = 0x1_0000 + (UInt32(first - 0xd800) << 10 | UInt32(second - 0xdc00))
        guard let scalar = Unicode.Scalar(value) else { throw .invalidEscape(offset: start) }
        return scalar
    }

    private mutating func hexadecimalUnit() throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = next else { throw .unexpectedEnd }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw .invalidEscape(offset: position)
            }
            position += 1
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }
}
