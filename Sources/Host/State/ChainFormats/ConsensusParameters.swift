import DecidedBlocks
import PublicCryptography
import Wire

/// How long evidence of misbehaviour counts, and how much of it a block may carry.
package struct EvidenceParameters: Hashable, Sendable {
    package var ageBlocksMax: Int64
    package var ageNanosecondsMax: Int64
    package var bytesMax: Int64

    package init(
        ageBlocksMax: Int64 = 100_000, ageNanosecondsMax: Int64 = 172_800_000_000_000, bytesMax: Int64 = 1_048_576
    ) {
        (self.ageBlocksMax, self.ageNanosecondsMax) = (ageBlocksMax, ageNanosecondsMax)
        self.bytesMax = bytesMax
    }
}

/// The parameters that rule blocks. `consensus_hash` covers the two of the block; CometBFT hashes no others.
package struct ConsensusParameters: Hashable, Sendable {
    /// -1 for as much as any block may have.
    package var blockBytesMax: Int64
    /// -1 for no limit.
    package var blockGasMax: Int64
    package var evidence: EvidenceParameters

    package init(
        blockBytesMax: Int64 = 22_020_096, blockGasMax: Int64 = -1, evidence: EvidenceParameters = EvidenceParameters()
    ) {
        (self.blockBytesMax, self.blockGasMax) = (blockBytesMax, blockGasMax)
        self.evidence = evidence
    }

    package func hash() -> Hash32 {
        SHA256.hash(
            ProtobufWriter.encode { writer in
                writer.int64(1, blockBytesMax)
                writer.int64(2, blockGasMax)
            })
    }

    /// What a block may have, in bytes.
    package var blockBytesLimit: Int { blockBytesMax == -1 ? Block.byteCountMax : Int(blockBytesMax) }

    /// The first that is out of bounds, by its name in a genesis document (CometBFT: `ConsensusParams.ValidateBasic`).
    package var fault: String? {
        guard blockBytesMax == -1 || (1...Int64(Block.byteCountMax)).contains(blockBytesMax) else {
            return "block.max_bytes"
        }
        guard blockGasMax >= -1 else { return "block.max_gas" }
        guard evidence.ageBlocksMax > 0 else { return "evidence.max_age_num_blocks" }
        guard evidence.ageNanosecondsMax > 0 else { return "evidence.max_age_duration" }
        guard (0...Int64(blockBytesLimit)).contains(evidence.bytesMax) else { return "evidence.max_bytes" }
        return nil
    }
}

/// What an application changes of the parameters with a block; they hold from the next one (ABCI:
/// `consensus_param_updates`). What is `nil` stays.
package struct ConsensusParameterUpdates: Hashable, Sendable {
    package struct BlockSize: Hashable, Sendable {
        package var bytesMax: Int64
        package var gasMax: Int64

        package init(bytesMax: Int64, gasMax: Int64) { (self.bytesMax, self.gasMax) = (bytesMax, gasMax) }
    }

    package var block: BlockSize?
    package var evidence: EvidenceParameters?
    /// Of which only `ed25519` is possible here.
    package var publicKeyTypes: [String]?
    package var appVersion: UInt64?
    /// 0 for never, which alone is possible here.
    package var voteExtensionsHeight: Int64?

    package init(
        block: BlockSize? = nil, evidence: EvidenceParameters? = nil, publicKeyTypes: [String]? = nil,
        appVersion: UInt64? = nil, voteExtensionsHeight: Int64? = nil
    ) {
        (self.block, self.evidence, self.publicKeyTypes) = (block, evidence, publicKeyTypes)
        (self.appVersion, self.voteExtensionsHeight) = (appVersion, voteExtensionsHeight)
    }
}

/// Why a chain cannot go on with these parameters here.
package enum ParameterUpdateError: Error, Hashable {
    case outOfBounds(String)
    case unsupported(String)
}

extension ConsensusParameters {
    package func updated(_ updates: ConsensusParameterUpdates) throws(ParameterUpdateError) -> ConsensusParameters {
        var next = self
        if let block = updates.block { (next.blockBytesMax, next.blockGasMax) = (block.bytesMax, block.gasMax) }
        if let evidence = updates.evidence { next.evidence = evidence }
        if let fault = next.fault { throw .outOfBounds(fault) }
        if let types = updates.publicKeyTypes, types != ["ed25519"] { throw .unsupported("validator.pub_key_types") }
        if let height = updates.voteExtensionsHeight, height != 0 {
            throw .unsupported("abci.vote_extensions_enable_height")
        }
        return next
    }
}
