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
        let result = try checked(transaction.hash) {
            let form = try TransactionForm(transaction, router: ledger.router)
            try check(form, kind == .new ? .check : .recheck, thenAdd: nil)
            return form.transaction
        }
        metrics.transactionChecked(code: result.code)
        return result
    }

    /// Takes a transaction from a client or a peer: checks it and lets it wait for a block.
    package func submit(_ bytes: [UInt8]) throws -> CheckOutcome {
        let transaction = HashedTransaction(bytes)
        let hash = transaction.hash
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
        metrics.transactionChecked(code: result.code)
        if let accepted {
            let (count, byteCount) = waitingTotals
            metrics.mempoolChanged(count: count, bytes: byteCount)
            events.publish(.accepted(accepted.hash))
        }
        return result
    }

    /// The transactions that wait, oldest first.
    package func waiting(countMax: Int) -> [PendingTransaction] {
        intake.withLock { $0.mempool.oldest(countMax) }
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
                let height = committedHeight
                let (draft, claims) = try intake.checkState.draft {
                    try ante.book(form, height: height + 1, mode: mode, on: intake.checkState)
                }
                let open = claims.filter { !proved.contains($0) }
                if open.isEmpty { try intake.accept(draft, thenAdd: pending, height: height) }
                return (draft, open)
            }
            if claims.isEmpty { return }
            for claim in claims { try ante.verify(claim, of: form) }
            proved += claims
            let isAccepted = try intake.withLock { intake in
                guard intake.checkState.holds(draft) else { return false }
                try intake.accept(draft, thenAdd: pending, height: committedHeight)
                return true
            }
            if isAccepted { return }
        }
    }

    /// Called with the state after a block, before the next one can be proposed.
    func advanceIntake(
        to base: any CommittedState, height: UInt64, included: [IncludedTransaction], touched: Set<AccountAddress>
    ) throws {
        let (count, bytes) = try intake.withLock { intake in
            try intake.advance(to: base, height: height, included: included, touched: touched) { transaction, state in
                let form = try TransactionForm(transaction.transaction, router: ledger.router)
                _ = try ante.book(form, height: height + 1, mode: .recheck, on: state)
            }
            return (intake.mempool.count, intake.mempool.byteCount)
        }
        metrics.mempoolChanged(count: count, bytes: bytes)
    }
}

extension TransactionForm {
    init(_ transaction: HashedTransaction, router: MessageRouter) throws(TransactionRefusal) {
        try self.init(decoding: transaction.bytes, hash: transaction.hash, router: router)
    }
}
