import Ante
import Bank
import ChainFormats
import HostAnswers
import Mempool
import ModuleKit
import PublicCryptography
import SignedTransactions

/// The transactions that wait, and the state on which the next is checked. Used under the application's lock.
final class Intake {
    var mempool: TransactionPool
    let checkState: CheckState
    /// Of what waits, as it was read when it came: many may be checked again behind each block.
    private var forms: [Hash32: TransactionForm] = [:]
    /// Transactions without a signature that were checked since the last block.
    var unsignedChecks = 0

    init(limits: MempoolLimits, base: any CommittedState) {
        mempool = TransactionPool(limits: limits)
        checkState = CheckState(base: base)
    }

    /// A transaction that passed its check, as the mempool keeps it.
    static func pending(_ bytes: HashedTransaction, _ form: TransactionForm) -> PendingTransaction {
        let transaction = form.transaction
        let fee = transaction.authentication.fee
        let paid = fee.amount.first { $0.denomination == BankModule.feeDenomination }?.amount ?? 0
        return PendingTransaction(
            bytes,
            signers: zip(transaction.signers, transaction.authentication.signers).map {
                PendingTransaction.Signer(address: $0, sequence: $1.sequence)
            }, price: GasPrice(fee: UInt64(clamping: paid), gasLimit: fee.gasLimit),
            timeoutHeight: transaction.body.timeoutHeight)
    }

    /// Whether a transaction may be checked at all. From here on its hash is known: `add` comes next, or `forget`.
    func admit(_ hash: Hash32, byteCount: Int) throws(TransactionRefusal) {
        if let refusal = mempool.admit(hash: hash, byteCount: byteCount) { throw TransactionRefusal(refusal) }
    }

    /// Lets what a check of `form` did count, and `transaction` wait, which it was read of and for which the place may
    /// have been taken that there was when it came.
    func accept(
        _ draft: CheckState.Draft, of form: TransactionForm, thenAdd transaction: PendingTransaction?, height: UInt64
    ) throws(TransactionRefusal) {
        if let transaction {
            guard mempool.hasRoom(byteCount: transaction.byteCount) else { throw TransactionRefusal(.full) }
            mempool.add(transaction, height: height)
            forms[transaction.hash] = form
        }
        checkState.keep(draft)
    }

    /// Goes on to the state after a block, and checks again what the block may have spoiled; how many that were, and
    /// how many were dropped.
    func advance(
        to base: any CommittedState, height: UInt64, included: [IncludedTransaction], touched: Set<AccountAddress>,
        recheck: (TransactionForm, CheckState) throws -> Void
    ) throws -> (count: Int, dropped: Int) {
        checkState.base = base
        unsignedChecks = 0
        let plan = mempool.update(height: height, included: included, touched: touched)
        forms = forms.filter { mempool.contains($0.key) }
        if mempool.isEmpty { checkState.resetAll() } else { checkState.reset(plan.accounts) }
        var dropped = plan.expired.count
        for transaction in plan.transactions {
            // What nobody signs has none, and no account that a block could touch.
            guard let form = forms[transaction.hash] else { continue }
            do {
                let (draft, _) = try checkState.draft { try recheck(form, checkState) }
                checkState.keep(draft)
            } catch is TransactionRefusal {
                mempool.drop(transaction.hash)
                forms[transaction.hash] = nil
                dropped += 1
            }
        }
        return (plan.transactions.count, dropped)
    }
}

extension TransactionRefusal {
    fileprivate init(_ refusal: MempoolRefusal) { self.init(refusal.error) }
}
