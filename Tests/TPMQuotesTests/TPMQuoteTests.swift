import Attestation
import Foundation
import PublicCryptography
import Seeds
import TPMQuotes
import TestSupport
import Testing

/// Quotes of a real software TPM, recorded (`record.py`, `make tpm-quotes`).
struct TPMFacts: Decodable {
    struct Quote: Decodable {
        let message: Data
        let signature: Data
        let values: Data
        let registers: [Int]
        let qualifying: Data

        var digests: [Hash32] {
            stride(from: 0, to: values.count, by: 32).map { Hash32([UInt8](values)[$0..<($0 + 32)])! }
        }
        var evidence: TPMEvidence {
            TPMEvidence(message: [UInt8](message), signature: [UInt8](signature), values: digests)
        }
    }

    struct Statement: Decodable {
        let message: Data
        let signature: Data
    }

    let quotes: [String: Quote]
    let keys: [String: Data]
    let time: Statement
    let certificates: [Data]
    let root: Data
    let verifyAt: Int64

    static let recorded = Result {
        try JSONDecoder().decode(
            TPMFacts.self, from: Data(contentsOf: URL(filePath: Repository.path("Tests/Fixtures/tpm-quotes.json"))))
    }

    func key(_ name: String) throws -> TPMAttestationKey {
        try #require(
            TPMAttestationKey([UInt8](keys[name.split(separator: "-").first.map(String.init) ?? ""] ?? Data())))
    }

    func quote(_ name: String) throws -> Quote { try #require(quotes[name]) }

    /// Asks for exactly what the quote says.
    func policy(_ name: String) throws -> TPMPolicy {
        let quote = try quote(name)
        return TPMPolicy(
            signer: .key(try key(name)), qualifyingData: [UInt8](quote.qualifying),
            registers: Dictionary(uniqueKeysWithValues: zip(quote.registers, quote.digests)))
    }

    /// The same under the root.
    func certified(_ name: String) throws -> (evidence: TPMEvidence, policy: TPMPolicy) {
        var (evidence, policy) = (try quote(name).evidence, try policy(name))
        evidence.certificates = certificates.map { [UInt8]($0) }
        policy.signer = .root(try #require(Certificate.read([UInt8](root))))
        return (evidence, policy)
    }
}

@Suite("Quotes of a TPM") struct TPMQuoteTests {
    let facts: TPMFacts

    init() throws { facts = try TPMFacts.recorded.get() }

    private func refusal(_ evidence: TPMEvidence, _ policy: TPMPolicy, at time: Int64? = nil) -> TPMRefusal? {
        let verdict = TPMVerifier.verify(evidence, policy: policy, time: time ?? facts.verifyAt)
        #expect(verdict.steps.map(\.step) == TPMStep.allCases && verdict.isAccepted == (verdict.rejection == nil))
        return verdict.rejection?.refusal
    }

    @Test(
        "a genuine quote is accepted, by ECDSA and by RSA, of some registers and of all",
        arguments: ["ecdsa", "ecdsa-report", "ecdsa-all", "ecdsa-blank", "rsassa"])
    func genuine(name: String) throws {
        let quote = try facts.quote(name)
        let verdict = TPMVerifier.verify(quote.evidence, policy: try facts.policy(name), time: 0)
        let message = try #require(verdict.message, "\(String(describing: verdict.rejection))")
        #expect(message.registers == quote.registers && message.qualifyingData == [UInt8](quote.qualifying))
        #expect(message.isClockSafe && message.signer.count == 34)
    }

    @Test("the extended registers have the hash of what was extended, and a blank one is zero") func registers() throws
    {
        let zero = [UInt8](repeating: 0, count: 32)
        let extended = zip([0, 7, 10], [0x11, 0x22, 0x33] as [UInt8]).map { register, byte in
            (register, SHA256.hash(zero + [UInt8](repeating: byte, count: 32)))
        }
        #expect(try facts.quote("ecdsa").digests == extended.map(\.1))
        #expect(try facts.quote("ecdsa-blank").digests == [Hash32.zero])
        let all = try facts.quote("ecdsa-all")
        for (register, digest) in extended { #expect(all.digests[register] == digest) }
    }

    @Test("a root vouches for the key, as long as its certificates are good, and in their order") func certificates()
        throws
    {
        let (evidence, policy) = try facts.certified("ecdsa")
        #expect(refusal(evidence, policy) == nil)
        var other = evidence
        other.certificates.reverse()
        #expect(refusal(other, policy) == .brokenCertificateChain)
        other.certificates = Array(evidence.certificates.prefix(1))
        #expect(refusal(other, policy) == .brokenCertificateChain)
        other.certificates = Array(evidence.certificates.suffix(1))
        #expect(refusal(other, policy) == .brokenCertificateChain)
        // The root is the caller's, not a part of what is shown.
        other.certificates = evidence.certificates + [[UInt8](facts.root)]
        #expect(refusal(other, policy) == .brokenCertificateChain)
        for certificates in [[], Array(repeating: evidence.certificates[0], count: 5), [[1, 2, 3]]] as [[[UInt8]]] {
            other.certificates = certificates
            #expect(refusal(other, policy) == .malformedCertificates)
        }
        for time in [facts.verifyAt - 86_400, facts.verifyAt + 11 * 366 * 86_400] {
            #expect(refusal(evidence, policy, at: time) == .certificateOutsideValidity)
        }
        // Another's root, and another's key under the true one.
        var foreign = policy
        foreign.signer = .root(try #require(Certificate.read(evidence.certificates[1])))
        #expect(refusal(evidence, foreign) == .brokenCertificateChain)
        let (_, under) = try facts.certified("rsassa")
        var rsa = try facts.quote("rsassa").evidence
        rsa.certificates = evidence.certificates
        #expect(refusal(rsa, under) == .wrongSignature)
        // Any bit of the certificates.
        for index in evidence.certificates.indices {
            for position in evidence.certificates[index].indices {
                other.certificates = evidence.certificates
                other.certificates[index][position] ^= 1 << UInt8(position % 8)
                #expect(refusal(other, policy) != nil, "certificate \(index), byte \(position)")
            }
        }
    }

    @Test("each step refuses what no other does") func steps() throws {
        let (evidence, policy) = (try facts.quote("ecdsa").evidence, try facts.policy("ecdsa"))
        func step(_ change: (inout TPMEvidence, inout TPMPolicy) throws -> Void) rethrows -> TPMStep? {
            var (evidence, policy) = (evidence, policy)
            try change(&evidence, &policy)
            return TPMVerifier.verify(evidence, policy: policy, time: facts.verifyAt).rejection?.step
        }
        #expect(step { _, _ in } == nil)
        #expect(step { evidence, _ in evidence.message.append(0) } == .structure)
        #expect(try step { $1.signer = .root(try #require(Certificate.read([UInt8](facts.root)))) } == .attestationKey)
        #expect(try step { $1.signer = .key(try facts.key("rsassa")) } == .signature)
        #expect(step { $1.qualifyingData[31] ^= 1 } == .qualifyingData)
        #expect(step { $1.qualifyingData = [] } == .qualifyingData)
        #expect(step { $1.registers[1] = .zero } == .selection)
        #expect(step { $1.registers[23] = .zero } == .selection)
        // Values of the attacker's choice, and the true ones in another order, or not all.
        #expect(step { evidence, _ in evidence.values[1] = .zero } == .registersDigest)
        #expect(step { evidence, _ in evidence.values.swapAt(0, 1) } == .registersDigest)
        #expect(step { evidence, _ in evidence.values.removeLast() } == .registersDigest)
        #expect(step { evidence, _ in evidence.values.append(.zero) } == .registersDigest)
        #expect(step { $1.registers[7] = .zero } == .registers)
        #expect(step { $1.firmware = 1 } == .machine)
        #expect(step { $1.allowsUnsafeClock = false } == nil)
        // A quote of the same TPM over other registers is none over these, though all of it is genuine.
        let blank = try facts.quote("ecdsa-blank").evidence
        #expect(refusal(blank, policy) == .registerNotQuoted(7))
    }

    @Test("what the same key signs besides is no quote") func otherStatements() throws {
        let time = TPMEvidence(message: [UInt8](facts.time.message), signature: [UInt8](facts.time.signature))
        #expect(refusal(time, try facts.policy("ecdsa")) == .malformed(.notQuote))
        // Nor is what a key signs that signs anything: a TPM's own statements begin as nothing else that it signs.
        var chosen = try facts.quote("ecdsa").evidence
        chosen.message[0] = 0xfe
        #expect(refusal(chosen, try facts.policy("ecdsa")) == .malformed(.notGenerated))
    }

    @Test(
        "no bit of message or signature can be changed, and nothing cut or added",
        arguments: ["ecdsa-report", "rsassa"])
    func bits(name: String) throws {
        let (evidence, policy) = (try facts.quote(name).evidence, try facts.policy(name))
        for position in 0..<(evidence.message.count + evidence.signature.count) {
            for bit in 0..<8 {
                var other = evidence
                if position < other.message.count {
                    other.message[position] ^= 1 << UInt8(bit)
                } else {
                    other.signature[position - other.message.count] ^= 1 << UInt8(bit)
                }
                #expect(refusal(other, policy) != nil, "byte \(position), bit \(bit)")
            }
        }
        for count in evidence.message.indices {
            var cut = evidence
            cut.message = Array(evidence.message.prefix(count))
            #expect(refusal(cut, policy) == .malformed(.truncated))
        }
        for count in evidence.signature.indices {
            var cut = evidence
            cut.signature = Array(evidence.signature.prefix(count))
            #expect(refusal(cut, policy) == .malformed(.truncated))
        }
        for bytes in [[0], [UInt8](repeating: 0, count: 1_000)] as [[UInt8]] {
            var longer = evidence
            longer.message += bytes
            #expect(refusal(longer, policy) == .malformed(bytes.count == 1 ? .trailingBytes : .tooLong))
            longer = evidence
            longer.signature += bytes
            #expect(refusal(longer, policy) == .malformed(bytes.count == 1 ? .trailingBytes : .tooLong))
        }
    }

    @Test("of messages no length and no selection is believed") func structures() throws {
        let message = try facts.quote("ecdsa").evidence.message
        // Behind name and qualifying data: clock (17), firmware (8), then the selection.
        let selection = 6 + 36 + 34 + 17 + 8
        #expect(Array(message[selection..<(selection + 10)]) == [0, 0, 0, 1, 0, 11, 3, 0x81, 4, 0])
        let cases: [(Int, [UInt8], TPMStructureError)] = [
            (selection, [0, 0, 0, 0], .unsupportedSelection), (selection, [0, 0, 0, 2], .unsupportedSelection),
            (selection, [255, 255, 255, 255], .unsupportedSelection), (selection + 4, [0, 4], .unsupportedSelection),
            (selection + 6, [2], .unsupportedSelection), (selection + 6, [255], .truncated),
            (selection + 7, [0, 0, 0], .unsupportedSelection), (selection - 9, [2], .illegalValue),
            (6, [0, 67], .illegalValue), (6, [255, 255], .illegalValue), (6 + 36, [0, 67], .illegalValue),
            (selection + 10, [0, 31], .illegalValue), (selection + 10, [0, 65], .illegalValue),
        ]
        for (position, bytes, expected) in cases {
            var other = message
            other.replaceSubrange(position..<(position + bytes.count), with: bytes)
            #expect(throws: expected, "\(position) \(bytes)") { try TPMMessage(other) }
        }
        #expect(throws: TPMStructureError.truncated) { try TPMMessage([]) }
        let signature = try facts.quote("ecdsa").evidence.signature
        for (position, bytes, expected) in [
            (0, [0, 0x16], .unsupportedSignature), (2, [0, 4], .unsupportedSignature), (4, [0, 33], .illegalValue),
            (4, [0, 31], .illegalValue), (0, [0, 0x14], .trailingBytes),
        ] as [(Int, [UInt8], TPMStructureError)] {
            var other = signature
            other.replaceSubrange(position..<(position + bytes.count), with: bytes)
            #expect(throws: expected, "\(position) \(bytes)") { try TPMSignature(other) }
        }
    }

    @Test("any bytes give a verdict, and none that are made at random are accepted") func random() throws {
        var random = SeededGenerator(seed: SeededGenerator.seed(of: "random quotes of a TPM"))
        let (evidence, policy) = (try facts.quote("ecdsa").evidence, try facts.policy("ecdsa"))
        for _ in 0..<20_000 {
            var other = evidence
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let position = Int.random(in: 0..<other.message.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: other.message[position] = UInt8.random(in: .min ... .max, using: &random)
                case 1: other.message.insert(UInt8.random(in: .min ... .max, using: &random), at: position)
                case 2: other.message.removeSubrange(position...)
                default:
                    other.signature[position % other.signature.count] = UInt8.random(in: .min ... .max, using: &random)
                }
                if other.message.isEmpty { break }
            }
            guard other != evidence else { continue }
            #expect(refusal(other, policy) != nil)
        }
    }

    @Test("a key is one of P-256, or of RSA with 2048 to 4096 bits, in one form") func keys() throws {
        let ecdsa = try facts.key("ecdsa")
        #expect(TPMAttestationKey(ecdsa.encoded) == ecdsa)
        for position in ecdsa.encoded.indices {
            var other = ecdsa.encoded
            other[position] ^= 1
            // Another point is another key, or none at all.
            #expect(TPMAttestationKey(other) != ecdsa)
        }
        for other in [
            [], Array(ecdsa.encoded.dropLast()), ecdsa.encoded + [0], try facts.key("rsassa").encoded + [0],
            Array("-----BEGIN PUBLIC KEY-----\n".utf8), [UInt8](repeating: 65, count: 5_000),
        ] as [[UInt8]] {
            #expect(TPMAttestationKey(other) == nil)
        }
    }
}
