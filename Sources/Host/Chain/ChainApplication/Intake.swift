import HostAnswers
import LedgerModules
import Mempool
import PublicCryptography
import SignedTransactions

/// What a check of a transaction came to.
package struct CheckResult: Equatable, Sendable {
    package var hash: Hash32
    package var code: UInt32 = 0
    package var codespace = ""
    package var log = ""
    package var gasWanted: UInt64 = 0
    package var gasUsed: UInt64 = 0

    init(hash: Hash32) { self.hash = hash }

    init(hash: Hash32, _ refusal: TransactionRefusal) {
        self.hash = hash
        (code, codespace, log) = (refusal.code, refusal.codespace, refusal.log)
    }
}

/// The transactions that wait, and the state on which the next is checked. Used under the application's lock.
final class Intake {
    private(set) var mempool: TransactionPool
    let checkState: CheckState

    init(limits: MempoolLimits, base: any CommittedState) {
        mempool = TransactionPool(limits: limits)
        checkState = CheckState(base: base)
    }

    /// A transaction that passed its check, as the mempool keeps it.
    static func pending(_ form: TransactionForm) -> PendingTransaction {
        let transaction = form.transaction
        let fee = transaction.authentication.fee
        let paid = fee.amount.first { $0.denomination == BankModule.feeDenomination }?.amount ?? 0
        return PendingTransaction(
            hash: transaction.hash, bytes: transaction.envelope.bytes,
            signers: zip(transaction.signers, transaction.authentication.signers).map {
                PendingTransaction.Signer(address: $0, sequence: $1.sequence)
            }, price: GasPrice(fee: UInt64(clamping: paid), gasLimit: fee.gasLimit),
            timeoutHeight: transaction.body.timeoutHeight)
    }

    /// Checks a transaction and, when it passes, lets it wait. The refusal says why not.
    func admit(
        _ bytes: [UInt8], hash: Hash32, height: UInt64, check: (CheckState) throws -> TransactionForm
    ) throws -> PendingTransaction {
        if let refusal = mempool.admit(hash: hash, byteCount: bytes.count) {
            throw TransactionRefusal(code: refusal.code, log: refusal.text)
        }
        do {
            let form = try checkState.attempt(keeps: true) { try check(checkState) }
            let transaction = Intake.pending(form)
            mempool.add(transaction, height: height)
            return transaction
        } catch {
            mempool.forget(hash)
            throw error
        }
    }

    /// Goes on to the state after a block, and checks again what the block may have spoiled.
    func advance(
        to base: any CommittedState, height: UInt64, included: [IncludedTransaction], touched: Set<AccountAddress>,
        recheck: (PendingTransaction, CheckState) throws -> Void
    ) throws {
        checkState.base = base
        let plan = mempool.update(height: height, included: included, touched: touched)
        if mempool.isEmpty { checkState.resetAll() } else { checkState.reset(plan.accounts) }
        for transaction in plan.transactions {
            do {
                try checkState.attempt(keeps: true) { try recheck(transaction, checkState) }
            } catch is TransactionRefusal {
                mempool.drop(transaction.hash)
            }
        }
    }
}
