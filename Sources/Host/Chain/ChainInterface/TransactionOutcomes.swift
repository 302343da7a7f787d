import ChainFormats
import DecidedBlocks
import EnclaveProtocol
import ModuleKit
import PublicCryptography
import Wire

/// What the check of a transaction that was handed in came to. A refusal is an answer and no error.
package struct CheckOutcome: Equatable, Sendable {
    package var hash: Hash32
    package var code: UInt32 = 0
    package var codespace = ""
    package var log = ""
    package var gasWanted: UInt64 = 0
    package var gasUsed: UInt64 = 0

    package init(hash: Hash32) { self.hash = hash }

    package init(hash: Hash32, _ refusal: TransactionRefusal) {
        self.hash = hash
        (code, codespace, log) = (refusal.code, refusal.codespace, refusal.log)
    }
}

/// What a transaction would come to.
package struct SimulationOutcome: Equatable, Sendable {
    package var gasWanted: UInt64 = 0
    /// Also of a failure: what was spent until then.
    package var gasUsed: UInt64 = 0
    /// Why it would fail; data and events are empty then.
    package var failure: TransactionRefusal?
    /// `TxMsgData`.
    package var data: [UInt8] = []
    package var events: [Event] = []

    package init() {}
}

/// Where a transaction stands in the chain, with its result as clients are shown it.
package struct IndexedTransaction: Equatable, Sendable {
    package var hash: Hash32
    package var height: Int64
    package var position: UInt32
    /// Of the block.
    package var time: Timestamp
    package var result: TransactionResult

    package init(hash: Hash32, height: Int64, position: UInt32, time: Timestamp, result: TransactionResult) {
        (self.hash, self.height, self.position, self.time) = (hash, height, position, time)
        self.result = result
    }
}

/// A transaction of a block that the chain has committed.
package struct CommittedTransaction: Equatable, Sendable {
    package var place: IndexedTransaction
    package var bytes: [UInt8]

    package init(_ place: IndexedTransaction, bytes: [UInt8]) { (self.place, self.bytes) = (place, bytes) }
}

/// What shows to somebody who believes nothing what a transaction came to (proto/chain/cloister/receipts/v1).
package struct TransactionReceipt: Sendable {
    /// Where an enclave ran it.
    package struct Output: Equatable, Sendable {
        /// As clients are shown it.
        package var data: [UInt8]
        /// `TransactionOutput` without data and salt, with the log as all nodes have it.
        package var said: [UInt8]
        package var salt: [UInt8]

        package init(data: [UInt8], said: [UInt8], salt: [UInt8]) {
            (self.data, self.said, self.salt) = (data, said, salt)
        }
    }

    /// Of the block, as CometBFT encodes it.
    package var header: [UInt8]
    /// Of the transaction's hash among those of the block, and of its result among the results.
    package var inBlock: MerkleProof
    package var inResults: MerkleProof
    package var result: ExecutionResult
    package var output: Output?
    package var next: PublishedEvidence.DecidedHeader

    package init(
        header: [UInt8], inBlock: MerkleProof, inResults: MerkleProof, result: ExecutionResult, output: Output?,
        next: PublishedEvidence.DecidedHeader
    ) {
        (self.header, self.inBlock, self.inResults, self.result) = (header, inBlock, inResults, result)
        (self.output, self.next) = (output, next)
    }
}

/// What a committed block came to, as clients are shown it: CometBFT's `block_results`.
package struct CommittedResults: Equatable, Sendable {
    /// Events, data and logs together; a block of more is shown by its transactions alone.
    package static let bytesMax = 8 << 20

    package var height: Int64
    package var transactions: [TransactionResult]
    /// Of the block itself: what its begin and its end did.
    package var events: [Event]
    package var validatorUpdates: [ValidatorUpdate]
    package var parameterUpdates: ConsensusParameterUpdates?
    /// Of the state after the block.
    package var appHash: [UInt8]

    package init(
        height: Int64, transactions: [TransactionResult], events: [Event], validatorUpdates: [ValidatorUpdate],
        parameterUpdates: ConsensusParameterUpdates? = nil, appHash: [UInt8]
    ) {
        (self.height, self.transactions, self.events) = (height, transactions, events)
        (self.validatorUpdates, self.parameterUpdates) = (validatorUpdates, parameterUpdates)
        self.appHash = appHash
    }
}

/// Which transactions a client looks for: those of which all conditions hold, a page of them.
package struct TransactionSearch: Equatable, Sendable {
    package enum Condition: Equatable, Sendable {
        /// The name is `type.key`, as in `message.action`.
        case attribute(name: String, value: String)
        case attributeExists(name: String)
        case attributeContains(name: String, text: String)
        /// The value begins with a whole number that is in the range; fractions are cut off.
        case attributeNumber(name: String, in: ClosedRange<Int64>)
        case heights(ClosedRange<Int64>)
        case hash(Hash32)
    }

    package var conditions: [Condition]
    package var isDescending: Bool
    package var offset: Int
    package var limit: Int

    package init(_ conditions: [Condition], isDescending: Bool = false, offset: Int = 0, limit: Int = 100) {
        (self.conditions, self.isDescending, self.offset, self.limit) = (conditions, isDescending, offset, limit)
    }
}

/// Which blocks a client looks for, by their heights and by the events that are no transaction's: a page of those of
/// which all conditions hold.
package struct BlockSearch: Equatable, Sendable {
    package typealias Condition = TransactionSearch.Condition

    /// None is a hash.
    package var conditions: [Condition]
    package var isDescending: Bool
    package var offset: Int
    package var limit: Int

    package init(_ conditions: [Condition], isDescending: Bool, offset: Int, limit: Int) {
        (self.conditions, self.isDescending, self.offset, self.limit) = (conditions, isDescending, offset, limit)
    }
}
