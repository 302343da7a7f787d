import HostAnswers
import LedgerRecords
import ModuleKit
import SignedTransactions
import StateProofs
import StateStore

/// The state that transactions are checked on: the last committed one, and above it what those that already wait will
/// have done to the accounts that sent them. So several transactions of one sender can wait at once.
///
/// What was accepted is kept by account: a block that did not touch an account leaves what waits of it as it was.
/// Used under the application's lock.
final class CheckState: LedgerState {
    private struct Key: Hashable {
        var store: String
        var key: [UInt8]
    }

    /// Reads the last committed state.
    var base: any CommittedState
    private var accepted: [AccountAddress: [Key: [UInt8]?]] = [:]
    private var pending: [Key: [UInt8]?] = [:]

    init(base: any CommittedState) { self.base = base }

    func value(of key: [UInt8], in store: String) throws -> [UInt8]? {
        let name = Key(store: store, key: key)
        if let value = pending[name] { return value }
        if let owner = CheckState.owner(of: key, in: store), let value = accepted[owner]?[name] { return value }
        return try base.value(of: key, in: store)
    }

    func entries(
        in store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) throws -> [LedgerEntry] {
        var written: [[UInt8]: [UInt8]?] = [:]
        for values in accepted.values + [pending] {
            for (key, value) in values where key.store == store && key.key.starts(with: prefix) {
                written.updateValue(value, forKey: key.key)
            }
        }
        return try StateEntry.entries(written: written, after: after, limit: limit, reverse: reverse) { after, limit in
            try base.entries(in: store, prefix: prefix, after: after, limit: limit, reverse: reverse)
                .map { StateEntry(key: $0.key, value: $0.value) }
        }.map { LedgerEntry(key: $0.key, value: $0.value) }
    }

    func set(_ value: [UInt8]?, of key: [UInt8], in store: String) {
        pending[Key(store: store, key: key)] = .some(value)
    }

    /// Runs a check and keeps what it wrote only when `keeps` is set and nothing was thrown.
    func attempt<Result>(keeps: Bool, _ body: () throws -> Result) throws -> Result {
        defer { pending = [:] }
        let result = try body()
        guard keeps else { return result }
        for (key, value) in pending {
            // A module's balance is nobody's to spend by transaction, so nothing that waits depends on it.
            guard let owner = CheckState.owner(of: key.key, in: key.store) else { continue }
            accepted[owner, default: [:]][key] = .some(value)
        }
        return result
    }

    func reset(_ accounts: Set<AccountAddress>) {
        for account in accounts { accepted[account] = nil }
    }

    /// For when nothing waits here: an engine with a mempool of its own checks everything again.
    func resetAll() { accepted = [:] }

    /// The accounts whose record or balance a block changed.
    static func owners(of writes: StateDatabase.Writes) -> Set<AccountAddress> {
        var owners: Set<AccountAddress> = []
        for (store, values) in writes {
            for key in values.keys { if let owner = owner(of: key, in: store) { owners.insert(owner) } }
        }
        return owners
    }

    /// The account whose record or balance a key holds.
    static func owner(of key: [UInt8], in store: String) -> AccountAddress? {
        switch store {
        case StoreName.account:
            guard key.starts(with: AccountStore.accountPrefix) else { return nil }
            return AccountAddress(key.dropFirst(AccountStore.accountPrefix.count))
        case StoreName.bank: return BankStore.balance(ofKey: key)?.address
        default: return nil
        }
    }
}
