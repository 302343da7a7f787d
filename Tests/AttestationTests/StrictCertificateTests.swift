import PublicCryptography
import QuoteKit
import Testing
import Wire

@testable import Attestation

/// What stands in a certificate or a report is what is read of it, and nothing stands beside it.
@Suite("Certificates and reports, read strictly")
struct StrictCertificateTests {
    private func refusal(_ change: (inout EvidenceMint) -> Void) -> Refusal? {
        var mint = EvidenceMint()
        change(&mint)
        return QuoteVerifier.verify(
            evidence: mint.quote(), collateral: mint.collateral(), roots: [mint.root], time: EvidenceMint.now,
            policy: EvidenceBundle.takesAll
        ).rejection?.refusal
    }

    @Test("something more is refused, wherever it stands", arguments: EvidenceMint.Surplus.allCases)
    func surplus(place: EvidenceMint.Surplus) {
        #expect(refusal { $0.surplus = place } == .malformedCertificates)
    }

    @Test("sixteen extensions are read, and seventeen are not")
    func extensions() {
        #expect(refusal { $0.idleExtensions = 13 } == nil)
        #expect(refusal { $0.idleExtensions = 14 } == .malformedCertificates)
    }

    @Test("what a key is for: each bit by itself, and the number of unused bits is the right one")
    func usage() {
        #expect(refusal { $0.usages.other = [7, 0x80] } == nil)
        #expect(refusal { $0.usages.other = [6, 0x40] } == .brokenCertificateChain)
        for malformed: [UInt8] in [[8, 0], [5, 0xc0], [0x80, 0x80], [0], [0, 0xff, 0], []] {
            #expect(refusal { $0.usages.other = malformed } == .malformedCertificates, "\(malformed)")
        }
        #expect(refusal { $0.usages.authority = [1, 0x06] } == nil)
        #expect(refusal { $0.usages.authority = [0, 0x07] } == nil)
        #expect(refusal { $0.usages.authority = [0, 0x05] } == .wrongRevocationListSignature)
        #expect(refusal { $0.usages.authority = [3, 0x08 | 0x80] } == .brokenCertificateChain)
        #expect(refusal { $0.usages.authority = [0, 0x03] } == .brokenCertificateChain)
    }

    @Test("of a trust domain's attributes those are safe that mean something and keep it closed")
    func domainAttributes() {
        for bit in 0..<UInt64(64) {
            let found = refusal {
                ($0.version, $0.kind) = (4, .tdx)
                $0.domainAttributes = 1 << 28 | 1 << bit
            }
            switch bit {
            case 0: #expect(found == .debugEnclave)
            case 28, 30, 31, 63: #expect(found == nil, "\(bit)")
            default: #expect(found == .unsafeDomain, "\(bit)")
            }
        }
        #expect(
            refusal {
                ($0.version, $0.kind) = (4, .tdx)
                $0.domainAttributes = 1 << 30 | 1 << 31 | 1 << 63
            } == .unsafeDomain)
    }

    @Test("the best row that fits is taken, whatever its place: by components, then version, then the domain's")
    func rows() {
        func status(_ change: (inout EvidenceMint) -> Void) -> SecurityStatus? {
            var mint = EvidenceMint()
            (mint.version, mint.kind) = (4, .tdx)
            var old = mint.levels[0]
            old.status = "OutOfDate"
            mint.levels = [old, mint.levels[0]]
            change(&mint)
            return QuoteVerifier.verify(
                evidence: mint.quote(), collateral: mint.collateral(), roots: [mint.root], time: EvidenceMint.now,
                policy: EvidenceBundle.takesAll
            ).claims?.security?.status
        }
        #expect(status { $0.levels[0].components[1] -= 1 } == .upToDate)
        #expect(status { $0.levels[0].version -= 1 } == .upToDate)
        #expect(status { $0.levels[0].domainComponents[0] -= 1 } == .upToDate)
        // The first that differs decides, and the later ones say nothing.
        #expect(
            status {
                $0.levels[0].components[1] -= 1
                $0.levels[1].version -= 1
            } == .upToDate)
        #expect(
            status {
                $0.levels[0].version -= 1
                $0.levels[1].domainComponents[0] -= 1
            } == .upToDate)
    }

    @Test("an advisory has 1 to 64 visible characters")
    func advisories() {
        #expect(SecurityLevel.isAdvisory("!") && SecurityLevel.isAdvisory("~"))
        #expect(SecurityLevel.isAdvisory(String(repeating: "A", count: 64)))
        for text in ["", " ", "\u{7f}", "ä", "A B", String(repeating: "A", count: 65)] {
            #expect(!SecurityLevel.isAdvisory(text), "\(text)")
        }
    }

    @Test("numbers of DER have one form, and those of two bytes no third")
    func numbers() throws {
        func number(_ bytes: [UInt8]) -> UInt16? {
            var reader = DERReader(bytes[...])
            return try? reader.uint16()
        }
        #expect(number([2, 1, 0]) == 0 && number([2, 1, 127]) == 127 && number([2, 2, 1, 2]) == 0x0102)
        #expect(number([2, 3, 0, 0xff, 0xfe]) == 0xfffe && number([2, 2, 0, 0x80]) == 0x80)
        for wrong: [UInt8] in [[2, 3, 1, 0, 0], [2, 2, 0, 1], [2, 1, 0x80], [2, 0], [2, 2, 1], [4, 1, 1]] {
            #expect(number(wrong) == nil, "\(wrong)")
        }
    }

    @Test("evidence that is too long is not looked at")
    func length() {
        let quote = EvidenceMint().quote()
        let room = EvidenceLimits.evidenceBytesMax - quote.count
        func refusal(_ zeros: Int) -> QuoteStructureError? {
            do throws(QuoteStructureError) {
                _ = try UnverifiedQuote(
                    quote + [UInt8](repeating: 0, count: zeros), trailingZerosMax: EvidenceLimits.evidenceBytesMax)
                return nil
            } catch { return error }
        }
        #expect(refusal(room) == nil && refusal(room + 1) == .tooLong)
    }

    @Test("a certificate that does not say what its key is for may nothing")
    func silent() {
        #expect(refusal { $0.saysUsage = false } == .brokenCertificateChain)
    }

    @Test("a validity that ends before it begins is none")
    func reversed() {
        #expect(refusal { $0.datesReversed = true } == .malformedCertificates)
    }

    @Test("certificates and their signatures are bounded")
    func bounds() throws {
        func certificate(_ content: Int) -> [UInt8] {
            var mint = EvidenceMint()
            (mint.idleExtensions, mint.idleContentBytes) = (1, content)
            return mint.certificate(.platform)
        }
        // Signatures vary by a byte or two in length: one that is just short enough is looked for.
        let limit = EvidenceLimits.certificateBytesMax
        let content = limit - certificate(limit - 1_000).count + limit - 1_000
        let tried = (-8...8).map { certificate(content + $0) }
        #expect(tried.allSatisfy { (Certificate.read($0) != nil) == ($0.count <= limit) })
        #expect(tried.contains { $0.count > limit } && tried.contains { $0.count <= limit })

        func signed(_ number: [UInt8]) -> Bool {
            func wrap(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] { [tag, UInt8(content.count)] + content }
            let numbers = wrap(0x30, wrap(2, number) + wrap(2, [1]))
            let all = wrap(0x30, [0x30, 0] + SignedElement.algorithm + wrap(3, [0] + numbers))
            return (try? SignedElement.read(all)) != nil
        }
        #expect(signed([1]) && signed([UInt8](repeating: 1, count: 32)))
        #expect(signed([0, 0x80] + [UInt8](repeating: 1, count: 31)))
        #expect(!signed([UInt8](repeating: 1, count: 33)))
    }

    @Test("lengths of DER have one form")
    func lengths() {
        func content(_ head: [UInt8], _ count: Int) -> Int? {
            var reader = DERReader((head + [UInt8](repeating: 7, count: count))[...])
            return try? reader.take(4).count
        }
        #expect(content([4, 0], 0) == 0 && content([4, 0x7f], 0x7f) == 0x7f)
        #expect(content([4, 0x81, 0x80], 0x80) == 0x80 && content([4, 0x81, 0xff], 0xff) == 0xff)
        #expect(content([4, 0x82, 1, 0], 0x100) == 0x100)
        for (head, count) in [
            ([4, 0x81, 0x7f], 0x7f), ([4, 0x82, 0, 0xff], 0xff), ([4, 0x80], 0), ([4, 0x83, 0, 1, 0], 0x100),
            ([4, 2], 1), ([4, 0x81], 0), ([5, 0], 0), ([4], 0), ([], 0),
        ] as [([UInt8], Int)] {
            #expect(content(head, count) == nil, "\(head)")
        }
    }

    @Test("a quote's own lengths are its own, to the byte")
    func quoteLengths() {
        let quote = EvidenceMint().quote()
        func refusal(_ bytes: [UInt8]) -> QuoteStructureError? {
            do throws(QuoteStructureError) {
                _ = try UnverifiedQuote(bytes)
                return nil
            } catch { return error }
        }
        #expect(refusal(quote) == nil)
        var longer = quote
        longer[432] &+= 1
        #expect(refusal(longer) == .truncated)
        #expect(refusal(Array(quote.dropLast())) == .truncated)
        #expect(refusal(quote + [0]) != nil)
    }

    @Test("the quoting enclave's identity is of version 2")
    func identityVersion() {
        for version in [1, 3] {
            #expect(refusal { $0.quotingEnclaveIdentityVersion = version } == .wrongCollateralKind)
        }
    }

    @Test("a module of version 0 has no table of its own: the machine's row says how good it is")
    func firstModules() {
        func refusal(_ change: (inout EvidenceMint) -> Void) -> Refusal? {
            self.refusal {
                ($0.version, $0.kind) = (4, .tdx)
                $0.domainVersions[1] = 0
                $0.levels[0].domainComponents[1] = 0
                change(&$0)
            }
        }
        #expect(refusal { _ in } == nil)
        #expect(refusal { $0.moduleLevels = nil } == nil)
        #expect(refusal { $0.moduleLevels = [(99, "UpToDate")] } == nil)
        // Then the first two components are compared, too.
        #expect(refusal { $0.levels[0].domainComponents[0] = 6 } == .noSecurityLevel)
        #expect(refusal { $0.levels[0].domainComponents[1] = 1 } == .noSecurityLevel)
    }
}
