/// WebAssembly's encodings, now and then longer than they need to be, which is as valid.
extension [UInt8] {
    mutating func append(number value: Int, _ choices: inout Choices) {
        let padding = choices.chance(64) ? choices.next(5) : 0
        var rest = UInt32(value)
        var length = 1
        while rest >= 0x80 {
            append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
            length += 1
        }
        let missing = Swift.min(padding, 5 - length)
        guard missing > 0 else { return append(UInt8(rest)) }
        append(UInt8(rest) | 0x80)
        for _ in 1..<missing { append(0x80) }
        append(0)
    }

    mutating func append(number value: Int) {
        var rest = UInt32(value)
        while rest >= 0x80 {
            append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        append(UInt8(rest))
    }

    mutating func append(signed value: Int64) {
        var rest = value
        while rest < -64 || rest > 63 {
            append(UInt8(truncatingIfNeeded: rest & 0x7f) | 0x80)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest & 0x7f))
    }

    mutating func append(name: String) {
        append(number: name.utf8.count)
        append(contentsOf: name.utf8)
    }

    /// A constant of `type`; a number that is too large for i32 is cut.
    mutating func append(constant value: Int64, _ type: ValueType) {
        append(type == .i32 ? 0x41 : 0x42)
        append(signed: type == .i32 ? Int64(Int32(truncatingIfNeeded: value)) : value)
    }
}
