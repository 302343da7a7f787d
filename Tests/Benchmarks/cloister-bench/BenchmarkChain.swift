import BenchmarkKit
import ChainApplication
import ChainFormats
import ChainInterface
import DecidedBlocks
import EnclaveLauncher
import EnclaveLink
import EnclaveProtocol
import Foundation
import Logging
import ModuleKit
import Node
import PublicCryptography
import Registration
import SecretCryptography
import SignedTransactions
import TransactionFixtures
import Wire

/// A chain of one validator that decides what it is given: the real application and the real enclave, without peers,
/// engine or interfaces around them. So what a call costs at the lane is seen alone.
final class BenchmarkChain {
    let lane: MeasuredLane
    let enclave: ObservedProcess
    let application: Application
    let users: [BenchmarkUser]
    private(set) var contract: AccountAddress!
    private let launched: LaunchedEnclave
    private let validator = SecretKey.random()
    private let set: ValidatorSet
    private let genesisTime = Timestamp(seconds: 1_750_000_000, nanoseconds: 0)!
    private let folder: String
    private var last: DecidedBlock?
    private var leaves: [ExecutionResult] = []
    private var appHash: [UInt8]

    struct Failed: Error, CustomStringConvertible { var description: String }

    init(_ options: Options) throws {
        folder = NSTemporaryDirectory() + "cloister-bench-\(Machine.runID)"
        for name in ["platform", "application"] {
            try FileManager.default.createDirectory(
                atPath: "\(folder)/\(name)", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        }
        let logger = Logger(label: "bench") { _ in SwiftLogNoOpLogHandler() }
        launched = try LaunchedEnclave(
            .init(
                launcher: options.programs + "/enclave-host", program: options.programs + "/cloister-enclave",
                stateDirectory: folder + "/platform"), logger: logger)
        guard let process = ObservedProcess.enclave(below: launched.launcherProcess) else {
            throw Failed(description: "the enclave's process is not below its launcher")
        }
        enclave = process
        let keys = BenchmarkUser.keys(options.users)
        let genesis = FirstGenesis.document(
            chainID: BenchmarkUser.chainID, moniker: "bench", validatorKey: Ed25519Signer.publicKey(of: validator),
            accounts: keys.map { .init(address: $0.address.description, coins: [("uscrt", BenchmarkUser.coins)]) },
            time: genesisTime, parameters: BenchmarkUser.parameters)
        guard let anchor = genesis.anchor, let set = ValidatorSet(genesis: genesis.validatorUpdates) else {
            throw Failed(description: "the genesis has no validators")
        }
        self.set = set
        let opened = try launched.lanes.control.bootstrap(
            ChainIdentity(
                chainID: genesis.chainID, genesisSeconds: anchor.genesisTime.seconds, genesisNanoseconds: 0,
                initialHeight: 1, initialValidatorsHash: anchor.initialValidatorsHash.bytes,
                attestationRoots: [.init(name: "none", spkiSHA256: [UInt8](repeating: 9, count: 32), kind: .simulated)],
                profile: .development))
        users = keys.enumerated().map { BenchmarkUser($1, number: UInt64($0), ioPublicKey: opened.ioPublicKey) }
        lane = MeasuredLane(launched.lanes.execution)
        let settings = ApplicationConfiguration(
            chainID: genesis.chainID, folder: folder + "/application",
            exchangeKeys: .init(input: Hash32(opened.ioPublicKey)!, node: Hash32(opened.seedExchangePublicKey)!))
        application = try Application(settings, lane: lane, logger: logger)
        appHash = try application.initializeChain(genesis).appHash
    }

    deinit {
        launched.stop()
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Stores the code and makes a contract of it.
    func install(_ code: BenchmarkContract) throws {
        try run([users[0].store(code)])
        try run([users[0].instantiate(code, holders: users.map(\.address))])
        let height = UInt64(last!.height)
        // What it answered can be read when the next block is begun.
        try run([])
        try application.waitForIndex()
        let data = try application.index.transactions(at: height)[0].result.data
        let response = try TransactionData(decoding: data).responses[0]
        contract = try MessageResponse.contractResult(response).address
        if let preparation = code.queryPreparation { try run([users[0].execute(contract, of: code, preparation)]) }
        try awaitModules()
    }

    /// Waits until the enclave has compiled well, in the background, what it compiled fast: from then on calls are
    /// warm.
    private func awaitModules() throws {
        while try launched.lanes.control.takeModule().waiting > 0 { Thread.sleep(forTimeInterval: 0.02) }
    }

    /// Decides a block and runs it; every transaction must succeed.
    @discardableResult
    func run(_ transactions: [[UInt8]]) throws -> [ExecutionResult] {
        let decided = decide(transactions)
        let outcome = try application.finalizeBlock(decided, previousResults: leaves)
        try application.commit()
        last = decided
        appHash = outcome.appHash
        leaves = outcome.results
        try application.waitForIndex()
        if let failed = outcome.results.first(where: { $0.code != 0 }) {
            throw Failed(description: "a transaction failed with code \(failed.code)")
        }
        return outcome.results
    }

    private func decide(_ transactions: [[UInt8]]) -> DecidedBlock {
        let transactions = transactions.map(HashedTransaction.init)
        let height = (last?.height ?? 0) + 1
        let time = genesisTime.adding(nanoseconds: (height - 1) * 1_000_000_000)
        let lastCommit = last?.commit ?? .empty
        let header = Header(
            chainID: BenchmarkUser.chainID, height: height, time: time, lastBlockID: last?.blockID,
            lastCommitHash: lastCommit.hash(), dataHash: Block.dataHash(of: transactions), validatorsHash: set.hash(),
            nextValidatorsHash: set.hash(), consensusHash: .zero, appHash: appHash,
            lastResultsHash: ExecutionResult.hash(of: leaves), evidenceHash: MerkleTree.emptyRoot,
            proposerAddress: set.validators[0].address)
        let block = Block(header: header, transactions: transactions, lastCommit: lastCommit)
        let blockID = BlockID(hash: header.hash(), parts: PartSetHeader(total: 1, hash: header.hash()))
        var commit = Commit(height: height, round: 0, blockID: blockID, signatures: [])
        commit.signatures = [
            CommitSignature(flag: .commit, validatorAddress: set.validators[0].address, timestamp: time, signature: [0])
        ]
        commit.signatures[0].signature = Ed25519Signer.sign(
            commit.signBytes(at: 0, chainID: BenchmarkUser.chainID)!, privateKey: validator)
        return DecidedBlock(
            block: block, blockBytes: block.protobuf, blockID: blockID, commit: commit, validators: set,
            nextValidators: set)
    }
}

/// The lane to the enclave, with a look at the clock before and after each call.
final class MeasuredLane: ExecutionLink, @unchecked Sendable {
    // Used by the one thread that runs blocks.
    struct Call {
        var seconds: Double
        /// Of `seconds`, what the host took to answer the enclave's questions.
        var answering: Double
        /// Frames from here to the enclave and back, the call itself included.
        var roundTrips: Int
    }

    private let lane: Lane
    /// Whether the transactions' reads are sent ahead.
    var sendsAhead = true
    /// Whether the host makes the next transaction ready while the enclave works.
    var preparesAhead = true
    private(set) var calls: [Call] = []
    private(set) var blockSeconds: [Double] = []

    init(_ lane: Lane) { self.lane = lane }

    func forget() { (calls, blockSeconds) = ([], []) }

    func beginBlock(_ block: BeginBlock, answering questions: any HostAnswering) throws -> BegunBlock {
        let start = Machine.now
        defer { blockSeconds.append(Machine.now - start) }
        return try lane.beginBlock(block, answering: questions)
    }

    func sendTransactions(_ transactions: [[UInt8]]) throws { try lane.sendTransactions(transactions) }

    func runTransaction(_ transaction: RunTransaction, answering questions: any HostAnswering) throws -> DrivenResult {
        try runTransaction(transaction, answering: questions, meanwhile: {})
    }

    func runTransaction(
        _ transaction: RunTransaction, answering questions: any HostAnswering, meanwhile: () -> Void
    ) throws -> DrivenResult {
        let measured = MeasuredQuestions(questions)
        let trips = lane.roundTrips
        var transaction = transaction
        if !sendsAhead { transaction.prefetched = [] }
        let start = Machine.now
        let result = try lane.runTransaction(
            transaction, answering: measured, meanwhile: preparesAhead ? meanwhile : {})
        calls.append(
            Call(
                seconds: Machine.now - start, answering: measured.seconds, roundTrips: Int(lane.roundTrips - trips)))
        return result
    }

    func endBlock() throws -> [UInt8] { try lane.endBlock() }
}

private final class MeasuredQuestions: HostAnswering {
    private let questions: any HostAnswering
    private(set) var seconds = 0.0

    init(_ questions: any HostAnswering) { self.questions = questions }

    private func measured<Answer>(_ body: () throws -> Answer) rethrows -> Answer {
        let start = Machine.now
        defer { seconds += Machine.now - start }
        return try body()
    }

    func readState(_ read: StateRead) throws -> [StateProof] { try measured { try questions.readState(read) } }
    func readCode(hash: [UInt8]) throws -> [UInt8] { try measured { try questions.readCode(hash: hash) } }
    func readModule(hash: [UInt8]) throws -> [UInt8] { try measured { try questions.readModule(hash: hash) } }
    func runLedgerMessage(_ message: LedgerMessage) throws -> LedgerMessageResult {
        try measured { try questions.runLedgerMessage(message) }
    }
    func revertScope(_ scope: UInt32) throws { try measured { try questions.revertScope(scope) } }
}
