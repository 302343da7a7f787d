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

    /// The same before there is an application: it needs an enclave that has been opened with this record.
    package static func sealedRecord(folder: String) throws -> [UInt8]? {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: folder + "/state", isDirectory: &isFolder), isFolder.boolValue
        else {
            return nil
        }
        return try StateDatabase(path: folder + "/state").metaValue(MetadataName.sealedRecord)
    }

    /// The enclave's record of its secrets and head, as of the last committed block; `nil` before the first.
    package func sealedRecord() throws -> [UInt8]? {
        try database.metaValue(MetadataName.sealedRecord)
    }
}
