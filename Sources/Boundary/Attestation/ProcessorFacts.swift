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
        _ = try ProcessorFacts.part([1], of: &parts) { part throws(NotDER) in try part.octets(16) }
        (components, provisioningVersion) = try ProcessorFacts.part([2], of: &parts) { part throws(NotDER) in
            var versions = try part.inside()
            var components = [UInt8]()
            for number in 1...UInt8(ProcessorFacts.componentCount) {
                let version = try ProcessorFacts.part([2, number], of: &versions) { part throws(NotDER) in
                    try part.uint16()
                }
                guard let component = UInt8(exactly: version) else { throw NotDER() }
                components.append(component)
            }
            let version = try ProcessorFacts.part([2, 17], of: &versions) { part throws(NotDER) in try part.uint16() }
            _ = try ProcessorFacts.part([2, 18], of: &versions) { part throws(NotDER) in try part.octets(16) }
            try versions.finish()
            return (components, version)
        }
        provisioningID = try ProcessorFacts.part([3], of: &parts) { part throws(NotDER) in try part.octets(2) }
        family = try ProcessorFacts.part([4], of: &parts) { part throws(NotDER) in try part.octets(6) }
        _ = try ProcessorFacts.part([5], of: &parts) { part throws(NotDER) in
            try part.take(DERReader.Tag.enumerated)
        }
        guard !parts.isAtEnd else {
            (isDynamic, sharesCores) = (nil, nil)
            return
        }
        _ = try ProcessorFacts.part([6], of: &parts) { part throws(NotDER) in try part.octets(16) }
        let flags = try ProcessorFacts.part([7], of: &parts) { part throws(NotDER) in
            var flags = try part.inside()
            var values = [Bool]()
            for number in 1...UInt8(3) {
                values.append(
                    try ProcessorFacts.part([7, number], of: &flags) { part throws(NotDER) in try part.boolean() })
            }
            try flags.finish()
            return values
        }
        try parts.finish()
        (isDynamic, sharesCores) = (flags[0], flags[2])
    }

    /// What `read` makes of the value in the next `SEQUENCE { OID, value }`, whose identifier ends in `suffix`.
    private static func part<Value>(
        _ suffix: [UInt8], of parts: inout DERReader, _ read: (inout DERReader) throws(NotDER) -> Value
    ) throws(NotDER) -> Value {
        var pair = try parts.inside()
        guard try pair.take(DERReader.Tag.identifier) == (identifier + suffix)[...] else { throw NotDER() }
        let value = try read(&pair)
        try pair.finish()
        return value
    }
}
