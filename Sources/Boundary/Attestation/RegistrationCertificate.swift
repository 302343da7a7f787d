import DecidedBlocks
import PublicCryptography
import Wire

/// What an enclave shows a chain whose seeds it wants: the certificate of `secret.registration.v1beta1.RaAuthenticate`.
///
/// Anybody may send one. All that it says stands in the quote's report data too, as a hash.
package struct RegistrationCertificate: Equatable, Sendable, CanonicalMessage {
    package static let byteCountMax = EvidenceLimits.evidenceBytesMax + 256

    package var quote: [UInt8]
    /// X25519: what the seeds are wrapped for.
    package var registrationKey: Hash32
    /// SHA-256 of the chain's identity.
    package var identityHash: Hash32
    /// A block of the chain that was decided when the evidence was made.
    package var height: Int64
    package var headerHash: Hash32
    /// The 20 bytes of the address that sends it; another's transaction with it is refused.
    package var sender: [UInt8]
    /// The registered node whose machine this one stands in for.
    package var replaces: Hash32?

    private static let addressByteCount = 20

    package init(
        quote: [UInt8], registrationKey: Hash32, identityHash: Hash32, height: Int64, headerHash: Hash32,
        sender: [UInt8], replaces: Hash32? = nil
    ) {
        (self.quote, self.registrationKey, self.identityHash) = (quote, registrationKey, identityHash)
        (self.height, self.headerHash, self.sender, self.replaces) = (height, headerHash, sender, replaces)
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var quote: [UInt8] = []
        var height: Int64 = 0
        var hashes: (key: Hash32?, identity: Hash32?, header: Hash32?, replaces: Hash32?)
        var sender: [UInt8] = []
        while let field = try reader.next() {
            switch field.number {
            case 1: quote = try field.bytes(atMost: EvidenceLimits.evidenceBytesMax)
            case 2: hashes.key = try field.hash()
            case 3: hashes.identity = try field.hash()
            case 4: height = try field.nonNegativeInt64()
            case 5: hashes.header = try field.hash()
            case 6: sender = try field.bytes(atMost: Self.addressByteCount)
            case 7: hashes.replaces = try field.hash()
            default: throw .notCanonical
            }
        }
        guard sender.count == Self.addressByteCount else { throw .illegalValue(field: 6) }
        guard let key = hashes.key else { throw .missing(field: 2) }
        guard let identity = hashes.identity else { throw .missing(field: 3) }
        guard let header = hashes.header else { throw .missing(field: 5) }
        self.init(
            quote: quote, registrationKey: key, identityHash: identity, height: height, headerHash: header,
            sender: sender, replaces: hashes.replaces)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.bytes(1, quote)
        writer.hash(2, registrationKey)
        writer.hash(3, identityHash)
        writer.int64(4, height)
        writer.hash(5, headerHash)
        writer.bytes(6, sender)
        writer.hash(7, replaces)
    }
}

/// Which enclaves a chain gives its seeds to: a record of its state, which genesis writes.
package struct RegistrationPolicy: Equatable, Sendable, CanonicalMessage {
    package static let rootsMax = 8
    package static let measurementsMax = 64
    package static let evidenceBlocksBound: UInt32 = 64

    /// Besides those of the chain's identity.
    package var roots: [AttestationRoot]
    /// Of the approved programs. One that is added may take over the seeds from those that run.
    package var measurements: [Hash32]
    package var securityVersionMin: UInt16
    /// For how many blocks after the one that it names evidence is good: no more than the headers that a node has whose
    /// blocks begin later, since each must be able to show them to its enclave.
    package var evidenceBlocksMax: UInt32
    /// For how many blocks at least wrapped seeds stand in the state; then they go as others come.
    package var seedBlocksMax: UInt32

    package init(
        roots: [AttestationRoot] = [], measurements: [Hash32], securityVersionMin: UInt16 = 0,
        evidenceBlocksMax: UInt32 = 12, seedBlocksMax: UInt32 = 100_000
    ) {
        self.seedBlocksMax = seedBlocksMax
        (self.roots, self.measurements) = (roots, measurements)
        (self.securityVersionMin, self.evidenceBlocksMax) = (securityVersionMin, evidenceBlocksMax)
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        self.init(measurements: [], evidenceBlocksMax: 0, seedBlocksMax: 0)
        while let field = try reader.next() {
            switch field.number {
            case 1:
                guard roots.count < RegistrationPolicy.rootsMax else { throw .tooMany(field: 1) }
                roots.append(try AttestationRoot(decoding: try field.slice()))
            case 2:
                guard measurements.count < RegistrationPolicy.measurementsMax else { throw .tooMany(field: 2) }
                measurements.append(try field.hash())
            case 3:
                guard let version = UInt16(exactly: try field.uint64()) else { throw .illegalValue(field: 3) }
                securityVersionMin = version
            case 4: evidenceBlocksMax = try field.uint32()
            case 5: seedBlocksMax = try field.uint32()
            default: throw .notCanonical
            }
        }
        guard roots.allSatisfy({ $0.spkiSHA256.count == Hash32.byteCount }) else { throw .illegalValue(field: 1) }
        guard evidenceBlocksMax <= RegistrationPolicy.evidenceBlocksBound else { throw .illegalValue(field: 4) }
    }

    package func write(to writer: inout ProtobufWriter) {
        for root in roots { writer.message(1, root.encoded) }
        for measurement in measurements { writer.hash(2, measurement) }
        writer.uint64(3, UInt64(securityVersionMin))
        writer.uint64(4, UInt64(evidenceBlocksMax))
        writer.uint64(5, UInt64(seedBlocksMax))
    }
}
