import PublicCryptography
import QuoteKit
import Testing
import Wire

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
        (
            .configured,
            {
                $0.configurationEnd = 1
                $1.allowsConfiguration = false
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
                $1.refusedAdvisories = ["INTEL-SA-00615"]
            }
        ),
        (
            .evaluationNumberTooLow,
            {
                $0.evaluationNumbers = (18, 17)
                $1.evaluationNumberMin = 18
            }
        ),
        (
            // The lists are of yesterday, the texts of an hour ago.
            .collateralTooOld, { $1.collateralAgeSecondsMax = EvidenceMint.day - 1 }
        ),
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
        (policy.statuses, policy.refusedAdvisories) = ([.upToDate], ["INTEL-SA-00615"])
        (policy.evaluationNumberMin, policy.collateralAgeSecondsMax) = (17, EvidenceMint.day)
        policy.allowsConfiguration = false
        #expect(verdict(mint, policy: policy).isAccepted)
        // Certificates of machines with one processor say neither: none can be added, and threads may share a core.
        var silent = EvidenceMint()
        silent.configuration = nil
        #expect(verdict(silent, policy: policy).rejection?.refusal == .sharedCores)
    }

    @Test("a machine that is out of date is taken for the grace, counted from the date of the level that it has")
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
        // What becomes known later opens the door to nobody again; and an old quoting enclave is old on any machine.
        var best = mint.levels[0]
        (best.version, best.status, best.date) = (14, "UpToDate", EvidenceMint.now)
        mint.levels = [best, mint.levels[0]]
        mint.levels[1].date = EvidenceMint.now - 1_001
        #expect(verdict(mint, policy: policy).rejection?.refusal == .statusNotAllowed)
        mint = EvidenceMint()
        mint.quotingEnclaveLevels = [(8, "OutOfDate", [])]
        mint.quotingEnclaveDate = EvidenceMint.now - 1_001
        #expect(verdict(mint, policy: policy).rejection?.refusal == .statusNotAllowed)
        mint.quotingEnclaveDate += 1
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

    @Test("a chain's policy is one byte string, and what it cannot say it does not take")
    func chainPolicy() throws {
        var policy = QuotePolicy(
            measurements: [SHA256.hash([1]), SHA256.hash([2])], signers: [SHA256.hash([3])], productID: 0,
            securityVersionMin: 7)
        (policy.kinds, policy.rootKinds, policy.kindsWithoutCollateral) = ([.sgx, .tdx], [.hardware], [])
        policy.statuses = [.upToDate, .hardeningNeeded, [.configurationNeeded, .hardeningNeeded]]
        (policy.outOfDateGraceSeconds, policy.refusedAdvisories) = (86_400, ["INTEL-SA-00615", "INTEL-DOC-10000"])
        (policy.evaluationNumberMin, policy.collateralAgeSecondsMax) = (17, 2_592_000)
        (policy.families, policy.refusedFamilies) = ([[0, 0x60, 0x6a, 0, 0, 0]], [[0, 1, 2, 3, 4, 5]])
        (policy.allowsDynamicPlatforms, policy.allowsSharedCores) = (false, true)
        let encoded = EvidencePolicy(policy).protobuf
        #expect(try EvidencePolicy(protobuf: encoded).policy == policy)
        #expect(
            Hexadecimal.encode(encoded)
                == "08031002200b2a204bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a"
                + "2a20dbc1b4c900ffe48d575b5da5c638040125f65db0fe3e24494b76ea986457d9863220084fed08"
                + "b978af4d7d196a7446a86b58009e636b611db16211b65a9aadff29c5380140074880a305520e494e"
                + "54454c2d53412d3030363135520f494e54454c2d444f432d3130303030581160809a9e016a060060"
                + "6a0000007206000102030405800101")

        var loose = policy
        (loose.allowsDebug, loose.allowsServiceDomain, loose.trailingZerosMax) = (true, true, 9)
        (loose.measurements, loose.reportData) = (nil, [1])
        let taken = try EvidencePolicy(protobuf: EvidencePolicy(loose).protobuf).policy
        #expect(!taken.allowsDebug && !taken.allowsServiceDomain && taken.trailingZerosMax == 0)
        #expect(taken.measurements == [] && taken.reportData == nil)
        // Nothing at all is the policy that takes nothing.
        let empty = try EvidencePolicy(protobuf: []).policy
        #expect(verdict(EvidenceMint(), policy: empty).rejection?.refusal == .kindNotAllowed)
        #expect(empty.statuses == [] && empty.rootKinds == [] && empty.measurements == [])
        for refused: [UInt8] in [
            [0x08, 4], [0x10, 4], [0x20, 0x80, 1], [0x2a, 1, 0], [0x38, 0x81, 0x80, 4], [0x38, 0], [0x50, 0],
            [0x6a, 1, 1],
            [0x88, 1, 1], encoded + [0x08, 3],
        ] {
            #expect(throws: (any Error).self, "\(refused)") { try EvidencePolicy(protobuf: refused) }
        }
    }

    @Test("simulated roots are refused where the policy says so, whatever else holds")
    func hardwareOnly() {
        var policy = EvidenceBundle.takesAll
        policy.rootKinds = [.hardware]
        #expect(verdict(EvidenceMint(), policy: policy).rejection! == (.collateralPolicy, .rootKindNotAllowed))
        var hardware = EvidenceMint()
        (hardware.isMarked, hardware.family) = (false, [0, 0x60, 0x6a, 0, 0, 0])
        #expect(verdict(hardware, policy: policy).isAccepted)
    }
}
