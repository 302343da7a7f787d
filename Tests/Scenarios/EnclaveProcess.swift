import ChainModel
import EnclaveClient
import EnclaveProtocol
import Foundation
import Logging

/// Where the built programs are: beside the test bundle.
enum Programs {
    static let folder = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
        .deletingLastPathComponent().path

    static func path(_ name: String) -> String { folder + "/" + name }
}

/// A folder of one test's own, removed with it.
final class TemporaryFolder {
    let url: URL

    init(_ name: String = "cloister") throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "\(name)-\(UUID().uuidString)", isDirectory: true)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }
}

enum RealEnclave {
    /// Starts the real enclave through the real launcher.
    static func start(state: String, queryLanes: Int = 2, program: String = Programs.path("cloister-enclave")) throws
        -> LaunchedEnclave
    {
        try LaunchedEnclave(
            .init(
                launcher: Programs.path("enclave-host"), program: program, stateDirectory: state, queryLanes: queryLanes
            ),
            logger: Logger(label: "scenario"))
    }

    static func identity(validatorsHash: [UInt8] = Array(repeating: 7, count: 32)) -> ChainIdentity {
        ChainIdentity(
            chainID: "scenario-1", genesisSeconds: 1_700_000_000, genesisNanoseconds: 0, initialHeight: 1,
            initialValidatorsHash: validatorsHash,
            attestationRoots: [.init(name: "simulated", spkiSHA256: Array(repeating: 9, count: 32), kind: .simulated)],
            profile: .development)
    }
}
