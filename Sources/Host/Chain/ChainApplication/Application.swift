import Ante
import Attestation
import BlockParameters
import ChainInterface
import ChainMessages
import ChainModules
import EnclaveLink
import HostAnswers
import Logging
import Mempool
import ModuleKit
import PublicCryptography
import Registration
import StateStore
import StrictJSON
import Synchronization
import Upgrade
import Wire

package struct ApplicationConfiguration: Sendable {
    package var chainID: String
    /// Holds the state, the run journal and the transaction index.
    package var folder: String
    package var ledger = ModuleList.chain
    /// The first block of `ledger`, where the chain had other modules, or other versions of them, before.
    package var upgradeHeight: UInt64?
    /// To which enclave programs the chain may give its seeds, by the block that changes it, the same on all nodes.
    package var approvals: [UInt64: RegistrationModule.Approvals] = [:]
    /// The last block that this program runs.
    package var haltHeight: UInt64?
    /// What genesis says.
    package var rules = ChainRules()
    /// What this node asks for besides, before it lets a transaction wait.
    package var minimumGasPrice: MinimumGasPrice? = .standard
    package var transactionGasMax = UInt64.max
    package var mempool = MempoolLimits()
    /// How many heights readers can go back; nothing is forgotten when zero.
    package var heightsKept: UInt64 = 0
    /// Of how many heights transactions are found; all when zero.
    package var transactionHeightsKept: UInt64 = 0
    /// Whether a loss of power must not lose what was said or committed (profile `production`).
    package var isDurable = false
    /// The public keys of the network, as the enclave says them; written at genesis.
    package var exchangeKeys: RegistrationModule.ExchangeKeys
    package var verifySignature: SignatureVerifier = SignatureClaim.verify

    package init(chainID: String, folder: String, exchangeKeys: RegistrationModule.ExchangeKeys) {
        (self.chainID, self.folder, self.exchangeKeys) = (chainID, folder, exchangeKeys)
    }
}

package final class Application: Sendable {
    package let configuration: ApplicationConfiguration
    package let index: TransactionIndex
    package let database: StateDatabase
    package let modules: ModuleFolder
    /// Transactions that wait now, and heights that can be shown now.
    package let events = ChainEvents()
    private let anteOfGenesis: AnteHandler
    let ledger: ModuleList
    let metrics: any ApplicationMetrics
    let logger: Logger
    let indexWriter = IndexWriter()
    let heldStates = HeldStates()
    let execution: Mutex<BlockExecution>
    let intake: Mutex<Intake>
    let progress: Mutex<Progress>
    /// Headers of the chain, for an enclave that wants to see how one leads to another.
    let headers = Mutex<(@Sendable (_ height: Int64) throws -> [UInt8]?)?>(nil)

    /// Of the last epochs that began since the start; of the one before the last, clients are shown a block still.
    private let statements = Mutex<[EpochStatement]>([])

    /// What the enclave said of this io key, if it began to use it since the start.
    package func statement(ofIOKey key: [UInt8]) -> EpochStatement? {
        statements.withLock { $0.first { $0.ioPublicKey == key } }
    }

    func note(_ statement: EpochStatement) {
        statements.withLock { $0 = $0.filter { $0.ioPublicKey != statement.ioPublicKey }.suffix(1) + [statement] }
    }

    /// How far the chain has come.
    struct Progress {
        /// Run and kept: what comes next runs on this. Nobody has decided yet that it is right.
        var committedHeight: UInt64 = 0
        /// Of the block of that height; nothing before the first.
        var committedTime = Timestamp.goZero
        /// Up to here, the headers after it, which the enclave has accepted, prove the state. The enclave answers
        /// queries of contracts at this height and at no other.
        var provedHeight: UInt64 = 0
        /// Up to here, transactions are indexed.
        var indexedHeight: UInt64 = 0
        /// What is both: the height that clients see.
        var announcedHeight: UInt64 = 0
        /// What holds for the next block.
        var rules: ChainRules
        /// Whether calls that the chain owes (`CronModule`) stood in the last block that was not empty, and whether
        /// nothing else stands in the last one. Nothing is known of it after a start.
        var heldCalls = false
        var heldCallsAlone = false
        /// By which plan another program has to run the next block.
        var planReached: PlanReached?

        /// What a state says of the block behind it, however this node came to that state.
        mutating func follow(_ snapshot: StateSnapshot, _ configuration: ApplicationConfiguration) throws {
            (rules, planReached) = (
                try Application.rules(after: snapshot, configuration),
                try Application.planReached(by: snapshot, configuration.ledger)
            )
        }
    }

    /// Opens what is in the folder, `state` unless it is open already. `lane` is the application's alone from here on.
    package init(
        _ configuration: ApplicationConfiguration, state: StateDatabase? = nil, lane: sending any ExecutionLink,
        metrics: any ApplicationMetrics = NoMetrics(), logger: Logger
    ) throws {
        self.configuration = configuration
        self.metrics = metrics
        self.logger = logger
        let database =
            try state ?? Application.openState(folder: configuration.folder, isDurable: configuration.isDurable)
        self.database = database
        index = try TransactionIndex(
            path: configuration.folder + "/transactions.sqlite", isDurable: configuration.isDurable)
        modules = try ModuleFolder(configuration.folder + "/modules")
        let journal = try RunJournal(
            path: configuration.folder + "/run-journal", isDurable: configuration.isDurable)
        anteOfGenesis = AnteHandler(
            chainID: configuration.chainID, rules: configuration.rules,
            minimumGasPrice: configuration.minimumGasPrice, transactionGasMax: configuration.transactionGasMax,
            router: configuration.ledger.router, verifier: configuration.verifySignature)
        ledger = configuration.ledger
        execution = Mutex(BlockExecution(lane: lane, journal: journal))
        var progress = Progress(rules: configuration.rules)
        if let snapshot = try database.latestSnapshot() { try progress.follow(snapshot, configuration) }
        progress.committedHeight = database.latestHeight ?? 0
        // The last block's state is proved by the next header, which is not here yet; the one before was proved.
        progress.announcedHeight = max(database.oldestHeight ?? 0, max(progress.committedHeight, 1) - 1)
        progress.provedHeight = progress.announcedHeight
        let last = try database.metaValue(MetadataName.lastBlock).map { try LastBlock(encoded: $0) }
        if let last { progress.committedTime = last.time }
        progress.indexedHeight = last == nil ? progress.committedHeight : progress.announcedHeight
        self.progress = Mutex(progress)
        intake = Mutex(Intake(limits: configuration.mempool, base: try database.latestSnapshot() ?? EmptyState()))
        if let last { try warnOfGap(before: last.height) }
        try requireOwnState()
        try requireApprovals()
        if let halt = haltReason { throw halt }
    }

    /// Where headers are found; to be said before the first block.
    package func findHeaders(by body: @escaping @Sendable (_ height: Int64) throws -> [UInt8]?) {
        headers.withLock { $0 = body }
    }

    /// The height that clients see: its state is proved, and its transactions are found.
    package var announcedHeight: UInt64 { progress.withLock { $0.announcedHeight } }

    /// The height at which contract queries are answered, by the enclave's own head: a moment ahead of what is
    /// announced, until its transactions are indexed.
    package var provedHeight: UInt64 { progress.withLock { $0.provedHeight } }

    package var committedHeight: UInt64 { progress.withLock { $0.committedHeight } }
    package var committedTime: Timestamp { progress.withLock { $0.committedTime } }

    /// The block in which a transaction would run that is looked at now. Its time and proposer are still open.
    var nextBlock: BlockContext {
        progress.withLock { BlockContext(height: $0.committedHeight + 1, time: $0.committedTime, proposer: []) }
    }

    /// Why the last block that is committed is the last one that this program runs, if it is: its settings say so
    /// (`HaltHeightReached`), or the chain goes on by a plan that means another program (`PlanReached`).
    package var haltReason: (any Error)? {
        let (height, plan) = progress.withLock { ($0.committedHeight, $0.planReached) }
        if let plan { return plan }
        guard let halt = configuration.haltHeight, height >= halt else { return nil }
        return HaltHeightReached(height: height)
    }

    package var isHalted: Bool { haltReason != nil }

    /// No block behind the last one is run by this program, whoever decided it, and none with transactions is proposed
    /// or voted for. An empty one may be decided, which the next program runs.
    func refuseBeyondHalt(_ height: Int64) throws {
        if let plan = progress.withLock({ $0.planReached }), height > Int64(clamping: plan.height) { throw plan }
        guard let halt = configuration.haltHeight, height > Int64(clamping: halt) else { return }
        throw HaltHeightReached(height: committedHeight)
    }

    /// What transactions of the block behind `snapshot` are held to.
    static func rules(
        after snapshot: any LedgerReading, _ configuration: ApplicationConfiguration
    ) throws -> ChainRules {
        var rules = configuration.rules
        if let block = try ConsensusModule.current(in: snapshot)?.block {
            rules.blockGasMax = block.maxGas > 0 ? UInt64(block.maxGas) : nil
        }
        return rules
    }

    private static func planReached(by snapshot: StateSnapshot, _ ledger: ModuleList) throws -> PlanReached? {
        guard let plan = try UpgradePlan.due(after: snapshot.height, in: snapshot), !ledger.plans.contains(plan.name)
        else { return nil }
        return PlanReached(height: snapshot.height, name: plan.name, info: plan.info)
    }

    /// Holds transactions to what the chain asks for now.
    var ante: AnteHandler { anteOfGenesis.holding(to: progress.withLock { $0.rules }) }

    /// Another program's state is this one's only from the height of an upgrade on.
    private func requireOwnState() throws {
        guard let snapshot = try database.latestSnapshot() else { return }
        // Throws for what no upgrade mends, also where one is due.
        let changes = try ledger.pendingChanges(of: snapshot)
        let isPlanned = try UpgradePlan.due(after: snapshot.height, in: snapshot).map { ledger.plans.contains($0.name) }
        guard changes.isEmpty || snapshot.height + 1 == configuration.upgradeHeight || isPlanned == true else {
            throw UpgradeRefusal(
                "the state at height \(snapshot.height) is another program's: "
                    + changes.joined(separator: ", "))
        }
    }

    /// A program that other nodes approved in a block of the past, or none did, cannot be approved there any more. Nor
    /// can more be approved than the state has room for, which would end all nodes in that block, whatever governance
    /// approves or ends until then.
    func requireApprovals() throws {
        guard let snapshot = try database.latestSnapshot() else { return }
        let policy = try RegistrationModule.policy(in: snapshot) ?? RegistrationPolicy(measurements: [])
        var later = policy
        var said: [Hash32: (height: UInt64, isApproved: Bool)] = [:]
        // Until then governance may have all the places that it can have.
        var toCome: Set<Hash32> = []
        for (height, approvals) in configuration.approvals.sorted(by: { $0.key < $1.key }) {
            guard height <= snapshot.height else {
                approvals.apply(to: &later)
                toCome.subtract(approvals.ended)
                toCome.formUnion(approvals.added)
                guard toCome.count <= RegistrationModule.settingsProgramsMax else {
                    throw TooManyApprovals(height: height, count: toCome.count, isOfSettings: true)
                }
                guard later.programCount <= RegistrationModule.approvedProgramsMax else {
                    throw TooManyApprovals(height: height, count: later.programCount)
                }
                continue
            }
            for measurement in approvals.ended { said[measurement] = (height, false) }
            for measurement in approvals.added { said[measurement] = (height, true) }
        }
        for (measurement, last) in said.sorted(by: { $0.key < $1.key })
        where policy.measurements.contains(measurement) != last.isApproved {
            // What governance said since is not operators' to be told.
            if let decided = try RegistrationModule.decisionHeight(on: measurement, in: snapshot),
                decided >= last.height
            {
                continue
            }
            throw ApprovalRefusal(
                measurement: measurement, height: last.height, committedHeight: snapshot.height)
        }
    }

    /// The last block is indexed when the next one is begun; those before it should be there.
    private func warnOfGap(before height: UInt64) throws {
        let indexed = try index.height()
        guard indexed > 0, indexed + 1 < height else { return }
        logger.warning(
            "transaction index has a gap",
            metadata: ["from": .stringConvertible(indexed + 1), "to": .stringConvertible(height - 1)])
    }
}

/// The chain has come to where this program was told to end; another one may go on from there.
package struct HaltHeightReached: Error, Equatable {
    /// Of the last block that is committed.
    package var height: UInt64

    package init(height: UInt64) { self.height = height }
}

/// The chain has come to the block before that of a plan, which this program is not meant by.
package struct PlanReached: Error, Equatable {
    /// Of the last block that is committed.
    package var height: UInt64
    package var name: String
    /// What the plan says to operators.
    package var info: String

    package init(height: UInt64, name: String, info: String) {
        (self.height, self.name, self.info) = (height, name, info)
    }
}

/// The settings approve more enclave programs than a chain can, or have more to approve in blocks to come than there
/// will surely be places for.
package struct TooManyApprovals: Error, Equatable {
    /// Of the block in which they would be.
    package var height: UInt64
    package var count: Int
    /// Whether the settings' programs alone are counted, those still to come.
    package var isOfSettings: Bool

    package init(height: UInt64, count: Int, isOfSettings: Bool = false) {
        (self.height, self.count, self.isOfSettings) = (height, count, isOfSettings)
    }
}

/// The settings approve an enclave program, or end that, in a block that was run without it.
package struct ApprovalRefusal: Error, Equatable {
    package var measurement: Hash32
    package var height: UInt64
    package var committedHeight: UInt64

    package init(measurement: Hash32, height: UInt64, committedHeight: UInt64) {
        (self.measurement, self.height, self.committedHeight) = (measurement, height, committedHeight)
    }
}

/// What is written with each block besides the state.
enum MetadataName {
    static let lastBlock = "lastBlock"
    static let sealedRecord = "sealedRecord"
}

/// Before genesis there is nothing.
final class EmptyState: StateReader, LedgerReading, Sendable {
    func get(_ store: String, _ key: [UInt8]) throws -> [UInt8]? { nil }

    func value(of key: [UInt8], in store: String) throws -> [UInt8]? { nil }

    func iterate(
        _ store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) throws -> [StateEntry] { [] }

    func entries(
        in store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) throws -> [LedgerEntry] { [] }
}
