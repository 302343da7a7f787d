import DecidedBlocks
import PublicCryptography

// The boundary's messages as Swift values: one struct for each message of proto/boundary/v1/boundary.proto, which also
// says who may learn each field and why its receiver may act on it. Frames.swift turns them into bytes and back.

package struct Hello: Equatable, Sendable {
    package var lane: LaneKind
    package var version: UInt32
    package var manifestHash: [UInt8]
    package init(lane: LaneKind, version: UInt32, manifestHash: [UInt8]) {
        (self.lane, self.version, self.manifestHash) = (lane, version, manifestHash)
    }
}

/// The kind of a lane: one Unix stream socket, one thread of the enclave, one strict stack of calls.
package enum LaneKind: UInt32, Sendable {
    case control = 1
    case execution = 2
    case query = 3
}

package struct StoreRoot: Equatable, Sendable {
    package var name: String
    package var root: [UInt8]
    package init(name: String, root: [UInt8]) { (self.name, self.root) = (name, root) }
}

package struct StoreKeys: Equatable, Sendable {
    package var store: String
    package var keys: [[UInt8]]
    package init(store: String, keys: [[UInt8]]) { (self.store, self.keys) = (store, keys) }
}

/// Values of keys of one store, `nil` where absent, with one sorted multiproof over all of them.
package struct StateProof: Equatable, Sendable {
    package var store: String
    package var keys: [[UInt8]]
    package var values: [[UInt8]?]
    package var proof: [UInt8]
    package init(store: String, keys: [[UInt8]], values: [[UInt8]?], proof: [UInt8]) {
        (self.store, self.keys, self.values, self.proof) = (store, keys, values, proof)
    }
}

package struct EventAttribute: Equatable, Sendable {
    package var key: String
    package var value: String
    package init(key: String, value: String) { (self.key, self.value) = (key, value) }
}

package struct Event: Equatable, Sendable {
    package var type: String
    package var attributes: [EventAttribute]
    package init(type: String, attributes: [EventAttribute]) { (self.type, self.attributes) = (type, attributes) }
    package init(_ type: String, _ attributes: KeyValuePairs<String, String>) {
        self.init(type: type, attributes: attributes.map { EventAttribute(key: $0.key, value: $0.value) })
    }
}

/// A write to the compute store; `value` is `nil` for a removal.
package struct StateWrite: Equatable, Sendable {
    package var key: [UInt8]
    package var value: [UInt8]?
    package init(key: [UInt8], value: [UInt8]?) { (self.key, self.value) = (key, value) }
}

/// The answer to bootstrap and unseal: what the enclave says of itself in public.
package struct OpenedEnclave: Equatable, Sendable {
    package var ioPublicKey: [UInt8] = []
    package var seedExchangePublicKey: [UInt8] = []
    package var evidence: [UInt8] = []
    package var sealedRecord: [UInt8] = []
    package var headHeight: UInt64 = 0
    package var headHash: [UInt8] = []
    package var measurement: [UInt8] = []
    package init() {}
}

package struct EnclaveHealth: Equatable, Sendable {
    package var headHeight: UInt64 = 0
    package var modulesLoaded: UInt64 = 0
    package var residentBytes: UInt64 = 0
    package var transcript: [UInt8] = []
    package init() {}
}

package struct BeginBlock: Equatable, Sendable {
    package var header: [UInt8] = []
    package var commit: [UInt8] = []
    package var validators: [UInt8] = []
    package var transactionHashes: [[UInt8]] = []
    package var storeRoots: [StoreRoot] = []
    /// Merkle leaf hashes.
    package var previousResults: [[UInt8]] = []
    package var previousFailures: [FailedResult] = []
    /// Only for a block that is run again on the strength of the next header.
    package var next: ProvingBlock?
    package init() {}
}

/// The header after a block, and the results that it proves of the block.
package struct ProvingBlock: Equatable, Sendable {
    package var header: [UInt8] = []
    package var commit: [UInt8] = []
    package var validators: [UInt8] = []
    /// Merkle leaf hashes.
    package var results: [[UInt8]] = []
    /// Of transactions that no enclave ran.
    package var refused: [FailedResult] = []
    package init() {}
}

/// A result that has a code other than zero.
package struct FailedResult: Equatable, Sendable {
    package var index: UInt32
    /// The deterministic part of the result, as under `last_results_hash`.
    package var leaf: [UInt8]
    package init(index: UInt32, leaf: [UInt8]) { (self.index, self.leaf) = (index, leaf) }
}

package struct BegunBlock: Equatable, Sendable {
    package var height: UInt64 = 0
    package var headerHash: [UInt8] = []
    /// For the transactions of the block before that this enclave ran.
    package var outputKeys: [OutputKey] = []
    package init() {}
}

/// Opens the record of one transaction's output (`TransactionOutput.open`).
package struct OutputKey: Equatable, Sendable {
    package var index: UInt32
    package var key: [UInt8]
    package init(index: UInt32, key: [UInt8]) { (self.index, self.key) = (index, key) }
}

package struct BlockChunk: Equatable, Sendable {
    package var firstIndex: UInt32 = 0
    package var transactions: [[UInt8]] = []
    package init() {}
}

/// A sealed module for the host to keep; without bytes when none is ready.
package struct TakenModule: Equatable, Sendable {
    package var codeHash: [UInt8] = []
    package var sealed: [UInt8] = []
    /// How many more the host may ask for, now or later.
    package var waiting: UInt32 = 0
    package init() {}
}

package struct RunTransaction: Equatable, Sendable {
    package var index: UInt32 = 0
    package var prefetched: [StateProof] = []
    /// The leaf, in a block that is run again on the strength of the next header.
    package var provedResult: [UInt8] = []
    package init() {}
}

/// What leaves of a driven transaction at once: code, gas, and what the state needs. The rest is in `output`, sealed until
/// the next header. Writes and stored codes are empty unless `code` is zero, but for the records of whose inputs are.
package struct DrivenResult: Equatable, Sendable {
    package var code: UInt32 = 0
    package var gasWanted: UInt64 = 0
    package var gasUsed: UInt64 = 0
    /// What consensus has as the result's data (`TransactionOutput.commitment`).
    package var data: [UInt8] = []
    package var output: [UInt8] = []
    package var writes: [StateWrite] = []
    package var storedCodes: [[UInt8]] = []
    package init() {}
}

/// What a driven transaction says to the world, as clients are shown it. Data and events are empty unless it succeeded;
/// the events of the ante part are the host's.
package struct TransactionOutput: Equatable, Sendable {
    package var codespace: String = ""
    package var log: String = ""
    package var data: [UInt8] = []
    package var events: [Event] = []
    /// What makes the result's hashes of it tell nobody anything who does not have it.
    package var salt: [UInt8] = []
    package init() {}
}

package struct ContractQuery: Equatable, Sendable {
    package var contract: [UInt8] = []
    package var input: [UInt8] = []
    package var height: UInt64 = 0
    package var gasLimit: UInt64 = 0
    package var prefetched: [StateProof] = []
    package init() {}
}

package struct ContractAnswer: Equatable, Sendable {
    package var data: [UInt8] = []
    package var error: String = ""
    package var gasUsed: UInt64 = 0
    package init() {}
}

package struct StateRead: Equatable, Sendable {
    package var reads: [StoreKeys] = []
    package var version: UInt64 = 0
    package init() {}
}

package struct LedgerMessage: Equatable, Sendable {
    package var scope: UInt32 = 0
    package var signer: [UInt8] = []
    package var typeURL: String = ""
    package var value: [UInt8] = []
    package init() {}
}

package struct LedgerMessageResult: Equatable, Sendable {
    package var code: UInt32 = 0
    package var codespace: String = ""
    package var log: String = ""
    package var data: [UInt8] = []
    package var responseTypeURL: String = ""
    package init() {}
}

package enum ToEnclave: Equatable, Sendable {
    case hello(Hello)
    case bootstrap(ChainIdentity)
    case unseal(sealedRecord: [UInt8])
    case health
    case takeModule
    /// The `lane`th query lane, from 0, and its `query`th query, from 1.
    case abandonQuery(lane: UInt32, query: UInt64)
    case beginBlock(BeginBlock)
    case blockChunk(BlockChunk)
    case runTransaction(RunTransaction)
    case endBlock
    case query(ContractQuery)
    case state([StateProof])
    case code([UInt8])
    case ledgerMessage(LedgerMessageResult)
    case scopeReverted
    /// Empty when the host has none.
    case module([UInt8])
    /// Hashes of facts, as many as the host has of those that were asked for.
    case journal([Hash32])
    /// From the highest that was asked for downwards, as many as the host likes of those that were asked for.
    case headers([[UInt8]])
}

package enum FromEnclave: Equatable, Sendable {
    case hello(Hello)
    case opened(OpenedEnclave)
    case health(EnclaveHealth)
    case moduleTaken(TakenModule)
    case queryAbandoned
    case blockBegun(BegunBlock)
    case chunkReceived(UInt32)
    case transactionRun(DrivenResult)
    case blockEnded(sealedRecord: [UInt8])
    case queryAnswered(ContractAnswer)
    case readState(StateRead)
    case readCode(hash: [UInt8])
    case runLedgerMessage(LedgerMessage)
    case revertScope(UInt32)
    case readModule(hash: [UInt8])
    /// From the `first`th fact of the block on, from 0, so many.
    case readJournal(first: UInt32, count: UInt32)
    case readHeaders(highest: UInt64, count: UInt32)
    case failure(UInt32)
}
