import ABCIServer
import BlockExecution
import BlockStorage
import ChainFormats
import ChainInterface
import ChainMessages
import CometBFTReading
import DecidedBlocks
import DurableFiles
import Foundation
import Logging
import PublicCryptography
import StrictJSON
import Wire

package struct DrivenEngineConfiguration: Sendable {
    /// The node's own copy of the chain.
    package var folder: String
    package var isDurable = true
    /// Heights to keep in the store; `nil` keeps all.
    package var heightsKept: Int64?
    /// Where CometBFT finds the application, and where its RPC answers.
    package var abci: SocketAddress
    package var rpc: SocketAddress
    package var refusesStrangeCalls = false
    /// Of every so many heights the state is given to others; 0 for none.
    package var stateInterval: Int64 = 0
    /// What is believed before a state of others is taken; `nil` for genesis alone.
    package var trust: SyncTrust?
    /// Where CometBFT's log of consensus is, if it can be read here.
    package var home: String?
    /// RPC of other nodes, asked where CometBFT's own says nothing.
    package var others: [RPCClient] = []
    package var applicationVersion = ""

    package init(folder: String, abci: SocketAddress, rpc: SocketAddress) {
        (self.folder, self.abci, self.rpc) = (folder, abci, rpc)
    }
}

/// Where the blocks that CometBFT decided come from, besides our own store. Nothing that it says is believed.
package protocol BlockSource: Sendable {
    /// Throws where it does not have it now.
    func block(_ height: Int64) throws -> RPCBlock
}

extension RPCClient: BlockSource {
    package func block(_ height: Int64) throws -> RPCBlock {
        try RPCBlock(block: get("/block?height=\(height)"), commit: get("/commit?height=\(height)"))
    }
}

/// What CometBFT asked for that this chain has not.
package enum DriveFault: Error, Equatable, CustomStringConvertible {
    case wrongGenesis(String)
    case wrongHeight(asked: Int64, next: Int64)
    /// Two thirds stand behind a block that our rules refuse.
    case refused(height: Int64, BlockFault)
    case nothingToCommit

    package var description: String {
        switch self {
        case .wrongGenesis(let what): "CometBFT's genesis is not the node's: \(what)"
        case .wrongHeight(let asked, let next): "CometBFT is at height \(asked) and the chain's next is \(next)"
        case .refused(let height, let fault): "the decided block \(height) breaks a rule: \(fault)"
        case .nothingToCommit: "CometBFT commits a block that it did not have run"
        }
    }
}

/// An application that CometBFT drives, with the node's copy of the chain.
package final class DrivenEngine: @unchecked Sendable {
    // `state`, `listener`, `held`, `queries` and `isStopping` are touched only under `lock`; the rest is constant. The
    // methods of consensus are called one at a time.
    package let store: BlockStore
    private let configuration: DrivenEngineConfiguration
    private let genesis: GenesisDocument
    private let application: any ABCIApplication
    private let committer: BlockCommitter
    private let sources: [any BlockSource]
    private let log: ConsensusLog?
    private let process: CometBFTProcess?
    private let logger: Logger
    private let validate: BlockValidator
    private let onStop: @Sendable ((any Error)?) -> Void
    /// `nil` where the application cannot give its state away.
    private let snapshots: DrivenSnapshots?
    private let lock = NSLock()
    private var state: ConsensusState?
    private var pending: ConsensusState?
    private var listener: ABCIListener?
    /// Blocks that were read before CometBFT was started, when its RPC does not answer.
    private var held: [Int64: RPCBlock] = [:]
    private var queries: (@Sendable (ABCI.RequestQuery) -> ABCI.ResponseQuery)?
    private var isStopping = false
    /// Whether the state that is being given is here already.
    private var isGivenAgain = false

    /// `process` is `nil` if CometBFT is run by hand. `sources` stand for its RPC in tests. `onStop` hears why the node
    /// cannot go on.
    package init(
        _ configuration: DrivenEngineConfiguration, genesis: GenesisDocument, application: any ABCIApplication,
        process: CometBFTProcess?, sources: [any BlockSource]? = nil, logger: Logger,
        hook: @escaping CommitStepHook = { _, _ in }, validate: @escaping BlockValidator = ConsensusState.validate,
        onStop: @escaping @Sendable ((any Error)?) -> Void = { _ in }
    ) throws {
        try DurableFile.makeFolder(configuration.folder)
        store = try BlockStore(folder: configuration.folder + "/blocks", isDurable: configuration.isDurable)
        committer = BlockCommitter(store: store, application: application, hook: hook)
        (self.configuration, self.genesis, self.application) = (configuration, genesis, application)
        (self.process, self.logger, self.validate, self.onStop) = (process, logger, validate, onStop)
        self.sources = sources ?? [RPCClient(configuration.rpc)]
        log = configuration.home.map { ConsensusLog(home: $0) }
        snapshots = (application as? any StateTransferring).map { [store] states in
            DrivenSnapshots(
                store: store, application: states, genesis: genesis, interval: configuration.stateInterval,
                trust: configuration.trust, logger: logger)
        }
    }

    /// Brings application and store together, reads from CometBFT's data what it will ask for again, then lets it come.
    package func start() throws {
        try process?.requireVersion()
        // A state that was being taken and did not come to be: blocks from the middle, and no state.
        if try application.lastCommitted().height == 0, let first = try store.bounds()?.lowerBound,
            first > genesis.initialHeight
        {
            try store.removeAll()
        }
        let state = try committer.handshake(genesis: genesis, runsLastBlock: false)
        lock.withLock { self.state = state }
        if let process {
            try process.prepare()
            if process.hasBlocks {
                try process.inspect { try catchUp(with: $0) }
            } else if state.lastHeight > 0 {
                throw CometBFTFault.noHistory(home: process.log, height: state.lastHeight)
            }
        }
        let listener = try ABCIListener(
            at: configuration.abci, handler: self, refusesStrangeCalls: configuration.refusesStrangeCalls,
            logger: logger)
        lock.withLock { self.listener = listener }
        try process?.start { [onStop] in onStop($0) }
        logger.info(
            "application waits for CometBFT",
            metadata: ["abci": "\(listener.address)", "height": .stringConvertible(state.lastHeight)])
    }

    /// Where the application listens, once it does.
    package var address: SocketAddress? { lock.withLock { listener?.address } }

    /// What a client asks through CometBFT (`abci_query`).
    package func answerQueries(_ answer: @escaping @Sendable (ABCI.RequestQuery) -> ABCI.ResponseQuery) {
        lock.withLock { queries = answer }
    }

    package var lastHeight: Int64 { lock.withLock { state?.lastHeight ?? 0 } }

    /// Hands a transaction to CometBFT's mempool, which checks it here and gossips it. Waits for the answer.
    package func broadcast(_ transaction: [UInt8]) throws -> CheckOutcome {
        var outcome = CheckOutcome(hash: SHA256.hash(transaction))
        let answer: JSONValue
        do throws(RPCClient.Failure) {
            answer = try RPCClient(configuration.rpc).call(
                "broadcast_tx_sync", ["tx": .string(Base64.encode(transaction))])
        } catch {
            guard case .refused(let words) = error else { throw ChainRefusal.engineAway }
            // Of its own mempool: the words are all that CometBFT says.
            let known: [(words: String, code: UInt32, log: String)] = [
                ("tx already exists in cache", 19, "tx already in mempool"), ("mempool is full", 20, "mempool is full"),
                ("Tx too large", 21, "tx too large"),
            ]
            guard let refusal = known.first(where: { words.contains($0.words) }) else { throw ChainRefusal.engineAway }
            (outcome.code, outcome.codespace, outcome.log) = (refusal.code, "sdk", refusal.log)
            return outcome
        }
        guard let code: UInt32 = answer["code"]?.integer() else { throw ChainRefusal.engineAway }
        (outcome.code, outcome.codespace) = (code, answer["codespace"]?.string ?? "")
        outcome.log = answer["log"]?.string ?? ""
        return outcome
    }

    /// Ends CometBFT, then stops answering. Nothing is lost that was promised.
    package func stop(seconds: Double) {
        lock.withLock { isStopping = true }
        process?.stop(seconds: seconds)
        lock.withLock { listener }?.close()
    }

    // MARK: - Blocks

    /// Runs what CometBFT has run and we have not, but for its last block, which it will ask for itself: it has kept no
    /// answer of ours to that. Its RPC does not answer then, so the block is held.
    private func catchUp(with client: RPCClient) throws {
        let answer: JSONValue
        do throws(RPCClient.Failure) {
            answer = try client.get("/blockchain")
        } catch {
            // It has run, and no block was decided.
            guard case .refused = error else { throw error }
            return
        }
        guard let top = answer["last_height"]?.string.flatMap({ Int64($0) }) else { throw RPCClient.Failure.malformed }
        while true {
            guard var state = lock.withLock({ state }), state.nextHeight <= top else { return }
            let height = state.nextHeight
            guard height < top else {
                if try store.blockID(height) == nil {
                    let block = try client.block(height)
                    lock.withLock { held[height] = block }
                }
                return
            }
            let decided = try decidedBlock(height, hash: nil, after: state, from: [client])
            state = try committer.run(decided, after: state)
            lock.withLock { self.state = state }
            logger.info(
                "ran a block that CometBFT had",
                metadata: ["height": .stringConvertible(height), "of": .stringConvertible(top)])
        }
    }

    /// The block of a height with what proves it, saved: our own copy, or from wherever there is one. It is asked for
    /// until it comes, since CometBFT has it, and would end if we said that we have not.
    private func decidedBlock(
        _ height: Int64, hash: [UInt8]?, after state: ConsensusState, from sources: [any BlockSource]
    ) throws -> DecidedBlock {
        if let kept = try store.decidedBlock(height), hash == nil || kept.blockID.hash.bytes == hash { return kept }
        var lastWarning: ContinuousClock.Instant?
        var pause: UInt32 = 1_000
        // CometBFT's RPC is asked for a while before its log is read, and others are asked now and then.
        var askedFar = ContinuousClock.now
        while true {
            var asked = [lock.withLock { held[height] }.map(HeldBlock.init)].compactMap({ $0 }) + sources
            if ContinuousClock.now - askedFar > Self.patience {
                askedFar = .now
                if let log { asked.append(LogSource(log: log, state: state)) }
                asked += configuration.others
            }
            for source in asked {
                do {
                    let found = try source.block(height)
                    let decided = try proved(found, height, hash, state)
                    try judge(decided.block, after: state)
                    try committer.save(decided)
                    lock.withLock { _ = held.removeValue(forKey: height) }
                    return decided
                } catch let fault as DriveFault {
                    throw fault
                } catch let error
                    where error is RPCClient.Failure || error is RPCBlock.Malformed || error is Unproved
                    || error is ConsensusLog.Missing || error is FileError
                {
                    if lastWarning.map({ ContinuousClock.now - $0 > .seconds(5) }) ?? true {
                        lastWarning = .now
                        logger.warning(
                            "a decided block is not here yet",
                            metadata: ["height": .stringConvertible(height), "cause": "\(error)"])
                    }
                }
            }
            guard !lock.withLock({ isStopping }) else { throw EngineStop.stopped }
            usleep(pause)
            pause = min(pause * 2, 250_000)
        }
    }

    private static let patience = Duration.milliseconds(500)

    private struct LogSource: BlockSource {
        var log: ConsensusLog
        var state: ConsensusState
        func block(_ height: Int64) throws -> RPCBlock {
            try log.block(height, of: state.validators, chainID: state.chainID)
        }
    }

    private struct HeldBlock: BlockSource {
        var held: RPCBlock
        func block(_ height: Int64) throws -> RPCBlock { held }
    }

    /// What a source said is not the block that CometBFT means, or not signed. Another source may know better.
    private struct Unproved: Error, Equatable {
        var what: String
    }

    private func proved(
        _ found: RPCBlock, _ height: Int64, _ hash: [UInt8]?, _ state: ConsensusState
    ) throws(Unproved) -> DecidedBlock {
        let name = found.block.header.hash()
        guard hash == nil || name.bytes == hash, name == found.blockID.hash, found.block.header.height == height,
            found.block.matchesItsHeader
        else { throw Unproved(what: "another block") }
        guard found.commit.height == height, found.commit.blockID == found.blockID else {
            throw Unproved(what: "a commit for another block")
        }
        do throws(CommitRefusal) {
            try found.commit.hasQuorum(of: state.validators, chainID: state.chainID)
        } catch { throw Unproved(what: "a commit that does not decide: \(error)") }
        let bytes = found.block.protobuf
        if PartSet(cutting: bytes).header != found.blockID.parts {
            // Its proposer had another encoding of the same content. What was voted for is the content's hash.
            logger.warning(
                "the parts of a block are not those that were voted for",
                metadata: ["height": .stringConvertible(height)])
        }
        return DecidedBlock(
            block: found.block, blockBytes: bytes, blockID: found.blockID, commit: found.commit,
            validators: state.validators, nextValidators: state.nextValidators)
    }

    private func judge(_ block: Block, after state: ConsensusState) throws(DriveFault) {
        do throws(BlockFault) {
            try validate(state, block, StoredHistory(store))
        } catch {
            guard error.breaksARule else {
                // Not understood is not invalid: those who decided it have judged it.
                logger.warning(
                    "a decided block has evidence that is not understood here",
                    metadata: ["height": .stringConvertible(block.header.height)])
                return
            }
            throw .refused(height: block.header.height, error)
        }
    }

    // MARK: - State

    private func current() throws -> ConsensusState {
        guard let state = lock.withLock({ state }) else { throw EngineStop.stopped }
        return state
    }

    /// An error here is one that neither we nor CometBFT can go on from.
    private func orStop<Value>(_ body: () throws -> Value) throws -> Value {
        do {
            return try body()
        } catch {
            if !lock.withLock({ isStopping }) { onStop(error) }
            throw error
        }
    }
}

// MARK: - ABCI

extension DrivenEngine: ABCIHandler {
    package func info(_ request: ABCI.RequestInfo) throws -> ABCI.ResponseInfo {
        logger.debug("CometBFT asks where we are", metadata: ["version": "\(request.version)"])
        return try orStop {
            let committed = try application.lastCommitted()
            return ABCI.ResponseInfo(
                data: "cloister", version: configuration.applicationVersion, appVersion: try current().appVersion,
                lastBlockHeight: committed.height, lastBlockAppHash: committed.height == 0 ? [] : committed.appHash)
        }
    }

    package func initChain(_ request: ABCI.RequestInitChain) throws -> ABCI.ResponseInitChain {
        try orStop {
            if let difference = differences(request).first { throw DriveFault.wrongGenesis(difference) }
            let initial = try application.initializeChain(genesis)
            return ABCI.ResponseInitChain(
                validators: initial.validators.map(ABCI.ValidatorUpdate.init), appHash: initial.appHash)
        }
    }

    /// What CometBFT's genesis says otherwise than ours, where it matters to anybody.
    private func differences(_ request: ABCI.RequestInitChain) -> [String] {
        var found: [String] = []
        if request.chainID != genesis.chainID { found.append("chain_id") }
        if request.time != genesis.genesisTime { found.append("genesis_time") }
        if request.initialHeight != genesis.initialHeight { found.append("initial_height") }
        let updates = request.validators.map { ValidatorUpdate($0) }
        if updates.contains(nil)
            || ValidatorSet(genesis: updates.compactMap { $0 })?.hash()
                != ValidatorSet(genesis: genesis.validatorUpdates)?.hash()
        {
            found.append("validators")
        }
        let parameters = request.consensusParams
        if parameters?.block?.maxBytes != genesis.parameters.blockBytesMax
            || parameters?.block?.maxGas != genesis.parameters.blockGasMax
        {
            found.append("consensus_params.block")
        }
        if parameters?.abci?.voteExtensionsEnableHeight ?? 0 != 0 { found.append("consensus_params.abci") }
        if parameters?.validator.map({ $0.pubKeyTypes != ["ed25519"] }) ?? false {
            found.append("consensus_params.validator")
        }
        let limits = JSONLimits(bytesMax: GenesisDocument.byteCountMax)
        if (try? JSONReader.parse(request.appStateBytes, limits: limits)) != genesis.appState {
            found.append("app_state")
        }
        return found
    }

    package func checkTx(_ request: ABCI.RequestCheckTx) throws -> ABCI.ResponseCheckTx {
        let outcome = try application.checkTransaction(request.tx, request.type == .recheck ? .recheck : .new)
        return ABCI.ResponseCheckTx(
            code: outcome.code, log: outcome.log, gasWanted: Int64(clamping: outcome.gasWanted),
            gasUsed: Int64(clamping: outcome.gasUsed), codespace: outcome.codespace)
    }

    package func query(_ request: ABCI.RequestQuery) throws -> ABCI.ResponseQuery {
        // Peers are CometBFT's affair: none is refused here.
        if request.path.hasPrefix("/p2p/filter/") { return ABCI.ResponseQuery() }
        guard let queries = lock.withLock({ queries }) else {
            return ABCI.ResponseQuery(code: 1, log: "the node is starting", codespace: "sdk")
        }
        return queries(request)
    }

    package func prepareProposal(_ request: ABCI.RequestPrepareProposal) throws -> ABCI.ResponsePrepareProposal {
        try orStop {
            let chosen = try application.prepareProposal(
                of: request.txs.map(HashedTransaction.init), bytesMax: Int(clamping: request.maxTxBytes),
                height: request.height)
            return ABCI.ResponsePrepareProposal(txs: chosen.map(\.bytes))
        }
    }

    package func processProposal(_ request: ABCI.RequestProcessProposal) throws -> ABCI.ResponseProcessProposal {
        try orStop {
            let isRunnable = try application.processProposal(
                request.txs.map(HashedTransaction.init), height: request.height)
            return ABCI.ResponseProcessProposal(status: isRunnable ? .accept : .reject)
        }
    }

    package func finalizeBlock(_ request: ABCI.RequestFinalizeBlock) throws -> ABCI.ResponseFinalizeBlock {
        try orStop {
            let state = try current()
            guard request.height == state.nextHeight else {
                throw DriveFault.wrongHeight(asked: request.height, next: state.nextHeight)
            }
            let decided = try decidedBlock(request.height, hash: request.hash, after: state, from: sources)
            if request.misbehavior != decided.block.misbehavior.map(ABCI.Misbehavior.init) {
                logger.warning(
                    "CometBFT says another misbehaviour than what the block has evidence of",
                    metadata: ["height": .stringConvertible(request.height)])
            }
            let (outcome, next) = try committer.finalize(decided, after: state)
            lock.withLock { pending = next }
            return ABCI.ResponseFinalizeBlock(
                txResults: outcome.results.map(ABCI.ExecTxResult.init),
                validatorUpdates: outcome.validatorUpdates.map(ABCI.ValidatorUpdate.init),
                consensusParamUpdates: outcome.parameterUpdates.map(TendermintTypes.ConsensusParams.init),
                appHash: outcome.appHash)
        }
    }

    package func commit() throws -> ABCI.ResponseCommit {
        try orStop {
            guard let next = lock.withLock({ pending }) else { throw DriveFault.nothingToCommit }
            try committer.commit(next)
            lock.withLock { (state, pending) = (next, nil) }
            snapshots?.look()
            guard let kept = configuration.heightsKept else { return ABCI.ResponseCommit(retainHeight: 0) }
            let retained = next.lastHeight - kept + 1
            try store.prune(below: retained, expires: next.isExpired)
            // As we do, CometBFT keeps what evidence is held against for as long as evidence counts.
            return ABCI.ResponseCommit(retainHeight: max(0, retained))
        }
    }

    package func engineLeft() {
        lock.withLock { pending = nil }
        guard !lock.withLock({ isStopping }) else { return }
        logger.warning("CometBFT is gone", metadata: ["height": .stringConvertible(lastHeight)])
    }

    // MARK: Snapshots

    package func listSnapshots() throws -> ABCI.ResponseListSnapshots {
        snapshots?.list() ?? ABCI.ResponseListSnapshots()
    }

    package func loadSnapshotChunk(_ request: ABCI.RequestLoadSnapshotChunk) throws -> ABCI.ResponseLoadSnapshotChunk {
        try snapshots?.load(request) ?? ABCI.ResponseLoadSnapshotChunk()
    }

    /// Only a node that has no block yet begins with a state of others.
    package func offerSnapshot(_ request: ABCI.RequestOfferSnapshot) throws -> ABCI.ResponseOfferSnapshot {
        guard let snapshots else { return ABCI.ResponseOfferSnapshot(result: .rejectFormat) }
        let committed = try application.lastCommitted()
        guard committed.height == 0 else {
            // CometBFT was killed after the state was here, and before it knew: that very state is no work.
            let isHere =
                request.snapshot.map { $0.height == UInt64(committed.height) } ?? false
                && request.appHash == committed.appHash
            lock.withLock { isGivenAgain = isHere }
            if !isHere {
                logger.warning(
                    "CometBFT begins, and this node has a state: it must be given that, or begin with an empty folder",
                    metadata: [
                        "height": .stringConvertible(committed.height),
                        "offered": .stringConvertible(request.snapshot?.height ?? 0),
                    ])
            }
            return ABCI.ResponseOfferSnapshot(result: isHere ? .accept : .reject)
        }
        return ABCI.ResponseOfferSnapshot(result: snapshots.offer(request))
    }

    package func applySnapshotChunk(
        _ request: ABCI.RequestApplySnapshotChunk
    ) throws -> ABCI.ResponseApplySnapshotChunk {
        guard let snapshots else { return ABCI.ResponseApplySnapshotChunk(result: .abort) }
        guard !lock.withLock({ isGivenAgain }) else { return ABCI.ResponseApplySnapshotChunk(result: .accept) }
        return try orStop {
            let (response, isComplete) = try snapshots.apply(request)
            if isComplete {
                let state = try store.state()
                lock.withLock { self.state = state }
                logger.info("the state of the chain is here", metadata: ["height": .stringConvertible(lastHeight)])
            }
            return response
        }
    }
}

extension ABCI.ValidatorUpdate {
    init(_ update: ValidatorUpdate) {
        self.init(pubKey: ProtobufWriter.encode { $0.message(1, update.publicKey) }, power: update.power)
    }
}

extension ValidatorUpdate {
    /// `nil` for a key that is none of Ed25519.
    fileprivate init?(_ update: ABCI.ValidatorUpdate) {
        var reader = ProtobufReader(update.pubKey)
        guard let field = try? reader.next(), field.number == 1, let key = try? field.bytes(),
            key.count == Ed25519.publicKeyByteCount, (try? reader.next()) == .some(nil)
        else { return nil }
        self.init(publicKey: key, power: update.power)
    }
}

extension TendermintTypes.ConsensusParams {
    init(_ updates: ConsensusParameterUpdates) {
        self.init(
            block: updates.block.map { .init(maxBytes: $0.bytesMax, maxGas: $0.gasMax) },
            evidence: updates.evidence.map {
                .init(
                    maxAgeNumBlocks: $0.ageBlocksMax, maxAgeDuration: .nanoseconds($0.ageNanosecondsMax),
                    maxBytes: $0.bytesMax)
            }, validator: updates.publicKeyTypes.map { .init(pubKeyTypes: $0) },
            version: updates.appVersion.map { .init(app: $0) },
            abci: updates.voteExtensionsHeight.map { .init(voteExtensionsEnableHeight: $0) })
    }
}

extension ABCI.Misbehavior {
    init(_ misbehavior: Misbehavior) {
        self.init(
            type: .init(rawValue: Int32(misbehavior.kind.rawValue)),
            validator: .init(address: misbehavior.address.bytes, power: misbehavior.power),
            height: misbehavior.height, time: misbehavior.time, totalVotingPower: misbehavior.totalPower)
    }
}

extension ABCI.ExecTxResult {
    init(_ result: ExecutionResult) {
        self.init(code: result.code, data: result.data, gasWanted: result.gasWanted, gasUsed: result.gasUsed)
    }
}
