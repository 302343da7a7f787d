import PublicCryptography
import QuoteKit
import Testing
import Wire

@testable import Attestation

@Suite("Quotes with collateral")
struct CollateralTests {
    @Test("genuine and simulated bundles get the verdict that an independent verifier gives")
    func bundles() throws {
        let bundles = try EvidenceBundle.all()
        #expect(bundles.count == 5)
        for bundle in bundles {
            let verdict = try verify(bundle)
            let name = Comment(rawValue: bundle.name)
            if let status = bundle.status {
                let security = try #require(verdict.claims?.security, name)
                #expect(security.status.name == status, name)
                #expect(security.advisories == bundle.advisories, name)
                #expect(verdict.steps.allSatisfy { $0.outcome == .passed }, name)
                #expect(verdict.claims?.processor.family == Hexadecimal.decode(bundle.family), name)
                #expect(verdict.claims?.root.name == bundle.root, name)
            } else {
                #expect(verdict.rejection! == (.platformSecurityLevel, .noSecurityLevel), name)
            }
        }
    }

    @Test("collateral is good from the first second in which all of it is to the last")
    func window() throws {
        for bundle in try EvidenceBundle.all() where bundle.status != nil {
            let name = Comment(rawValue: bundle.name)
            #expect(try verify(bundle, at: bundle.validFrom).isAccepted, name)
            #expect(try verify(bundle, at: bundle.validTo).isAccepted, name)
            let outside: [Refusal?] = [.collateralOutsideValidity, .revocationListOutsideValidity]
            #expect(outside.contains(try verify(bundle, at: bundle.validFrom - 1).rejection?.refusal), name)
            #expect(outside.contains(try verify(bundle, at: bundle.validTo + 1).rejection?.refusal), name)
        }
    }

    @Test("collateral of another quote, of another kind or under another root is refused")
    func mixed() throws {
        let enclave = try EvidenceBundle.named("phala/sgx_v3")
        let domain = try EvidenceBundle.named("phala/tdx_v4")
        let other = try EvidenceBundle.named("phala/near_tdx_v4")
        let simulated = try EvidenceBundle.named("sim/sim_v3")
        func refusal(_ bundle: EvidenceBundle, _ other: EvidenceBundle, at time: Int64? = nil) throws -> Refusal? {
            QuoteVerifier.verify(
                evidence: bundle.evidence, collateral: try other.readCollateral(), roots: EvidenceBundle.roots,
                time: time ?? bundle.verifyAt, policy: EvidenceBundle.takesAll
            ).rejection?.refusal
        }
        // Lists of another authority, of another root; tables of another kind.
        #expect(try refusal(enclave, domain) == .wrongRevocationListSignature)
        #expect(try refusal(enclave, simulated) == .wrongRevocationListSignature)
        var foreign = try other.readCollateral()
        foreign.platformList = try domain.readCollateral().platformList
        #expect(try refusal(domain, enclave) == .wrongRevocationListSignature)
        var kinds = try domain.readCollateral()
        kinds.levels = try enclave.readCollateral().levels
        func refusal(of collateral: Collateral) -> Refusal? {
            QuoteVerifier.verify(
                evidence: domain.evidence, collateral: collateral, roots: EvidenceBundle.roots, time: domain.verifyAt,
                policy: EvidenceBundle.takesAll
            ).rejection?.refusal
        }
        #expect(refusal(of: kinds) == .wrongCollateralKind)
        kinds = try domain.readCollateral()
        kinds.quotingEnclave = try enclave.readCollateral().quotingEnclave
        #expect(refusal(of: kinds) == .wrongCollateralKind)
    }

    @Test("no flip of a bit in collateral is accepted")
    func flips() throws {
        let bundle = try EvidenceBundle.named("sim/sim_v3")
        let original = bundle.encodedCollateral
        for position in original.indices {
            var changed = original
            changed[position] ^= 1 << UInt8(position % 8)
            guard let collateral = try? Collateral(protobuf: changed) else { continue }
            let verdict = QuoteVerifier.verify(
                evidence: bundle.evidence, collateral: collateral, roots: EvidenceBundle.roots, time: bundle.verifyAt,
                policy: EvidenceBundle.takesAll)
            #expect(!verdict.isAccepted, "byte \(position)")
        }
    }

    @Test("collateral is bounded where it comes in and has one encoding")
    func encoding() throws {
        let bundle = try EvidenceBundle.named("phala/sgx_v3")
        let collateral = try bundle.readCollateral()
        #expect(collateral.protobuf == bundle.encodedCollateral)
        #expect(throws: (any Error).self) { try Collateral(protobuf: bundle.encodedCollateral + [0x28, 1]) }
        for change: (inout Collateral) -> Void in [
            { $0.rootList = [UInt8](repeating: 0, count: EvidenceLimits.revocationListBytesMax + 1) },
            { $0.levels.text = [UInt8](repeating: 32, count: EvidenceLimits.collateralTextBytesMax + 1) },
            { $0.levels.signer = [UInt8](repeating: 0, count: EvidenceLimits.certificateBytesMax + 1) },
            { $0.quotingEnclave.signature.append(0) },
        ] {
            var changed = collateral
            change(&changed)
            #expect(throws: (any Error).self) { try Collateral(protobuf: changed.protobuf) }
        }
    }

    private func verify(_ bundle: EvidenceBundle, at time: Int64? = nil) throws -> Verdict {
        QuoteVerifier.verify(
            evidence: bundle.evidence, collateral: try bundle.readCollateral(), roots: EvidenceBundle.roots,
            time: time ?? bundle.verifyAt, policy: EvidenceBundle.takesAll)
    }
}

/// One thing is wrong at a time, and everything else is signed as it should be.
@Suite("Minted evidence")
struct MintedEvidenceTests {
    typealias Change = @Sendable (inout EvidenceMint) -> Void

    @Test("every version and kind is accepted as it is minted", arguments: [true, false])
    func accepted(isMarked: Bool) {
        for (version, kind, isExtended) in [
            (UInt16(3), TrustedExecution.sgx, false), (4, .sgx, false), (5, .sgx, false), (4, .tdx, false),
            (5, .tdx, false), (5, .tdx, true),
        ] {
            var mint = EvidenceMint()
            (mint.version, mint.kind, mint.isExtendedDomain) = (version, kind, isExtended)
            mint.isMarked = isMarked
            if !isMarked { mint.family = [0, 0x60, 0x6a, 0, 0, 0] }
            let verdict = verdict(mint)
            #expect(verdict.rejection == nil, "version \(version), \(kind)")
            #expect(verdict.claims?.body.kind == kind)
            #expect(verdict.claims?.security?.status == .upToDate)
            #expect(verdict.claims?.body.reportData == mint.reportData)
        }
    }

    static let wrong: [(name: String, step: VerificationStep, refusal: Refusal, change: Change)] = [
        ("version 3 knows no trust domains", .structure, .malformed(.unsupportedTEE), { $0.kind = .tdx }),
        ("no version 6", .structure, .malformed(.unsupportedVersion), { $0.version = 6 }),
        ("marks on hardware", .trustRoot, .marksContradictRoot, { $0.isMarked = false }),
        ("no mark in the family", .trustRoot, .marksContradictRoot, { $0.family = [0, 1, 2, 3, 4, 5] }),
        (
            "the platform's certificate is over", .certificateChain, .certificateOutsideValidity,
            { $0.platformCertified = EvidenceMint.now - 9...EvidenceMint.now - 1 }
        ),
        ("the platform is revoked", .certificateChain, .revokedCertificate, { $0.revokedByAuthority = [.platform] }),
        ("one of several", .certificateChain, .revokedCertificate, { $0.revokedByAuthority = [.signer, .platform] }),
        ("the authority is revoked", .certificateChain, .revokedCertificate, { $0.revokedByRoot = [.authority] }),
        ("the root revokes itself", .certificateChain, .revokedCertificate, { $0.revokedByRoot = [.root] }),
        (
            "the collateral's signer is revoked", .collateralSignatures, .revokedCertificate,
            { $0.revokedByRoot = [.signer] }
        ),
        ("lists by somebody else", .certificateChain, .wrongRevocationListSignature, { $0.listSigner = .signer }),
        (
            "an authority that may sign no list", .certificateChain, .wrongRevocationListSignature,
            { $0.authoritySignsLists = false }
        ),
        (
            "a list that is not one", .certificateChain, .malformedRevocationList,
            { $0.hasCriticalListExtension = true }
        ),
        (
            "lists that are over", .certificateChain, .revocationListOutsideValidity,
            { $0.listed = EvidenceMint.now - 9...EvidenceMint.now - 1 }
        ),
        (
            "lists of tomorrow", .certificateChain, .revocationListOutsideValidity,
            { $0.listed = EvidenceMint.now + 1...EvidenceMint.now + 9 }
        ),
        ("an authority signs collateral", .collateralSignatures, .malformedCollateral, { $0.signerIsAuthority = true }),
        ("another key signs collateral", .collateralSignatures, .wrongCollateralSignature, { $0.signsWithRoot = true }),
        (
            "collateral of tomorrow", .collateralSignatures, .collateralOutsideValidity,
            { $0.issued = EvidenceMint.now + 1 }
        ),
        (
            "collateral that is over", .collateralSignatures, .collateralOutsideValidity,
            { $0.nextUpdate = EvidenceMint.now - 1 }
        ),
        ("TCB info of another kind", .collateralSignatures, .wrongCollateralKind, { $0.collateralID = "TDX" }),
        ("QE identity of another kind", .collateralSignatures, .wrongCollateralKind, { $0.quotingEnclaveID = "QVE" }),
        ("TCB info of version 4", .collateralSignatures, .wrongCollateralKind, { $0.collateralVersion = 4 }),
        ("a status that nobody knows", .collateralSignatures, .malformedCollateral, { $0.levels[0].status = "Fine" }),
        (
            "an advisory that is none", .collateralSignatures, .malformedCollateral,
            { $0.levels[0].advisories = ["a text"] }
        ),
        (
            "fifteen components", .collateralSignatures, .malformedCollateral,
            { $0.levels[0].components.removeLast() }
        ),
        ("another quoting enclave", .quotingEnclaveIdentity, .wrongQuotingEnclave, { $0.quotingEnclaveProduct = 9 }),
        (
            "an unknown quoting enclave", .quotingEnclaveIdentity, .quotingEnclaveTooOld,
            { $0.quotingEnclaveVersion = 7 }
        ),
        (
            "TCB info of other machines", .platformSecurityLevel, .otherPlatform,
            { $0.collateralFamily = [1, 2, 3, 4, 5, 6] }
        ),
        ("no level", .platformSecurityLevel, .noSecurityLevel, { $0.levels = [] }),
        ("one component too low", .platformSecurityLevel, .noSecurityLevel, { $0.levels[0].components[15] = 1 }),
        ("PCE too low", .platformSecurityLevel, .noSecurityLevel, { $0.levels[0].version = 14 }),
        ("a revoked level", .securityStatus, .revokedSecurityLevel, { $0.levels[0].status = "Revoked" }),
        (
            "a revoked quoting enclave", .securityStatus, .revokedSecurityLevel,
            { $0.quotingEnclaveLevels = [(8, "Revoked", [])] }
        ),
        (
            "a component of the domain too low", .platformSecurityLevel, .noSecurityLevel,
            {
                ($0.version, $0.kind) = (4, .tdx)
                $0.levels[0].domainComponents[2] = 3
            }
        ),
        (
            "an old module's components count", .platformSecurityLevel, .noSecurityLevel,
            {
                ($0.version, $0.kind) = (4, .tdx)
                $0.domainVersions[1] = 0
            }
        ),
        (
            "a module of somebody else", .platformSecurityLevel, .wrongDomainModule,
            {
                ($0.version, $0.kind) = (4, .tdx)
                $0.moduleSigner[0] = 1
            }
        ),
        (
            "a module that nobody knows", .platformSecurityLevel, .wrongDomainModule,
            {
                ($0.version, $0.kind) = (4, .tdx)
                $0.domainVersions[1] = 3
            }
        ),
        (
            "a module without a table", .platformSecurityLevel, .wrongDomainModule,
            {
                ($0.version, $0.kind) = (4, .tdx)
                $0.moduleLevels = nil
            }
        ),
        (
            "a module that is too old", .platformSecurityLevel, .noSecurityLevel,
            {
                ($0.version, $0.kind) = (4, .tdx)
                $0.moduleLevels = [(6, "UpToDate")]
            }
        ),
        (
            "a module that was replaced by one that is too old", .platformSecurityLevel, .noSecurityLevel,
            {
                ($0.version, $0.kind, $0.isExtendedDomain) = (5, .tdx, true)
                $0.currentDomainVersions = [2, 1, 2] + [UInt8](repeating: 0, count: 13)
            }
        ),
        (
            "a revoked module", .securityStatus, .revokedSecurityLevel,
            {
                ($0.version, $0.kind) = (5, .tdx)
                $0.moduleLevels = [(1, "Revoked")]
            }
        ),
    ]

    @Test("what is wrong alone is refused by its own step", arguments: wrong.indices)
    func refused(index: Int) {
        let (name, step, refusal, change) = Self.wrong[index]
        var mint = EvidenceMint()
        change(&mint)
        let verdict = verdict(mint, root: mint.root(.simulated))
        #expect(verdict.rejection! == (step, refusal), "\(name)")
        #expect(verdict.claims == nil)
        #expect(verdict.steps.first { $0.outcome == .notReached }?.step.rawValue ?? 13 == step.rawValue + 1)
    }

    @Test("version 2 of TCB info lists its components one by one")
    func flatTable() {
        var mint = EvidenceMint()
        mint.collateralVersion = 2
        #expect(verdict(mint).claims?.security?.status == .upToDate)
        mint.levels[0].components[9] = 1
        #expect(verdict(mint).rejection?.refusal == .noSecurityLevel)
        mint = EvidenceMint()
        (mint.version, mint.kind, mint.collateralVersion) = (4, .tdx, 2)
        #expect(verdict(mint).rejection?.refusal == .wrongCollateralKind)
    }

    @Test("the best level that the machine reaches counts, in whatever order they are listed")
    func bestLevel() {
        var mint = EvidenceMint()
        let best = mint.levels[0]
        var unreached = best
        unreached.components[0] += 1
        unreached.date += 100
        var old = best
        (old.version, old.status, old.advisories) = (5, "OutOfDate", ["INTEL-SA-00615"])
        for levels in [[unreached, best, old], [old, best, unreached], [best, unreached, old]] {
            mint.levels = levels
            let security = verdict(mint).claims?.security
            #expect(security?.status == .upToDate && security?.advisories == [])
            #expect(security?.outOfDateSince == nil)
        }
        mint.levels = [old, unreached]
        #expect(verdict(mint).claims?.security?.status == .outOfDate)
        #expect(verdict(mint).claims?.security?.advisories == ["INTEL-SA-00615"])
        #expect(verdict(mint).claims?.security?.outOfDateSince == old.date)
    }

    @Test("an id that is no security advisory's stands beside a status as any other does")
    func documents() {
        var mint = EvidenceMint()
        mint.levels[0].advisories = ["INTEL-DOC-10003"]
        #expect(verdict(mint).claims?.security?.advisories == ["INTEL-DOC-10003"])
        #expect(verdict(mint).claims?.security?.status == .upToDate)
        var policy = EvidenceBundle.takesAll
        policy.refusedAdvisories = ["INTEL-DOC-10003"]
        #expect(verdict(mint, policy: policy).rejection?.refusal == .advisoryRefused)
    }

    @Test("statuses of machine, quoting enclave and module add up, and so do their advisories")
    func merged() {
        var mint = EvidenceMint()
        (mint.version, mint.kind) = (4, .tdx)
        for (platform, quotingEnclave, module, expected) in [
            ("UpToDate", "UpToDate", "UpToDate", "UpToDate"),
            ("UpToDate", "OutOfDate", "UpToDate", "OutOfDate"),
            ("UpToDate", "UpToDate", "OutOfDate", "OutOfDate"),
            ("SWHardeningNeeded", "UpToDate", "UpToDate", "SWHardeningNeeded"),
            ("SWHardeningNeeded", "OutOfDate", "UpToDate", "OutOfDate"),
            ("ConfigurationNeeded", "OutOfDate", "UpToDate", "OutOfDateConfigurationNeeded"),
            ("ConfigurationAndSWHardeningNeeded", "UpToDate", "UpToDate", "ConfigurationAndSWHardeningNeeded"),
            ("ConfigurationAndSWHardeningNeeded", "UpToDate", "OutOfDate", "OutOfDateConfigurationNeeded"),
            ("OutOfDate", "OutOfDate", "OutOfDate", "OutOfDate"),
            ("OutOfDateConfigurationNeeded", "OutOfDate", "UpToDate", "OutOfDateConfigurationNeeded"),
        ] {
            mint.levels[0].status = platform
            mint.levels[0].advisories = ["INTEL-SA-00700", "INTEL-SA-00289"]
            mint.quotingEnclaveLevels = [(8, quotingEnclave, ["INTEL-SA-00289"])]
            mint.moduleLevels = [(3, module)]
            let security = verdict(mint).claims?.security
            #expect(security?.status.name == expected, "\(platform), \(quotingEnclave), \(module)")
            #expect(security?.advisories == ["INTEL-SA-00289", "INTEL-SA-00700"])
        }
    }

    @Test("no flip of a bit is accepted in a quote of a trust domain")
    func domainFlips() {
        var mint = EvidenceMint()
        (mint.version, mint.kind, mint.isExtendedDomain) = (5, .tdx, true)
        let (original, collateral, root) = (mint.quote(), mint.collateral(), mint.root)
        for position in original.indices {
            var changed = original
            changed[position] ^= 1 << UInt8(position % 8)
            let verdict = QuoteVerifier.verify(
                evidence: changed, collateral: collateral, roots: [root], time: EvidenceMint.now,
                policy: EvidenceBundle.takesAll)
            #expect(!verdict.isAccepted, "byte \(position)")
        }
    }

    @Test("a trust domain is measured as a whole")
    func domainMeasurement() throws {
        var mint = EvidenceMint()
        (mint.version, mint.kind) = (4, .tdx)
        let claims = try #require(verdict(mint).claims)
        var bytes = Array("cloister/trust-domain/1".utf8)
        for number in 1...UInt8(8) { bytes += [UInt8](repeating: number, count: 48) }
        #expect(claims.body.measurement == SHA256.hash(bytes))
        // The last byte of RTMR3.
        let other = mint.quote(changes: [(48 + 519, [0])])
        let verdict = QuoteVerifier.verify(
            evidence: other, collateral: mint.collateral(), roots: [mint.root], time: EvidenceMint.now,
            policy: EvidenceBundle.takesAll)
        #expect(verdict.isAccepted && verdict.claims?.body.measurement != claims.body.measurement)
    }
}

func verdict(_ mint: EvidenceMint, root: TrustRoot? = nil, policy: QuotePolicy = EvidenceBundle.takesAll) -> Verdict {
    QuoteVerifier.verify(
        evidence: mint.quote(), collateral: mint.collateral(), roots: [root ?? mint.root], time: EvidenceMint.now,
        policy: policy)
}
