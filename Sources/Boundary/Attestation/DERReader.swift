/// Bytes that are no DER, or not the element that belongs there.
struct NotDER: Error {}

/// A cursor over DER (X.690, section 10) that somebody else wrote.
///
/// Strict, so that one value has one encoding: lengths are definite and minimal, integers are minimal and not
/// negative, booleans are 0 or 255, bit strings have no unused bits. Each element is taken with the tag that must be
/// there, and `finish` refuses what is left over. Nothing here recurses.
struct DERReader {
    enum Tag {
        static let boolean: UInt8 = 0x01
        static let integer: UInt8 = 0x02
        static let bitString: UInt8 = 0x03
        static let octets: UInt8 = 0x04
        static let identifier: UInt8 = 0x06
        static let enumerated: UInt8 = 0x0a
        static let utcTime: UInt8 = 0x17
        static let generalizedTime: UInt8 = 0x18
        static let sequence: UInt8 = 0x30
        /// Constructed, of the context, with this number.
        static func context(_ number: UInt8) -> UInt8 { 0xa0 | number }
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    var isAtEnd: Bool { rest.isEmpty }

    /// The content of the next element, and the element with tag and length.
    mutating func element(_ tag: UInt8) throws(NotDER) -> (content: ArraySlice<UInt8>, whole: ArraySlice<UInt8>) {
        let all = rest
        guard rest.popFirst() == tag, let first = rest.popFirst() else { throw NotDER() }
        var length = Int(first)
        if first >= 0x80 {
            // Two bytes of length suffice for everything whose size is bounded here.
            guard first == 0x81 || first == 0x82 else { throw NotDER() }
            length = 0
            for _ in 0x80..<first {
                guard let byte = rest.popFirst() else { throw NotDER() }
                length = length << 8 | Int(byte)
            }
            guard length >= (first == 0x81 ? 0x80 : 0x100) else { throw NotDER() }
        }
        guard length <= rest.count else { throw NotDER() }
        let content = rest.prefix(length)
        rest = rest.dropFirst(length)
        return (content, all.prefix(upTo: content.endIndex))
    }

    mutating func take(_ tag: UInt8) throws(NotDER) -> ArraySlice<UInt8> { try element(tag).content }

    mutating func inside(_ tag: UInt8 = Tag.sequence) throws(NotDER) -> DERReader { DERReader(try take(tag)) }

    mutating func insideIfPresent(_ tag: UInt8) throws(NotDER) -> DERReader? {
        rest.first == tag ? try inside(tag) : nil
    }

    /// Exactly these bytes.
    mutating func expect(_ bytes: [UInt8]) throws(NotDER) {
        guard rest.starts(with: bytes) else { throw NotDER() }
        rest = rest.dropFirst(bytes.count)
    }

    func finish() throws(NotDER) {
        guard rest.isEmpty else { throw NotDER() }
    }

    /// Big-endian, without leading zeros; empty for zero.
    mutating func unsignedInteger() throws(NotDER) -> ArraySlice<UInt8> {
        let content = try take(Tag.integer)
        guard let first = content.first, first < 0x80 else { throw NotDER() }
        guard first == 0 else { return content }
        guard content.count == 1 || content[content.startIndex + 1] >= 0x80 else { throw NotDER() }
        return content.dropFirst()
    }

    mutating func uint16() throws(NotDER) -> UInt16 {
        let digits = try unsignedInteger()
        guard digits.count <= 2 else { throw NotDER() }
        return digits.reduce(0) { $0 << 8 | UInt16($1) }
    }

    mutating func boolean() throws(NotDER) -> Bool {
        let content = try take(Tag.boolean)
        guard content.count == 1, let value = content.first, value == 0 || value == 0xff else { throw NotDER() }
        return value != 0
    }

    /// A flag that is absent when it is false.
    mutating func flag() throws(NotDER) -> Bool {
        guard rest.first == Tag.boolean else { return false }
        guard try boolean() else { throw NotDER() }
        return true
    }

    mutating func bitString() throws(NotDER) -> ArraySlice<UInt8> {
        let content = try take(Tag.bitString)
        guard content.first == 0 else { throw NotDER() }
        return content.dropFirst()
    }

    mutating func octets(_ count: Int) throws(NotDER) -> [UInt8] {
        let content = try take(Tag.octets)
        guard content.count == count else { throw NotDER() }
        return Array(content)
    }

    /// Seconds since 1970.
    mutating func time() throws(NotDER) -> Int64 {
        let isGeneralized = rest.first == Tag.generalizedTime
        let text = try take(isGeneralized ? Tag.generalizedTime : Tag.utcTime)
        guard let seconds = CertificateDate.seconds(Array(text), isGeneralized: isGeneralized) else { throw NotDER() }
        return seconds
    }
}
