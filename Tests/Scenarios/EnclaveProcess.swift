import DecidedBlocks
import EnclaveLauncher
import Foundation
import Logging
import TestSupport

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
