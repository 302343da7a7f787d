import PublicCryptography
import QuoteKit
import Testing

@testable import Attestation

@Suite("Policy of evidence")
struct PolicyRuleTests {
    typealias Change = @Sendable (inout EvidenceMint, inout QuotePolicy) -> Void

    /// For each rule evidence that is genuine, and that this rule alone refuses.
    static let cases: [(refusal: Refusal, change: Change)] = [
        (.kindNotAllowed, { $1.kinds = [.tdx] }),
        (.notInitialized, { mint, _ in mint.attributes = 4 }),
        (.debugEnclave, { mint, _ in mint.attributes = 7 }),
        (
            .unsafeDomain,
            { mint, _ in
                (mint.version, mint.kind) = (4, .tdx)
                mint.domainAttributes = 0
            }
        ),
        (
            .serviceDomain,
            { mint, _ in
                (mint.version, mint.kind, mint.isExtendedDomain) = (5, .tdx, true)
                mint.serviceDomain[47] = 1
            }
        ),
        (.measurementNotApproved, { $1.measurements = [.zero] }),
        (.signerNotApproved, { $1.signers = [.zero] }),
        (.wrongProduct, { $1.productID = 2 }),
        (.securityVersionTooLow, { $1.securityVersionMin = 2 }),
        (.wrongReportData, { $1.reportData = [UInt8](repeating: 0, count: 64) }),
        (.rootKindNotAllowed, { $1.rootKinds = [.hardware] }),
        (.platformNotListed, { $1.families = [[0, 0x60, 0x6a, 0, 0, 0]] }),
        (.platformRefused, { $1.refusedFamilies = [$0.family] }),
        (
            .dynamicPlatform,
            {
                $0.configuration = [true, true, false]
                $1.allowsDynamicPlatforms = false
            }
        ),
        (
            .sharedCores,
            {
                $0.configuration = [false, true, true]
                $1.allowsSharedCores = false
            }
        ),
        (
            .statusNotAllowed,
            {
                $0.levels[0].status = "ConfigurationNeeded"
                $1.statuses = [.upToDate, .hardeningNeeded]
            }
        ),
        (
            .advisoryRefused,
            {
                $0.quotingEnclaveLevels = [(8, "UpToDate", ["INTEL-SA-00001", "INTEL-SA-00615"])]
                $1.refusedAdvisories = [615]
            }
        ),
        (
            .evaluationNumberTooLow,
            {
                $0.evaluationNumbers = (18, 17)
                $1.evaluationNumberMin = 18
            }
        ),
        (.collateralTooOld, { $1.collateralAgeSecondsMax = 3_599 }),
    ]

    @Test("each rule refuses what no other does: left out, the evidence is accepted", arguments: cases.indices)
    func everyLineIsNeeded(index: Int) throws {
        let (refusal, change) = Self.cases[index]
        var mint = EvidenceMint()
        var policy = EvidenceBundle.takesAll
        change(&mint, &policy)
        let rule = try #require(PolicyRule.all.first { $0.refusal == refusal }, "the rule is gone")
        let verdict = verdict(mint, policy: policy)
        #expect(verdict.rejection! == (rule.step, refusal))
        let without = QuoteVerifier.verify(
            evidence: mint.quote(), collateral: mint.collateral(), roots: [mint.root], time: EvidenceMint.now,
            policy: policy, rules: PolicyRule.all.filter { $0.refusal != refusal })
        #expect(without.isAccepted)
    }

    @Test("every rule has a case, a refusal of its own and a text")
    func complete() {
        let refusals = PolicyRule.all.map(\.refusal)
        #expect(refusals == Self.cases.map(\.refusal))
        #expect(Set(PolicyRule.all.map(\.text)).count == refusals.count)
    }

    @Test("what is set to what the evidence has is accepted")
    func atTheEdge() {
        let mint = EvidenceMint()
        var policy = EvidenceBundle.takesAll
        policy.measurements = [.zero, mint.measurement]
        policy.signers = [SHA256.hash(Array("sim-signer".utf8))]
        (policy.productID, policy.securityVersionMin, policy.reportData) = (1, 1, mint.reportData)
        (policy.rootKinds, policy.families) = ([.simulated], [mint.family])
        (policy.allowsDynamicPlatforms, policy.allowsSharedCores) = (false, false)
        (policy.statuses, policy.refusedAdvisories) = ([.upToDate], [615])
        (policy.evaluationNumberMin, policy.collateralAgeSecondsMax) = (17, 3_600)
        #expect(verdict(mint, policy: policy).isAccepted)
        // A certificate that does not say is not one that says no.
        var silent = EvidenceMint()
        silent.configuration = nil
        #expect(verdict(silent, policy: policy).rejection?.refusal == .dynamicPlatform)
    }

    @Test("a machine that is out of date is taken for the grace, counted from the best level's date")
    func grace() {
        var mint = EvidenceMint()
        mint.levels[0].status = "OutOfDate"
        mint.levels[0].date = EvidenceMint.now - 1_000
        var policy = EvidenceBundle.takesAll
        policy.statuses = [.upToDate]
        policy.outOfDateGraceSeconds = 1_000
        #expect(verdict(mint, policy: policy).isAccepted)
        policy.outOfDateGraceSeconds = 999
        #expect(verdict(mint, policy: policy).rejection?.refusal == .statusNotAllowed)
        policy.outOfDateGraceSeconds = 1_000
        mint.levels[0].status = "OutOfDateConfigurationNeeded"
        #expect(verdict(mint, policy: policy).rejection?.refusal == .statusNotAllowed)
        policy.statuses.append(.configurationNeeded)
        #expect(verdict(mint, policy: policy).isAccepted)
    }

    @Test("without collateral nothing is asked of it, and hardware is not taken")
    func withoutCollateral() {
        let mint = EvidenceMint()
        var policy = QuotePolicy()
        policy.evaluationNumberMin = 99
        func refusal(_ mint: EvidenceMint) -> Refusal? {
            QuoteVerifier.verify(
                evidence: mint.quote(), roots: [mint.root], time: EvidenceMint.now, policy: policy
            ).rejection?.refusal
        }
        #expect(refusal(mint) == nil)
        policy.kindsWithoutCollateral = []
        #expect(refusal(mint) == .collateralMissing)
    }

    @Test("zeros behind a quote are taken as far as the policy says, and nothing else is")
    func trailing() {
        var mint = EvidenceMint()
        (mint.version, mint.kind) = (4, .tdx)
        var policy = EvidenceBundle.takesAll
        policy.trailingZerosMax = 70
        for (bytes, isAccepted) in [
            ([UInt8](repeating: 0, count: 70), true), ([UInt8](repeating: 0, count: 71), false), ([0, 1], false),
        ] {
            let verdict = QuoteVerifier.verify(
                evidence: mint.quote() + bytes, collateral: mint.collateral(), roots: [mint.root],
                time: EvidenceMint.now, policy: policy)
            #expect(verdict.isAccepted == isAccepted)
        }
    }
}
