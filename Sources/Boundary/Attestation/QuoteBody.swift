import PublicCryptography

/// An SGX report as a quote carries it (Intel SDM volume 3D, REPORT): who the enclave is and what it wants to say.
///
/// The same 384 bytes describe the enclave that is quoted and the quoting enclave that signed for it.
package struct QuoteBody: Sendable, Equatable {
    package static let byteCount = 384
    package static let reportDataByteCount = 64

    /// CPUSVN, opaque: the security versions that policy compares stand in the platform's certificate.
    package let processorSecurityVersion: [UInt8]
    package let miscellaneousSelect: UInt32
    package let attributes: EnclaveAttributes
    /// MRENCLAVE.
    package let measurement: Hash32
    /// MRSIGNER.
    package let signer: Hash32
    package let productID: UInt16
    package let securityVersion: UInt16
    /// 64 bytes the enclave chose.
    package let reportData: [UInt8]
    /// The fields that mean something only with the attribute for key separation (0x80).
    package let keySeparation: KeySeparation

    package struct KeySeparation: Sendable, Equatable {
        package let extendedProductID: [UInt8]
        package let configurationID: [UInt8]
        package let configurationSecurityVersion: UInt16
        package let familyID: [UInt8]
    }

    /// Reads exactly `byteCount` bytes; reserved ones are signed but carry no meaning and are skipped.
    init(from reader: inout ByteReader) throws(QuoteStructureError) {
        processorSecurityVersion = try reader.take(16)
        miscellaneousSelect = try reader.uint32()
        try reader.skip(12)
        let extendedProductID = try reader.take(16)
        attributes = EnclaveAttributes(flags: try reader.uint64(), extendedFeatures: try reader.uint64())
        measurement = Hash32(try reader.take(32))!
        try reader.skip(32)
        signer = Hash32(try reader.take(32))!
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
