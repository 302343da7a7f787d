import Foundation
import HostAnswers
import PublicCryptography
import StateStore

extension Application {
    /// The whole state after a block, as long as the node keeps it. Readers on behalf of clients ask for no height
    /// above `announcedHeight`.
    package func state(at height: UInt64) throws -> StateSnapshot {
        try database.snapshot(at: height)
    }

    /// Uncompressed code by its SHA-256.
    package func code(hash: Hash32) throws -> [UInt8]? {
        try database.blob(hash)
    }

    /// Opens the state before there is an application, which needs an enclave that was opened with what is in it.
    package static func openState(folder: String, isDurable: Bool) throws -> StateDatabase {
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var options = StateDatabase.Options()
        options.isDurable = isDurable
        return try StateDatabase(path: folder + "/state", options: options)
    }

    /// The enclave's record of its secrets and head, as of the last committed block; `nil` before the first.
    package static func sealedRecord(in state: StateDatabase) throws -> [UInt8]? {
        try state.metaValue(MetadataName.sealedRecord)
    }

    /// What makes another enclave's record the state's, which stands for the same block.
    package static func metadata(sealedRecord: [UInt8]) -> StateDatabase.Metadata {
        [MetadataName.sealedRecord: sealedRecord]
    }
}
