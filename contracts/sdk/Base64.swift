/// Base64 (RFC 4648, section 4), the form in which bytes travel inside JSON.
enum Base64 {
    static func encode(_ bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            var group = UInt32(bytes[index]) << 16
            if left > 1 { group |= UInt32(bytes[index + 1]) << 8 }
            if left > 2 { group |= UInt32(bytes[index + 2]) }
            text.append(character(group >> 18))
            text.append(character(group >> 12))
            text.append(left > 1 ? character(group >> 6) : UInt8(ascii: "="))
            text.append(left > 2 ? character(group) : UInt8(ascii: "="))
            index += 3
        }
        return text
    }

    /// `nil` for anything but the one canonical text of some bytes.
    static func decode(_ text: [UInt8]) -> [UInt8]? {
        guard text.count % 4 == 0 else { return nil }
        var bytes: [UInt8] = []
        var index = 0
        while index < text.count {
            var group: UInt32 = 0
            var padding: UInt32 = 0
            for offset in 0..<4 {
                let character = text[index + offset]
                if character == UInt8(ascii: "="), offset >= 2, index + 4 == text.count {
                    padding += 1
                    group <<= 6
                } else {
                    guard padding == 0, let value = value(of: character) else { return nil }
                    group = group << 6 | value
                }
            }
            guard group & (1 << (8 * padding) - 1) == 0 else { return nil }
            bytes.append(UInt8(truncatingIfNeeded: group >> 16))
            if padding < 2 { bytes.append(UInt8(truncatingIfNeeded: group >> 8)) }
            if padding < 1 { bytes.append(UInt8(truncatingIfNeeded: group)) }
            index += 4
        }
        return bytes
    }

    private static func character(_ value: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: value & 63)
        switch value {
        case 0..<26: return value + UInt8(ascii: "A")
        case 26..<52: return value - 26 + UInt8(ascii: "a")
        case 52..<62: return value - 52 + UInt8(ascii: "0")
        case 62: return UInt8(ascii: "+")
        default: return UInt8(ascii: "/")
        }
    }

    private static func value(of character: UInt8) -> UInt32? {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): return UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): return UInt32(character - UInt8(ascii: "a") + 26)
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return UInt32(character - UInt8(ascii: "0") + 52)
        case UInt8(ascii: "+"): return 62
        case UInt8(ascii: "/"): return 63
        default: return nil
        }
    }
}
