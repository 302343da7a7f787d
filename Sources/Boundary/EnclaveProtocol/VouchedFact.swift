import PublicCryptography

/// Something that only the host knows and the enclave acts on in a block. The host appends its hash to a journal before
/// it says it; the enclave extends a digest over the same hash and binds it on the platform lane, so that a second run
/// of the height cannot be told another story. Nobody keeps more than the hash: 32 bytes, whatever was said.
package struct VouchedFact: Equatable, Sendable {
    package let bytes: [UInt8]

    package var hash: Hash32 { SHA256.hash(bytes) }

    /// The host's ante let the transaction pass, so the enclave runs it.
    package static func admitted(index: UInt32) -> VouchedFact {
        VouchedFact(bytes: [3] + index.bigEndianBytes)
    }

    /// The host's ante refused the transaction, so the enclave never ran it.
    package static func skipped(index: UInt32) -> VouchedFact {
        VouchedFact(bytes: [1] + index.bigEndianBytes)
    }

    /// The answer to the `sequence`-th ledger message of a transaction.
    package static func ledgerResult(
        index: UInt32, sequence: UInt32, _ result: LedgerMessageResult
    ) throws(Failure) -> VouchedFact {
        VouchedFact(
            bytes: [2] + index.bigEndianBytes + sequence.bigEndianBytes
                + (try ToEnclave.ledgerMessage(result).encoded()))
    }

    /// The digest after one more fact; it begins at 32 zero bytes.
    package static func extend(_ digest: Hash32, with hash: Hash32) -> Hash32 {
        SHA256.hash(digest.bytes + hash.bytes)
    }

    package init(bytes: [UInt8]) {
        self.bytes = bytes
    }
}
