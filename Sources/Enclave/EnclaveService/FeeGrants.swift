import EnclaveProtocol
import LedgerRecords
import SignedTransactions
import StateProofs
import Wire

/// The grants by which accounts pay others' fees, as they are proved before the block, less what it used of them.
///
/// The attack: a host passes a transaction on whose fee somebody is to pay who granted nothing, or whose grant is
/// spent, past its time or not for such messages; so a call runs for which its sender gave nothing. A granter's own
/// message in the block may have changed a grant, or failed, which only the ledger knows: none of the granter's counts
/// then.
struct FeeGrants {
    private var left: [ByteKey: FeeAllowance?] = [:]
    private var changed: Set<AccountAddress> = []

    /// That a message of an account may change what it granted.
    mutating func change(by granter: AccountAddress) { changed.insert(granter) }

    /// Whether a grant covers the fee of a transaction that somebody else pays; what it uses of it is gone.
    mutating func use(for transaction: Transaction, in state: ProvenState, at time: Timestamp) throws(Failure) -> Bool {
        let (granter, grantee) = (transaction.feeSource, transaction.feePayer)
        guard granter != grantee else { return true }
        // A chain that began before there were grants has no store of them.
        guard !changed.contains(granter), state.commitment.root(of: StoreName.feegrant) != nil,
            let fee = try? Coins(transaction.authentication.fee.amount)
        else { return false }
        let key = FeegrantStore.grantKey(from: granter, to: grantee)
        let allowance: FeeAllowance?
        if let known = left[ByteKey(key)] {
            allowance = known
        } else if let record = try state.value(StoreName.feegrant, key) {
            guard let grant = try? FeeGrant(decoding: record) else { throw Failure.stateRecordMalformed }
            allowance = grant.allowance
        } else {
            allowance = nil
        }
        guard let allowance else { return false }
        do {
            left[ByteKey(key)] = .some(
                try allowance.paying(fee, for: transaction.body.messages.map(\.typeURL), at: time))
            return true
        } catch {
            return false
        }
    }
}
