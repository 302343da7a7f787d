import Ante
import ChainFormats
import ChainInterface
import HostAnswers
import Mempool
import ModuleKit
import PublicCryptography
import SignedTransactions
import Synchronization

extension Application {
    package func checkTransaction(_ bytes: [UInt8], _ kind: CheckKind) throws -> CheckOutcome {
        let transaction = HashedTransaction(bytes)
        if LeaseTransaction.nonce(in: bytes) != nil { return checkUnsigned(transaction, kind) }
        let result = try checked(transaction.hash) {
            let form = try TransactionForm(transaction, router: ledger.router)
            try check(form, kind == .new ? .check : .recheck, thenAdd: nil)
            return form.transaction
        }
        metrics.transactionChecked(result, byteCount: bytes.count)
        return result
    }

    /// What a check would come to now. Nothing of it counts for the checks that follow, and nothing waits.
    package func tryTransaction(_ bytes: [UInt8]) throws -> CheckOutcome {
        let transaction = HashedTransaction(bytes)
        if LeaseTransaction.nonce(in: bytes) != nil { return CheckOutcome(hash: transaction.hash) }
        return try checked(transaction.hash) {
            let form = try TransactionForm(transaction, router: ledger.router)
            let (_, claims) = try intake.withLock { intake in
                try intake.checkState.draft {
                    try ante.book(form, in: nextBlock, mode: .check, on: intake.checkState)
                }
            }
            for claim in claims { try ante.verify(claim, of: form) }
            return form.transaction
        }
    }

    /// Takes a transaction from a client or a peer: checks it and lets it wait for a block.
    package func submit(_ bytes: [UInt8]) throws -> CheckOutcome {
        let transaction = HashedTransaction(bytes)
        let hash = transaction.hash
        if LeaseTransaction.nonce(in: bytes) != nil { return submitUnsigned(transaction, isOwn: false) }
        var accepted: PendingTransaction?
        let result = try checked(hash) {
            try intake.withLock { try $0.admit(hash, byteCount: bytes.count) }
            do {
                let form = try TransactionForm(transaction, router: ledger.router)
                let pending = Intake.pending(transaction, form)
                try check(form, .check, thenAdd: pending)
                accepted = pending
                return form.transaction
            } catch {
                intake.withLock { $0.mempool.forget(hash) }
                throw error
            }
        }
        metrics.transactionChecked(result, byteCount: bytes.count)
        if let accepted { tellAccepted(accepted) }
        return result
    }

    private func tellAccepted(_ transaction: PendingTransaction) {
        let (count, byteCount) = waitingTotals
        metrics.mempoolChanged(count: count, bytes: byteCount)
        events.publish(.accepted(transaction.hash))
    }

    /// Takes the nonce of this node's own enclave: it has a place, however many strangers ask for one.
    package func submitOwnLease(_ bytes: [UInt8]) -> CheckOutcome {
        submitUnsigned(HashedTransaction(bytes), isOwn: true)
    }

    /// For an engine that keeps the mempool itself: between two blocks no more come in than a block takes.
    private func checkUnsigned(_ transaction: HashedTransaction, _ kind: CheckKind) -> CheckOutcome {
        let isFull = intake.withLock { intake in
            guard kind == .new else { return false }
            intake.unsignedChecks += 1
            return intake.unsignedChecks > Self.unsignedPerBlockMax
        }
        guard isFull else { return CheckOutcome(hash: transaction.hash) }
        return CheckOutcome(hash: transaction.hash, TransactionRefusal(MempoolRefusal.full.error))
    }

    /// Transactions that nobody pays for; no honest validator proposes a block with more, or votes for one.
    static let unsignedPerBlockMax = 64

    /// Lets a transaction wait that pays nothing, for which there is little room.
    private func submitUnsigned(_ transaction: HashedTransaction, isOwn: Bool) -> CheckOutcome {
        let pending = PendingTransaction(transaction, signers: [], price: GasPrice(fee: 0, gasLimit: 0))
        do throws(TransactionRefusal) {
            try intake.withLock { intake throws(TransactionRefusal) in
                try intake.admit(pending.hash, byteCount: pending.byteCount)
                guard isOwn || intake.mempool.hasRoomForUnsigned else {
                    intake.mempool.forget(pending.hash)
                    throw TransactionRefusal(MempoolRefusal.full.error)
                }
                intake.mempool.add(pending, height: committedHeight)
            }
        } catch {
            return CheckOutcome(hash: pending.hash, error)
        }
        tellAccepted(pending)
        return CheckOutcome(hash: pending.hash)
    }

    /// The transactions that wait, oldest first.
    package func waiting(countMax: Int) -> [PendingTransaction] {
        intake.withLock { $0.mempool.oldest(countMax) }.map(\.transaction)
    }

    /// The same from a place in the order of arrival on, each with its place.
    package func waiting(from order: UInt64, countMax: Int) -> [(order: UInt64, transaction: PendingTransaction)] {
        intake.withLock { $0.mempool.oldest(countMax, from: order) }
    }

    /// How many transactions wait, and their bytes.
    package var waitingTotals: (count: Int, bytes: Int) {
        intake.withLock { ($0.mempool.count, $0.mempool.byteCount) }
    }

    // MARK: - Checks

    private func checked(_ hash: Hash32, _ body: () throws -> Transaction) throws -> CheckOutcome {
        do {
            let transaction = try body()
            var result = CheckOutcome(hash: hash)
            result.gasWanted = transaction.authentication.fee.gasLimit
            result.gasUsed = transaction.anteGas
            return result
        } catch let refusal as TransactionRefusal {
            return CheckOutcome(hash: hash, refusal)
        }
    }

    /// Checks a transaction on what checks see, and lets `pending` wait under the same lock. Signatures, which take
    /// longest, are verified when all else is in order, and without the lock. What the check came to counts if the
    /// state still says what it read; else the transaction is looked at once more. That ends, since each time more is
    /// proved of the few keys there are.
    private func check(
        _ form: TransactionForm, _ mode: AnteHandler.Mode, thenAdd pending: PendingTransaction?
    ) throws {
        var proved: [SignatureClaim] = []
        while true {
            let (draft, claims) = try intake.withLock { [proved] intake in
                let block = nextBlock
                let height = block.height - 1
                let (draft, claims) = try intake.checkState.draft {
                    try ante.book(form, in: block, mode: mode, on: intake.checkState)
                }
                let open = claims.filter { !proved.contains($0) }
                if open.isEmpty { try intake.accept(draft, of: form, thenAdd: pending, height: height) }
                return (draft, open)
            }
            if claims.isEmpty { return }
            for claim in claims { try ante.verify(claim, of: form) }
            proved += claims
            let isAccepted = try intake.withLock { intake in
                guard intake.checkState.holds(draft) else { return false }
                try intake.accept(draft, of: form, thenAdd: pending, height: committedHeight)
                return true
            }
            if isAccepted { return }
        }
    }

    /// Called with the state after a block, before the next one can be proposed.
    func advanceIntake(
        to base: any CommittedState, height: UInt64, included: [IncludedTransaction], touched: Set<AccountAddress>
    ) throws {
        let next = BlockContext(height: height + 1, time: committedTime, proposer: [])
        let (count, bytes, recheck) = try intake.withLock { intake in
            let recheck = try intake.advance(to: base, height: height, included: included, touched: touched) {
                form, state in
                _ = try ante.book(form, in: next, mode: .recheck, on: state)
            }
            return (intake.mempool.count, intake.mempool.byteCount, recheck)
        }
        metrics.mempoolChanged(count: count, bytes: bytes)
        metrics.mempoolRechecked(count: recheck.count, dropped: recheck.dropped)
    }
}

extension TransactionForm {
    init(_ transaction: HashedTransaction, router: MessageRouter) throws(TransactionRefusal) {
        try self.init(decoding: transaction.bytes, hash: transaction.hash, router: router)
    }
}
