import HostAnswers
import LedgerModules
import Mempool
import PublicCryptography
import SignedTransactions
import Synchronization

extension Application {
    package enum CheckKind: Sendable { case new, recheck }

    /// ABCI's CheckTx, for an engine with a mempool of its own: what passes counts for the checks that follow.
    package func checkTx(_ bytes: [UInt8], _ kind: CheckKind) throws -> CheckResult {
        let result = try intake.withLock { intake in
            try checked(SHA256.hash(bytes)) {
                try intake.checkState.attempt(keeps: true) {
                    try check(bytes, kind == .new ? .check : .recheck, on: intake.checkState)
                }.transaction
            }
        }
        metrics.transactionChecked(code: result.code)
        return result
    }

    /// Takes a transaction from a client or a peer: checks it and lets it wait for a block.
    package func submit(_ bytes: [UInt8]) throws -> CheckResult {
        let hash = SHA256.hash(bytes)
        var accepted: PendingTransaction?
        let (result, count, byteCount) = try intake.withLock { intake in
            let result = try checked(hash) {
                var transaction: Transaction?
                accepted = try intake.admit(bytes, hash: hash, height: committedHeight) { state in
                    let form = try check(bytes, .check, on: state)
                    transaction = form.transaction
                    return form
                }
                return transaction!
            }
            return (result, intake.mempool.count, intake.mempool.byteCount)
        }
        metrics.transactionChecked(code: result.code)
        if let accepted {
            metrics.mempoolChanged(count: count, bytes: byteCount)
            progress.withLock { $0.observer }?.applicationAccepted(accepted)
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

    private func checked(_ hash: Hash32, _ body: () throws -> Transaction) throws -> CheckResult {
        do {
            let transaction = try body()
            var result = CheckResult(hash: hash)
            result.gasWanted = transaction.authentication.fee.gasLimit
            result.gasUsed = transaction.anteGas
            return result
        } catch let refusal as TransactionRefusal {
            return CheckResult(hash: hash, refusal)
        }
    }

    private func check(_ bytes: [UInt8], _ mode: AnteHandler.Mode, on state: CheckState) throws -> TransactionForm {
        let form = try TransactionForm(decoding: bytes, router: router)
        _ = try ante.run(form.transaction, height: committedHeight + 1, mode: mode, on: state)
        return form
    }

    /// Called with the state after a block, before the next one can be proposed.
    func advanceIntake(
        to base: any CommittedState, height: UInt64, included: [IncludedTransaction], touched: Set<AccountAddress>
    ) throws {
        let (count, bytes) = try intake.withLock { intake in
            try intake.advance(to: base, height: height, included: included, touched: touched) { transaction, state in
                _ = try check(transaction.bytes, .recheck, on: state)
            }
            return (intake.mempool.count, intake.mempool.byteCount)
        }
        metrics.mempoolChanged(count: count, bytes: bytes)
    }
}
