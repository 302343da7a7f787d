/// How evidence is laid out. A new format is a new case; the compiler then names every place that has to know it.
package enum EvidenceFormat: UInt16, Sendable, CaseIterable {
    /// Intel SGX DCAP quote, version 3: ECDSA over P-256, an SGX report, certification data beside it.
    case sgxQuoteV3 = 3

    /// Reads the version that every DCAP quote opens with. `nil` for versions that are not verified here.
    package init?(openingOf evidence: [UInt8]) {
        guard evidence.count >= 2 else { return nil }
        self.init(rawValue: UInt16(evidence[0]) | UInt16(evidence[1]) << 8)
    }

    /// What may follow the quote that its own structure does not account for: nothing. Guests that hand out quotes with
    /// zeros behind them are to be cut before the quote goes on chain.
    var trailingBytesMax: Int { 0 }
}

/// Bounds on evidence, all checked before anything is allocated.
package enum EvidenceLimits {
    /// Genuine quotes of version 3 have 4,600 to 4,800 bytes.
    package static let evidenceBytesMax = 16 * 1024
    package static let certificateBytesMax = 4 * 1024
}
