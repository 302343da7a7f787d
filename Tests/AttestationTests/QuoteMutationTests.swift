import Attestation
import PublicCryptography
import QuoteKit
import Seeds
import Testing

/// Offsets in a quote of version 3 with 32 bytes of authentication data.
private enum Offset {
    static let signatureDataLength = 432
    static let signature = 436
    static let quotingEnclaveSignature = 948
    static let certificationLength = 1048
    static let certification = 1052
}

@Suite("Changed quotes")
struct QuoteMutationTests {
    @Test("no flip of a bit is accepted in any byte", arguments: [(true, [0, 4, 7]), (false, [5])])
    func bitFlips(isGenuine: Bool, bits: [Int]) {
        let original = isGenuine ? QuoteFixtures.genuineQuote : QuoteFixtures.simulatedQuote
        var accepted = [Int]()
        var steps = Set<VerificationStep>()
        for position in original.indices {
            for bit in bits {
                var changed = original
                changed[position] ^= 1 << UInt8(bit)
                let verdict = verify(changed, isGenuine: isGenuine)
                if verdict.isAccepted { accepted.append(position) }
                if let rejection = verdict.rejection { steps.insert(rejection.step) }
                // Behind the signed part, the identity stays what it was, as far as there is one.
                if position >= Offset.signatureDataLength, let identity = verdict.identity {
                    #expect(identity == SHA256.hash(Array(original[..<Offset.signatureDataLength])))
                }
            }
        }
        // The text of the certificates has one form and the embedded root is compared, so not even there.
        #expect(accepted == [])
        #expect(
            steps == [
                .structure, .trustRoot, .certificateChain, .quotingEnclaveSignature, .attestationKeyBinding,
                .quoteSignature,
            ])
    }

    @Test("a root known only by its key still lets no flip through")
    func bitFlipsOfEmbeddedRoot() {
        let root = TrustRoot(name: "genesis", kind: .simulated, publicKeyInfoHash: simulatedRoot.publicKeyInfoHash)
        let original = QuoteFixtures.simulatedQuote
        for position in Offset.certification..<original.count {
            var changed = original
            changed[position] ^= 1
            let verdict = QuoteVerifier.verify(
                evidence: changed, roots: [root], time: QuoteFixtures.simulatedTime, policy: QuotePolicy())
            #expect(!verdict.isAccepted, "byte \(position)")
        }
    }

    @Test("the mirrored signature (r, n - s) is accepted and the identity does not change")
    func mirroredSignature() {
        for offset in [Offset.signature, Offset.quotingEnclaveSignature] {
            var changed = QuoteFixtures.genuineQuote
            let mirrored = subtractedFromOrder(Array(changed[offset + 32..<offset + 64]))
            changed.replaceSubrange(offset + 32..<offset + 64, with: mirrored)
            let verdict = verify(changed, isGenuine: true)
            #expect(changed != QuoteFixtures.genuineQuote)
            #expect(verdict.isAccepted)
            #expect(verdict.claims?.identity == verifyGenuine(roots: [intelRoot]).claims?.identity)
        }
    }

    @Test("signatures of zeros or of the order are refused")
    func degenerateSignatures() {
        let order = subtractedFromOrder([UInt8](repeating: 0, count: 32))
        for value in [[UInt8](repeating: 0, count: 32), order, [UInt8](repeating: 0xff, count: 32)] {
            for offset in [Offset.signature, Offset.signature + 32] {
                var changed = QuoteFixtures.genuineQuote
                changed.replaceSubrange(offset..<offset + 32, with: value)
                #expect(verify(changed, isGenuine: true).rejection! == (.quoteSignature, .wrongQuoteSignature))
            }
        }
    }

    @Test("a quote cut at any length is refused at step 1")
    func truncations() {
        let original = QuoteFixtures.simulatedQuote
        for length in 0..<original.count {
            let verdict = verify(Array(original[..<length]), isGenuine: false)
            #expect(verdict.rejection?.step == .structure, "length \(length)")
            #expect(verdict.identity == nil)
        }
    }

    @Test("bytes behind the quote are refused, whether its lengths know them or not")
    func trailing() {
        let original = QuoteFixtures.simulatedQuote
        #expect(verify(original + [0], isGenuine: false).rejection! == (.structure, .malformed(.trailingBytes)))
        var longer = original + [0]
        longer[Offset.signatureDataLength] += 1
        #expect(verify(longer, isGenuine: false).rejection! == (.structure, .malformed(.inconsistentLength)))
        longer[Offset.certificationLength] += 1
        #expect(verify(longer, isGenuine: false).rejection! == (.trustRoot, .malformedCertificates))
        let huge = [UInt8](repeating: 3, count: EvidenceLimits.evidenceBytesMax + 1)
        #expect(verify(huge, isGenuine: false).rejection! == (.structure, .malformed(.tooLong)))
    }

    @Test("certificates must be written in the one form, in their order, of one platform")
    func certificates() throws {
        let original = try PEM(QuoteFixtures.simulatedQuote)
        let foreign = try PEM(QuoteFixtures.genuineQuote)
        func refusal(_ texts: [String], ending: String = "\0") -> Refusal? {
            verify(quote(QuoteFixtures.simulatedQuote, certification: texts.joined() + ending), isGenuine: false)
                .rejection?.refusal
        }
        let (platform, authority, root) = (original.texts[0], original.texts[1], original.texts[2])
        #expect(refusal([platform, authority, root]) == nil)
        #expect(refusal([platform, authority, root], ending: "") == .malformedCertificates)
        #expect(refusal([platform, authority, root], ending: "\0\0") == .malformedCertificates)
        #expect(refusal([platform, authority, root], ending: "\n\0") == .malformedCertificates)
        #expect(refusal([platform, authority]) == .malformedCertificates)
        #expect(refusal([platform, authority, root, root]) == .malformedCertificates)
        #expect(refusal([]) == .malformedCertificates)
        let carriageReturns = platform.replacing("\n", with: "\r\n")
        #expect(refusal([carriageReturns, authority, root]) == .malformedCertificates)
        let oneLine = PEM.text(original.ders[0], lineCharacters: 4096)
        #expect(refusal([oneLine, authority, root]) == .malformedCertificates)
        let shortLines = PEM.text(original.ders[0], lineCharacters: 60)
        #expect(refusal([shortLines, authority, root]) == .malformedCertificates)
        #expect(refusal([PEM.text(original.ders[0] + [0]), authority, root]) == .malformedCertificates)
        #expect(refusal([authority, platform, root]) == .marksContradictRoot)
        #expect(refusal([platform, platform, root]) == .wrongAuthorityFlag)
        #expect(refusal([platform, root, root]) == .brokenCertificateChain)
        #expect(refusal([authority, authority, root]) == .marksContradictRoot)
        #expect(refusal([platform, foreign.texts[1], root]) == .brokenCertificateChain)
        #expect(refusal([foreign.texts[0], authority, root]) == .marksContradictRoot)
        #expect(refusal([platform, authority, foreign.texts[2]]) == .marksContradictRoot)
        // A complete foreign chain that ends in a configured root does not make the quote that chain's.
        let genuineChain = quote(QuoteFixtures.simulatedQuote, certification: foreign.texts.joined() + "\0")
        let verdict = QuoteVerifier.verify(
            evidence: genuineChain, roots: [intelRoot], time: QuoteFixtures.genuineTime, policy: withoutCollateral)
        #expect(verdict.rejection! == (.trustRoot, .marksContradictRoot))
    }

    @Test("no bytes crash the verifier, and none are accepted", arguments: [UInt64(1), 2, 3])
    func fuzz(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let original = QuoteFixtures.simulatedQuote
        for round in 0..<2_000 {
            var changed = original
            for _ in 0...Int(random.next() % 4) {
                let position = Int(random.next() % UInt64(changed.count))
                switch random.next() % 5 {
                case 0: changed[position] = UInt8(truncatingIfNeeded: random.next())
                case 1: changed.insert(UInt8(truncatingIfNeeded: random.next()), at: position)
                case 2: changed.remove(at: position)
                case 3:
                    let end = min(changed.count, position + Int(random.next() % 64))
                    changed.replaceSubrange(position..<end, with: changed[(changed.count - (end - position))...])
                default:
                    // Lengths are where parsers break.
                    let field = [Offset.signatureDataLength, 1012, Offset.certificationLength].randomElement(
                        using: &random)!
                    if field + 3 < changed.count { changed[field + Int(random.next() % 4)] ^= 0xff }
                }
            }
            guard changed != original else { continue }
            let verdict = verify(changed, isGenuine: false)
            #expect(!verdict.isAccepted, "seed \(seed), round \(round)")
            #expect(verdict.steps.count == 12)
        }
        for _ in 0..<500 {
            let noise = (0..<Int(random.next() % 3_000)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            #expect(!verify([3, 0, 2, 0, 0, 0, 0, 0] + noise, isGenuine: false).isAccepted, "seed \(seed)")
        }
    }
}

private func verify(_ evidence: [UInt8], isGenuine: Bool) -> Verdict {
    QuoteVerifier.verify(
        evidence: evidence, roots: [intelRoot, simulatedRoot],
        time: isGenuine ? QuoteFixtures.genuineTime : QuoteFixtures.simulatedTime, policy: withoutCollateral)
}

/// n - value, n being the order of P-256.
private func subtractedFromOrder(_ value: [UInt8]) -> [UInt8] {
    let order = Hexadecimal.decode("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551")!
    var result = [UInt8](repeating: 0, count: 32)
    var borrow = 0
    for index in (0..<32).reversed() {
        let difference = Int(order[index]) - Int(value[index]) - borrow
        borrow = difference < 0 ? 1 : 0
        result[index] = UInt8(difference & 0xff)
    }
    return result
}

/// `original` with another certification data, its two lengths corrected.
private func quote(_ original: [UInt8], certification: String) -> [UInt8] {
    func littleEndian(_ value: Int) -> [UInt8] { (0..<4).map { UInt8(value >> (8 * $0) & 0xff) } }
    let data = Array(certification.utf8)
    var changed = Array(original[..<Offset.certificationLength]) + littleEndian(data.count) + data
    let start = Offset.signatureDataLength
    changed.replaceSubrange(start..<start + 4, with: littleEndian(changed.count - start - 4))
    return changed
}

/// The certificates of a quote as texts and as DER.
private struct PEM {
    let texts: [String]
    let ders: [[UInt8]]

    init(_ quote: [UInt8]) throws {
        let text = String(decoding: quote[Offset.certification...].dropLast(), as: UTF8.self)
        let closing = "-----END CERTIFICATE-----\n"
        texts = text.split(separator: closing).map { $0 + closing }
        ders = try texts.map { text in
            let lines = text.split(separator: "\n").dropFirst().dropLast()
            return try #require(Base64.decode(lines.joined()))
        }
    }

    static func text(_ der: [UInt8], lineCharacters: Int = 64) -> String {
        var rest = Base64.encode(der)[...]
        var text = "-----BEGIN CERTIFICATE-----\n"
        while !rest.isEmpty {
            text += rest.prefix(lineCharacters) + "\n"
            rest = rest.dropFirst(lineCharacters)
        }
        return text + "-----END CERTIFICATE-----\n"
    }
}
