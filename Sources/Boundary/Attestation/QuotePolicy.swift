import PublicCryptography

/// What evidence has to be besides genuine. `nil` in a field accepts anything there.
package struct QuotePolicy: Sendable, Equatable {
    /// Enclaves only, unless said otherwise.
    package var kinds: [TrustedExecution] = [.sgx]
    package var rootKinds: [TrustRoot.Kind] = [.simulated, .hardware]
    /// Approved MRENCLAVE values; of a trust domain, see `DomainReport.measurement`.
    package var measurements: [Hash32]?
    /// Approved MRSIGNER values.
    package var signers: [Hash32]?
    package var productID: UInt16?
    package var securityVersionMin: UInt16 = 0
    /// All 64 bytes.
    package var reportData: [UInt8]?
    /// A debug enclave keeps no secret from its host; for tests and development tools only.
    package var allowsDebug = false
    /// A trust domain that another may read keeps no secret from that one.
    package var allowsServiceDomain = false
    /// CONFIGID and CONFIGSVN: what a host starts an enclave with, if the enclave was built to be told apart by it.
    package var allowsConfiguration = false
    /// Zeros that may follow the quote's structure.
    package var trailingZerosMax = 0

    /// Kinds of root whose quotes are taken without collateral. Not hardware by default: see `Attestation`.
    package var kindsWithoutCollateral: [TrustRoot.Kind] = [.simulated]
    package var statuses: [SecurityStatus] = [.upToDate, .hardeningNeeded]
    /// For how long after the date of the level that it has a machine (or its quoting enclave, or module) may be out of
    /// date, as far as `statuses` would take what else is said of it.
    package var outOfDateGraceSeconds: Int64 = 0
    package var refusedAdvisories: [String] = []
    /// Against collateral that has not run out and says less than what is known.
    package var evaluationNumberMin: UInt32 = 0
    package var collateralAgeSecondsMax: Int64?
    /// FMSPC values.
    package var families: [[UInt8]]?
    package var refusedFamilies: [[UInt8]] = []
    /// Machines to which processors can be added after they were certified.
    package var allowsDynamicPlatforms = true
    /// Machines whose cores run two threads at once, or of which that is not certified.
    package var allowsSharedCores = true

    package init(
        measurements: [Hash32]? = nil, signers: [Hash32]? = nil, productID: UInt16? = nil,
        securityVersionMin: UInt16 = 0, reportData: [UInt8]? = nil
    ) {
        self.measurements = measurements
        self.signers = signers
        self.productID = productID
        self.securityVersionMin = securityVersionMin
        self.reportData = reportData
    }
}

/// One thing that a policy asks for. The verdict of evidence that does not have it names the refusal.
package struct PolicyRule: Sendable {
    package let step: VerificationStep
    /// What holds of accepted evidence, for people.
    package let text: String
    package let refusal: Refusal
    let holds: @Sendable (QuotePolicy, QuoteClaims, Int64) -> Bool

    /// All of them, in the order in which they are looked at.
    package static let all: [PolicyRule] = [
        report("an enclave or a trust domain, as the policy has it", .kindNotAllowed) { policy, claims in
            policy.kinds.contains(claims.body.kind)
        },
        report("initialised", .notInitialized) { _, claims in claims.body.isInitialized },
        report("no debugger can look inside", .debugEnclave) { policy, claims in
            policy.allowsDebug || !claims.body.isDebug
        },
        report("no unsafe attribute of a trust domain", .unsafeDomain) { _, claims in
            claims.body.domain?.hasSafeAttributes ?? true
        },
        report("no other trust domain can look inside", .serviceDomain) { policy, claims in
            policy.allowsServiceDomain || claims.body.domain?.serviceDomain.allSatisfy { $0 == 0 } ?? true
        },
        report("no configuration of the host's", .configured) { policy, claims in
            policy.allowsConfiguration || claims.body.keySeparation.isWithoutConfiguration
        },
        report("an approved measurement", .measurementNotApproved) { policy, claims in
            policy.measurements?.contains(claims.body.measurement) ?? true
        },
        report("an approved signer", .signerNotApproved) { policy, claims in
            policy.signers?.contains(claims.body.signer) ?? true
        },
        report("the product", .wrongProduct) { policy, claims in
            policy.productID == nil || policy.productID == claims.body.productID
        },
        report("no older version than asked for", .securityVersionTooLow) { policy, claims in
            claims.body.securityVersion >= policy.securityVersionMin
        },
        report("the report data", .wrongReportData) { policy, claims in
            policy.reportData == nil || policy.reportData == claims.body.reportData
        },
        platform("a kind of root that is taken", .rootKindNotAllowed) { policy, claims in
            policy.rootKinds.contains(claims.root.kind)
        },
        platform("a family of machines that is taken", .platformNotListed) { policy, claims in
            policy.families?.contains(claims.processor.family) ?? true
        },
        platform("no family of machines that is refused", .platformRefused) { policy, claims in
            !policy.refusedFamilies.contains(claims.processor.family)
        },
        platform("no processor can be added", .dynamicPlatform) { policy, claims in
            policy.allowsDynamicPlatforms || claims.processor.isDynamic != true
        },
        platform("no two threads share a core", .sharedCores) { policy, claims in
            policy.allowsSharedCores || claims.processor.sharesCores == false
        },
        collateral("a status that is taken, or out of date for less than the grace", .statusNotAllowed) {
            policy, found, time in
            let isInGrace = found.outOfDateSince.map { time - $0 <= policy.outOfDateGraceSeconds } ?? false
            return policy.statuses.contains(isInGrace ? found.status.subtracting(.outOfDate) : found.status)
        },
        collateral("no advisory that is refused", .advisoryRefused) { policy, found, _ in
            !policy.refusedAdvisories.contains { found.advisories.contains($0) }
        },
        collateral("collateral that knows enough", .evaluationNumberTooLow) { policy, found, _ in
            found.evaluationNumber >= policy.evaluationNumberMin
        },
        collateral("collateral that is young enough", .collateralTooOld) { policy, found, time in
            policy.collateralAgeSecondsMax.map { time - found.issued <= $0 } ?? true
        },
    ]

    private static func report(
        _ text: String, _ refusal: Refusal, _ holds: @escaping @Sendable (QuotePolicy, QuoteClaims) -> Bool
    ) -> PolicyRule {
        PolicyRule(step: .reportPolicy, text: text, refusal: refusal) { policy, claims, _ in holds(policy, claims) }
    }

    private static func platform(
        _ text: String, _ refusal: Refusal, _ holds: @escaping @Sendable (QuotePolicy, QuoteClaims) -> Bool
    ) -> PolicyRule {
        PolicyRule(step: .collateralPolicy, text: text, refusal: refusal) { policy, claims, _ in holds(policy, claims) }
    }

    /// Where evidence was taken without collateral, nothing is asked of it.
    private static func collateral(
        _ text: String, _ refusal: Refusal,
        _ holds: @escaping @Sendable (QuotePolicy, SecurityClaims, Int64) -> Bool
    ) -> PolicyRule {
        PolicyRule(step: .collateralPolicy, text: text, refusal: refusal) { policy, claims, time in
            claims.security.map { holds(policy, $0, time) } ?? true
        }
    }
}
