import PublicCryptography
import Wire

/// Of which state an answer of the enclave is: what it tells the caller beside the answer, under the same seal, which
/// opens for the asked contract's address alone.
///
/// An answer is what a contract returned, sealed, or the text of why it returned nothing (`bytes(ofError:)`).
///
/// A caller that has a clock, or remembers what it was shown before, can tell from it an enclave that was left behind,
/// which that enclave cannot by itself.
package struct AnswerStamp: Equatable, Sendable {
    package static let byteCount = 60

    /// The state is that after this height.
    package var height: Int64
    /// Of the header after it, which proves the state: its hash, and its time.
    package var headerHash: Hash32
    package var time: Timestamp
    /// The block that held the nonce of the enclave's lease; zero on a chain without leases.
    package var leaseHeight: Int64

    package init(height: Int64, headerHash: Hash32, time: Timestamp, leaseHeight: Int64) {
        (self.height, self.headerHash, self.time, self.leaseHeight) = (height, headerHash, time, leaseHeight)
    }

    /// What a stamp of a refusal is of: the text, as nodes pass it on, with all its quotation marks exchanged.
    package static func bytes(ofError text: String) -> [UInt8] {
        text.utf8.map { [UInt8(ascii: "\""), UInt8(ascii: "'")].contains($0) ? UInt8(ascii: "`") : $0 }
    }

    /// Integers big-endian: height, hash, seconds, nanoseconds (4 bytes), height of the lease.
    package var bytes: [UInt8] {
        UInt64(bitPattern: height).bigEndianBytes + headerHash.bytes + UInt64(bitPattern: time.seconds).bigEndianBytes
            + UInt64(time.nanoseconds).bigEndianBytes.suffix(4) + UInt64(bitPattern: leaseHeight).bigEndianBytes
    }
}
