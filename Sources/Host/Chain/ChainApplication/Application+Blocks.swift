import Ante
import BlockParameters
import ChainFormats
import ChainInterface
import ChainMessages
import Cron
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import HostAnswers
import Logging
import Mempool
import ModuleKit
import PublicCryptography
import Registration
import SignedTransactions
import StateProofs
import StateStore
import StrictJSON
import Synchronization
import Upgrade
import Wire

/// What the engine's thread works with; used by it alone, under a lock that nobody else takes.
final class BlockExecution {
    let lane: any ExecutionLink
    let journal: RunJournal
    var memory = ReadMemory()
    /// A block that was run and is not committed.
    var pending: Pending?
    /// The last committed block, unless it is on disk alone: its outputs wait for the next header.
    var last: LastBlock?

    struct Pending {
        var prepared: PreparedCommit
        var block: LastBlock
        var outcome: BlockExecutor.Outcome
        var drivenCount: Int
        /// Calls that the chain owed in it.
        var callCount: Int
        var runTime: Duration

        var answer: BlockOutcome {
            BlockOutcome(
                results: outcome.results.map(\.leaf), appHash: prepared.applicationHash.bytes,
                validatorUpdates: outcome.validatorPowers.map(ValidatorUpdate.init),
                parameterUpdates: outcome.blockParameters.map(ConsensusParameterUpdates.init))
        }
    }

    init(lane: any ExecutionLink, journal: RunJournal) {
        (self.lane, self.journal) = (lane, journal)
    }
}

/// The engine called a verb out of the order of ABCI.
package enum VerbError: Error, Equatable {
    case nothingToCommit
    /// A block was run and not committed, and now another one of this height is to be run.
    case anotherBlockPending(UInt64)
}

extension Application: ABCIApplication {
    package func lastCommitted() throws -> (height: Int64, appHash: [UInt8]) {
        // The state of genesis stands before the first block; no block is committed with it.
        guard try database.metaValue(MetadataName.sealedRecord) != nil, let snapshot = try database.latestSnapshot()
        else {
            return (0, [])
        }
        return (Int64(snapshot.height), snapshot.applicationHash.bytes)
    }

    /// Writes the first state, once; a later call gets what the first one made.
    package func initializeChain(_ genesis: GenesisDocument) throws -> InitialState {
        guard genesis.chainID == configuration.chainID else {
            throw GenesisRefusal("the chain is \(genesis.chainID), not \(configuration.chainID)")
        }
        let first = UInt64(genesis.initialHeight)
        if let snapshot = try database.latestSnapshot() {
            guard snapshot.height + 1 == first else { throw GenesisRefusal("there is a chain already") }
            return InitialState(appHash: snapshot.applicationHash.bytes)
        }
        let overlay = ScopedOverlay(EmptyState())
        try GenesisTransactions(chainID: genesis.chainID, time: genesis.genesisTime).begin(
            genesis.appState.settingKeys(configuration.exchangeKeys), ledger, on: overlay)
        try requireSet(of: genesis, in: overlay)
        let writes = overlay.finish()
        let prepared = try database.prepare(height: first - 1, writes: writes, adding: ledger.stores)
        try database.commit(prepared)
        progress.withLock {
            $0.committedHeight = first - 1
            $0.announcedHeight = first - 1
            $0.provedHeight = first - 1
            $0.indexedHeight = first - 1
        }
        try advanceIntake(
            to: database.snapshot(at: first - 1), height: first - 1, included: [],
            touched: CheckState.owners(of: writes))
        try requireApprovals()
        return InitialState(appHash: prepared.applicationHash.bytes)
    }

    /// The chain's identity is made of the set that its document names, so modules must come to the same one. A chain
    /// whose modules know no validator goes on with the document's.
    private func requireSet(of genesis: GenesisDocument, in state: ScopedOverlay) throws {
        let members = try ledger.validatorPowers(in: state).map(ValidatorUpdate.init)
        guard !members.isEmpty else { return }
        guard let set = ValidatorSet(genesis: members), let said = ValidatorSet(genesis: genesis.validatorUpdates),
            set.hash() == said.hash()
        else {
            throw GenesisRefusal("the validators are not those of app_state.staking and of the genesis transactions")
        }
    }

    package func finalizeBlock(
        _ block: DecidedBlock, previousResults: [ExecutionResult], next: NextBlock?
    ) throws -> BlockOutcome {
        try execution.withLock { execution in
            let started = ContinuousClock.now
            let height = UInt64(block.height)
            let headerHash = block.header.hash()
            try refuseBeyondHalt(block.height)
            if let pending = execution.pending {
                guard pending.block.headerHash == headerHash else { throw VerbError.anotherBlockPending(height) }
                return pending.answer
            }
            let snapshot = try database.snapshot(at: height - 1)
            // One that means another program was refused above.
            let plan = try UpgradePlan.due(after: snapshot.height, in: snapshot)
            let isDue = height == configuration.upgradeHeight || plan != nil
            let isUpgrade = try isDue && !ledger.pendingChanges(of: snapshot).isEmpty
            let answers = StateAnswers(
                database: database, modules: modules, snapshot: snapshot, memory: execution.memory)
            var toRun = BlockToRun(block, previousResults: previousResults, next: next)
            toRun.headers = headers.withLock { $0 }
            let executor = BlockExecutor(
                toRun, lane: execution.lane,
                journal: execution.journal,
                ante: ante.holding(to: try Application.rules(after: snapshot, configuration)), ledger: ledger,
                isUpgrade: isUpgrade, plan: plan,
                approvals: configuration.approvals[height], answers: answers)
            let keys = try executor.begin(
                storeRoots: snapshot.commitment.stores.map { StoreRoot(name: $0.name, root: $0.root.bytes) })
            if let statement = executor.statement { note(statement) }
            announce { $0.provedHeight = max($0.provedHeight, height - 1) }
            try show(before: height, of: execution, with: keys)
            let outcome = try executor.run()
            if outcome.events.leftOut > 0 {
                logger.warning(
                    "events of a block that are too many to be kept",
                    metadata: [
                        "height": .stringConvertible(height), "events": .stringConvertible(outcome.events.leftOut),
                    ])
            }
            try indexWriter.wait()
            execution.memory = answers.memory
            let stores = isUpgrade ? ledger.stores.filter { snapshot.commitment.root(of: $0) == nil } : []
            let prepared = try database.prepare(height: height, writes: outcome.writes, adding: stores)
            let hashes = block.transactions.map(\.hash)
            let owed = try CronModule.due(in: snapshot).map { SHA256.hash($0) }
            let pending = BlockExecution.Pending(
                prepared: prepared,
                block: LastBlock(
                    height: height, headerHash: headerHash, time: block.header.time,
                    hashes: hashes, results: outcome.results, outputs: outcome.outputs,
                    events: outcome.events), outcome: outcome,
                drivenCount: executor.drivenCount, callCount: owed.count { hashes.contains($0) },
                runTime: ContinuousClock.now - started)
            execution.pending = pending
            return pending.answer
        }
    }

    /// Indexes the block before `height`, whose outputs open now, behind the one that runs.
    private func show(before height: UInt64, of execution: BlockExecution, with keys: [OutputKey]) throws {
        if execution.last == nil {
            execution.last = try database.metaValue(MetadataName.lastBlock).map { try LastBlock(encoded: $0) }
        }
        guard let last = execution.last, last.height + 1 == height else { return }
        indexWriter.add(
            last, keys: keys, to: index, heightsKept: configuration.transactionHeightsKept
        ) { [weak self, logger] unopened in
            if !unopened.isEmpty {
                logger.error(
                    "outputs that the enclave gives no key for",
                    metadata: [
                        "height": .stringConvertible(last.height),
                        "transactions": .array(unopened.map { .stringConvertible($0) }),
                    ])
            }
            self?.announce { $0.indexedHeight = max($0.indexedHeight, last.height) }
        }
    }

    package func commit() throws {
        try execution.withLock { execution in
            guard let pending = execution.pending else { throw VerbError.nothingToCommit }
            let started = ContinuousClock.now
            let block = pending.block
            // What the index needs of the block before is about to be overwritten.
            try indexWriter.wait()
            try database.commit(
                pending.prepared,
                meta: [
                    MetadataName.sealedRecord: pending.outcome.sealedRecord, MetadataName.lastBlock: block.encoded(),
                ], blobs: pending.outcome.codes)
            if !pending.outcome.codes.isEmpty { modules.noteCompilation() }
            execution.pending = nil
            execution.last = block
            let snapshot = try database.snapshot(at: block.height)
            try progress.withLock {
                ($0.committedHeight, $0.committedTime) = (block.height, block.time)
                if !block.hashes.isEmpty { $0.heldCalls = pending.callCount > 0 }
                $0.heldCallsAlone = pending.callCount > 0 && pending.callCount == block.hashes.count
                try $0.follow(snapshot, configuration)
            }
            let included = zip(block.hashes, block.results).map { hash, result in
                IncludedTransaction(hash: hash, succeeded: result.code == 0)
            }
            try advanceIntake(
                to: database.snapshot(at: block.height), height: block.height, included: included,
                touched: CheckState.owners(of: pending.outcome.writes))
            try prune(at: block.height)
            let took = pending.runTime + (ContinuousClock.now - started)
            logger.info(
                "block",
                metadata: [
                    "height": .stringConvertible(block.height),
                    "transactions": .stringConvertible(block.results.count),
                    "failed": .stringConvertible(block.results.count { $0.code != 0 }),
                    "gas": .stringConvertible(block.results.reduce(0) { $0 &+ $1.gasUsed }),
                    "milliseconds": .stringConvertible(Int(took / .milliseconds(1))),
                ])
            metrics.blockCommitted(
                height: block.height, transactions: block.hashes.count, driven: pending.drivenCount,
                runSeconds: pending.runTime.seconds, commitSeconds: (ContinuousClock.now - started).seconds)
        }
    }

    /// Forgets old heights, now and then: it is a write of its own.
    private func prune(at height: UInt64) throws {
        let kept = max(configuration.heightsKept, Application.heightsKeptMin)
        guard configuration.heightsKept > 0, height > kept, height % Application.blocksBetweenPruning == 0 else {
            return
        }
        try database.prune(upTo: height - kept)
    }

    /// The announced state, the committed one, and time to read them.
    private static let heightsKeptMin: UInt64 = 16
    package static let blocksBetweenPruning: UInt64 = 100

    /// Notes how far the chain has come; what is proved by the header after it, and indexed, can be shown.
    private func announce(_ change: (inout Progress) -> Void) {
        progress.withLock { progress in
            change(&progress)
            let height = min(progress.provedHeight, progress.indexedHeight)
            guard height > progress.announcedHeight else { return }
            progress.announcedHeight = height
            // Under the lock, so that heights are told in their order.
            events.publish(.announced(height: Int64(height)))
        }
    }

    /// Returns when all blocks are indexed that the next header has proved.
    package func waitForIndex() throws { try indexWriter.wait() }
}

extension BlockToRun {
    fileprivate init(
        _ block: DecidedBlock, previousResults: [ExecutionResult], next: ChainInterface.NextBlock?
    ) {
        self.init(
            context: BlockContext(
                height: UInt64(block.height), time: block.header.time, proposer: block.header.proposerAddress.bytes,
                votes: block.votes, misbehavior: block.block.misbehavior.map(BlockMisbehavior.init),
                header: HeaderFacts(
                    chainID: block.header.chainID, nextValidatorsHash: block.header.nextValidatorsHash.bytes,
                    appHash: block.header.appHash)),
            headerHash: block.header.hash(), header: block.header.protobuf,
            commit: block.commit.protobuf, validators: block.validators.protobuf, transactions: block.transactions,
            previousResults: previousResults,
            next: next.map { next in
                .init(
                    header: next.block.header.protobuf, commit: next.block.commit.protobuf,
                    validators: next.block.validators.protobuf, results: next.results,
                    headers: { try next.header($0)?.protobuf })
            })
    }
}

extension DecidedBlock {
    /// Of the commit that the block carries, one for each member of the set that it is of.
    fileprivate var votes: [BlockVote] {
        guard let lastValidators, block.lastCommit.signatures.count == lastValidators.validators.count else {
            return []
        }
        return zip(lastValidators.validators, block.lastCommit.signatures).map { member, signature in
            BlockVote(
                validator: member.address.bytes, power: member.power, isPresent: signature.flag != .absent)
        }
    }
}

extension BlockMisbehavior {
    fileprivate init(_ misbehavior: Misbehavior) {
        self.init(
            validator: misbehavior.address.bytes, power: misbehavior.power, height: misbehavior.height,
            time: misbehavior.time)
    }
}

extension ValidatorUpdate {
    fileprivate init(_ power: ValidatorPower) {
        self.init(publicKey: power.publicKey, power: power.power)
    }
}

extension ConsensusParameterUpdates {
    /// Of which a state has all but the version.
    fileprivate init(_ values: ConsensusModule.Values) {
        self.init(
            block: values.block.map { BlockSize(bytesMax: $0.maxBytes, gasMax: $0.maxGas) },
            evidence: values.evidence.map {
                let (seconds, attoseconds) = $0.maxAgeDuration.components
                return EvidenceParameters(
                    ageBlocksMax: $0.maxAgeNumBlocks,
                    ageNanosecondsMax: seconds * 1_000_000_000 + attoseconds / 1_000_000_000, bytesMax: $0.maxBytes)
            }, publicKeyTypes: values.validator?.pubKeyTypes,
            voteExtensionsHeight: values.abci?.voteExtensionsEnableHeight)
    }
}

extension JSONValue {
    /// The application's part of a genesis file with the network's keys, which the enclave says, and all else that the
    /// file says of registration. The keys of a file may be another network's, whose state was exported.
    package func settingKeys(_ keys: RegistrationModule.ExchangeKeys) -> JSONValue {
        let name = RegistrationModule().name
        let said = JSONValue(keys).object ?? []
        let others = (self[name]?.object ?? []).filter { member in !said.contains { $0.0 == member.0 } }
        return .object((object ?? []).filter { $0.0 != name } + [(name, .object(said + others))])
    }
}

extension TransactionResult {
    /// What consensus covers of it.
    package var leaf: ExecutionResult {
        ExecutionResult(
            code: code, data: data, gasWanted: Int64(clamping: gasWanted), gasUsed: Int64(clamping: gasUsed))
    }
}

extension Duration {
    fileprivate var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
