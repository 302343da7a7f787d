import PublicCryptography

/// The form of a stored contract value: a header in clear, then AES-SIV over name, value and padding to a size class.
package enum StoredValue {
    package static let version: UInt8 = 1
    /// What AES-SIV adds.
    private static let sealByteCount = 16
    private static let lengthByteCount = 4

    /// The bytes in front, in clear and authenticated: version, key epoch, block and transaction that wrote the value.
    package struct Header: Equatable, Sendable {
        package static let byteCount = 1 + 2 + 8 + 4

        package var epoch: UInt16
        package var height: Int64
        package var transactionIndex: UInt32

        package var bytes: [UInt8] {
            [StoredValue.version] + epoch.bigEndianBytes + height.bigEndianBytes + transactionIndex.bigEndianBytes
        }

        package init(epoch: UInt16, height: Int64, transactionIndex: UInt32) {
            self.epoch = epoch
            self.height = height
            self.transactionIndex = transactionIndex
        }

        /// The header of `stored`, or `nil` for another version or a length that sealing never makes.
        package init?(of stored: [UInt8]) {
            let plaintextByteCount = stored.count - Header.byteCount - sealByteCount
            guard plaintextByteCount > 0, stored[0] == StoredValue.version,
                StoredValue.sizeClass(byteCount: plaintextByteCount) == plaintextByteCount
            else { return nil }
            epoch = UInt16(bigEndianBytes: stored[1..<3])
            height = Int64(bigEndianBytes: stored[3..<11])
            transactionIndex = UInt32(bigEndianBytes: stored[11..<15])
        }
    }

    /// The bytes that a name and a value of these lengths take up with their lengths and padding: what gas is charged
    /// by, so that the charge tells the host nothing it does not see.
    package static func sizeClass(nameCount: Int, valueCount: Int) -> Int {
        sizeClass(byteCount: 2 * lengthByteCount + nameCount + valueCount)
    }

    /// 64, 128, 256, 512, 1024, 2048, 4096, then multiples of 4096.
    private static func sizeClass(byteCount: Int) -> Int {
        guard byteCount <= 4096 else { return (byteCount + 4095) / 4096 * 4096 }
        var size = 64
        while size < byteCount { size *= 2 }
        return size
    }

    /// `name length || name || value length || value || zeros`, as long as its size class.
    package static func padded(name: [UInt8], value: [UInt8]) -> [UInt8] {
        let size = sizeClass(nameCount: name.count, valueCount: value.count)
        var plaintext = [UInt8]()
        plaintext.reserveCapacity(size)
        plaintext += UInt32(name.count).bigEndianBytes
        plaintext += name
        plaintext += UInt32(value.count).bigEndianBytes
        plaintext += value
        plaintext += [UInt8](repeating: 0, count: size - plaintext.count)
        return plaintext
    }

    /// The value in `plaintext`, or `nil` unless it is exactly what `padded` makes of `name` and that value.
    package static func value(in plaintext: [UInt8], name: [UInt8]) -> [UInt8]? {
        var rest = plaintext[...]
        guard let foundName = field(from: &rest), foundName.elementsEqual(name), let value = field(from: &rest),
            rest.allSatisfy({ $0 == 0 }),
            plaintext.count == sizeClass(nameCount: name.count, valueCount: value.count)
        else { return nil }
        return Array(value)
    }

    private static func field(from rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard rest.count >= lengthByteCount else { return nil }
        let count = Int(UInt32(bigEndianBytes: rest.prefix(lengthByteCount)))
        rest = rest.dropFirst(lengthByteCount)
        guard rest.count >= count else { return nil }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}
