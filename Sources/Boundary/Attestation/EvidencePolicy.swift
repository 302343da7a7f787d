import PublicCryptography
import Wire

/// The policy of evidence as a chain has it: data that its state may carry and prove, so that every enclave asks for
/// the same. What a chain never takes cannot be said: a debug enclave, a domain that another may read, bytes behind a
/// quote.
package struct EvidencePolicy: Equatable, Sendable, CanonicalMessage {
    package static let measurementsMax = 64
    package static let listMax = 256

    package private(set) var policy: QuotePolicy

    /// `policy` as far as a chain can have it.
    package init(_ policy: QuotePolicy) {
        self.policy = policy
        self.policy.measurements = policy.measurements ?? []
        (self.policy.reportData, self.policy.trailingZerosMax) = (nil, 0)
        if policy.collateralAgeSecondsMax == 0 { self.policy.collateralAgeSecondsMax = 1 }
        (self.policy.allowsDebug, self.policy.allowsServiceDomain) = (false, false)
        self.policy.allowsConfiguration = false
    }

    /// What a field leaves out is refused: kinds, statuses and measurements are named, or there are none.
    package init(fields reader: inout ProtobufReader) throws(ProtobufError) {
        var read = QuotePolicy(measurements: [])
        (read.kinds, read.rootKinds, read.kindsWithoutCollateral, read.statuses) = ([], [], [], [])
        (read.allowsDynamicPlatforms, read.allowsSharedCores) = (false, false)
        while let field = try reader.next() {
            switch field.number {
            case 1: read.kinds = try field.choices(among: TrustedExecution.allCases)
            case 2: read.rootKinds = try field.choices(among: TrustRoot.Kind.allCases)
            case 3: read.kindsWithoutCollateral = try field.choices(among: TrustRoot.Kind.allCases)
            case 4: read.statuses = try field.choices(among: SecurityStatus.names.map(\.status))
            case 5: read.measurements = try field.appended(to: read.measurements, atMost: Self.measurementsMax)
            case 6: read.signers = try field.appended(to: read.signers, atMost: Self.measurementsMax)
            case 7:
                guard let product = UInt16(exactly: try field.uint32() &- 1) else { throw .illegalValue(field: 7) }
                read.productID = product
            case 8:
                guard let version = UInt16(exactly: try field.uint32()) else { throw .illegalValue(field: 8) }
                read.securityVersionMin = version
            case 9: read.outOfDateGraceSeconds = try field.nonNegativeInt64()
            case 10:
                guard read.refusedAdvisories.count < Self.listMax else { throw .tooMany(field: 10) }
                let advisory = try field.string()
                guard SecurityLevel.isAdvisory(advisory) else { throw .illegalValue(field: 10) }
                read.refusedAdvisories.append(advisory)
            case 11: read.evaluationNumberMin = try field.uint32()
            // Collateral of age zero would be made in the block's second: zero says nothing.
            case 12: read.collateralAgeSecondsMax = try field.nonNegativeInt64()
            case 13: read.families = try field.family(after: read.families ?? [])
            case 14: read.refusedFamilies = try field.family(after: read.refusedFamilies)
            case 15: read.allowsDynamicPlatforms = try field.bool()
            case 16: read.allowsSharedCores = try field.bool()
            default: throw .notCanonical
            }
        }
        policy = read
    }

    package func write(to writer: inout ProtobufWriter) {
        writer.uint64(1, EvidencePolicy.mask(policy.kinds, among: TrustedExecution.allCases))
        writer.uint64(2, EvidencePolicy.mask(policy.rootKinds, among: TrustRoot.Kind.allCases))
        writer.uint64(3, EvidencePolicy.mask(policy.kindsWithoutCollateral, among: TrustRoot.Kind.allCases))
        writer.uint64(4, EvidencePolicy.mask(policy.statuses, among: SecurityStatus.names.map(\.status)))
        for measurement in policy.measurements ?? [] { writer.hash(5, measurement) }
        for signer in policy.signers ?? [] { writer.hash(6, signer) }
        if let product = policy.productID { writer.uint64(7, UInt64(product) + 1) }
        writer.uint64(8, UInt64(policy.securityVersionMin))
        writer.int64(9, policy.outOfDateGraceSeconds)
        for advisory in policy.refusedAdvisories { writer.string(10, advisory) }
        writer.uint64(11, UInt64(policy.evaluationNumberMin))
        if let age = policy.collateralAgeSecondsMax { writer.int64(12, age) }
        for family in policy.families ?? [] { writer.message(13, family) }
        for family in policy.refusedFamilies { writer.message(14, family) }
        writer.bool(15, policy.allowsDynamicPlatforms)
        writer.bool(16, policy.allowsSharedCores)
    }

    private static func mask<Choice: Equatable>(_ chosen: [Choice], among all: [Choice]) -> UInt64 {
        all.enumerated().reduce(0) { $0 | (chosen.contains($1.element) ? 1 << UInt64($1.offset) : 0) }
    }
}

extension ProtobufReader.Field {
    /// Those of `all` whose bits are set.
    fileprivate func choices<Choice>(among all: [Choice]) throws(ProtobufError) -> [Choice] {
        let mask = try uint64()
        guard mask >> UInt64(all.count) == 0 else { throw .illegalValue(field: number) }
        return all.enumerated().filter { mask >> UInt64($0.offset) & 1 == 1 }.map(\.element)
    }

    fileprivate func appended(to list: [Hash32]?, atMost maximum: Int) throws(ProtobufError) -> [Hash32] {
        guard list?.count ?? 0 < maximum else { throw .tooMany(field: number) }
        return (list ?? []) + [try hash()]
    }

    fileprivate func family(after list: [[UInt8]]) throws(ProtobufError) -> [[UInt8]] {
        let family = try bytes(atMost: 6)
        guard list.count < EvidencePolicy.listMax else { throw .tooMany(field: number) }
        guard family.count == 6 else { throw .illegalValue(field: number) }
        return list + [family]
    }
}
