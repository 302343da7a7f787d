import DecidedBlocks
import PublicCryptography
import Wire

/// An enclave that may have the network's seeds. Only the appraisals of this module make one, of a certificate that
/// joins a network or founds it, and the one function that wraps seeds for somebody takes nothing else.
package struct VerifiedRegistration: Equatable, Sendable {
    /// What the quoted enclave alone can open.
    package let registrationKey: Hash32
    package let quote: QuoteClaims
    package let facts: PlatformFacts

    /// Evidence that is a quote over what `reportData` makes of the facts which it says itself, of an approved program
    /// on a machine that suits the chain.
    init(
        of evidence: [UInt8], with collateral: Collateral? = nil, registrationKey: Hash32, for identity: ChainIdentity,
        under policy: RegistrationPolicy, at time: Int64, quoting reportData: (PlatformFacts) -> [UInt8]
    ) throws(RegistrationRefusal) {
        var roots: [TrustRoot] = []
        for root in identity.attestationRoots + policy.roots {
            // One chain never has both kinds.
            guard root.kind == identity.attestationRoots.first?.kind, let root = TrustRoot(chainIdentity: root) else {
                continue
            }
            roots.append(root)
        }
        let verdict = QuoteVerifier.verify(
            evidence: evidence, collateral: collateral, roots: roots, time: time,
            policy: policy.quotePolicy(at: time))
        guard let claims = verdict.claims else {
            guard let refusal = verdict.rejection?.refusal else { throw .unreadable }
            throw .quote(refusal)
        }
        guard let facts = ReportData.facts(in: claims.body.reportData),
            claims.body.reportData == reportData(facts)
        else { throw .otherReportData }
        guard identity.suits(facts) else { throw .unsuitableMachine }
        (self.registrationKey, quote, self.facts) = (registrationKey, claims, facts)
    }
}

extension RegistrationCertificate {
    /// What is wrong with evidence, the same for all enclaves of the chain: a pure function of the evidence, of the
    /// identity, of a record of the state and of a block's time. Whether the header that it names is the chain's is not
    /// looked at: that the evidence is new is asked once, when it comes (`RegistrationRefusal.expired`).
    ///
    /// The attack: whose machine is known for a hole now brings collateral from before that was known, which has not
    /// run out. So what the chain's state has, `recorded`, counts where it is newer than what is brought.
    package func appraise(
        for identity: ChainIdentity, under policy: RegistrationPolicy, at time: Int64,
        recorded: RecordedCollateral? = nil
    ) throws(RegistrationRefusal) -> VerifiedRegistration {
        guard identityHash == SHA256.hash(identity.encoded) else { throw .otherChain }
        let verified = try appraise(for: identity, under: policy, at: time, with: collateral ?? recorded?.collateral)
        guard let recorded, let issued = verified.quote.security?.issued, issued < recorded.issued else {
            return verified
        }
        return try appraise(for: identity, under: policy, at: time, with: recorded.collateral)
    }

    private func appraise(
        for identity: ChainIdentity, under policy: RegistrationPolicy, at time: Int64, with collateral: Collateral?
    ) throws(RegistrationRefusal) -> VerifiedRegistration {
        try VerifiedRegistration(
            of: quote, with: collateral, registrationKey: registrationKey, for: identity, under: policy, at: time
        ) { ReportData.registration(self, facts: $0) }
    }

    /// What the chain's state is to have, of evidence that was taken as `verified`; `nil` if it has none that is older.
    package func toRecord(
        _ verified: VerifiedRegistration, beside recorded: RecordedCollateral?
    ) -> RecordedCollateral? {
        guard let collateral, let issued = verified.quote.security?.issued, issued > recorded?.issued ?? -1 else {
            return nil
        }
        return RecordedCollateral(issued: issued, collateral: collateral)
    }
}

/// Why an enclave is not given the seeds. Codes are of the codespace `register`, and keep their meaning for ever.
package enum RegistrationRefusal: Error, Equatable, Sendable {
    case unreadable
    case noPolicy
    case otherChain
    case expired(blocks: Int64, atMost: UInt32)
    case notYetDecided
    case otherHeader
    case quote(Refusal)
    case otherReportData
    case unsuitableMachine
    case unusableKey
    case unknownReplacement
    case sameBlock
    case tooManyInBlock
    case replayed
    case otherSender
    case otherReplacement

    package static let codespace = "register"

    package var code: UInt32 {
        switch self {
        case .unreadable: 2
        case .noPolicy: 3
        case .otherChain: 4
        case .expired: 5
        case .notYetDecided: 6
        case .otherHeader: 7
        case .quote(.measurementNotApproved): 8
        case .quote: 9
        case .otherReportData: 10
        case .unsuitableMachine: 11
        case .unusableKey: 12
        case .unknownReplacement: 13
        case .sameBlock: 14
        case .tooManyInBlock: 15
        case .replayed: 16
        case .otherSender: 17
        case .otherReplacement: 18
        }
    }

    package var text: String {
        switch self {
        case .unreadable: "the certificate cannot be read"
        case .noPolicy: "this chain's state approves no enclave program"
        case .otherChain: "the evidence is for another chain"
        case .expired(let blocks, let most):
            "the evidence is \(blocks) blocks old and good for \(most): make new evidence"
        case .notYetDecided: "the evidence names a block that is not decided yet"
        case .otherHeader: "the evidence names a header that is not this chain's"
        case .quote(.measurementNotApproved): "the measurement of the quoted enclave is not approved on this chain"
        case .quote(let refusal): "the quote is refused: \(refusal)"
        case .otherReportData: "the quote is over another registration key, header or chain than the certificate says"
        case .unsuitableMachine: "the quoted machine does not suit this chain's profile"
        case .unusableKey: "the registration key is no key that could be agreed with"
        case .unknownReplacement: "replace_machine_id names no registered node"
        case .sameBlock: "this registration key is registered in this block already"
        case .tooManyInBlock: "this block has no more room for registrations"
        case .replayed: "this evidence, or newer evidence of the same enclave, was taken before"
        case .otherSender: "the evidence was made to be sent by another account"
        case .otherReplacement: "the evidence was made to replace another node, or none, than replace_machine_id says"
        }
    }
}
