import Attestation
import ModuleKit
import PublicCryptography
import StrictJSON
import Wire

// What a chain asks of evidence, as `params.evidence` of the module's part of a genesis file has it: every member by
// its name, and lists of names where the record has bits. What is left out is refused, as in the record.

private let kinds: [(name: String, value: TrustedExecution)] = [("sgx", .sgx), ("tdx", .tdx)]
private let rootKinds: [(name: String, value: TrustRoot.Kind)] = [("simulated", .simulated), ("hardware", .hardware)]
private let statuses = SecurityStatus.names.map { (name: $0.name, value: $0.status) }
private let familyByteCount = 6

extension JSONValue {
    package init(_ evidence: EvidencePolicy) {
        let policy = evidence.policy
        func names<Value: Equatable>(_ chosen: [Value], among all: [(name: String, value: Value)]) -> JSONValue {
            .array(all.filter { chosen.contains($0.value) }.map { .string($0.name) })
        }
        func digits(_ list: [[UInt8]]) -> JSONValue { .array(list.map { .string(Hexadecimal.encode($0)) }) }
        var members: [(String, JSONValue)] = [
            ("kinds", names(policy.kinds, among: kinds)), ("root_kinds", names(policy.rootKinds, among: rootKinds)),
            ("kinds_without_collateral", names(policy.kindsWithoutCollateral, among: rootKinds)),
            ("statuses", names(policy.statuses, among: statuses)),
            ("security_version_min", .string(String(policy.securityVersionMin))),
            ("out_of_date_grace_seconds", .string(String(policy.outOfDateGraceSeconds))),
            ("refused_advisories", .array(policy.refusedAdvisories.map { .string($0) })),
            ("evaluation_number_min", .string(String(policy.evaluationNumberMin))),
            ("refused_families", digits(policy.refusedFamilies)),
            ("dynamic_platforms", .bool(policy.allowsDynamicPlatforms)),
            ("shared_cores", .bool(policy.allowsSharedCores)),
        ]
        // These three ask for nothing where they are not there.
        if let signers = policy.signers { members.append(("signers", digits(signers.map(\.bytes)))) }
        if let product = policy.productID { members.append(("product", .string(String(product)))) }
        if let age = policy.collateralAgeSecondsMax {
            members.append(("collateral_age_seconds_max", .string(String(age))))
        }
        if let families = policy.families { members.append(("families", digits(families))) }
        self = .object(members)
    }
}

extension EvidencePolicy {
    init(_ genesis: GenesisValue) throws {
        var read = QuotePolicy(measurements: [])
        read.kinds = try genesis["kinds"].choices(among: kinds)
        read.rootKinds = try genesis["root_kinds"].choices(among: rootKinds)
        read.kindsWithoutCollateral = try genesis["kinds_without_collateral"].choices(among: rootKinds)
        read.statuses = try genesis["statuses"].choices(among: statuses)
        read.securityVersionMin = try genesis["security_version_min"].integer() ?? 0
        read.outOfDateGraceSeconds = try genesis["out_of_date_grace_seconds"].integer() ?? 0
        read.evaluationNumberMin = try genesis["evaluation_number_min"].integer() ?? 0
        read.productID = try genesis["product"].integer()
        read.collateralAgeSecondsMax = try genesis["collateral_age_seconds_max"].integer()
        read.refusedAdvisories = try genesis["refused_advisories"].bounded(Self.listMax).map { advisory in
            let text = try advisory.text
            guard SecurityLevel.isAdvisory(text) else { throw advisory.refusal("is no advisory's name") }
            return text
        }
        if genesis["signers"].json != nil {
            read.signers = try genesis["signers"].bounded(Self.measurementsMax).map { signer in
                guard let hash = Hash32(try signer.digits(Hash32.byteCount)) else { throw signer.refusal("is no hash") }
                return hash
            }
        }
        if genesis["families"].json != nil {
            read.families = try genesis["families"].bounded(Self.listMax).map { try $0.digits(familyByteCount) }
        }
        read.refusedFamilies = try genesis["refused_families"].bounded(Self.listMax).map {
            try $0.digits(familyByteCount)
        }
        read.allowsDynamicPlatforms = try genesis["dynamic_platforms"].flag ?? false
        read.allowsSharedCores = try genesis["shared_cores"].flag ?? false
        guard read.outOfDateGraceSeconds >= 0, read.collateralAgeSecondsMax ?? 1 > 0 else {
            throw genesis.refusal("has an age that is none")
        }
        // An empty list stands for none in the record, which would take every signer or family.
        guard read.signers?.isEmpty != true, read.families?.isEmpty != true else {
            throw genesis.refusal("has an empty list of signers or families")
        }
        self.init(read)
        // As every enclave will read it.
        guard let kept = try? EvidencePolicy(protobuf: protobuf), kept == self else {
            throw genesis.refusal("is none that a record can hold")
        }
    }
}

extension GenesisValue {
    fileprivate func bounded(_ maximum: Int) throws -> [GenesisValue] {
        let list = try elements
        guard list.count <= maximum else { throw refusal("has more than \(maximum) elements") }
        return list
    }

    /// Those of `all` that are named, in the order of `all`.
    fileprivate func choices<Value>(among all: [(name: String, value: Value)]) throws -> [Value] {
        let chosen = try bounded(all.count).map { element in
            let name = try element.text
            guard all.contains(where: { $0.name == name }) else {
                throw element.refusal("is none of \(all.map(\.name).joined(separator: ", "))")
            }
            return name
        }
        return all.filter { chosen.contains($0.name) }.map(\.value)
    }

    fileprivate func digits(_ count: Int) throws -> [UInt8] {
        guard let bytes = Hexadecimal.decode(try text), bytes.count == count else {
            throw refusal("is no \(count) bytes in hexadecimal")
        }
        return bytes
    }

    /// `nil` where nothing stands.
    fileprivate func integer<Number: FixedWidthInteger>() throws -> Number? {
        guard json != nil else { return nil }
        guard let number = Number(exactly: try number) else { throw refusal("is too large") }
        return number
    }
}
