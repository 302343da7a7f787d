import Attestation
import ChainFormats
import ChainInterface
import DecidedBlocks
import DurableFiles
import EmbeddedEngine
import EnclaveLink
import EnclaveProtocol
import Foundation
import Logging
import PublicCryptography
import Registration
import StrictJSON
import ValidatorSigning
import Wire

/// How several founders begin a network as equals. One writes a draft of the genesis file; each founder's enclave makes
/// evidence for it; one of them collects the evidence, and its enclave makes the seeds and wraps them for each; each
/// accepts the file that comes of it. Every step may be done again: nothing rests on it before the network has begun.
///
/// What the others' hosts say is proved to the enclave. The checks here are for people, who are told what is wrong.
package struct FoundingCeremony {
    let home: NodeHome
    let programs: ProgramFolder

    package init(_ home: NodeHome, programs: ProgramFolder = ProgramFolder()) {
        (self.home, self.programs) = (home, programs)
    }

    /// What a founder gives to the one who collects.
    private struct FounderFile {
        var chainID: String
        var name: String
        var nodeID: String
        var certificate: FoundingCertificate
        /// Of a network that its stake runs.
        var stake: GenesisStake?

        init(
            chainID: String, name: String, nodeID: String, certificate: FoundingCertificate, stake: GenesisStake?
        ) {
            (self.chainID, self.name, self.nodeID, self.certificate) = (chainID, name, nodeID, certificate)
            self.stake = stake
        }

        init(path: String) throws {
            guard let bytes = try DurableFile.read(path) else { throw NodeFault("there is no such file", path: path) }
            guard let json = try? JSONReader.parse(bytes, limits: JSONLimits(bytesMax: 1 << 16)),
                let chainID = json["chain_id"]?.string, FirstGenesis.problem(ofChainID: chainID) == nil,
                let name = json["name"]?.string, FirstGenesis.problem(ofMoniker: name) == nil,
                let nodeID = json["node_id"]?.string, Hexadecimal.decode(nodeID)?.count == ValidatorAddress.byteCount,
                nodeID == nodeID.lowercased(), let encoded = json["certificate"]?.string.flatMap({ Base64.decode($0) }),
                let certificate = try? FoundingCertificate(protobuf: encoded)
            else { throw NodeFault("this is no founder's evidence", exit: .data, path: path) }
            let stake = json["stake"]?.string.flatMap { GenesisStake($0) }
            guard stake != nil || json["stake"] == nil else {
                throw NodeFault(
                    "what this founder stakes is no transaction that makes a validator", exit: .data, path: path)
            }
            self.init(chainID: chainID, name: name, nodeID: nodeID, certificate: certificate, stake: stake)
        }

        var json: JSONValue {
            .object(
                [
                    ("chain_id", .string(chainID)), ("name", .string(name)), ("node_id", .string(nodeID)),
                    ("certificate", .string(Base64.encode(certificate.protobuf))),
                ] + (stake.map { [("stake", .string($0.text))] } ?? []))
        }
    }

    // MARK: - draft

    /// Writes the draft of a genesis file: its enclave's program is the one that is approved, and its machine's root is
    /// among those that evidence may end in.
    ///
    /// - Parameters:
    ///   - roots: SHA-256 of the public keys of other roots, in hexadecimal.
    ///   - unbondingTime: of a network that its stake runs, as 1814400s.
    package func draft(
        chainID: String, moniker: String, accounts: [FirstGenesis.Account], roots: [String], initialHeight: Int64 = 1,
        unbondingTime: String? = nil, configuration: NodeConfiguration
    ) throws {
        guard !FileManager.default.fileExists(atPath: home.foundingDraft) else {
            throw NodeFault(
                "there is a draft already", path: home.foundingDraft,
                remedy: "remove it to begin another ceremony: all founders make their evidence anew")
        }
        let machine = try prepare(chainID: chainID, configuration)
        var document = FirstGenesis.document(
            chainID: chainID, moniker: moniker, validatorKey: [], accounts: accounts,
            time: Timestamp(seconds: 0, nanoseconds: 0)!)
        document.validators = []
        document.initialHeight = initialHeight
        if let unbondingTime {
            document.appState = .object(
                (document.appState.object ?? []) + FirstGenesis.parts(of: [], unbondingTime: unbondingTime))
        }
        var policy = RegistrationPolicy(
            measurements: [machine.measurement], evidenceBlocksMax: RegistrationPolicy.evidenceBlocksBound)
        policy.roots = [machine.root]
        for text in roots {
            guard let hash = Hexadecimal.decode(text), hash.count == Hash32.byteCount else {
                throw NodeFault(violations: ["--root \(text): must be a SHA-256 in hexadecimal"])
            }
            guard !policy.roots.contains(where: { $0.spkiSHA256 == hash }) else { continue }
            policy.roots.append(AttestationRoot(name: machine.root.name, spkiSHA256: hash, kind: machine.root.kind))
        }
        guard policy.roots.count <= RegistrationPolicy.rootsMax else {
            throw NodeFault(violations: [
                "--root: at most \(RegistrationPolicy.rootsMax) roots, with this machine's own"
            ])
        }
        let nonce = (0..<Hash32.byteCount).map { _ in UInt8.random(in: .min ... .max) }
        let part = FoundingPart(nonce: nonce, profile: machine.configuration.profile)
        document = document.with(
            register: [
                ("params", JSONValue(policy)), ("lease", LeaseTerms.ofNewChains.json), ("founding", part.json),
            ])
        try document.checked().write(home.foundingDraft)
    }

    // MARK: - founder

    /// Makes this founder's evidence for a draft, and the folder of its node where there is none.
    ///
    /// - Parameters:
    ///   - power: the voting power that this founder asks for, where nothing is staked.
    ///   - stake: what this founder stakes, where powers come of that.
    /// - Returns: the file for the one who collects, and what this founder has agreed to, in lines.
    package func evidence(
        draft path: String?, moniker: String, power: Int64 = 0, stake: OperatorStake? = nil, maker: String?,
        configuration: NodeConfiguration
    ) throws -> (file: String, agreed: [String]) {
        let (document, part) = try readDraft(path ?? home.foundingDraft)
        guard (stake != nil) == document.isStaked else {
            throw NodeFault(
                document.isStaked
                    ? "this draft is of a network whose validators weigh what they stake"
                    : "this draft is of a network in which nothing is staked", path: path ?? home.foundingDraft,
                remedy: document.isStaked
                    ? "use `cloister-node genesis gentx`, which says how much"
                    : "use `cloister-node genesis founder`; or have the draft made anew with --staked")
        }
        guard stake != nil || (1...ValidatorSet.totalPowerMax).contains(power) else {
            throw NodeFault(violations: ["--power: must be above zero, and no more than a set of validators can have"])
        }
        guard !FileManager.default.fileExists(atPath: home.genesis) else {
            throw NodeFault(
                "this node has a genesis file already", path: home.genesis,
                remedy: "remove it, if the node has not begun with it; else use another folder")
        }
        var configuration = configuration
        configuration.profile = part.profile
        if let maker { try home.makePlatform(under: maker, programs) }
        let machine = try prepare(chainID: document.chainID, configuration)
        guard machine.configuration.profile == part.profile else {
            throw NodeFault(
                "the draft is for the profile \(part.profile.rawValue)", path: home.configuration,
                remedy: "say so under `profile`, before the first start")
        }
        let terms = try document.foundingTerms(part)
        let sealed = try SealedKeyFile(path: home.sealedValidatorKey)
        var power = power
        let staked = try stake?.sign(
            chainID: document.chainID, key: sealed.publicKey, moniker: moniker, memo: part.memo)
        if let staked {
            // With what the account has in the draft.
            _ = try document.with(stakes: [staked]).firstState()
            power = staked.power
        }
        let made = try home.withUnopenedEnclave(machine.configuration, chainID: document.chainID, programs) {
            try $0.makeFoundingEvidence(
                FounderRequest(
                    founding: terms.proposal(), sealedConsensusKey: sealed.sealedKey, power: UInt64(power)))
        }
        let certificate = try FoundingCertificate(protobuf: made)
        guard terms.policy.measurements.contains(machine.measurement) else {
            throw NodeFault(
                "the draft does not approve the enclave program that runs here", exit: .configuration,
                cause: "its measurement is \(Hexadecimal.encode(machine.measurement.bytes))",
                remedy: "all founders must run the same build; or have the draft made anew")
        }
        do throws(RegistrationRefusal) {
            _ = try terms.at(EngineClock.system.now()).appraise(certificate, program: machine.measurement)
        } catch {
            let isRoot = error == .quote(.unknownRoot)
            throw NodeFault(
                isRoot ? "the root of this machine's evidence is none of the draft's" : error.text,
                cause: isRoot ? "it is \(Hexadecimal.encode(machine.root.spkiSHA256))" : nil,
                remedy: isRoot ? "have the draft made anew with --root, or begin in an empty folder with --maker" : nil)
        }
        try document.write(home.foundingDraft)
        let file = FounderFile(
            chainID: document.chainID, name: moniker, nodeID: "\(try NodeIdentity.open(home.nodeKey).id)",
            certificate: certificate, stake: staked)
        let accounts = document.appState["auth"]?["accounts"]?.array?.count ?? 0
        return (
            JSONWriter.text(of: file.json) + "\n",
            ["chain \(document.chainID), profile \(part.profile.rawValue), \(accounts) accounts with coins"]
                + Self.agreement(to: terms.policy, as: machine.measurement)
        )
    }

    /// What a founder agrees to: each root, and each program that gets the network's seeds at once or later.
    static func agreement(to policy: RegistrationPolicy, as own: Hash32) -> [String] {
        policy.roots.map { "evidence may end in the root \(Hexadecimal.encode($0.spkiSHA256))" }
            + policy.measurements.map { measurement in
                "the program \(measurement) may have the seeds" + (measurement == own ? ", as this one" : "")
            }
            + policy.planned.map { program in
                let time = Timestamp(seconds: program.notBefore, nanoseconds: 0)?.description
                return
                    "the program \(program.measurement) may have the seeds, from \(time ?? "a moment that is none") on"
            }
    }

    // MARK: - collect

    /// Has this founder's enclave make the network's seeds and wrap them for each founder, and writes the genesis file.
    ///
    /// - Returns: SHA-256 of the file, and a line for each founder.
    package func collect(_ paths: [String], time: Timestamp) throws -> (hash: String, founders: [String]) {
        let (draft, part) = try readDraft(home.foundingDraft)
        let files = try paths.map { try FounderFile(path: $0) }
        for (path, file) in zip(paths, files) where file.chainID != draft.chainID {
            throw NodeFault("this founder is of chain \(file.chainID), not \(draft.chainID)", exit: .data, path: path)
        }
        let certificates = files.map(\.certificate)
        let lines =
            files.map { "\($0.nodeID) power \($0.certificate.power) \($0.name)" } + [sum(of: certificates)]
        if FileManager.default.fileExists(atPath: home.genesis) {
            let there = try GenesisDocument.read(home.genesis)
            guard try FoundingPart(there)?.founders.map(\.certificate) == certificates else {
                throw NodeFault(
                    "there is a genesis file already, of other founders", path: home.genesis,
                    remedy: "remove it, if nobody has begun with it")
            }
            return (try hash(of: home.genesis), lines + [try identity(of: there)])
        }
        try requireNoRecord()
        var document = draft
        document.genesisTime = time
        for (path, file) in zip(paths, files) where (file.stake != nil) != draft.isStaked {
            throw NodeFault(
                draft.isStaked ? "this founder stakes nothing" : "this founder stakes coins, which the draft does not",
                exit: .data, path: path)
        }
        document = document.with(stakes: files.compactMap(\.stake))
        document.validators = files.map {
            GenesisValidator(publicKey: $0.certificate.consensusKey.bytes, power: $0.certificate.power, name: $0.name)
        }
        let machine = try prepare(chainID: draft.chainID, NodeConfiguration())
        let terms = try document.foundingTerms(part)
        try require(terms, certificates, names: files.map(\.name), machine, at: home.foundingDraft)
        guard certificates.contains(where: { $0.consensusKey.bytes == machine.key.publicKey }) else {
            throw NodeFault(
                "this node is none of these founders, and its enclave makes no seeds for others alone",
                remedy: "give its own evidence, too")
        }
        let network = try home.withUnopenedEnclave(machine.configuration, chainID: draft.chainID, programs) {
            try $0.found(terms.proposal(certificates))
        }
        guard let input = Hash32(network.ioPublicKey), let node = Hash32(network.seedExchangePublicKey),
            network.encryptedSeeds.count == files.count
        else { throw EnclaveError.unexpectedMessage }
        var founding = part
        founding.founders = zip(certificates, network.encryptedSeeds).map {
            FoundingPart.Founder(certificate: $0, encryptedSeed: $1)
        }
        let kept = FoundingPart.agreed.compactMap { name in draft.appState["register"]?[name].map { (name, $0) } }
        let keys = JSONValue(RegistrationModule.ExchangeKeys(input: input, node: node))
        document = document.with(
            register: (keys.object ?? []) + kept + [
                ("evidence", .string(Base64.encode(network.evidence))), ("founding", founding.json),
            ])
        try document.requireStakes(part, names: files.map(\.name)).checked().write(home.genesis)
        return (try hash(of: home.genesis), lines + [try identity(of: document)])
    }

    // MARK: - accept

    /// Takes the genesis file that came of the founding into this founder's folder, if the enclave opens its seeds.
    ///
    /// - Returns: SHA-256 of the file, and a line for each founder.
    package func accept(_ path: String, hash expected: String?) throws -> (hash: String, founders: [String]) {
        guard let bytes = try DurableFile.read(path) else { throw NodeFault("there is no such file", path: path) }
        let found = Hexadecimal.encode(SHA256.hash(bytes).bytes)
        guard expected == nil || expected?.lowercased() == found else {
            throw NodeFault(
                "the genesis file is not the expected one", exit: .data, path: path, cause: "its SHA-256 is \(found)",
                remedy: "ask who gave you the hash which of the two is wrong")
        }
        let document = try GenesisDocument(json: bytes).checked()
        guard let part = try FoundingPart(document), !part.founders.isEmpty, document.hasNetworkKeys else {
            throw NodeFault("no founders have begun a network with this file", exit: .data, path: path)
        }
        let (agreed, agreedPart) = try readDraft(home.foundingDraft)
        guard document.draft(part) == agreed.draft(agreedPart) else {
            throw NodeFault(
                "this genesis file is not of the draft that this founder agreed to", exit: .data, path: path,
                cause: "the draft is \(home.foundingDraft)", remedy: "ask who collected what was changed")
        }
        let certificates = part.founders.map(\.certificate)
        // The enclave compares the set, and not what people call its members.
        let names = try certificates.map { certificate in
            let validator = document.validators.first { $0.publicKey == certificate.consensusKey.bytes }
            guard let name = validator?.name, FirstGenesis.problem(ofMoniker: name) == nil else {
                throw NodeFault("a founder is no validator, or has no name that can be shown", exit: .data, path: path)
            }
            return name
        }
        try document.requireStakes(part, names: names)
        let machine = try prepare(chainID: document.chainID, NodeConfiguration())
        try require(document.foundingTerms(part), certificates, names: names, machine, at: path)
        guard certificates.contains(where: { $0.consensusKey.bytes == machine.key.publicKey }) else {
            throw NodeFault(
                "the key of this founder's validator is not in the genesis file", exit: .data, path: path,
                cause: "it is \(Base64.encode(machine.key.publicKey))", remedy: "ask who collected why it was left out")
        }
        let lines = zip(certificates, names).map { certificate, name in
            "power \(certificate.power) \(name)"
                + (certificate.consensusKey.bytes == machine.key.publicKey ? ", this node" : "")
        }
        let answer = (hash: found, founders: lines + [sum(of: certificates), try identity(of: document)])
        if let there = try DurableFile.read(home.genesis) {
            guard there == bytes else {
                throw NodeFault(
                    "there is another genesis file already", path: home.genesis,
                    remedy: "remove it, if this node has not begun with it")
            }
            return answer
        }
        try requireNoRecord()
        // Nothing is kept of it: that the seeds are this enclave's shows at no other time before all have begun.
        _ = try home.withUnopenedEnclave(machine.configuration, chainID: document.chainID, programs) {
            try document.openFounded($0, home, path: path, profile: machine.configuration.profile)
        }
        try DurableFile.replace(home.genesis, with: bytes, mode: 0o644)
        return answer
    }

    // MARK: - Parts

    private func require(
        _ terms: FoundingTerms, _ certificates: [FoundingCertificate], names: [String], _ machine: Machine,
        at path: String
    ) throws {
        do throws(FoundingRefusal) {
            _ = try terms.appraise(certificates, program: machine.measurement)
        } catch {
            throw NodeFault(error.text(names), exit: .data, path: path)
        }
    }

    private func sum(of certificates: [FoundingCertificate]) -> String {
        "\(certificates.count) founders with a power of \(certificates.reduce(0) { $0 &+ $1.power }) in all"
    }

    /// What `cloister` may be told to expect of the chain.
    private func identity(of document: GenesisDocument) throws -> String {
        guard let part = try FoundingPart(document) else { throw NodeFault("no founders are in the genesis file") }
        return "identity \(SHA256.hash(try document.foundingTerms(part).identity.encoded))"
    }

    /// A start that did not come far has opened another founding, whose keys are not those of this one.
    private func requireNoRecord() throws {
        guard !FileManager.default.fileExists(atPath: home.bootstrapRecord) else {
            throw NodeFault(
                "this node has begun with another genesis file", exit: .data, path: home.bootstrapRecord,
                remedy: "begin in an empty folder; or move this aside, if no chain has begun")
        }
    }

    private func hash(of path: String) throws -> String {
        Hexadecimal.encode(SHA256.hash(try DurableFile.read(path) ?? []).bytes)
    }

    func readDraft(_ path: String) throws -> (GenesisDocument, FoundingPart) {
        guard FileManager.default.fileExists(atPath: path) else {
            throw NodeFault(
                "there is no draft of a genesis file", path: path,
                remedy: "`cloister-node genesis draft` makes one; every founder needs the same")
        }
        let document = try GenesisDocument.read(path).checked()
        guard let part = try FoundingPart(document), part.founders.isEmpty, document.validators.isEmpty else {
            throw NodeFault("this is no draft of a genesis file", exit: .data, path: path)
        }
        guard try document.stakes.isEmpty else {
            throw NodeFault("genesis transactions are no part of a draft", exit: .data, path: path)
        }
        // Nobody would have agreed on more.
        let members = (document.appState["register"]?.object ?? []).map(\.0)
        guard members.allSatisfy({ $0 == "founding" || FoundingPart.agreed.contains($0) }) else {
            throw NodeFault("register has more in it than a draft has", exit: .data, path: path)
        }
        return (document, part)
    }

    private struct Machine {
        var configuration: NodeConfiguration
        var key: SealedKeyFile
        var root: AttestationRoot
        var measurement: Hash32
    }

    /// The folder of the node, but for its genesis file, with a key that its enclave made; what is there is kept.
    private func prepare(chainID: String, _ configuration: NodeConfiguration) throws -> Machine {
        var settings = configuration
        if FileManager.default.fileExists(atPath: home.configuration) {
            settings = try NodeConfiguration(path: home.configuration)
        }
        guard settings.signer == .enclave else {
            throw NodeFault(
                "a founder's consensus key is its enclave's", path: home.configuration,
                remedy: "say signer = \"enclave\" under [validator]")
        }
        try home.prepare(chainID: chainID, configuration: settings, programs: programs)
        let key = try SealedKeyFile(path: home.sealedValidatorKey)
        let machine = try settings.machine(in: home, chainID: chainID, programs: programs, logger: NodeHome.quiet)
        let root = try EnclaveSession.ownRoot(machine)
        let quoted = QuoteVerifier.verify(
            evidence: key.evidence, roots: [root].compactMap { TrustRoot(chainIdentity: $0) },
            time: EngineClock.system.now().seconds, policy: QuotePolicy())
        guard let measurement = quoted.claims?.body.measurement else {
            throw NodeFault(
                "the validator's key was made on another machine", exit: .data, path: home.sealedValidatorKey,
                cause: quoted.rejection.map { "\($0.refusal)" }, remedy: "begin with an empty folder")
        }
        return Machine(configuration: settings, key: key, root: root, measurement: measurement)
    }
}

extension FoundingTerms {
    /// The same at a time at which evidence is looked at before the network has one.
    fileprivate func at(_ time: Timestamp) -> FoundingTerms {
        var identity = identity
        (identity.genesisSeconds, identity.genesisNanoseconds) = (time.seconds, time.nanoseconds)
        return FoundingTerms(identity: identity, policy: policy, draftHash: draftHash)
    }
}

extension GenesisDocument {
    /// Opens, for one of its founders, the network that this file founds; `path` is where the file is.
    func openFounded(
        _ control: any ControlLink, _ home: NodeHome, path: String? = nil, profile: NodeConfiguration.Profile
    ) throws -> OpenedEnclave {
        let path = path ?? home.genesis
        guard let part = try FoundingPart(self), !part.founders.isEmpty else {
            throw NodeFault(
                "the founding of this network is not at its end", exit: .configuration, path: path,
                remedy: "`cloister-node genesis accept` takes the file that comes of it")
        }
        guard part.profile == profile else {
            throw NodeFault(
                "this network's profile is \(part.profile.rawValue)", path: home.configuration,
                remedy: "say so under `profile`")
        }
        let key = try SealedKeyFile(path: home.sealedValidatorKey).publicKey
        guard let own = part.founders.first(where: { $0.certificate.consensusKey.bytes == key }) else {
            throw NodeFault(
                "this node is none of the founders of its network", exit: .configuration, path: path,
                remedy: "`cloister-node init --join` makes a node that joins it")
        }
        let register = appState["register"]
        let evidence = register?["evidence"]?.string.flatMap { Base64.decode($0) } ?? []
        guard let exchange = register?["node_exch_key"]?["bytes"]?.string.flatMap({ Base64.decode($0) }),
            exchange.count == Hash32.byteCount, evidence.count <= EvidenceLimits.evidenceBytesMax
        else { throw NodeFault("the genesis file lacks the network's keys", exit: .data, path: path) }
        let request = FounderOpening(
            founding: try foundingTerms(part).proposal(part.founders.map(\.certificate)),
            seedExchangePublicKey: exchange, encryptedSeed: own.encryptedSeed, networkEvidence: evidence)
        let opened: OpenedEnclave
        do {
            opened = try control.openFounded(request)
        } catch EnclaveError.refused(let failure) where [.grantRefused, .evidenceRefused].contains(failure) {
            throw NodeFault(
                failure == .grantRefused
                    ? "the seeds in the genesis file are not for this founder's enclave, or not of these founders"
                    : "no enclave of this program has vouched for the network's keys in the genesis file",
                exit: .refused, path: path, cause: "\(failure), \(failure.rawValue)",
                remedy: "ask who collected for the file once more, and compare its SHA-256")
        }
        try requireKeys(opened, at: path)
        return opened
    }

    /// Refuses an enclave that has the keys of another network than this file.
    func requireKeys(_ opened: OpenedEnclave, at path: String) throws {
        let register = appState["register"]
        guard register?["io_exch_key"]?["bytes"]?.string == Base64.encode(opened.ioPublicKey),
            register?["node_exch_key"]?["bytes"]?.string == Base64.encode(opened.seedExchangePublicKey)
        else {
            throw NodeFault(
                "the enclave has the keys of another network than this genesis file", exit: .data, path: path,
                remedy: "put the file back that this node began with")
        }
    }
}
