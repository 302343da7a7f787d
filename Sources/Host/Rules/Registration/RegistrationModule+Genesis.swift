import Attestation
import DecidedBlocks
import LedgerRecords
import ModuleKit
import PublicCryptography
import StateProofs
import StrictJSON
import Wire

extension RegistrationModule {
    /// The keys of the network, which the node puts there as its enclave says them, and which enclaves it gives its
    /// seeds to, `params`. A chain whose genesis does not say so gives them to none.
    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        guard genesis.json != nil else { return }
        if genesis["params"].json != nil {
            let policy = try RegistrationPolicy(genesis["params"])
            try state.set(policy.protobuf, of: RegisterStore.policyKey, in: StoreName.register)
        }
        try LeastNotice.importGenesis(genesis["least_notice"], on: state)
        try PlannedPolicies.importGenesis(genesis["planned_policy"], on: state)
        guard genesis["io_exch_key"].json != nil else { return }
        try RegistrationModule.setExchangeKeys(
            ExchangeKeys(
                input: try RegistrationModule.key(genesis["io_exch_key"]),
                node: try RegistrationModule.key(genesis["node_exch_key"])), on: state)
    }

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        guard let keys = try RegistrationModule.exchangeKeys(on: state) else { return nil }
        var members = JSONValue(keys).object ?? []
        if let policy = try RegistrationModule.policy(in: state) { members.append(("params", JSONValue(policy))) }
        let notice = try LeastNotice.current(in: state)
        if notice > 0 { members.append(("least_notice", .string("\(notice)s"))) }
        if let plan = try PlannedPolicies.exportGenesis(from: state) { members.append(("planned_policy", plan)) }
        return .object(members)
    }

    package func notExported(from state: any LedgerReading) throws -> [String] {
        var nodes = 0
        try state.visit(StoreName.register, prefix: RegisterStore.nodePrefix) { _ in nodes += 1 }
        let keys = "the network's keys stand there and do not count: another network makes its own"
        return [nodes == 0 ? keys : "\(nodes) registered nodes; " + keys]
    }

    private static func key(_ value: GenesisValue) throws -> Hash32 {
        guard let key = Base64.decode(try value["bytes"].text).flatMap({ Hash32($0) }) else {
            throw value["bytes"].refusal("is no key")
        }
        return key
    }
}

extension JSONValue {
    /// As the module's part of a genesis file, which is also what a joining node stores.
    package init(_ keys: RegistrationModule.ExchangeKeys) {
        self = [
            "reg_info": .null, "node_exch_key": ["bytes": .string(Base64.encode(keys.node.bytes))],
            "io_exch_key": ["bytes": .string(Base64.encode(keys.input.bytes))],
        ]
    }
}

extension JSONValue {
    /// As `params` of the module's part of a genesis file.
    package init(_ policy: RegistrationPolicy) {
        let roots = policy.roots.map { root -> JSONValue in
            [
                "name": .string(root.name), "spki_sha256": .string(Hexadecimal.encode(root.spkiSHA256)),
                "kind": .string(root.kind == .hardware ? "hardware" : "simulated"),
            ]
        }
        self = [
            "attestation_roots": .array(roots),
            "measurements": .array(policy.measurements.map { .string(Hexadecimal.encode($0.bytes)) }),
            "security_version_min": .string(String(policy.securityVersionMin)),
            "evidence_blocks_max": .string(String(policy.evidenceBlocksMax)),
            "seed_blocks_max": .string(String(policy.seedBlocksMax)),
        ]
        if !policy.planned.isEmpty {
            let planned = policy.planned.map { program -> JSONValue in
                [
                    "measurement": .string(program.measurement.description),
                    "not_before": .string(
                        Timestamp(seconds: program.notBefore, nanoseconds: 0)?.description ?? ""),
                ]
            }
            self = .object((object ?? []) + [("planned_programs", .array(planned))])
        }
        if let evidence = policy.evidence { self = .object((object ?? []) + [("evidence", JSONValue(evidence))]) }
    }
}

extension RegistrationPolicy {
    /// As the application's part of a genesis file has it; `nil` where it approves nobody.
    package init?(inGenesis applicationState: JSONValue) throws {
        let parameters = GenesisValue(applicationState, at: "app_state")[RegistrationModule().name]["params"]
        guard parameters.json != nil else { return nil }
        try self.init(parameters)
    }

    /// As the enclave takes it.
    private static let rootNameBytesMax = 64

    init(_ genesis: GenesisValue) throws {
        self.init(measurements: [])
        for root in try genesis["attestation_roots"].elements {
            let kind = root["kind"]
            guard let hash = Hexadecimal.decode(try root["spki_sha256"].text), hash.count == Hash32.byteCount else {
                throw root["spki_sha256"].refusal("is no SHA-256 in hexadecimal")
            }
            guard let kind = ["simulated": AttestationRoot.Kind.simulated, "hardware": .hardware][try kind.text] else {
                throw kind.refusal("is neither simulated nor hardware")
            }
            let name = try root["name"].text
            guard name.utf8.count <= Self.rootNameBytesMax else { throw root["name"].refusal("is too long") }
            roots.append(AttestationRoot(name: name, spkiSHA256: hash, kind: kind))
        }
        for measurement in try genesis["measurements"].elements {
            guard let hash = Hexadecimal.decode(try measurement.text).flatMap({ Hash32($0) }) else {
                throw measurement.refusal("is no measurement in hexadecimal")
            }
            measurements.append(hash)
        }
        for program in try genesis["planned_programs"].elements {
            let measurement = try program["measurement"].text
            guard let hash = Hexadecimal.decode(measurement).flatMap({ Hash32($0) }) else {
                throw program["measurement"].refusal("is no measurement in hexadecimal")
            }
            let time = try program["not_before"].time
            guard time.seconds > 0, time.nanoseconds == 0 else {
                throw program["not_before"].refusal("is no whole second after 1970")
            }
            planned.append(PlannedProgram(hash, notBefore: time.seconds))
        }
        guard roots.count <= Self.rootsMax, programCount <= Self.measurementsMax else {
            throw genesis.refusal("names too many roots or measurements")
        }
        if genesis["security_version_min"].json != nil {
            guard let version = UInt16(try genesis["security_version_min"].text) else {
                throw genesis["security_version_min"].refusal("is no version")
            }
            securityVersionMin = version
        }
        if genesis["seed_blocks_max"].json != nil {
            guard let blocks = UInt32(try genesis["seed_blocks_max"].text) else {
                throw genesis["seed_blocks_max"].refusal("is no number of blocks")
            }
            seedBlocksMax = blocks
        }
        if genesis["evidence_blocks_max"].json != nil {
            guard let blocks = UInt32(try genesis["evidence_blocks_max"].text), blocks <= Self.evidenceBlocksBound
            else {
                throw genesis["evidence_blocks_max"].refusal("is no number up to \(Self.evidenceBlocksBound)")
            }
            evidenceBlocksMax = blocks
        }
        if genesis["evidence"].json != nil { evidence = try EvidencePolicy(genesis["evidence"]) }
    }
}
