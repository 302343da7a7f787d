import PublicCryptography
import Wire

/// The parameters that `consensus_hash` covers; CometBFT hashes no others.
package struct ConsensusParameters: Hashable, Sendable {
    package var blockBytesMax: Int64
    /// -1 for no limit.
    package var blockGasMax: Int64

    package init(blockBytesMax: Int64 = 22_020_096, blockGasMax: Int64 = -1) {
        (self.blockBytesMax, self.blockGasMax) = (blockBytesMax, blockGasMax)
    }

    package func hash() -> Hash32 {
        SHA256.hash(
            ProtobufWriter.encode { writer in
                writer.int64(1, blockBytesMax)
                writer.int64(2, blockGasMax)
            })
    }
}
