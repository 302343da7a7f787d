import ChainFormats
import DecidedBlocks
import ModuleKit
import PublicCryptography
import SignedTransactions
import Wire

/// What interfaces see of a node, whatever engine decides its blocks. Everything speaks of announced blocks: what is
/// committed but not yet proved by the next header is not visible here.
package protocol ChainAccess: Sendable {
    var announcedHeight: Int64 { get }
    var genesis: GenesisDocument { get }
    var node: NodeDescription { get }
    var isSyncing: Bool { get }

    /// The state after a height, `nil` for the announced one. Throws `ChainRefusal` for one that is pruned or to come.
    func state(at height: Int64?) throws -> (height: Int64, state: any CommittedState)
    /// What one key of a state has, with its proof. Throws as `state(at:)`.
    func prove(_ key: [UInt8], in store: String, at height: Int64?) throws -> ProvedEntry
    /// A block, `nil` for the last announced one. The answer is `nil` if this node does not have it.
    func block(at height: Int64?) throws -> CommittedBlock?
    /// Its header alone, also where the block is no longer there.
    func header(at height: Int64) throws -> [UInt8]?
    /// What a block came to, `nil` for the last announced one. The answer is `nil` if this node does not have it.
    /// Throws `ChainRefusal` for one that came to more than is shown at once.
    func results(at height: Int64?) throws -> CommittedResults?
    /// The set that signs the block of a height, in its order.
    func validators(at height: Int64?) throws -> (height: Int64, validators: [Validator])?
    /// Of those up to `height`, as the search.
    func transaction(hash: Hash32, upTo height: Int64) throws -> CommittedTransaction?
    /// What shows what it came to. The answer is `nil` for a transaction that is not found as above; throws
    /// `ChainRefusal` where blocks that were forgotten would be needed.
    func receipt(of hash: Hash32, upTo height: Int64) throws -> TransactionReceipt?
    func searchTransactions(
        _ search: TransactionSearch, upTo height: Int64
    ) throws -> (page: [CommittedTransaction], total: Int)
    /// The names of a block's transactions, in its order; none if this node does not have it.
    func transactionHashes(at height: Int64) throws -> [Hash32]
    /// Heights of announced blocks whose own events meet a search, and how many there are. Blocks that were announced
    /// before their events were kept for this are found by their height alone.
    func searchBlocks(_ search: BlockSearch, upTo height: Int64) throws -> (page: [Int64], total: Int)
    /// Says what the check of a transaction would come to, and remembers nothing of it.
    func check(_ transaction: [UInt8]) async throws -> CheckOutcome
    /// Hands a transaction to the mempool. With `waitsForCheck` the outcome is that of the check, else nothing but
    /// its hash.
    func broadcast(_ transaction: [UInt8], waitsForCheck: Bool) async throws -> CheckOutcome
    /// Runs a transaction without contract messages on what checks see, its signatures and fee unchecked.
    /// Throws `ChainRefusal` when the client, or all together, have too many waiting.
    func simulate(_ transaction: [UInt8], client: String) async throws -> SimulationOutcome
    /// Runs an encrypted contract query at the height that the enclave is at, which is the announced one or a moment
    /// ahead of it, and says which. Throws `ChainRefusal` where another one is asked for, and when the client has too
    /// many under way.
    func queryContract(
        _ address: AccountAddress, input: [UInt8], height: Int64?, client: String
    ) async throws -> (height: Int64, reply: ContractReply)
    /// What proves the network's keys. Throws `ChainRefusal` before the first block is announced.
    func evidence() throws -> PublishedEvidence
    /// The stored wasm, uncompressed.
    func code(hash: Hash32) throws -> [UInt8]?
}

extension ChainAccess {
    package var chainID: String { genesis.chainID }
}

/// A value or its absence, proved up to the application hash of its height.
package struct ProvedEntry: Sendable {
    package var height: Int64
    package var value: [UInt8]?
    /// `nil` for an absent key in a store without any.
    package var inStore: CommitmentProof?
    package var ofStore: CommitmentProof

    package init(height: Int64, value: [UInt8]?, inStore: CommitmentProof?, ofStore: CommitmentProof) {
        (self.height, self.value, self.inStore, self.ofStore) = (height, value, inStore, ofStore)
    }
}

package struct CommittedBlock: Sendable {
    package var id: BlockID
    /// CometBFT's `Block`.
    package var protobuf: [UInt8]

    package init(id: BlockID, protobuf: [UInt8]) {
        (self.id, self.protobuf) = (id, protobuf)
    }
}

package enum ContractReply: Equatable, Sendable {
    /// Sealed for the client, with what the enclave says about it (`AnswerStamp`).
    case data([UInt8], stamp: [UInt8] = [])
    /// The contract refused: "encrypted: <base64>", or a text for queries the enclave could not run.
    /// With the stamp of the text, where the contract was asked.
    case failure(String, stamp: [UInt8] = [])
}

/// Why a node does not answer: the mistake of whoever asks, or a limit of the node. Nothing is wrong with the chain.
package enum ChainRefusal: Error, Equatable, Sendable {
    case heightToCome(Int64, announced: Int64)
    /// The height was forgotten, or is before the chain began.
    case heightForgotten(Int64)
    case nothingAnnounced
    case resultsTooLong
    /// A search would have to look at more entries than `entriesMax` to say how many match.
    case searchTooWide(entriesMax: Int)
    case queryTooLong
    /// Contract queries are answered at the latest height alone.
    case queryAtAnotherHeight(latest: Int64)
    case queryTookTooLong
    case tooManyQueries
    case tooManyQueriesOfClient
    case tooManySimulations
    case noQueries
    /// The enclave has not seen its nonce in a block: it cannot know yet that it is at the chain's head.
    case enclaveNotFresh
    /// The enclave's head moved on each time the query came to it.
    case queryOvertaken
    /// The engine beside this node, which has the mempool, does not answer.
    case engineAway
}
