import DecidedBlocks
import EnclaveConnector
import EnclaveLauncher
import EnclaveLink
import EnclaveProtocol
import Foundation
import Logging

extension NodeConfiguration {
    /// The machine that `[enclave]` names; says in the log what an operator should know of it.
    func machine(in home: NodeHome, chainID: String, programs: ProgramFolder, logger: Logger) throws
        -> any EnclaveMachine
    {
        switch enclaveBackend {
        case .launched: return try LaunchedMachine(home, self, chainID: chainID, programs: programs, logger: logger)
        case .connected:
            logger.info("the enclave runs elsewhere", metadata: ["socket": "\(enclaveSocket)"])
            return ConnectedMachine(socket: enclaveSocket, root: enclaveRoot, queryLanes: queryLanes)
        }
    }
}

/// This machine, with the programs beside the node's.
struct LaunchedMachine: EnclaveMachine {
    private let options: LaunchedEnclave.Options
    private let confinement: NodeConfiguration.Confinement
    private let place: PlatformPlace
    private let logger: Logger

    init(
        _ home: NodeHome, _ configuration: NodeConfiguration, chainID: String, programs: ProgramFolder, logger: Logger
    ) throws {
        for name in ["enclave-host", configuration.enclave.program] { try programs.require(name) }
        let launcher = programs.path("enclave-host")
        place = try PlatformPlace(home, launcher: launcher, chainID: chainID)
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
        if configuration.enclave == .development {
            logger.warning("the enclave is a development enclave: it tells callers where contracts stopped")
        }
        options = LaunchedEnclave.Options(
            launcher: launcher, program: programs.path(configuration.enclave.program), stateDirectory: place.state,
            queryLanes: configuration.queryLanes,
            profile: configuration.profile == .production ? .production : .development,
            confinement: configuration.confinement == .strict ? .strict : .jit)
        confinement = configuration.confinement
        self.logger = logger
    }

    func start() throws -> any EnclaveBackend { try LaunchedEnclave(options, logger: logger) }

    func rootCertificate() throws -> [UInt8]? { try place.rootCertificate() }

    func collateral() throws -> [UInt8]? { try place.collateral() }

    func image() throws -> [UInt8]? {
        try EnclaveImage.measure(
            launcher: options.launcher, program: options.program, confinement: confinement)?.text
    }

    func changes(since image: [UInt8]) -> String? {
        EnclaveImage.explanation(
            kept: String(decoding: image, as: UTF8.self), launcher: options.launcher, program: options.program)
    }
}

/// A machine on which an enclave runs already.
struct ConnectedMachine: EnclaveMachine {
    let socket: String
    /// The file with the certificate at the root of its quotes.
    let root: String
    let queryLanes: Int

    func start() throws -> any EnclaveBackend { try ConnectedEnclave(socket: socket, queryLanes: queryLanes) }

    func rootCertificate() throws -> [UInt8]? {
        do {
            return Array(try Data(contentsOf: URL(fileURLWithPath: root)))
        } catch {
            throw NodeFault(error, at: root)
        }
    }

    func image() throws -> [UInt8]? { nil }
    func changes(since image: [UInt8]) -> String? { nil }
}
