import PublicCryptography

/// Why bytes are not the gzip file they should be.
package enum GunzipError: Error, Equatable {
    case notGzip
    case truncated
    case malformed
    case tooLong
    case checksumDiffers
}

/// Decompresses one gzip member (RFC 1952) of DEFLATE data (RFC 1951).
///
/// A transaction's author chose the bytes, and both sides of the boundary read them: the decoder is total, allocates at
/// most `limit` bytes of output, and refuses trailing bytes, so that one file has one meaning.
package struct Gunzip {
    package static func isCompressed(_ bytes: some Collection<UInt8>) -> Bool {
        bytes.starts(with: [0x1f, 0x8b, 0x08])
    }

    package static func decompress(_ bytes: [UInt8], limit: Int) throws(GunzipError) -> [UInt8] {
        guard isCompressed(bytes), bytes.count >= 18 else { throw .notGzip }
        var gunzip = Gunzip(input: bytes, limit: limit)
        try gunzip.skipHeader()
        try gunzip.inflate()
        let checksum = try gunzip.littleEndian32()
        let size = try gunzip.littleEndian32()
        guard gunzip.position == bytes.count else { throw .malformed }
        guard size == UInt32(truncatingIfNeeded: gunzip.output.count), checksum == crc32(gunzip.output) else {
            throw .checksumDiffers
        }
        return gunzip.output
    }

    private let input: [UInt8]
    private let limit: Int
    private var position = 0
    private var bits: UInt32 = 0
    private var bitCount: UInt32 = 0
    private var output: [UInt8] = []

    private init(input: [UInt8], limit: Int) {
        self.input = input
        self.limit = limit
    }

    // MARK: - The file around the data

    private mutating func skipHeader() throws(GunzipError) {
        let flags = input[3]
        guard flags & 0xe0 == 0 else { throw .malformed }
        position = 10
        if flags & 4 != 0 {
            let length = Int(try byte()) | Int(try byte()) << 8
            guard input.count - position >= length else { throw .truncated }
            position += length
        }
        for flag in [8, 16] as [UInt8] where flags & flag != 0 {
            while try byte() != 0 {}
        }
        if flags & 2 != 0 { position += 2 }
    }

    private mutating func byte() throws(GunzipError) -> UInt8 {
        guard position < input.count else { throw .truncated }
        defer { position += 1 }
        return input[position]
    }

    private mutating func littleEndian32() throws(GunzipError) -> UInt32 {
        var value: UInt32 = 0
        for shift in [0, 8, 16, 24] as [UInt32] { value |= UInt32(try byte()) << shift }
        return value
    }

    // MARK: - DEFLATE (RFC 1951, section 3.2.3)

    private mutating func inflate() throws(GunzipError) {
        var isLast = false
        while !isLast {
            isLast = try take(1) == 1
            switch try take(2) {
            case 0: try copyStored()
            case 1: try inflateBlock(literals: .fixedLiterals, distances: .fixedDistances)
            case 2:
                let (literals, distances) = try readTables()
                try inflateBlock(literals: literals, distances: distances)
            default: throw .malformed
            }
        }
        (bits, bitCount) = (0, 0)
    }

    private mutating func take(_ count: UInt32) throws(GunzipError) -> UInt32 {
        while bitCount < count {
            bits |= UInt32(try byte()) << bitCount
            bitCount += 8
        }
        let value = bits & (1 << count - 1)
        bits >>= count
        bitCount -= count
        return value
    }

    private mutating func copyStored() throws(GunzipError) {
        (bits, bitCount) = (0, 0)
        let length = UInt32(try byte()) | UInt32(try byte()) << 8
        let complement = UInt32(try byte()) | UInt32(try byte()) << 8
        guard length ^ complement == 0xffff else { throw .malformed }
        guard input.count - position >= Int(length) else { throw .truncated }
        guard limit - output.count >= Int(length) else { throw .tooLong }
        output.append(contentsOf: input[position..<(position + Int(length))])
        position += Int(length)
    }

    private static let lengthBase: [Int] = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthExtra: [UInt32] = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBase: [Int] = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]

    private mutating func inflateBlock(literals: HuffmanTable, distances: HuffmanTable) throws(GunzipError) {
        while true {
            let symbol = try decode(literals)
            if symbol < 256 {
                guard output.count < limit else { throw .tooLong }
                output.append(UInt8(symbol))
                continue
            }
            if symbol == 256 { return }
            let lengthIndex = symbol - 257
            guard lengthIndex < Gunzip.lengthBase.count else { throw .malformed }
            let length = Gunzip.lengthBase[lengthIndex] + Int(try take(Gunzip.lengthExtra[lengthIndex]))
            let distanceIndex = try decode(distances)
            guard distanceIndex < Gunzip.distanceBase.count else { throw .malformed }
            let extra = distanceIndex < 4 ? 0 : UInt32(distanceIndex / 2 - 1)
            let distance = Gunzip.distanceBase[distanceIndex] + Int(try take(extra))
            guard distance <= output.count else { throw .malformed }
            guard limit - output.count >= length else { throw .tooLong }
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    private mutating func decode(_ table: HuffmanTable) throws(GunzipError) -> Int {
        var code = 0
        var first = 0
        var index = 0
        for length in 1...15 {
            code |= Int(try take(1))
            let count = table.counts[length]
            if code - count < first { return table.symbols[index + (code - first)] }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        throw .malformed
    }

    private mutating func readTables() throws(GunzipError) -> (HuffmanTable, HuffmanTable) {
        let literalCount = Int(try take(5)) + 257
        let distanceCount = Int(try take(5)) + 1
        let codeCount = Int(try take(4)) + 4
        guard literalCount <= 286, distanceCount <= 30 else { throw .malformed }
        var codeLengths = [UInt8](repeating: 0, count: 19)
        let order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
        for index in 0..<codeCount { codeLengths[order[index]] = UInt8(try take(3)) }
        guard let codes = HuffmanTable(lengths: codeLengths[...]) else { throw .malformed }
        var lengths = [UInt8]()
        while lengths.count < literalCount + distanceCount {
            let symbol = try decode(codes)
            switch symbol {
            case 0...15: lengths.append(UInt8(symbol))
            case 16:
                guard let last = lengths.last else { throw .malformed }
                lengths.append(contentsOf: repeatElement(last, count: 3 + Int(try take(2))))
            case 17: lengths.append(contentsOf: repeatElement(0, count: 3 + Int(try take(3))))
            default: lengths.append(contentsOf: repeatElement(0, count: 11 + Int(try take(7))))
            }
        }
        guard lengths.count == literalCount + distanceCount, lengths[256] != 0,
            let literals = HuffmanTable(lengths: lengths[..<literalCount]),
            let distances = HuffmanTable(lengths: lengths[literalCount...])
        else { throw .malformed }
        return (literals, distances)
    }

    private static func crc32(_ bytes: [UInt8]) -> UInt32 {
        var crc: UInt32 = .max
        for byte in bytes { crc = crcTable[Int((crc ^ UInt32(byte)) & 0xff)] ^ crc >> 8 }
        return ~crc
    }

    private static let crcTable: [UInt32] = (0..<256).map { index in
        var value = UInt32(index)
        for _ in 0..<8 { value = value & 1 == 1 ? 0xedb8_8320 ^ value >> 1 : value >> 1 }
        return value
    }
}

/// A canonical Huffman code (RFC 1951, section 3.2.2): symbols in the order of their codes, and how many codes there
/// are of each length.
private struct HuffmanTable {
    var counts = [Int](repeating: 0, count: 16)
    var symbols: [Int] = []

    /// `nil` for lengths that over-subscribe the code. An incomplete code is legal for a single distance; a code that
    /// is not in it is refused where it is met.
    init?(lengths: ArraySlice<UInt8>) {
        for length in lengths { counts[Int(length)] += 1 }
        counts[0] = 0
        var left = 1
        for length in 1...15 {
            left = left << 1 - counts[length]
            guard left >= 0 else { return nil }
        }
        for length in 1...15 where counts[length] > 0 {
            for (symbol, own) in zip(0..., lengths) where Int(own) == length { symbols.append(symbol) }
        }
    }

    static let fixedLiterals = fixed(
        [UInt8](repeating: 8, count: 144) + [UInt8](repeating: 9, count: 112) + [UInt8](repeating: 7, count: 24)
            + [UInt8](repeating: 8, count: 8))
    static let fixedDistances = fixed([UInt8](repeating: 5, count: 30))

    private static func fixed(_ lengths: [UInt8]) -> HuffmanTable {
        certain(HuffmanTable(lengths: lengths[...]), "RFC 1951, section 3.2.6")
    }
}
