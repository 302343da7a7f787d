import PublicCryptography

/// TCB info: what the maker says of a family of machines.
package struct PlatformTable: Sendable, Equatable {
    /// What a program that is part of the machine must be.
    package struct Module: Sendable, Equatable {
        let id: String
        let signer: [UInt8]
        let attributes: [UInt8]
        let attributesMask: [UInt8]
        let levels: [SecurityLevel]
    }

    package let validity: CollateralValidity
    package let family: [UInt8]
    package let provisioningID: [UInt8]
    /// Best first.
    package let levels: [SecurityLevel]
    /// The module of trust domains, whatever its version; then each version's.
    package let modules: [Module]

    /// Version 3, or for enclaves version 2, which lists the components one by one.
    package init(_ fields: CollateralFields, for kind: TrustedExecution) throws(Refusal) {
        let version: UInt8 = try fields.number("version")
        switch (version, kind) {
        case (2, .sgx): break
        case (3, _):
            guard try fields.text("id").utf8.elementsEqual((kind == .sgx ? "SGX" : "TDX").utf8) else {
                throw .wrongCollateralKind
            }
        default: throw .wrongCollateralKind
        }
        validity = try CollateralValidity(fields)
        family = try fields.bytes("fmspc", 6)
        provisioningID = try fields.bytes("pceId", 2)
        levels = try fields.members("tcbLevels").map { level throws(Refusal) -> SecurityLevel in
            try SecurityLevel(ofPlatform: level, version: version, kind: kind)
        }.sorted { $1.precedes($0) }
        guard kind == .tdx else {
            modules = []
            return
        }
        var modules = [try Module(try fields.member("tdxModule"), id: "", levels: [])]
        if fields.has("tdxModuleIdentities") {
            for module in try fields.members("tdxModuleIdentities") {
                modules.append(
                    try Module(module, id: try module.text("id"), levels: try SecurityLevel.ofProgram(module)))
            }
        }
        self.modules = modules
    }

    /// The status of the machine whose certificate says `facts`, and for a trust domain of the module below it: when it
    /// started and, if the report says so, now.
    package func findings(on facts: ProcessorFacts, domain: DomainReport?) throws(Refusal) -> [SecurityLevel] {
        guard facts.family == family, facts.provisioningID == provisioningID else { throw .otherPlatform }
        guard let domain else { return [try level(of: facts, [], from: 0)] }
        var found = [SecurityLevel]()
        for versions in domain.versions {
            // From version 1 of the module on, its own table says how good it is, and the machine's first two
            // components of trust domains, which are about it, are not compared.
            let isOwn = versions[1] > 0
            found.append(try level(of: facts, versions, from: isOwn ? 2 : 0))
            let id = "TDX_" + Hexadecimal.encode([versions[1]], uppercase: true)
            guard let module = isOwn ? modules.first(where: { $0.id.utf8.elementsEqual(id.utf8) }) : modules.first,
                module.describes(domain)
            else { throw .wrongDomainModule }
            guard isOwn else { continue }
            guard let own = module.levels.first(where: { $0.version <= UInt16(versions[0]) }) else {
                throw .noSecurityLevel
            }
            found.append(own)
        }
        return found
    }

    /// The best level that is reached, components of trust domains compared from `start` on.
    private func level(
        of facts: ProcessorFacts, _ versions: [UInt8], from start: Int
    ) throws(Refusal) -> SecurityLevel {
        let level = levels.first {
            $0.version <= facts.provisioningVersion && $0.components.isCovered(by: facts.components)
                && $0.domainComponents.dropFirst(start).isCovered(by: versions.dropFirst(start))
        }
        guard let level else { throw .noSecurityLevel }
        return level
    }
}

extension PlatformTable.Module {
    init(_ fields: CollateralFields, id: String, levels: [SecurityLevel]) throws(Refusal) {
        self.id = id
        signer = try fields.bytes("mrsigner", 48)
        attributes = try fields.bytes("attributes", 8)
        attributesMask = try fields.bytes("attributesMask", 8)
        self.levels = levels
    }

    /// Bits outside the mask must not be set: they mean nothing yet.
    func describes(_ domain: DomainReport) -> Bool {
        let masked = zip(attributes, attributesMask).map { $0 & $1 }
        return domain.moduleSigner == signer && domain.moduleAttributes == masked
    }
}

/// QE identity: which quoting enclaves are the maker's, and how good each version is.
package struct QuotingEnclaveTable: Sendable, Equatable {
    package let validity: CollateralValidity
    /// MISCSELECT and ATTRIBUTES as they stand in a report, 20 bytes, and which of their bits count.
    private let attributes: [UInt8]
    private let attributesMask: [UInt8]
    package let signer: [UInt8]
    package let productID: UInt16
    package let levels: [SecurityLevel]

    package init(_ fields: CollateralFields, for kind: TrustedExecution) throws(Refusal) {
        let version: UInt8 = try fields.number("version")
        guard version == 2, try fields.text("id").utf8.elementsEqual((kind == .sgx ? "QE" : "TD_QE").utf8) else {
            throw .wrongCollateralKind
        }
        validity = try CollateralValidity(fields)
        attributes = try fields.bytes("miscselect", 4) + fields.bytes("attributes", 16)
        attributesMask = try fields.bytes("miscselectMask", 4) + fields.bytes("attributesMask", 16)
        signer = try fields.bytes("mrsigner", 32)
        productID = try fields.number("isvprodid")
        levels = try SecurityLevel.ofProgram(fields)
    }

    /// The status of the quoting enclave that gave this report.
    package func finding(on report: QuoteBody) throws(Refusal) -> SecurityLevel {
        let found =
            littleEndian(UInt64(report.miscellaneousSelect), 4) + littleEndian(report.attributes.flags, 8)
            + littleEndian(report.attributes.extendedFeatures, 8)
        let agrees = attributes.indices.allSatisfy { (found[$0] ^ attributes[$0]) & attributesMask[$0] == 0 }
        guard agrees, report.signer.bytes == signer, report.productID == productID else { throw .wrongQuotingEnclave }
        guard let level = levels.first(where: { $0.version <= report.securityVersion }) else {
            throw .quotingEnclaveTooOld
        }
        return level
    }

    private func littleEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
    }
}

/// When a text of the collateral is good.
package struct CollateralValidity: Sendable, Equatable {
    package let issued: Int64
    package let nextUpdate: Int64
    /// Grows with every change of what is known: an older text that has not run out yet says less.
    package let evaluationNumber: UInt32

    init(_ fields: CollateralFields) throws(Refusal) {
        issued = try fields.seconds("issueDate")
        nextUpdate = try fields.seconds("nextUpdate")
        evaluationNumber = try fields.number("tcbEvaluationDataNumber")
    }

    func refusal(at time: Int64) -> Refusal? {
        issued <= time && time <= nextUpdate ? nil : .collateralOutsideValidity
    }
}

extension SecurityLevel {
    fileprivate init(ofPlatform fields: CollateralFields, version: UInt8, kind: TrustedExecution) throws(Refusal) {
        let tcb = try fields.member("tcb")
        if version == 2 {
            components = try (1...ProcessorFacts.componentCount).map { number throws(Refusal) -> UInt8 in
                try tcb.number("sgxtcbcomp" + (number < 10 ? "0" : "") + String(number) + "svn")
            }
        } else {
            components = try tcb.versions("sgxtcbcomponents")
        }
        domainComponents = kind == .tdx ? try tcb.versions("tdxtcbcomponents") : []
        self.version = try tcb.number("pcesvn")
        (status, advisories, date) = try SecurityLevel.findings(fields)
    }

    /// The rows of a program's table, best first.
    fileprivate static func ofProgram(_ fields: CollateralFields) throws(Refusal) -> [SecurityLevel] {
        try fields.members("tcbLevels").map { level throws(Refusal) -> SecurityLevel in
            let found = try findings(level)
            return SecurityLevel(
                components: [], domainComponents: [], version: try level.member("tcb").number("isvsvn"),
                status: found.status, advisories: found.advisories, date: found.date)
        }.sorted { $0.version > $1.version }
    }

    private static func findings(
        _ fields: CollateralFields
    ) throws(Refusal) -> (status: SecurityStatus, advisories: [String], date: Int64) {
        guard let status = SecurityStatus(name: try fields.text("tcbStatus")) else { throw .malformedCollateral }
        return (status, try fields.advisories(), try fields.seconds("tcbDate"))
    }

    /// The order of Intel's library: by components, then by PCESVN, then by components of trust domains.
    fileprivate func precedes(_ other: SecurityLevel) -> Bool {
        if components != other.components { return components.lexicographicallyPrecedes(other.components) }
        if version != other.version { return version < other.version }
        return domainComponents.lexicographicallyPrecedes(other.domainComponents)
    }
}

extension Collection where Element == UInt8 {
    /// Whether each number is at most the one at its place in `others`, which has as many.
    fileprivate func isCovered(by others: some Collection<UInt8>) -> Bool {
        count == others.count && zip(self, others).allSatisfy { $0 <= $1 }
    }
}
