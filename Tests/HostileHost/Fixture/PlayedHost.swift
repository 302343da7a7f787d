import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import Foundation
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import StateStore
import Testing
import Wire

/// The host, played by a test. `play` is an honest host's whole block; a dishonest one does the steps itself and leaves
/// one out, changes one, or answers a question through `tricks`.
final class PlayedHost: HostAnswering {
    /// Each gets what an honest host would answer.
    struct Tricks {
        var readState: (StateRead, [StateProof]) throws -> [StateProof] = { $1 }
        var readCode: ([UInt8], [UInt8]) throws -> [UInt8] = { $1 }
        var readModule: ([UInt8], [UInt8]) throws -> [UInt8] = { $1 }
        /// Gets which facts are asked for, and their hashes.
        var journal: (Range<Int>, [Hash32]) throws -> [Hash32] = { $1 }
        /// Gets the highest that is asked for, and the headers from there downwards.
        var headers: (UInt64, [[UInt8]]) throws -> [[UInt8]] = { $1 }
        var ledger: (LedgerMessage, LedgerMessageResult) throws -> LedgerMessageResult = { $1 }
    }

    let chain: FourValidatorChain
    var lane: any ExecutionLink
    var tricks = Tricks()
    /// All results the enclave has given out in this block, opened.
    private(set) var outputs: [PlayedResult] = []
    /// Of the last block that came to its end: what the keys which the next header brings must open.
    /// What the enclave wrote of registrations as the block began.
    private(set) var registerWrites: [StateWrite] = []
    /// What it had to say of the epoch that the block began, and which values it put under its key.
    private(set) var begun = BegunBlock()
    /// How many values this host shows it at once for that.
    var renewedCount = 64
    private var sealedOutputs: [(place: OutputPlace, result: PlayedResult)] = []
    private var endedOutputs: [(place: OutputPlace, result: PlayedResult)] = []
    let machine: OpenedMachine
    /// What this host vouched for in the block it is in, as an honest host keeps it.
    private(set) var journal: [[UInt8]] = []
    /// What this host says it vouched for when it ran the block before.
    private var givenJournal: [Hash32] = []
    private(set) var lastRecord: [UInt8] = []
    private(set) var questions = 0
    /// Sealed modules that this host has kept, by code hash.
    var modules: [[UInt8]: [UInt8]] = [:]
    private(set) var ledgerMessages: [LedgerMessage] = []
    private var block: DecidedBlock?
    /// The one after it, if this host shows what it proves.
    private var next: DecidedBlock?
    var state: HostState
    private var results: [ExecutionResult] = []
    private var codes: [[UInt8]] = []
    private var index: UInt32 = 0
    private var ledgerSequence: UInt32 = 0

    init(_ chain: FourValidatorChain, lane: any ExecutionLink, machine: OpenedMachine) throws {
        self.chain = chain
        self.machine = machine
        self.lane = lane
        state = HostState(try chain.state.latestSnapshot()!)
    }

    var transactions: [[UInt8]] { block?.transactions ?? [] }

    // MARK: - The steps of a block

    @discardableResult
    func begin(
        _ block: DecidedBlock, journal: [[UInt8]] = [], next: DecidedBlock? = nil,
        changing change: (inout BeginBlock) -> Void = { _ in }
    ) throws -> BegunBlock {
        self.block = block
        self.next = next
        self.journal = []
        outputs = []
        results = []
        codes = []
        ledgerMessages = []
        // There is none for a height that only a liar would begin.
        state = HostState(try (try? chain.state.snapshot(at: block.height - 1)) ?? chain.state.latestSnapshot()!)
        var begin = block.begin
        begin.next = next?.proof
        givenJournal = journal.map { VouchedFact(bytes: $0).hash }
        begin.renewed = try renewed(before: block.height)
        change(&begin)
        begun = try lane.beginBlock(begin, answering: self)
        registerWrites = begun.registerWrites
        for write in begun.computeWrites { state.set(StoreName.compute, write.key, write.value) }
        for write in registerWrites { state.set(StoreName.register, write.key, write.value) }
        sealedOutputs = []
        try open(endedOutputs.filter { $0.place.headerHash == block.header.lastBlockID?.hash }, with: begun.outputKeys)
        return begun
    }

    /// The next header is here: every output opens with the key that came with it, to what the test has seen all along.
    private func open(_ ended: [(place: OutputPlace, result: PlayedResult)], with keys: [OutputKey]) throws {
        guard !ended.isEmpty else { return }
        #expect(keys.map(\.index) == ended.map(\.place.index))
        for (key, (place, result)) in zip(keys, ended) {
            #expect(TransactionOutput(opening: result.sealed.output, key: key.key, at: place) == result.output)
        }
    }

    func hand(_ transactions: [[UInt8]]? = nil) throws {
        try lane.sendTransactions(transactions ?? block!.transactions)
    }

    /// Lets the enclave run a transaction; the ante part is this host's business.
    @discardableResult
    func run(_ index: Int, prefetched: [StateProof] = [], provedResult: [UInt8]? = nil) throws -> PlayedResult {
        let transactions = block!.transactions
        if index < transactions.count, let transaction = try? Transaction(decoding: transactions[index]) {
            _ = try state.runAnte(transaction)
        }
        journal.append(VouchedFact.admitted(index: UInt32(index)).bytes)
        self.index = UInt32(index)
        ledgerSequence = 0
        let afterAnte = state.writes
        var request = RunTransaction()
        request.index = UInt32(index)
        request.prefetched = prefetched
        request.provedResult = provedResult ?? next?.provedResult(at: index) ?? []
        let result: DrivenResult
        do {
            result = try lane.runTransaction(request, answering: self)
        } catch {
            state.leaveTransaction(reverting: afterAnte)
            throw error
        }
        state.leaveTransaction(reverting: result.code == 0 ? nil : afterAnte)
        for write in result.writes { state.set(StoreName.compute, write.key, write.value) }
        for write in result.registerWrites { state.set(StoreName.register, write.key, write.value) }
        codes += result.storedCodes
        let place = OutputPlace(headerHash: block!.header.hash(), index: UInt32(index))
        let key = machine.outputKey(place, result.leaf)
        let output = try #require(TransactionOutput(opening: result.output, key: key, at: place))
        let played = PlayedResult(sealed: result, output: output)
        outputs.append(played)
        sealedOutputs.append((place, played))
        note(result.leaf)
        return played
    }

    /// As if the ante rules had refused it.
    func skip(_ index: Int, code: UInt32 = 32) {
        journal.append(VouchedFact.skipped(index: UInt32(index)).bytes)
        note(ExecutionResult(code: code, data: [], gasWanted: 0, gasUsed: 0))
    }

    /// A transaction without contracts: coins that are sent.
    func runHere(_ transaction: Transaction) throws {
        let before = state.writes
        for message in transaction.body.messages where try state.run(message).code != 0 {
            state.leaveTransaction(reverting: before)
            note(ExecutionResult(code: 5, data: [], gasWanted: 200_000, gasUsed: 50_000))
            return
        }
        let data = TransactionData(
            responses: transaction.body.messages.map { MessageResponse.empty(toMessage: $0.typeURL) })
        note(ExecutionResult(code: 0, data: data.encoded, gasWanted: 200_000, gasUsed: 50_000))
    }

    func note(_ result: ExecutionResult) { results.append(result) }

    /// Ends the block and lets the chain go on from what came of it, unless it has gone on before.
    @discardableResult
    func end() throws -> [UInt8] {
        lastRecord = try lane.endBlock()
        endedOutputs = sealedOutputs
        guard block!.header.height > chain.height else { return lastRecord }
        try chain.adopt(block!, writes: state.writes, results: results, codes: codes)
        return lastRecord
    }

    /// A whole block, honestly.
    ///
    /// - Returns: the sealed record after it.
    @discardableResult
    func play(_ block: DecidedBlock, journal: [[UInt8]] = [], next: DecidedBlock? = nil) throws -> [UInt8] {
        try begin(block, journal: journal, next: next)
        try hand()
        for (index, bytes) in block.transactions.enumerated() {
            if LeaseTransaction.nonce(in: bytes) != nil {
                note(ExecutionResult(code: 0, data: [], gasWanted: 0, gasUsed: 0))
                continue
            }
            let transaction = try Transaction(decoding: bytes)
            var trial = state
            guard try trial.runAnte(transaction) else {
                skip(index)
                continue
            }
            if transaction.hasComputeMessage {
                try run(index)
            } else {
                _ = try state.runAnte(transaction)
                try runHere(transaction)
            }
        }
        return try end()
    }

    // MARK: - Answers

    func readState(_ read: StateRead) throws -> [StateProof] {
        questions += 1
        return try tricks.readState(read, try read.reads.map { try prove($0.store, $0.keys, at: read.version) })
    }

    /// What an honest host answers about these keys.
    func prove(_ store: String, _ keys: [[UInt8]], at height: UInt64) throws -> StateProof {
        let proved = try chain.state.snapshot(at: height).multiproof(store, keys)
        return StateProof(store: store, keys: keys, values: proved.values, proof: proved.proof)
    }

    /// As an honest host shows them, behind where the record of the epoch says or behind another path.
    func renewed(before height: UInt64, after path: Hash32? = nil) throws -> StateProof? {
        let snapshot = HostState(try (try? chain.state.snapshot(at: height - 1)) ?? chain.state.latestSnapshot()!)
        guard let record = try snapshot.get(StoreName.register, RegisterStore.epochKey),
            let recorded = try KeyEpoch(protobuf: record).renewedUpTo
        else { return nil }
        return try chain.state.snapshot(at: height - 1).multiproof(
            StoreName.compute, after: path ?? recorded, countMax: renewedCount, bytesMax: 1 << 20
        ).map { StateProof(store: $0.store, keys: $0.keys, values: $0.values, proof: $0.proof) }
    }

    func readCode(hash: [UInt8]) throws -> [UInt8] {
        questions += 1
        let code = try codes.first { SHA256.hash($0).bytes == hash } ?? chain.state.blob(Hash32(hash)!) ?? []
        return try tricks.readCode(hash, code)
    }

    func readModule(hash: [UInt8]) throws -> [UInt8] {
        questions += 1
        return try tricks.readModule(hash, modules[hash] ?? [])
    }

    func readJournal(first: Int, count: Int) throws -> [Hash32] {
        questions += 1
        let given = givenJournal.dropFirst(first).prefix(count)
        return try tricks.journal(first..<first + count, Array(given))
    }

    func readHeaders(highest: UInt64, count: Int) throws -> [[UInt8]] {
        questions += 1
        let honest = (0..<Int64(count)).compactMap { below -> [UInt8]? in
            let height = Int64(highest) - below
            return height == block?.header.height ? block?.header.protobuf : chain.headers[height]?.protobuf
        }
        return try tricks.headers(highest, honest)
    }

    func runLedgerMessage(_ message: LedgerMessage) throws -> LedgerMessageResult {
        questions += 1
        ledgerMessages.append(message)
        state.enter(message.scope)
        let honest = try state.run(AnyMessage(typeURL: message.typeURL, value: message.value))
        let result = try tricks.ledger(message, honest)
        journal.append(try VouchedFact.ledgerResult(index: index, sequence: ledgerSequence, result).bytes)
        ledgerSequence += 1
        return result
    }

    func revertScope(_ scope: UInt32) throws {
        questions += 1
        state.revert(scope)
    }
}
