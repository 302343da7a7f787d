import EnclaveProtocol
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs

/// What the enclave itself knows of balances inside a block: an amount counts only if it was proved in the state before
/// the block, or received in this block out of an amount that counted.
///
/// The attack: a contract shows a secret to whoever pays; the host says "paid" for a sender who has nothing, reads the
/// answer and throws the block away. So no contract sees funds that are not covered here, whatever the host's ledger
/// says. Debits of transactions that the host alone runs are taken as done, without asking whether they succeeded;
/// their credits are never counted.
final class FundsCover {
    private struct Purse: Hashable {
        var account: AccountAddress
        var denomination: String
    }

    private let state: ProvenState
    /// Of the block's header, in seconds.
    private let time: Int64
    private var available: [[Purse: UInt128]] = [[:]]
    /// Accounts of which nothing counts until the next block: what they signed does not say what it takes, or is a
    /// transaction that only the host's ledger can tell from a forged one.
    private var poisoned: Set<AccountAddress> = []

    init(state: ProvenState, time: Int64) {
        (self.state, self.time) = (state, time)
    }

    func covers(_ coins: Coins, of account: AccountAddress) throws(Failure) -> Bool {
        for coin in coins.list where try balance(account, coin.denomination) < coin.amount { return false }
        return true
    }

    /// Why the account cannot spend `coins`, by the first that is not covered; `nil` if it can.
    func lack(of coins: Coins, of account: AccountAddress) throws(Failure) -> MessageFailure? {
        for coin in coins.list {
            let counts = try balance(account, coin.denomination)
            if counts < coin.amount { return .insufficientFunds(Coin(counts, coin.denomination), for: coin) }
        }
        return nil
    }

    /// Takes covered coins away; what is not covered leaves zero.
    func debit(_ coins: Coins, from account: AccountAddress) throws(Failure) {
        for coin in coins.list {
            let balance = try held(account, coin.denomination)
            set(account, coin.denomination, balance >= coin.amount ? balance - coin.amount : 0)
        }
    }

    /// Moves coins that are covered: the receiver may count on them in this block.
    func move(_ coins: Coins, from sender: AccountAddress, to receiver: AccountAddress) throws(Failure) {
        try debit(coins, from: sender)
        for coin in coins.list {
            let (sum, overflow) = try held(receiver, coin.denomination).addingReportingOverflow(coin.amount)
            if !overflow { set(receiver, coin.denomination, sum) }
        }
    }

    func poison(_ account: AccountAddress) {
        poisoned.insert(account)
    }

    func open() { available.append([:]) }

    func merge() {
        let top = available.removeLast()
        available[available.count - 1].merge(top) { _, new in new }
    }

    /// Undoes what was moved since the scope was opened. A poisoned account stays poisoned: fewer funds count, never
    /// more.
    func discard() { available.removeLast() }

    /// What counts of an account's coins and can be spent.
    ///
    /// The attack: a host shows coins that the ledger holds and lets nobody spend, as its own. So they count less what
    /// is locked, by the account's record in the state that proves the balance. A record made in this block is not
    /// looked at: the coins that it locks came with it, and were never counted.
    func balance(_ account: AccountAddress, _ denomination: String) throws(Failure) -> UInt128 {
        let held = try held(account, denomination)
        guard held > 0, let record = try state.value(StoreName.account, AccountStore.accountKey(account)) else {
            return held
        }
        let vesting: VestingCoins?
        do { vesting = try AccountRecord.vesting(of: record) } catch { throw Failure.stateRecordMalformed }
        return held - min(held, vesting?.locked(denomination, at: time) ?? 0)
    }

    /// What counts of an account's coins, with those that are locked.
    func held(_ account: AccountAddress, _ denomination: String) throws(Failure) -> UInt128 {
        if poisoned.contains(account) { return 0 }
        let purse = Purse(account: account, denomination: denomination)
        for layer in available.reversed() {
            if let amount = layer[purse] { return amount }
        }
        guard let text = try state.value(StoreName.bank, BankStore.balanceKey(account, denomination)) else { return 0 }
        guard let amount = Coin.amount(text) else { throw Failure.stateRecordMalformed }
        return amount
    }

    /// The denominations of which something of the account's may count: held before the block, or received in it.
    func denominations(of account: AccountAddress) throws(Failure) -> Set<String> {
        guard var held = BankStore.holdings(try state.value(StoreName.bank, BankStore.holdingsKey(account))) else {
            throw Failure.stateRecordMalformed
        }
        for layer in available {
            for purse in layer.keys where purse.account == account { held.insert(purse.denomination) }
        }
        return held
    }

    private func set(_ account: AccountAddress, _ denomination: String, _ amount: UInt128) {
        available[available.count - 1][Purse(account: account, denomination: denomination)] = amount
    }
}
