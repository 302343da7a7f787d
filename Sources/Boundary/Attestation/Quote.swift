import PublicCryptography

/// A quote of version 3, 4 or 5 taken apart, nothing of it verified.
///
/// Versions 4 and 5 put what certifies the attestation key into one more envelope (certification data of type 6);
/// version 5 says of which kind and size the body is.
/// Parsing is strict and total: every length comes from the structure and is checked against what is there before it is
/// used, and what follows the structure is refused.
package struct UnverifiedQuote: Sendable, Equatable {
    package let header: QuoteHeader
    /// The enclave that is quoted.
    package let body: QuoteBody
    /// Header and body as received: what the attestation key signed.
    let signedPart: [UInt8]
    /// r || s, by the attestation key.
    let signature: [UInt8]
    /// x || y.
    let attestationKey: [UInt8]
    /// The quoting enclave's report: its first 32 bytes of report data bind the attestation key.
    package let quotingEnclave: QuoteBody
    let quotingEnclaveReport: [UInt8]
    /// r || s, by the platform's certified key.
    let quotingEnclaveSignature: [UInt8]
    let authenticationData: [UInt8]
    /// PEM certificates, platform first.
    package let certificationData: [UInt8]

    /// The one name of this quote: SHA-256 of the signed part.
    ///
    /// The hash of the whole evidence is not one: anybody can replace a signature (r, s) by (r, n - s), or the
    /// certificates by others for the same key, and present the same statement in other bytes. What must happen once
    /// per quote has to remember this value.
    package var identity: Hash32 { SHA256.hash(signedPart) }

    /// `trailingZerosMax`: how many zeros may follow the structure. Guests hand out quotes with some behind them; what
    /// goes on chain has none.
    package init(_ evidence: [UInt8], trailingZerosMax: Int = 0) throws(QuoteStructureError) {
        guard evidence.count <= EvidenceLimits.evidenceBytesMax else { throw .tooLong }
        var reader = ByteReader(evidence)
        header = try QuoteHeader(from: &reader)
        body = try QuoteBody(describedBy: header, from: &reader)
        signedPart = Array(evidence[..<reader.position])
        let signatureDataByteCount = Int(try reader.uint32())
        guard signatureDataByteCount <= reader.left else { throw .truncated }
        let end = reader.position + signatureDataByteCount
        signature = try reader.take(64)
        attestationKey = try reader.take(64)
        if header.version >= 4 {
            guard try reader.uint16() == 6 else { throw .unsupportedCertification }
            guard try reader.uint32() == end - reader.position else { throw .inconsistentLength }
        }
        let reportStart = reader.position
        quotingEnclave = try QuoteBody(from: &reader)
        quotingEnclaveReport = Array(evidence[reportStart..<reader.position])
        quotingEnclaveSignature = try reader.take(64)
        guard try reader.uint16() == 32 else { throw .inconsistentLength }
        authenticationData = try reader.take(32)
        guard try reader.uint16() == 5 else { throw .unsupportedCertification }
        certificationData = try reader.take(Int(try reader.uint32()))

        guard reader.position == end else { throw .inconsistentLength }
        let trailing = try reader.take(reader.left)
        guard trailing.count <= trailingZerosMax, trailing.allSatisfy({ $0 == 0 }) else { throw .trailingBytes }
    }
}

/// The opening 48 bytes of a quote.
package struct QuoteHeader: Sendable, Equatable {
    static let ecdsaP256: UInt16 = 2
    /// 939A7233-F79C-4CA9-940A-0DB3957F0607: the quoting enclave by Intel, and the only one in the field.
    static let intelVendorID: [UInt8] = [
        0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9, 0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07,
    ]

    package let version: UInt16
    package let kind: TrustedExecution
    package let userData: [UInt8]

    init(from reader: inout ByteReader) throws(QuoteStructureError) {
        version = try reader.uint16()
        guard (3...5).contains(version) else { throw .unsupportedVersion }
        guard try reader.uint16() == QuoteHeader.ecdsaP256 else { throw .unsupportedKeyType }
        // Version 3 has the field reserved, which is SGX.
        guard let kind = TrustedExecution(rawValue: try reader.uint32()), version > 3 || kind == .sgx else {
            throw .unsupportedTEE
        }
        self.kind = kind
        try reader.skip(4)
        guard try reader.take(16) == QuoteHeader.intelVendorID else { throw .unknownVendor }
        userData = try reader.take(20)
    }
}

/// Why bytes are not a quote that is verified here.
package enum QuoteStructureError: Error, Sendable {
    case tooLong
    case truncated
    case unsupportedVersion
    case unsupportedKeyType
    case unsupportedTEE
    /// A body of another kind than the header says, or of a kind that is not read here.
    case unsupportedBody
    case unknownVendor
    /// Two lengths in the quote contradict each other.
    case inconsistentLength
    case trailingBytes
    /// Not a chain of certificates (type 5).
    case unsupportedCertification
}
