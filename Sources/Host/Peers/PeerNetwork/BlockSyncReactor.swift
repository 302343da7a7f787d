import BlockStorage
import ChainFormats
import DecidedBlocks
import Dispatch
import Logging
import PeerWire
import Synchronization
import Wire

/// A block of the past as a peer sent it, with the commit for it that the next one carries. Nothing of it is verified.
package struct FetchedBlock: Sendable {
    package var height: Int64
    package var bytes: [UInt8]
    package var commit: Commit
    /// The number of the connection that brought it.
    package var peer: UInt64
}

/// Serves blocks to nodes that are behind, and fetches them for this one while it is.
///
/// A block is handed to the engine with the commit that the next one carries, and the engine verifies it in full: who
/// sends a wrong one is dropped, and so is who sent the block with that commit.
package final class BlockSyncReactor: PeerReactor {
    /// Asked of one peer at a time (CometBFT: `maxPendingRequestsPerPeer`).
    private static let requestsPerPeerMax = 20
    /// How far ahead of the engine blocks are fetched, and how much of them may wait here.
    private static let windowHeights: Int64 = 40
    private static let windowBytesMax = 64 << 20
    /// Handed in and not yet run.
    private static let handedMax: Int64 = 8
    /// CometBFT: `peerTimeout`.
    private static let answerNanoseconds: UInt64 = 15_000_000_000
    private static let statusNanoseconds: UInt64 = 10_000_000_000
    /// A peer that lacks what it claimed is asked again, but not at once.
    private static let againNanoseconds: UInt64 = 500_000_000
    /// What was handed in and did not come out of the engine in this time is handed in again.
    private static let stuckNanoseconds: UInt64 = 10_000_000_000

    private struct PeerState {
        var peer: Peer
        var height: Int64 = 0
        var base: Int64 = 0
        var hasStatus = false
        /// Heights that it was asked for and has not answered, whether they are still needed or not.
        var unanswered: Set<Int64> = []
        var notBefore: UInt64 = 0
    }

    private struct Request {
        var peer: UInt64
        var time: UInt64
    }

    private struct Arrived {
        var bytes: [UInt8]
        var block: Block
        var peer: UInt64
    }

    private struct State {
        var peers: [UInt64: PeerState] = [:]
        var requests: [Int64: Request] = [:]
        var arrived: [Int64: Arrived] = [:]
        /// The next height to hand to the engine.
        var next: Int64 = 0
        /// The highest block of this node, and since when.
        var progress: (top: Int64, time: UInt64) = (-1, 0)
        var isFetching: Bool
        var lastStatusRequest: UInt64 = 0
    }

    /// What the engine says of blocks that it was given.
    package struct Events: Sendable {
        package var committed: @Sendable (_ height: Int64) -> Void
        package var refused: @Sendable (_ height: Int64) -> Void

        package init(
            committed: @escaping @Sendable (_ height: Int64) -> Void,
            refused: @escaping @Sendable (_ height: Int64) -> Void
        ) {
            (self.committed, self.refused) = (committed, refused)
        }
    }

    package let channels = [PeerChannel.blockSync]
    private let store: BlockStore
    private let initialHeight: Int64
    private let handIn: @Sendable (FetchedBlock) -> Void
    private let onEnd: @Sendable () -> Void
    private let logger: Logger
    private let state: Mutex<State>
    private let queue = DispatchQueue(label: "block sync")
    // Safe to share: a source of Dispatch may be used from any thread.
    nonisolated(unsafe) private let timer: any DispatchSourceTimer

    /// `onEnd` hears once that there is nothing more to fetch, if `fetches`.
    package init(
        store: BlockStore, initialHeight: Int64, fetches: Bool, logger: Logger,
        handIn: @escaping @Sendable (FetchedBlock) -> Void, onEnd: @escaping @Sendable () -> Void
    ) {
        (self.store, self.initialHeight, self.handIn, self.onEnd) = (store, initialHeight, handIn, onEnd)
        self.logger = logger
        state = Mutex(State(isFetching: fetches))
        timer = DispatchSource.makeTimerSource(queue: queue)
        guard fetches else {
            timer.resume()
            timer.cancel()
            return
        }
        timer.schedule(deadline: .now() + .milliseconds(100), repeating: .milliseconds(50))
        timer.setEventHandler { [weak self] in self?.work() }
        timer.resume()
    }

    deinit { timer.cancel() }

    package var isFetching: Bool { state.withLock { $0.isFetching } }

    package func stop() { timer.cancel() }

    // MARK: Peers

    package func connected(_ peer: Peer) {
        state.withLock { $0.peers[peer.number] = PeerState(peer: peer) }
        // CometBFT asks every ten seconds only, so it is told unasked.
        peer.send(.blockSync(status()))
    }

    package func disconnected(_ peer: Peer) {
        state.withLock { state in
            state.peers[peer.number] = nil
            for (height, request) in state.requests where request.peer == peer.number { state.requests[height] = nil }
        }
    }

    package func receive(_ message: ChannelMessage, from peer: Peer) throws(PeerFault) {
        guard case .blockSync(let message) = message else { return }
        switch message {
        case .statusRequest: peer.send(.blockSync(status()))
        case .request(let height):
            // What does not fit now is asked for again; a block is not read to be thrown away.
            guard peer.hasRoom(.blockSync) else { return }
            let bytes = (try? store.blockBytes(height)) ?? nil
            peer.send(.blockSync(bytes.map { .block($0) } ?? .noBlock(height: height)))
        case .status(let height, let base):
            state.withLock { state in
                state.peers[peer.number]?.height = height
                state.peers[peer.number]?.base = base
                state.peers[peer.number]?.hasStatus = true
            }
        case .noBlock(let height):
            state.withLock { state in
                state.peers[peer.number]?.unanswered.remove(height)
                guard state.requests[height]?.peer == peer.number else { return }
                state.requests[height] = nil
                state.peers[peer.number]?.notBefore =
                    DispatchTime.now().uptimeNanoseconds + BlockSyncReactor.againNanoseconds
            }
        case .block(let bytes):
            guard let block = try? Block(protobuf: bytes) else { throw .undecodable(.blockSync) }
            let isAsked = state.withLock { state in
                let height = block.header.height
                guard state.peers[peer.number]?.unanswered.remove(height) != nil else { return false }
                // It may have come from another by now, or be of no use any more.
                guard let request = state.requests[height], request.peer == peer.number else { return true }
                state.requests[height] = nil
                state.arrived[height] = Arrived(bytes: bytes, block: block, peer: peer.number)
                return true
            }
            guard isAsked else { throw .unasked(.blockSync) }
            queue.async { self.work() }
        }
    }

    private func status() -> BlockSyncMessage {
        guard let bounds = (try? store.bounds()) ?? nil else { return .status(height: 0, base: 0) }
        return .status(height: bounds.upperBound, base: bounds.lowerBound)
    }

    // MARK: Fetching

    package var events: Events {
        Events(committed: { [weak self] in self?.committed($0) }, refused: { [weak self] in self?.refused($0) })
    }

    package func committed(_ height: Int64) { queue.async { self.work() } }

    package func refused(_ height: Int64) {
        let guilty = state.withLock { state -> [Peer] in
            // The engine does not go on from here: all that came of it, and after it, is fetched again.
            let senders = Set([state.arrived[height]?.peer, state.arrived[height + 1]?.peer].compactMap { $0 })
            for later in Array(state.arrived.keys) where later >= height { state.arrived[later] = nil }
            state.next = height
            return senders.compactMap { state.peers[$0]?.peer }
        }
        for peer in guilty { peer.drop(.invalid(.blockSync)) }
        queue.async { self.work() }
    }

    /// One look at everything; on the queue, so never twice at once.
    private func work() {
        let now = DispatchTime.now().uptimeNanoseconds
        let top = ((try? store.bounds()) ?? nil)?.upperBound ?? initialHeight - 1
        var (asks, late): ([(Peer, Int64)], [Peer]) = ([], [])
        var handed: [FetchedBlock] = []
        var asked: [Peer] = []
        let isOver = state.withLock { state -> Bool in
            guard state.isFetching else { return false }
            // A height before this is run, but kept until the one after is handed in: its sender may be guilty.
            for height in Array(state.arrived.keys) where height <= top { state.arrived[height] = nil }
            for height in Array(state.requests.keys) where height <= top { state.requests[height] = nil }
            if state.progress.top != top { state.progress = (top, now) }
            let isStuck = elapsed(state.progress.time, now) > BlockSyncReactor.stuckNanoseconds
            if isStuck { state.progress.time = now }
            state.next = isStuck ? top + 1 : max(state.next, top + 1)
            while state.next <= top + BlockSyncReactor.handedMax, let block = state.arrived[state.next],
                let following = state.arrived[state.next + 1]
            {
                handed.append(
                    FetchedBlock(
                        height: state.next, bytes: block.bytes, commit: following.block.lastCommit, peer: block.peer))
                state.next += 1
            }
            for (_, request) in state.requests where elapsed(request.time, now) > BlockSyncReactor.answerNanoseconds {
                if let peer = state.peers[request.peer]?.peer { late.append(peer) }
            }
            if elapsed(state.lastStatusRequest, now) > BlockSyncReactor.statusNanoseconds {
                state.lastStatusRequest = now
                asked = state.peers.values.map(\.peer)
            }
            asks = BlockSyncReactor.requests(&state, top: top, now: now)
            let best = state.peers.values.filter(\.hasStatus).map(\.height).max()
            // CometBFT: within one of the best peer, since the last block has no commit to verify it by.
            guard let best, best <= top + 1 else { return false }
            state.isFetching = false
            (state.arrived, state.requests) = ([:], [:])
            return true
        }
        for block in handed { handIn(block) }
        for peer in asked { peer.send(.blockSync(.statusRequest)) }
        for peer in late { peer.drop(.silent(.blockSync)) }
        for (peer, height) in asks { peer.send(.blockSync(.request(height: height))) }
        guard isOver else { return }
        timer.cancel()
        logger.info("synced", metadata: ["height": "\(top)"])
        onEnd()
    }

    private static func requests(_ state: inout State, top: Int64, now: UInt64) -> [(Peer, Int64)] {
        var waiting = state.arrived.values.reduce(0) { $0 + $1.bytes.count }
        // A block that is asked for may be as large as those that came.
        let usual = state.arrived.values.map(\.bytes.count).max() ?? 0
        waiting += usual * state.requests.count
        var pending: [UInt64: Int] = [:]
        for request in state.requests.values { pending[request.peer, default: 0] += 1 }
        var asks: [(Peer, Int64)] = []
        for height in (top + 1)...(top + windowHeights) {
            // The next two are needed whatever waits.
            guard waiting < windowBytesMax || height <= top + 2 else { break }
            guard state.arrived[height] == nil, state.requests[height] == nil else { continue }
            let able = state.peers.values.filter {
                $0.hasStatus && $0.base <= height && height <= $0.height && $0.notBefore <= now
                    && pending[$0.peer.number, default: 0] < requestsPerPeerMax
            }
            guard
                let chosen = able.min(by: {
                    (pending[$0.peer.number, default: 0], $0.peer.number)
                        < (pending[$1.peer.number, default: 0], $1.peer.number)
                })
            else { continue }
            pending[chosen.peer.number, default: 0] += 1
            waiting += usual
            state.requests[height] = Request(peer: chosen.peer.number, time: now)
            state.peers[chosen.peer.number]?.unanswered.insert(height)
            asks.append((chosen.peer, height))
        }
        return asks
    }
}
