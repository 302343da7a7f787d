// Made by proto/boundary_swift.py from proto/boundary/v1/boundary.proto. Do not edit.

import DecidedBlocks
import PublicCryptography

// The boundary's messages as Swift values. boundary.proto says who may learn each field, why its receiver may act on
// it, and how large it may be; docs/boundary.md is the page of that.

/// One Unix stream socket, one thread of the enclave, one strict stack of calls.
package enum LaneKind: UInt32, Sendable {
    case control = 1
    case execution = 2
    case query = 3
}

/// Where an enclave begins that was given the seeds.
package enum JoinBeginning: UInt32, Sendable {
    case genesis = 1
    case grant = 2
}

/// CometBFT's SignedMsgType.
package enum SignedKind: UInt32, Sendable {
    case prevote = 1
    case precommit = 2
    case proposal = 32
}

/// The first frame of both sides on every lane.
package struct Hello: Equatable, Sendable {
    package var lane: LaneKind
    package var version: UInt32
    package var manifestHash: [UInt8]

    package init(lane: LaneKind, version: UInt32 = 0, manifestHash: [UInt8] = []) {
        (self.lane, self.version, self.manifestHash) = (lane, version, manifestHash)
    }
}

package struct StoreRoot: Equatable, Sendable {
    package var name: String
    package var root: [UInt8]

    package init(name: String, root: [UInt8]) {
        (self.name, self.root) = (name, root)
    }
}

package struct StoreKeys: Equatable, Sendable {
    package var store: String
    package var keys: [[UInt8]]

    package init(store: String, keys: [[UInt8]]) {
        (self.store, self.keys) = (store, keys)
    }
}

/// Values of keys of one store, in the order of the keys, with one sorted multiproof over all: presence and absence.
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

    package init(key: String, value: String) {
        (self.key, self.value) = (key, value)
    }
}

/// All events of a driven transaction are made by the enclave.
package struct Event: Equatable, Sendable {
    package var type: String
    package var attributes: [EventAttribute]

    package init(type: String, attributes: [EventAttribute]) {
        (self.type, self.attributes) = (type, attributes)
    }
}

/// What a driven transaction says to the world. It stands in no frame: it leaves sealed, as the output of an
/// EnclaveRunTransactionResponse, and can be opened with the key that comes when the next header proves the result.
/// Data and events are empty unless the transaction succeeded; the events of the ante part are the host's.
package struct TransactionOutput: Equatable, Sendable {
    package var codespace: String
    package var log: String
    package var data: [UInt8]
    package var events: [Event]
    /// With it, whoever has the output can compare it with the result that the header proves.
    package var salt: [UInt8]

    package init(
        codespace: String = "", log: String = "", data: [UInt8] = [], events: [Event] = [], salt: [UInt8] = []
    ) {
        (self.codespace, self.log, self.data, self.events, self.salt) = (codespace, log, data, events, salt)
    }
}

/// A write to a store, or a removal: to the compute store unless it is said.
package struct StateWrite: Equatable, Sendable {
    package var key: [UInt8]
    package var value: [UInt8]?

    package init(key: [UInt8], value: [UInt8]?) {
        (self.key, self.value) = (key, value)
    }
}

/// Makes the evidence with which an enclave that has no seeds asks for them (RaAuthenticate). Its registration key is
/// this machine's, this program's and this chain's: the same each time, so that nothing has to be kept.
package struct RegistrationRequest: Equatable, Sendable {
    package var identity: ChainIdentity
    /// A recent block of the chain: evidence is good for some blocks after it. The chain's enclaves check it, not this
    /// one.
    package var height: UInt64
    package var headerHash: [UInt8]
    /// Who will send the evidence, and the registered node whose machine this one stands in for, or nobody: both are
    /// quoted, so that nobody else can send it, or say otherwise.
    package var sender: [UInt8]
    package var replaces: [UInt8]

    package init(
        identity: ChainIdentity, height: UInt64 = 0, headerHash: [UInt8] = [], sender: [UInt8] = [],
        replaces: [UInt8] = []
    ) {
        (self.identity, self.height, self.headerHash, self.sender) = (identity, height, headerHash, sender)
        self.replaces = replaces
    }
}

package struct RegistrationEvidence: Equatable, Sendable {
    package var registrationKey: [UInt8]
    /// A RegistrationCertificate, as the chain wants it.
    package var certificate: [UInt8]
    package var measurement: [UInt8]

    package init(registrationKey: [UInt8] = [], certificate: [UInt8] = [], measurement: [UInt8] = []) {
        (self.registrationKey, self.certificate, self.measurement) = (registrationKey, certificate, measurement)
    }
}

/// Opens the network with the seeds that the chain's enclaves wrapped for this one's registration key. Answered as
/// bootstrap is.
package struct JoinRequest: Equatable, Sendable {
    package var identity: ChainIdentity
    package var seedExchangePublicKey: [UInt8]
    package var encryptedSeed: [UInt8]
    /// From genesis, the chain is run up to that very block in which the seeds were wrapped, whose header is inside. A
    /// host that has the state after that block goes on behind it.
    package var beginning: JoinBeginning
    /// Of an enclave that was in the network before, over the network's keys: that they are an enclave's own. If it is
    /// of another program, this enclave's own evidence names that one.
    package var networkEvidence: [UInt8]
    /// Where keys are exchanged: the io key of the epoch in which that evidence was made, if it is not the present one.
    package var quotedIoPublicKey: [UInt8]

    package init(
        identity: ChainIdentity, seedExchangePublicKey: [UInt8] = [], encryptedSeed: [UInt8] = [],
        beginning: JoinBeginning, networkEvidence: [UInt8] = [], quotedIoPublicKey: [UInt8] = []
    ) {
        (self.identity, self.seedExchangePublicKey) = (identity, seedExchangePublicKey)
        (self.encryptedSeed, self.beginning, self.networkEvidence) = (encryptedSeed, beginning, networkEvidence)
        self.quotedIoPublicKey = quotedIoPublicKey
    }
}

/// A network that several founders begin: what they have agreed on, and who they are.
package struct FoundingProposal: Equatable, Sendable {
    /// As it will be; for evidence, which is made before they are known, time and validators are any.
    package var identity: ChainIdentity
    /// A RegistrationPolicy, as genesis has it.
    package var policy: [UInt8]
    /// Of the genesis file without founders; founders who were shown another one are no founders of this network.
    package var draftHash: [UInt8]
    /// FoundingCertificates, in the order of the genesis file. None where evidence is to be made.
    package var certificates: [[UInt8]]

    package init(identity: ChainIdentity, policy: [UInt8], draftHash: [UInt8], certificates: [[UInt8]]) {
        (self.identity, self.policy, self.draftHash, self.certificates) = (identity, policy, draftHash, certificates)
    }
}

/// Makes the evidence of a founder: of this machine, this program and these terms, with the consensus key that the
/// enclave sealed.
package struct FounderRequest: Equatable, Sendable {
    package var founding: FoundingProposal
    package var sealedConsensusKey: [UInt8]
    /// That the founder asks for.
    package var power: UInt64

    package init(founding: FoundingProposal, sealedConsensusKey: [UInt8] = [], power: UInt64 = 0) {
        (self.founding, self.sealedConsensusKey, self.power) = (founding, sealedConsensusKey, power)
    }
}

package struct FoundedNetwork: Equatable, Sendable {
    package var ioPublicKey: [UInt8]
    package var seedExchangePublicKey: [UInt8]
    package var evidence: [UInt8]
    /// In the order of the founders.
    package var encryptedSeeds: [[UInt8]]

    package init(
        ioPublicKey: [UInt8] = [], seedExchangePublicKey: [UInt8] = [], evidence: [UInt8] = [],
        encryptedSeeds: [[UInt8]] = []
    ) {
        (self.ioPublicKey, self.seedExchangePublicKey, self.evidence) = (ioPublicKey, seedExchangePublicKey, evidence)
        self.encryptedSeeds = encryptedSeeds
    }
}

/// Opens, for one of its founders, a network that was founded: all of it is checked again. Answered as bootstrap is.
package struct FounderOpening: Equatable, Sendable {
    package var founding: FoundingProposal
    package var seedExchangePublicKey: [UInt8]
    package var encryptedSeed: [UInt8]
    /// Of the enclave that made the seeds, over the network's keys.
    package var networkEvidence: [UInt8]

    package init(
        founding: FoundingProposal, seedExchangePublicKey: [UInt8] = [], encryptedSeed: [UInt8] = [],
        networkEvidence: [UInt8] = []
    ) {
        (self.founding, self.seedExchangePublicKey) = (founding, seedExchangePublicKey)
        (self.encryptedSeed, self.networkEvidence) = (encryptedSeed, networkEvidence)
    }
}

/// The answer to bootstrap, unseal and join: what the enclave says of itself in public.
package struct OpenedEnclave: Equatable, Sendable {
    package var ioPublicKey: [UInt8]
    package var seedExchangePublicKey: [UInt8]
    package var evidence: [UInt8]
    package var sealedRecord: [UInt8]
    package var headHeight: UInt64
    package var headHash: [UInt8]
    package var measurement: [UInt8]
    /// The program of the enclave that made the network's keys, if that was another; it is quoted.
    package var founder: [UInt8]

    package init(
        ioPublicKey: [UInt8] = [], seedExchangePublicKey: [UInt8] = [], evidence: [UInt8] = [],
        sealedRecord: [UInt8] = [], headHeight: UInt64 = 0, headHash: [UInt8] = [], measurement: [UInt8] = [],
        founder: [UInt8] = []
    ) {
        (self.ioPublicKey, self.seedExchangePublicKey, self.evidence) = (ioPublicKey, seedExchangePublicKey, evidence)
        (self.sealedRecord, self.headHeight, self.headHash) = (sealedRecord, headHeight, headHash)
        (self.measurement, self.founder) = (measurement, founder)
    }
}

package struct EnclaveHealth: Equatable, Sendable {
    package var headHeight: UInt64
    package var modulesLoaded: UInt64
    package var residentBytes: UInt64
    package var transcript: [UInt8]

    package init(
        headHeight: UInt64 = 0, modulesLoaded: UInt64 = 0, residentBytes: UInt64 = 0, transcript: [UInt8] = []
    ) {
        (self.headHeight, self.modulesLoaded, self.residentBytes) = (headHeight, modulesLoaded, residentBytes)
        self.transcript = transcript
    }
}

/// A sealed module for the host to keep; empty when none is ready.
package struct TakenModule: Equatable, Sendable {
    package var codeHash: [UInt8]
    package var sealed: [UInt8]
    /// Modules to be asked for later.
    package var waiting: UInt32

    package init(codeHash: [UInt8] = [], sealed: [UInt8] = [], waiting: UInt32 = 0) {
        (self.codeHash, self.sealed, self.waiting) = (codeHash, sealed, waiting)
    }
}

/// Takes over a key that a file held until now, with the last place that was signed for; once. The enclave wipes what
/// it has of the frame.
package struct ImportedConsensusKey: Equatable, Sendable {
    package var privateKey: [UInt8]
    package var height: UInt64
    package var round: UInt32
    /// 0 nothing, 1 proposal, 2 prevote, 3 precommit.
    package var step: UInt32

    package init(privateKey: [UInt8] = [], height: UInt64 = 0, round: UInt32 = 0, step: UInt32 = 0) {
        (self.privateKey, self.height, self.round, self.step) = (privateKey, height, round, step)
    }
}

/// The answer to all three. The last place is the platform's word once the key was opened.
package struct ConsensusKey: Equatable, Sendable {
    package var publicKey: [UInt8]
    package var sealedKey: [UInt8]
    package var evidence: [UInt8]
    package var height: UInt64
    package var round: UInt32
    package var step: UInt32

    package init(
        publicKey: [UInt8] = [], sealedKey: [UInt8] = [], evidence: [UInt8] = [], height: UInt64 = 0, round: UInt32 = 0,
        step: UInt32 = 0
    ) {
        (self.publicKey, self.sealedKey, self.evidence, self.height) = (publicKey, sealedKey, evidence, height)
        (self.round, self.step) = (round, step)
    }
}

/// Gives the validator's key, with the record of what was signed, to one registered enclave: before anything leaves it
/// is the platform's record that this enclave signs no more, and for whom. Asked again for that one, the answer is the
/// same; the rest of the request is then not looked at.
package struct KeyHandOver: Equatable, Sendable {
    package var sealedKey: [UInt8]
    /// Of the enclave that has been given the seeds.
    package var registrationKey: [UInt8]
    /// Of the state that the head proves, and in it the node's record and the approved programs.
    package var storeRoots: [StoreRoot]
    package var registration: StateProof

    package init(
        sealedKey: [UInt8] = [], registrationKey: [UInt8] = [], storeRoots: [StoreRoot] = [], registration: StateProof
    ) {
        (self.sealedKey, self.registrationKey, self.storeRoots) = (sealedKey, registrationKey, storeRoots)
        self.registration = registration
    }
}

/// What is signed, in numbers: the enclave makes the bytes, for the chain that it was opened for.
package struct VoteToSign: Equatable, Sendable {
    package var kind: SignedKind
    package var height: UInt64
    package var round: UInt32
    /// Of a proposal: the round that it rests on, or -1.
    package var lockRound: Int64
    /// Empty in a vote for no block.
    package var blockHash: [UInt8]
    package var partsTotal: UInt32
    package var partsHash: [UInt8]
    package var seconds: Int64
    package var nanoseconds: UInt32

    package init(
        kind: SignedKind, height: UInt64 = 0, round: UInt32 = 0, lockRound: Int64 = 0, blockHash: [UInt8] = [],
        partsTotal: UInt32 = 0, partsHash: [UInt8] = [], seconds: Int64 = 0, nanoseconds: UInt32 = 0
    ) {
        (self.kind, self.height, self.round, self.lockRound) = (kind, height, round, lockRound)
        (self.blockHash, self.partsTotal, self.partsHash, self.seconds) = (blockHash, partsTotal, partsHash, seconds)
        self.nanoseconds = nanoseconds
    }
}

/// The time is the one that was signed: another than the one asked for, where the same vote was signed before.
package struct VoteSignature: Equatable, Sendable {
    package var signature: [UInt8]
    package var seconds: Int64
    package var nanoseconds: UInt32

    package init(signature: [UInt8] = [], seconds: Int64 = 0, nanoseconds: UInt32 = 0) {
        (self.signature, self.seconds, self.nanoseconds) = (signature, seconds, nanoseconds)
    }
}

/// What this enclave needs to go on answering: that its nonce stands in a block
/// (SignedTransactions/LeaseTransaction.swift).
package struct EnclaveLease: Equatable, Sendable {
    /// Empty on a chain without leases.
    package var nonce: [UInt8]
    /// Of the block with the nonce before; or 0.
    package var grantedHeight: UInt64
    /// That block's time.
    package var grantedSeconds: Int64
    package var answersLeft: UInt32

    package init(nonce: [UInt8] = [], grantedHeight: UInt64 = 0, grantedSeconds: Int64 = 0, answersLeft: UInt32 = 0) {
        (self.nonce, self.grantedHeight, self.grantedSeconds) = (nonce, grantedHeight, grantedSeconds)
        self.answersLeft = answersLeft
    }
}

package struct BeginBlock: Equatable, Sendable {
    package var header: [UInt8]
    package var commit: [UInt8]
    package var validators: [UInt8]
    package var transactionHashes: [[UInt8]]
    package var storeRoots: [StoreRoot]
    /// Merkle leaf hashes of the results of the block before, in order: header.last_results_hash proves them. Hashes,
    /// since the results of a full block would not fit in a frame. May be left out if the enclave ran and missed none
    /// of them.
    package var previousResults: [[UInt8]]
    /// The results of the block before that failed, which are short: a transaction that never reached the enclave must
    /// be among them.
    package var previousFailures: [FailedResult]
    /// Only for a block that is run again where the platform's journal is past it, or names facts that this host lost.
    package var next: ProvingBlock?
    /// While values of the epoch before are left: the next ones of the store `compute` in the order of their paths,
    /// behind where the record of the epoch says; with the one before them, so that the proof shows that none is left
    /// out.
    package var renewed: StateProof?

    package init(
        header: [UInt8] = [], commit: [UInt8] = [], validators: [UInt8] = [], transactionHashes: [[UInt8]] = [],
        storeRoots: [StoreRoot] = [], previousResults: [[UInt8]] = [], previousFailures: [FailedResult] = [],
        next: ProvingBlock? = nil, renewed: StateProof? = nil
    ) {
        (self.header, self.commit, self.validators) = (header, commit, validators)
        (self.transactionHashes, self.storeRoots) = (transactionHashes, storeRoots)
        (self.previousResults, self.previousFailures, self.next) = (previousResults, previousFailures, next)
        self.renewed = renewed
    }
}

/// The header after a block that is run again, and the results that it proves: nothing else that the host says of that
/// block is believed, and nothing of it is journalled.
package struct ProvingBlock: Equatable, Sendable {
    package var header: [UInt8]
    package var commit: [UInt8]
    package var validators: [UInt8]
    /// Merkle leaf hashes, in order: the header's last_results_hash proves them.
    package var results: [[UInt8]]
    /// The results of those transactions that call contracts and that no enclave ran.
    package var refused: [FailedResult]

    package init(header: [UInt8], commit: [UInt8], validators: [UInt8], results: [[UInt8]], refused: [FailedResult]) {
        (self.header, self.commit, self.validators, self.results) = (header, commit, validators, results)
        self.refused = refused
    }
}

/// A result that has a code other than zero.
package struct FailedResult: Equatable, Sendable {
    package var index: UInt32
    /// The deterministic part of the result, as under last_results_hash.
    package var leaf: [UInt8]

    package init(index: UInt32, leaf: [UInt8]) {
        (self.index, self.leaf) = (index, leaf)
    }
}

package struct BegunBlock: Equatable, Sendable {
    package var height: UInt64
    package var headerHash: [UInt8]
    /// For each transaction of the block before that this enclave ran: its result is proved, so its output is public.
    package var outputKeys: [OutputKey]
    /// To the store `register`, before the block's transactions: the seeds, wrapped for the enclaves whose evidence the
    /// state before the block holds, and the log of it. All enclaves write the same.
    package var registerWrites: [StateWrite]
    /// To the store `compute`, before the block's transactions: values under the key of the present epoch.
    package var computeWrites: [StateWrite]
    /// Where an epoch begins with this block: what the enclave says of itself from now on, as when it was opened.
    package var ioPublicKey: [UInt8]
    package var evidence: [UInt8]

    package init(
        height: UInt64 = 0, headerHash: [UInt8] = [], outputKeys: [OutputKey] = [], registerWrites: [StateWrite] = [],
        computeWrites: [StateWrite] = [], ioPublicKey: [UInt8] = [], evidence: [UInt8] = []
    ) {
        (self.height, self.headerHash, self.outputKeys) = (height, headerHash, outputKeys)
        (self.registerWrites, self.computeWrites, self.ioPublicKey) = (registerWrites, computeWrites, ioPublicKey)
        self.evidence = evidence
    }
}

/// Opens the output of one transaction with one result, and nothing else.
package struct OutputKey: Equatable, Sendable {
    package var index: UInt32
    package var key: [UInt8]

    package init(index: UInt32, key: [UInt8]) {
        (self.index, self.key) = (index, key)
    }
}

package struct BlockChunk: Equatable, Sendable {
    package var firstIndex: UInt32
    package var transactions: [[UInt8]]

    package init(firstIndex: UInt32 = 0, transactions: [[UInt8]] = []) {
        (self.firstIndex, self.transactions) = (firstIndex, transactions)
    }
}

package struct RunTransaction: Equatable, Sendable {
    package var index: UInt32
    package var prefetched: [StateProof]
    /// In a block that is run again under the next header: the result that it proves, if an enclave ran the
    /// transaction.
    package var provedResult: [UInt8]

    package init(index: UInt32 = 0, prefetched: [StateProof] = [], provedResult: [UInt8] = []) {
        (self.index, self.prefetched, self.provedResult) = (index, prefetched, provedResult)
    }
}

/// What leaves of a driven transaction before the next header: what the block's state and its results need. Writes and
/// stored codes are empty unless `code` is zero, but for the records of whose inputs are.
package struct DrivenResult: Equatable, Sendable {
    package var code: UInt32
    package var gasWanted: UInt64
    package var gasUsed: UInt64
    /// SHA-256 of salt and true data, then SHA-256 of salt and all else that the enclave says in the output, then
    /// SHA-256 of each answer that the ledger gave in it.
    package var data: [UInt8]
    /// A TransactionOutput, sealed until the next header.
    package var output: [UInt8]
    package var writes: [StateWrite]
    package var storedCodes: [[UInt8]]
    /// To the store `register`: evidence that was appraised, whose seeds the next block wraps.
    package var registerWrites: [StateWrite]

    package init(
        code: UInt32 = 0, gasWanted: UInt64 = 0, gasUsed: UInt64 = 0, data: [UInt8] = [], output: [UInt8] = [],
        writes: [StateWrite] = [], storedCodes: [[UInt8]] = [], registerWrites: [StateWrite] = []
    ) {
        (self.code, self.gasWanted, self.gasUsed, self.data, self.output) = (code, gasWanted, gasUsed, data, output)
        (self.writes, self.storedCodes, self.registerWrites) = (writes, storedCodes, registerWrites)
    }
}

/// Moves the head forward over blocks that this enclave does not run. The state there comes from others, and every
/// value of it is proved as ever by the header after it.
package struct Advance: Equatable, Sendable {
    package var header: [UInt8]
    package var commit: [UInt8]
    package var validators: [UInt8]
    /// The set that the head names for the height after it: more than two thirds of it must have signed the header.
    package var trustedValidators: [UInt8]

    package init(
        header: [UInt8] = [], commit: [UInt8] = [], validators: [UInt8] = [], trustedValidators: [UInt8] = []
    ) {
        (self.header, self.commit, self.validators) = (header, commit, validators)
        self.trustedValidators = trustedValidators
    }
}

package struct ContractQuery: Equatable, Sendable {
    package var contract: [UInt8]
    package var input: [UInt8]
    package var height: UInt64
    package var gasLimit: UInt64
    package var prefetched: [StateProof]

    package init(
        contract: [UInt8] = [], input: [UInt8] = [], height: UInt64 = 0, gasLimit: UInt64 = 0,
        prefetched: [StateProof] = []
    ) {
        (self.contract, self.input, self.height, self.gasLimit) = (contract, input, height, gasLimit)
        self.prefetched = prefetched
    }
}

package struct ContractAnswer: Equatable, Sendable {
    package var data: [UInt8]
    /// Empty when the query succeeded: else "encrypted: …" for the caller, or an enclave text of fixed meaning.
    package var error: String
    package var gasUsed: UInt64
    /// Of which state data or error are and since when this enclave has its lease (AnswerStamp), sealed for the caller
    /// together with a hash of them. Empty where the contract was not asked.
    package var stamp: [UInt8]

    package init(data: [UInt8] = [], error: String = "", gasUsed: UInt64 = 0, stamp: [UInt8] = []) {
        (self.data, self.error, self.gasUsed, self.stamp) = (data, error, gasUsed, stamp)
    }
}

package struct StateRead: Equatable, Sendable {
    package var reads: [StoreKeys]
    /// The state after this height.
    package var version: UInt64

    package init(reads: [StoreKeys] = [], version: UInt64 = 0) {
        (self.reads, self.version) = (reads, version)
    }
}

/// A ledger message of the transaction, or of a contract it called, in the place that the enclave gave it. A scope's
/// number is larger than its parent's: the host merges a scope into its parent when a smaller number is used next.
package struct LedgerMessage: Equatable, Sendable {
    package var scope: UInt32
    package var signer: [UInt8]
    package var typeURL: String
    package var value: [UInt8]

    package init(scope: UInt32 = 0, signer: [UInt8] = [], typeURL: String = "", value: [UInt8] = []) {
        (self.scope, self.signer, self.typeURL, self.value) = (scope, signer, typeURL, value)
    }
}

package struct LedgerMessageResult: Equatable, Sendable {
    package var code: UInt32
    package var codespace: String
    package var log: String
    package var data: [UInt8]
    package var responseTypeURL: String

    package init(
        code: UInt32 = 0, codespace: String = "", log: String = "", data: [UInt8] = [], responseTypeURL: String = ""
    ) {
        (self.code, self.codespace, self.log, self.data) = (code, codespace, log, data)
        self.responseTypeURL = responseTypeURL
    }
}

/// What the host says.
package enum ToEnclave: Equatable, Sendable {
    case hello(Hello)
    case bootstrap(ChainIdentity)
    case unseal([UInt8])
    case health
    /// Asks for a module that the enclave has compiled since it was last asked, for the host to keep and to hand back
    /// after a restart (HostReadModuleResponse). Native code of public code, authenticated; what is lost is compiled
    /// again.
    case takeModule
    /// Says that nobody waits any more for what a query lane works on. Answered at once; the lane itself ends the query
    /// with Failure 703 and goes on. Nothing that blocks run can be given up.
    /// `lane`: query lanes, from 0.
    /// `query`: the lane's queries up to this one, from 1.
    case abandonQuery(lane: UInt32, query: UInt64)
    case makeEvidence(RegistrationRequest)
    case join(JoinRequest)
    case lease
    case beginBlock(BeginBlock)
    case blockChunk(BlockChunk)
    case runTransaction(RunTransaction)
    case endBlock
    case advance(Advance)
    case query(ContractQuery)
    case state([StateProof])
    case code([UInt8])
    case ledgerMessage(LedgerMessageResult)
    case scopeReverted
    /// Empty when there is none.
    case module([UInt8])
    /// SHA-256 of each fact, oldest first, one behind the other: as many as the host has of those that were asked for.
    case journal([Hash32])
    /// From the highest downwards, as many as the host likes of those that were asked for: each is the one that the
    /// header before names, the first the one of the journal.
    case headers([[UInt8]])
    /// Makes the key that this validator signs votes with, sealed: genesis names it, so that it is there before the
    /// chain is. Refused once a key was opened on this platform.
    case makeConsensusKey
    case importConsensusKey(ImportedConsensusKey)
    /// Opens the key that is sealed in it, for this start. The first key that is opened is the platform's for ever.
    case openConsensusKey([UInt8])
    case signVote(VoteToSign)
    case makeFoundingEvidence(FounderRequest)
    /// Makes the seeds of a network and wraps them for each of its founders, this enclave among them, if all their
    /// evidence is good. The enclave keeps nothing of it: it opens the network as the others do.
    case found(FoundingProposal)
    case openFounded(FounderOpening)
    case handOverKey(KeyHandOver)
    /// Takes over what another enclave handed to this one, which must be open; the answer is as of an imported key. May
    /// be asked again until the key is opened.
    case takeOverKey([UInt8])
}

/// What the enclave says.
package enum FromEnclave: Equatable, Sendable {
    case hello(Hello)
    case opened(OpenedEnclave)
    case health(EnclaveHealth)
    case moduleTaken(TakenModule)
    case queryAbandoned
    case evidenceMade(RegistrationEvidence)
    case leaseTold(EnclaveLease)
    case blockBegun(BegunBlock)
    case chunkReceived(UInt32)
    case transactionRun(DrivenResult)
    case blockEnded([UInt8])
    case advanced([UInt8])
    case queryAnswered(ContractAnswer)
    case readState(StateRead)
    case readCode([UInt8])
    case runLedgerMessage(LedgerMessage)
    case revertScope(UInt32)
    /// What the enclave sealed for this code (EnclaveTakeModuleResponse), if the host has kept it. Anything but bytes
    /// that this very enclave program sealed on this platform for this code is as good as nothing: the code is read and
    /// compiled.
    case readModule([UInt8])
    /// Asked as a block begins that was begun before: what this host vouched for then. The platform holds how many
    /// facts there were and a digest of their hashes, so that the hashes are enough, and are asked for in parts that a
    /// frame holds whatever the block came to.
    /// `first`: fact of the block, from 0.
    case readJournal(first: UInt32, count: UInt32)
    /// Asked as a block begins that is run again behind the platform's journal, once: the headers that lead from the
    /// one that the journal names down to the one after the block.
    case readHeaders(highest: UInt64, count: UInt32)
    case consensusKey(ConsensusKey)
    case voteSigned(VoteSignature)
    case foundingEvidenceMade([UInt8])
    case founded(FoundedNetwork)
    case keyHandedOver([UInt8])
    /// A refused call. The number has one fixed meaning (EnclaveProtocol/Failure.swift); no text crosses.
    case failure(UInt32)
}

extension BoundaryProtocol {
    /// The limit of EnclaveBeginBlockRequest.transaction_hashes.
    package static let transactionsPerBlockMax = 65_536
    /// The limit of HostReadJournalResponse.hashes.
    package static let journalHashesPerAnswerMax = 32_768
    /// The limit of HostReadHeadersResponse.headers.
    package static let headersPerAnswerMax = 4_096
}

extension ResultLimits {
    /// The limit of EventAttribute.value.
    package static let attributeBytesMax = 2_097_152
    /// The limit of Event.type.
    package static let eventTypeBytesMax = 65_536
    /// The limit of TransactionOutput.codespace.
    package static let codespaceBytesMax = 64
}
