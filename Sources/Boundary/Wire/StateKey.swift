import PublicCryptography

/// Parts of the keys and values of all stores.
package enum StateKey {
    /// No key is longer; none is empty.
    package static let byteCountMax = 200

    /// Big-endian, so that the order of keys is the order of numbers.
    package static func number(_ value: UInt64) -> [UInt8] { value.bigEndianBytes }

    package static func number(_ value: UInt32) -> [UInt8] { value.bigEndianBytes }

    /// `nil` unless there are exactly eight bytes.
    package static func number(decoding bytes: some Collection<UInt8>) -> UInt64? {
        bytes.count == 8 ? UInt64(bigEndianBytes: bytes) : nil
    }
}
