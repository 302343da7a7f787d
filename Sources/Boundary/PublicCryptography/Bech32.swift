/// Bech32 (BIP 173): the text of addresses. The later variant Bech32m is not accepted.
package enum Bech32 {
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
    /// What each ASCII character stands for; 255 for those that are not in the alphabet.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 128)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()

    /// The text of `bytes` under the human-readable part `prefix`, without the 90-character limit of BIP 173 (Cosmos
    /// does not apply it).
    package static func encode(prefix: String, _ bytes: [UInt8]) -> String {
        let values = certain(
            regroup(bytes[...], from: 8, to: 5, padding: true), "bytes have 8 bits, and a rest is padded")
        var text = [UInt8]()
        text.reserveCapacity(prefix.utf8.count + values.count + 7)
        text += prefix.utf8
        var checksum = Checksum(prefix: text[...])
        text.append(UInt8(ascii: "1"))
        for value in values {
            text.append(alphabet[Int(value)])
            checksum.add(value)
        }
        for value in checksum.closing() { text.append(alphabet[Int(value)]) }
        return String(decoding: text, as: UTF8.self)
    }

    /// The human-readable part and the bytes, or `nil` if `text` is not Bech32: mixed case, a foreign character, a
    /// wrong checksum, or left-over bits that are not zero.
    package static func decode(_ text: String) -> (prefix: String, bytes: [UInt8])? {
        let characters = Array(text.utf8)
        guard characters.count <= 1023, characters.allSatisfy({ (33...126).contains($0) }) else { return nil }
        let hasUpper = characters.contains { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
        let hasLower = characters.contains { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        guard !(hasUpper && hasLower) else { return nil }
        let lowered = hasUpper ? characters.map { (65...90).contains($0) ? $0 + 32 : $0 } : characters
        guard let separator = lowered.lastIndex(of: UInt8(ascii: "1")), separator >= 1,
            lowered.count - separator - 1 >= 6
        else { return nil }
        var values = [UInt8]()
        values.reserveCapacity(lowered.count - separator - 1)
        var checksum = Checksum(prefix: lowered[..<separator])
        for character in lowered[(separator + 1)...] {
            let value = Bech32.values[Int(character)]
            guard value < 32 else { return nil }
            values.append(value)
            checksum.add(value)
        }
        guard checksum.isRight, let bytes = regroup(values.dropLast(6), from: 5, to: 8, padding: false)
        else { return nil }
        return (String(decoding: lowered[..<separator], as: UTF8.self), bytes)
    }

    private static func regroup(_ input: ArraySlice<UInt8>, from: UInt32, to: UInt32, padding: Bool) -> [UInt8]? {
        var accumulator: UInt32 = 0
        var bits: UInt32 = 0
        var output = [UInt8]()
        output.reserveCapacity(input.count * Int(from) / Int(to) + 1)
        for value in input {
            accumulator = (accumulator << from | UInt32(value)) & 0xfff
            bits += from
            while bits >= to {
                bits -= to
                output.append(UInt8(accumulator >> bits & (1 << to - 1)))
            }
        }
        if padding {
            if bits > 0 { output.append(UInt8(accumulator << (to - bits) & (1 << to - 1))) }
        } else if bits >= from || accumulator << (to - bits) & (1 << to - 1) != 0 {
            return nil
        }
        return output
    }

    /// The polynomial of BIP 173 over all values so far.
    private struct Checksum {
        private var state: UInt32 = 1

        init(prefix: ArraySlice<UInt8>) {
            for character in prefix { add(character >> 5) }
            add(0)
            for character in prefix { add(character & 31) }
        }

        mutating func add(_ value: UInt8) {
            let top = state >> 25
            state = (state & 0x1ff_ffff) << 5 ^ UInt32(value)
            // Each bit of the top chooses its generator: all ones, or zero.
            state ^= (0 &- (top & 1)) & 0x3b6a_57b2
            state ^= (0 &- (top >> 1 & 1)) & 0x2650_8e6d
            state ^= (0 &- (top >> 2 & 1)) & 0x1ea1_19fa
            state ^= (0 &- (top >> 3 & 1)) & 0x3d42_33dd
            state ^= (0 &- (top >> 4 & 1)) & 0x2a14_62b3
        }

        /// Whether what was added ends in its checksum.
        var isRight: Bool { state == 1 }

        /// The six values that make it right.
        consuming func closing() -> [UInt8] {
            for _ in 0..<6 { add(0) }
            let remainder = state ^ 1
            return (0..<6).map { UInt8(remainder >> UInt32(5 * (5 - $0)) & 31) }
        }
    }
}
