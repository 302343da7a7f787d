import PublicCryptography

/// What an accepted quote proves. Only the verifier in this file makes one.
package struct QuoteClaims: Sendable, Equatable {
    package let identity: Hash32
    package let root: TrustRoot
    package let body: QuoteBody
    /// What the maker certified of the machine.
    package let processor: ProcessorFacts
    /// What the maker says of its versions; `nil` if policy took the quote without collateral.
    package let security: SecurityClaims?

    fileprivate init(
        identity: Hash32, root: TrustRoot, body: QuoteBody, processor: ProcessorFacts, security: SecurityClaims?
    ) {
        (self.identity, self.root, self.body) = (identity, root, body)
        (self.processor, self.security) = (processor, security)
    }
}

/// What collateral says of an accepted quote.
package struct SecurityClaims: Sendable, Equatable {
    /// Of machine, quoting enclave and module together.
    package let status: SecurityStatus
    package let advisories: [String]
    /// The lower one of TCB info and QE identity.
    package let evaluationNumber: UInt32
    /// The date of the oldest of both texts and both lists, in seconds since 1970.
    package let issued: Int64
    /// The date of the oldest level found that is out of date; `nil` if none is.
    package let outOfDateSince: Int64?
}

/// Verifies quotes: a pure function of the evidence, the collateral, the roots, a time and a policy.
package enum QuoteVerifier {
    /// Goes through the twelve steps until one fails.
    ///
    /// `evidence` and `collateral` were chosen by whoever wants to be believed. `time` is in seconds since 1970: in
    /// consensus the block's.
    package static func verify(
        evidence: [UInt8], collateral: Collateral? = nil, roots: [TrustRoot], time: Int64, policy: QuotePolicy
    ) -> Verdict {
        verify(
            evidence: evidence, collateral: collateral, roots: roots, time: time, policy: policy, rules: PolicyRule.all)
    }

    /// Lets tests leave out a rule, to see that it is needed.
    static func verify(
        evidence: [UInt8], collateral: Collateral?, roots: [TrustRoot], time: Int64, policy: QuotePolicy,
        rules: [PolicyRule]
    ) -> Verdict {
        LibCrypto.prepare()
        var progress = Progress()
        do throws(Refusal) {
            let quote = try parse(evidence, policy)
            progress.pass(quote.identity)
            let claims = try claims(quote, collateral, roots, time, policy, &progress)
            for step in [VerificationStep.reportPolicy, .collateralPolicy] {
                for rule in rules where rule.step == step && !rule.holds(policy, claims, time) { throw rule.refusal }
                progress.report(
                    step == .collateralPolicy && claims.security == nil ? .notCheckedWithoutCollateral : .passed)
            }
            return progress.accepted(claims)
        } catch {
            return progress.failed(error)
        }
    }

    private static func parse(_ evidence: [UInt8], _ policy: QuotePolicy) throws(Refusal) -> UnverifiedQuote {
        do throws(QuoteStructureError) {
            return try UnverifiedQuote(evidence, trailingZerosMax: policy.trailingZerosMax)
        } catch {
            throw .malformed(error)
        }
    }

    private static func claims(
        _ quote: UnverifiedQuote, _ collateral: Collateral?, _ roots: [TrustRoot], _ time: Int64,
        _ policy: QuotePolicy, _ progress: inout Progress
    ) throws(Refusal) -> QuoteClaims {
        // 2: the embedded root is only a hint at which configured one to use.
        guard let chain = CertificateChain.read(quote.certificationData) else { throw .malformedCertificates }
        guard let root = roots.first(where: { $0.accepts(chain.embeddedRoot) }) else { throw .unknownRoot }
        guard SimulationMark.agree(quote, chain, with: root.kind) else { throw .marksContradictRoot }
        progress.pass()

        // 3
        let processor = try chain.facts(at: time)
        var lists: (root: RevocationList, platforms: RevocationList)?
        if let collateral {
            let read = (
                root: try RevocationList(collateral.rootList, of: chain.embeddedRoot, at: time),
                platforms: try RevocationList(collateral.platformList, of: chain.authority, at: time)
            )
            try chain.refuseRevoked(by: read)
            lists = read
        }
        progress.report(collateral == nil ? .passedWithoutRevocation : .passed)

        // 4
        var tables: (platform: PlatformTable, quotingEnclave: QuotingEnclaveTable)?
        if let collateral, let lists {
            let levels = try collateral.levels.fields(under: chain.embeddedRoot, lists.root, at: time)
            let enclaves = try collateral.quotingEnclave.fields(under: chain.embeddedRoot, lists.root, at: time)
            let kind = quote.header.kind
            let read = (try PlatformTable(levels, for: kind), try QuotingEnclaveTable(enclaves, for: kind))
            if let refusal = read.0.validity.refusal(at: time) ?? read.1.validity.refusal(at: time) { throw refusal }
            tables = read
        } else {
            guard policy.kindsWithoutCollateral.contains(root.kind) else { throw .collateralMissing }
        }
        progress.report(tables == nil ? .notCheckedWithoutCollateral : .passed)

        // 5 to 7: from the platform's certificate to the quoted report.
        guard
            isSigned(quote.quotingEnclaveReport, quote.quotingEnclaveSignature, by: chain.platform.publicKey)
        else { throw .wrongQuotingEnclaveSignature }
        progress.pass()
        let binding = SHA256.hash(quote.attestationKey + quote.authenticationData).bytes
        guard quote.quotingEnclave.reportData == binding + [UInt8](repeating: 0, count: 32) else {
            throw .attestationKeyNotBound
        }
        progress.pass()
        guard isSigned(quote.signedPart, quote.signature, by: quote.attestationKey) else { throw .wrongQuoteSignature }
        progress.pass()

        // 8 to 10
        var security: SecurityClaims?
        if let tables, let lists {
            var findings = [try tables.quotingEnclave.finding(on: quote.quotingEnclave)]
            progress.pass()
            findings += try tables.platform.findings(on: processor, domain: quote.body.domain)
            progress.pass()
            let claims = SecurityClaims(
                findings, tables.platform, tables.quotingEnclave, [lists.root, lists.platforms])
            guard !claims.status.contains(.revoked) else { throw .revokedSecurityLevel }
            progress.pass()
            security = claims
        } else {
            for _ in 8...10 { progress.report(.notCheckedWithoutCollateral) }
        }
        return QuoteClaims(
            identity: quote.identity, root: root, body: quote.body, processor: processor, security: security)
    }

    private static func isSigned(_ message: [UInt8], _ signature: [UInt8], by key: [UInt8]) -> Bool {
        P256.verify(signature: signature, digest: SHA256.hash(message), publicKey: key)
    }
}

extension SecurityClaims {
    fileprivate init(
        _ findings: [SecurityLevel], _ platform: PlatformTable, _ quotingEnclave: QuotingEnclaveTable,
        _ lists: [RevocationList]
    ) {
        status = findings.reduce(.upToDate) { $0.merged(with: $1.status) }
        advisories = Set(findings.flatMap(\.advisories)).sorted()
        evaluationNumber = min(platform.validity.evaluationNumber, quotingEnclave.validity.evaluationNumber)
        issued = ([platform.validity.issued, quotingEnclave.validity.issued] + lists.map(\.issued)).min() ?? 0
        outOfDateSince = findings.filter { $0.status.contains(.outOfDate) }.map(\.date).min()
    }
}

/// The reports so far: one for each step, in order.
private struct Progress {
    private var identity: Hash32?
    private var outcomes = [StepOutcome]()

    mutating func pass() { report(.passed) }

    mutating func pass(_ identity: Hash32) {
        self.identity = identity
        pass()
    }

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
