import Attestation
import DecidedBlocks
import PublicCryptography
import QuoteKit
import TestSupport
import Testing
import Wire

/// What a chain asks of an enclave that wants its seeds, and founders of each other: rule by rule, on minted evidence.
@Suite("Appraisal of registrations and founders")
struct AppraisalTests {
    static let program = SHA256.hash(Array("an enclave".utf8))
    static let facts: PlatformFacts = [.simulated, .hidesKeys]

    static func hash(_ byte: UInt8) -> Hash32 { Hash32([UInt8](repeating: byte, count: 32))! }

    static func identity(_ mint: EvidenceMint, kind: AttestationRoot.Kind = .simulated) -> ChainIdentity {
        ChainIdentity(
            chainID: "appraisal-1", genesisSeconds: EvidenceMint.now, genesisNanoseconds: 7, initialHeight: 1,
            initialValidatorsHash: [],
            attestationRoots: [AttestationRoot(name: "m", spkiSHA256: mint.root.publicKeyInfoHash.bytes, kind: kind)],
            profile: .development)
    }

    static func certificate(for identity: ChainIdentity) -> RegistrationCertificate {
        RegistrationCertificate(
            quote: [], registrationKey: hash(2), identityHash: SHA256.hash(identity.encoded), height: 4,
            headerHash: hash(5), sender: [UInt8](repeating: 6, count: 20), replaces: hash(7))
    }

    /// Mints the certificate's quote as it is now.
    static func quoted(
        _ certificate: RegistrationCertificate, by mint: EvidenceMint, facts: PlatformFacts = facts
    ) -> RegistrationCertificate {
        var (mint, certificate) = (mint, certificate)
        mint.reportData = ReportData.registration(certificate, facts: facts)
        certificate.quote = mint.quote()
        return certificate
    }

    private func refusal(
        _ certificate: RegistrationCertificate, for identity: ChainIdentity,
        under policy: RegistrationPolicy = RegistrationPolicy(measurements: [program]),
        at time: Int64 = EvidenceMint.now
    ) -> RegistrationRefusal? {
        do throws(RegistrationRefusal) {
            let verified = try certificate.appraise(for: identity, under: policy, at: time)
            #expect(verified.registrationKey == certificate.registrationKey)
            #expect(verified.quote.body.measurement == Self.program && verified.facts.contains(.hidesKeys))
            return nil
        } catch { return error }
    }

    @Test("a certificate is taken as it was quoted, and with anything in it changed it is not")
    func registration() {
        let mint = EvidenceMint()
        let identity = Self.identity(mint)
        let good = Self.quoted(Self.certificate(for: identity), by: mint)
        #expect(refusal(good, for: identity) == nil)
        let changes: [(inout RegistrationCertificate) -> Void] = [
            { $0.registrationKey = Self.hash(3) }, { $0.height = 5 }, { $0.headerHash = Self.hash(6) },
            { $0.sender[19] = 7 }, { $0.replaces = Self.hash(8) }, { $0.replaces = nil },
        ]
        for change in changes {
            var other = good
            change(&other)
            #expect(refusal(other, for: identity) == .otherReportData)
        }
        var other = good
        other.identityHash = Self.hash(9)
        #expect(refusal(other, for: identity) == .otherChain)
        var elsewhere = identity
        elsewhere.chainID = "appraisal-2"
        #expect(refusal(good, for: elsewhere) == .otherChain)
        other = good
        other.quote = []
        #expect(refusal(other, for: identity)?.code == 9)
    }

    @Test("the policy's measurements, version, roots and time, and the profile decide")
    func policy() {
        let mint = EvidenceMint()
        let identity = Self.identity(mint)
        let good = Self.quoted(Self.certificate(for: identity), by: mint)
        func under(_ policy: RegistrationPolicy) -> RegistrationRefusal? { refusal(good, for: identity, under: policy) }
        #expect(under(RegistrationPolicy(measurements: [])) == .quote(.measurementNotApproved))
        #expect(under(RegistrationPolicy(measurements: [Self.hash(1)])) == .quote(.measurementNotApproved))
        #expect(under(RegistrationPolicy(measurements: [Self.hash(1), Self.program], securityVersionMin: 1)) == nil)
        #expect(
            under(RegistrationPolicy(measurements: [Self.program], securityVersionMin: 2))
                == .quote(.securityVersionTooLow))
        #expect(
            refusal(good, for: identity, at: EvidenceMint.now + 400 * EvidenceMint.day)
                == .quote(.certificateOutsideValidity))

        // A root that the policy adds is one, if it is of the kind that the chain has.
        let joiner = EvidenceMint()
        let added = AttestationRoot(name: "j", spkiSHA256: joiner.root.publicKeyInfoHash.bytes, kind: .simulated)
        let from = Self.quoted(Self.certificate(for: identity), by: joiner)
        #expect(refusal(from, for: identity) == .quote(.unknownRoot))
        #expect(
            refusal(from, for: identity, under: RegistrationPolicy(roots: [added], measurements: [Self.program])) == nil
        )
        var hardware = added
        hardware.kind = .hardware
        #expect(
            refusal(from, for: identity, under: RegistrationPolicy(roots: [hardware], measurements: [Self.program]))
                == .quote(.unknownRoot))

        // A development chain takes no machine of production, nor the other way round.
        let production = Self.quoted(Self.certificate(for: identity), by: mint, facts: [.simulated, .production])
        #expect(refusal(production, for: identity) == .unsuitableMachine)
        let real = Self.quoted(Self.certificate(for: identity), by: mint, facts: [.hidesKeys])
        #expect(refusal(real, for: identity) == .unsuitableMachine)
    }

    @Test("which machine suits which profile")
    func suits() {
        var identity = Self.identity(EvidenceMint())
        #expect(identity.suits(.simulated) && identity.suits([.simulated, .closesFileSystem]))
        #expect(!identity.suits([]) && !identity.suits([.simulated, .production]))
        identity.profile = .production
        let whole: PlatformFacts = [.simulated, .production, .closesFileSystem, .separatesLauncher]
        #expect(identity.suits(whole) && identity.suits(whole.union(.hidesKeys)))
        for fact in [.simulated, .production, .closesFileSystem, .separatesLauncher] as [PlatformFacts] {
            #expect(!identity.suits(whole.subtracting(fact)))
        }
        identity.attestationRoots[0].kind = .hardware
        #expect(identity.suits(whole.subtracting(.simulated)) && !identity.suits(whole))
    }

    @Test("refusals keep their numbers, and each has words of its own")
    func refusals() {
        let all: [RegistrationRefusal] = [
            .unreadable, .noPolicy, .otherChain, .expired(blocks: 13, atMost: 12), .notYetDecided, .otherHeader,
            .quote(.measurementNotApproved), .quote(.unknownRoot), .otherReportData, .unsuitableMachine, .unusableKey,
            .unknownReplacement, .sameBlock, .tooManyInBlock, .replayed, .otherSender, .otherReplacement,
        ]
        #expect(all.map(\.code) == Array(2...18))
        #expect(Set(all.map(\.text)).count == all.count)
        #expect(all[3].text == "the evidence is 13 blocks old and good for 12: make new evidence")
        #expect(RegistrationRefusal.codespace == "register")
    }

    // MARK: - Founders

    /// Terms with the validators that the founders are.
    static func founders(
        _ powers: [Int64], mint: EvidenceMint = EvidenceMint(), policy: RegistrationPolicy? = nil
    ) -> (terms: FoundingTerms, founders: [FoundingCertificate]) {
        func terms(_ identity: ChainIdentity) -> FoundingTerms {
            FoundingTerms(
                identity: identity, policy: policy ?? RegistrationPolicy(measurements: [program]), draftHash: hash(9))
        }
        var identity = identity(mint)
        let founders = powers.enumerated().map { index, power in
            var certificate = FoundingCertificate(
                quote: [], registrationKey: hash(UInt8(10 + index)), termsHash: terms(identity).hash,
                consensusKey: hash(UInt8(100 + index)), power: power)
            // An enclave quotes no negative power, and no certificate with one can be read.
            guard power >= 0 else { return certificate }
            var mint = mint
            mint.reportData = ReportData.founding(certificate, facts: facts)
            certificate.quote = mint.quote()
            return certificate
        }
        identity.initialValidatorsHash = FoundingTerms.validators(founders)?.hash().bytes ?? []
        return (terms(identity), founders)
    }

    private func refusal(
        _ founders: [FoundingCertificate], on terms: FoundingTerms, program: Hash32 = program
    ) -> FoundingRefusal? {
        do throws(FoundingRefusal) {
            let verified = try terms.appraise(founders, program: program)
            #expect(verified.map(\.registrationKey) == founders.map(\.registrationKey))
            return nil
        } catch { return error }
    }

    @Test("founders are taken together, in the order of the file, and none that is not as it should be")
    func founding() {
        let (terms, founders) = Self.founders([3, 5])
        #expect(refusal(founders, on: terms) == nil)
        #expect(refusal([], on: terms) == .noFounders)
        #expect(refusal(founders, on: terms, program: Self.hash(1)) == .programNotApproved)
        #expect(refusal(Array(founders[..<1]), on: terms) == .otherValidators)
        var changed = founders
        changed[1].termsHash = Self.hash(1)
        #expect(refusal(changed, on: terms) == .founder(1, .otherChain))
        for change in [
            { $0.power = 6 }, { $0.registrationKey = Self.hash(1) }, { $0.consensusKey = Self.hash(1) },
        ] as [(inout FoundingCertificate) -> Void] {
            var changed = founders
            change(&changed[1])
            #expect(refusal(changed, on: terms) == .founder(1, .otherReportData))
        }
        #expect(refusal(founders + [founders[0]], on: terms) == .foundsTwice(founder: 2))
        // Another program on a true machine, whatever the policy approves beside this one.
        let wider = Self.founders(
            [1], policy: RegistrationPolicy(measurements: [Self.program, Self.hash(1)]))
        #expect(
            refusal(wider.founders, on: wider.terms, program: Self.hash(1))
                == .founder(0, .quote(.measurementNotApproved)))
    }

    @Test("a key is there once, the other one too")
    func twice() {
        let mint = EvidenceMint()
        let (terms, founders) = Self.founders([3, 5], mint: mint)
        for change in [
            { $0.registrationKey = founders[0].registrationKey }, { $0.consensusKey = founders[0].consensusKey },
        ] as [(inout FoundingCertificate) -> Void] {
            var changed = founders
            change(&changed[1])
            var mint = mint
            mint.reportData = ReportData.founding(changed[1], facts: Self.facts)
            changed[1].quote = mint.quote()
            #expect(refusal(changed, on: terms) == .foundsTwice(founder: 1))
        }
    }

    @Test("powers: at least one each, together what a set can have, and not more founders than a network has")
    func powers() {
        func refusal(_ powers: [Int64]) -> FoundingRefusal? {
            let (terms, founders) = Self.founders(powers)
            return self.refusal(founders, on: terms)
        }
        #expect(refusal([1]) == nil)
        #expect(refusal([0]) == .powerOutOfBounds(founder: 0))
        #expect(refusal([1, -1]) == .powerOutOfBounds(founder: 1))
        #expect(refusal([ValidatorSet.totalPowerMax - 1, 1]) == nil)
        #expect(refusal([ValidatorSet.totalPowerMax - 1, 2]) == .powerOutOfBounds(founder: 1))
        let (terms, founders) = Self.founders([1])
        let many = [FoundingCertificate](repeating: founders[0], count: 65)
        #expect(self.refusal(many, on: terms) == .tooManyFounders)
        #expect(self.refusal(Array(many.dropLast()), on: terms) == .foundsTwice(founder: 1))
    }

    @Test(
        "terms and what is told with the seeds depend on all that was agreed, on time and validators of the terms not")
    func terms() {
        let (terms, founders) = Self.founders([3, 5])
        func with(_ change: (inout ChainIdentity) -> Void) -> FoundingTerms {
            var identity = terms.identity
            change(&identity)
            return FoundingTerms(identity: identity, policy: terms.policy, draftHash: terms.draftHash)
        }
        func told(_ terms: FoundingTerms) -> Hash32 {
            terms.hash(of: founders, ioPublicKey: [1], seedExchangePublicKey: [2])
        }
        for other in [
            with { $0.genesisSeconds += 1 }, with { $0.genesisNanoseconds += 1 },
            with { $0.initialValidatorsHash = [1] },
        ] {
            #expect(other.hash == terms.hash && told(other) != told(terms))
        }
        let stricter = RegistrationPolicy(measurements: [Self.program], securityVersionMin: 1)
        for other in [
            with { $0.chainID = "x" }, with { $0.leaseSeconds = 1 }, with { $0.attestationRoots = [] },
            FoundingTerms(identity: terms.identity, policy: stricter, draftHash: terms.draftHash),
            FoundingTerms(identity: terms.identity, policy: terms.policy, draftHash: Self.hash(8)),
        ] {
            #expect(other.hash != terms.hash && told(other) != told(terms))
        }
        #expect(told(terms) != terms.hash(of: founders.reversed(), ioPublicKey: [1], seedExchangePublicKey: [2]))
        #expect(told(terms) != terms.hash(of: founders, ioPublicKey: [2], seedExchangePublicKey: [2]))
        #expect(told(terms) != terms.hash(of: founders, ioPublicKey: [1], seedExchangePublicKey: [1]))
        // What others compute from the same facts: the documented bytes.
        var agreed = terms.identity
        (agreed.genesisSeconds, agreed.genesisNanoseconds, agreed.initialValidatorsHash) = (0, 0, [])
        #expect(
            terms.hash
                == SHA256.hash(
                    Array("cloister/founding-terms/1".utf8) + SHA256.hash(agreed.encoded).bytes
                        + SHA256.hash(terms.policy.protobuf).bytes + Self.hash(9).bytes))
        let keys = SHA256.hash([1]).bytes + SHA256.hash([2]).bytes
        #expect(
            told(terms)
                == SHA256.hash(
                    Array("cloister/founding/1".utf8) + SHA256.hash(terms.identity.encoded).bytes + terms.hash.bytes
                        + keys + founders.flatMap { SHA256.hash($0.protobuf).bytes }))
    }

    @Test("a program that is approved from a time on is taken in that second's block, and in none before")
    func planned() throws {
        let mint = EvidenceMint()
        let identity = Self.identity(mint)
        let certificate = Self.quoted(Self.certificate(for: identity), by: mint)
        func refused(_ policy: RegistrationPolicy) -> RegistrationRefusal? {
            refusal(certificate, for: identity, under: policy)
        }
        for (from, expected) in [
            (EvidenceMint.now - 1, nil), (EvidenceMint.now, nil),
            (EvidenceMint.now + 1, RegistrationRefusal.quote(.measurementNotApproved)),
            (Int64.max, .quote(.measurementNotApproved)),
        ] {
            let planned = PlannedProgram(Self.program, notBefore: from)
            #expect(refused(RegistrationPolicy(measurements: [], planned: [planned])) == expected, "\(from)")
            #expect(refused(RegistrationPolicy(measurements: [Self.program], planned: [planned])) == nil)
        }
        // One program's time is no other's.
        let other = PlannedProgram(Self.hash(1), notBefore: 1)
        let late = PlannedProgram(Self.program, notBefore: .max)
        #expect(
            refused(RegistrationPolicy(measurements: [Self.hash(2)], planned: [other, late]))
                == .quote(.measurementNotApproved))
    }

    // MARK: - Bytes

    private func refusal<Message: CanonicalMessage>(_: Message.Type, _ bytes: [UInt8]) -> ProtobufError? {
        do throws(ProtobufError) {
            _ = try Message(protobuf: bytes)
            return nil
        } catch { return error }
    }

    /// The fields of the message's bytes, then what is said where each of them is missing.
    private func check<Message: CanonicalMessage & Equatable>(
        _ message: Message, _ fields: [String], without refusals: [ProtobufError?]
    ) throws {
        #expect(Hexadecimal.encode(message.protobuf) == fields.joined())
        #expect(try Message(protobuf: message.protobuf) == message)
        for (index, expected) in refusals.enumerated() {
            var rest = fields
            rest.remove(at: index)
            #expect(refusal(Message.self, hexadecimal(rest.joined())) == expected, "\(Message.self), field \(index)")
        }
        #expect(refusal(Message.self, message.protobuf + [0xf0, 1, 1]) == .notCanonical)
    }

    @Test("certificates and the policy have these bytes, and say what is missing")
    func bytes() throws {
        func wide(_ tag: String, _ byte: UInt8, _ count: Int = 32) -> String {
            tag + Hexadecimal.encode([UInt8(count)] + [UInt8](repeating: byte, count: count))
        }
        let registration = RegistrationCertificate(
            quote: [1], registrationKey: Self.hash(2), identityHash: Self.hash(3), height: 4, headerHash: Self.hash(5),
            sender: [UInt8](repeating: 6, count: 20), replaces: Self.hash(7))
        try check(
            registration,
            ["0a0101", wide("12", 2), wide("1a", 3), "2004", wide("2a", 5), wide("32", 6, 20), wide("3a", 7)],
            without: [
                nil, .missing(field: 2), .missing(field: 3), nil, .missing(field: 5), .illegalValue(field: 6), nil,
            ])
        let founding = FoundingCertificate(
            quote: [1], registrationKey: Self.hash(2), termsHash: Self.hash(3), consensusKey: Self.hash(4), power: 5)
        try check(
            founding, ["0a0101", wide("12", 2), wide("1a", 3), wide("22", 4), "2805"],
            without: [nil, .missing(field: 2), .missing(field: 3), .missing(field: 4), nil])
        let root = AttestationRoot(name: "r", spkiSHA256: Self.hash(1).bytes, kind: .hardware)
        let policy = RegistrationPolicy(
            roots: [root], measurements: [Self.hash(2), Self.hash(3)], securityVersionMin: 4, evidenceBlocksMax: 5,
            seedBlocksMax: 6)
        try check(
            policy, ["0a27" + "0a0172" + wide("12", 1) + "1802", wide("12", 2), wide("12", 3), "1804", "2005", "2806"],
            without: [nil, nil, nil, nil, nil, nil])
        let program = PlannedProgram(Self.hash(7), notBefore: 300)
        try check(
            program, [wide("0a", 7), "10ac02"],
            without: [.notCanonical, .notCanonical])
        try check(
            RegistrationPolicy(
                measurements: [], evidenceBlocksMax: 5, seedBlocksMax: 6, planned: [program, program]),
            ["2005", "2806", "3a25" + wide("0a", 7) + "10ac02", "3a25" + wide("0a", 7) + "10ac02"],
            without: [nil, nil, nil, nil])
        let usual = RegistrationPolicy(measurements: [])
        #expect(usual.evidenceBlocksMax == 12 && usual.seedBlocksMax == 100_000 && usual.securityVersionMin == 0)
    }

    @Test("what is too long or too much is refused at its limit")
    func limits() {
        var certificate = Self.certificate(for: Self.identity(EvidenceMint()))
        certificate.quote = [UInt8](repeating: 1, count: EvidenceLimits.evidenceBytesMax)
        #expect(refusal(RegistrationCertificate.self, certificate.protobuf) == nil)
        #expect(certificate.protobuf.count <= RegistrationCertificate.byteCountMax)
        certificate.quote.append(1)
        #expect(refusal(RegistrationCertificate.self, certificate.protobuf) == .illegalValue(field: 1))
        var founder = FoundingCertificate(
            quote: certificate.quote, registrationKey: .zero, termsHash: .zero, consensusKey: .zero, power: 1)
        #expect(refusal(FoundingCertificate.self, founder.protobuf) == .illegalValue(field: 1))
        founder.quote.removeLast()
        #expect(refusal(FoundingCertificate.self, founder.protobuf) == nil)
        founder.power = -1
        #expect(refusal(FoundingCertificate.self, founder.protobuf) == .illegalValue(field: 5))

        func policy(_ change: (inout RegistrationPolicy) -> Void) -> ProtobufError? {
            var policy = RegistrationPolicy(measurements: [])
            change(&policy)
            return refusal(RegistrationPolicy.self, policy.protobuf)
        }
        let root = AttestationRoot(name: "r", spkiSHA256: Self.hash(1).bytes, kind: .simulated)
        let short = AttestationRoot(name: "r", spkiSHA256: [1], kind: .simulated)
        #expect(policy { $0.roots = [AttestationRoot](repeating: root, count: 8) } == nil)
        #expect(policy { $0.roots = [AttestationRoot](repeating: root, count: 9) } == .tooMany(field: 1))
        #expect(policy { $0.roots = [root, short] } == .illegalValue(field: 1))
        #expect(policy { $0.measurements = [Hash32](repeating: .zero, count: 64) } == nil)
        #expect(policy { $0.measurements = [Hash32](repeating: .zero, count: 65) } == .tooMany(field: 2))
        let program = PlannedProgram(.zero, notBefore: 1)
        #expect(policy { $0.planned = [PlannedProgram](repeating: program, count: 64) } == nil)
        #expect(policy { $0.planned = [PlannedProgram](repeating: program, count: 65) } == .tooMany(field: 7))
        #expect(policy { $0.planned = [PlannedProgram(.zero, notBefore: -1)] } != nil)
        #expect(policy { $0.planned = [PlannedProgram(.zero, notBefore: 0)] } != nil)
        #expect(policy { $0.evidenceBlocksMax = 64 } == nil)
        #expect(policy { $0.evidenceBlocksMax = 65 } == .illegalValue(field: 4))
        #expect(refusal(RegistrationPolicy.self, [0x18, 0x80, 0x80, 4]) == .illegalValue(field: 3))
    }
}
