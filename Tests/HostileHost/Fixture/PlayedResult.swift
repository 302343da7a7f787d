import DecidedBlocks
import EnclaveProtocol
import Foundation
import Keyring
import PublicCryptography
import SecretCryptography
import Wire

/// What a transaction came to, all of it at once: what leaves with the block, and the output that a host can open only
/// when the next header proves the result. A test sees it at once because it has the machine's fuse (`OpenedMachine`);
/// the played host holds every key that it is given for a block against what the test saw.
struct PlayedResult: Equatable {
    /// As it crossed the lane.
    var sealed: DrivenResult
    var output: TransactionOutput

    var code: UInt32 { sealed.code }
    var gasWanted: UInt64 { sealed.gasWanted }
    var gasUsed: UInt64 { sealed.gasUsed }
    var writes: [StateWrite] { sealed.writes }
    var storedCodes: [[UInt8]] { sealed.storedCodes }

    var codespace: String { output.codespace }
    var log: String { output.log }
    var data: [UInt8] { output.data }
    var events: [Event] { output.events }
}

/// A simulated processor that was opened: its fuse key is in a file, so whoever can read that has what an enclave seals
/// there, and with it the network. No host of these tests uses it.
final class OpenedMachine {
    private let keys: NetworkKeys

    /// - Parameter enclave: what one said of itself on the machine whose launcher has its state in `folder`.
    init(_ enclave: OpenedEnclave, at folder: String) throws {
        keys = NetworkKeys(
            try OpenedMachine.seeds(in: enclave.sealedRecord, of: enclave.measurement, at: folder))
    }

    /// All that an enclave there goes on with after a restart.
    static func seeds(in record: [UInt8], of measurement: [UInt8], at folder: String) throws -> NetworkSeeds {
        let fuse = [UInt8](try Data(contentsOf: URL(fileURLWithPath: folder + "/fuse-simulated")))
        let epoch = try SealedRecord.Header(of: record).oldestEpoch
        let sealingKey = HKDF.derive(
            SecretKey(copying: fuse)!, salt: Array("cloister/versioned-sealing-key/1".utf8),
            info: OpenedMachine.recordInfo(measurement, epoch: epoch))
        return try SealedRecord.open(record, sealingKey: sealingKey).takeSeeds()
    }

    /// Of an image that nobody signed, which is of version 0 (enclave-host/sealing.h).
    static func recordInfo(_ measurement: [UInt8], epoch: UInt16? = nil) -> [UInt8] {
        let label = "network-record" + (epoch.map { "/\($0)" } ?? "") + "-simulated"
        return [1, 0, 0, 0] + measurement + Array(label.utf8)
    }

    func outputKey(_ place: OutputPlace, _ result: ExecutionResult) -> [UInt8] {
        keys.outputKey(
            headerHash: place.headerHash, index: place.index, leaf: MerkleTree.leafHash(result.protobuf))
    }
}
