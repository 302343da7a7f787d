import DecidedBlocks
import PublicCryptography

/// What there is to count of a block without reading its transactions.
package struct BlockSummary: Sendable {
    package var header: Header
    /// For the block before.
    package var lastCommit: Commit
    package var byteCount: Int
}

extension BlockStore {
    package func summary(_ height: Int64) throws -> BlockSummary? {
        guard let proved = try provedHeader(height), let byteCount = try blockByteCount(height) else { return nil }
        return BlockSummary(header: proved.header, lastCommit: proved.lastCommit, byteCount: byteCount)
    }
}
