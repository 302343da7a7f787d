import Attestation
import DecidedBlocks
import Foundation
import LedgerRecords
import PublicCryptography
import StateProofs
import StrictJSON
import Wire

/// What a node shows in proof of the key to which messages for contracts are encrypted (`/cloister/v1/evidence`). The
/// node chose every byte; `verify` says what they prove.
package struct NetworkEvidence: Sendable {
    package let identity: ChainIdentity
    package let ioExchangeKey: [UInt8]
    package let seedExchangeKey: [UInt8]
    package let quote: [UInt8]
    package let measurement: [UInt8]
    /// Of the enclave that made the keys, where this node's took them over from another program; else empty.
    package let founderQuote: [UInt8]
    /// What that is over, if keys have been exchanged since; else empty. The seed-exchange key beside it is the
    /// network's for ever.
    private let founderIOKey: [UInt8]
    private let recordHeight: Int64
    /// By `recordKeys`.
    private let records: [[UInt8]]
    private let proof: [UInt8]
    private let stores: [StoreCommitment.Store]
    private let header: UnverifiedHeader

    /// Of the header that proves the record, which `verify` looks at.
    package var height: Int64 { header.header.height }
    package var seconds: Int64 { header.header.time.seconds }
    /// The state that it proves the record in, once it holds: that before its header's block.
    var state: KnownChains.Shown {
        .init(height: height &- 1, headerHash: header.header.hash(), seconds: seconds)
    }

    package init(json: JSONValue) throws {
        do throws(MissingField) {
            let fields = Fields(json)
            identity = try Self.identity(fields.member("identity"))
            ioExchangeKey = try fields.bytes("io_exchange_key")
            seedExchangeKey = try fields.bytes("seed_exchange_key")
            quote = try fields.bytes("quote")
            measurement = try fields.bytes("measurement")
            founderQuote = try fields.bytesOrNone("founder_quote")
            founderIOKey = try fields.bytesOrNone("founder_io_exchange_key")
            let record = try fields.member("register_record")
            recordHeight = try record.number("height")
            records = try [
                record.bytes("io_exchange_record"), record.bytes("seed_exchange_record"),
                record.bytesOrNone("policy_record"), record.bytesOrNone("release_head_record"),
            ]
            proof = try record.bytes("proof")
            stores = try record.members("store_roots").map { store throws(MissingField) in
                StoreCommitment.Store(
                    name: try store.text("name"), root: try Hash32(store.bytes("root")).orMissing("root"))
            }
            let header = try fields.member("header")
            self.header = try
                (try? UnverifiedHeader(
                    header: header.bytes("header"), commit: header.bytes("commit"),
                    validators: header.bytes("validators")))
                .orMissing("header")
        } catch {
            throw ClientError(.badAnswer, "the node's evidence is not readable: \(error.name)")
        }
    }

    private static func identity(_ fields: Fields) throws(MissingField) -> ChainIdentity {
        ChainIdentity(
            chainID: try fields.text("chain_id"), genesisSeconds: try fields.number("genesis_seconds"),
            genesisNanoseconds: try fields.number("genesis_nanoseconds"),
            initialHeight: try fields.number("initial_height"),
            initialValidatorsHash: try fields.bytes("initial_validators_hash"),
            attestationRoots: try fields.members("attestation_roots").map { root throws(MissingField) in
                let kinds: [String: AttestationRoot.Kind] = [
                    "ROOT_KIND_SIMULATED": .simulated, "ROOT_KIND_HARDWARE": .hardware,
                ]
                return AttestationRoot(
                    name: try root.text("name"), spkiSHA256: try root.bytes("spki_sha256"),
                    kind: try kinds[root.text("kind")].orMissing("kind"))
            },
            profile: try ["PROFILE_DEVELOPMENT": ChainIdentity.Profile.development, "PROFILE_PRODUCTION": .production][
                fields.text("profile")
            ].orMissing("profile"),
            leaseAnswers: try fields.number("lease_answers"), leaseSeconds: try fields.number("lease_seconds"),
            epochBlocks: try fields.numberOrZero("epoch_blocks"),
            epochGraceBlocks: try fields.numberOrZero("epoch_grace_blocks"))
    }
}

// MARK: - Verifying

/// What the user knows beforehand of the network; what is `nil` is taken on trust when it is seen first.
package struct NetworkExpectation: Equatable, Sendable {
    package var chainID: String?
    /// SHA-256 of the identity, which names genesis's validators and all roots: of this chain, and of no other that has
    /// its name.
    package var identity: Hash32?
    /// Of the enclave program that made the network's keys: it gives them to none that the chain does not approve.
    package var measurement: Hash32?
    /// SHA-256 of the root's public key (SubjectPublicKeyInfo, DER). Without the identity, the chain may have no other.
    package var root: Hash32?

    package init(
        chainID: String? = nil, identity: Hash32? = nil, measurement: Hash32? = nil, root: Hash32? = nil
    ) {
        (self.chainID, self.identity, self.measurement, self.root) = (chainID, identity, measurement, root)
    }

    /// Whether the user knows more than a name.
    var isOfEvidence: Bool { identity != nil || measurement != nil || root != nil }
}

/// What evidence proves, step by step.
package struct EvidenceVerdict: Sendable {
    package struct Check: Sendable {
        package let subject: String
        package let passed: Bool
        package let text: String
    }

    /// Those up to the one that failed, or all.
    package fileprivate(set) var checks: [Check] = []
    /// What is known now; `nil` if a check failed.
    package fileprivate(set) var network: VerifiedNetwork?

    package var isAccepted: Bool { network != nil }
    package var refusal: String? { checks.last.flatMap { $0.passed ? nil : "\($0.subject): \($0.text)" } }
}

/// A network whose enclave has proved what it is and that the key is its own.
package struct VerifiedNetwork: Equatable, Sendable {
    package var chainID: String
    /// SHA-256 of the chain identity's encoding.
    package var identityHash: Hash32
    package var ioExchangeKey: Hash32
    /// Of the program that made the key.
    package var measurement: Hash32
    package var root: Hash32
    package var rootIsSimulated: Bool
    /// How far the key-release log had come, by a header that the validators signed.
    package var releases: SeedReleaseHead
    /// What runs there: the maker, or a program that took over from it.
    package var program: QuotedProgram
    /// The programs to which the chain's state gives the seeds, besides the maker's own enclaves.
    package var approved: [Hash32]
    /// Neither the identity nor the state has a root besides `root`.
    package var hasOneRoot: Bool
}

/// What a quote says of the image that runs, which its publisher signed.
package struct QuotedProgram: Equatable, Sendable {
    package var measurement: Hash32
    /// SHA-256 of the publisher's key.
    package var signer: Hash32
    package var product: UInt16
    package var securityVersion: UInt16
}

extension NetworkEvidence {
    /// Goes through what the evidence must prove until something does not hold. `time` is the verifier's own, in
    /// seconds since 1970.
    ///
    /// The attack: a host puts a key of its own in front of the network's and reads what its users send. The quote
    /// binds the key to the chain's identity and to the enclave's program; the record, with header and commit, says
    /// that the chain's state gives out the same key to everybody. Which root and which program are the right ones
    /// nobody can prove to a stranger: they are expected, or trusted when they are seen first.
    ///
    /// Nor can anybody prove which of two chains of one name is meant. A host begins one with validators of its own,
    /// and its state approves the host's program; or it names a root of its own beside the true one. The genuine
    /// enclave's quote is good for both. So who knows the chain's identity knows all of that; who knows the root alone
    /// takes no chain that has another.
    package func verify(expecting expected: NetworkExpectation, at time: Int64) -> EvidenceVerdict {
        var verdict = EvidenceVerdict()
        func passed(_ subject: String, _ text: String) {
            verdict.checks.append(.init(subject: subject, passed: true, text: text))
        }
        func failed(_ subject: String, _ text: String) -> EvidenceVerdict {
            verdict.checks.append(.init(subject: subject, passed: false, text: text))
            return verdict
        }
        let isProduction = identity.profile == .production
        if let chainID = expected.chainID, chainID != identity.chainID {
            return failed("chain", "the evidence is of chain \(identity.chainID), not of \(chainID)")
        }
        passed("chain", "\(identity.chainID), profile \(isProduction ? "production" : "development")")
        let identityHash = SHA256.hash(identity.encoded)
        if let wanted = expected.identity, wanted != identityHash {
            return failed("identity", "\(identityHash) is not the expected \(wanted)")
        }
        passed("identity", "\(identityHash), \(expected.identity == nil ? "taken on trust" : "as expected")")

        let roots = identity.attestationRoots.compactMap(TrustRoot.init(chainIdentity:))
        let result = QuoteVerifier.verify(evidence: quote, roots: roots, time: time, policy: QuotePolicy())
        guard let claims = result.claims else {
            let reason = result.rejection.map { "step \($0.step.rawValue), \($0.step): \($0.refusal)" } ?? "refused"
            return failed("quote", reason)
        }
        let root = claims.root
        let kind =
            root.kind == .simulated
            ? "SIMULATED: a program signs here, not a processor; whoever runs it can lie" : "hardware"
        passed("quote", "signed under the root \(root.name)")
        if let wanted = expected.root, wanted != root.publicKeyInfoHash {
            return failed("root", "\(root.publicKeyInfoHash) is not the expected \(wanted)")
        }
        let onlyRoot = expected.identity == nil ? expected.root : nil
        if let other = NetworkEvidence.root(of: identity.attestationRoots, besides: onlyRoot) {
            return failed("root", "the chain has the root \(other), too, whose owner can make evidence")
        }
        passed("root", "\(root.publicKeyInfoHash), \(expected.root == nil ? "taken on trust" : "as expected"); \(kind)")
        guard claims.body.measurement.bytes == measurement else {
            return failed(
                "program", "the quote is of \(claims.body.measurement), not of the program that the node names")
        }
        var founder: Hash32?
        if !founderQuote.isEmpty {
            // The attack: a program says of keys that a host made that they are another program's. That one has to say
            // so itself.
            let verdict = QuoteVerifier.verify(evidence: founderQuote, roots: roots, time: time, policy: QuotePolicy())
            let first = identity.rotatesKeys ? founderIOKey : []
            guard let body = verdict.claims?.body, isOverKeys(body, founder: nil, ioKey: first) else {
                return failed("program", "nothing shows whose the keys were that this node's enclave took over")
            }
            founder = body.measurement
        }
        let maker = founder ?? claims.body.measurement
        if let wanted = expected.measurement, wanted != maker {
            return failed("program", "\(maker) is not the expected \(wanted)")
        }
        let taken = founder == nil ? "" : "; the program \(claims.body.measurement) took over from it"
        passed(
            "program", "measurement \(maker), \(expected.measurement == nil ? "taken on trust" : "as expected")\(taken)"
        )
        guard let facts = ReportData.facts(in: claims.body.reportData), let io = Hash32(ioExchangeKey),
            let seed = Hash32(seedExchangeKey), isOverKeys(claims.body, founder: founder)
        else { return failed("key", "the quote is over another key, or over another chain, than the node shows") }
        passed("key", "\(Base64.encode(ioExchangeKey)) is the quoted enclave's own")

        let names = PlatformFacts.names.filter { facts.contains($0.fact) }.map(\.name).joined(separator: ", ")
        guard (identity.profile == .production) == facts.contains(.production),
            (root.kind == .simulated) == facts.contains(.simulated)
        else { return failed("platform", "\(names): not what the chain's profile and root say") }
        passed("platform", names.isEmpty ? "nothing to be said of it" : names)

        if let refusal = recordRefusal(io: io, seed: seed) { return failed("record", refusal) }
        passed(
            "record",
            "the chain's state gives out this key, by header \(header.header.height), which its validators signed")
        let policy = registrationPolicy
        let programs = policy?.programs(at: seconds) ?? []
        if let other = NetworkEvidence.root(of: policy?.roots ?? [], besides: onlyRoot) {
            return failed(
                "approval", "the chain's state approves the root \(other), too, whose owner can make evidence")
        }
        if founder != nil {
            guard let policy, programs.contains(claims.body.measurement) else {
                return failed("approval", "the chain's state does not approve the program that took over")
            }
            guard claims.body.securityVersion >= policy.securityVersionMin else {
                return failed(
                    "approval",
                    "the program that took over is of version \(claims.body.securityVersion), and the chain's state "
                        + "approves none below \(policy.securityVersionMin)")
            }
            passed("approval", "the chain's state approves the program that took over")
        }
        let later = (policy?.planned ?? []).filter { $0.notBefore > seconds }
        let others = programs.filter { $0 != maker && $0 != claims.body.measurement }
        passed(
            "programs",
            (others.isEmpty
                ? "the chain gives its seeds to no other"
                : "the chain gives its seeds to others, too: " + others.map(\.description).joined(separator: ", "))
                + (later.isEmpty ? "" : "; later to " + later.map(\.measurement.description).joined(separator: ", ")))
        guard let releases = records[3].isEmpty ? SeedReleaseHead.none : try? SeedReleaseHead(protobuf: records[3])
        else { return failed("record", "the head of the key-release log is none") }
        verdict.network = VerifiedNetwork(
            chainID: identity.chainID, identityHash: identityHash, ioExchangeKey: io,
            measurement: maker, root: root.publicKeyInfoHash, rootIsSimulated: root.kind == .simulated,
            releases: releases,
            program: QuotedProgram(
                measurement: claims.body.measurement, signer: claims.body.signer, product: claims.body.productID,
                securityVersion: claims.body.securityVersion),
            approved: programs + (policy?.planned.map(\.measurement) ?? []),
            hasOneRoot: (identity.attestationRoots + (policy?.roots ?? [])).allSatisfy {
                $0.spkiSHA256 == root.publicKeyInfoHash.bytes
            })
        return verdict
    }

    /// Whom the chain's state gives its seeds to; proved once `verify` has accepted. `nil` for nobody.
    package var registrationPolicy: RegistrationPolicy? {
        records[2].isEmpty ? nil : try? RegistrationPolicy(protobuf: records[2])
    }

    /// The first that is not the only one there should be.
    private static func root(of roots: [AttestationRoot], besides only: Hash32?) -> String? {
        guard let only else { return nil }
        return roots.first { $0.spkiSHA256 != only.bytes }.map { Hexadecimal.encode($0.spkiSHA256) }
    }

    private func isOverKeys(_ body: QuoteBody, founder: Hash32?, ioKey: [UInt8] = []) -> Bool {
        guard let facts = ReportData.facts(in: body.reportData) else { return false }
        return body.reportData
            == ReportData.network(
                identity: identity.encoded, ioPublicKey: ioKey.isEmpty ? ioExchangeKey : ioKey,
                seedExchangePublicKey: seedExchangeKey, founder: founder, facts: facts)
    }

    private static let recordKeys = [
        RegisterStore.ioExchangeKey, RegisterStore.nodeExchangeKey, RegisterStore.policyKey,
        RegisterStore.releaseHeadKey,
    ]

    /// Why the chain's state is not proved to give out these keys. Its validators are those of its identity: a set that
    /// had changed since would have to be followed.
    private func recordRefusal(io: Hash32, seed: Hash32) -> String? {
        guard let validators = Hash32(identity.initialValidatorsHash) else { return "the identity names no validators" }
        do {
            _ = try header.checkSigned(by: validators, chainID: identity.chainID)
        } catch {
            return "header \(header.header.height) is not proved: \(error)"
        }
        guard let commitment = StoreCommitment(stores), commitment.applicationHash.bytes == header.header.appHash,
            header.header.height - 1 == recordHeight, let root = commitment.root(of: StoreName.register)
        else { return "the stores shown are not those of header \(header.header.height)" }
        do throws(ProofError) {
            try MultiProof.verify(
                root: root, keys: Self.recordKeys, values: records.map { $0.isEmpty ? nil : $0 }, proof: proof)
        } catch {
            return "the record is not proved: \(error)"
        }
        guard records.prefix(2).map(RegisterStore.masterKey(decoding:)) == [io, seed] else {
            return "the chain's state gives out other keys than the enclave's"
        }
        return nil
    }
}

// MARK: - Reading JSON

private struct MissingField: Error {
    var name: String
}

extension Optional {
    fileprivate func orMissing(_ name: String) throws(MissingField) -> Wrapped {
        guard let self else { throw MissingField(name: name) }
        return self
    }
}

private struct Fields {
    private let json: JSONValue

    init(_ json: JSONValue) { self.json = json }

    func member(_ name: String) throws(MissingField) -> Fields {
        guard let member = json[name], member.object != nil else { throw MissingField(name: name) }
        return Fields(member)
    }

    func members(_ name: String) throws(MissingField) -> [Fields] {
        guard let list = json[name]?.array, list.count <= 64 else { throw MissingField(name: name) }
        return list.map(Fields.init)
    }

    func text(_ name: String) throws(MissingField) -> String {
        guard let text = json[name]?.string else { throw MissingField(name: name) }
        return text
    }

    func bytes(_ name: String) throws(MissingField) -> [UInt8] {
        guard let bytes = json[name]?.string.flatMap({ Base64.decode($0) }) else { throw MissingField(name: name) }
        return bytes
    }

    /// An empty text, or null.
    func bytesOrNone(_ name: String) throws(MissingField) -> [UInt8] {
        guard let value = json[name], !value.isNull else { return [] }
        return try bytes(name)
    }

    /// Of nodes from before there was such a number: none of theirs is another than zero.
    func numberOrZero<Number: FixedWidthInteger>(_ name: String) throws(MissingField) -> Number {
        guard let value = json[name], !value.isNull else { return 0 }
        return try number(name)
    }

    func number<Number: FixedWidthInteger>(_ name: String) throws(MissingField) -> Number {
        try (json[name]?.integer() ?? json[name]?.string.flatMap { Number($0) }).orMissing(name)
    }
}
