import DecidedBlocks
import EnclaveProtocol
import PublicCryptography
import Wire

/// What the next header proves of a block that is run again where the platform's journal is past it, or names facts
/// that the host has lost.
///
/// The attack: a host restores an old sealed record, or gives up its journal, and runs a past block with another story,
/// to see from what the enclave then asks what would have come of it, again and again. So here nothing is vouched for:
/// a transaction runs only if an enclave ran it then, and is left out only if none did and it failed; and an answer to
/// a ledger message is acted on only if it is the one that stands under the proved result. Up to any frame that leaves,
/// such a run is the run that the network had; and of a transaction nothing leaves that did not come to its result.
struct ProvenResults {
    let next: VerifiedHeader
    private let leaves: [Hash32]
    /// Transactions that failed without an enclave.
    private let refused: Set<UInt32>
    /// Of the transaction that runs, the answers that are still to come; `nil` if no enclave ran it, as far as the host
    /// shows.
    private var answers: ArraySlice<Hash32>?

    /// The host chose every byte of `block` but those that made `next`.
    init(_ block: ProvingBlock, verified next: VerifiedHeader, transactionCount: Int) throws(Failure) {
        let leaves = block.results.compactMap { Hash32($0) }
        guard leaves.count == block.results.count, leaves.count == transactionCount,
            MerkleTree.root(ofLeafHashes: leaves) == (next.header.lastResultsHash ?? MerkleTree.emptyRoot)
        else { throw .resultsNotInHeader }
        var refused = Set<UInt32>()
        for result in block.refused {
            guard let proved = ProvenResults.result(result.leaf, under: leaves, at: result.index), proved.code != 0,
                proved.data.isEmpty
            else { throw .resultsNotInHeader }
            refused.insert(result.index)
        }
        self.next = next
        self.leaves = leaves
        self.refused = refused
    }

    private static func result(_ leaf: [UInt8], under leaves: [Hash32], at index: UInt32) -> ExecutionResult? {
        guard Int(index) < leaves.count, MerkleTree.leafHash(leaf) == leaves[Int(index)] else { return nil }
        return try? ExecutionResult(protobuf: leaf)
    }

    func wasRefused(_ index: Int) -> Bool { refused.contains(UInt32(index)) }

    /// The host says that the result of the transaction at `index`, which is going to run, has this leaf.
    mutating func begin(_ index: Int, leaf: [UInt8]) throws(Failure) {
        answers = nil
        guard !leaf.isEmpty else { return }
        guard let result = ProvenResults.result(leaf, under: leaves, at: UInt32(index)),
            let answers = DrivenResult.answers(in: result.data)
        else { throw .resultNotProved }
        self.answers = answers[...]
    }

    /// The messages of the transaction are about to run.
    func requireRun() throws(Failure) {
        guard answers != nil else { throw .resultNotProved }
    }

    /// The ledger answered the transaction that runs.
    mutating func hear(_ answer: Hash32) throws(Failure) {
        guard answers?.popFirst() == answer else { throw .resultNotProved }
    }

    func isProved(_ leaf: Hash32, at index: UInt32) -> Bool { leaves[Int(index)] == leaf }
}
