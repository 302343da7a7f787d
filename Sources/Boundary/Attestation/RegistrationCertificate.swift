import DecidedBlocks
import PublicCryptography
import Wire

/// What an enclave shows a chain whose seeds it wants: the certificate of `secret.registration.v1beta1.RaAuthenticate`.
///
/// Anybody may send one. All that it says stands in the quote's report data too, as a hash.
package struct RegistrationCertificate: Equatable, Sendable, CanonicalMessage {
    package static let byteCountMax = EvidenceLimits.evidenceBytesMax + Collateral.byteCountMax + 256

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
    /// What the maker publishes of such machines; `nil` where the chain's state has it, or does not ask for it. It is
    /// signed itself, so the quote says nothing of it.
    package var collateral: Collateral?

    private static let addressByteCount = 20

    package init(
        quote: [UInt8], registrationKey: Hash32, identityHash: Hash32, height: Int64, headerHash: Hash32,
        sender: [UInt8], replaces: Hash32? = nil, collateral: Collateral? = nil
    ) {
        self.collateral = collateral
        (self.quote, self.registrationKey, self.identityHash) = (quote, registrationKey, identityHash)
        (self.height, self.headerHash, self.sender, self.replaces) = (height, headerHash, sender, replaces)
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var quote: [UInt8] = []
        var height: Int64 = 0
        var hashes: (key: Hash32?, identity: Hash32?, header: Hash32?, replaces: Hash32?)
        var sender: [UInt8] = []
        var collateral: Collateral?
        while let field = try reader.next() {
            switch field.number {
            case 1: quote = try field.bytes(atMost: EvidenceLimits.evidenceBytesMax)
            case 2: hashes.key = try field.hash()
            case 3: hashes.identity = try field.hash()
            case 4: height = try field.nonNegativeInt64()
            case 5: hashes.header = try field.hash()
            case 6: sender = try field.bytes(atMost: Self.addressByteCount)
            case 7: hashes.replaces = try field.hash()
            case 8: collateral = try field.message(Collateral.self)
            default: throw .notCanonical
            }
        }
        guard sender.count == Self.addressByteCount else { throw .illegalValue(field: 6) }
        guard let key = hashes.key else { throw .missing(field: 2) }
        guard let identity = hashes.identity else { throw .missing(field: 3) }
        guard let header = hashes.header else { throw .missing(field: 5) }
        self.init(
            quote: quote, registrationKey: key, identityHash: identity, height: height, headerHash: header,
            sender: sender, replaces: hashes.replaces, collateral: collateral)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.bytes(1, quote)
        writer.hash(2, registrationKey)
        writer.hash(3, identityHash)
        writer.int64(4, height)
        writer.hash(5, headerHash)
        writer.bytes(6, sender)
        writer.hash(7, replaces)
        if let collateral { writer.message(8, collateral) }
    }

    /// What the chain's state has of it.
    package var withoutCollateral: RegistrationCertificate {
        var kept = self
        kept.collateral = nil
        return kept
    }

    /// For which machines collateral is that serves the quoted one: their kind, who certified them, and their family.
    /// `nil` for what is no quote. Nothing of it is verified.
    package var machines: [UInt8]? {
        guard let quote = try? UnverifiedQuote(quote), let chain = CertificateChain.read(quote.certificationData),
            let family = chain.platform.platform?.family
        else { return nil }
        return [UInt8(quote.header.kind.rawValue)] + chain.authority.publicKeyInfoHash.bytes + family
    }
}

/// Collateral as the chain's state has it: the newest with which a machine of these was registered.
package struct RecordedCollateral: Equatable, Sendable, CanonicalMessage {
    /// The date of the oldest of its texts and lists, in seconds since 1970.
    package let issued: Int64
    package let collateral: Collateral

    package init(issued: Int64, collateral: Collateral) { (self.issued, self.collateral) = (issued, collateral) }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        guard let date = try reader.next(), date.number == 1, let content = try reader.next(), content.number == 2
        else { throw .notCanonical }
        self.init(issued: try date.nonNegativeInt64(), collateral: try content.message(Collateral.self))
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.int64(1, issued)
        writer.message(2, collateral)
    }
}

/// A program that is approved from a block's time on.
package struct PlannedProgram: Equatable, Sendable, CanonicalMessage {
    package let measurement: Hash32
    /// In seconds since 1970.
    package let notBefore: Int64

    package init(_ measurement: Hash32, notBefore: Int64) {
        (self.measurement, self.notBefore) = (measurement, notBefore)
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        guard let program = try reader.next(), program.number == 1, let time = try reader.next(), time.number == 2
        else { throw .notCanonical }
        self.init(try program.hash(), notBefore: try time.nonNegativeInt64())
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.hash(1, measurement)
        writer.int64(2, notBefore)
    }
}

/// Which enclaves a chain gives its seeds to: a record of its state, which genesis and governance write.
package struct RegistrationPolicy: Equatable, Sendable, CanonicalMessage {
    package static let rootsMax = 8
    package static let measurementsMax = 64
    package static let evidenceBlocksBound: UInt32 = 64

    /// Besides those of the chain's identity.
    package var roots: [AttestationRoot]
    /// Of the approved programs. One that is added may take over the seeds from those that run.
    package var measurements: [Hash32]
    /// Programs that are approved from a time on.
    package var planned: [PlannedProgram]
    package var securityVersionMin: UInt16
    /// For how many blocks after the one that it names evidence is good: no more than the headers that a node has whose
    /// blocks begin later, since each must be able to show them to its enclave.
    package var evidenceBlocksMax: UInt32
    /// For how many blocks at least wrapped seeds stand in the state; then they go as others come.
    package var seedBlocksMax: UInt32
    /// What evidence must be besides; where it is `nil`, what a `QuotePolicy` asks for that nobody has changed. The
    /// programs and their least version are those above.
    package var evidence: EvidencePolicy?

    package init(
        roots: [AttestationRoot] = [], measurements: [Hash32], securityVersionMin: UInt16 = 0,
        evidenceBlocksMax: UInt32 = 12, seedBlocksMax: UInt32 = 100_000, evidence: EvidencePolicy? = nil,
        planned: [PlannedProgram] = []
    ) {
        (self.seedBlocksMax, self.evidence) = (seedBlocksMax, evidence)
        (self.roots, self.measurements, self.planned) = (roots, measurements, planned)
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
            case 6: evidence = try field.message(EvidencePolicy.self)
            case 7:
                guard planned.count < RegistrationPolicy.measurementsMax else { throw .tooMany(field: 7) }
                planned.append(try field.message(PlannedProgram.self))
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
        if let evidence { writer.message(6, evidence) }
        for program in planned { writer.message(7, program) }
    }

    /// Whether evidence on the chain with this identity needs collateral.
    package func asksForCollateral(on identity: ChainIdentity) -> Bool {
        let taken = (evidence?.policy ?? QuotePolicy()).kindsWithoutCollateral
        return !identity.attestationRoots.allSatisfy { taken.contains($0.kind == .hardware ? .hardware : .simulated) }
    }

    /// The programs that are approved in a block of `time`, in seconds since 1970.
    ///
    /// The attack: a host shows evidence of a program before those who watch the chain have had the notice that it was
    /// approved with. The time is the block's own, on which two thirds agreed, and never goes back.
    package func programs(at time: Int64) -> [Hash32] {
        measurements + planned.filter { $0.notBefore <= time }.map(\.measurement)
    }

    /// All that is asked of a quote in a block of `time`.
    package func quotePolicy(at time: Int64) -> QuotePolicy {
        var asked = evidence?.policy ?? QuotePolicy()
        asked.measurements = programs(at: time)
        asked.securityVersionMin = max(asked.securityVersionMin, securityVersionMin)
        return asked
    }
}
