import Attestation
import PublicCryptography
import StrictJSON
import TPMQuotes

/// A verdict over a quote of a TPM, step by step, in the form of `QuoteExplanation`.
///
/// The facts beside a step are what the evidence says; they are true only as far as the steps have passed.
package struct TPMExplanation {
    package let verdict: TPMVerdict
    private let message: TPMMessage?
    private let evidence: TPMEvidence
    private let policy: TPMPolicy

    package init(_ evidence: TPMEvidence, policy: TPMPolicy, at time: Int64) {
        verdict = TPMVerifier.verify(evidence, policy: policy, time: time)
        message = try? TPMMessage(evidence.message)
        (self.evidence, self.policy) = (evidence, policy)
    }

    package var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("verdict", verdict.isAccepted ? "accepted" : "refused"), ("format", "tpm2-quote"),
        ]
        if let (step, refusal) = verdict.rejection {
            members.append(("refused_at", .string("step \(step.rawValue), \(step)")))
            members.append(("rule", .string("\(refusal)")))
        }
        members.append(("steps", .array(verdict.steps.map { explain($0, $1) })))
        return .object(members)
    }

    private func explain(_ step: TPMStep, _ outcome: TPMOutcome) -> JSONValue {
        let text: String =
            switch outcome {
            case .passed: "passed"
            case .failed(let refusal): "refused: \(refusal)"
            case .notReached: "not reached"
            }
        let facts = facts(of: step)
        return .object(
            [("step", .number(step.rawValue)), ("asks", .string(Self.question(step))), ("outcome", .string(text))]
                + (facts.isEmpty ? [] : [("evidence", .object(facts))]))
    }

    private static func question(_ step: TPMStep) -> String {
        switch step {
        case .structure: "Is it a quote that a TPM made, and nothing else?"
        case .attestationKey: "Is the attestation key the expected one, or does a root vouch for it?"
        case .signature: "Has that key signed this quote?"
        case .qualifyingData: "Was it signed over what is expected?"
        case .selection: "Are the registers quoted that are asked for?"
        case .registersDigest: "Are the values presented those that were quoted?"
        case .registers: "Have the registers the expected values?"
        case .machine: "Are clock and firmware what is taken?"
        }
    }

    private func facts(of step: TPMStep) -> [(String, JSONValue)] {
        guard let message else { return [("bytes", .number(evidence.message.count))] }
        func digits(_ bytes: [UInt8]) -> JSONValue { .string(Hexadecimal.encode(bytes)) }
        switch step {
        case .structure: return [("bytes", .number(evidence.message.count)), ("signer_name", digits(message.signer))]
        case .attestationKey:
            switch policy.signer {
            case .key(let key): return [("key_sha256", .string(key.hash.description))]
            case .root(let root):
                return [
                    ("certificates", .number(evidence.certificates.count)),
                    ("root_key_sha256", .string(root.publicKeyInfoHash.description)),
                ]
            }
        case .signature: return [("message_sha256", .string(SHA256.hash(evidence.message).description))]
        case .qualifyingData: return [("qualifying_data", digits(message.qualifyingData))]
        case .selection: return [("registers", .array(message.registers.map { .number($0) }))]
        case .registersDigest: return [("registers_digest", .string(message.registersDigest.description))]
        case .registers:
            guard evidence.values.count == message.registers.count else { return [] }
            return zip(message.registers, evidence.values).map { ("pcr_\($0)", .string($1.description)) }
        case .machine:
            return [
                ("clock_milliseconds", .string(String(message.clock))), ("clock_safe", .bool(message.isClockSafe)),
                ("resets", .number(message.resets)), ("restarts", .number(message.restarts)),
                ("firmware", .string(String(message.firmware, radix: 16))),
            ]
        }
    }
}
