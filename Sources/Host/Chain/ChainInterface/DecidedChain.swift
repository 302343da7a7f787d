import ChainFormats
import DecidedBlocks
import PublicCryptography

/// What light clients and other nodes ask of a node: decided blocks and who signed them, announced or not. Nothing of
/// it needs to be believed.
package protocol DecidedChain: Sendable {
    /// The lowest and the highest height whose blocks are here; `nil` before the first.
    func decidedHeights() throws -> ClosedRange<Int64>?
    func decidedBlock(at height: Int64) throws -> CommittedBlock?
    func height(ofHash hash: Hash32) throws -> Int64?
    /// Also where the block itself is forgotten, for as long as evidence counts.
    func decidedHeader(at height: Int64) throws -> Header?
    /// The commit that the next block carries, which is the same everywhere; of the last block the one that this node
    /// saw.
    func commit(of height: Int64) throws -> (commit: Commit, isCanonical: Bool)?
    /// The set that signs a height, with the turns of its proposers.
    func validatorSet(of height: Int64) throws -> ValidatorSet?
    /// Those that the block of a height was made with, or that the next one is, where they are known.
    func parameters(of height: Int64) throws -> ConsensusParameters?
}
