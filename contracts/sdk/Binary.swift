/// A type with a form in bytes, for what a contract stores: shorter than JSON, quicker to read, and of a size that
/// does not depend on numbers. Conformances of types marked `// sdk: stored` are written by `tools/generate.py`.
///
/// | type | form |
/// |---|---|
/// | integers | all their bytes, the highest first |
/// | `Bool` | one byte, 0 or 1 |
/// | `Text`, `Bytes` | four bytes of length, then the bytes; a text is UTF-8 |
/// | `[Element]` | four bytes of count, then the elements |
/// | `Wrapped?` | 0, or 1 and the value |
/// | a struct | its properties in order; one byte 0 if it has none |
/// | an enum | one byte, the case's place counted from 0, then its payload |
///
/// A value has one form, and no two values have the same: so a form is a key, too. Forms have no version. Whoever
/// changes a stored type (a property more, cases in another order) reads the old form in `migrate` and writes the new
/// one.
protocol BinaryCoded {
    init(from reader: inout BinaryReader) throws(BinaryError)
    /// At least one byte, so that the count of an array is never more than the bytes behind it.
    func write(to bytes: inout [UInt8])
}

/// Why bytes are no value of a type.
enum BinaryError: Error {
    /// The bytes end inside the value.
    case ended
    /// A byte that must be 0 or 1 is not, or no case has this number.
    case noSuchCase
    case notUTF8
    /// Arrays stand in arrays more than 32 deep.
    case tooDeep
    /// Something other than zeros follows the value.
    case tooLong

    var text: Text {
        switch self {
        case .ended: "ends too early"
        case .noSuchCase: "has a case that is unknown"
        case .notUTF8: "has a text that is not UTF-8"
        case .tooDeep: "is too deep"
        case .tooLong: "goes on behind its end"
        }
    }
}

/// Reads forms from bytes: ends for any bytes, with a value or an error, and takes no more memory than in proportion
/// to their number.
struct BinaryReader {
    private static let depthMax = 32

    private let bytes: [UInt8]
    private var position = 0
    private var depth = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The value whose form `bytes` begin with; zeros behind it are padding.
    static func decode<Value: BinaryCoded>(_ type: Value.Type, _ bytes: [UInt8]) throws(BinaryError) -> Value {
        var reader = BinaryReader(bytes)
        let value = try Value(from: &reader)
        while reader.position < bytes.count {
            guard bytes[reader.position] == 0 else { throw .tooLong }
            reader.position += 1
        }
        return value
    }

    mutating func byte() throws(BinaryError) -> UInt8 {
        guard position < bytes.count else { throw .ended }
        position += 1
        return bytes[position - 1]
    }

    mutating func take(_ count: Int) throws(BinaryError) -> [UInt8] {
        guard count <= bytes.count - position else { throw .ended }
        position += count
        return [UInt8](bytes[(position - count)..<position])
    }

    /// A length or count: of as much as can still follow.
    mutating func count() throws(BinaryError) -> Int {
        let count = try UInt32(from: &self)
        guard UInt64(count) <= UInt64(bytes.count - position) else { throw .ended }
        return Int(count)
    }

    fileprivate mutating func enter() throws(BinaryError) {
        depth += 1
        guard depth <= BinaryReader.depthMax else { throw .tooDeep }
    }

    fileprivate mutating func leave() { depth -= 1 }
}

extension BinaryCoded {
    var binary: [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return bytes
    }
}

extension UInt8: BinaryCoded {}
extension UInt16: BinaryCoded {}
extension UInt32: BinaryCoded {}
extension UInt64: BinaryCoded {}
extension UInt128: BinaryCoded {}
extension Int32: BinaryCoded {}
extension Int64: BinaryCoded {}
extension FixedWidthInteger {
    init(from reader: inout BinaryReader) throws(BinaryError) {
        var value: Self = 0
        for _ in 0..<(Self.bitWidth / 8) { value = value << 8 | Self(truncatingIfNeeded: try reader.byte()) }
        self = value
    }

    func write(to bytes: inout [UInt8]) {
        var shift = Self.bitWidth
        while shift > 0 {
            shift -= 8
            bytes.append(UInt8(truncatingIfNeeded: self >> shift))
        }
    }
}

extension Bool: BinaryCoded {
    init(from reader: inout BinaryReader) throws(BinaryError) {
        let byte = try reader.byte()
        guard byte < 2 else { throw .noSuchCase }
        self = byte == 1
    }

    func write(to bytes: inout [UInt8]) { bytes.append(self ? 1 : 0) }
}

extension Text: BinaryCoded {
    init(from reader: inout BinaryReader) throws(BinaryError) {
        let utf8 = try reader.take(try reader.count())
        var index = 0
        while index < utf8.count {
            if utf8[index] < 0x80 {
                index += 1
            } else {
                guard let length = UTF8Check.sequenceLength(in: utf8, at: index) else { throw .notUTF8 }
                index += length
            }
        }
        self.utf8 = utf8
    }

    func write(to bytes: inout [UInt8]) { Bytes(utf8).write(to: &bytes) }
}

extension Bytes: BinaryCoded {
    init(from reader: inout BinaryReader) throws(BinaryError) { bytes = try reader.take(try reader.count()) }

    func write(to bytes: inout [UInt8]) {
        UInt32(self.bytes.count).write(to: &bytes)
        bytes += self.bytes
    }
}

extension Array: BinaryCoded where Element: BinaryCoded {
    init(from reader: inout BinaryReader) throws(BinaryError) {
        try reader.enter()
        self = []
        for _ in 0..<(try reader.count()) { append(try Element(from: &reader)) }
        reader.leave()
    }

    func write(to bytes: inout [UInt8]) {
        UInt32(count).write(to: &bytes)
        for element in self { element.write(to: &bytes) }
    }
}

extension Optional: BinaryCoded where Wrapped: BinaryCoded {
    init(from reader: inout BinaryReader) throws(BinaryError) {
        self = try Bool(from: &reader) ? try Wrapped(from: &reader) : nil
    }

    func write(to bytes: inout [UInt8]) {
        bytes.append(self == nil ? 0 : 1)
        if let value = self { value.write(to: &bytes) }
    }
}

extension Amount: BinaryCoded {
    init(from reader: inout BinaryReader) throws(BinaryError) { value = try UInt128(from: &reader) }
    func write(to bytes: inout [UInt8]) { value.write(to: &bytes) }
}

extension Coin: BinaryCoded {
    init(from reader: inout BinaryReader) throws(BinaryError) {
        denomination = try Text(from: &reader)
        amount = try Amount(from: &reader)
    }

    func write(to bytes: inout [UInt8]) {
        denomination.write(to: &bytes)
        amount.write(to: &bytes)
    }
}
