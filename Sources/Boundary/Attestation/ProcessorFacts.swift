/// What the maker certifies of a machine: Intel's SGX extension in the certificate of a platform.
package struct ProcessorFacts: Sendable, Equatable {
    /// 1.2.840.113741.1.13.1.
    static let identifier: [UInt8] = [0x2a, 0x86, 0x48, 0x86, 0xf8, 0x4d, 0x01, 0x0d, 0x01]
    package static let componentCount = 16

    /// The security versions that are compared with TCB info, one for each component.
    package let components: [UInt8]
    /// PCESVN and PCEID: the enclave that certifies quoting enclaves.
    package let provisioningVersion: UInt16
    package let provisioningID: [UInt8]
    /// FMSPC: family, model, stepping, type and custom SKU.
    package let family: [UInt8]
    /// Only of machines with several processors: whether processors may be added, keys are kept by the maker, and
    /// threads share a core. `nil` if the certificate does not say.
    package let isDynamic: Bool?
    package let sharesCores: Bool?

    /// The extension's parts in the order in which the maker writes them, and no others.
    init(_ reader: inout DERReader) throws(NotDER) {
        var parts = try reader.inside()
        var part = try ProcessorFacts.part([1], of: &parts)
        _ = try part.octets(16)
        part = try ProcessorFacts.part([2], of: &parts)
        var versions = try part.inside()
        var components = [UInt8]()
        for number in 1...UInt8(ProcessorFacts.componentCount) {
            var component = try ProcessorFacts.part([2, number], of: &versions)
            guard let version = UInt8(exactly: try component.uint16()) else { throw NotDER() }
            components.append(version)
            try component.finish()
        }
        self.components = components
        var version = try ProcessorFacts.part([2, 17], of: &versions)
        provisioningVersion = try version.uint16()
        version = try ProcessorFacts.part([2, 18], of: &versions)
        _ = try version.octets(16)
        try versions.finish()
        part = try ProcessorFacts.part([3], of: &parts)
        provisioningID = try part.octets(2)
        part = try ProcessorFacts.part([4], of: &parts)
        family = try part.octets(6)
        part = try ProcessorFacts.part([5], of: &parts)
        _ = try part.take(DERReader.Tag.enumerated)
        guard !parts.isAtEnd else {
            (isDynamic, sharesCores) = (nil, nil)
            return
        }
        part = try ProcessorFacts.part([6], of: &parts)
        _ = try part.octets(16)
        part = try ProcessorFacts.part([7], of: &parts)
        try parts.finish()
        var flags = try part.inside()
        var values = [Bool]()
        for number in 1...UInt8(3) {
            var flag = try ProcessorFacts.part([7, number], of: &flags)
            values.append(try flag.boolean())
        }
        try flags.finish()
        (isDynamic, sharesCores) = (values[0], values[2])
    }

    /// The value in the next `SEQUENCE { OID, value }`, whose identifier ends in `suffix`.
    private static func part(_ suffix: [UInt8], of parts: inout DERReader) throws(NotDER) -> DERReader {
        var pair = try parts.inside()
        guard try pair.take(DERReader.Tag.identifier) == (identifier + suffix)[...] else { throw NotDER() }
        return pair
    }
}
