import PublicCryptography
import SecretCryptography

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
    /// Of an enclave that has the seeds of another program.
    package let founder: [UInt8]

    package init(
        seeds: consuming NetworkSeeds, identity: [UInt8], head: [UInt8], results: [UInt8], granted: [UInt8] = [],
        founder: [UInt8] = []
    ) {
        (self.granted, self.founder) = (granted, founder)
        self.seeds = seeds
        self.identity = identity
        self.head = head
        self.results = results
    }

    /// The seeds, for the one who will own them from here on; the rest has been read before.
    package consuming func takeSeeds() -> NetworkSeeds { seeds }

    /// The record under this key, behind the header.
    package borrowing func seal(sealingKey: borrowing SecretKey, header: Header) -> [UInt8] {
        SealedRecord.seal(
            seeds, identity: identity, head: head, results: results, granted: granted, founder: founder,
            sealingKey: sealingKey, header: header)
    }

    /// As above from its parts, for an enclave that seals after every block and keeps its seeds.
    package static func seal(
        _ seeds: borrowing NetworkSeeds, identity: [UInt8], head: [UInt8], results: [UInt8],
        granted: [UInt8] = [], founder: [UInt8] = [], sealingKey: borrowing SecretKey, header: Header
    ) -> [UInt8] {
        let header = header.encoded
        let joined = granted.isEmpty && founder.isEmpty ? [] : [granted] + (founder.isEmpty ? [] : [founder])
        let record = plaintext(seeds, fields: [identity, head, results] + joined)
        return header + Sealing.seal(record, key: sealingKey, header: header)
    }

    /// The record in `sealed`, which the host kept and may have replaced or changed. The key is the one that the
    /// header names, which is authenticated with the rest.
    package static func open(
        _ sealed: [UInt8], sealingKey: borrowing SecretKey
    ) throws(SealedRecordError) -> SealedRecord {
        let header = try Header(of: sealed)
        let body = sealed[Header.byteCount...]
        guard let record = Sealing.open(body, key: sealingKey, header: header.encoded) else { throw .notAuthentic }
        guard let opened = SealedRecord(plaintext: record) else { throw .malformed }
        return opened
    }

    /// What stands before a record: under whose key it is sealed, and by which program.
    package struct Header: Equatable, Sendable {
        fileprivate static let magic = Array("CLOISTER-SEALED\n".utf8) + [0, 2]
        package static let byteCount = 16 + 2 + 1 + 2 + Hash32.byteCount

        /// A number of the platform's (`KeyOwner`).
        package let owner: UInt8
        package let securityVersion: UInt16
        package let measurement: Hash32

        package init(owner: UInt8, securityVersion: UInt16, measurement: Hash32) {
            (self.owner, self.securityVersion, self.measurement) = (owner, securityVersion, measurement)
        }

        /// Of `sealed`: the host's word until the record has opened.
        package init(of sealed: [UInt8]) throws(SealedRecordError) {
            guard sealed.count > Header.byteCount + Sealing.overhead,
                let measurement = Hash32(sealed[21..<Header.byteCount])
            else { throw .truncated }
            guard sealed.starts(with: Header.magic) else { throw .unknownFormat }
            self.init(
                owner: sealed[18], securityVersion: UInt16(bigEndianBytes: sealed[19..<21]), measurement: measurement)
        }

        /// `magic || u16 format || u8 owner || u16 security version || measurement`, numbers big-endian.
        fileprivate var encoded: [UInt8] {
            Header.magic + [owner] + securityVersion.bigEndianBytes + measurement.bytes
        }
    }
}

// MARK: - Form

extension SealedRecord {
    private static let seedsByteCount = 1 + NetworkSeeds.count * SecretKey.byteCount
    /// The last two stand only where an enclave joined, and where another program made the seeds.
    private static let fieldCounts = 3...5

    /// `u8 number of seeds || seeds || (u32 length || field)*`, in guarded memory because of the seeds.
    private static func plaintext(_ seeds: borrowing NetworkSeeds, fields: [[UInt8]]) -> GuardedBytes {
        let encodedFields = fields.flatMap { UInt32($0.count).bigEndianBytes + $0 }
        // Safe: it has as many bytes as are put there.
        return unsafe GuardedBytes(count: seedsByteCount + encodedFields.count) { output in
            unsafe output[0] = UInt8(NetworkSeeds.count)
            unsafe output.put(seeds.genesis, at: 1)
            unsafe output.put(seeds.current, at: 1 + SecretKey.byteCount)
            unsafe output.put(encodedFields, at: seedsByteCount)
        }
    }

    private init?(plaintext: borrowing GuardedBytes) {
        guard plaintext.count >= SealedRecord.seedsByteCount else { return nil }
        // Safe: there is a first byte.
        guard unsafe plaintext.withUnsafeBytes({ unsafe Int($0[0]) }) == NetworkSeeds.count else { return nil }
        let genesis = SecretKey(plaintext, at: 1)
        let current = SecretKey(plaintext, at: 1 + SecretKey.byteCount)
        let encodedFields = plaintext.rest(from: SealedRecord.seedsByteCount)
        guard let fields = SealedRecord.fields(of: encodedFields) else { return nil }
        self.init(
            seeds: NetworkSeeds(genesis: genesis, current: current), identity: fields[0], head: fields[1],
            results: fields[2], granted: fields.count > 3 ? fields[3] : [], founder: fields.count > 4 ? fields[4] : [])
    }

    private static func fields(of bytes: [UInt8]) -> [[UInt8]]? {
        var fields = [[UInt8]]()
        var rest = bytes[...]
        while !rest.isEmpty {
            guard rest.count >= 4, fields.count < fieldCounts.upperBound else { return nil }
            let count = Int(UInt32(bigEndianBytes: rest.prefix(4)))
            rest = rest.dropFirst(4)
            guard rest.count >= count else { return nil }
            fields.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return fieldCounts.contains(fields.count) ? fields : nil
    }
}
