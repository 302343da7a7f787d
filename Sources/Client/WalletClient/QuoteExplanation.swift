import Attestation
import Foundation
import PublicCryptography
import StrictJSON
import Wire

/// A verdict over a quote, step by step: what was asked, what came out, and what it was found by.
///
/// The facts beside a step are what the evidence says; they are true only as far as the steps have passed. Each is a
/// number, a name of a known list, or bytes in hexadecimal digits: no text of a stranger's.
package struct QuoteExplanation {
    package let verdict: Verdict
    private let time: Int64
    private let evidence: EvidenceFile
    private let quote: UnverifiedQuote?
    private let chain: CertificateChain?
    private let platform: PlatformTable?
    private let quotingEnclave: QuotingEnclaveTable?

    package init(_ evidence: EvidenceFile, roots: [TrustRoot], at time: Int64, policy: QuotePolicy) {
        verdict = QuoteVerifier.verify(
            evidence: evidence.quote, collateral: evidence.collateral, roots: roots, time: time, policy: policy)
        (self.evidence, self.time) = (evidence, time)
        let quote = try? UnverifiedQuote(evidence.quote, trailingZerosMax: policy.trailingZerosMax)
        self.quote = quote
        chain = quote.flatMap { CertificateChain.read($0.certificationData) }
        let kind = quote?.header.kind ?? .sgx
        platform = evidence.collateral.flatMap { CollateralFields($0.levels.text) }
            .flatMap { try? PlatformTable($0, for: kind) }
        quotingEnclave = evidence.collateral.flatMap { CollateralFields($0.quotingEnclave.text) }
            .flatMap { try? QuotingEnclaveTable($0, for: kind) }
    }

    package var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("verdict", verdict.isAccepted ? "accepted" : "refused"), ("time", Self.date(time)),
        ]
        if let (step, refusal) = verdict.rejection {
            members.append(("refused_at", .string("step \(step.rawValue), \(step)")))
            members.append(("rule", .string(Self.name(refusal))))
            if let rule = PolicyRule.all.first(where: { $0.refusal == refusal }) {
                members.append(("policy_asks_for", .string(rule.text)))
            }
        }
        if let claims = verdict.claims {
            members.append(("root", .string(claims.root.name)))
            members.append(("simulated", .bool(claims.root.kind == .simulated)))
            members.append(("measurement", .string(claims.body.measurement.description)))
        }
        members.append(("quote_id", verdict.identity.map { .string($0.description) } ?? .null))
        members.append(("steps", .array(verdict.steps.map(explain))))
        return .object(members)
    }

    private func explain(_ report: StepReport) -> JSONValue {
        let outcome: String =
            switch report.outcome {
            case .passed: "passed"
            case .passedWithoutRevocation: "passed, without lists of revoked certificates"
            case .failed(let refusal): "refused: " + Self.name(refusal)
            case .notCheckedWithoutCollateral: "not checked: no collateral"
            case .notReached: "not reached"
            }
        var members: [(String, JSONValue)] = [
            ("step", .number(report.step.rawValue)), ("asks", .string(Self.question(report.step))),
            ("outcome", .string(outcome)),
        ]
        let facts = facts(of: report.step)
        if !facts.isEmpty { members.append(("evidence", .object(facts))) }
        return .object(members)
    }

    private static func name(_ refusal: Refusal) -> String {
        if case .malformed(let error) = refusal { return "malformed, \(error)" }
        return "\(refusal)"
    }

    private static func question(_ step: VerificationStep) -> String {
        switch step {
        case .structure: "Is it a quote of version 3, 4 or 5, and nothing else?"
        case .trustRoot: "Do its certificates end in a configured root, and are simulated ones marked as such?"
        case .certificateChain: "Does the root vouch for the machine's certificate, and is none of them revoked?"
        case .collateralSignatures: "Has the root's signer published the tables, and are they current?"
        case .quotingEnclaveSignature: "Has the machine's key signed the quoting enclave's report?"
        case .attestationKeyBinding: "Does that report name the key that signs quotes?"
        case .quoteSignature: "Has that key signed this quote?"
        case .quotingEnclaveIdentity: "Is the quoting enclave the maker's?"
        case .platformSecurityLevel: "Which row of the maker's table does the machine reach?"
        case .securityStatus: "What do machine, quoting enclave and module add up to?"
        case .reportPolicy: "Is what is quoted what the policy asks for?"
        case .collateralPolicy: "Are root, machine and status what the policy takes?"
        }
    }

    private func facts(of step: VerificationStep) -> [(String, JSONValue)] {
        guard let quote else { return [("bytes", .number(evidence.quote.count))] }
        switch step {
        case .structure:
            return [
                ("bytes", .number(evidence.quote.count)), ("version", .number(quote.header.version)),
                ("kind", .string("\(quote.header.kind)")),
            ]
        case .trustRoot:
            return [
                ("embedded_root_key", .string(chain?.embeddedRoot.publicKeyInfoHash.description ?? "none")),
                ("user_data", Self.hexadecimal(quote.header.userData)),
            ]
        case .certificateChain: return certificateFacts
        case .collateralSignatures:
            return Self.validity("tcb_info", platform?.validity)
                + Self.validity("qe_identity", quotingEnclave?.validity)
        case .quotingEnclaveSignature:
            return [
                ("quoting_enclave_measurement", .string(quote.quotingEnclave.measurement.description)),
                ("machine_key", .string(chain?.platform.publicKeyInfoHash.description ?? "none")),
            ]
        case .attestationKeyBinding:
            return [("report_data", Self.hexadecimal(quote.quotingEnclave.reportData))]
        case .quoteSignature: return [("signed_part", .string(quote.identity.description))]
        case .quotingEnclaveIdentity:
            return [
                ("signer", .string(quote.quotingEnclave.signer.description)),
                ("product", .number(quote.quotingEnclave.productID)),
                ("version", .number(quote.quotingEnclave.securityVersion)),
            ] + Self.level(try? quotingEnclave?.finding(on: quote.quotingEnclave))
        case .platformSecurityLevel:
            guard let machine = chain?.platform.platform else { return [] }
            let levels = (try? platform?.findings(on: machine, domain: quote.body.domain)) ?? []
            return [
                ("family", Self.hexadecimal(machine.family)), ("components", Self.hexadecimal(machine.components)),
                ("provisioning_version", .number(machine.provisioningVersion)),
            ] + Self.level(levels.first)
                + (levels.count > 1 ? [("further", .array(levels.dropFirst().map { .object(Self.level($0)) }))] : [])
        case .securityStatus:
            guard let security = verdict.claims?.security else { return [] }
            return [
                ("status", .string(security.status.name)),
                ("advisories", .array(security.advisories.map { .string($0) })),
            ]
        case .reportPolicy, .collateralPolicy: return policyFacts(step, quote.body)
        }
    }

    private var certificateFacts: [(String, JSONValue)] {
        guard let chain else { return [] }
        var facts = [("machine", chain.platform), ("authority", chain.authority), ("root", chain.embeddedRoot)].map {
            ($0.0 + "_valid", Self.range($0.1.validity))
        }
        guard let collateral = evidence.collateral else { return facts }
        for (name, list) in [("root_list", collateral.rootList), ("machine_list", collateral.platformList)] {
            guard let read = RevocationList.parse(list) else { continue }
            facts.append((name + "_valid", Self.range(read.validity)))
            facts.append((name + "_entries", .number(read.list.count)))
        }
        return facts
    }

    /// What the policy's rules look at, and what they ask for.
    private func policyFacts(_ step: VerificationStep, _ body: QuoteBody) -> [(String, JSONValue)] {
        var facts = [(String, JSONValue)]()
        if step == .reportPolicy {
            facts += [
                ("measurement", .string(body.measurement.description)), ("signer", .string(body.signer.description)),
                ("product", .number(body.productID)), ("version", .number(body.securityVersion)),
                ("debug", .bool(body.isDebug)), ("report_data", Self.hexadecimal(body.reportData)),
            ]
            if let domain = body.domain {
                let names = ["mrtd", "mrconfigid", "mrowner", "mrownerconfig", "rtmr0", "rtmr1", "rtmr2", "rtmr3"]
                facts += zip(names, domain.measurements).map { ($0, Self.hexadecimal($1)) }
            }
        }
        let rules = PolicyRule.all.filter { $0.step == step }.map { JSONValue.string($0.text) }
        return facts + [("rules", .array(rules))]
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> JSONValue { .string(Hexadecimal.encode(bytes)) }

    private static func date(_ seconds: Int64) -> JSONValue {
        .string(Timestamp(seconds: seconds, nanoseconds: 0)?.description ?? String(seconds))
    }

    private static func range(_ range: ClosedRange<Int64>) -> JSONValue {
        .array([date(range.lowerBound), date(range.upperBound)])
    }

    private static func validity(_ name: String, _ validity: CollateralValidity?) -> [(String, JSONValue)] {
        guard let validity else { return [] }
        return [
            (name + "_valid", .array([date(validity.issued), date(validity.nextUpdate)])),
            (name + "_evaluation_number", .number(validity.evaluationNumber)),
        ]
    }

    private static func level(_ level: SecurityLevel?) -> [(String, JSONValue)] {
        guard let level else { return [] }
        return [
            ("status", .string(level.status.name)), ("of", date(level.date)),
            ("advisories", .array(level.advisories.map { .string($0) })),
        ]
    }
}
