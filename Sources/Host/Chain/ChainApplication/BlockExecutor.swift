import Ante
import BlockParameters
import ChainFormats
import DecidedBlocks
import EnclaveLink
import EnclaveProtocol
import HostAnswers
import LedgerRecords
import Logging
import ModuleKit
import PublicCryptography
import Registration
import SignedTransactions
import StateProofs
import StateStore
import Upgrade
import Wire

/// A decided block, with what proves to the enclave that it is decided.
package struct BlockToRun: Sendable {
    package var context: BlockContext
    package var headerHash: Hash32
    /// In the encodings of the boundary: header, commit for it, and the set that signed.
    package var header: [UInt8]
    package var commit: [UInt8]
    package var validators: [UInt8]
    package var transactions: [HashedTransaction]
    /// The results of the block before.
    package var previousResults: [ExecutionResult]
    /// What the block after this one proves of it, where that has been decided already.
    package var next: NextBlock?
    /// Headers of the chain before this block, as far as this node has them.
    package var headers: (@Sendable (_ height: Int64) throws -> [UInt8]?)?

    package init(
        context: BlockContext, headerHash: Hash32, header: [UInt8], commit: [UInt8], validators: [UInt8],
        transactions: [HashedTransaction], previousResults: [ExecutionResult], next: NextBlock? = nil
    ) {
        self.context = context
        self.headerHash = headerHash
        self.header = header
        self.commit = commit
        self.validators = validators
        self.transactions = transactions
        self.previousResults = previousResults
        self.next = next
    }

    /// A decided block, and the results under its header, which are those of the block before.
    package struct NextBlock: Sendable {
        /// In the encodings of the boundary.
        package var header: [UInt8]
        package var commit: [UInt8]
        package var validators: [UInt8]
        package var results: [ExecutionResult]
        /// Headers of the blocks that there are.
        package var headers: @Sendable (_ height: Int64) throws -> [UInt8]?

        package init(
            header: [UInt8], commit: [UInt8], validators: [UInt8], results: [ExecutionResult],
            headers: @escaping @Sendable (_ height: Int64) throws -> [UInt8]?
        ) {
            (self.header, self.commit, self.validators) = (header, commit, validators)
            (self.results, self.headers) = (results, headers)
        }
    }
}

/// Runs the transactions of one block, in order: those without contract messages here, the others by letting the
/// enclave drive them and answering what it asks.
///
/// Of a transaction that breaks an ante rule nothing is left. Of one that fails later the fee and the sequence are
/// left, and what the enclave says must be (whose an encrypted input is). Nothing here is undone when an error other
/// than a refusal is thrown: the node ends, and the block is run again from its beginning.
final class BlockExecutor {
    private let block: BlockToRun
    private let lane: any ExecutionLink
    /// `nil` where nothing is vouched for: the block is run again on the strength of the next one.
    private var journal: RunJournal?
    private let ante: AnteHandler
    private let ledger: ModuleList
    /// Whether this is the first block of these modules.
    private let isUpgrade: Bool
    /// By which plan it is; there may be one though no module changes.
    private let plan: UpgradePlan.Plan?
    /// How the enclave programs that the chain approves change with this block.
    private let approvals: RegistrationModule.Approvals?
    private let answers: StateAnswers
    private let overlay: ScopedOverlay
    /// A block against the limit is proposed by no honest validator and prevoted by none. Were one decided all the
    /// same, what is beyond the limit would fail at once, and neither this node nor its enclave would work for it.
    private var blockGas: ChainRules.BlockGas
    private(set) var drivenCount = 0
    private var outputs: [SealedOutput] = []
    /// What the enclave had to say of registrations as the block began.
    private var registerWrites: [StateWrite] = []
    /// Values that it has put under another key.
    private var renewedValues: [StateWrite] = []
    /// What it says of itself from this block on, if it says something new.
    private(set) var statement: EpochStatement?
    /// Decoded ahead of its turn.
    private var next: (index: Int, form: TransactionForm)?

    init(
        _ block: BlockToRun, lane: any ExecutionLink, journal: RunJournal, ante: AnteHandler, ledger: ModuleList,
        isUpgrade: Bool, plan: UpgradePlan.Plan?, approvals: RegistrationModule.Approvals?, answers: StateAnswers
    ) {
        self.block = block
        self.lane = lane
        self.journal = journal
        self.ante = ante
        self.ledger = ledger
        (self.isUpgrade, self.plan) = (isUpgrade, plan)
        self.approvals = approvals
        self.answers = answers
        blockGas = ChainRules.BlockGas(ante.rules)
        overlay = ScopedOverlay(answers.snapshot)
    }

    /// What the block came to. Only complete: the enclave has ended the block, too.
    struct Outcome {
        /// As consensus has them: of those that the enclave drove, without what stands in their outputs.
        var results: [TransactionResult]
        /// Of the block itself: what its begin and its end did.
        var events: BlockEvents
        /// What the block changed in who weighs what.
        var validatorPowers: [ValidatorPower]
        /// What the block changed blocks to be held to from the next one on; `nil` if it did not.
        var blockParameters: ConsensusModule.Values?
        var outputs: [SealedOutput]
        var writes: StateDatabase.Writes
        var codes: [[UInt8]]
        var sealedRecord: [UInt8]
    }

    /// Hands the block's header to the enclave. When this returns, the header is proved to it, and with the header the
    /// state before the block and the results of the block before, whose outputs the keys open.
    func begin(storeRoots: [StoreRoot]) throws -> [OutputKey] {
        var begin = BeginBlock()
        begin.header = block.header
        begin.commit = block.commit
        begin.validators = block.validators
        begin.transactionHashes = block.transactions.map(\.hash.bytes)
        begin.storeRoots = storeRoots
        begin.renewed = try RenewedValues.next(in: answers.snapshot)
        let leaves = block.previousResults.map(\.protobuf)
        begin.previousResults = leaves.map { MerkleTree.leafHash($0).bytes }
        begin.previousFailures = FailedResult.withoutEnclave(block.previousResults)
        let begun = try start(&begin)
        guard begun.height == block.context.height, begun.headerHash == block.headerHash.bytes else {
            throw EnclaveError.unexpectedMessage
        }
        registerWrites = begun.registerWrites
        renewedValues = begun.computeWrites
        if !begun.ioPublicKey.isEmpty {
            statement = EpochStatement(ioPublicKey: begun.ioPublicKey, evidence: begun.evidence)
        }
        return begun.outputKeys
    }

    /// The header of this block, or of one before it.
    private func header(_ height: Int64) throws -> [UInt8]? {
        height == Int64(clamping: block.context.height) ? block.header : try block.headers?(height)
    }

    /// Begins with what was vouched for before. Where the platform is ahead of this node, which was restored from a
    /// copy or has lost its journal, with what the next block proves instead.
    private func start(_ begin: inout BeginBlock) throws -> BegunBlock {
        try journal?.begin(height: block.context.height, headerHash: block.headerHash.bytes)
        do {
            return try lane.beginBlock(begin, answering: OpeningQuestions(answers, journal: journal, headers: header))
        } catch EnclaveError.refused(let failure) {
            guard let next = block.next, [.heightBehindJournal, .journalMissing, .journalDiffers].contains(failure)
            else { throw EnclaveError.refused(failure) }
            journal = nil
            begin.next = ProvingBlock(next)
            return try lane.beginBlock(begin, answering: OpeningQuestions(answers, journal: nil, headers: next.headers))
        }
    }

    func run() throws -> Outcome {
        // All of them, also where none is the enclave's: it takes one that it was not shown for one that was withheld.
        if !block.transactions.isEmpty { try lane.sendTransactions(block.transactions.map(\.bytes)) }
        var results: [TransactionResult] = []
        for write in renewedValues { overlay.set(write.value, of: write.key, in: StoreName.compute) }
        for write in registerWrites { overlay.set(write.value, of: write.key, in: StoreName.register) }
        if isUpgrade { try ledger.upgrade(block.context, on: overlay) }
        if let plan { try UpgradePlan.finish(plan, in: block.context, on: overlay) }
        if let approvals { try RegistrationModule.apply(approvals, on: overlay) }
        var events = try ledger.beginBlock(block.context, on: overlay)
        for index in block.transactions.indices { results.append(try run(index)) }
        events += try ledger.endBlock(block.context, on: overlay)
        try journal?.write()
        let sealedRecord = try lane.endBlock()
        let parameters = try ConsensusModule.current(in: overlay)
        let areNew = try parameters != ConsensusModule.current(in: answers.snapshot)
        let codes = answers.storedCodes.sorted { $0.key < $1.key }.map(\.value)
        return Outcome(
            results: results, events: BlockEvents(bounding: events),
            validatorPowers: try ledger.validatorPowers(in: overlay), blockParameters: areNew ? parameters : nil,
            outputs: outputs, writes: overlay.finish(), codes: codes, sealedRecord: sealedRecord)
    }

    /// The enclave numbers its scopes from 1, which is all of a transaction's messages.
    private enum Scope {
        static let transaction: UInt32 = 0
        static let messages: UInt32 = 1
    }

    // MARK: - One transaction

    private func run(_ index: Int) throws -> TransactionResult {
        // It has done what it is for by standing here.
        if LeaseTransaction.nonce(in: block.transactions[index].bytes) != nil { return TransactionResult() }
        let form: TransactionForm
        do throws(TransactionRefusal) {
            form =
                if let next, next.index == index { next.form } else {
                    try TransactionForm(block.transactions[index], router: ledger.router)
                }
        } catch {
            try noteSkipped(index)
            return TransactionResult(refused: error, gasWanted: 0, gasUsed: 0)
        }
        guard blockGas.take(form.transaction.authentication.fee.gasLimit) else {
            try noteSkipped(index)
            return refused(form, .noBlockGas)
        }
        overlay.open(Scope.transaction)
        let anteEvents: [Event]
        do {
            anteEvents = try ante.run(form, in: block.context, mode: .deliver, on: overlay)
        } catch let refusal as TransactionRefusal {
            overlay.revert(to: Scope.transaction)
            try noteSkipped(index)
            return refused(form, refusal)
        }
        do {
            let result = form.isDriven ? try drive(form, index, anteEvents) : try runHere(form, anteEvents)
            overlay.merge()
            return result
        } catch let refusal as EnclaveRefusal {
            overlay.revert(to: Scope.transaction)
            return refused(form, refusal.asResult)
        }
    }

    private func refused(_ form: TransactionForm, _ refusal: TransactionRefusal) -> TransactionResult {
        let limit = form.transaction.authentication.fee.gasLimit
        let wanted = limit > UInt64(Int64.max) ? 0 : limit
        return TransactionResult(refused: refusal, gasWanted: wanted, gasUsed: form.transaction.anteGas)
    }

    /// A transaction that is the enclave's and never reaches it is a fact that this host vouches for; it is said with
    /// the next one that does, or with the block's end.
    private func noteSkipped(_ index: Int) throws {
        guard let transaction = try? Transaction(decoding: block.transactions[index].bytes),
            transaction.hasComputeMessage
        else { return }
        try journal?.note(.skipped(index: UInt32(index)))
    }

    // MARK: - Without the enclave

    private func runHere(_ form: TransactionForm, _ anteEvents: [Event]) throws -> TransactionResult {
        var meter = GasMeter(limit: form.transaction.authentication.fee.gasLimit)
        overlay.open(Scope.messages)
        var result = TransactionResult()
        do {
            let outcome = try MessageRun.run(
                form, router: ledger.router, in: block.context, meter: &meter, on: overlay)
            result.data = TransactionData(responses: outcome.responses).encoded
            result.events = anteEvents + outcome.events
        } catch let refusal as TransactionRefusal {
            overlay.revert(to: Scope.messages)
            result = TransactionResult(refused: refusal, gasWanted: 0, gasUsed: 0, events: anteEvents)
        }
        result.gasWanted = meter.limit
        result.gasUsed = min(meter.consumed, UInt64(Int64.max))
        return result
    }

    // MARK: - Driven by the enclave

    /// Gets the next transaction of the enclave's ready, if it is the next one.
    private func prepare(after index: Int) {
        guard index + 1 < block.transactions.count,
            let form = try? TransactionForm(block.transactions[index + 1], router: ledger.router), form.isDriven
        else { return }
        next = (index + 1, form)
        answers.prepare(form, at: index + 1)
    }

    private func drive(_ form: TransactionForm, _ index: Int, _ anteEvents: [Event]) throws -> TransactionResult {
        var request = RunTransaction()
        request.index = UInt32(index)
        request.prefetched = try answers.prefetch(form, at: index)
        if journal == nil, let result = block.next?.results[index], !result.data.isEmpty {
            request.provedResult = result.protobuf
        }
        if try !ToEnclave.runTransaction(request).fits() {
            // It was only meant to save questions.
            answers.forget(request.prefetched)
            request.prefetched = []
        }
        overlay.open(Scope.messages)
        let questions = DrivenTransaction(
            index: UInt32(index), form: form, answers: answers, overlay: overlay, router: ledger.router,
            block: block.context, journal: journal, headers: header)
        let driven: DrivenResult
        // That it passed our ante rules is a fact that we vouch for, as its being skipped would be.
        try journal?.record(.admitted(index: UInt32(index)))
        do {
            driven = try lane.runTransaction(request, answering: questions, meanwhile: { prepare(after: index) })
        } catch EnclaveError.refused(let failure) {
            throw EnclaveRefusal(failure) ?? EnclaveError.refused(failure)
        }
        drivenCount += 1
        if driven.code == 0 { overlay.open(Scope.transaction) } else { overlay.revert(to: Scope.messages) }
        for write in driven.writes { overlay.set(write.value, of: write.key, in: StoreName.compute) }
        for write in driven.registerWrites { overlay.set(write.value, of: write.key, in: StoreName.register) }
        for code in driven.storedCodes { answers.storedCodes[SHA256.hash(code)] = code }
        var result = TransactionResult()
        result.code = driven.code
        result.data = driven.data
        result.gasWanted = driven.gasWanted
        result.gasUsed = driven.gasUsed
        result.events = anteEvents
        outputs.append(SealedOutput(index: UInt32(index), record: driven.output, events: questions.events))
        return result
    }
}

extension FailedResult {
    /// Those of `results` that failed and that no enclave came to: with them a host shows what it may have left out.
    fileprivate static func withoutEnclave(_ results: [ExecutionResult]) -> [FailedResult] {
        results.indices.filter { results[$0].code != 0 && results[$0].data.isEmpty }
            .map { FailedResult(index: UInt32($0), leaf: results[$0].protobuf) }
    }
}

extension ProvingBlock {
    fileprivate init(_ next: BlockToRun.NextBlock) {
        self.init(
            header: next.header, commit: next.commit, validators: next.validators,
            results: next.results.map { MerkleTree.leafHash($0.protobuf).bytes },
            refused: FailedResult.withoutEnclave(next.results))
    }
}

/// The enclave does not run a transaction that this host's ante rules let pass. Every enclave says the same of it: it
/// holds against the state before the block what we held against the state within.
private struct EnclaveRefusal: Error {
    var asResult: TransactionRefusal

    /// `nil` for a failure that is about something else than the transaction.
    init?(_ failure: Failure) {
        switch failure {
        case .transactionMalformed: asResult = .parseError("the enclave cannot read the transaction")
        case .signerUnknown: asResult = .unknownAddress("signer has no account before this block")
        case .signatureInvalid: asResult = .unauthorized("signature verification failed")
        case .sequenceUsed:
            asResult = TransactionRefusal(.wrongSequence, "sequence was used")
        case .timedOut: asResult = TransactionRefusal(.timedOut)
        case .feeNotCovered: asResult = .insufficientFunds("fee is not covered before this block")
        default: return nil
        }
    }
}
