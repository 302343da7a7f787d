/// Parts of the keys and values of all stores.
package enum StateKey {
    /// No key is longer; none is empty.
    package static let byteCountMax = 200

    /// Big-endian, so that the order of keys is the order of numbers.
    package static func number(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
    }

    package static func number(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt32(24 - 8 * $0)) }
    }

    /// `nil` unless there are exactly eight bytes.
    package static func number(decoding bytes: some Collection<UInt8>) -> UInt64? {
        guard bytes.count == 8 else { return nil }
        return bytes.reduce(0) { $0 << 8 | UInt64($1) }
    }
}
