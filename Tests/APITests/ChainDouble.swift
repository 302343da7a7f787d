import API
import ChainFormats
import ChainInterface
import ChainModules
import DecidedBlocks
import EnclaveProtocol
import LedgerKit
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateProofs
import StrictJSON
import Synchronization
import Wire

/// A state in memory, with its entries in order.
struct StateDouble: CommittedState {
    private var stores: [String: [LedgerEntry]] = [:]

    init() {}

    init(_ ledger: MemoryState) {
        for (name, value) in ledger.values { set(name.store, name.key, value) }
    }

    mutating func set(_ store: String, _ key: [UInt8], _ value: [UInt8]) {
        var entries = stores[store, default: []]
        entries.removeAll { $0.key == key }
        let index = entries.firstIndex { key.lexicographicallyPrecedes($0.key) } ?? entries.endIndex
        entries.insert(LedgerEntry(key: key, value: value), at: index)
        stores[store] = entries
    }

    func value(of key: [UInt8], in store: String) -> [UInt8]? {
        stores[store, default: []].first { $0.key == key }?.value
    }

    func entries(in store: String, prefix: [UInt8], after startAfter: [UInt8]?, limit: Int, reverse: Bool)
        -> [LedgerEntry]
    {
        var entries = stores[store, default: []].filter { $0.key.starts(with: prefix) }
        if reverse { entries.reverse() }
        if let startAfter {
            entries = entries.filter { entry in
                reverse
                    ? entry.key.lexicographicallyPrecedes(startAfter) : startAfter.lexicographicallyPrecedes(entry.key)
            }
        }
        return Array(entries.prefix(limit))
    }
}

/// A chain of five blocks that a test tells what to answer.
final class ChainDouble: ChainAccess {
    struct Script {
        var state = StateDouble()
        var transactions: [CommittedTransaction] = []
        var codes: [Hash32: [UInt8]] = [:]
        /// Of blocks, by height.
        var results: [Int64: Result<CommittedResults, ChainRefusal>] = [:]
        /// Of transactions, by hash.
        var receipts: [Hash32: Result<TransactionReceipt, ChainRefusal>] = [:]
        /// `nil` lets it pass.
        var check: TransactionRefusal?
        var simulation = simulated
        /// `nil` answers a contract query with the ciphertext of the question.
        var contractAnswer: ContractReply?
        // What the chain was asked:
        var broadcasts: [(bytes: [UInt8], waitsForCheck: Bool)] = []
        var simulated: [[UInt8]] = []
        var contractQueries: [(address: AccountAddress, input: [UInt8], height: Int64?)] = []
        var searches: [TransactionSearch] = []
        var blockSearches: [BlockSearch] = []
        var checks: [[UInt8]] = []

        private static var simulated: SimulationOutcome {
            var outcome = SimulationOutcome()
            (outcome.gasWanted, outcome.gasUsed) = (100_000, 51_234)
            return outcome
        }
    }

    let script: Mutex<Script>
    let genesis: GenesisDocument = {
        var genesis = GenesisDocument(genesisTime: .goZero, chainID: "secretdev-1", validators: [])
        genesis.parameters.evidence.ageBlocksMax = 77_777
        return genesis
    }()
    private final class Height: Sendable {
        let value: Mutex<Int64>
        init(_ value: Int64) { self.value = Mutex(value) }
    }

    private let height: Height
    let events = ChainEvents()
    let heights: AnnouncedHeights
    var announcedHeight: Int64 { height.value.withLock { $0 } }
    /// Of contract queries: a moment ahead.
    let queryHeight: Int64 = 6
    let isSyncing = false

    init(_ script: Script = Script(), announcedHeight: Int64 = 5) {
        self.script = Mutex(script)
        let height = Height(announcedHeight)
        self.height = height
        heights = AnnouncedHeights(try! events.read(), height: { height.value.withLock { $0 } })
    }

    /// Shows blocks up to a height.
    func announce(_ newHeight: Int64) {
        height.value.withLock { $0 = newHeight }
        events.publish(.announced(height: newHeight))
    }

    var node: NodeDescription {
        var node = NodeDescription()
        node.nodeID = String(repeating: "ab", count: 20)
        node.moniker = "banana"
        node.channels = [0x40, 0x20]
        node.validatorKey = ChainDouble.validator.publicKey
        node.applicationVersion = "1.0.0"
        node.minimumGasPrice = "0.012500000000000000uscrt"
        return node
    }

    /// Height 1 is before anything was written.
    func state(at height: Int64?) throws -> (height: Int64, state: any CommittedState) {
        guard let height else { return (announcedHeight, script.withLock { $0.state }) }
        guard height <= announcedHeight else {
            throw ChainRefusal.heightToCome(height, announced: announcedHeight)
        }
        return (height, height == 1 ? StateDouble() : script.withLock { $0.state })
    }

    /// One entry, alone in its store, which is alone.
    static let proved = (store: "bank", key: [UInt8("k".utf8.first!)], value: [UInt8]([1, 2, 3]))

    static var provedCommitment: StoreCommitment {
        let path = SparseMerkleTree.path(of: proved.key)
        let root = SparseMerkleTree.leafHash(path: path, valueHash: SHA256.hash(proved.value))
        return StoreCommitment([(proved.store, root)])!
    }

    func prove(_ key: [UInt8], in store: String, at height: Int64?) throws -> ProvedEntry {
        let leaf = CommitmentProof.Existence(key: Self.proved.key, value: Self.proved.value, path: [])
        let isThere = key == Self.proved.key
        return ProvedEntry(
            height: height ?? announcedHeight, value: isThere ? Self.proved.value : nil,
            inStore: isThere ? .existence(leaf) : .absence(.init(key: key, left: leaf, right: nil)),
            ofStore: .existence(Self.provedCommitment.proof(of: store)!))
    }

    static let validator = Validator(publicKey: Array(repeating: 7, count: 32), power: 100, proposerPriority: -3)!

    static func block(height: Int64, transactions: [[UInt8]]) -> Block {
        let transactions = transactions.map(HashedTransaction.init)
        let hash = SHA256.hash([UInt8(height)])
        let previous = BlockID(hash: hash, parts: PartSetHeader(total: 1, hash: hash))
        let commit = Commit(
            height: height - 1, round: 0, blockID: previous,
            signatures: [
                CommitSignature(
                    flag: .commit, validatorAddress: validator.address,
                    timestamp: Timestamp(seconds: 1_700_000_000, nanoseconds: 5_000)!,
                    signature: Array(repeating: 9, count: 64)),
                .absent,
            ])
        let header = Header(
            chainID: "secretdev-1", height: height, time: Timestamp(seconds: 1_700_000_000, nanoseconds: 120_000_000)!,
            lastBlockID: previous, lastCommitHash: commit.hash(), dataHash: Block.dataHash(of: transactions),
            validatorsHash: hash, nextValidatorsHash: hash, consensusHash: hash, appHash: hash.bytes,
            lastResultsHash: hash, evidenceHash: Block.evidenceHash(of: []), proposerAddress: validator.address)
        return Block(header: header, transactions: transactions, lastCommit: commit)
    }

    func header(at height: Int64) -> [UInt8]? {
        guard (2...announcedHeight).contains(height) else { return nil }
        return block(at: height).flatMap { try? Block(protobuf: $0.protobuf).header.protobuf }
    }

    func block(at height: Int64?) -> CommittedBlock? {
        let height = height ?? announcedHeight
        guard height >= 2 else { return nil }
        let bytes = script.withLock { $0.transactions.filter { $0.place.height == height }.map(\.bytes) }
        let block = ChainDouble.block(height: height, transactions: bytes)
        let id = BlockID(hash: block.header.hash(), parts: PartSetHeader(total: 1, hash: SHA256.hash([])))
        return CommittedBlock(id: id, protobuf: block.protobuf)
    }

    func results(at height: Int64?) throws -> CommittedResults? {
        try script.withLock { $0.results[height ?? announcedHeight] }?.get()
    }

    func validators(at height: Int64?) -> (height: Int64, validators: [Validator])? {
        (height ?? announcedHeight, [ChainDouble.validator])
    }

    func transaction(hash: Hash32, upTo height: Int64) -> CommittedTransaction? {
        script.withLock { $0.transactions.first { $0.place.hash == hash && $0.place.height <= height } }
    }

    func receipt(of hash: Hash32, upTo height: Int64) throws -> TransactionReceipt? {
        try script.withLock { $0.receipts[hash] }?.get()
    }

    func searchTransactions(
        _ search: TransactionSearch, upTo height: Int64
    ) -> (page: [CommittedTransaction], total: Int) {
        script.withLock { script in
            script.searches.append(search)
            return (
                Array(script.transactions.dropFirst(search.offset).prefix(search.limit)), script.transactions.count
            )
        }
    }

    func transactionHashes(at height: Int64) -> [Hash32] {
        script.withLock { $0.transactions.filter { $0.place.height == height }.map(\.place.hash) }
    }

    /// Finds all blocks that there are.
    func searchBlocks(_ search: BlockSearch, upTo height: Int64) -> (page: [Int64], total: Int) {
        script.withLock { $0.blockSearches.append(search) }
        let heights = Array(2...height)
        let ordered = search.isDescending ? heights.reversed() : heights
        return (Array(ordered.dropFirst(search.offset).prefix(search.limit)), heights.count)
    }

    func check(_ transaction: [UInt8]) -> CheckOutcome {
        script.withLock { script in
            script.checks.append(transaction)
            let hash = SHA256.hash(transaction)
            guard let refusal = script.check else {
                var outcome = CheckOutcome(hash: hash)
                (outcome.gasWanted, outcome.gasUsed) = (7, 5)
                return outcome
            }
            return CheckOutcome(hash: hash, refusal)
        }
    }

    func broadcast(_ transaction: [UInt8], waitsForCheck: Bool) -> CheckOutcome {
        script.withLock { script in
            script.broadcasts.append((transaction, waitsForCheck))
            let hash = SHA256.hash(transaction)
            guard waitsForCheck, let refusal = script.check else { return CheckOutcome(hash: hash) }
            return CheckOutcome(hash: hash, refusal)
        }
    }

    func simulate(_ transaction: [UInt8], client: String) -> SimulationOutcome {
        script.withLock { script in
            script.simulated.append(transaction)
            return script.simulation
        }
    }

    func queryContract(
        _ address: AccountAddress, input: [UInt8], height: Int64?, client: String
    ) -> (height: Int64, reply: ContractReply) {
        script.withLock { script in
            script.contractQueries.append((address, input, height))
            return (height ?? queryHeight, script.contractAnswer ?? .data(Array(input.dropFirst(64))))
        }
    }

    func evidence() -> PublishedEvidence {
        let identity = ChainIdentity(
            chainID: chainID, genesisSeconds: 1_700_000_000, genesisNanoseconds: 5, initialHeight: 1,
            initialValidatorsHash: [1, 2], attestationRoots: [.init(name: "root", spkiSHA256: [3], kind: .simulated)],
            profile: .production)
        return PublishedEvidence(
            identity: identity.encoded, ioExchangeKey: Fixture.ioKey.bytes, seedExchangeKey: Fixture.nodeKey.bytes,
            quote: [4], reportDataLayout: "all of it", measurement: [5], founderQuote: [13],
            record: .init(
                height: announcedHeight, ioExchangeRecord: [6], seedExchangeRecord: [7], policyRecord: [14],
                releaseHeadRecord: [15], proof: [8],
                stores: [.init(name: "register", root: Fixture.nodeKey)]),
            header: .init(height: announcedHeight + 1, appHash: [9], header: [10], commit: [11], validators: [12]))
    }

    func code(hash: Hash32) -> [UInt8]? { script.withLock { $0.codes[hash] } }
}

// MARK: - Fixtures

enum Fixture {
    static let alice = AccountAddress(bech32: "secret1ap26qrlp8mcq2pg6r47w43l0y8zkqm8a450s03")!
    static let bob = AccountAddress(bech32: "secret1fc3fzy78ttp0lwuujw7e52rhspxn8uj52zfyne")!
    static let contract = ContractAddress.derive(codeID: 1, instanceID: 1, creator: alice)
    static let wasm: [UInt8] = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]
    static let codeHash = SHA256.hash(wasm)
    static let label = "my label/1"
    /// facts: the public key of 03*32, under which the golden vectors are encrypted.
    static let ioKey = Hash32(
        Hexadecimal.decode("5dfedd3b6bd47f6fa28ee15d969d5bb0ea53774d488bdaf9df1c6e0124b3ef22")!)!
    static let nodeKey = SHA256.hash([1])
    static let aliceKey = Hexadecimal.decode("034ee8249f67e136139c3ed94ad63288f6c1de45ce66fa883247211a698f440cdf")!
    static let transaction = Base64.decode(goldenTransactionBase64)!

    static var script: ChainDouble.Script {
        var script = ChainDouble.Script()
        script.state = try! state
        script.codes = [codeHash: wasm]
        script.transactions = [committed]
        return script
    }

    static var committed: CommittedTransaction {
        let response = TransactionData(responses: [MessageResponse.empty(toMessage: "/cosmos.bank.v1beta1.MsgSend")])
        var result = TransactionResult()
        result.data = response.encoded
        (result.gasWanted, result.gasUsed) = (100_000, 51_234)
        result.events = [
            Event("tx", ["fee": "25000uscrt", "fee_payer": alice.description]),
            Event(
                "message",
                [
                    "action": "/cosmos.bank.v1beta1.MsgSend", "sender": alice.description, "module": "bank",
                    "msg_index": "0",
                ]),
        ]
        return CommittedTransaction(
            IndexedTransaction(
                hash: SHA256.hash(transaction), height: 4, position: 0,
                time: Timestamp(seconds: 1_700_000_000, nanoseconds: 120_000_000)!, result: result),
            bytes: transaction)
    }

    /// What all modules make of a genesis, so that each record stands there beside those which its module writes with
    /// it; and of the modules that have no genesis for it, records.
    private static var state: StateDouble {
        get throws {
            let ledger = MemoryState()
            try ModuleList.chain.importGenesis(genesis, on: ledger)
            var state = StateDouble(ledger)
            state.set(
                StoreName.register, RegisterStore.nodeKey(publicKey: nodeKey.bytes),
                ProtobufWriter.encode { $0.bytes(2, [1, 2, 3]) })
            addCompute(to: &state)
            return state
        }
    }

    private static var genesis: JSONValue {
        func account(_ address: AccountAddress, number: String, sequence: String, key: JSONValue) -> JSONValue {
            [
                "@type": .string(AccountRecord.baseTypeURL), "address": .string(address.description), "pub_key": key,
                "account_number": .string(number), "sequence": .string(sequence),
            ]
        }
        func coins(_ coins: [(String, String)]) -> JSONValue {
            .array(coins.map { ["denom": .string($0), "amount": .string($1)] })
        }
        func key(_ key: Hash32) -> JSONValue { ["bytes": .string(Base64.encode(key.bytes))] }
        return [
            "auth": [
                "accounts": [
                    account(
                        alice, number: "0", sequence: "5",
                        key: [
                            "@type": "/cosmos.crypto.secp256k1.PubKey", "key": .string(Base64.encode(aliceKey)),
                        ]),
                    account(bob, number: "1", sequence: "0", key: .null),
                    [
                        "@type": .string(AccountRecord.moduleTypeURL), "name": "mint", "permissions": ["minter"],
                        "base_account": account(ModuleAddress.mint, number: "2", sequence: "0", key: .null),
                    ],
                ]
            ],
            "bank": [
                "balances": [
                    [
                        "address": .string(alice.description),
                        "coins": coins([("aaa", "3"), ("bbb", "4"), ("uscrt", "1000000000000000000")]),
                    ],
                    ["address": .string(bob.description), "coins": coins([("uscrt", "7")])],
                ]
            ],
            "register": ["io_exch_key": key(ioKey), "node_exch_key": key(nodeKey)],
        ]
    }

    private static func addCompute(to state: inout StateDouble) {
        let store = StoreName.compute
        let created = CreationPoint(blockHeight: 3, transactionIndex: 0)
        let code = CodeInfo(codeHash: codeHash, creator: alice, source: "", builder: "")
        let info = ContractInfo(
            codeID: 1, creator: alice, label: label, created: created, admin: bob, adminProof: [1, 2])
        state.set(store, ComputeStore.codeKey(1), code.encoded)
        state.set(store, ComputeStore.contractKey(contract), info.encoded)
        state.set(store, ComputeStore.labelKey(label), contract.bytes)
        state.set(store, ComputeStore.contractCountKey(codeID: 1), StateKey.number(UInt64(1)))
        state.set(store, ComputeStore.contractOfCodeKey(codeID: 1, number: 1), contract.bytes)
        let entry = ContractHistoryEntry(operation: .instantiate, codeID: 1, updated: created, message: [9])
        state.set(store, ComputeStore.historyKey(contract, 1), entry.encoded)
    }
}

extension ChainDouble {
    var rest: RESTTranscoder { RESTTranscoder(.services(of: self), logger: quiet) }

    func get(_ target: String, height: String? = nil) async -> RESTResponse {
        await rest.respond(to: RESTRequest("GET", target, height: height))
    }

    func post(_ target: String, _ body: String) async -> RESTResponse {
        await rest.respond(to: RESTRequest("POST", target, body: Array(body.utf8)))
    }
}
