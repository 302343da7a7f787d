import PublicCryptography

/// Who is quoted and what it wants to say.
///
/// For an enclave an SGX report (Intel SDM volume 3D, REPORT): the same 384 bytes describe the enclave that is quoted
/// and the quoting enclave that signed for it. For a trust domain (TDX) `domain` has what it is; the fields of an
/// enclave are zero.
package struct QuoteBody: Sendable, Equatable {
    package static let byteCount = 384
    package static let reportDataByteCount = 64

    package let miscellaneousSelect: UInt32
    package let attributes: EnclaveAttributes
    /// MRENCLAVE; of a trust domain one hash of all that makes it up.
    package let measurement: Hash32
    /// MRSIGNER.
    package let signer: Hash32
    package let productID: UInt16
    package let securityVersion: UInt16
    /// 64 bytes the enclave chose.
    package let reportData: [UInt8]
    /// The fields that mean something only with the attribute for key separation (0x80).
    package let keySeparation: KeySeparation

    /// `nil` for an enclave.
    package let domain: DomainReport?

    package var kind: TrustedExecution { domain == nil ? .sgx : .tdx }
    package var isInitialized: Bool { domain != nil || attributes.isInitialized }
    package var isDebug: Bool { domain?.isDebug ?? attributes.isDebug }

    package struct KeySeparation: Sendable, Equatable {
        package let extendedProductID: [UInt8]
        package let configurationID: [UInt8]
        package let configurationSecurityVersion: UInt16
        package let familyID: [UInt8]

        var isWithoutConfiguration: Bool {
            configurationSecurityVersion == 0 && configurationID.allSatisfy { $0 == 0 }
        }
    }

    /// Reads exactly `byteCount` bytes; reserved ones are signed but carry no meaning and are skipped.
    init(from reader: inout ByteReader) throws(QuoteStructureError) {
        // CPUSVN, opaque: the versions that are compared stand in the platform's certificate.
        try reader.skip(16)
        miscellaneousSelect = try reader.uint32()
        try reader.skip(12)
        let extendedProductID = try reader.take(16)
        attributes = EnclaveAttributes(flags: try reader.uint64(), extendedFeatures: try reader.uint64())
        measurement = try reader.hash()
        try reader.skip(32)
        signer = try reader.hash()
        try reader.skip(32)
        let configurationID = try reader.take(64)
        productID = try reader.uint16()
        securityVersion = try reader.uint16()
        let configurationSecurityVersion = try reader.uint16()
        try reader.skip(42)
        let familyID = try reader.take(16)
        reportData = try reader.take(QuoteBody.reportDataByteCount)
        keySeparation = KeySeparation(
            extendedProductID: extendedProductID, configurationID: configurationID,
            configurationSecurityVersion: configurationSecurityVersion, familyID: familyID)
        domain = nil
    }

    /// The body that the header announces; version 5 says its kind and size once more.
    init(describedBy header: QuoteHeader, from reader: inout ByteReader) throws(QuoteStructureError) {
        var isExtended = false
        if header.version == 5 {
            switch (try reader.uint16(), try reader.uint32(), header.kind) {
            case (1, 384, .sgx), (2, 584, .tdx): break
            case (3, 648, .tdx): isExtended = true
            default: throw .unsupportedBody
            }
        }
        switch header.kind {
        case .sgx: try self.init(from: &reader)
        case .tdx: self.init(domain: try DomainReport(from: &reader, isExtended: isExtended))
        }
    }

    private init(domain: DomainReport) {
        miscellaneousSelect = 0
        attributes = EnclaveAttributes(flags: 0, extendedFeatures: 0)
        (measurement, signer, productID, securityVersion) = (domain.measurement, .zero, 0, 0)
        reportData = domain.reportData
        keySeparation = KeySeparation(
            extendedProductID: [], configurationID: [], configurationSecurityVersion: 0, familyID: [])
        self.domain = domain
    }
}

/// ATTRIBUTES of an enclave: what it was allowed when it was started.
package struct EnclaveAttributes: Sendable, Equatable {
    package let flags: UInt64
    /// XFRM.
    package let extendedFeatures: UInt64

    package var isInitialized: Bool { flags & 0x01 != 0 }
    /// A debugger could read and write the enclave's memory: nothing it says is its own.
    package var isDebug: Bool { flags & 0x02 != 0 }
}
