import Attestation
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import LedgerRecords
import PublicCryptography
import StateProofs
import StrictJSON
import TestSupport
import Testing
import WalletClient
import Wire

/// Chains that a host begins for who has not met the true one, each with genuine enclaves.
extension HostileHostSuite.TakeOverTests {
    private static let now = Int64(Date().timeIntervalSince1970)

    /// As a node shows it (`/cloister/v1/evidence`), by the newest header.
    private static func evidence(
        _ world: World, _ opened: OpenedEnclave, founderQuote: [UInt8] = []
    ) throws -> NetworkEvidence {
        func text(_ bytes: [UInt8]) -> JSONValue { .string(Base64.encode(bytes)) }
        func text(_ number: some BinaryInteger) -> JSONValue { .string(String(number)) }
        let identity = world.chain.identity
        let shown = try #require(world.chain.blocks[world.chain.height]).advance
        let height = UInt64(world.chain.height - 1)
        let keys = [
            RegisterStore.ioExchangeKey, RegisterStore.nodeExchangeKey, RegisterStore.policyKey,
            RegisterStore.releaseHeadKey,
        ]
        let proof = try world.host.prove(StoreName.register, keys, at: height)
        let names = ["io_exchange_record", "seed_exchange_record", "policy_record", "release_head_record"]
        let records = zip(names, proof.values).map { ($0, text($1 ?? [])) }
        let stores = try world.chain.storeRoots(at: height)
        return try NetworkEvidence(json: [
            "identity": [
                "chain_id": .string(identity.chainID), "genesis_seconds": text(identity.genesisSeconds),
                "genesis_nanoseconds": text(identity.genesisNanoseconds),
                "initial_height": text(identity.initialHeight),
                "initial_validators_hash": text(identity.initialValidatorsHash),
                "attestation_roots": .array(
                    identity.attestationRoots.map {
                        [
                            "name": .string($0.name), "spki_sha256": text($0.spkiSHA256),
                            "kind": "ROOT_KIND_SIMULATED",
                        ]
                    }), "profile": "PROFILE_DEVELOPMENT", "lease_answers": text(identity.leaseAnswers),
                "lease_seconds": text(identity.leaseSeconds),
            ],
            "io_exchange_key": text(opened.ioPublicKey), "seed_exchange_key": text(opened.seedExchangePublicKey),
            "quote": text(opened.evidence), "measurement": text(opened.measurement),
            "founder_quote": text(founderQuote),
            "register_record": .object(
                records + [
                    ("height", text(height)), ("proof", text(proof.proof)),
                    (
                        "store_roots",
                        .array(stores.map { ["name": .string($0.name), "root": text($0.root)] })
                    ),
                ]),
            "header": [
                "header": text(shown.header), "commit": text(shown.commit), "validators": text(shown.validators),
            ],
        ])
    }

    private static func hash(_ bytes: [UInt8]) throws -> Hash32 { try #require(Hash32(bytes)) }

    @Test("a program that took over is believed where the proved state approves it, in its version, and no other")
    func shownApproval() throws {
        let enclave = try started()
        let (_, seed) = try granted(enclave)
        let opened = try join(enclave, seed)
        enclave.kill()
        let maker = try Self.hash(world.opened.measurement)
        let expected = NetworkExpectation(measurement: maker)
        func verdict() throws -> EvidenceVerdict {
            try Self.evidence(world, opened, founderQuote: world.opened.evidence).verify(
                expecting: expected, at: Self.now)
        }
        let first = try verdict()
        #expect(first.isAccepted, "\(first.refusal ?? "")")
        // The maker alone, then a version that the chain gives nothing to, and then the program once more.
        let both = [maker, try Self.hash(opened.measurement)]
        let other = SHA256.hash([7])
        for (policy, says) in [
            (RegistrationPolicy(measurements: [maker], evidenceBlocksMax: 5), "approval: the chain's state does not"),
            (
                RegistrationPolicy(measurements: both, securityVersionMin: 99, evidenceBlocksMax: 5),
                "approves none below 99"
            ), (RegistrationPolicy(measurements: both + [other], evidenceBlocksMax: 5), nil),
        ] {
            try setPolicy(policy)
            try world.play([])
            let verdict = try verdict()
            #expect(verdict.isAccepted == (says == nil), "\(verdict.refusal ?? "")")
            if let says { #expect(verdict.refusal?.contains(says) == true, "\(verdict.refusal ?? "")") }
        }
        // To whom else the seeds go is shown.
        let shown = try verdict().checks.first { $0.subject == "programs" }
        #expect(shown?.text.contains(other.description) == true, "\(String(describing: shown))")
    }

    @Test(
        "who expects a root takes no chain that has another beside it; who expects an identity takes that chain alone")
    func otherRoots() throws {
        let root = try Self.hash(world.chain.attestationRoot)
        let honest = try Self.evidence(world, world.opened)
        let identity = SHA256.hash(world.chain.identity.encoded)
        for expected in [
            NetworkExpectation(root: root), NetworkExpectation(identity: identity),
            NetworkExpectation(identity: identity, root: root),
        ] {
            let verdict = honest.verify(expecting: expected, at: Self.now)
            #expect(verdict.isAccepted, "\(verdict.refusal ?? "")")
        }

        // The same name, and the true root; and one whose key the host has.
        let own = AttestationRoot(name: "host", spkiSHA256: SHA256.hash([8]).bytes, kind: .simulated)
        let forged = try World(moreRoots: [own])
        let trueRoot = try Self.hash(forged.chain.attestationRoot)
        try forged.play([])
        let evidence = try Self.evidence(forged, forged.opened)
        let cases: [(NetworkExpectation, String?)] = [
            (.init(), nil), (.init(root: trueRoot), "root: the chain has the root \(SHA256.hash([8]))"),
            (.init(identity: identity, root: trueRoot), "is not the expected \(identity)"),
            (.init(identity: SHA256.hash(forged.chain.identity.encoded), root: trueRoot), nil),
        ]
        for (expected, says) in cases {
            let verdict = evidence.verify(expecting: expected, at: Self.now)
            #expect(verdict.isAccepted == (says == nil), "\(verdict.refusal ?? "")")
            if let says { #expect(verdict.refusal?.contains(says) == true, "\(verdict.refusal ?? "")") }
        }

        // Or the state has it.
        try setPolicy(
            RegistrationPolicy(
                roots: [own], measurements: [try Self.hash(world.opened.measurement)], evidenceBlocksMax: 5))
        try world.play([])
        let later = try Self.evidence(world, world.opened)
        let refused = later.verify(expecting: .init(root: root), at: Self.now)
        #expect(refused.refusal?.contains("approval: the chain's state approves the root") == true)
        #expect(later.verify(expecting: .init(identity: identity, root: root), at: Self.now).isAccepted)
    }
}
