import PublicCryptography

/// A cursor over bytes somebody else wrote: each read checks what is left, and integers are little-endian as in a
/// quote.
struct ByteReader {
    private let bytes: [UInt8]
    private(set) var position: Int
    private let end: Int

    init(_ bytes: [UInt8]) {
        (self.bytes, position, end) = (bytes, 0, bytes.count)
    }

    var left: Int { end - position }

    mutating func take(_ count: Int) throws(QuoteStructureError) -> [UInt8] {
        guard count >= 0, count <= left else { throw .truncated }
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    mutating func skip(_ count: Int) throws(QuoteStructureError) {
        guard count >= 0, count <= left else { throw .truncated }
        position += count
    }

    mutating func hash() throws(QuoteStructureError) -> Hash32 {
        guard let hash = Hash32(try take(Hash32.byteCount)) else { throw .truncated }
        return hash
    }

    mutating func uint16() throws(QuoteStructureError) -> UInt16 {
        UInt16(truncatingIfNeeded: try integer(byteCount: 2))
    }

    mutating func uint32() throws(QuoteStructureError) -> UInt32 {
        UInt32(truncatingIfNeeded: try integer(byteCount: 4))
    }

    mutating func uint64() throws(QuoteStructureError) -> UInt64 {
        try integer(byteCount: 8)
    }

    private mutating func integer(byteCount: Int) throws(QuoteStructureError) -> UInt64 {
        guard byteCount <= left else { throw .truncated }
        var value: UInt64 = 0
        for offset in 0..<byteCount { value |= UInt64(bytes[position + offset]) << UInt64(8 * offset) }
        position += byteCount
        return value
    }
}
