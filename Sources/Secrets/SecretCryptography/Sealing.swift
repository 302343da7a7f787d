/// Authenticated encryption of a record for storage outside, under a key used for nothing else.
///
/// `nonce16 || SIV(key, record, [header, nonce])`. The random nonce hides that two records are equal; should it ever
/// repeat, AES-SIV still gives away no more than that. The record is guarded memory on both ways.
package enum Sealing {
    private static let nonceByteCount = 16
    package static let overhead = nonceByteCount + AESSIV.overhead

    package static func seal(_ record: borrowing GuardedBytes, key: borrowing SecretKey, header: [UInt8]) -> [UInt8] {
        let nonce = SecretRandom.bytes(nonceByteCount)
        var cipher = AESSIV(key: key)
        return nonce + cipher.seal(record, associatedData: [header, nonce])
    }

    /// The record, or `nil` if key or header are others or any bit has changed.
    package static func open(_ sealed: ArraySlice<UInt8>, key: borrowing SecretKey, header: [UInt8]) -> GuardedBytes? {
        guard sealed.count > overhead else { return nil }
        let nonce = Array(sealed.prefix(nonceByteCount))
        var cipher = AESSIV(key: key)
        return cipher.openGuarded(sealed.dropFirst(nonceByteCount), associatedData: [header, nonce])
    }
}
