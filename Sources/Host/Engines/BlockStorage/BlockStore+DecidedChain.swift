import ChainFormats
import ChainInterface
import DecidedBlocks

extension BlockStore: DecidedChain {
    package func decidedHeights() throws -> ClosedRange<Int64>? { try bounds() }

    package func decidedBlock(at height: Int64) throws -> CommittedBlock? {
        guard let id = try blockID(height), let bytes = try blockBytes(height) else { return nil }
        return CommittedBlock(id: id, protobuf: bytes)
    }

    package func decidedHeader(at height: Int64) throws -> Header? { try provedHeader(height)?.header }

    package func commit(of height: Int64) throws -> (commit: Commit, isCanonical: Bool)? {
        if let next = try provedHeader(height + 1) { return (next.lastCommit, true) }
        return try seenCommit(height).map { ($0, false) }
    }

    package func validatorSet(of height: Int64) throws -> ValidatorSet? { try validators(height) }

    /// Of the past only those of now are known.
    package func parameters(of height: Int64) throws -> ConsensusParameters? {
        guard let state = try state() else { return nil }
        guard let header = try decidedHeader(at: height) else {
            return height == state.nextHeight ? state.parameters : nil
        }
        return header.consensusHash == state.parameters.hash() ? state.parameters : nil
    }
}
