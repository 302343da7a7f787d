import PublicCryptography

/// Verifies quotes: a pure function of the evidence, the roots, a time and a policy.
package enum QuoteVerifier {
    /// Goes through the twelve steps until one fails.
    ///
    /// `evidence` was chosen by whoever wants to be believed. `time` is in seconds since 1970: in consensus the
    /// block's.
    package static func verify(
        evidence: [UInt8], roots: [TrustRoot], time: Int64, policy: QuotePolicy
    ) -> Verdict {
        LibCrypto.prepare()
        defer { LibCrypto.forgetErrors() }
        let quote: UnverifiedQuote
        do throws(QuoteStructureError) {
            quote = try UnverifiedQuote(evidence)
        } catch {
            return Progress().failed(.malformed(error))
        }
        var progress = Progress(identity: quote.identity)
        progress.pass()

        // 2: the embedded root is only a hint at which configured one to use.
        guard let chain = CertificateChain.read(quote.certificationData) else {
            return progress.failed(.malformedCertificates)
        }
        guard let root = roots.first(where: { $0.accepts(chain.embeddedRoot) }) else {
            return progress.failed(.unknownRoot)
        }
        guard SimulationMark.agree(quote, with: root.kind) else { return progress.failed(.marksContradictRoot) }
        progress.pass()

        // 3
        if let refusal = chain.refusal(at: time) { return progress.failed(refusal) }
        progress.report(.passedWithoutRevocation)

        // 4
        guard policy.kindsWithoutCollateral.contains(root.kind) else { return progress.failed(.collateralMissing) }
        progress.report(.notCheckedWithoutCollateral)

        // 5 to 7: from the platform's certificate to the quoted report.
        guard
            P256Signature.verify(
                quote.quotingEnclaveSignature, of: quote.quotingEnclaveReport, by: chain.platform.publicKey)
        else { return progress.failed(.wrongQuotingEnclaveSignature) }
        progress.pass()
        let binding = SHA256.hash(quote.attestationKey + quote.authenticationData).bytes
        guard quote.quotingEnclave.reportData == binding + [UInt8](repeating: 0, count: 32) else {
            return progress.failed(.attestationKeyNotBound)
        }
        progress.pass()
        guard P256Signature.verify(quote.signature, of: quote.signedPart, by: quote.attestationKey) else {
            return progress.failed(.wrongQuoteSignature)
        }
        progress.pass()

        // 8 to 10
        for _ in 8...10 { progress.report(.notCheckedWithoutCollateral) }

        // 11
        if let refusal = policy.refusal(of: quote.body) { return progress.failed(refusal) }
        progress.pass()

        // 12
        progress.report(.notCheckedWithoutCollateral)
        return progress.accepted(QuoteClaims(identity: quote.identity, root: root, body: quote.body))
    }
}

/// The reports so far: one for each step, in order.
private struct Progress {
    private let identity: Hash32?
    private var outcomes = [StepOutcome]()

    init(identity: Hash32? = nil) { self.identity = identity }

    mutating func pass() { report(.passed) }

    mutating func report(_ outcome: StepOutcome) { outcomes.append(outcome) }

    func failed(_ refusal: Refusal) -> Verdict {
        Verdict(steps: reports(outcomes + [.failed(refusal)]), identity: identity, claims: nil)
    }

    func accepted(_ claims: QuoteClaims) -> Verdict {
        precondition(outcomes.count == VerificationStep.allCases.count)
        return Verdict(steps: reports(outcomes), identity: identity, claims: claims)
    }

    private func reports(_ outcomes: [StepOutcome]) -> [StepReport] {
        VerificationStep.allCases.enumerated().map { index, step in
            StepReport(step: step, outcome: index < outcomes.count ? outcomes[index] : .notReached)
        }
    }
}
