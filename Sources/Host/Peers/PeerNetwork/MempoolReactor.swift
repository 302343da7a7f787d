import Dispatch
import PeerWire
import PublicCryptography
import Synchronization

/// Passes on the transactions that wait, and takes those of others.
///
/// A peer gets none that it sent, none twice, and none while it is more than a height behind: it could not check them.
package final class MempoolReactor: PeerReactor {
    package struct Waiting: Sendable {
        package var hash: Hash32
        package var bytes: [UInt8]

        package init(hash: Hash32, bytes: [UInt8]) { (self.hash, self.bytes) = (hash, bytes) }
    }

    /// What the node's mempool does.
    package struct Pool: Sendable {
        /// Checks a transaction and lets it wait if it passes; what does not is dropped without a word.
        package var submit: @Sendable ([UInt8]) -> Void
        /// The oldest that wait, in their order.
        package var waiting: @Sendable (_ countMax: Int) -> [Waiting]

        package init(
            submit: @escaping @Sendable ([UInt8]) -> Void, waiting: @escaping @Sendable (_ countMax: Int) -> [Waiting]
        ) {
            (self.submit, self.waiting) = (submit, waiting)
        }
    }

    /// Of those that wait so many are offered at a time.
    private static let offeredMax = 1000
    /// Transactions that a peer sent and that may not be sent back to it.
    private static let knownMax = 20_000
    private static let lookMilliseconds = 100

    private struct PeerState {
        var peer: Peer
        var known: Set<Hash32> = []
    }

    package let channels = [PeerChannel.mempool]
    private let pool: Pool
    private let height: @Sendable () -> Int64
    private let heightOf: @Sendable (Peer) -> Int64
    private let peers = Mutex<[UInt64: PeerState]>([:])
    // Safe to share: a source of Dispatch may be used from any thread.
    nonisolated(unsafe) private let timer: any DispatchSourceTimer

    /// `height` is this node's, `heightOf` a peer's.
    package init(
        _ pool: Pool, height: @escaping @Sendable () -> Int64, heightOf: @escaping @Sendable (Peer) -> Int64
    ) {
        (self.pool, self.height, self.heightOf) = (pool, height, heightOf)
        timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "mempool gossip"))
        let interval = DispatchTimeInterval.milliseconds(MempoolReactor.lookMilliseconds)
        timer.schedule(deadline: .now() + interval, repeating: interval)
        timer.setEventHandler { [weak self] in self?.offer() }
        timer.resume()
    }

    deinit { timer.cancel() }

    package func stop() { timer.cancel() }

    package func connected(_ peer: Peer) { peers.withLock { $0[peer.number] = PeerState(peer: peer) } }
    package func disconnected(_ peer: Peer) { peers.withLock { $0[peer.number] = nil } }

    package func receive(_ message: ChannelMessage, from peer: Peer) throws(PeerFault) {
        guard case .transactions(let transactions) = message else { return }
        for bytes in transactions {
            let hash = SHA256.hash(bytes)
            peers.withLock { peers in
                guard let count = peers[peer.number]?.known.count else { return }
                if count >= MempoolReactor.knownMax { peers[peer.number]?.known.removeAll() }
                peers[peer.number]?.known.insert(hash)
            }
            pool.submit(bytes)
        }
    }

    private func offer() {
        guard peers.withLock({ !$0.isEmpty }) else { return }
        let waiting = pool.waiting(MempoolReactor.offeredMax)
        let own = height()
        let names = Set(waiting.map(\.hash))
        for state in peers.withLock({ $0.values.sorted { $0.peer.number < $1.peer.number } }) {
            guard heightOf(state.peer) >= own - 1 else { continue }
            var sent: [Hash32] = []
            for transaction in waiting where !state.known.contains(transaction.hash) {
                guard state.peer.send(.transactions([transaction.bytes])) else { break }
                sent.append(transaction.hash)
            }
            // What waits no longer is not offered again either.
            let number = state.peer.number
            peers.withLock { peers in
                guard let known = peers[number]?.known else { return }
                peers[number]?.known =
                    known.count + sent.count < MempoolReactor.knownMax
                    ? known.union(sent) : known.union(sent).intersection(names)
            }
        }
    }
}
