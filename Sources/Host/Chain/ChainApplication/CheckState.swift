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
    fileprivate struct Key: Hashable {
        var store: String
        var key: [UInt8]
    }

    /// What a check did that is not yet to count: what it wrote, and what it rests on.
    struct Draft {
        fileprivate var writes: [Key: [UInt8]?] = [:]
        /// What stood among the accepted, or that nothing did.
        fileprivate var reads: [(key: Key, accepted: [UInt8]??)] = []
        fileprivate var baseNumber: UInt64 = 0
        /// Whether it looked at more than single values.
        fileprivate var readsRanges = false
    }

    /// Reads the last committed state.
    var base: any CommittedState {
        didSet { baseNumber += 1 }
    }
    private var baseNumber: UInt64 = 0
    private var accepted: [AccountAddress: [Key: [UInt8]?]] = [:]
    /// Of the check that runs.
    private var current = Draft()

    init(base: any CommittedState) { self.base = base }

    /// What checks see at one moment, for what is only tried, and must not hold up what comes in.
    struct View: Sendable {
        fileprivate let base: any CommittedState
        fileprivate let accepted: [AccountAddress: [Key: [UInt8]?]]
    }

    var view: View { View(base: base, accepted: accepted) }

    /// Of whoever makes it, without a lock.
    init(_ view: View) { (base, accepted) = (view.base, view.accepted) }

    func value(of key: [UInt8], in store: String) throws -> [UInt8]? {
        let name = Key(store: store, key: key)
        if let value = current.writes[name] { return value }
        let value = acceptedValue(name)
        current.reads.append((name, value))
        if let value { return value }
        return try base.value(of: key, in: store)
    }

    private func acceptedValue(_ key: Key) -> [UInt8]?? {
        CheckState.owner(of: key.key, in: key.store).flatMap { accepted[$0]?[key] }
    }

    func entries(
        in store: String, prefix: [UInt8], after: [UInt8]?, limit: Int, reverse: Bool
    ) throws -> [LedgerEntry] {
        var written: [[UInt8]: [UInt8]?] = [:]
        current.readsRanges = true
        for values in accepted.values + [current.writes] {
            for (key, value) in values where key.store == store && key.key.starts(with: prefix) {
                written.updateValue(value, forKey: key.key)
            }
        }
        let behind = written.keys.filter { key in
            after.map { reverse ? key.lexicographicallyPrecedes($0) : $0.lexicographicallyPrecedes(key) } ?? true
        }.sorted { $0.lexicographicallyPrecedes($1) }
        return try StateEntry.entries(
            written: MergedKeys([behind[...]], reverse: reverse), value: { written[$0] ?? nil }, after: after,
            limit: limit, reverse: reverse
        ) { after, limit in
            try base.entries(in: store, prefix: prefix, after: after, limit: limit, reverse: reverse)
                .map { StateEntry(key: $0.key, value: $0.value) }
        }.map { LedgerEntry(key: $0.key, value: $0.value) }
    }

    func set(_ value: [UInt8]?, of key: [UInt8], in store: String) {
        current.writes[Key(store: store, key: key)] = .some(value)
    }

    /// Runs a check. What it does counts when `keep` is called.
    func draft<Result>(_ body: () throws -> Result) rethrows -> (Draft, Result) {
        current = Draft(baseNumber: baseNumber)
        defer { current = Draft() }
        let result = try body()
        return (current, result)
    }

    /// Whether a check would come to the same now: no block came since, and it would read the same.
    func holds(_ draft: Draft) -> Bool {
        draft.baseNumber == baseNumber && !draft.readsRanges
            && draft.reads.allSatisfy { acceptedValue($0.key) == $0.accepted }
    }

    /// Lets what a check wrote count for the checks that follow. Only what an account owns: nothing that waits depends
    /// on what else is written.
    func keep(_ draft: Draft) {
        for (key, value) in draft.writes {
            guard let owner = CheckState.owner(of: key.key, in: key.store) else { continue }
            accepted[owner, default: [:]][key] = .some(value)
        }
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

    /// The account whose record, balance or allowance for fees a key holds.
    static func owner(of key: [UInt8], in store: String) -> AccountAddress? {
        switch store {
        case StoreName.account:
            guard key.starts(with: AccountStore.accountPrefix) else { return nil }
            return AccountAddress(key.dropFirst(AccountStore.accountPrefix.count))
        case StoreName.bank: return BankStore.balance(ofKey: key)?.address
        case StoreName.feegrant:
            guard key.starts(with: FeegrantStore.grantPrefix) else { return nil }
            let start = FeegrantStore.grantPrefix.count + 1
            return AccountAddress(key.dropFirst(start).prefix(AccountAddress.byteCount))
        default: return nil
        }
    }
}
