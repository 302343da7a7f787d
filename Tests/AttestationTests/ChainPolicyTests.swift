import DecidedBlocks
import PublicCryptography
import QuoteKit
import Testing
import Wire

@testable import Attestation

/// What a chain's own record asks of an enclave that wants its seeds, and the collateral that its state has.
@Suite("A chain's policy of evidence") struct ChainPolicyTests {
    private static let program = SHA256.hash(Array("an enclave".utf8))
    private static let facts: PlatformFacts = [.simulated, .hidesKeys]

    private func refusal(
        _ certificate: RegistrationCertificate, for identity: ChainIdentity, under policy: RegistrationPolicy,
        at time: Int64 = EvidenceMint.now, recorded: RecordedCollateral? = nil
    ) -> Refusal? {
        // As every enclave reads it.
        let policy = try! RegistrationPolicy(protobuf: policy.protobuf)
        do throws(RegistrationRefusal) {
            _ = try certificate.appraise(for: identity, under: policy, at: time, recorded: recorded)
            return nil
        } catch {
            guard case .quote(let refusal) = error else {
                Issue.record("\(error)")
                return nil
            }
            return refusal
        }
    }

    private func registration(
        _ mint: EvidenceMint, _ identity: ChainIdentity, facts: PlatformFacts = facts, withCollateral: Bool = true
    ) -> RegistrationCertificate {
        var certificate = AppraisalTests.quoted(AppraisalTests.certificate(for: identity), by: mint, facts: facts)
        if withCollateral { certificate.collateral = mint.collateral() }
        return certificate
    }

    private func policy(_ asked: QuotePolicy, programs: [Hash32] = [program]) -> RegistrationPolicy {
        RegistrationPolicy(measurements: programs, evidence: EvidencePolicy(asked))
    }

    @Test("each line of a chain's policy decides who is given the seeds", arguments: PolicyRuleTests.cases.indices)
    func everyLine(index: Int) {
        let (expected, change) = PolicyRuleTests.cases[index]
        // All of it is the certificate's own.
        guard expected != .wrongReportData else { return }
        var (mint, asked) = (EvidenceMint(), EvidenceBundle.takesAll)
        change(&mint, &asked)
        let identity = AppraisalTests.identity(mint)
        let certificate = registration(mint, identity)
        let programs = expected == .measurementNotApproved ? [Hash32.zero] : [Self.program]
        #expect(refusal(certificate, for: identity, under: policy(asked, programs: programs)) == expected)
        // Without that line it is taken, but for what no chain ever takes.
        let never: [Refusal] = [.notInitialized, .debugEnclave, .unsafeDomain, .serviceDomain, .configured]
        let without = refusal(
            certificate, for: identity, under: policy(EvidenceBundle.takesAll, programs: [measured(certificate)]))
        #expect(without == (never.contains(expected) ? expected : nil))
    }

    /// Of a trust domain it is another hash than of an enclave.
    private func measured(_ certificate: RegistrationCertificate) -> Hash32 {
        (try? UnverifiedQuote(certificate.quote))?.body.measurement ?? .zero
    }

    @Test("a policy is a part of the chain's record in one encoding, and none is another than an empty one")
    func record() throws {
        let plain = RegistrationPolicy(measurements: [Self.program], securityVersionMin: 1)
        var asked = QuotePolicy()
        (asked.rootKinds, asked.evaluationNumberMin, asked.securityVersionMin) = ([.hardware], 17, 3)
        let stated = RegistrationPolicy(
            measurements: [Self.program], securityVersionMin: 1, evidence: EvidencePolicy(asked))
        #expect(stated.protobuf.starts(with: plain.protobuf))
        for policy in [plain, stated] { #expect(try RegistrationPolicy(protobuf: policy.protobuf) == policy) }
        // The greater version counts, and the programs are the record's own.
        let asks = stated.quotePolicy(at: 0)
        #expect(asks.securityVersionMin == 3 && asks.measurements == [Self.program])
        #expect(plain.quotePolicy(at: 0) == QuotePolicy(measurements: [Self.program], securityVersionMin: 1))
        let empty = try RegistrationPolicy(protobuf: plain.protobuf + [0x32, 0])
        #expect(empty.evidence != nil && empty != plain)
        let identity = AppraisalTests.identity(EvidenceMint())
        let mint = EvidenceMint()
        let own = AppraisalTests.identity(mint)
        #expect(refusal(registration(mint, own), for: own, under: empty) == .kindNotAllowed)
        #expect(plain.asksForCollateral(on: identity) == false && empty.asksForCollateral(on: identity))
        for bytes in [[0x32, 2, 0x08, 4], [0x32, 0, 0x32, 0], [0x32, 1]] as [[UInt8]] {
            #expect(throws: (any Error).self) { try RegistrationPolicy(protobuf: plain.protobuf + bytes) }
        }
    }

    // MARK: - Collateral

    private var asking: RegistrationPolicy {
        var asked = QuotePolicy()
        asked.kindsWithoutCollateral = []
        return policy(asked)
    }

    @Test("evidence of hardware is taken with its collateral, and not without")
    func hardware() throws {
        var mint = EvidenceMint()
        (mint.isMarked, mint.family) = (false, [0, 0x60, 0x6a, 0, 0, 0])
        let identity = AppraisalTests.identity(mint, kind: .hardware)
        // Also where the record says nothing of it.
        for policy in [RegistrationPolicy(measurements: [Self.program]), asking] {
            let with = registration(mint, identity, facts: [.hidesKeys])
            #expect(policy.asksForCollateral(on: identity))
            #expect(refusal(with, for: identity, under: policy) == nil)
            #expect(refusal(with.withoutCollateral, for: identity, under: policy) == .collateralMissing)
            // As who joins later finds it.
            let verified = try with.appraise(for: identity, under: policy, at: EvidenceMint.now)
            let recorded = try #require(with.toRecord(verified, beside: nil))
            #expect(recorded.issued == EvidenceMint.now - EvidenceMint.day)
            let kept = try RecordedCollateral(protobuf: recorded.protobuf)
            #expect(kept == recorded)
            #expect(refusal(with.withoutCollateral, for: identity, under: policy, recorded: kept) == nil)
            #expect(
                refusal(
                    with.withoutCollateral, for: identity, under: policy, at: EvidenceMint.now + 31 * EvidenceMint.day,
                    recorded: kept) == .revocationListOutsideValidity)
            #expect(with.toRecord(verified, beside: kept) == nil)
        }
    }

    @Test("collateral that is another's, changed or of another time is refused, at the block's time")
    func badCollateral() {
        let mint = EvidenceMint()
        let identity = AppraisalTests.identity(mint)
        let good = registration(mint, identity)
        #expect(refusal(good, for: identity, under: asking) == nil)
        var other = good
        other.collateral = EvidenceMint().collateral()
        #expect(refusal(other, for: identity, under: asking) != nil)
        for days in [-1, 40] as [Int64] {
            #expect(refusal(good, for: identity, under: asking, at: EvidenceMint.now + days * EvidenceMint.day) != nil)
        }
        let changes: [(inout Collateral) -> Void] = [
            { $0.rootList[$0.rootList.count - 1] ^= 1 }, { $0.platformList[40] ^= 1 }, { $0.levels.text[30] ^= 1 },
            { $0.levels.signature[0] ^= 1 }, { $0.levels.signer[90] ^= 1 }, { $0.quotingEnclave.text[30] ^= 1 },
            { $0.levels = $0.quotingEnclave }, { $0.quotingEnclave = $0.levels }, { $0.rootList = $0.platformList },
            { $0.platformList = [] },
        ]
        for (number, change) in changes.enumerated() {
            var other = good
            change(&other.collateral!)
            #expect(refusal(other, for: identity, under: asking) != nil, "\(number)")
        }
    }

    @Test("old collateral that has not run out does not hide what the chain knows already")
    func older() throws {
        var mint = EvidenceMint()
        let identity = AppraisalTests.identity(mint)
        let old = registration(mint, identity)
        // An hour ago the maker said that such machines are out of date.
        (mint.issued, mint.listed) = (
            EvidenceMint.now - 60, EvidenceMint.now - 60...EvidenceMint.now + EvidenceMint.day
        )
        mint.levels[0].status = "OutOfDate"
        let known = RecordedCollateral(issued: EvidenceMint.now - 60, collateral: mint.collateral())
        #expect(refusal(old, for: identity, under: asking) == nil)
        #expect(refusal(old, for: identity, under: asking, recorded: known) == .statusNotAllowed)
        #expect(refusal(old.withoutCollateral, for: identity, under: asking, recorded: known) == .statusNotAllowed)
        // What is newer than the record counts, and takes its place.
        mint.levels[0].status = "UpToDate"
        (mint.issued, mint.listed) = (
            EvidenceMint.now - 30, EvidenceMint.now - 30...EvidenceMint.now + EvidenceMint.day
        )
        let newer = registration(mint, identity)
        let verified = try newer.appraise(for: identity, under: asking, at: EvidenceMint.now, recorded: known)
        #expect(newer.toRecord(verified, beside: known)?.issued == EvidenceMint.now - 30)
        // What is as old as the record does not.
        let same = RecordedCollateral(issued: EvidenceMint.now - 30, collateral: mint.collateral())
        #expect(newer.toRecord(verified, beside: same) == nil)
    }

    @Test("a certificate carries collateral in one encoding, and names for which machines it is")
    func certificate() throws {
        let mint = EvidenceMint()
        let identity = AppraisalTests.identity(mint)
        let with = registration(mint, identity)
        #expect(try RegistrationCertificate(protobuf: with.protobuf) == with)
        #expect(with.protobuf.count <= RegistrationCertificate.byteCountMax)
        #expect(with.withoutCollateral.protobuf.count < 6_000)
        #expect(throws: (any Error).self) { try RegistrationCertificate(protobuf: with.protobuf + [0x42, 0]) }
        let machines = try #require(with.machines)
        #expect(machines.count == 1 + 32 + 6 && machines[0] == 0 && Array(machines.suffix(6)) == mint.family)
        // Another maker's machines of the same family are others.
        #expect(registration(EvidenceMint(), identity).machines != machines)
        var none = with
        none.quote = [1]
        #expect(none.machines == nil)
        for bytes in [[], [0x08, 1], [0x12, 0], [0x08, 1, 0x12, 0, 0x12, 0], [0x12, 0, 0x08, 1]] as [[UInt8]] {
            #expect(throws: (any Error).self, "\(bytes)") { try RecordedCollateral(protobuf: bytes) }
        }
    }
}
