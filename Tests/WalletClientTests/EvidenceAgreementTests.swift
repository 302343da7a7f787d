import Attestation
import Foundation
import PublicCryptography
import QuoteKit
import Seeds
import StrictJSON
import TestSupport
import Testing
import WalletClient

/// Against an independent verifier, dcap-qvl (Rust), which `make evidence-agreement` installs; not in `make test`.
@Suite("Agreement with dcap-qvl", .enabled(if: Oracle.isThere))
struct EvidenceAgreementTests {
    @Test("the same verdict on genuine, simulated and minted quotes")
    func originals() throws {
        var cases = try EvidenceBundle.all().map { bundle in
            let root = bundle.root == "intel" ? QuoteFixtures.intelRoot : QuoteFixtures.simulatedRoot
            return Oracle.Case(bundle.evidence, try Oracle.Bundle(bundle, root: root))
        }
        for (version, kind, isExtended) in [
            (UInt16(3), TrustedExecution.sgx, false), (4, .tdx, false), (5, .tdx, false), (5, .tdx, true),
        ] {
            for status in SecurityStatus.names.map(\.name) {
                for quotingEnclave in ["UpToDate", "OutOfDate"] {
                    var mint = EvidenceMint()
                    (mint.version, mint.kind, mint.isExtendedDomain) = (version, kind, isExtended)
                    mint.levels[0].status = status
                    mint.levels[0].advisories = ["INTEL-SA-00289"]
                    mint.quotingEnclaveLevels = [(8, quotingEnclave, ["INTEL-SA-00615"])]
                    cases.append(try Oracle.Case(mint: mint))
                }
            }
        }
        let answers = try Oracle.ask(cases)
        for (number, (asked, answer)) in zip(cases, answers).enumerated() {
            let verdict = asked.verdict
            guard let security = verdict.claims?.security else {
                #expect(answer.hasPrefix("REJECT"), "\(number): \(verdict.rejection!), \(answer)")
                continue
            }
            // Stated policy: what an outdated quoting enclave adds to a machine that needs configuration.
            let isMerged = security.status == [.outOfDate, .configurationNeeded]
            let names = isMerged ? ["OutOfDateConfigurationNeeded", "OutOfDate"] : [security.status.name]
            #expect(
                names.contains { answer == "OK \($0) \(security.advisories.joined(separator: ","))" },
                "\(number): \(security), \(answer)")
        }
    }

    @Test("10,000 changed quotes: nothing is accepted here and refused there, and what is refused here alone is named")
    func changed() throws {
        var random = SeededGenerator(seed: 9)
        let bundles = try EvidenceBundle.all()
        let originals = try bundles.map { bundle in
            let root = bundle.root == "intel" ? QuoteFixtures.intelRoot : QuoteFixtures.simulatedRoot
            return Oracle.Case(bundle.evidence, try Oracle.Bundle(bundle, root: root))
        }
        var cases = [Oracle.Case]()
        while cases.count < Oracle.rounds {
            var changed = originals[Int(random.next() % UInt64(originals.count))]
            let original = changed.quote
            for _ in 0...Int(random.next() % 3) { Self.change(&changed.quote, others: originals, using: &random) }
            if changed.quote != original { cases.append(changed) }
        }
        var counts: [String: Int] = [:]
        for (number, (asked, answer)) in zip(cases, try Oracle.ask(cases)).enumerated() {
            let verdict = asked.verdict
            switch (verdict.claims?.security, answer.hasPrefix("OK")) {
            case (let security?, _):
                #expect(answer.hasPrefix("OK \(security.status.name) "), "\(number): accepted here, there \(answer)")
                counts["both accept", default: 0] += 1
            case (nil, false): counts["both refuse", default: 0] += 1
            case (nil, true):
                // Stated policy: one encoding. It reads PEM and what is behind a quote with more patience, and does not
                // compare the embedded root.
                let refusal = try #require(verdict.rejection?.refusal)
                let isStated: [Refusal] = [
                    .malformedCertificates, .unknownRoot, .malformed(.trailingBytes), .malformed(.inconsistentLength),
                    .malformed(.tooLong),
                ]
                #expect(isStated.contains(refusal), "\(number): \(refusal), there \(answer)")
                counts["refused here alone: \(refusal)", default: 0] += 1
            }
        }
        print("agreement with dcap-qvl over \(cases.count) changed quotes:", counts.sorted { $0.key < $1.key })
        #expect(counts["both refuse", default: 0] > Oracle.rounds / 2)
    }

    private static func change(
        _ quote: inout [UInt8], others: [Oracle.Case], using random: inout SeededGenerator
    ) {
        guard !quote.isEmpty else { return }
        let position = Int(random.next() % UInt64(quote.count))
        switch random.next() % 8 {
        case 0, 1, 2: quote[position] ^= 1 << UInt8(random.next() % 8)
        // Before the certificates, where the statement is.
        case 3: quote[position % min(quote.count, 1_300)] = UInt8(truncatingIfNeeded: random.next())
        case 4: quote.insert(UInt8(truncatingIfNeeded: random.next()), at: position)
        case 5: quote.remove(at: position)
        case 6:
            let other = others[Int(random.next() % UInt64(others.count))].quote
            let end = min(quote.count, other.count, position + Int(random.next() % 400))
            if position < end { quote.replaceSubrange(position..<end, with: other[position..<end]) }
        default:
            if random.next() % 2 == 0 { quote.removeLast(min(quote.count, 80)) } else { quote += [0, 0, 0] }
        }
    }
}

/// The other verifier, in a Python of its own.
private enum Oracle {
    static let rounds = 10_000
    private static let python = Repository.path(".venv-dcap/bin/python3")
    static let isThere = FileManager.default.isExecutableFile(atPath: python)

    struct Bundle: Encodable {
        let collateral: String
        let root: String
        let time: Int64

        init(_ bundle: EvidenceBundle, root: [UInt8]) throws {
            try self.init(bundle.evidence, try bundle.readCollateral(), root: root, time: bundle.verifyAt)
        }

        init(_ quote: [UInt8], _ collateral: Collateral, root: [UInt8], time: Int64) throws {
            let certification = try UnverifiedQuote(quote, trailingZerosMax: 4_096).certificationData
            let chain = try #require(CertificateChain.read(certification))
            self.collateral = CollateralJSON.text(collateral, for: chain)
            (self.root, self.time) = (Hexadecimal.encode(root), time)
        }
    }

    struct Case {
        var quote: [UInt8]
        let bundle: Bundle
        let collateral: Collateral?

        init(_ quote: [UInt8], _ bundle: Bundle) {
            (self.quote, self.bundle) = (quote, bundle)
            collateral = (try? EvidenceFile(quote: quote, collateral: Array(bundle.collateral.utf8)))?.collateral
        }

        init(mint: EvidenceMint) throws {
            let quote = mint.quote()
            let certification = try UnverifiedQuote(quote).certificationData
            let root = try #require(CertificateChain.read(certification)).embeddedRoot.der
            self.init(quote, try Bundle(quote, mint.collateral(), root: root, time: EvidenceMint.now))
        }

        var verdict: Verdict {
            let root = Hexadecimal.decode(bundle.root)!
            let kind: TrustRoot.Kind = root == QuoteFixtures.intelRoot ? .hardware : .simulated
            return QuoteVerifier.verify(
                evidence: quote, collateral: collateral,
                roots: [TrustRoot(name: "root", kind: kind, certificate: root)!], time: bundle.time,
                policy: EvidenceBundle.takesAll)
        }
    }

    static func ask(_ cases: [Case]) throws -> [String] {
        let folder = TemporaryFolder()
        var numbers: [String: Int] = [:]
        var bundles = [Bundle]()
        var bytes = Data()
        for asked in cases {
            if numbers[asked.bundle.collateral] == nil {
                numbers[asked.bundle.collateral] = bundles.count
                bundles.append(asked.bundle)
            }
            for value in [numbers[asked.bundle.collateral]!, asked.quote.count] {
                bytes.append(contentsOf: (0..<4).map { UInt8(value >> (8 * $0) & 0xff) })
            }
            bytes.append(contentsOf: asked.quote)
        }
        let (list, file) = (folder.url.appending(path: "bundles"), folder.url.appending(path: "cases"))
        try JSONEncoder().encode(bundles).write(to: list)
        try bytes.write(to: file)
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: python)
        process.arguments = [Repository.path("Tests/WalletClientTests/dcap_oracle.py"), list.path, file.path]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let lines = text.split(separator: "\n").map(String.init)
        try #require(process.terminationStatus == 0 && lines.count == cases.count)
        return lines
    }
}
