import PublicCryptography

/// What a quoted enclave has to be. `nil` in a field accepts anything there.
package struct QuotePolicy: Sendable, Equatable {
    /// Approved MRENCLAVE values.
    package var measurements: [Hash32]?
    /// Approved MRSIGNER values.
    package var signers: [Hash32]?
    package var productID: UInt16?
    package var securityVersionMin: UInt16 = 0
    /// All 64 bytes.
    package var reportData: [UInt8]?
    /// A debug enclave keeps no secret from its host; for tests and development tools only.
    package var allowsDebug = false
    /// Kinds of root whose quotes are taken without collateral. Not hardware by default: see `Attestation`.
    package var kindsWithoutCollateral: [TrustRoot.Kind] = [.simulated]

    package init(
        measurements: [Hash32]? = nil, signers: [Hash32]? = nil, productID: UInt16? = nil,
        securityVersionMin: UInt16 = 0, reportData: [UInt8]? = nil
    ) {
        self.measurements = measurements
        self.signers = signers
        self.productID = productID
        self.securityVersionMin = securityVersionMin
        self.reportData = reportData
    }

    func refusal(of body: QuoteBody) -> Refusal? {
        guard body.attributes.isInitialized else { return .notInitialized }
        guard allowsDebug || !body.attributes.isDebug else { return .debugEnclave }
        if let measurements, !measurements.contains(body.measurement) { return .measurementNotApproved }
        if let signers, !signers.contains(body.signer) { return .signerNotApproved }
        if let productID, productID != body.productID { return .wrongProduct }
        guard body.securityVersion >= securityVersionMin else { return .securityVersionTooLow }
        if let reportData, reportData != body.reportData { return .wrongReportData }
        return nil
    }
}
