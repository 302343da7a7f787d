import PublicCryptography

/// How far the enclave has come: the first `count` vouched facts of the block at `height` give `digest`.
package struct JournalRecord: Equatable, Sendable {
    package static let byteCount = 80
    /// What the platform answers before the first record was stored.
    package static let none = JournalRecord(height: 0, headerHash: Hash32.zero, count: 0, digest: Hash32.zero)

    package var height: UInt64
    package var headerHash: Hash32
    package var count: UInt64
    package var digest: Hash32

    package init(height: UInt64, headerHash: Hash32, count: UInt64, digest: Hash32) {
        self.height = height
        self.headerHash = headerHash
        self.count = count
        self.digest = digest
    }

    /// Reads `encoded`'s form; `nil` unless there are exactly 80 bytes.
    package init?(_ bytes: [UInt8]) {
        guard bytes.count == JournalRecord.byteCount, let headerHash = Hash32(bytes[8..<40]),
            let digest = Hash32(bytes[48..<80])
        else { return nil }
        self.init(
            height: UInt64(bigEndianBytes: bytes[0..<8]), headerHash: headerHash,
            count: UInt64(bigEndianBytes: bytes[40..<48]), digest: digest)
    }

    /// The form of enclave-host/journal.c: u64 height || header hash || u64 count || digest, integers big-endian.
    package var encoded: [UInt8] {
        height.bigEndianBytes + headerHash.bytes + count.bigEndianBytes + digest.bytes
    }
}
