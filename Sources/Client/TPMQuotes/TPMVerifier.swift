import Attestation
import PublicCryptography

/// A quote of a TPM with what belongs to it, as it is presented.
package struct TPMEvidence: Equatable, Sendable {
    /// TPMS_ATTEST.
    package var message: [UInt8]
    /// TPMT_SIGNATURE.
    package var signature: [UInt8]
    /// The values of the quoted registers, in their order.
    package var values: [Hash32]
    /// The attestation key's certificate in DER, then those above it, without the root.
    package var certificates: [[UInt8]]

    package init(message: [UInt8], signature: [UInt8], values: [Hash32] = [], certificates: [[UInt8]] = []) {
        (self.message, self.signature) = (message, signature)
        (self.values, self.certificates) = (values, certificates)
    }
}

/// What a quote has to be. Each line that is `nil` or empty asks for nothing.
package struct TPMPolicy: Equatable, Sendable {
    /// Either the very key, or a root that vouches for it.
    package enum Signer: Equatable, Sendable {
        case key(TPMAttestationKey)
        /// A P-256 certificate that the chain ends in.
        case root(Certificate)
    }

    package var signer: Signer
    /// What must have been signed with it. There is no quote without: else one of yesterday is good today.
    package var qualifyingData: [UInt8]
    /// Registers that must be quoted, with the values that they must have.
    package var registers: [Int: Hash32] = [:]
    /// Quotes under a clock that a loss of power may have set back.
    package var allowsUnsafeClock = true
    package var firmware: UInt64?

    package init(signer: Signer, qualifyingData: [UInt8], registers: [Int: Hash32] = [:]) {
        (self.signer, self.qualifyingData, self.registers) = (signer, qualifyingData, registers)
    }
}

/// The steps in their order; each relies on those before it.
package enum TPMStep: Int, CaseIterable, Sendable {
    /// Message and signature have the structures of a quote, and nothing follows.
    case structure = 1
    /// The attestation key is the expected one, or a configured root vouches for it.
    case attestationKey
    /// That key signed the message.
    case signature
    /// It was signed over what is expected.
    case qualifyingData
    /// The registers that are expected are among those quoted.
    case selection
    /// The values presented are those that were quoted.
    case registersDigest
    /// The expected registers have the expected values.
    case registers
    /// Clock and firmware are what the policy takes.
    case machine
}

package enum TPMRefusal: Error, Equatable, Sendable {
    case malformed(TPMStructureError)
    case otherKey
    case malformedCertificates
    case certificateOutsideValidity
    case brokenCertificateChain
    case wrongSignature
    case otherQualifyingData
    case registerNotQuoted(Int)
    case otherValues
    case registerDiffers(Int)
    case unsafeClock
    case otherFirmware
}

package enum TPMOutcome: Equatable, Sendable {
    case passed
    case failed(TPMRefusal)
    case notReached
}

/// What was found, step by step.
package struct TPMVerdict: Equatable, Sendable {
    /// All eight, in order.
    package let steps: [(step: TPMStep, outcome: TPMOutcome)]
    /// What is now known; `nil` if any step failed.
    package let message: TPMMessage?

    package var isAccepted: Bool { message != nil }

    package var rejection: (step: TPMStep, refusal: TPMRefusal)? {
        for (step, outcome) in steps {
            if case .failed(let refusal) = outcome { return (step, refusal) }
        }
        return nil
    }

    package static func == (left: TPMVerdict, right: TPMVerdict) -> Bool {
        left.message == right.message && left.steps.elementsEqual(right.steps, by: ==)
    }
}

package enum TPMVerifier {
    /// Goes through the steps until one fails. `time`, in seconds since 1970, counts where certificates are shown.
    package static func verify(_ evidence: TPMEvidence, policy: TPMPolicy, time: Int64) -> TPMVerdict {
        var outcomes: [TPMOutcome] = []
        func verdict(_ message: TPMMessage?) -> TPMVerdict {
            TPMVerdict(
                steps: TPMStep.allCases.enumerated().map { index, step in
                    (step, index < outcomes.count ? outcomes[index] : .notReached)
                }, message: message)
        }
        do throws(TPMRefusal) {
            let (message, signature) = try parse(evidence)
            outcomes.append(.passed)
            let key = try key(of: evidence, signature, policy.signer, at: time)
            outcomes.append(.passed)
            guard key.signed(evidence.message, signature) else { throw .wrongSignature }
            outcomes.append(.passed)
            guard message.qualifyingData == policy.qualifyingData else { throw .otherQualifyingData }
            outcomes.append(.passed)
            for register in policy.registers.keys.sorted() where !message.registers.contains(register) {
                throw .registerNotQuoted(register)
            }
            outcomes.append(.passed)
            guard evidence.values.count == message.registers.count,
                SHA256.hash(evidence.values.flatMap(\.bytes)) == message.registersDigest
            else { throw .otherValues }
            outcomes.append(.passed)
            for (register, value) in zip(message.registers, evidence.values) {
                guard policy.registers[register] ?? value == value else { throw .registerDiffers(register) }
            }
            outcomes.append(.passed)
            guard policy.allowsUnsafeClock || message.isClockSafe else { throw .unsafeClock }
            guard policy.firmware ?? message.firmware == message.firmware else { throw .otherFirmware }
            outcomes.append(.passed)
            return verdict(message)
        } catch {
            outcomes.append(.failed(error))
            return verdict(nil)
        }
    }

    private static func parse(_ evidence: TPMEvidence) throws(TPMRefusal) -> (TPMMessage, TPMSignature) {
        do throws(TPMStructureError) {
            return (try TPMMessage(evidence.message), try TPMSignature(evidence.signature))
        } catch {
            throw .malformed(error)
        }
    }

    /// The key that is to have signed.
    private static func key(
        of evidence: TPMEvidence, _ signature: TPMSignature, _ signer: TPMPolicy.Signer, at time: Int64
    ) throws(TPMRefusal) -> TPMAttestationKey {
        let root: Certificate
        switch signer {
        case .key(let key): return key
        case .root(let configured): root = configured
        }
        guard (1...TPMLimits.certificatesMax).contains(evidence.certificates.count) else {
            throw .malformedCertificates
        }
        var chain: [Certificate] = []
        for der in evidence.certificates {
            guard let certificate = Certificate.read(der) else { throw .malformedCertificates }
            chain.append(certificate)
        }
        // Only the first is no authority; each is signed by the next, and the last by the root.
        guard !chain[0].isAuthority, chain.dropFirst().allSatisfy(\.isAuthority), root.isAuthority else {
            throw .brokenCertificateChain
        }
        for (depth, (certificate, authority)) in zip(chain, chain.dropFirst() + [root]).enumerated() {
            switch certificate.refusal(under: authority, below: depth, at: time) {
            case nil: continue
            case .certificateOutsideValidity: throw .certificateOutsideValidity
            default: throw .brokenCertificateChain
            }
        }
        guard root.validity.contains(time) else { throw .certificateOutsideValidity }
        return TPMAttestationKey(of: chain[0])
    }
}
