import Auth
import Bank
import ChainFormats
import ChainInterface
import DecidedBlocks
import EnclaveKit
import Foundation
import LedgerRecords
import Logging
import ModuleKit
import PublicCryptography
import Registration
import SignedTransactions
import StateProofs
import StateStore
import StrictJSON
import TestSupport
import Testing
import TransactionFixtures
import Wire

@testable import ChainApplication
@testable import HostAnswers

/// A chain of one node in a folder of its own: blocks are decided by the test, and run on real LMDB and SQLite.
final class TestChain {
    let folder = TemporaryFolder()
    let alice = FixtureKey("alice")
    let bob = FixtureKey("bob")
    let contract = FixtureKey("contract").address
    let keys = RegistrationModule.ExchangeKeys(input: SHA256.hash([1]), node: SHA256.hash([2]))
    private(set) var lane = ScriptedLane()
    private var running: Application?
    /// Of the last block, as they will be shown when the next one is begun.
    private(set) var results: [TransactionResult] = []
    private(set) var height: Int64 = 0
    private(set) var appHash: [UInt8]
    private var leaves: [ExecutionResult] = []
    private let validators = ValidatorSet(ordered: [Validator(publicKey: [UInt8](repeating: 7, count: 32), power: 1)!])!
    private let genesisTime = Timestamp(seconds: 1_700_000_000, nanoseconds: 0)!
    private var lastDecided: DecidedBlock?

    private let begun: JSONValue?
    private var configure: (inout ApplicationConfiguration) -> Void

    /// `state` is what the genesis says to modules; by default Alice and Bob have a million each.
    init(
        genesis state: JSONValue? = nil, _ configure: @escaping (inout ApplicationConfiguration) -> Void = { _ in }
    ) throws {
        self.configure = configure
        begun = state
        appHash = []
        running = try open()
        appHash = try application.initializeChain(genesis()).appHash
    }

    var application: Application { running! }

    private func open() throws -> Application {
        var configuration = ApplicationConfiguration(
            chainID: FixtureTransaction.chainID, folder: folder.path("node"), exchangeKeys: keys)
        configure(&configuration)
        return try Application(
            configuration, lane: lane, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    func genesis() throws -> GenesisDocument {
        let accounts = [alice, bob].map {
            "{\"@type\":\"/cosmos.auth.v1beta1.BaseAccount\",\"address\":\"\($0.address)\"}"
        }
        let text = """
            {"auth":{"accounts":[\(accounts.joined(separator: ","))]},"bank":{"balances":[
                {"address":"\(alice.address)","coins":[{"denom":"uscrt","amount":"1000000"}]},
                {"address":"\(bob.address)","coins":[{"denom":"uscrt","amount":"1000000"}]}]}}
            """
        let state = try begun ?? JSONReader.parse(Array(text.utf8), limits: JSONLimits(bytesMax: 1 << 20))
        return GenesisDocument(
            genesisTime: genesisTime, chainID: FixtureTransaction.chainID, validators: [], appState: state)
    }

    // MARK: - Life and death

    /// The process dies and starts again: what is not on disk is gone.
    func restart(_ configure: ((inout ApplicationConfiguration) -> Void)? = nil) throws {
        if let configure { self.configure = configure }
        let (script, ended) = (lane.script, lane.ended)
        lane = ScriptedLane()
        (lane.script, lane.ended) = (script, ended)
        // One process may open an LMDB file once: the old application goes before the new one comes.
        running = nil
        running = try open()
    }

    // MARK: - Blocks

    func decide(_ transactions: [[UInt8]]) -> DecidedBlock {
        let transactions = transactions.map(HashedTransaction.init)
        let header = Header(
            chainID: FixtureTransaction.chainID, height: height + 1, time: genesisTime.adding(nanoseconds: height + 1),
            lastBlockID: nil, lastCommitHash: nil, dataHash: Block.dataHash(of: transactions),
            validatorsHash: validators.hash(), nextValidatorsHash: validators.hash(), consensusHash: .zero,
            appHash: appHash, lastResultsHash: ExecutionResult.hash(of: leaves), evidenceHash: nil,
            proposerAddress: validators.validators[0].address)
        let block = Block(header: header, transactions: transactions, lastCommit: .empty)
        let blockID = BlockID(hash: header.hash(), parts: PartSetHeader(total: 1, hash: .zero))
        return DecidedBlock(
            block: block, blockBytes: block.protobuf, blockID: blockID,
            commit: Commit(height: height + 1, round: 0, blockID: blockID, signatures: []), validators: validators,
            nextValidators: validators)
    }

    func finalize(_ transactions: [[UInt8]]) throws -> BlockOutcome {
        let decided = decide(transactions)
        lastDecided = decided
        return try application.finalizeBlock(decided, previousResults: leaves)
    }

    func commit(_ outcome: BlockOutcome) throws {
        try application.commit()
        try application.waitForIndex()
        height += 1
        appHash = outcome.appHash
        leaves = outcome.results
        let last = try LastBlock(encoded: application.database.metaValue(MetadataName.lastBlock)!)
        #expect(last.height == UInt64(height) && last.results.map(\.leaf) == leaves)
        let opened = last.opened(with: lane.outputKeys(of: height))
        #expect(opened.unopened.isEmpty)
        self.results = opened.results
    }

    /// Runs and commits a block; its results.
    @discardableResult
    func run(_ transactions: [[UInt8]]) throws -> [TransactionResult] {
        let outcome = try finalize(transactions)
        try commit(outcome)
        return results
    }

    // MARK: - Transactions and what they did

    func send(_ amount: UInt128, sequence: UInt64 = 0) -> FixtureTransaction {
        FixtureTransaction(
            [.send(amount, from: alice.address, to: bob.address)], by: alice, number: 0, sequence: sequence)
    }

    func execute(sequence: UInt64 = 0, with: [AnyMessage] = []) -> FixtureTransaction {
        let input = [UInt8](repeating: 9, count: 100)
        let call = ComputeMessage.execute(.init(sender: bob.address, contract: contract, message: input)).any
        return FixtureTransaction(with + [call], by: bob, number: 1, sequence: sequence)
    }

    func balance(_ address: AccountAddress) throws -> UInt128 {
        try BankModule.balance(
            of: address, denomination: "uscrt", on: application.state(at: application.committedHeight))
    }

    func sequence(_ address: AccountAddress) throws -> UInt64? {
        try AuthModule.account(address, on: application.state(at: application.committedHeight))?.sequence
    }

    func stored(_ key: [UInt8]) throws -> [UInt8]? {
        try application.state(at: application.committedHeight).value(of: key, in: StoreName.compute)
    }
}
