import EnclaveLink
import EnclaveProtocol
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import Synchronization

/// What contract queries read: sent ahead as far as earlier queries tell, and once to each lane at each height.
///
/// A lane remembers what was proved to it at the height that it was asked last, so most queries need no trip but their
/// own. All of this is guessing: what is missing, the enclave asks for.
package final class QueryReads: Sendable {
    private static let keysMax = 96
    private static let guessedBytesMax = 1 << 18
    private static let givenMax = 16_384

    private struct Given {
        var height: UInt64 = 0
        var keys: Set<ReadMemory.Key> = []
    }

    private let memory = Mutex(ReadMemory())
    /// By lane, each used by the lane's thread.
    private let given = Mutex<[Int: Given]>([:])

    package init() {}

    package func query(
        _ query: ContractQuery, of contract: AccountAddress, lane: any QueryLink, number: Int, _ state: StateSnapshot,
        _ database: StateDatabase, _ modules: ModuleFolder
    ) throws -> ContractAnswer {
        var query = query
        let asker = QueryReads.asker(query.input)
        let known = given.withLock { $0[number].flatMap { $0.height == state.height ? $0.keys : nil } ?? [] }
        let ahead = try keys(contract, asker, state).filter { !known.contains($0) }
        query.prefetched = try QueryReads.prove(ahead, state)
        let questions = QueryAnswers(state: state, database: database, modules: modules)
        let answer = try lane.query(query, answering: questions)
        given.withLock { given in
            // A lane that asks for what it was given has forgotten it: its memory of a head is bounded.
            let hasForgotten = questions.asked.contains { known.contains($0) }
            if given[number]?.height != state.height || hasForgotten || known.count > QueryReads.givenMax {
                given[number] = Given(height: state.height)
            }
            given[number]!.keys.formUnion(ahead + questions.asked)
        }
        memory.withLock { $0.note(questions.asked, contract: contract, sender: asker) }
        return answer
    }

    /// Who asks is not known; who has the same key pair is the same.
    private static func asker(_ input: [UInt8]) -> AccountAddress {
        AccountAddress(input.dropFirst(32).prefix(AccountAddress.byteCount))
            ?? AccountAddress([UInt8](repeating: 0, count: AccountAddress.byteCount))!
    }

    private func keys(
        _ contract: AccountAddress, _ asker: AccountAddress, _ state: StateSnapshot
    ) throws -> [ReadMemory.Key] {
        var keys = [ComputeStore.contractKey(contract), ComputeStore.identityKey(contract)]
        if let bytes = try state.get(StoreName.compute, keys[0]), let info = try? ContractInfo(decoding: bytes) {
            keys.append(ComputeStore.codeKey(info.codeID))
        }
        var all = keys.map { ReadMemory.Key(store: StoreName.compute, key: $0) }
        var budget = GuessBudget(bytesLeft: QueryReads.guessedBytesMax)
        let guesses = memory.withLock { $0.keys(contract: contract, sender: asker) }
        for guess in guesses.prefix(QueryReads.keysMax) where !all.contains(guess) {
            if budget.take(try state.get(guess.store, guess.key)?.count ?? 0) { all.append(guess) }
        }
        return all
    }

    private static func prove(_ keys: [ReadMemory.Key], _ state: StateSnapshot) throws -> [StateProof] {
        try Set(keys.map(\.store)).sorted().map { store in
            try state.proof(of: StoreKeys(store: store, keys: keys.filter { $0.store == store }.map(\.key)))
        }
    }
}

/// Answers what a query asks, from one state.
private final class QueryAnswers: HostAnswering {
    private let state: StateSnapshot
    private let database: StateDatabase
    private let modules: ModuleFolder
    private(set) var asked: [ReadMemory.Key] = []

    init(state: StateSnapshot, database: StateDatabase, modules: ModuleFolder) {
        self.state = state
        self.database = database
        self.modules = modules
    }

    func readState(_ read: StateRead) throws -> [StateProof] {
        guard read.version == state.height else { throw UnanswerableQuestion(question: "state \(read.version)") }
        asked += read.reads.flatMap { keys in keys.keys.map { ReadMemory.Key(store: keys.store, key: $0) } }
        return try read.reads.map { try state.proof(of: $0) }
    }

    func readCode(hash: [UInt8]) throws -> [UInt8] {
        try database.codeToCompile(hash: hash, modules: modules)
    }

    func readModule(hash: [UInt8]) throws -> [UInt8] { modules.module(of: hash) }

    func runLedgerMessage(_ message: LedgerMessage) throws -> LedgerMessageResult {
        throw UnanswerableQuestion(question: "ledger message")
    }
    func revertScope(_ scope: UInt32) throws { throw UnanswerableQuestion(question: "scope") }
}
