import Attestation
import Auth
import ChainApplication
import ChainFormats
import ChainInterface
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import HostAnswers
import HostileClient
import LedgerRecords
import Logging
import ModuleKit
import PublicCryptography
import Registration
import StateStore
import StrictJSON
import TestSupport
import Wire

/// The honest host's own code over the real enclave, on a chain of four validators that decide what they are given:
/// everything of a node but peers, engine and interfaces.
final class HonestNode {
    let folder = TemporaryFolder("honest")
    private(set) var enclave: EnclaveProcess
    private(set) var users: [HostileUser] = []
    private let chain: FourValidatorChain
    private let opened: OpenedEnclave
    private var running: Application?
    private var last: ChainInterface.DecidedBlock?
    private var leaves: [ExecutionResult] = []
    private var appHash: [UInt8] = []
    private let fate = Fate()

    var application: Application { running! }
    var height: Int64 { last?.height ?? 0 }

    init(users names: [String]) throws {
        chain = try FourValidatorChain(folder: folder.path("validators"))
        enclave = try EnclaveProcess(state: folder.path("platform"))
        let root = [UInt8](try Data(contentsOf: folder.url.appendingPathComponent("platform/simulated-root.der")))
        chain.attestationRoot = TrustRoot(name: "root", kind: .simulated, certificate: root)!.publicKeyInfoHash.bytes
        opened = try enclave.control.bootstrap(chain.identity)
        users = names.enumerated().map { number, name in
            HostileUser(name, number: UInt64(number), ioPublicKey: opened.ioPublicKey)
        }
        running = try open()
        appHash = try application.initializeChain(genesis()).appHash
    }

    deinit {
        enclave.kill()
        running = nil
    }

    private func open() throws -> Application {
        let keys = RegistrationModule.ExchangeKeys(
            input: Hash32(opened.ioPublicKey)!, node: Hash32(opened.seedExchangePublicKey)!)
        let configuration = ApplicationConfiguration(
            chainID: FourValidatorChain.chainID, folder: folder.path("node"), exchangeKeys: keys)
        let lane: any ExecutionLink = MortalLane(enclave, fate)
        nonisolated(unsafe) let given = lane
        return try Application(
            configuration, lane: given, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func genesis() throws -> GenesisDocument {
        let accounts = users.map { "{\"@type\":\"/cosmos.auth.v1beta1.BaseAccount\",\"address\":\"\($0.address)\"}" }
        let coins = ["uscrt", "udust", "usand"].sorted().map { "{\"denom\":\"\($0)\",\"amount\":\"1000000000000000\"}" }
        let balances = users.map { "{\"address\":\"\($0.address)\",\"coins\":[\(coins.joined(separator: ","))]}" }
        let text =
            "{\"auth\":{\"accounts\":[\(accounts.joined(separator: ","))]},"
            + "\"bank\":{\"balances\":[\(balances.joined(separator: ","))]}}"
        let state = try JSONReader.parse(Array(text.utf8), limits: JSONLimits(bytesMax: 1 << 20))
        return GenesisDocument(
            genesisTime: FourValidatorChain.genesisTime, chainID: FourValidatorChain.chainID, validators: [],
            appState: state)
    }

    // MARK: - Blocks

    private func decide(_ transactions: [[UInt8]]) -> ChainInterface.DecidedBlock {
        let transactions = transactions.map(HashedTransaction.init)
        let lastCommit = last?.commit ?? .empty
        let header = Header(
            chainID: FourValidatorChain.chainID, height: height + 1, time: chain.time(height + 1),
            lastBlockID: last?.blockID, lastCommitHash: lastCommit.hash(),
            dataHash: Block.dataHash(of: transactions), validatorsHash: chain.set.hash(),
            nextValidatorsHash: chain.set.hash(), consensusHash: SHA256.hash(Array("parameters".utf8)),
            appHash: appHash, lastResultsHash: ExecutionResult.hash(of: leaves), evidenceHash: MerkleTree.emptyRoot,
            proposerAddress: chain.set.validators[0].address)
        let block = Block(header: header, transactions: transactions, lastCommit: lastCommit)
        return ChainInterface.DecidedBlock(
            block: block, blockBytes: block.protobuf, blockID: DecidedBlock.blockID(of: header),
            commit: chain.commit(header, signers: [0, 1, 2, 3]), validators: chain.set, nextValidators: chain.set)
    }

    /// Whether an honest validator would vote for a block with these.
    func isAcceptable(_ transactions: [[UInt8]]) throws -> Bool {
        try application.processProposal(decide(transactions).block)
    }

    /// Runs and commits a block, and an empty one that proves it; the results of the first.
    @discardableResult
    func run(_ transactions: [[UInt8]]) throws -> [TransactionResult] {
        let height = UInt64(height + 1)
        try commit(transactions)
        try commit([])
        return try application.index.transactions(at: height).map(\.result)
    }

    enum Victim: CaseIterable { case host, enclave }

    /// Runs a block and does not commit it.
    ///
    /// - Parameter death: who dies with kill -9 when so many of its transactions have run.
    func finalize(_ transactions: [[UInt8]], death: (victim: Victim, after: Int)? = nil) throws -> BlockOutcome {
        fate.death = death
        defer { fate.death = nil }
        return try application.finalizeBlock(decide(transactions), previousResults: leaves)
    }

    /// Runs and commits one block.
    func commit(_ transactions: [[UInt8]]) throws {
        let decided = decide(transactions)
        let outcome = try application.finalizeBlock(decided, previousResults: leaves)
        try application.commit()
        try application.waitForIndex()
        last = decided
        leaves = outcome.results
        appHash = outcome.appHash
        for user in users {
            let state = try application.state(at: UInt64(height))
            user.sequence = try AuthModule.account(user.address, on: state)?.sequence ?? 0
        }
    }

    /// Power off, and on again. Meanwhile `change` may do what it likes with the folder, where `node` is the host's and
    /// `platform` the machine's.
    func restart(_ change: (URL) throws -> Void = { _ in }) throws {
        let record = try Application.sealedRecord(in: application.database)!
        running = nil
        enclave.kill()
        try change(folder.url)
        enclave = try EnclaveProcess(state: folder.path("platform"))
        _ = try enclave.control.unseal(record)
        running = try open()
    }

    final class Fate {
        var death: (victim: Victim, after: Int)?
    }

    struct Killed: Error {}

    /// The enclave's own lane, until it or its host dies.
    private final class MortalLane: ExecutionLink {
        private let enclave: EnclaveProcess
        private let fate: Fate

        init(_ enclave: EnclaveProcess, _ fate: Fate) { (self.enclave, self.fate) = (enclave, fate) }

        func beginBlock(_ block: BeginBlock, answering questions: any HostAnswering) throws -> BegunBlock {
            try enclave.execution.beginBlock(block, answering: questions)
        }

        func sendTransactions(_ transactions: [[UInt8]]) throws { try enclave.execution.sendTransactions(transactions) }

        func runTransaction(
            _ transaction: RunTransaction, answering questions: any HostAnswering
        ) throws -> DrivenResult {
            try runTransaction(transaction, answering: questions, meanwhile: {})
        }

        func runTransaction(
            _ transaction: RunTransaction, answering questions: any HostAnswering, meanwhile: () -> Void
        ) throws -> DrivenResult {
            if let death = fate.death {
                if death.after == 0 {
                    guard death.victim == .enclave else { throw Killed() }
                    enclave.kill()
                }
                fate.death = (death.victim, death.after - 1)
            }
            return try enclave.execution.runTransaction(transaction, answering: questions, meanwhile: meanwhile)
        }

        func endBlock() throws -> [UInt8] { try enclave.execution.endBlock() }
    }

    // MARK: - Queries

    func ask(_ contract: [UInt8], _ input: [UInt8], gas: UInt64) throws -> ContractAnswer {
        var query = ContractQuery()
        query.contract = contract
        query.input = input
        query.height = application.provedHeight
        query.gasLimit = gas
        let state = try application.state(at: application.provedHeight)
        return try enclave.queries[0].query(query, answering: Questions(state: state, application: application))
    }

    private final class Questions: HostAnswering {
        let state: StateSnapshot
        let application: Application

        init(state: StateSnapshot, application: Application) {
            (self.state, self.application) = (state, application)
        }

        func readState(_ read: StateRead) throws -> [StateProof] {
            try read.reads.map { keys in
                let proved = try state.multiproof(keys.store, keys.keys)
                return StateProof(store: proved.store, keys: proved.keys, values: proved.values, proof: proved.proof)
            }
        }

        func readCode(hash: [UInt8]) throws -> [UInt8] { try application.code(hash: Hash32(hash)!) ?? [] }

        func readModule(hash: [UInt8]) throws -> [UInt8] { application.modules.module(of: hash) }

        func runLedgerMessage(_ message: LedgerMessage) throws -> LedgerMessageResult { LedgerMessageResult() }

        func revertScope(_ scope: UInt32) throws {}
    }
}
