import Attestation
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import TestSupport
import WalletClient
import Wire

/// A chain, its users, the host and its enclave, with two counters on the chain: Alice's and Mallory's, of one code.
final class World {
    static let funds: UInt128 = 1_000_000_000

    let folder = TemporaryFolder("hostile")
    let chain: FourValidatorChain
    private(set) var enclave: EnclaveProcess
    let host: PlayedHost
    let opened: OpenedEnclave
    let alice: User
    let mallory: User
    /// Has an account and not a coin; where some vest, `funds` of them.
    let pauper: User
    private(set) var aliceCounter: AccountAddress!
    private(set) var malloryCounter: AccountAddress!
    /// The sealed record after each height.
    var records: [Int64: [UInt8]] = [:]

    init(
        program: String = "cloister-enclave", lease: (answers: UInt32, seconds: UInt32) = (0, 0),
        epochs: (blocks: UInt32, grace: UInt32) = (0, 0), moreRoots: [AttestationRoot] = [],
        vesting: VestingCoins? = nil, feeGrants: [FeeGrant] = [], bank: [(key: [UInt8], value: [UInt8])] = [],
        ledger: StateDatabase.Writes = [:]
    ) throws {
        chain = try FourValidatorChain(folder: folder.path("state"))
        (chain.lease, chain.epochs, chain.moreRoots) = (lease, epochs, moreRoots)
        enclave = try EnclaveProcess(state: folder.path("platform"), program: program)
        let root = [UInt8](try Data(contentsOf: folder.url.appendingPathComponent("platform/simulated-root.der")))
        chain.attestationRoot = TrustRoot(name: "root", kind: .simulated, certificate: root)!.publicKeyInfoHash.bytes
        opened = try enclave.control.bootstrap(chain.identity)
        records[0] = opened.sealedRecord
        alice = User("alice", number: 0, ioPublicKey: opened.ioPublicKey)
        mallory = User("mallory", number: 1, ioPublicKey: opened.ioPublicKey)
        pauper = User("pauper", number: 2, ioPublicKey: opened.ioPublicKey)
        var writes = try World.genesis([alice, mallory, pauper], rich: [alice, mallory], opened)
        if let vesting {
            let account = AccountRecord(address: pauper.address, accountNumber: pauper.number, vesting: vesting)
            writes[StoreName.account]![AccountStore.accountKey(pauper.address)] = account.encoded
            for (key, value) in [
                (BankStore.balanceKey(pauper.address, "uscrt"), BankStore.encode(World.funds)),
                (BankStore.holdingsKey(pauper.address), BankStore.encodeHoldings(["uscrt"])!),
            ] {
                writes[StoreName.bank]![key] = value
            }
        }
        for (key, value) in bank { writes[StoreName.bank]![key] = value }
        writes[StoreName.feegrant] = [:]
        for grant in feeGrants {
            let key = FeegrantStore.grantKey(from: grant.granter, to: grant.grantee)
            writes[StoreName.feegrant]![key] = grant.encoded
        }
        for (store, records) in ledger { writes[store, default: [:]].merge(records) { $1 } }
        try chain.begin(writes: writes)
        host = try PlayedHost(
            chain, lane: enclave.execution,
            machine: OpenedMachine(opened, at: folder.path("platform")))
        try installCounters()
    }

    deinit {
        enclave.kill()
    }

    /// Large values in the state, with which a host can fill the enclave's memory of proved values to the byte.
    enum Ballast: String {
        /// Counts 1 MiB.
        case large
        /// Counts 400 bytes less: after 63 large ones and this, one account fits and a second does not.
        case last

        var key: [UInt8] { Array("ballast/\(rawValue)".utf8) }
        var value: [UInt8] {
            Array(repeating: 0, count: 1_048_576 - (self == .last ? 400 : 0) - 128 - key.count)
        }
    }

    private static func genesis(_ users: [User], rich: [User], _ opened: OpenedEnclave) throws -> StateDatabase.Writes {
        var writes: StateDatabase.Writes = [StoreName.account: [:], StoreName.bank: [:], StoreName.register: [:]]
        for user in users {
            let account = AccountRecord(address: user.address, accountNumber: user.number)
            writes[StoreName.account]![AccountStore.accountKey(user.address)] = account.encoded
        }
        for user in rich {
            writes[StoreName.bank]![BankStore.balanceKey(user.address, "uscrt")] = BankStore.encode(funds)
            writes[StoreName.bank]![BankStore.holdingsKey(user.address)] = BankStore.encodeHoldings(["uscrt"])
        }
        for ballast in [Ballast.large, .last] { writes[StoreName.register]![ballast.key] = ballast.value }
        writes[StoreName.register]![RegisterStore.ioExchangeKey] =
            RegisterStore.encodeMasterKey(Hash32(opened.ioPublicKey)!)
        writes[StoreName.register]![RegisterStore.nodeExchangeKey] =
            RegisterStore.encodeMasterKey(Hash32(opened.seedExchangePublicKey)!)
        let policy = RegistrationPolicy(measurements: [Hash32(opened.measurement)!], evidenceBlocksMax: 5)
        writes[StoreName.register]![RegisterStore.policyKey] = policy.protobuf
        return writes
    }

    /// The first block: the code, and a counter of it for Alice (at 41) and one for Mallory (at 7).
    private func installCounters() throws {
        try play([
            alice.sign([alice.storeCode()], gas: 3_000_000),
            alice.sign([try alice.instantiate(codeID: 1, label: "alice", count: 41)]),
            mallory.sign([try mallory.instantiate(codeID: 1, label: "mallory", count: 7)]),
        ])
        let addresses = try host.outputs.dropFirst().map { output in
            try MessageResponse.contractResult(TransactionData(decoding: output.data).responses[0]).address!
        }
        (aliceCounter, malloryCounter) = (addresses[0], addresses[1])
    }

    /// A place in this test's own folder.
    func path(_ name: String) -> String { folder.path(name) }

    /// Decides a block and plays it honestly.
    func play(_ transactions: [[UInt8]], journal: [[UInt8]] = []) throws {
        let block = try chain.decide(transactions)
        records[block.header.height] = try host.play(block, journal: journal)
    }

    /// Decides a block and has the enclave begin it with all its transactions.
    @discardableResult
    func begin(_ transactions: [[UInt8]]) throws -> DecidedBlock {
        let block = try chain.decide(transactions)
        try host.begin(block)
        try host.hand()
        return block
    }

    /// kill -9, and a new enclave on the same machine that opens the record after `height`.
    func restart(fromHeight height: Int64, record: [UInt8]? = nil) throws {
        enclave.kill()
        enclave = try EnclaveProcess(state: path("platform"))
        _ = try enclave.control.unseal(record ?? records[height]!)
        host.lane = enclave.execution
        host.tricks = .init()
    }

    /// Another enclave on a copy of this machine as it is now, with its lanes in the test's hands. The world's own must
    /// have been killed.
    func handEnclave(_ name: String, queryLanes: Int = 2) throws -> HandEnclave {
        try? FileManager.default.removeItem(atPath: path(name))
        try FileManager.default.copyItem(atPath: path("platform"), toPath: path(name))
        return try HandEnclave(state: path(name), queryLanes: queryLanes)
    }

    /// Asks a contract with an honest host behind the query lane.
    func query(
        _ contract: AccountAddress, _ json: String, by user: User, at height: Int64? = nil, gas: UInt64 = 1_000_000,
        prefetched: [StateProof] = []
    ) throws -> (answer: ContractAnswer, text: String?) {
        var query = ContractQuery()
        query.contract = contract.bytes
        query.input = try user.seal(json, for: contract, isBound: false)
        query.height = UInt64(height ?? chain.height - 1)
        query.gasLimit = gas
        query.prefetched = prefetched
        let answer = try enclave.queries[0].query(query, answering: host)
        let opened = user.encryption.openData(answer.data, answerTo: query.input)
        return (answer, answer.data.isEmpty ? nil : opened.map { String(decoding: $0, as: UTF8.self) })
    }
}

extension User {
    /// What a contract returned to a message of this user, in clear.
    func data(_ result: PlayedResult, answerTo message: AnyMessage) throws -> String {
        let response = try MessageResponse.contractResult(TransactionData(decoding: result.data).responses[0])
        return String(decoding: encryption.openData(response.data, answerTo: message.sealedInput) ?? [], as: UTF8.self)
    }
}
