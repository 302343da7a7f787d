import PublicCryptography

/// What a TPM signs for a quote (Part 2, 10.12.8: TPMS_ATTEST with a TPMS_QUOTE_INFO), taken apart, nothing verified.
package struct TPMMessage: Equatable, Sendable {
    /// TPM_GENERATED_VALUE: no key that signs what others give it signs this.
    private static let generated: UInt32 = 0xff54_4347
    /// TPM_ST_ATTEST_QUOTE
    private static let quote: UInt16 = 0x8018

    /// The qualified name of the key that signed: a hash over it and its parents.
    package let signer: [UInt8]
    /// What the caller gave to be signed with: our report data, or a hash of it.
    package let qualifyingData: [UInt8]
    /// Milliseconds that the TPM has run, and how often it was reset and restarted.
    package let clock: UInt64
    package let resets: UInt32
    package let restarts: UInt32
    /// Whether that clock was never set back by a loss of power.
    package let isClockSafe: Bool
    package let firmware: UInt64
    /// Which registers of the SHA-256 bank are quoted, ascending.
    package let registers: [Int]
    /// SHA-256 over their values, in their order.
    package let registersDigest: Hash32

    package init(_ bytes: [UInt8]) throws(TPMStructureError) {
        guard bytes.count <= TPMLimits.messageBytesMax else { throw .tooLong }
        var reader = TPMReader(bytes)
        guard try reader.integer(UInt32.self) == TPMMessage.generated else { throw .notGenerated }
        guard try reader.integer(UInt16.self) == TPMMessage.quote else { throw .notQuote }
        // A name is an algorithm and a hash of at most 64 bytes (10.5.2).
        signer = try reader.sized(atMost: 66)
        // No longer than a hash with its algorithm (10.4.3).
        qualifyingData = try reader.sized(atMost: 66)
        (clock, resets) = (try reader.integer(UInt64.self), try reader.integer(UInt32.self))
        restarts = try reader.integer(UInt32.self)
        // TPMI_YES_NO is 0 or 1 (9.2).
        let safe = try reader.integer(UInt8.self)
        guard safe <= 1 else { throw .illegalValue }
        isClockSafe = safe == 1
        firmware = try reader.integer(UInt64.self)
        registers = try TPMMessage.registers(&reader)
        guard let digest = Hash32(try reader.sized(atMost: 64)) else { throw .illegalValue }
        registersDigest = digest
        try reader.finish()
    }

    /// TPML_PCR_SELECTION (10.9.7): for each bank, a bit for each register, the lowest first.
    private static func registers(_ reader: inout TPMReader) throws(TPMStructureError) -> [Int] {
        guard try reader.integer(UInt32.self) == 1 else { throw .unsupportedSelection }
        guard try reader.integer(UInt16.self) == TPMAlgorithm.sha256 else { throw .unsupportedSelection }
        let mask = try reader.take(Int(try reader.integer(UInt8.self)))
        let chosen = (0..<(8 * mask.count)).filter { mask[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
        guard mask.count == TPMLimits.registerCount / 8, !chosen.isEmpty else { throw .unsupportedSelection }
        return chosen
    }
}

/// TPMT_SIGNATURE (Part 2, 11.3.4) with SHA-256: ECDSA over P-256, or RSASSA of PKCS #1.
package enum TPMSignature: Equatable, Sendable {
    /// r || s, 32 bytes each.
    case ecdsa([UInt8])
    case rsassa([UInt8])

    package init(_ bytes: [UInt8]) throws(TPMStructureError) {
        guard bytes.count <= TPMLimits.signatureBytesMax else { throw .tooLong }
        var reader = TPMReader(bytes)
        let algorithm = try reader.integer(UInt16.self)
        guard try reader.integer(UInt16.self) == TPMAlgorithm.sha256 else { throw .unsupportedSignature }
        switch algorithm {
        case TPMAlgorithm.ecdsa:
            let (r, s) = (try reader.sized(atMost: 32), try reader.sized(atMost: 32))
            // A number may be written without its leading zeros.
            func padded(_ number: [UInt8]) -> [UInt8] { [UInt8](repeating: 0, count: 32 - number.count) + number }
            self = .ecdsa(padded(r) + padded(s))
        case TPMAlgorithm.rsassa: self = .rsassa(try reader.sized(atMost: 512))
        default: throw .unsupportedSignature
        }
        try reader.finish()
    }
}
