import ConsensusSimulation
import EnclaveLink
import EnclaveProtocol
import PublicCryptography

/// A node's execution lane, on which something may happen in the middle of a block.
final class HostLane: ExecutionLink, @unchecked Sendable {
    // The engine's thread has it.
    enum Event {
        case enclaveDies(said: () -> Void)
        case hostDies(said: () -> Void)
        /// Gets how the block was begun, its transactions, and which is next; `true` if the platform then knows of what
        /// this enclave does not.
        case clone(run: (BeginBlock, [[UInt8]], UInt32) -> Bool)
        case lie(Lie, said: () -> Void)
    }

    /// What happens next, before so many transactions of a block that has any.
    var next: (event: Event, after: Int)?
    /// What was said to begin the block.
    private var begin: BeginBlock?
    private var transactions: [[UInt8]] = []
    private var lie: Lie?
    /// A clone was ahead in this block: it must not come to its end.
    private(set) var hasClone = false
    private let enclave: SimulatedEnclave

    init(_ enclave: SimulatedEnclave) { self.enclave = enclave }

    private var lane: Lane { enclave.execution }

    private func answers(_ questions: any HostAnswering) -> any HostAnswering {
        lie.map { LyingAnswers(questions, $0) } ?? questions
    }

    func beginBlock(_ block: BeginBlock, answering questions: any HostAnswering) throws -> BegunBlock {
        (begin, transactions, lie, hasClone) = (block, [], nil, false)
        var block = block
        if case .lie(let lie, let said)? = next?.event, let changed = lie.changing(block) {
            next = nil
            block = changed
            said()
        }
        return try lane.beginBlock(block, answering: questions)
    }

    func sendTransactions(_ transactions: [[UInt8]]) throws {
        self.transactions = transactions
        try lane.sendTransactions(transactions)
    }

    func runTransaction(
        _ transaction: RunTransaction, answering questions: any HostAnswering
    ) throws -> DrivenResult {
        try runTransaction(transaction, answering: questions, meanwhile: {})
    }

    func runTransaction(
        _ transaction: RunTransaction, answering questions: any HostAnswering, meanwhile: () -> Void
    ) throws -> DrivenResult {
        if let (event, after) = next {
            next = after == 0 ? nil : (event, after - 1)
            if after == 0 {
                switch event {
                case .enclaveDies(let said):
                    said()
                    enclave.kill()
                case .hostDies(let said):
                    said()
                    throw NodeCrashed()
                case .clone(let run):
                    if let begin { hasClone = run(begin, transactions, transaction.index) || hasClone }
                case .lie(let lie, let said):
                    said()
                    self.lie = lie
                }
            }
        }
        return try lane.runTransaction(transaction, answering: answers(questions), meanwhile: meanwhile)
    }

    func endBlock() throws -> [UInt8] { try lane.endBlock() }
    func advance(_ advance: Advance) throws -> [UInt8] { try lane.advance(advance) }
}

/// Something false, of which a seed gives the place.
struct Lie {
    enum Kind: CaseIterable {
        case value, missingValue, proof, ledgerFailure, ledgerData, code
        case storeRoot, results, commit, transactionHash
    }

    var kind: Kind
    var seed: UInt64

    /// The block as it is begun falsely; `nil` if the lie is none about that, or there is nothing to change.
    func changing(_ block: BeginBlock) -> BeginBlock? {
        var stream = SeededStream(seed: seed, purpose: 31)
        var block = block
        switch kind {
        case .storeRoot:
            guard !block.storeRoots.isEmpty else { return nil }
            let place = stream.below(block.storeRoots.count)
            block.storeRoots[place].root = Lie.changed(block.storeRoots[place].root, &stream)
        case .results:
            guard !block.previousResults.isEmpty else { return nil }
            let place = stream.below(block.previousResults.count)
            block.previousResults[place] = Lie.changed(block.previousResults[place], &stream)
        case .commit: block.commit = Lie.changed(block.commit, &stream)
        case .transactionHash:
            guard !block.transactionHashes.isEmpty else { return nil }
            let place = stream.below(block.transactionHashes.count)
            block.transactionHashes[place] = Lie.changed(block.transactionHashes[place], &stream)
        case .value, .missingValue, .proof, .ledgerFailure, .ledgerData, .code: return nil
        }
        return block
    }

    /// With another bit.
    static func changed(_ bytes: [UInt8], _ stream: inout SeededStream) -> [UInt8] {
        guard !bytes.isEmpty else { return [1] }
        var bytes = bytes
        bytes[stream.below(bytes.count)] ^= 1 << stream.below(8)
        return bytes
    }
}

/// Tells the enclave one thing that is not so.
private final class LyingAnswers: HostAnswering {
    private let honest: any HostAnswering
    private let kind: Lie.Kind
    private var stream: SeededStream

    init(_ honest: any HostAnswering, _ lie: Lie) {
        (self.honest, kind) = (honest, lie.kind)
        stream = SeededStream(seed: lie.seed, purpose: 32)
    }

    func readState(_ read: StateRead) throws -> [StateProof] {
        var proofs = try honest.readState(read)
        guard !proofs.isEmpty else { return proofs }
        let place = stream.below(proofs.count)
        switch kind {
        case .value:
            guard !proofs[place].values.isEmpty else { break }
            let value = stream.below(proofs[place].values.count)
            proofs[place].values[value] = Lie.changed(proofs[place].values[value] ?? [], &stream)
        case .missingValue:
            guard !proofs[place].values.isEmpty else { break }
            proofs[place].values[stream.below(proofs[place].values.count)] = nil
        case .proof: proofs[place].proof = Lie.changed(proofs[place].proof, &stream)
        default: break
        }
        return proofs
    }

    func readCode(hash: [UInt8]) throws -> [UInt8] {
        let code = try honest.readCode(hash: hash)
        return kind == .code ? Lie.changed(code, &stream) : code
    }

    func readModule(hash: [UInt8]) throws -> [UInt8] {
        let module = try honest.readModule(hash: hash)
        return kind == .code ? Lie.changed(module, &stream) : module
    }

    func readJournal(first: Int, count: Int) throws -> [Hash32] { try honest.readJournal(first: first, count: count) }
    func readHeaders(highest: UInt64, count: Int) throws -> [[UInt8]] {
        try honest.readHeaders(highest: highest, count: count)
    }

    func runLedgerMessage(_ message: LedgerMessage) throws -> LedgerMessageResult {
        var result = try honest.runLedgerMessage(message)
        switch kind {
        case .ledgerFailure:
            result = LedgerMessageResult()
            (result.code, result.codespace, result.log) = (5, "sdk", "insufficient funds")
        case .ledgerData: result.data = [UInt8(stream.below(256))]
        default: break
        }
        return result
    }

    func revertScope(_ scope: UInt32) throws { try honest.revertScope(scope) }
}
