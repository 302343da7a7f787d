import EnclaveProtocol
import LedgerRecords
import StateProofs
import StateStore
import Wire

/// The io key of an epoch, and the evidence of this node's enclave for it.
package struct EpochStatement: Sendable {
    package var ioPublicKey: [UInt8]
    package var evidence: [UInt8]
}

/// Which values a block has the enclave put under the key of the present epoch: the same on every node, since it is
/// the state before the block that says where the block before left off.
enum RenewedValues {
    /// How much work a block has by them, at most; one value alone may be larger.
    private static let countMax = 256
    private static let bytesMax = 1 << 20

    /// `nil` where keys stay, or no value of the epoch before is left.
    static func next(in snapshot: StateSnapshot) throws -> StateProof? {
        guard let record = try snapshot.get(StoreName.register, RegisterStore.epochKey),
            let path = try KeyEpoch(protobuf: record).renewedUpTo,
            let proved = try snapshot.multiproof(
                StoreName.compute, after: path, countMax: countMax, bytesMax: bytesMax)
        else { return nil }
        return StateProof(store: proved.store, keys: proved.keys, values: proved.values, proof: proved.proof)
    }
}
