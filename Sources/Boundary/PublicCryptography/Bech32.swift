/// Bech32 (BIP 173): the text of addresses. The later variant Bech32m is not accepted.
package enum Bech32 {
    private static let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)

    /// The text of `bytes` under the human-readable part `prefix`, without the 90-character limit of BIP 173 (Cosmos
    /// does not apply it).
    package static func encode(prefix: String, _ bytes: [UInt8]) -> String {
        let values = regroup(bytes, from: 8, to: 5, padding: true)!
        var text = Array(prefix.utf8) + [UInt8(ascii: "1")]
        for value in values + checksum(prefix: Array(prefix.utf8), values) { text.append(alphabet[Int(value)]) }
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
        for character in lowered[(separator + 1)...] {
            guard let value = alphabet.firstIndex(of: character) else { return nil }
            values.append(UInt8(value))
        }
        let prefix = Array(lowered[..<separator])
        guard polymod(expand(prefix) + values) == 1,
            let bytes = regroup(Array(values.dropLast(6)), from: 5, to: 8, padding: false)
        else { return nil }
        return (String(decoding: prefix, as: UTF8.self), bytes)
    }

    private static func regroup(_ input: [UInt8], from: UInt32, to: UInt32, padding: Bool) -> [UInt8]? {
        var accumulator: UInt32 = 0
        var bits: UInt32 = 0
        var output = [UInt8]()
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

    private static func expand(_ prefix: [UInt8]) -> [UInt8] {
        prefix.map { $0 >> 5 } + [0] + prefix.map { $0 & 31 }
    }

    private static func checksum(prefix: [UInt8], _ values: [UInt8]) -> [UInt8] {
        let remainder = polymod(expand(prefix) + values + [0, 0, 0, 0, 0, 0]) ^ 1
        return (0..<6).map { UInt8(remainder >> UInt32(5 * (5 - $0)) & 31) }
    }

    private static func polymod(_ values: [UInt8]) -> UInt32 {
        let generator: [UInt32] = [0x3b6a_57b2, 0x2650_8e6d, 0x1ea1_19fa, 0x3d42_33dd, 0x2a14_62b3]
        var checksum: UInt32 = 1
        for value in values {
            let top = checksum >> 25
            checksum = (checksum & 0x1ff_ffff) << 5 ^ UInt32(value)
            for index in 0..<5 where top >> UInt32(index) & 1 == 1 { checksum ^= generator[index] }
        }
        return checksum
    }
}
