/// What stands behind a quote.
package enum TrustedExecution: UInt32, Sendable, CaseIterable {
    case sgx = 0
    case tdx = 0x81
}

/// Bounds on evidence, all checked before anything is allocated.
package enum EvidenceLimits {
    /// Genuine quotes have 4,600 to 5,100 bytes, and up to 3,100 zeros behind them.
    package static let evidenceBytesMax = 16 * 1024
    package static let certificateBytesMax = 4 * 1024
    /// Of a list of revoked certificates: Intel's longest has 3,400.
    package static let revocationListBytesMax = 32 * 1024
    /// Of TCB info or the identity of a quoting enclave: Intel's have up to 8,000.
    package static let collateralTextBytesMax = 32 * 1024
}
