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
        let record = OpenedKey.joined(key, place)
        let header = header(measurement: measurement)
        return header + Sealing.seal(record, key: sealingKey, header: header)
    }

    /// `nil` for whatever this program did not seal on this platform: the host chose every byte.
    package static func open(
        _ sealed: [UInt8], sealingKey: borrowing SecretKey, measurement: Hash32
    ) -> OpenedKey? {
        let header = header(measurement: measurement)
        guard sealed.count == headerByteCount + Sealing.overhead + SecretKey.byteCount + placeByteCount,
            sealed.starts(with: header),
            let record = Sealing.open(sealed[headerByteCount...], key: sealingKey, header: header)
        else { return nil }
        return OpenedKey(record)
    }
}
