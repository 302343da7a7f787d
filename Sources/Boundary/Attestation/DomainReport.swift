import PublicCryptography

/// A trust domain as a TDX quote describes it (TDREPORT of the module, versions 1.0 and 1.5): a virtual machine, and
/// the module that keeps the host out of it. Measurements are SHA-384.
package struct DomainReport: Sendable, Equatable {
    /// TEE_TCB_SVN: of the module first its security version, then its version; of the machine the rest. What was when
    /// the domain started, and in reports of version 1.5 also what is now: a module can be replaced below a domain.
    package let versions: [[UInt8]]
    /// MRSIGNERSEAM and SEAMATTRIBUTES.
    package let moduleSigner: [UInt8]
    package let moduleAttributes: [UInt8]
    package let attributes: UInt64
    /// MRTD, then MRCONFIGID, MROWNER, MROWNERCONFIG, then the four RTMR.
    package let measurements: [[UInt8]]
    package let reportData: [UInt8]
    /// MRSERVICETD: a domain that may read this one's state, to move it to another machine. Zero if there is none.
    package let serviceDomain: [UInt8]

    init(from reader: inout ByteReader, isExtended: Bool) throws(QuoteStructureError) {
        var versions = [try reader.take(16)]
        try reader.skip(48)
        moduleSigner = try reader.take(48)
        moduleAttributes = try reader.take(8)
        attributes = try reader.uint64()
        try reader.skip(8)
        var measurements = [[UInt8]]()
        for _ in 0..<8 { measurements.append(try reader.take(48)) }
        self.measurements = measurements
        reportData = try reader.take(QuoteBody.reportDataByteCount)
        if isExtended { versions.append(try reader.take(16)) }
        self.versions = versions
        serviceDomain = isExtended ? try reader.take(48) : [UInt8](repeating: 0, count: 48)
    }

    /// One name for all that was measured, so that approving a domain is approving one value, as for an enclave:
    /// SHA-256( "cloister/trust-domain/1" || MRTD || MRCONFIGID || MROWNER || MROWNERCONFIG || RTMR0 … RTMR3 ).
    package var measurement: Hash32 {
        SHA256.hash(Array("cloister/trust-domain/1".utf8) + measurements.flatMap { $0 })
    }

    /// A debugger could read and write the domain's memory.
    package var isDebug: Bool { attributes & 0x01 != 0 }

    /// SEPT_VE_DISABLE is set, without which a host can inject exceptions, and no bit that means nothing yet: besides
    /// it and the debug bit there are protection keys, key locker and performance counters.
    package var hasSafeAttributes: Bool {
        let known: UInt64 = 1 << 0 | 1 << 28 | 1 << 30 | 1 << 31 | 1 << 63
        return attributes & ~known == 0 && attributes & 1 << 28 != 0
    }
}
