import ChainFormats
import DequeModule
import PublicCryptography
import SignedTransactions

package struct MempoolLimits: Equatable, Sendable {
    package var transactionCountMax = 5_000
    package var bytesMax = 64 << 20
    package var transactionBytesMax = HashedTransaction.byteCountMax
    package var knownHashesMax = 20_000
    /// Transactions that nobody signs, which cost nothing.
    package var unsignedMax = 32
    /// After this many blocks a transaction that got into none is dropped; zero keeps it for ever.
    package var heightsToLive: UInt64 = 1_000
    package init() {}
}

/// A transaction was not taken, for a reason that says nothing about the transaction's content.
package enum MempoolRefusal: Error, Equatable, Sendable {
    case alreadyKnown
    case full
    case transactionTooLarge

    package var error: SDKError {
        switch self {
        case .alreadyKnown: .alreadyInMempool
        case .full: .mempoolFull
        case .transactionTooLarge: .transactionTooLarge
        }
    }
}

package struct TransactionPool: Sendable {
    package let limits: MempoolLimits
    package private(set) var byteCount = 0

    private var entries: [Hash32: Entry] = [:]
    /// In the order of arrival; what has gone stands in it until that is more than what has not.
    private var arrivals: Deque<(order: UInt64, hash: Hash32)> = []
    /// Of those that wait, how many end at a height of their own.
    private var endingCount = 0
    private var unsignedCount = 0
    /// Of each signer, its waiting transactions by sequence.
    private var queues: [AccountAddress: [Hash32]] = [:]
    private var known: RecentHashes
    private var nextOrder: UInt64 = 0

    private struct Entry: Sendable {
        var transaction: PendingTransaction
        /// The place in the order of arrival.
        var order: UInt64
        /// The height of the last block when it arrived.
        var arrivedAt: UInt64
    }

    package init(limits: MempoolLimits = MempoolLimits()) {
        self.limits = limits
        known = RecentHashes(countMax: limits.knownHashesMax)
    }

    package var count: Int { entries.count }
    package var isEmpty: Bool { entries.isEmpty }

    // MARK: - Arrival

    /// Decides, before anything is spent on checking it, whether a transaction may come in. When it may, its hash is
    /// known from here on: the caller calls `add` after a successful check and `forget` after a failed one.
    package mutating func admit(hash: Hash32, byteCount size: Int) -> MempoolRefusal? {
        if size > limits.transactionBytesMax { return .transactionTooLarge }
        if known.contains(hash) {
            known.insert(hash)
            return .alreadyKnown
        }
        guard hasRoom(byteCount: size) else { return .full }
        known.insert(hash)
        return nil
    }

    package func hasRoom(byteCount size: Int) -> Bool {
        entries.count < limits.transactionCountMax && byteCount + size <= limits.bytesMax
    }

    /// Lets a transaction that failed its check be tried again.
    package mutating func forget(_ hash: Hash32) {
        guard entries[hash] == nil else { return }
        known.remove(hash)
    }

    package var hasRoomForUnsigned: Bool { unsignedCount < limits.unsignedMax }

    package mutating func add(_ transaction: PendingTransaction, height: UInt64) {
        guard entries[transaction.hash] == nil else { return }
        entries[transaction.hash] = Entry(transaction: transaction, order: nextOrder, arrivedAt: height)
        arrivals.append((nextOrder, transaction.hash))
        nextOrder += 1
        if transaction.timeoutHeight > 0 { endingCount += 1 }
        byteCount += transaction.byteCount
        if transaction.signers.isEmpty { unsignedCount += 1 }
        for signer in transaction.signers {
            // Looked for from the end: the next one of a signer nearly always goes behind all that wait.
            let queue = queues[signer.address] ?? []
            let last = queue.lastIndex { sequence(of: $0, for: signer.address) <= signer.sequence }
            queues[signer.address, default: []].insert(transaction.hash, at: last.map { $0 + 1 } ?? 0)
        }
    }

    // MARK: - What waits

    package func contains(_ hash: Hash32) -> Bool { entries[hash] != nil }

    package func transaction(_ hash: Hash32) -> PendingTransaction? { entries[hash]?.transaction }

    /// The oldest `countMax` transactions of those whose place in the order of arrival is `order` or a later one, each
    /// with its place.
    package func oldest(_ countMax: Int, from order: UInt64 = 0) -> [(order: UInt64, transaction: PendingTransaction)] {
        var (low, high) = (arrivals.startIndex, arrivals.endIndex)
        while low < high {
            let middle = low + (high - low) / 2
            if arrivals[middle].order < order { low = middle + 1 } else { high = middle }
        }
        var found: [(order: UInt64, transaction: PendingTransaction)] = []
        while low < arrivals.endIndex, found.count < countMax {
            if let entry = entry(arrivals[low]) { found.append((entry.order, entry.transaction)) }
            low += 1
        }
        return found
    }

    /// `nil` for what has gone, though its transaction may have come again.
    private func entry(_ arrival: (order: UInt64, hash: Hash32)) -> Entry? {
        entries[arrival.hash].flatMap { $0.order == arrival.order ? $0 : nil }
    }

    // MARK: - After a block

    /// What has to be checked again after a block.
    package struct Recheck: Equatable, Sendable {
        /// What a check still remembers of these accounts is void.
        package var accounts: Set<AccountAddress> = []
        /// All that waits of these accounts, in order of arrival: check each again, and `drop` those that fail.
        package var transactions: [PendingTransaction] = []
        /// What waited too long, or past its own timeout, and has been dropped.
        package var expired: [Hash32] = []
    }

    /// Takes note of a committed block: what it held goes, and what has waited too long goes. What the block may have
    /// spoiled is named: everything of the accounts in `touched` (the block changed their record or balance), of the
    /// signers of what went, and of whoever signs together with one of these.
    package mutating func update(
        height: UInt64, included: [IncludedTransaction], touched: Set<AccountAddress>
    ) -> Recheck {
        var recheck = Recheck(accounts: touched)
        for transaction in included {
            recheck.accounts.formUnion(signers(of: transaction.hash))
            remove(transaction.hash)
            if transaction.succeeded { known.insert(transaction.hash) } else { known.remove(transaction.hash) }
        }
        recheck.expired = expired(at: height)
        for hash in recheck.expired {
            recheck.accounts.formUnion(signers(of: hash))
            drop(hash)
        }
        var unvisited = Array(recheck.accounts)
        var hashes: Set<Hash32> = []
        while let account = unvisited.popLast() {
            for hash in queues[account] ?? [] where hashes.insert(hash).inserted {
                unvisited += signers(of: hash).filter { recheck.accounts.insert($0).inserted }
            }
        }
        recheck.transactions = hashes.map { entries[$0]! }.sorted { $0.order < $1.order }.map(\.transaction)
        return recheck
    }

    /// Removes a transaction that no longer passes its check; it may come again.
    package mutating func drop(_ hash: Hash32) {
        remove(hash)
        known.remove(hash)
    }

    private func signers(of hash: Hash32) -> [AccountAddress] {
        entries[hash]?.transaction.signers.map(\.address) ?? []
    }

    private mutating func remove(_ hash: Hash32) {
        guard let entry = entries.removeValue(forKey: hash) else { return }
        byteCount -= entry.transaction.byteCount
        if entry.transaction.timeoutHeight > 0 { endingCount -= 1 }
        while let first = arrivals.first, self.entry(first) == nil { arrivals.removeFirst() }
        if arrivals.count > 2 * entries.count + 16 { arrivals = Deque(arrivals.filter { self.entry($0) != nil }) }
        if entry.transaction.signers.isEmpty { unsignedCount -= 1 }
        for signer in entry.transaction.signers {
            queues[signer.address]?.removeAll { $0 == hash }
            if queues[signer.address]?.isEmpty == true { queues[signer.address] = nil }
        }
    }

    private func sequence(of hash: Hash32, for address: AccountAddress) -> UInt64 {
        entries[hash]?.transaction.signers.first { $0.address == address }?.sequence ?? 0
    }

    /// In order of arrival. Unless some end by themselves, only as many are looked at as have waited too long.
    private func expired(at height: UInt64) -> [Hash32] {
        var expired: [Hash32] = []
        for arrival in arrivals {
            guard let entry = entry(arrival) else { continue }
            let isOld = limits.heightsToLive > 0 && height >= entry.arrivedAt + limits.heightsToLive
            if isOld || entry.transaction.isOver(after: height) {
                expired.append(arrival.hash)
            } else if endingCount == 0 {
                break
            }
        }
        return expired
    }
}

extension TransactionPool {
    /// Transactions for a block whose list takes at most `bytesMax` bytes in `tendermint.types.Data`, which want at
    /// most `gasMax` together: at every place the best paid of those that no waiting transaction of one of their
    /// signers must precede, the older one first when equal. One that does not fit keeps back only those behind it.
    package func reap(bytesMax: Int, gasMax: UInt64 = .max, countMax: Int = .max) -> [PendingTransaction] {
        var blockers: [Hash32: Int] = [:]
        var ready = PriorityHeap()
        for (hash, entry) in entries {
            let count = entry.transaction.signers.count { queues[$0.address]?.first != hash }
            blockers[hash] = count
            if count == 0 { ready.push(candidate(entry)) }
        }
        var positions: [AccountAddress: Int] = [:]
        var chosen: [PendingTransaction] = []
        var bytesLeft = bytesMax
        var gasLeft = gasMax
        while chosen.count < countMax, let next = ready.pop() {
            let transaction = entries[next.hash]!.transaction
            let (size, gas) = (transaction.transaction.byteCountInBlock, transaction.price.gasLimit)
            guard size <= bytesLeft, gas <= gasLeft else { continue }
            bytesLeft -= size
            gasLeft -= gas
            chosen.append(transaction)
            for signer in transaction.signers {
                let queue = queues[signer.address]!
                let position = positions[signer.address, default: 0] + 1
                positions[signer.address] = position
                guard position < queue.count else { continue }
                let follower = queue[position]
                blockers[follower]! -= 1
                if blockers[follower] == 0 { ready.push(candidate(entries[follower]!)) }
            }
        }
        return chosen
    }

    private func candidate(_ entry: Entry) -> PriorityHeap.Element {
        PriorityHeap.Element(hash: entry.transaction.hash, price: entry.transaction.price, order: entry.order)
    }
}
