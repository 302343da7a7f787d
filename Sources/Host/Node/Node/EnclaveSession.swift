import Attestation
import ChainInterface
import DecidedBlocks
import DurableFiles
import EnclaveLauncher
import EnclaveLink
import EnclaveProtocol
import Foundation
import HostAnswers
import Logging
import PublicCryptography
import Wire

/// The enclave of this node, opened for this chain.
struct EnclaveSession {
    let enclave: LaunchedEnclave
    let opened: OpenedEnclave
    let identity: ChainIdentity
    /// Signalled when the control lane is free again.
    private let collecting = DispatchSemaphore(value: 0)

    /// Starts the enclave beside this program and opens it: with the newest sealed record, or, on a chain that has none,
    /// by bootstrapping a network.
    static func open(
        _ home: NodeHome, _ configuration: NodeConfiguration, genesis: GenesisDocument, sealedRecord: [UInt8]?,
        programs: ProgramFolder, logger: Logger
    ) throws -> EnclaveSession {
        for name in ["enclave-host", configuration.enclave.program] { try programs.require(name) }
        let launcher = programs.path("enclave-host")
        let program = programs.path(configuration.enclave.program)
        let place = try PlatformPlace(home, launcher: launcher, chainID: genesis.chainID)
        guard configuration.profile == .development || place.isApart else {
            throw NodeFault(
                """
                the profile production needs an enclave-host that runs as a user of its own, and a node that is not root: \
                else the node can read the enclave's keys
                """, path: launcher,
                remedy:
                    "`make install-launcher` as root installs one, with all programs beside it; start the node from there"
            )
        }
        if !FileManager.default.fileExists(atPath: programs.path("enclave-bundle")) {
            logger.warning(
                """
                the enclave is measured with the system's own libraries: an upgrade of one of them locks this chain; \
                `make bundle` copies them beside the programs
                """)
        }
        let enclave = try LaunchedEnclave(
            .init(
                launcher: launcher, program: program,
                stateDirectory: place.state, queryLanes: configuration.queryLanes,
                profile: configuration.profile == .production ? .production : .development),
            logger: logger)
        if configuration.enclave == .development {
            logger.warning("the enclave is a development enclave: it tells callers where contracts stopped")
        }
        let identity = try identity(genesis, place, configuration)
        let record = try sealedRecord ?? contents(home.bootstrapRecord)
        let opened: OpenedEnclave
        if let record {
            do {
                opened = try enclave.control.unseal(record)
            } catch EnclaveError.refused(.sealedRecordRefused) {
                let changes = EnclaveImage.explanation(keptAt: home.image, launcher: launcher, program: program)
                throw NodeFault(
                    """
                    the enclave cannot open this chain's record: it is another program, or another machine, than the one \
                    that sealed it
                    """, path: changes == nil ? nil : home.image, cause: changes,
                    remedy: changes == nil ? nil : "install the build again that this chain was begun with")
            }
        } else {
            opened = try enclave.control.bootstrap(identity)
            try write(opened.sealedRecord, home.bootstrapRecord)
            try write(Array((Hexadecimal.encode(opened.measurement) + "\n").utf8), home.measurement)
            if let measured = try EnclaveImage.measure(launcher: launcher, program: program) {
                try write(measured.text, home.image)
            }
        }
        return EnclaveSession(enclave: enclave, opened: opened, identity: identity)
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
        enclave.control.close()
        _ = ended.wait(timeout: .now() + .seconds(2))
    }

    /// The roots are those of this platform: on a network of several, genesis would list them all.
    private static func identity(
        _ genesis: GenesisDocument, _ place: PlatformPlace, _ configuration: NodeConfiguration
    ) throws -> ChainIdentity {
        guard let anchor = genesis.anchor else { throw NodeFault("genesis has no validators") }
        guard let certificate = try place.rootCertificate(),
            let root = TrustRoot(name: "simulated-root", kind: .simulated, certificate: certificate)
        else { throw NodeFault("the platform \(place.state) has no root certificate") }
        return ChainIdentity(
            chainID: genesis.chainID, genesisSeconds: anchor.genesisTime.seconds,
            genesisNanoseconds: anchor.genesisTime.nanoseconds, initialHeight: UInt64(anchor.initialHeight),
            initialValidatorsHash: anchor.initialValidatorsHash.bytes,
            attestationRoots: [.init(name: root.name, spkiSHA256: root.publicKeyInfoHash.bytes, kind: .simulated)],
            profile: configuration.profile == .production ? .production : .development)
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
