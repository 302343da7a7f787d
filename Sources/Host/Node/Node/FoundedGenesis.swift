import Attestation
import ChainInterface
import DecidedBlocks
import EnclaveProtocol
import PublicCryptography
import Registration
import StrictJSON
import Wire

/// The part of a genesis file that a founding adds: in the store of the registration module, under `founding`.
///
/// As a draft, which the founders agree on, it has a number that nobody could know before, and the profile; as a whole
/// file each founder's certificate, with the seeds that were wrapped for it.
struct FoundingPart: Equatable {
    struct Founder: Equatable {
        var certificate: FoundingCertificate
        var encryptedSeed: [UInt8]
    }

    /// What the founders agree on besides this part, of what stands in the place of the registration module.
    static let agreed = ["params", "least_notice", "planned_policy", "lease", "epochs"]
    /// As the enclave takes it.
    private static let seedBytesMax = 4_096

    var nonce: [UInt8]
    var profile: NodeConfiguration.Profile
    /// None in a draft.
    var founders: [Founder] = []

    /// `nil` for the genesis of a network that one enclave begins.
    init?(_ document: GenesisDocument) throws {
        guard let json = document.appState["register"]?["founding"] else { return nil }
        guard let nonce = json["nonce"]?.string.flatMap({ Hexadecimal.decode($0) }), nonce.count == Hash32.byteCount,
            let profile = json["profile"]?.string.flatMap({ NodeConfiguration.Profile(rawValue: $0) })
        else { throw GenesisError.malformed("register.founding") }
        self.init(nonce: nonce, profile: profile)
        let list = json["founders"]?.array ?? []
        guard list.count <= FoundingTerms.foundersMax else {
            throw GenesisError.malformed("register.founding.founders")
        }
        founders = try list.map { founder in
            guard let bytes = founder["certificate"]?.string.flatMap({ Base64.decode($0) }),
                bytes.count <= FoundingCertificate.byteCountMax,
                let certificate = try? FoundingCertificate(protobuf: bytes),
                let seed = founder["encrypted_seed"]?.string.flatMap({ Base64.decode($0) }),
                seed.count <= Self.seedBytesMax
            else { throw GenesisError.malformed("register.founding.founders") }
            return Founder(certificate: certificate, encryptedSeed: seed)
        }
    }

    init(nonce: [UInt8], profile: NodeConfiguration.Profile) { (self.nonce, self.profile) = (nonce, profile) }

    var json: JSONValue {
        var members: [(String, JSONValue)] = [
            ("nonce", .string(Hexadecimal.encode(nonce))), ("profile", .string(profile.rawValue)),
        ]
        if !founders.isEmpty {
            let list = founders.map { founder -> JSONValue in
                [
                    "certificate": .string(Base64.encode(founder.certificate.protobuf)),
                    "encrypted_seed": .string(Base64.encode(founder.encryptedSeed)),
                ]
            }
            members.append(("founders", .array(list)))
        }
        return .object(members)
    }
}

extension GenesisDocument {
    /// Whether several founders have begun it, or will.
    var isFounded: Bool { appState["register"]?["founding"] != nil }

    /// The same with another `register` of these members.
    func with(register members: [(String, JSONValue)]) -> GenesisDocument {
        var changed = self
        changed.appState = .object(
            (appState.object ?? []).filter { $0.0 != "register" } + [("register", .object(members))])
        return changed
    }

    /// What its founders agreed on: without validators and their stakes, time, and all that the founding added.
    func draft(_ part: FoundingPart) -> GenesisDocument {
        let kept = FoundingPart.agreed.compactMap { name in appState["register"]?[name].map { (name, $0) } }
        var draft = with(register: kept + [("founding", FoundingPart(nonce: part.nonce, profile: part.profile).json)])
            .with(stakes: [])
        draft.validators = []
        draft.genesisTime = Timestamp(seconds: 0, nanoseconds: 0)!
        return draft
    }

    /// The terms of the network that these founders begin, or will: without validators it has no time yet.
    func foundingTerms(_ part: FoundingPart) throws -> FoundingTerms {
        guard let policy = try RegistrationPolicy(inGenesis: appState), !policy.roots.isEmpty else {
            throw GenesisError.malformed("register.params")
        }
        return FoundingTerms(
            identity: try ChainIdentity(
                self, validatorsHash: anchor?.initialValidatorsHash ?? .zero, roots: policy.roots,
                profile: part.profile),
            policy: policy, draftHash: SHA256.hash(draft(part).jsonBytes))
    }
}

extension ChainIdentity {
    init(
        _ genesis: GenesisDocument, validatorsHash: Hash32, roots: [AttestationRoot],
        profile: NodeConfiguration.Profile
    ) throws {
        let lease = try LeaseTerms(genesis)
        let epochs = try EpochTerms(genesis)
        self.init(
            chainID: genesis.chainID, genesisSeconds: genesis.genesisTime.seconds,
            genesisNanoseconds: genesis.genesisTime.nanoseconds, initialHeight: UInt64(genesis.initialHeight),
            initialValidatorsHash: validatorsHash.bytes, attestationRoots: roots,
            profile: profile == .production ? .production : .development, leaseAnswers: lease.answers,
            leaseSeconds: lease.seconds, epochBlocks: epochs.blocks, epochGraceBlocks: epochs.graceBlocks)
    }
}

extension FoundingTerms {
    /// As the enclave is told them.
    func proposal(_ founders: [FoundingCertificate] = []) -> FoundingProposal {
        FoundingProposal(
            identity: identity, policy: policy.protobuf, draftHash: draftHash.bytes,
            certificates: founders.map(\.protobuf))
    }
}

extension FoundingRefusal {
    /// For people, with the founders' names in their order.
    func text(_ names: [String]) -> String {
        func name(_ index: Int) -> String { index < names.count ? names[index] : "number \(index + 1)" }
        return switch self {
        case .noFounders: "there is no founder"
        case .tooManyFounders: "there are more than \(FoundingTerms.foundersMax) founders"
        case .programNotApproved: "the draft does not approve the enclave program that runs here"
        case .founder(let index, .otherChain):
            "founder \(name(index)): the evidence is for another draft of the genesis file, or another chain"
        case .founder(let index, let refusal): "founder \(name(index)): \(refusal.text)"
        case .foundsTwice(let index): "founder \(name(index)): this enclave, or this validator's key, is there twice"
        case .powerOutOfBounds(let index): "founder \(name(index)): the power is none, or more than a set can have"
        case .otherValidators: "the validators are not the founders with the power that each asked for"
        }
    }
}
