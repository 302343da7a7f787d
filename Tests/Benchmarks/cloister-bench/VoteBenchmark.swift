import BenchmarkKit
import DecidedBlocks
import EnclaveLauncher
import EnclaveLink
import EnclaveProtocol
import Foundation
import Glibc
import Logging
import PublicCryptography
import SecretCryptography

/// What a validator waits for until the enclave has signed its vote, beside what nobody can go below: the platform's
/// record of it written, which in the profile production is on the disk.
struct VoteBenchmark {
    private let options: Options
    private let count = 5_000

    init(_ options: Options) { self.options = options }

    func run(_ report: Report) throws {
        let folder = NSTemporaryDirectory() + "cloister-bench-\(Machine.runID)-votes"
        let platform = folder + "/platform"
        try FileManager.default.createDirectory(
            atPath: platform, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(atPath: folder) }
        report.section("a validator's vote")
        report.row("floor: a record of 80 bytes written", try records(folder, count: count) { _ in })
        report.row(
            "floor: the same, and on the disk (fdatasync)", try records(folder, count: 200) { _ = fdatasync($0) })
        let key = SecretKey.random()
        let message = [UInt8](repeating: 3, count: 120)
        report.row(
            "floor: Ed25519 signature", Samples.timing(count) { _ = Ed25519Signer.sign(message, privateKey: key) })

        let enclave = try LaunchedEnclave(
            .init(
                launcher: options.programs + "/enclave-host", program: options.programs + "/cloister-enclave",
                stateDirectory: platform),
            logger: Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() })
        defer { enclave.stop() }
        let control = enclave.lanes.control
        _ = try control.openConsensusKey(control.makeConsensusKey().sealedKey)
        _ = try control.bootstrap(
            ChainIdentity(
                chainID: BenchmarkUser.chainID, genesisSeconds: 1_750_000_000, genesisNanoseconds: 0, initialHeight: 1,
                initialValidatorsHash: [UInt8](repeating: 1, count: 32),
                attestationRoots: [.init(name: "none", spkiSHA256: [UInt8](repeating: 9, count: 32), kind: .simulated)],
                profile: .development))
        var vote = VoteToSign(
            kind: .precommit, height: 1, blockHash: [UInt8](repeating: 1, count: 32), partsTotal: 1,
            partsHash: [UInt8](repeating: 2, count: 32), seconds: 1_750_000_000)
        report.row(
            "signed by the enclave (profile development)",
            try Samples.timing(count) {
                vote.round += 1
                _ = try control.sign(vote)
            }, note: "p99 < 1 ms")
        report.row("the same vote again", try Samples.timing(count) { _ = try control.sign(vote) })
    }

    /// As the launcher does it: two slots in turns.
    private func records(_ folder: String, count: Int, then finish: (Int32) -> Void) throws -> Samples {
        let descriptor = open(folder + "/floor", O_RDWR | O_CREAT, 0o600)
        guard descriptor >= 0 else { return Samples() }
        defer { close(descriptor) }
        let record = [UInt8](repeating: 1, count: 120)
        var serial = 0
        return Samples.timing(count, warmUp: 3) {
            serial += 1
            _ = pwrite(descriptor, record, record.count, off_t(serial % 2 * 512))
            finish(descriptor)
        }
    }
}
