import Auth
import Bank
import ChainApplication
import ChainFormats
import ChainInterface
import ChainMessages
import ChainModules
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import HostAnswers
import LedgerRecords
import Logging
import ModuleKit
import PlatformKit
import PublicCryptography
import Registration
import SecretCryptography
import SignedTransactions
import StateProofs
import StateStore
import StrictJSON
import TestSupport
import Testing
import TransactionFixtures
import Wire

/// Passes everything on, and looks at the end of each block what the enclave counts.
final class CountingLane: ExecutionLink, @unchecked Sendable {
    private let lane: Lane
    private let enclave: InProcessEnclave
    private var isHanded = false
    /// To be set before a block: its transactions, the state before it, and whose coins to count.
    var transactions: [[UInt8]] = []
    var purses: [Purse] = []
    var state: StateSnapshot?
    private(set) var counts: [UInt128] = []
    /// Ledger messages that the enclave is to have counted when the next block's transactions are there.
    var ledgerMessages: Int?

    init(_ enclave: InProcessEnclave) throws {
        self.enclave = enclave
        lane = try Lane(descriptor: enclave.execution, kind: .execution)
    }

    func beginBlock(_ block: BeginBlock, answering questions: any HostAnswering) throws -> BegunBlock {
        isHanded = false
        return try lane.beginBlock(block, answering: questions)
    }

    func sendTransactions(_ transactions: [[UInt8]]) throws {
        isHanded = true
        try lane.sendTransactions(transactions)
        if let ledgerMessages { enclave.pretend(ledgerMessages: ledgerMessages) }
        ledgerMessages = nil
    }

    func runTransaction(_ transaction: RunTransaction, answering questions: any HostAnswering) throws
        -> DrivenResult
    {
        try lane.runTransaction(transaction, answering: questions)
    }

    func runTransaction(
        _ transaction: RunTransaction, answering questions: any HostAnswering, meanwhile: () -> Void
    ) throws -> DrivenResult {
        try lane.runTransaction(transaction, answering: questions, meanwhile: meanwhile)
    }

    func endBlock() throws -> [UInt8] {
        if !isHanded { try lane.sendTransactions(transactions) }
        try proveAll()
        counts = try enclave.counts(
            of: purses, after: transactions.count, chainID: FixtureTransaction.chainID)
        return try lane.endBlock()
    }

    /// Proves to the enclave whatever counting may read, ahead of a call that is refused for its index.
    private func proveAll() throws {
        var accounts = Set<[UInt8]>()
        var balances = Set<[UInt8]>()
        var grants = Set<[UInt8]>()
        var owed = Set<[UInt8]>()
        // Whoever may be taken from, of whatever a fee or a message may name.
        for account in Set(purses.map(\.account)) {
            accounts.insert(AccountStore.accountKey(account))
            for denomination in CountedChain.denominations + [CountedChain.unknownDenomination] {
                balances.insert(BankStore.balanceKey(account, denomination))
            }
        }
        for transaction in transactions.compactMap({ try? Transaction(decoding: $0) }) {
            accounts.formUnion(transaction.signers.map(AccountStore.accountKey))
            if transaction.signers == [CronStore.sender] {
                owed.insert(CronStore.dueKey(transaction.authentication.signers[0].sequence))
            }
            grants.insert(FeegrantStore.grantKey(from: transaction.feeSource, to: transaction.feePayer))
            for signer in transaction.signers + [transaction.feeSource] {
                for denomination in CountedChain.denominations + [CountedChain.unknownDenomination] {
                    balances.insert(BankStore.balanceKey(signer, denomination))
                }
            }
        }
        var request = RunTransaction()
        request.index = .max
        for (store, keys) in [
            (StoreName.account, accounts), (StoreName.bank, balances), (StoreName.cron, owed),
            (StoreName.feegrant, grants),
        ] where !keys.isEmpty {
            let keys = keys.sorted { $0.lexicographicallyPrecedes($1) }
            for start in stride(from: 0, to: keys.count, by: 1_000) {
                let proved = try #require(state).multiproof(store, Array(keys[start..<min(start + 1_000, keys.count)]))
                request.prefetched.append(
                    StateProof(store: proved.store, keys: proved.keys, values: proved.values, proof: proved.proof))
            }
        }
        #expect(throws: EnclaveError.refused(.transactionMissing)) {
            try lane.runTransaction(request, answering: NoAnswers())
        }
    }

    private final class NoAnswers: HostAnswering {
        struct Asked: Error {}
        func readState(_ read: StateRead) throws -> [StateProof] { throw Asked() }
        func readCode(hash: [UInt8]) throws -> [UInt8] { throw Asked() }
        func runLedgerMessage(_ message: LedgerMessage) throws -> LedgerMessageResult { throw Asked() }
        func revertScope(_ scope: UInt32) throws { throw Asked() }
    }
}

/// A chain of one validator: the host's own application with its ledger on disk, and the enclave's own code.
final class CountedChain {
    static let denominations = ["other", "uscrt"]
    /// Of which nobody has any.
    static let unknownDenomination = "xyz"

    let lane: CountingLane
    var application: Application { running! }
    let ioPublicKey: [UInt8]
    private let enclave: InProcessEnclave
    private var running: Application?
    private var configuration: ApplicationConfiguration
    private let control: Lane
    private let folder = TemporaryFolder("counted")
    private let validators: ValidatorSet
    private let genesisTime = Timestamp(seconds: 1_700_000_000, nanoseconds: 0)!
    private var height: Int64 = 0
    private var appHash: [UInt8]
    private var results: [ExecutionResult] = []
    private var last: DecidedBlock?

    /// Everyone in `rich` has an account without a key, and coins of both denominations, some of which may vest; `bank`
    /// is more that the genesis says to the bank module. With `staked`, the validator is one of staking, with so many
    /// coins, new coins are made, and a proposal needs a deposit of ten million. `genesis` is what it says to other
    /// modules.
    init(
        rich: [(AccountAddress, UInt128)], vesting: [AccountAddress: VestingCoins] = [:], ledger: ModuleList = .chain,
        bank: String = "", epochs: (blocks: UInt32, grace: UInt32) = (0, 0), staked: UInt128 = 0, genesis: String = ""
    ) throws {
        enclave = try InProcessEnclave()
        control = try Lane(descriptor: enclave.control, kind: .control)
        lane = try CountingLane(enclave)
        let power = max(Int64(staked / 1_000_000), 1)
        validators = ValidatorSet(ordered: [Validator(publicKey: CountedChain.validatorKey, power: power)!])!
        let opened = try control.bootstrap(
            ChainIdentity(
                chainID: FixtureTransaction.chainID, genesisSeconds: genesisTime.seconds, genesisNanoseconds: 0,
                initialHeight: 1, initialValidatorsHash: validators.hash().bytes,
                attestationRoots: [
                    .init(name: "simulated", spkiSHA256: [UInt8](repeating: 9, count: 32), kind: .simulated)
                ], profile: .development, epochBlocks: epochs.blocks, epochGraceBlocks: epochs.grace))
        ioPublicKey = opened.ioPublicKey
        configuration = ApplicationConfiguration(
            chainID: FixtureTransaction.chainID, folder: folder.path("node"),
            exchangeKeys: .init(
                input: Hash32(opened.ioPublicKey)!, node: Hash32(opened.seedExchangePublicKey)!))
        configuration.heightsKept = 10
        configuration.ledger = ledger
        appHash = []
        try start()
        let accounts = rich.enumerated().map { number, account in
            let base = "\"address\":\"\(account.0)\",\"account_number\":\"\(number)\""
            guard let vesting = vesting[account.0] else {
                return "{\"@type\":\"\(AccountRecord.baseTypeURL)\",\(base)}"
            }
            return CountedChain.account(base, vesting)
        }
        let pool = staked == 0 ? [] : [(ModuleAccount.bondedPool.address, staked)]
        let balances = (rich + pool).map { address, amount in
            let coins = CountedChain.denominations.map { "{\"denom\":\"\($0)\",\"amount\":\"\(amount)\"}" }
            return "{\"address\":\"\(address)\",\"coins\":[\(coins.joined(separator: ","))]}"
        }
        let state =
            "{\"auth\":{\"accounts\":[\(accounts.joined(separator: ","))]},"
            + "\"bank\":{\"balances\":[\(balances.joined(separator: ","))]\(bank)}"
            + (staked == 0 ? "" : CountedChain.staking(staked)) + genesis + "}"
        appHash = try application.initializeChain(
            GenesisDocument(
                genesisTime: genesisTime, chainID: FixtureTransaction.chainID,
                validators: staked == 0
                    ? [] : [GenesisValidator(publicKey: CountedChain.validatorKey, power: power, name: "v")],
                appState: try JSONReader.parse(Array(state.utf8), limits: JSONLimits(bytesMax: 1 << 20)))
        ).appHash
    }

    static let stakedValidator = OperatorAddress(AccountAddress([UInt8](repeating: 0x31, count: 20))!)

    private static func staking(_ tokens: UInt128) -> String {
        """
        ,"staking":{"validators":[{"operator_address":"\(stakedValidator)","consensus_pubkey":{"@type":\
        "/cosmos.crypto.ed25519.PubKey","key":"\(Base64.encode(validatorKey))"},"jailed":false,\
        "status":"BOND_STATUS_BONDED","tokens":"\(tokens)","delegator_shares":"\(tokens).0",\
        "description":{"moniker":"v"},"unbonding_height":"0","unbonding_time":"1970-01-01T00:00:00Z",\
        "commission":{"commission_rates":{"rate":"0.1","max_rate":"1","max_change_rate":"0.1"},\
        "update_time":"1970-01-01T00:00:00Z"},"min_self_delegation":"1"}],\
        "delegations":[{"delegator_address":"\(stakedValidator.account)",\
        "validator_address":"\(stakedValidator)","shares":"\(tokens).0"}]},\
        "mint":{"params":{"blocks_per_year":"1000"}},\
        "gov":{"params":{"min_deposit":[{"denom":"uscrt","amount":"10000000"}]}}
        """
    }

    private static func account(_ base: String, _ vesting: VestingCoins) -> String {
        func text(_ coins: Coins) -> String {
            let list = coins.list.map { "{\"denom\":\"\($0.denomination)\",\"amount\":\"\($0.amount)\"}" }
            return "[\(list.joined(separator: ","))]"
        }
        let periods = vesting.periods.map { "{\"length\":\"\($0.length)\",\"amount\":\(text($0.amount))}" }
        return "{\"@type\":\"\(vesting.kind.typeURL)\",\"start_time\":\"\(vesting.start)\","
            + "\"vesting_periods\":[\(periods.joined(separator: ","))],\"base_vesting_account\":"
            + "{\"base_account\":{\(base)},\"original_vesting\":\(text(vesting.original)),"
            + "\"end_time\":\"\(vesting.end)\"}}"
    }

    private func start() throws {
        running = try Application(
            configuration, lane: lane, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    /// Goes on with another program, beside the same enclave.
    func restart(_ configure: (inout ApplicationConfiguration) -> Void) throws {
        // One process may open an LMDB file once.
        (running, lane.state) = (nil, nil)
        configure(&configuration)
        try start()
    }

    // MARK: - The validator

    private static let validatorSecret = SHA256.hash(Array("validator".utf8)).bytes
    private static let validatorKey = Ed25519Signer.publicKey(of: SecretKey(copying: validatorSecret)!)

    private func decide(_ transactions: [[UInt8]]) -> DecidedBlock {
        let transactions = transactions.map(HashedTransaction.init)
        let time = genesisTime.adding(nanoseconds: height * 1_000_000_000)
        let header = Header(
            chainID: FixtureTransaction.chainID, height: height + 1, time: time, lastBlockID: last?.blockID,
            lastCommitHash: (last?.commit ?? .empty).hash(), dataHash: Block.dataHash(of: transactions),
            validatorsHash: validators.hash(), nextValidatorsHash: validators.hash(), consensusHash: .zero,
            appHash: appHash, lastResultsHash: ExecutionResult.hash(of: results),
            evidenceHash: MerkleTree.emptyRoot, proposerAddress: validators.validators[0].address)
        let hash = header.hash()
        let blockID = BlockID(hash: hash, parts: PartSetHeader(total: 1, hash: SHA256.hash(hash.bytes)))
        var commit = Commit(
            height: height + 1, round: 0, blockID: blockID,
            signatures: [
                CommitSignature(
                    flag: .commit, validatorAddress: validators.validators[0].address, timestamp: time,
                    signature: [0])
            ])
        commit.signatures[0].signature = Ed25519Signer.sign(
            commit.signBytes(at: 0, chainID: FixtureTransaction.chainID)!,
            privateKey: SecretKey(copying: CountedChain.validatorSecret)!)
        let block = Block(header: header, transactions: transactions, lastCommit: last?.commit ?? .empty)
        return DecidedBlock(
            block: block, blockBytes: block.protobuf, blockID: blockID, commit: commit, validators: validators,
            nextValidators: validators, lastValidators: last == nil ? nil : validators)
    }

    // MARK: - Blocks

    var state: StateSnapshot { get throws { try application.database.snapshot(at: UInt64(height)) } }

    /// What the enclave sealed at the end of the last block.
    var sealedRecord: [UInt8] { get throws { try #require(try Application.sealedRecord(in: application.database)) } }

    var platform: MemoryPlatform { enclave.platform }

    var nextHeight: UInt64 { UInt64(height) + 1 }

    /// Runs and commits a block.
    ///
    /// - Returns: the results, and of each purse what the enclave counted and what the ledger lets its owner spend when
    ///   it is over.
    func run(_ transactions: [[UInt8]], counting purses: [Purse]) throws -> (
        results: [ExecutionResult], counts: [(counted: UInt128, held: UInt128)]
    ) {
        lane.transactions = transactions
        lane.purses = purses
        lane.state = try state
        let decided = decide(transactions)
        let outcome = try application.finalizeBlock(decided, previousResults: results)
        try application.commit()
        height += 1
        appHash = outcome.appHash
        results = outcome.results
        last = decided
        let after = try state
        let held = try purses.map {
            try BankModule.spendable(
                of: $0.account, denomination: $0.denomination, at: decided.block.header.time, on: after)
        }
        return (results, zip(lane.counts, held).map { ($0, $1) })
    }

    func account(_ address: AccountAddress) throws -> AccountRecord? {
        try AuthModule.account(address, on: state)
    }

    func balance(_ address: AccountAddress, _ denomination: String) throws -> UInt128 {
        try BankModule.balance(of: address, denomination: denomination, on: state)
    }

    /// The number that the next new account gets.
    var nextAccountNumber: UInt64 {
        get throws {
            let value = try state.value(of: AccountStore.nextNumberKey, in: StoreName.account)
            return value.flatMap { StateKey.number(decoding: $0) } ?? 0
        }
    }
}
