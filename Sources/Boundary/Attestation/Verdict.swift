import PublicCryptography

/// What the verifier found, step by step.
package struct Verdict: Sendable, Equatable {
    /// All twelve, in order.
    package let steps: [StepReport]
    /// The quote's identity, whether accepted or not; `nil` if the evidence is not a quote.
    package let identity: Hash32?
    /// What is now known; `nil` if any step failed.
    package let claims: QuoteClaims?

    package var isAccepted: Bool { claims != nil }

    /// The step that failed, and why; `nil` if the evidence was accepted.
    package var rejection: (step: VerificationStep, refusal: Refusal)? {
        for report in steps {
            if case .failed(let refusal) = report.outcome { return (report.step, refusal) }
        }
        return nil
    }
}

package struct StepReport: Sendable, Equatable {
    package let step: VerificationStep
    package let outcome: StepOutcome
}

/// The steps in their order; each relies on those before it.
package enum VerificationStep: Int, Sendable, CaseIterable {
    /// The evidence has the structure of a quote.
    case structure = 1
    /// The certificates end in a configured root, and the quote bears the marks of that kind of root.
    case trustRoot
    /// Platform certificate <- authority <- root, valid at the time given.
    case certificateChain
    /// TCB info and quoting enclave identity are signed and current.
    case collateralSignatures
    /// The platform's key signed the quoting enclave's report.
    case quotingEnclaveSignature
    /// That report names the attestation key.
    case attestationKeyBinding
    /// The attestation key signed the quote.
    case quoteSignature
    /// The quoting enclave is the maker's.
    case quotingEnclaveIdentity
    /// The platform's security versions have a known level.
    case platformSecurityLevel
    /// What the levels add up to.
    case securityStatus
    /// The quoted enclave is one that policy accepts.
    case reportPolicy
    /// Policy accepts root, machine and status, and the age of the collateral.
    case collateralPolicy
}

package enum StepOutcome: Sendable, Equatable {
    case passed
    /// All but revocation, which needs the issuers' lists.
    case passedWithoutRevocation
    case failed(Refusal)
    /// Collateral would be needed, and none was given.
    case notCheckedWithoutCollateral
    /// An earlier step failed.
    case notReached
}

/// Why a step failed.
package enum Refusal: Error, Sendable, Equatable {
    case malformed(QuoteStructureError)
    case malformedCertificates
    case unknownRoot
    /// A simulated quote under a root that is configured as hardware, or the reverse.
    case marksContradictRoot
    case wrongAuthorityFlag
    case noPlatformCertificate
    case certificateOutsideValidity
    case brokenCertificateChain
    case malformedRevocationList
    case wrongRevocationListSignature
    case revocationListOutsideValidity
    case revokedCertificate
    case collateralMissing
    case malformedCollateral
    case wrongCollateralSignature
    /// TCB info or QE identity for evidence of another kind, or of a version that is not read.
    case wrongCollateralKind
    case collateralOutsideValidity
    case wrongQuotingEnclaveSignature
    case attestationKeyNotBound
    case wrongQuoteSignature
    case wrongQuotingEnclave
    case quotingEnclaveTooOld
    /// TCB info of another family of machines.
    case otherPlatform
    case noSecurityLevel
    case wrongDomainModule
    case revokedSecurityLevel
    // What follows is refused by a rule of the policy.
    case kindNotAllowed
    case notInitialized
    case debugEnclave
    case unsafeDomain
    case serviceDomain
    case configured
    case measurementNotApproved
    case signerNotApproved
    case wrongProduct
    case securityVersionTooLow
    case wrongReportData
    case rootKindNotAllowed
    case platformNotListed
    case platformRefused
    case dynamicPlatform
    case sharedCores
    case statusNotAllowed
    case advisoryRefused
    case evaluationNumberTooLow
    case collateralTooOld
}
