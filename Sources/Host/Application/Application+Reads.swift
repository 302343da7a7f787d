import ChainModel
import Ledger
import PublicCryptography

extension Application {
    /// The whole state after a block, as long as the node keeps it. Readers on behalf of clients ask for no height
    /// above `announcedHeight`.
    package func state(at height: UInt64) throws -> StateSnapshot {
        try database.snapshot(at: height)
    }

    /// What clients may see now.
    package func announcedState() throws -> StateSnapshot {
        try state(at: announcedHeight)
    }

    /// Uncompressed code by its SHA-256.
    package func code(hash: Hash32) throws -> [UInt8]? {
        try database.blob(hash)
    }

    /// The enclave's record of its secrets and head, as of the last committed block; `nil` before the first.
    package func sealedRecord() throws -> [UInt8]? {
        try database.metaValue(MetadataName.sealedRecord)
    }
}
