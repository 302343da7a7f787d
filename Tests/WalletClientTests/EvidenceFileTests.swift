import Attestation
import Foundation
import PublicCryptography
import QuoteKit
import StrictJSON
import TestSupport
import Testing
import WalletClient
import Wire

@Suite("Evidence in files")
struct EvidenceFileTests {
    @Test("the quote is read as it is or in hexadecimal digits, collateral in the chain's encoding or in JSON")
    func forms() throws {
        for bundle in try EvidenceBundle.all() {
            let collateral = try bundle.readCollateral()
            let text = CollateralJSON.text(collateral, for: try chain(of: bundle))
            let digits = Array((Hexadecimal.encode(bundle.evidence) + "\n").utf8)
            for (quote, encoded) in [
                (bundle.evidence, bundle.encodedCollateral), (digits, Array(text.utf8)),
                (bundle.evidence, Array(" \n\(text)\n".utf8)),
            ] {
                let file = try EvidenceFile(quote: quote, collateral: encoded)
                #expect(file.quote == bundle.evidence)
                #expect(file.collateral == collateral)
            }
            #expect(try EvidenceFile(quote: bundle.evidence).collateral == nil)
        }
    }

    @Test("certificates that JSON repeats must be those of the quote, and its texts what they are said to be")
    func strictJSON() throws {
        let bundle = try EvidenceBundle.named("phala/sgx_v3")
        let other = try EvidenceBundle.named("sim/sim_v3")
        let collateral = try bundle.readCollateral()
        func refuses(_ text: String) -> Bool {
            (try? EvidenceFile(quote: bundle.evidence, collateral: Array(text.utf8))) == nil
        }
        let text = CollateralJSON.text(collateral, for: try chain(of: bundle))
        #expect(!refuses(text))
        #expect(refuses(CollateralJSON.text(collateral, for: try chain(of: other))))
        #expect(refuses(text.replacing("\"pck_crl\":\"", with: "\"pck_crl\":\"x")))
        #expect(refuses(text.replacing("\"tcb_info\":", with: "\"tcb_information\":")))
        #expect(refuses(text.replacing("-----BEGIN", with: " -----BEGIN")))
        #expect(refuses(text + "x"))
        #expect((try? EvidenceFile(quote: bundle.evidence, collateral: [1, 2, 3])) == nil)
    }

    @Test("an explanation answers all twelve questions and says by what")
    func explanation() throws {
        let bundle = try EvidenceBundle.named("phala/tdx_v4")
        let accepted = try explain(bundle)
        #expect(accepted["verdict"]?.string == "accepted")
        let steps = try #require(accepted["steps"]?.array)
        #expect(steps.count == 12)
        #expect(steps.allSatisfy { $0["outcome"]?.string == "passed" && $0["evidence"]?.object?.isEmpty == false })
        #expect(accepted["root"]?.string == "Intel SGX Root CA")
        #expect(steps[9]["evidence"]?["status"]?.string == "UpToDate")
        #expect(steps[8]["evidence"]?["family"]?.string == "b0c06f000000")
        #expect(steps[10]["evidence"]?["mrtd"]?.string?.utf8.count == 96)

        // Configuration needed: refused by a rule, which is named.
        let needy = try explain(try EvidenceBundle.named("phala/sgx_v3"), statuses: [.upToDate])
        #expect(needy["verdict"]?.string == "refused")
        #expect(needy["refused_at"]?.string == "step 12, collateralPolicy")
        #expect(needy["rule"]?.string == "statusNotAllowed")
        #expect(needy["policy_asks_for"]?.string == "a status that is taken, or out of date for less than the grace")
        #expect(needy["steps"]?[8]?["evidence"]?["advisories"]?[1]?.string == "INTEL-SA-00615")
        #expect(needy["simulated"] == nil)

        let outdated = try explain(try EvidenceBundle.named("phala/tdx_v5_notcblevel"))
        #expect(outdated["rule"]?.string == "noSecurityLevel")
        #expect(outdated["steps"]?[9]?["outcome"]?.string == "not reached")
    }

    @Test("evidence of any length can be explained")
    func cutEvidence() throws {
        let bundle = try EvidenceBundle.named("phala/tdx_v4")
        for length in stride(from: 0, through: bundle.evidence.count, by: 97) {
            let file = try EvidenceFile(
                quote: Array(bundle.evidence[..<length]), collateral: bundle.encodedCollateral)
            let explanation = QuoteExplanation(
                file, roots: EvidenceBundle.roots, at: bundle.verifyAt, policy: QuotePolicy())
            #expect(!explanation.verdict.isAccepted)
            #expect(explanation.json["steps"]?.array?.count == 12)
        }
    }

    @Test("the vectors beside the checkout get their expected verdicts")
    func vectors() throws {
        guard let expected = QuoteFixtures.vector("expected.json") else { return }
        let bundles = try #require(try JSONReader.parse(expected).array)
        #expect(bundles.count >= 5)
        for bundle in bundles {
            let name = try #require(bundle["name"]?.string)
            let quote = try #require(bundle["quote"]?.string.flatMap(QuoteFixtures.vector))
            let collateral = try #require(bundle["collateral"]?.string.flatMap(QuoteFixtures.vector))
            let file = try EvidenceFile(quote: quote, collateral: collateral)
            let verdict = QuoteVerifier.verify(
                evidence: file.quote, collateral: file.collateral, roots: EvidenceBundle.roots,
                time: try #require(bundle["verify_at"]?.integer()), policy: EvidenceBundle.takesAll)
            let wanted = try #require(bundle["expected"]?.string)
            let found = verdict.claims?.security.map(\.status.name)
            #expect(found == (wanted.hasPrefix("REJECT") ? nil : wanted), "\(name)")
            // On the day on which the expectations were written down, all genuine collateral was over.
            let today = QuoteVerifier.verify(
                evidence: file.quote, collateral: file.collateral, roots: EvidenceBundle.roots,
                time: 1_795_333_094, policy: EvidenceBundle.takesAll)
            let wasRefused = try #require(bundle["today"]?.string).hasPrefix("REJECT")
            #expect(today.isAccepted == !wasRefused, "\(name)")
        }
    }

    private func chain(of bundle: EvidenceBundle) throws -> CertificateChain {
        let quote = try UnverifiedQuote(bundle.evidence, trailingZerosMax: 4_096)
        return try #require(CertificateChain.read(quote.certificationData))
    }

    private func explain(_ bundle: EvidenceBundle, statuses: [SecurityStatus]? = nil) throws -> JSONValue {
        var policy = EvidenceBundle.takesAll
        if let statuses { policy.statuses = statuses }
        let file = try EvidenceFile(quote: bundle.evidence, collateral: bundle.encodedCollateral)
        return QuoteExplanation(file, roots: [.intel], at: bundle.verifyAt, policy: policy).json
    }
}
