import ChainFormats
import DecidedBlocks
import ModuleKit
import PublicCryptography
import SignedTransactions
import Wire

/// What the handlers ask of the node. Everything speaks of announced blocks: what is committed but not yet proved by the
/// next header is not visible here.
package protocol ChainAccess: Sendable {
    var chainID: String { get }
    var announcedHeight: Int64 { get }
    var consensusParameters: ConsensusParameters { get }
    var node: NodeDescription { get }
    var isSyncing: Bool { get }

    /// The state after a height, `nil` for the announced one. Throws `StatusError` for one that is pruned or to come.
    func state(at height: Int64?) throws -> (height: Int64, state: any CommittedState)
    /// A block, `nil` for the last announced one. The answer is `nil` if this node does not have it.
    func block(at height: Int64?) throws -> CommittedBlock?
    /// The set that signs the block of a height, in its order.
    func validators(at height: Int64?) throws -> (height: Int64, validators: [Validator])?
    /// Of those up to `height`, as the search.
    func transaction(hash: Hash32, upTo height: Int64) throws -> CommittedTransaction?
    func searchTransactions(
        _ query: TransactionQuery, upTo height: Int64, offset: Int, limit: Int, isDescending: Bool
    ) throws -> (total: Int, page: [CommittedTransaction])
    /// Hands a transaction to the mempool. With `waitsForCheck` the outcome is that of the check, else empty.
    func broadcast(_ transaction: [UInt8], waitsForCheck: Bool) async throws -> CheckOutcome
    /// Runs a transaction without contract messages on the announced state, its signatures and fee unchecked.
    func simulate(_ transaction: [UInt8]) async throws -> SimulationOutcome
    /// Runs an encrypted contract query at the height that the enclave is at, which is the announced one or a moment ahead
    /// of it, and says which. Throws `StatusError` where another one is asked for, and when the client has too many under
    /// way.
    func queryContract(
        _ address: AccountAddress, input: [UInt8], height: Int64?, client: String
    ) async throws -> (height: Int64, reply: ContractReply)
    /// What proves the network's keys. Throws `StatusError` before the first block is announced.
    func evidence() throws -> PublishedEvidence
    /// The stored wasm, uncompressed.
    func code(hash: Hash32) throws -> [UInt8]?
}

package struct CommittedBlock: Sendable {
    package var id: BlockID
    /// CometBFT's `Block`.
    package var protobuf: [UInt8]

    package init(id: BlockID, protobuf: [UInt8]) {
        (self.id, self.protobuf) = (id, protobuf)
    }
}

package struct TransactionEvent: Equatable, Sendable {
    package var type: String
    package var attributes: [(key: String, value: String)]

    package init(_ type: String, _ attributes: [(key: String, value: String)]) {
        (self.type, self.attributes) = (type, attributes)
    }

    package static func == (left: TransactionEvent, right: TransactionEvent) -> Bool {
        left.type == right.type && left.attributes.elementsEqual(right.attributes, by: ==)
    }
}

/// A transaction of an announced block with its result.
package struct CommittedTransaction: Sendable {
    package var height: Int64
    /// Of the block.
    package var time: Timestamp
    package var bytes: [UInt8]
    package var code: UInt32
    package var codespace: String
    package var log: String
    /// `TxMsgData`.
    package var data: [UInt8]
    package var gasWanted: UInt64
    package var gasUsed: UInt64
    package var events: [TransactionEvent]

    package init(
        height: Int64, time: Timestamp, bytes: [UInt8], code: UInt32, codespace: String, log: String, data: [UInt8],
        gasWanted: UInt64, gasUsed: UInt64, events: [TransactionEvent]
    ) {
        self.height = height
        self.time = time
        self.bytes = bytes
        self.code = code
        self.codespace = codespace
        self.log = log
        self.data = data
        self.gasWanted = gasWanted
        self.gasUsed = gasUsed
        self.events = events
    }
}

/// What the mempool's check said. A refusal is an answer and no error.
package struct CheckOutcome: Equatable, Sendable {
    package var code: UInt32
    package var codespace: String
    package var log: String

    package init(code: UInt32 = 0, codespace: String = "", log: String = "") {
        (self.code, self.codespace, self.log) = (code, codespace, log)
    }
}

package struct SimulationOutcome: Sendable {
    package var gasWanted: UInt64
    package var gasUsed: UInt64
    /// Why the transaction would fail; the rest is empty then.
    package var failure: String?
    /// `TxMsgData`.
    package var data: [UInt8]
    package var log: String
    package var events: [TransactionEvent]

    package init(
        gasWanted: UInt64, gasUsed: UInt64, failure: String? = nil, data: [UInt8] = [], log: String = "",
        events: [TransactionEvent] = []
    ) {
        self.gasWanted = gasWanted
        self.gasUsed = gasUsed
        self.failure = failure
        self.data = data
        self.log = log
        self.events = events
    }
}

package enum ContractReply: Equatable, Sendable {
    /// Sealed for the client.
    case data([UInt8])
    /// The contract refused: "encrypted: <base64>", or a text for queries the enclave could not run.
    case failure(String)
}

/// What a node says about itself.
package struct NodeDescription: Sendable {
    package var nodeID = ""
    /// Where peers and CometBFT's RPC are answered; empty while nothing listens there.
    package var listenAddress = ""
    package var rpcAddress = ""
    /// Of CometBFT: clients choose their decoder by it.
    package var consensusVersion = "0.38.19"
    package var moniker = ""
    package var applicationName = "cloister"
    package var programName = "cloister-node"
    package var applicationVersion = ""
    package var gitCommit = ""
    /// Of the Cosmos SDK whose interfaces are served: cosmpy insists that it is a version.
    package var sdkVersion = "v0.50.14"
    /// With 18 decimals and the denomination.
    package var minimumGasPrice = ""
    /// How many heights of the state can be asked for, 0 for all, and after how many blocks the others go.
    package var pruningKeepRecent: UInt64 = 0
    package var pruningInterval: UInt64 = 0
    package var earliestHeight: Int64 = 1

    package init() {}
}
