import Attestation
import DecidedBlocks
import PublicCryptography
import StrictJSON

/// A validator's key with the quote of the enclave that has it, as `cloister-node keys show` prints them: for who
/// delegates to the validator, or audits it.
package struct ConsensusKeyEvidence: Sendable {
    package let publicKey: [UInt8]
    package let quote: [UInt8]

    package init(json bytes: [UInt8]) throws {
        guard let json = try? JSONReader.parse(bytes, limits: JSONLimits(bytesMax: 1 << 16)),
            let publicKey = json["pub_key"]?["value"]?.string.flatMap({ Base64.decode($0) }),
            publicKey.count == Ed25519.publicKeyByteCount
        else { throw ClientError(.invalidInput, "this is no validator's key, as `cloister-node keys show` prints it") }
        guard let quote = json["evidence"]?.string.flatMap({ Base64.decode($0) }) else {
            throw ClientError(.evidenceRefused, "there is no evidence: the key is in a file, which its host can read")
        }
        (self.publicKey, self.quote) = (publicKey, quote)
    }

    /// What is known of the key's enclave; throws unless it is of this program, on a machine under this root.
    package struct Verified: Equatable, Sendable {
        package var address: String
        /// What the machine says of itself.
        package var facts: [String]
    }

    package func verify(measurement: Hash32, root: Hash32, rootIsSimulated: Bool, at time: Int64) throws -> Verified {
        let trusted = TrustRoot(
            name: "expected", kind: rootIsSimulated ? .simulated : .hardware, publicKeyInfoHash: root)
        let verdict = QuoteVerifier.verify(
            evidence: quote, roots: [trusted], time: time, policy: QuotePolicy(measurements: [measurement]))
        guard let body = verdict.claims?.body else {
            let reason = verdict.rejection.map { "step \($0.step.rawValue), \($0.step): \($0.refusal)" } ?? "refused"
            throw ClientError(.evidenceRefused, "the evidence of this validator's key does not hold: \(reason)")
        }
        guard let facts = ReportData.facts(in: body.reportData),
            body.reportData == ReportData.consensusKey(publicKey, facts: facts)
        else { throw ClientError(.evidenceRefused, "the quote is over another key") }
        guard rootIsSimulated == facts.contains(.simulated) else {
            throw ClientError(.evidenceRefused, "the machine is not what its root says")
        }
        return Verified(
            address: ValidatorAddress(publicKey: publicKey).description,
            facts: PlatformFacts.names.filter { facts.contains($0.fact) }.map(\.name))
    }
}
