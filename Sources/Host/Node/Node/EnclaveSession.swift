import Attestation
import ChainInterface
import DecidedBlocks
import DurableFiles
import EnclaveLink
import EnclaveProtocol
import Foundation
import HostAnswers
import Logging
import PublicCryptography
import Registration
import Wire

/// The enclave of this node, opened for this chain.
struct EnclaveSession {
    let enclave: any EnclaveBackend
    let opened: OpenedEnclave
    let identity: ChainIdentity
    /// As the enclave opened it, where it holds the validator's key.
    let validatorKey: ConsensusKey?
    /// Whether its network was made by another node's enclave.
    let hasJoined: Bool
    /// Signalled when the control lane is free again.
    private let collecting = DispatchSemaphore(value: 0)

    /// Starts or reaches the enclave and opens it: with the newest sealed record, or, on a chain that has none, by
    /// bootstrapping a network, or by joining one. Who only looks does not open the validator's key: that binds the
    /// machine to it.
    static func open(
        _ home: NodeHome, _ configuration: NodeConfiguration, genesis: GenesisDocument, sealedRecord: [UInt8]?,
        joining: JoiningNode?, opensValidatorKey: Bool = true, programs: ProgramFolder, logger: Logger
    ) throws -> EnclaveSession {
        let machine = try configuration.machine(in: home, chainID: genesis.chainID, programs: programs, logger: logger)
        let enclave = try machine.start()
        let identity = try identity(genesis, machine, configuration)
        let record = try sealedRecord ?? contents(home.bootstrapRecord)
        let opened: OpenedEnclave
        if let record {
            do {
                opened = try enclave.withControl { try $0.unseal(record) }
            } catch EnclaveError.refused(.sealedRecordRefused) {
                let changes = try? contents(home.image).flatMap { machine.changes(since: $0) }
                throw NodeFault(
                    """
                    the enclave cannot open this chain's record: it is another program, or another machine, than the one \
                    that sealed it
                    """, path: changes == nil ? nil : home.image, cause: changes,
                    remedy: changes == nil ? nil : "install the build again that this chain was begun with")
            }
        } else {
            opened = try begin(enclave, home, configuration, genesis, identity, joining)
            try write(opened.sealedRecord, home.bootstrapRecord)
            try write(Array((Hexadecimal.encode(opened.measurement) + "\n").utf8), home.measurement)
            if let image = try machine.image() { try write(image, home.image) }
        }
        // A start that was cut off may have left the record of another founding.
        if genesis.isFounded, joining == nil { try genesis.requireKeys(opened, at: home.genesis) }
        let validatorKey =
            configuration.signer == .enclave && opensValidatorKey ? try home.openValidatorKey(in: enclave) : nil
        return EnclaveSession(
            enclave: enclave, opened: opened, identity: identity, validatorKey: validatorKey, hasJoined: joining != nil)
    }

    /// Opens the enclave of a node that has no record of its chain.
    private static func begin(
        _ enclave: any EnclaveBackend, _ home: NodeHome, _ configuration: NodeConfiguration,
        _ genesis: GenesisDocument, _ identity: ChainIdentity, _ joining: JoiningNode?
    ) throws -> OpenedEnclave {
        if let joining { return try joining.open(enclave, identity, genesis) }
        return try enclave.withControl { control in
            guard genesis.isFounded else { return try control.bootstrap(identity) }
            return try genesis.openFounded(control, home, profile: configuration.profile)
        }
    }

    /// Fetches the modules that the enclave compiles into `folder`, on a thread of its own, until the folder is told to
    /// stop.
    func collectModules(into folder: ModuleFolder, logger: Logger) {
        let thread = Thread { [enclave, collecting] in
            defer { collecting.signal() }
            do {
                try folder.collect { try enclave.withControl { try $0.takeModule() } }
            } catch {
                logger.warning("compiled modules are no longer kept", metadata: ["reason": "\(error)"])
            }
        }
        thread.name = "enclave-modules"
        thread.start()
    }

    /// Ends the enclave in order, and waits a moment for it: what ends together leaves no complaint in the log.
    func close() {
        // What is asked over the lane is answered at once, unless the enclave is gone.
        _ = collecting.wait(timeout: .now() + .seconds(2))
        let ended = DispatchSemaphore(value: 0)
        enclave.onEnd = { _ in ended.signal() }
        enclave.stop()
        _ = ended.wait(timeout: .now() + .seconds(2))
    }

    /// The roots are those of genesis, or this platform's, which it adds to those that its operator wrote there.
    static func identity(
        _ genesis: GenesisDocument, _ machine: any EnclaveMachine, _ configuration: NodeConfiguration
    ) throws -> ChainIdentity {
        guard let anchor = genesis.anchor else { throw NodeFault("genesis has no validators") }
        let own = try ownRoot(machine)
        var roots = try RegistrationPolicy(inGenesis: genesis.appState)?.roots ?? []
        if !genesis.hasNetworkKeys, !roots.contains(where: { $0.spkiSHA256 == own.spkiSHA256 }) { roots.append(own) }
        return try ChainIdentity(
            genesis, validatorsHash: anchor.initialValidatorsHash, roots: roots.isEmpty ? [own] : roots,
            profile: configuration.profile)
    }

    /// In which the evidence of this machine ends.
    static func ownRoot(_ machine: any EnclaveMachine) throws -> AttestationRoot {
        guard let certificate = try machine.rootCertificate() else {
            throw NodeFault("the enclave's machine has no root certificate")
        }
        guard let root = TrustRoot(name: "simulated-root", kind: .simulated, certificate: certificate) else {
            throw NodeFault("the root certificate of the enclave's machine is none of a P-256 key")
        }
        return AttestationRoot(name: root.name, spkiSHA256: root.publicKeyInfoHash.bytes, kind: .simulated)
    }

    private static func contents(_ path: String) throws -> [UInt8]? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// The record is the only copy of the network's seeds: it must be on disk before anything rests on it.
    private static func write(_ bytes: [UInt8], _ path: String) throws {
        try DurableFile.replace(path, with: bytes)
    }
}

/// Where this program's companions are: beside it.
package struct ProgramFolder: Sendable {
    package var folder: String

    package init(folder: String) { self.folder = folder }

    package init() {
        let executable =
            (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? CommandLine.arguments[0]
        folder = (executable as NSString).deletingLastPathComponent
    }

    package func path(_ name: String) -> String { folder + "/" + name }

    func require(_ name: String) throws {
        guard FileManager.default.isExecutableFile(atPath: path(name)) else {
            throw NodeFault("\(name) is not in \(folder), where this program is; `make release` builds all of them")
        }
    }
}
