import PublicCryptography

/// A quote taken apart, nothing of it verified.
///
/// Parsing is strict and total: every length comes from the structure and is checked against what is there before it is
/// used, and what follows the structure is refused.
package struct UnverifiedQuote: Sendable, Equatable {
    package let format: EvidenceFormat
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
    let quotingEnclave: QuoteBody
    let quotingEnclaveReport: [UInt8]
    /// r || s, by the platform's certified key.
    let quotingEnclaveSignature: [UInt8]
    let authenticationData: [UInt8]
    /// PEM certificates, platform first.
    let certificationData: [UInt8]

    /// The one name of this quote: SHA-256 of the signed part.
    ///
    /// The hash of the whole evidence is not one: anybody can replace a signature (r, s) by (r, n - s), or the
    /// certificates by others for the same key, and present the same statement in other bytes. What must happen once
    /// per quote has to remember this value.
    package var identity: Hash32 { SHA256.hash(signedPart) }

    package init(_ evidence: [UInt8]) throws(QuoteStructureError) {
        guard evidence.count <= EvidenceLimits.evidenceBytesMax else { throw .tooLong }
        guard evidence.count >= 2 else { throw .truncated }
        guard let format = EvidenceFormat(openingOf: evidence) else { throw .unsupportedVersion }
        switch format {
        case .sgxQuoteV3: try self.init(version3: evidence)
        }
    }

    private init(version3 evidence: [UInt8]) throws(QuoteStructureError) {
        format = .sgxQuoteV3
        var reader = ByteReader(evidence)
        header = try QuoteHeader(from: &reader)
        guard header.attestationKeyType == QuoteHeader.ecdsaP256 else { throw .unsupportedKeyType }
        guard header.teeType == 0 else { throw .unsupportedTEE }
        guard header.vendorID == QuoteHeader.intelVendorID else { throw .unknownVendor }
        body = try QuoteBody(from: &reader)
        signedPart = Array(evidence[..<reader.position])

        let signatureDataByteCount = Int(try reader.uint32())
        guard signatureDataByteCount <= reader.left else { throw .truncated }
        let end = reader.position + signatureDataByteCount
        signature = try reader.take(64)
        attestationKey = try reader.take(64)
        let reportStart = reader.position
        quotingEnclave = try QuoteBody(from: &reader)
        quotingEnclaveReport = Array(evidence[reportStart..<reader.position])
        quotingEnclaveSignature = try reader.take(64)
        let authenticationByteCount = Int(try reader.uint16())
        guard authenticationByteCount == 32 else { throw .inconsistentLength }
        authenticationData = try reader.take(authenticationByteCount)
        guard try reader.uint16() == 5 else { throw .unsupportedCertification }
        certificationData = try reader.take(Int(try reader.uint32()))

        guard reader.position == end else { throw .inconsistentLength }
        guard reader.left <= format.trailingBytesMax else { throw .trailingBytes }
    }
}

/// The opening 48 bytes of a quote.
package struct QuoteHeader: Sendable, Equatable {
    static let ecdsaP256: UInt16 = 2
    /// 939A7233-F79C-4CA9-940A-0DB3957F0607: the quoting enclave by Intel, and the only one in the field.
    static let intelVendorID: [UInt8] = [
        0x93, 0x9a, 0x72, 0x33, 0xf7, 0x9c, 0x4c, 0xa9, 0x94, 0x0a, 0x0d, 0xb3, 0x95, 0x7f, 0x06, 0x07,
    ]

    package let attestationKeyType: UInt16
    /// 0 for SGX; version 3 has the field reserved.
    package let teeType: UInt32
    package let quotingEnclaveSecurityVersion: UInt16
    package let provisioningSecurityVersion: UInt16
    package let vendorID: [UInt8]
    package let userData: [UInt8]

    init(from reader: inout ByteReader) throws(QuoteStructureError) {
        try reader.skip(2)
        attestationKeyType = try reader.uint16()
        teeType = try reader.uint32()
        quotingEnclaveSecurityVersion = try reader.uint16()
        provisioningSecurityVersion = try reader.uint16()
        vendorID = try reader.take(16)
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
    case unknownVendor
    /// Two lengths in the quote contradict each other.
    case inconsistentLength
    case trailingBytes
    /// Not a chain of certificates (type 5).
    case unsupportedCertification
}
