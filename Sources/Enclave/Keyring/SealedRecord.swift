import PublicCryptography
import SecretCryptography
import Wire

/// Why a sealed record does not open.
package enum SealedRecordError: Error, Equatable {
    /// Shorter than any record.
    case truncated
    /// Not a sealed record, or of a version this enclave does not know.
    case unknownFormat
    /// Another sealing key, or changed bytes.
    case notAuthentic
    /// Authentic, but not what this program writes.
    case malformed
}

/// What an enclave needs to go on after a restart: the seeds, the chain identity, the head it has verified, what it
/// knows of the results at the head, the head at which it was granted the seeds, and who made them. Leaves only sealed,
/// and the host keeps it: that the host offers an old one is caught by whoever compares the head with the journal of
/// the platform, not here.
package struct SealedRecord: ~Copyable, Sendable {
    package let seeds: NetworkSeeds
    /// The encodings are the caller's; here they are bytes.
    package let identity: [UInt8]
    package let head: [UInt8]
    package let results: [UInt8]
    /// Of an enclave that joined.
    package let granted: [UInt8]
    /// Of an enclave that took the seeds over from another program.
    package let founder: [UInt8]
    /// Where keys rotate: what the chain's state has of it at the head, if this enclave knows.
    package let epoch: [UInt8]

    /// The seeds, for the one who will own them from here on; the rest has been read before.
    package consuming func takeSeeds() -> NetworkSeeds { seeds }

    /// The record under this key, behind the header, for an enclave that seals after every block and keeps its seeds.
    package static func seal(
        _ seeds: borrowing NetworkSeeds, identity: [UInt8], head: [UInt8], results: [UInt8], granted: [UInt8] = [],
        founder: [UInt8] = [], epoch: [UInt8] = [], sealingKey: borrowing SecretKey, header: Header
    ) -> [UInt8] {
        var fields = [identity, head, results, granted, founder, epoch]
        while fields.count > fieldCounts.lowerBound, fields.last?.isEmpty == true { fields.removeLast() }
        let (encoded, start) = (FieldList.encode(fields), 1 + NetworkSeeds.byteCount(seeds.count))
        // Safe: it has as many bytes as are put there.
        let record = unsafe GuardedBytes(count: start + encoded.count) { output in
            unsafe output[0] = UInt8(seeds.count)
            unsafe seeds.put(into: output, at: 1)
            unsafe output.put(encoded, at: start)
        }
        return header.encoded + Sealing.seal(record, key: sealingKey, header: header.encoded)
    }

    /// The record in `sealed`, which the host kept and may have replaced or changed. The key is the one that the
    /// header names, which is authenticated with the rest.
    package static func open(
        _ sealed: [UInt8], sealingKey: borrowing SecretKey
    ) throws(SealedRecordError) -> SealedRecord {
        let header = try Header(of: sealed)
        let body = sealed[header.encoded.count...]
        guard let record = Sealing.open(body, key: sealingKey, header: header.encoded) else { throw .notAuthentic }
        guard let opened = SealedRecord(plaintext: record), opened.seeds.oldestEpoch == header.oldestEpoch else {
            throw .malformed
        }
        return opened
    }

    /// What stands before a record: under whose key it is sealed, and by which program.
    package struct Header: Equatable, Sendable {
        fileprivate static let magic = Array("CLOISTER-SEALED\n".utf8) + [0]
        private static let formats: [UInt8] = [2, 3]
        package static let byteCount = 16 + 2 + 1 + 2 + Hash32.byteCount

        /// A number of the platform's (`KeyOwner`).
        package let owner: UInt8
        package let securityVersion: UInt16
        package let measurement: Hash32
        /// Of the oldest seed inside, where keys rotate: the key is of that epoch, so that none that is used later
        /// opens what was kept of earlier ones.
        package let oldestEpoch: UInt16?

        package init(owner: UInt8, securityVersion: UInt16, measurement: Hash32, oldestEpoch: UInt16? = nil) {
            (self.owner, self.securityVersion, self.measurement) = (owner, securityVersion, measurement)
            self.oldestEpoch = oldestEpoch
        }

        /// Of `sealed`: the host's word until the record has opened.
        package init(of sealed: [UInt8]) throws(SealedRecordError) {
            guard sealed.count > Header.byteCount + Sealing.overhead,
                let measurement = Hash32(sealed[21..<Header.byteCount])
            else { throw .truncated }
            guard sealed.starts(with: Header.magic), Header.formats.contains(sealed[17]) else { throw .unknownFormat }
            self.init(
                owner: sealed[18], securityVersion: UInt16(bigEndianBytes: sealed[19..<21]), measurement: measurement,
                oldestEpoch: sealed[17] == 2 ? nil : UInt16(bigEndianBytes: sealed[Header.byteCount...].prefix(2)))
        }

        /// `magic || u16 format || u8 owner || u16 security version || measurement`, numbers big-endian; in format 3
        /// `u16 oldest epoch` follows.
        fileprivate var encoded: [UInt8] {
            Header.magic + [oldestEpoch == nil ? 2 : 3, owner] + securityVersion.bigEndianBytes + measurement.bytes
                + (oldestEpoch?.bigEndianBytes ?? [])
        }
    }
}

// MARK: - Form

extension SealedRecord {
    /// The last three stand only where there is something: an enclave joined, it took over from another program, keys
    /// rotate.
    private static let fieldCounts = 3...6

    /// `u8 number of seeds || seeds || (u32 length || field)*`, in guarded memory because of the seeds.
    private init?(plaintext: borrowing GuardedBytes) {
        guard plaintext.count > 0 else { return nil }
        // Safe: there is a first byte.
        let count = unsafe plaintext.withUnsafeBytes { unsafe Int($0[0]) }
        guard let seeds = NetworkSeeds(plaintext, at: 1, count: count) else { return nil }
        let encoded = plaintext.rest(from: 1 + NetworkSeeds.byteCount(count))
        guard var fields = FieldList.decode(encoded, SealedRecord.fieldCounts) else { return nil }
        fields += [[UInt8]](repeating: [], count: SealedRecord.fieldCounts.upperBound - fields.count)
        (identity, head, results) = (fields[0], fields[1], fields[2])
        (granted, founder, epoch) = (fields[3], fields[4], fields[5])
        self.seeds = seeds
    }
}
