import Ante
import EnclaveLink
import EnclaveProtocol
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateStore

/// Answers the enclave's questions about the state before a block, and sends ahead what it will likely ask.
package final class StateAnswers {
    package let snapshot: StateSnapshot
    private let database: StateDatabase
    private let modules: ModuleFolder
    /// Code that transactions of this block stored.
    package var storedCodes: [Hash32: [UInt8]] = [:]
    package private(set) var memory: ReadMemory
    /// What the enclave has been given in this block, and still knows.
    private var given: Set<ReadMemory.Key> = []
    /// What was proved ahead for a transaction that has not run yet.
    private var prepared: (index: Int, proofs: [StateProof])?

    package init(database: StateDatabase, modules: ModuleFolder, snapshot: StateSnapshot, memory: ReadMemory) {
        self.database = database
        self.modules = modules
        self.snapshot = snapshot
        self.memory = memory
    }

    package func prefetch(_ form: TransactionForm, at index: Int) throws -> [StateProof] {
        if let next = prepared {
            prepared = nil
            if next.index == index { return next.proofs }
            // It never reached the enclave.
            forget(next.proofs)
        }
        return try prefetch(form)
    }

    /// These proofs have not been given to the enclave.
    package func forget(_ proofs: [StateProof]) {
        for proof in proofs { given.subtract(proof.keys.map { ReadMemory.Key(store: proof.store, key: $0) }) }
    }

    /// Proves what the transaction at `index` will likely read, ahead of its turn: while the enclave runs the one
    /// before.
    package func prepare(_ form: TransactionForm, at index: Int) {
        guard prepared == nil, let proofs = try? prefetch(form) else { return }
        prepared = (index, proofs)
    }

    private func prefetch(_ form: TransactionForm) throws -> [StateProof] {
        var prefetch = try Prefetch(form, on: snapshot)
        try prefetch.add(form, from: &memory, on: snapshot)
        return try prefetch.unknown(besides: given).map(prove)
    }

    package func read(_ read: StateRead, for form: TransactionForm) throws -> [StateProof] {
        let proofs = try self.read(read)
        let asked = read.reads.flatMap { keys in keys.keys.map { ReadMemory.Key(store: keys.store, key: $0) } }
        for compute in form.computeMessages {
            guard let compute, let contract = compute.calledContract else { continue }
            memory.note(asked, contract: contract, sender: compute.sender)
        }
        return proofs
    }

    package func read(_ read: StateRead) throws -> [StateProof] {
        guard read.version == snapshot.height else { throw UnanswerableQuestion(question: "state \(read.version)") }
        return try read.reads.map(prove)
    }

    package func module(hash: [UInt8]) -> [UInt8] { modules.module(of: hash) }

    package func code(hash bytes: [UInt8]) throws -> [UInt8] {
        if let hash = Hash32(bytes), let code = storedCodes[hash] {
            modules.noteCompilation()
            return code
        }
        return try database.codeToCompile(hash: bytes, modules: modules)
    }

    private func prove(_ keys: StoreKeys) throws -> StateProof {
        for key in keys.keys { given.insert(ReadMemory.Key(store: keys.store, key: key)) }
        return try snapshot.proof(of: keys)
    }
}

/// What the enclave asks when it begins a block: whether the state gives out its own keys as the network's, and what
/// was vouched for if it was begun before.
package final class OpeningQuestions: HostAnswering {
    private let answers: StateAnswers
    private let journal: RunJournal?
    private let headers: ((Int64) throws -> [UInt8]?)?

    package init(_ answers: StateAnswers, journal: RunJournal?, headers: ((Int64) throws -> [UInt8]?)?) {
        (self.answers, self.journal, self.headers) = (answers, journal, headers)
    }

    package func readJournal(first: Int, count: Int) throws -> [Hash32] {
        Array((journal?.hashes ?? []).dropFirst(first).prefix(min(count, BoundaryProtocol.journalHashesPerAnswerMax)))
    }

    package func readState(_ read: StateRead) throws -> [StateProof] { try answers.read(read) }

    package func readHeaders(highest: UInt64, count: Int) throws -> [[UInt8]] {
        try headers.map { try shownHeaders($0, highest: highest, count: count) } ?? []
    }

    package func readCode(hash: [UInt8]) throws -> [UInt8] { throw UnanswerableQuestion(question: "code") }
    package func runLedgerMessage(_ message: LedgerMessage) throws -> LedgerMessageResult {
        throw UnanswerableQuestion(question: "ledger message")
    }
    package func revertScope(_ scope: UInt32) throws { throw UnanswerableQuestion(question: "scope") }
}

/// From `highest` downwards: the headers that there are, as many as one answer holds.
private func shownHeaders(
    _ headers: (Int64) throws -> [UInt8]?, highest: UInt64, count: Int
) throws -> [[UInt8]] {
    guard let highest = Int64(exactly: highest) else { return [] }
    var shown: [[UInt8]] = []
    while shown.count < min(count, BoundaryProtocol.headersPerAnswerMax), highest > shown.count,
        let header = try headers(highest - Int64(shown.count))
    {
        shown.append(header)
    }
    return shown
}

/// What the enclave asks while it drives one transaction.
package final class DrivenTransaction: HostAnswering {
    /// Above every scope that the enclave opens: a message that fails is undone by itself.
    private static let messageScope = UInt32.max

    private let index: UInt32
    private let form: TransactionForm
    private let answers: StateAnswers
    private let overlay: ScopedOverlay
    private let router: MessageRouter
    private let block: BlockContext
    private let journal: RunJournal?
    private let headers: (Int64) throws -> [UInt8]?
    private var ledgerMessages: UInt32 = 0
    /// What messages that the user signed said of themselves, by their places; without bank's, of which the enclave
    /// tells.
    ///
    /// Nobody but this host vouches for them, and no hash covers any event. So the enclave does not hear them, no
    /// contract reads them, and they are shown only beside a result that succeeded.
    package private(set) var events: [MessageEvents] = []

    package init(
        index: UInt32, form: TransactionForm, answers: StateAnswers, overlay: ScopedOverlay, router: MessageRouter,
        block: BlockContext, journal: RunJournal?, headers: @escaping (Int64) throws -> [UInt8]? = { _ in nil }
    ) {
        self.headers = headers
        self.index = index
        self.form = form
        self.answers = answers
        self.overlay = overlay
        self.router = router
        self.block = block
        self.journal = journal
    }

    package func readState(_ read: StateRead) throws -> [StateProof] { try answers.read(read, for: form) }

    package func readCode(hash: [UInt8]) throws -> [UInt8] { try answers.code(hash: hash) }

    package func readModule(hash: [UInt8]) throws -> [UInt8] { answers.module(hash: hash) }

    /// Those that lead from this block to the one that somebody's evidence names.
    package func readHeaders(highest: UInt64, count: Int) throws -> [[UInt8]] {
        try shownHeaders(headers, highest: highest, count: count)
    }

    /// The answer is a fact this host vouches for: it is in the journal before it is given.
    package func runLedgerMessage(_ message: LedgerMessage) throws -> LedgerMessageResult {
        overlay.open(message.scope)
        overlay.open(DrivenTransaction.messageScope)
        let result: LedgerMessageResult
        do {
            let outcome = try run(message)
            result = try LedgerMessageResult(outcome)
            note(outcome.events, of: message)
            overlay.open(message.scope)
        } catch let refusal as TransactionRefusal {
            overlay.revert(to: DrivenTransaction.messageScope)
            result = LedgerMessageResult(refusal)
        }
        try journal?.record(.ledgerResult(index: index, sequence: ledgerMessages, result))
        ledgerMessages += 1
        return result
    }

    private func run(_ message: LedgerMessage) throws -> MessageOutcome {
        guard let signer = AccountAddress(message.signer) else {
            throw TransactionRefusal.invalidAddress("signer has \(message.signer.count) bytes")
        }
        let any = AnyMessage(typeURL: message.typeURL, value: message.value)
        return try router.run(any, signer: signer, in: block, on: overlay)
    }

    /// Of what a contract sends the enclave tells. That has another signer than any message of the transaction, so one
    /// that stands there is the next of its kind.
    private func note(_ own: [Event], of message: LedgerMessage) {
        guard message.typeURL != BankMessage.sendTypeURL, message.typeURL != BankMessage.multiSendTypeURL else {
            return
        }
        let messages = form.transaction.body.messages
        let first = events.last.map { $0.message + 1 } ?? 0
        let place = messages.indices.dropFirst(first).first {
            messages[$0].typeURL == message.typeURL && messages[$0].value.elementsEqual(message.value)
        }
        guard let place else { return }
        let all = events.flatMap(\.events) + own
        events.append(MessageEvents(message: place, events: BlockEvents(bounding: all).leftOut == 0 ? own : []))
    }

    package func revertScope(_ scope: UInt32) throws { overlay.revert(to: scope) }
}

/// What one message of a transaction said of itself.
package struct MessageEvents: Equatable, Sendable {
    /// Its place in the transaction.
    package var message: Int
    package var events: [Event]

    package init(message: Int, events: [Event]) { (self.message, self.events) = (message, events) }
}

extension LedgerMessageResult {
    /// What a message did, as the enclave is told it; its events are the enclave's to make. Throws a refusal if it says
    /// more than the enclave can be told.
    init(_ outcome: MessageOutcome) throws {
        self.init()
        data = Array(outcome.response.value)
        responseTypeURL = outcome.response.typeURL
        guard try ToEnclave.ledgerMessage(self).fits() else { throw TransactionRefusal.leavesTooMuch }
    }

    init(_ refusal: TransactionRefusal) {
        self.init()
        (code, codespace, log) = (refusal.code, refusal.codespace, refusal.log)
    }
}
