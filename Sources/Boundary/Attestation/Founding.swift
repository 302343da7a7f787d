import DecidedBlocks
import PublicCryptography
import Wire

/// What the founders of a network have agreed on before there is any of it: what its identity will be, but for the time
/// and the validators, which enclaves it approves, and the genesis file that they were shown.
///
/// There is no block yet for evidence to name. Instead each founder's evidence names these terms, whose draft has a
/// number that nobody could know before: so evidence of another chain, or of a ceremony that came to nothing, is not
/// for this one.
package struct FoundingTerms: Sendable {
    package static let foundersMax = 64

    /// Of the chain as it will be; where it is looked at before that is known, time and validators are any.
    package let identity: ChainIdentity
    package let policy: RegistrationPolicy
    /// Of the genesis file without founders and what they bring.
    package let draftHash: Hash32

    package init(identity: ChainIdentity, policy: RegistrationPolicy, draftHash: Hash32) {
        (self.identity, self.policy, self.draftHash) = (identity, policy, draftHash)
    }

    package var hash: Hash32 {
        var agreed = identity
        (agreed.genesisSeconds, agreed.genesisNanoseconds, agreed.initialValidatorsHash) = (0, 0, [])
        return SHA256.hash(
            Array("cloister/founding-terms/1".utf8) + SHA256.hash(agreed.encoded).bytes
                + SHA256.hash(policy.protobuf).bytes + draftHash.bytes)
    }

    /// Of the network with these public keys that these founders begin: each of them is told it together with the
    /// seeds.
    package func hash(
        of founders: [FoundingCertificate], ioPublicKey: [UInt8], seedExchangePublicKey: [UInt8]
    ) -> Hash32 {
        SHA256.hash(
            Array("cloister/founding/1".utf8) + SHA256.hash(identity.encoded).bytes + hash.bytes
                + SHA256.hash(ioPublicKey).bytes + SHA256.hash(seedExchangePublicKey).bytes
                + founders.flatMap { SHA256.hash($0.protobuf).bytes })
    }
}

/// What a founder's enclave shows the others. All that it says stands in the quote's report data too, as a hash.
package struct FoundingCertificate: Equatable, Sendable, CanonicalMessage {
    package static let byteCountMax = EvidenceLimits.evidenceBytesMax + 256

    package var quote: [UInt8]
    /// X25519: what the seeds are wrapped for; of this machine, this program and these terms.
    package var registrationKey: Hash32
    package var termsHash: Hash32
    /// Ed25519: sealed by this enclave.
    package var consensusKey: Hash32
    /// The voting power that the founder asks for.
    package var power: Int64

    package init(quote: [UInt8], registrationKey: Hash32, termsHash: Hash32, consensusKey: Hash32, power: Int64) {
        (self.quote, self.registrationKey, self.termsHash) = (quote, registrationKey, termsHash)
        (self.consensusKey, self.power) = (consensusKey, power)
    }

    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var quote: [UInt8] = []
        var power: Int64 = 0
        var hashes: (key: Hash32?, terms: Hash32?, consensus: Hash32?)
        while let field = try reader.next() {
            switch field.number {
            case 1: quote = try field.bytes(atMost: EvidenceLimits.evidenceBytesMax)
            case 2: hashes.key = try field.hash()
            case 3: hashes.terms = try field.hash()
            case 4: hashes.consensus = try field.hash()
            case 5: power = try field.nonNegativeInt64()
            default: throw .notCanonical
            }
        }
        guard let key = hashes.key else { throw .missing(field: 2) }
        guard let terms = hashes.terms else { throw .missing(field: 3) }
        guard let consensus = hashes.consensus else { throw .missing(field: 4) }
        self.init(quote: quote, registrationKey: key, termsHash: terms, consensusKey: consensus, power: power)
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.bytes(1, quote)
        writer.hash(2, registrationKey)
        writer.hash(3, termsHash)
        writer.hash(4, consensusKey)
        writer.int64(5, power)
    }
}

/// Why founders do not found a network. `founder` counts from 0.
package enum FoundingRefusal: Error, Equatable, Sendable {
    case noFounders
    case tooManyFounders
    /// The terms do not approve the very program that all founders run.
    case programNotApproved
    case founder(Int, RegistrationRefusal)
    /// None, or more than a set of validators can have.
    case powerOutOfBounds(founder: Int)
    /// A registration key or a consensus key is there twice.
    case foundsTwice(founder: Int)
    /// The validators of the identity are not the founders with the power that each asks for.
    case otherValidators
}

extension FoundingTerms {
    /// The set of the first height: each founder's key, with the power that he asks for.
    package static func validators(_ founders: [FoundingCertificate]) -> ValidatorSet? {
        let validators = founders.compactMap { Validator(publicKey: $0.consensusKey.bytes, power: $0.power) }
        guard validators.count == founders.count else { return nil }
        return ValidatorSet(ordered: validators.sorted(by: ValidatorSet.isBefore))
    }

    /// The enclaves that the seeds of this network may be wrapped for: all of its founders, or nobody.
    ///
    /// `program` is the measurement of who asks. The terms come from its host: one who names a program of his own there
    /// would be given the seeds, while true enclaves quote the network's keys; one who names a root, likewise. So
    /// founders run one program, and their quotes end in a root of the identity, which everybody verifies by.
    package func appraise(
        _ founders: [FoundingCertificate], program: Hash32
    ) throws(FoundingRefusal) -> [VerifiedRegistration] {
        guard !founders.isEmpty else { throw .noFounders }
        guard founders.count <= Self.foundersMax else { throw .tooManyFounders }
        guard policy.measurements.contains(program) else { throw .programNotApproved }
        var verified: [VerifiedRegistration] = []
        var powerLeft = ValidatorSet.totalPowerMax
        for (index, founder) in founders.enumerated() {
            guard founder.power > 0, founder.power <= powerLeft else { throw .powerOutOfBounds(founder: index) }
            powerLeft -= founder.power
            do throws(RegistrationRefusal) {
                verified.append(try appraise(founder, program: program))
            } catch {
                throw .founder(index, error)
            }
            let isNew = founders[..<index].allSatisfy {
                $0.registrationKey != founder.registrationKey && $0.consensusKey != founder.consensusKey
            }
            guard isNew else { throw .foundsTwice(founder: index) }
        }
        guard Self.validators(founders)?.hash().bytes == identity.initialValidatorsHash else {
            throw .otherValidators
        }
        return verified
    }

    /// What is wrong with one founder's evidence, at the network's first moment.
    package func appraise(
        _ founder: FoundingCertificate, program: Hash32
    ) throws(RegistrationRefusal) -> VerifiedRegistration {
        guard founder.termsHash == hash else { throw .otherChain }
        return try VerifiedRegistration(
            of: founder.quote, registrationKey: founder.registrationKey, for: identity,
            under: RegistrationPolicy(
                measurements: [program], securityVersionMin: policy.securityVersionMin, evidence: policy.evidence),
            at: identity.genesisSeconds
        ) { ReportData.founding(founder, facts: $0) }
    }
}
