import PublicCryptography
import SecretCryptography

/// A validator's consensus key as the host keeps it: sealed for this program on this platform, with the last place that
/// was signed for elsewhere (`height || round || step`), which is zero for a key that was made inside.
///
/// That the host offers an old one, or one of several, is the business of who opens it.
package enum SealedConsensusKey {
    private static let magic = Array("CLOISTER-VOTKEY\n".utf8)
    private static let version: UInt16 = 1
    private static let headerByteCount = 16 + 2 + Hash32.byteCount
    private static let placeByteCount = 16

    private static func header(measurement: Hash32) -> [UInt8] { magic + version.bigEndianBytes + measurement.bytes }

    /// `place` has 16 bytes.
    package static func seal(
        _ key: borrowing SecretKey, place: [UInt8], sealingKey: borrowing SecretKey, measurement: Hash32
    ) -> [UInt8] {
        precondition(place.count == placeByteCount)
        // Safe: 32 bytes and 16 into 48.
        let record = unsafe key.withUnsafeBytes { key in
            unsafe GuardedBytes(count: SecretKey.byteCount + placeByteCount) { output in
                unsafe output.copyMemory(from: key)
                unsafe UnsafeMutableRawBufferPointer(rebasing: output[SecretKey.byteCount...]).copyBytes(from: place)
            }
        }
        let header = header(measurement: measurement)
        return header + Sealing.seal(record, key: sealingKey, header: header)
    }

    /// `nil` for whatever this program did not seal on this platform: the host chose every byte.
    package static func open(
        _ sealed: [UInt8], sealingKey: borrowing SecretKey, measurement: Hash32
    ) -> Opened? {
        let header = header(measurement: measurement)
        guard sealed.count == headerByteCount + Sealing.overhead + SecretKey.byteCount + placeByteCount,
            sealed.starts(with: header),
            let record = Sealing.open(sealed[headerByteCount...], key: sealingKey, header: header)
        else { return nil }
        // Safe: the count was compared above; the place is no secret.
        return unsafe record.withUnsafeBytes { record in
            Opened(
                key: unsafe SecretKey(home: .pages) { output in
                    unsafe output.copyMemory(from: UnsafeRawBufferPointer(rebasing: record[..<SecretKey.byteCount]))
                }, place: unsafe Array(record[SecretKey.byteCount...]))
        }
    }

    package struct Opened: ~Copyable {
        package let key: SecretKey
        package let place: [UInt8]

        /// The key, for the one who will own it from here on; the rest has been read before.
        package consuming func takeKey() -> SecretKey { key }
    }
}
