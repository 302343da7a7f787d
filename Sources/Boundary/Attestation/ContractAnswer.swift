/// What contracts are told of a quote (Secret Network protocol: imports, `dcap_quote_verify`).
extension QuoteVerifier {
    /// `SGX_QL_QV_RESULT_OK` of Intel's quote verification library.
    package static let resultAccepted: UInt32 = 0
    /// `SGX_QL_QV_RESULT_INVALID_SIGNATURE`: something that must be signed, or bound by a signature, is not.
    package static let resultInvalidSignature: UInt32 = 0xa004

    /// The number that Intel's library would give for `evidence`; `nil` where it would give an error: evidence that is
    /// no quote, is under no root of the chain, is outside its certificates' time, or needs collateral.
    ///
    /// Debug enclaves are accepted as that library accepts them: the contract has the quote, and reads the enclave's
    /// measurement and attributes there.
    package static func resultForContracts(evidence: [UInt8], roots: [TrustRoot], time: Int64) -> UInt32? {
        var policy = QuotePolicy()
        (policy.allowsDebug, policy.allowsConfiguration) = (true, true)
        switch verify(evidence: evidence, roots: roots, time: time, policy: policy).rejection?.refusal {
        case nil: return resultAccepted
        case .brokenCertificateChain, .wrongQuotingEnclaveSignature, .attestationKeyNotBound, .wrongQuoteSignature:
            return resultInvalidSignature
        default: return nil
        }
    }
}
