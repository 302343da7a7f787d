import Dispatch
import Foundation
import Glibc
import PeerWire
import PublicCryptography
import Synchronization

/// Passes on the transactions that wait, and takes those of others.
///
/// A peer gets none that it sent, none twice, and none while it is more than a height behind: it could not check them.
/// For each peer it remembers how far in the order of arrival that peer was told, so that a look costs what is new.
///
/// Checking a transaction takes longer than anything else that a peer sends, so what comes is checked on a thread of
/// its own: the votes that come behind it over the same connection do not wait for it. That thread gives way to others
/// (`intakeNiceness`): where a flood keeps the processors busy, blocks are decided and run first.
package final class MempoolReactor: PeerReactor {
    package struct Waiting: Sendable {
        /// Its place in the order of arrival, which only grows.
        package var order: UInt64
        package var hash: Hash32
        package var bytes: [UInt8]

        package init(order: UInt64, hash: Hash32, bytes: [UInt8]) {
            (self.order, self.hash, self.bytes) = (order, hash, bytes)
        }
    }

    /// What the node's mempool does.
    package struct Pool: Sendable {
        /// Checks a transaction and lets it wait if it passes; what does not is dropped without a word.
        package var submit: @Sendable ([UInt8]) -> Void
        /// The oldest that wait of those at this place in the order of arrival or later, in their order.
        package var waiting: @Sendable (_ order: UInt64, _ countMax: Int) -> [Waiting]

        package init(
            submit: @escaping @Sendable ([UInt8]) -> Void,
            waiting: @escaping @Sendable (_ order: UInt64, _ countMax: Int) -> [Waiting]
        ) {
            (self.submit, self.waiting) = (submit, waiting)
        }
    }

    /// Of those that wait so many are looked at for one peer before the next one's turn.
    private static let turnMax = 500
    /// Several go in one message up to this, which is far less than one alone may have.
    private static let messageBytes = 16 << 10
    /// Transactions that a peer sent and that may not be sent back to it.
    private static let knownMax = 20_000
    /// Who had no room, or was behind, is looked at again.
    private static let lookMilliseconds = 100
    /// What comes within it goes together.
    private static let gatherMilliseconds = 3
    /// Of what a peer sent, so much may wait to be checked, and always one: as many as a mempool holds by default. What
    /// comes beyond it would find no room there either.
    private static let uncheckedMax = 5_000
    private static let uncheckedBytesMax = 8 << 20
    /// A third of the weight that the scheduler gives other threads. Not the least that there is, since the engine now
    /// and then waits for a lock that this thread holds.
    private static let intakeNiceness: CInt = 5
    /// Checked of one peer before the next one's turn.
    private static let checkedAtOnceMax = 50

    private struct PeerState {
        var peer: Peer
        /// What comes before it in the order of arrival, this peer was told or sent itself.
        var next: UInt64 = 0
        var known: Set<Hash32> = []
        var unchecked: [[UInt8]] = []
        var uncheckedBytes = 0

        mutating func add(_ bytes: [UInt8]) {
            guard
                unchecked.isEmpty
                    || unchecked.count < MempoolReactor.uncheckedMax
                        && uncheckedBytes + bytes.count <= MempoolReactor.uncheckedBytesMax
            else { return }
            unchecked.append(bytes)
            uncheckedBytes += bytes.count
        }

        mutating func takeUnchecked() -> [[UInt8]] {
            let taken = Array(unchecked.prefix(MempoolReactor.checkedAtOnceMax))
            unchecked.removeFirst(taken.count)
            uncheckedBytes -= taken.reduce(0) { $0 + $1.count }
            return taken
        }
    }

    package let channels = [PeerChannel.mempool]
    private let pool: Pool
    private let height: @Sendable () -> Int64
    private let heightOf: @Sendable (Peer) -> Int64
    private let peers = Mutex<[UInt64: PeerState]>([:])
    private let queue = DispatchQueue(label: "mempool gossip")
    private let isWoken = Atomic(false)
    private let came = DispatchSemaphore(value: 0)
    private let hasNew = Atomic(false)
    private let hasStopped = Atomic(false)
    // Safe to share: a source of Dispatch may be used from any thread.
    nonisolated(unsafe) private let timer: any DispatchSourceTimer

    /// `height` is this node's, `heightOf` a peer's.
    package init(
        _ pool: Pool, height: @escaping @Sendable () -> Int64, heightOf: @escaping @Sendable (Peer) -> Int64
    ) {
        (self.pool, self.height, self.heightOf) = (pool, height, heightOf)
        timer = DispatchSource.makeTimerSource(queue: queue)
        let interval = DispatchTimeInterval.milliseconds(MempoolReactor.lookMilliseconds)
        timer.schedule(deadline: .now() + interval, repeating: interval)
        timer.setEventHandler { [weak self] in self?.offer() }
        timer.resume()
        let came = came
        let thread = Thread { [weak self] in
            // For Linux, zero is the calling thread and no other.
            setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, MempoolReactor.intakeNiceness)
            while true {
                came.wait()
                guard let self, !self.hasStopped.load(ordering: .acquiring) else { return }
                self.hasNew.store(false, ordering: .releasing)
                while self.check(), !self.hasStopped.load(ordering: .acquiring) {}
            }
        }
        thread.name = "mempool-intake"
        thread.start()
    }

    deinit {
        timer.cancel()
        came.signal()
    }

    package func stop() {
        timer.cancel()
        hasStopped.store(true, ordering: .releasing)
        came.signal()
    }

    /// Something new waits.
    package func wake() {
        guard !isWoken.exchange(true, ordering: .acquiringAndReleasing) else { return }
        queue.asyncAfter(deadline: .now() + .milliseconds(MempoolReactor.gatherMilliseconds)) { [weak self] in
            self?.isWoken.store(false, ordering: .releasing)
            self?.offer()
        }
    }

    package func connected(_ peer: Peer) {
        peers.withLock { $0[peer.number] = PeerState(peer: peer) }
        wake()
    }

    package func disconnected(_ peer: Peer) { peers.withLock { $0[peer.number] = nil } }

    package func receive(_ message: ChannelMessage, from peer: Peer) throws(PeerFault) {
        guard case .transactions(let transactions) = message else { return }
        for bytes in transactions {
            let hash = SHA256.hash(bytes)
            peers.withLock { peers in
                guard let count = peers[peer.number]?.known.count else { return }
                if count >= MempoolReactor.knownMax { peers[peer.number]?.known.removeAll() }
                peers[peer.number]?.known.insert(hash)
                peers[peer.number]?.add(bytes)
            }
        }
        if !hasNew.exchange(true, ordering: .acquiringAndReleasing) { came.signal() }
    }

    /// Some of each peer; `false` if there were none.
    private func check() -> Bool {
        let transactions = peers.withLock { peers in
            var transactions: [[UInt8]] = []
            for number in peers.keys.sorted() { transactions += peers[number]?.takeUnchecked() ?? [] }
            return transactions
        }
        for bytes in transactions { pool.submit(bytes) }
        return !transactions.isEmpty
    }

    private func offer() {
        let own = height()
        var isUnfinished = false
        for state in peers.withLock({ $0.values.sorted { $0.peer.number < $1.peer.number } }) {
            guard heightOf(state.peer) >= own - 1 else { continue }
            isUnfinished = offer(to: state.peer, from: state.next) || isUnfinished
        }
        if isUnfinished { wake() }
    }

    /// `true` if there was more than a turn's worth, and the peer has room for it.
    private func offer(to peer: Peer, from first: UInt64) -> Bool {
        let waiting = pool.waiting(first, MempoolReactor.turnMax)
        guard !waiting.isEmpty else { return false }
        // What the peer has it does not get; from here on the set need not say so.
        let known = peers.withLock { peers -> Set<Hash32> in
            guard peers[peer.number]?.known.isEmpty == false else { return [] }
            var known: Set<Hash32> = []
            for item in waiting where peers[peer.number]?.known.remove(item.hash) != nil { known.insert(item.hash) }
            return known
        }
        var (next, place) = (first, 0)
        var isTaken = true
        while isTaken, place < waiting.count {
            var (bytes, message): (Int, [[UInt8]]) = (0, [])
            let start = place
            while place < waiting.count, message.isEmpty || bytes + waiting[place].bytes.count <= Self.messageBytes {
                if !known.contains(waiting[place].hash) {
                    bytes += waiting[place].bytes.count
                    message.append(waiting[place].bytes)
                }
                place += 1
            }
            isTaken = message.isEmpty || peer.send(.transactions(message))
            if isTaken { next = waiting[place - 1].order + 1 } else { place = start }
        }
        peers.withLock { peers in
            peers[peer.number]?.next = next
            for item in waiting[place...] where known.contains(item.hash) {
                peers[peer.number]?.known.insert(item.hash)
            }
        }
        return isTaken && waiting.count == MempoolReactor.turnMax
    }
}
