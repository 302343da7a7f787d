import SignedTransactions
import Wire

/// What earlier calls of a contract asked to read, so that the next call gets it with its transaction instead of in a
/// trip of its own. A guess that costs a few hashes when wrong; it never decides a result. Bounded everywhere.
package struct ReadMemory: Sendable {
    package struct Key: Hashable, Sendable {
        package var store: String
        package var key: [UInt8]
        package init(store: String, key: [UInt8]) { (self.store, self.key) = (store, key) }

        // Keys of different stores begin differently, so the store need not be hashed.
        package func hash(into hasher: inout Hasher) { ByteKey(key).hash(into: &hasher) }
    }

    private struct Caller: Hashable, Sendable {
        var contract: AccountAddress
        var sender: AccountAddress
    }

    /// Keys that several senders' calls asked for, and keys that one sender's calls asked for.
    private var shared: RecentMap<AccountAddress, RecentKeys>
    private var own: RecentMap<Caller, RecentKeys>
    private let sharedKeysMax = 48
    private let ownKeysMax = 16

    package init(contractsMax: Int = 512, callersMax: Int = 8_192) {
        shared = RecentMap(countMax: contractsMax)
        own = RecentMap(countMax: callersMax)
    }

    package mutating func keys(contract: AccountAddress, sender: AccountAddress) -> [Key] {
        let common = shared.value(for: contract)?.keys ?? []
        let mine = own.value(for: Caller(contract: contract, sender: sender))?.keys ?? []
        return common + mine.filter { !common.contains($0) }
    }

    package mutating func note(_ keys: [Key], contract: AccountAddress, sender: AccountAddress) {
        guard !keys.isEmpty else { return }
        var common = shared.value(for: contract) ?? RecentKeys()
        var mine = own.value(for: Caller(contract: contract, sender: sender)) ?? RecentKeys()
        for key in keys {
            if let other = common.candidates[key], other != sender {
                common.insert(key, countMax: sharedKeysMax)
                common.candidates[key] = nil
            } else {
                if common.candidates.count >= 4 * sharedKeysMax { common.candidates = [:] }
                common.candidates[key] = sender
                mine.insert(key, countMax: ownKeysMax)
            }
        }
        shared.set(common, for: contract)
        own.set(mine, for: Caller(contract: contract, sender: sender))
    }
}

/// Keys, the most recently asked first.
private struct RecentKeys: Sendable {
    var keys: [ReadMemory.Key] = []
    /// Keys that so far one sender asked for.
    var candidates: [ReadMemory.Key: AccountAddress] = [:]

    mutating func insert(_ key: ReadMemory.Key, countMax: Int) {
        keys.removeAll { $0 == key }
        keys.insert(key, at: 0)
        if keys.count > countMax { keys.removeLast(keys.count - countMax) }
    }
}

/// A dictionary that forgets, of more than `countMax` entries, the half that was used longest ago.
private struct RecentMap<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let countMax: Int
    private var entries: [Key: (value: Value, stamp: UInt64)] = [:]
    private var clock: UInt64 = 0

    init(countMax: Int) { self.countMax = countMax }

    mutating func value(for key: Key) -> Value? {
        guard let entry = entries[key] else { return nil }
        clock += 1
        entries[key]!.stamp = clock
        return entry.value
    }

    mutating func set(_ value: Value, for key: Key) {
        clock += 1
        entries[key] = (value, clock)
        guard entries.count > countMax else { return }
        let median = entries.values.map(\.stamp).sorted()[entries.count / 2]
        entries = entries.filter { $0.value.stamp >= median }
    }
}

/// What is sent ahead on a guess. Contracts choose how large their values are, so guesses are weighed.
struct GuessBudget {
    private(set) var bytesLeft: Int

    /// Whether there is room for a value of `size` bytes; if so, it is taken.
    mutating func take(_ size: Int) -> Bool {
        guard size <= bytesLeft else { return false }
        bytesLeft -= size
        return true
    }
}
