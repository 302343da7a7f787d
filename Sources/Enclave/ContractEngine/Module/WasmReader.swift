import StrictJSON

/// Bytes that are not a WebAssembly module, or use an encoding this reader does not know.
struct MalformedModule: Error {
    var offset: Int
}

/// Reads WebAssembly's primitive encodings from bytes a stranger chose: every read is checked, none traps.
struct WasmReader {
    private let bytes: [UInt8]
    private(set) var offset: Int
    let end: Int

    /// - Precondition: `range` lies within `bytes`.
    init(_ bytes: [UInt8], _ range: Range<Int>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count)
        self.bytes = bytes
        offset = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { offset == end }
    var malformed: MalformedModule { MalformedModule(offset: offset) }

    mutating func byte() throws(MalformedModule) -> UInt8 {
        guard offset < end else { throw malformed }
        defer { offset += 1 }
        return bytes[offset]
    }

    /// An unsigned LEB128 number of at most 32 bits (WebAssembly 1.0, section 5.2.2).
    mutating func u32() throws(MalformedModule) -> UInt32 {
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while true {
            let next = try byte()
            guard shift < 28 || next <= 0x0f else { throw malformed }
            value |= UInt32(next & 0x7f) << shift
            if next < 0x80 { return value }
            shift += 7
        }
    }

    /// A number of elements that still fit, since each takes at least one byte.
    mutating func count() throws(MalformedModule) -> Int {
        let count = Int(try u32())
        guard count <= end - offset else { throw malformed }
        return count
    }

    /// Skips a LEB128 number of at most `bytesMax` bytes; libwasmtime's validation judges its value.
    mutating func skipNumber(bytesMax: Int) throws(MalformedModule) {
        for _ in 0..<bytesMax where try byte() < 0x80 { return }
        throw malformed
    }

    mutating func skip(_ count: Int) throws(MalformedModule) {
        guard count >= 0, count <= end - offset else { throw malformed }
        offset += count
    }

    mutating func name() throws(MalformedModule) -> String {
        let length = try count()
        let start = offset
        try skip(length)
        guard let name = String(streamSafe: bytes[start..<offset]) else { throw malformed }
        return name
    }

    /// The next `count` bytes as a range of positions.
    mutating func range(_ count: Int) throws(MalformedModule) -> Range<Int> {
        let start = offset
        try skip(count)
        return start..<offset
    }
}

/// Writes the same encodings.
extension [UInt8] {
    mutating func appendU32(_ value: UInt32) {
        var rest = value
        while rest >= 0x80 {
            append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    mutating func appendSigned(_ value: Int64) {
        var rest = value
        while true {
            let low = UInt8(truncatingIfNeeded: rest) & 0x7f
            rest >>= 7
            if (rest == 0 && low & 0x40 == 0) || (rest == -1 && low & 0x40 != 0) {
                append(low)
                return
            }
            append(low | 0x80)
        }
    }

    mutating func appendName(_ name: String) {
        appendU32(UInt32(name.utf8.count))
        append(contentsOf: name.utf8)
    }
}
