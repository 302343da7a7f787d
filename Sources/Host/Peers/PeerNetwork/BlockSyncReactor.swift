import BlockStorage
import ChainFormats
import DecidedBlocks
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
    /// As far as the sizes of blocks are known: what is asked of one peer comes in a few seconds, not at the end of
    /// `Timing.answerNanoseconds`.
    private static let requestedBytesPerPeerMax = 8 << 20
    /// Asked for while nothing is known of the sizes of blocks.
    private static let firstRequests = 2
    /// What one peer may have asked for and not been given yet.
    private static let askedMax = 64
    private static let serveAgainMilliseconds = 50
    /// How far ahead of the engine blocks are fetched, and how much of them may wait here.
    private static let windowHeights: Int64 = 40
    private static let windowBytesMax = 64 << 20
    /// Handed in and not yet run.
    private static let handedMax: Int64 = 8
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
        var lastAnswer: UInt64 = 0
        /// The lowest height that it said it lacks, though it had claimed it.
        var lacking: Int64?
        /// What it asked for and was not given yet, in its order.
        var asked: [Int64] = []

        /// Who lacks a block has none above it either, whatever it says later, unless it has dropped the earlier ones.
        mutating func claim(_ claimed: Int64, base: Int64) {
            (height, self.base, hasStatus) = (claimed, base, true)
            if let lacking, base <= lacking { height = min(claimed, lacking - 1) }
        }

        mutating func lack(_ missing: Int64) {
            lacking = min(lacking ?? missing, missing)
            height = min(height, missing - 1)
        }
    }

    private struct Request {
        var peer: UInt64
        var time: UInt64
    }

    private struct Arrived {
        var bytes: [UInt8]
        /// For the block before.
        var lastCommit: Commit
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
        /// When a block that was needed came, or was run, or nobody said that there is one.
        var lastProgress: UInt64
        /// Bytes of a block, by those that came last.
        var usualBytes: Int?
        var servesSoon = false

        /// What is said to several is said in an order that means something.
        var inOrder: [PeerState] { peers.values.sorted { $0.peer.number < $1.peer.number } }

        var waitingBytes: Int { arrived.values.reduce(0) { $0 + $1.bytes.count } }

        /// Nothing has come for so long, and nothing that came is still to be run.
        func hasStalled(for time: UInt64, top: Int64, now: UInt64) -> Bool {
            elapsed(lastProgress, now) > time && (arrived[top + 1] == nil || arrived[top + 2] == nil)
        }
    }

    /// How long others are waited for.
    package struct Timing: Sendable {
        /// CometBFT: `peerTimeout`.
        package var answerNanoseconds: UInt64 = 15_000_000_000
        /// Peers that say that they have more, and do not serve it, are believed no longer: consensus goes on without
        /// what they may have, and gossip still brings it if it is there.
        package var progressNanoseconds: UInt64 = 60_000_000_000

        package init() {}
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
    private let timing: Timing
    private let queue: any ReactorWork
    private let serving: any ReactorWork

    /// `onEnd` hears once that there is nothing more to fetch, if `fetches`.
    package init(
        store: BlockStore, initialHeight: Int64, fetches: Bool, timing: Timing = Timing(), logger: Logger,
        queue: any ReactorWork = ReactorQueue("block sync"), serving: any ReactorWork = ReactorQueue("blocks served"),
        handIn: @escaping @Sendable (FetchedBlock) -> Void, onEnd: @escaping @Sendable () -> Void
    ) {
        (self.store, self.initialHeight, self.handIn, self.onEnd) = (store, initialHeight, handIn, onEnd)
        (self.logger, self.timing) = (logger, timing)
        (self.queue, self.serving) = (queue, serving)
        state = Mutex(State(isFetching: fetches, lastProgress: queue.now))
        if fetches { queue.keepPerforming(everyMilliseconds: 50) { [weak self] in self?.work() } }
    }

    deinit { queue.end() }

    package var isFetching: Bool { state.withLock { $0.isFetching } }

    package func stop() { queue.end() }

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
            let serves = state.withLock { state in
                guard let asked = state.peers[peer.number]?.asked, asked.count < BlockSyncReactor.askedMax,
                    !asked.contains(height)
                else { return false }
                state.peers[peer.number]?.asked.append(height)
                defer { state.servesSoon = true }
                return !state.servesSoon
            }
            if serves { serving.perform { self.serve() } }
        case .status(let height, let base):
            state.withLock { state in
                state.peers[peer.number]?.claim(height, base: base)
            }
        case .noBlock(let height):
            state.withLock { state in
                guard state.peers[peer.number]?.unanswered.remove(height) != nil else { return }
                let now = queue.now
                state.peers[peer.number]?.lack(height)
                state.peers[peer.number]?.lastAnswer = now
                state.peers[peer.number]?.notBefore = now + BlockSyncReactor.againNanoseconds
                if state.requests[height]?.peer == peer.number { state.requests[height] = nil }
            }
        case .block(let bytes):
            // Two thirds may have decided it in another encoding than ours, which then is the chain's.
            guard let block = try? Block.received(bytes).block else { throw .undecodable(.blockSync) }
            let now = queue.now
            let isAsked = state.withLock { state in
                let height = block.header.height
                guard state.peers[peer.number]?.unanswered.remove(height) != nil else { return false }
                state.peers[peer.number]?.lastAnswer = now
                // It may have come from another by now, or be of no use any more.
                guard let request = state.requests[height], request.peer == peer.number else { return true }
                state.requests[height] = nil
                state.usualBytes = max(bytes.count, ((state.usualBytes ?? 0) + bytes.count) / 2)
                // Larger than was to be thought: it is asked for again when there is room.
                guard
                    height <= state.progress.top + 2
                        || state.waitingBytes + bytes.count <= BlockSyncReactor.windowBytesMax
                else { return true }
                state.lastProgress = now
                state.arrived[height] = Arrived(bytes: bytes, lastCommit: block.lastCommit, peer: peer.number)
                return true
            }
            guard isAsked else { throw .unasked(.blockSync) }
            queue.perform { self.work() }
        }
    }

    /// Gives each peer what it asked for as far as there is room, in its order; a block is not read to be thrown away.
    private func serve() {
        let asking = state.withLock { state in
            state.servesSoon = false
            return state.inOrder.filter { !$0.asked.isEmpty }.map { ($0.peer, $0.asked) }
        }
        var isLeft = false
        for (peer, heights) in asking {
            for height in heights {
                guard peer.hasRoom(.blockSync) else {
                    isLeft = true
                    break
                }
                let bytes = (try? store.blockBytes(height)) ?? nil
                guard peer.send(.blockSync(bytes.map { .block($0) } ?? .noBlock(height: height))) else {
                    isLeft = true
                    break
                }
                state.withLock { $0.peers[peer.number]?.asked.removeAll { $0 == height } }
            }
        }
        guard isLeft,
            state.withLock({ state in
                defer { state.servesSoon = true }
                return !state.servesSoon
            })
        else { return }
        serving.perform(afterMilliseconds: BlockSyncReactor.serveAgainMilliseconds) { [weak self] in self?.serve() }
    }

    private func status() -> BlockSyncMessage {
        guard let bounds = (try? store.bounds()) ?? nil else { return .status(height: 0, base: 0) }
        return .status(height: bounds.upperBound, base: bounds.lowerBound)
    }

    // MARK: Fetching

    package var events: Events {
        Events(committed: { [weak self] in self?.committed($0) }, refused: { [weak self] in self?.refused($0) })
    }

    package func committed(_ height: Int64) { queue.perform { self.work() } }

    package func refused(_ height: Int64) {
        let guilty = state.withLock { state -> [Peer] in
            // The engine does not go on from here: all that came of it, and after it, is fetched again.
            let senders = Set([state.arrived[height]?.peer, state.arrived[height + 1]?.peer].compactMap { $0 })
                .sorted()
            for later in Array(state.arrived.keys) where later >= height { state.arrived[later] = nil }
            state.next = height
            return senders.compactMap { state.peers[$0]?.peer }
        }
        for peer in guilty { peer.drop(.invalid(.blockSync)) }
        queue.perform { self.work() }
    }

    /// One look at everything; on the queue, so never twice at once.
    private func work() {
        let now = queue.now
        let top = ((try? store.bounds()) ?? nil)?.upperBound ?? initialHeight - 1
        var (asks, late): ([(Peer, Int64)], [Peer]) = ([], [])
        var handed: [FetchedBlock] = []
        var asked: [Peer] = []
        let isOver = state.withLock { state -> Bool in
            guard state.isFetching else { return false }
            // A height before this is run, but kept until the one after is handed in: its sender may be guilty.
            for height in Array(state.arrived.keys) where height <= top { state.arrived[height] = nil }
            for height in Array(state.requests.keys) where height <= top { state.requests[height] = nil }
            if state.progress.top != top {
                state.progress = (top, now)
                state.lastProgress = now
            }
            let isStuck = elapsed(state.progress.time, now) > BlockSyncReactor.stuckNanoseconds
            if isStuck { state.progress.time = now }
            state.next = isStuck ? top + 1 : max(state.next, top + 1)
            while state.next <= top + BlockSyncReactor.handedMax, let block = state.arrived[state.next],
                let following = state.arrived[state.next + 1]
            {
                handed.append(
                    FetchedBlock(
                        height: state.next, bytes: block.bytes, commit: following.lastCommit, peer: block.peer))
                state.next += 1
            }
            // As with CometBFT each answer gives a peer the whole time for the next.
            for (_, request) in state.requests.sorted(by: { $0.key < $1.key }) {
                guard let of = state.peers[request.peer],
                    elapsed(max(request.time, of.lastAnswer), now) > timing.answerNanoseconds
                else { continue }
                late.append(of.peer)
            }
            if elapsed(state.lastStatusRequest, now) > BlockSyncReactor.statusNanoseconds {
                state.lastStatusRequest = now
                asked = state.inOrder.map(\.peer)
            }
            asks = BlockSyncReactor.requests(&state, top: top, now: now)
            // Only who claims to have the next block can help.
            let best = state.peers.values.filter { $0.hasStatus && $0.base <= top + 1 }.map(\.height).max()
            if best == nil { state.lastProgress = now }
            // CometBFT: within one of the best peer, since the last block has no commit to verify it by.
            guard let best, best <= top + 1 || state.hasStalled(for: timing.progressNanoseconds, top: top, now: now)
            else { return false }
            state.isFetching = false
            (state.arrived, state.requests) = ([:], [:])
            return true
        }
        for block in handed { handIn(block) }
        for peer in asked { peer.send(.blockSync(.statusRequest)) }
        for peer in late { peer.drop(.silent(.blockSync)) }
        for (peer, height) in asks { peer.send(.blockSync(.request(height: height))) }
        guard isOver else { return }
        queue.end()
        logger.info("synced", metadata: ["height": .stringConvertible(top)])
        onEnd()
    }

    private static func requests(_ state: inout State, top: Int64, now: UInt64) -> [(Peer, Int64)] {
        // A block that is asked for may be as large as those that came.
        let usual = state.usualBytes ?? 0
        var waiting = state.waitingBytes + usual * state.requests.count
        let perPeerMax =
            usual == 0 ? firstRequests : min(max(requestedBytesPerPeerMax / usual, 1), requestsPerPeerMax)
        var pending: [UInt64: Int] = [:]
        for request in state.requests.values { pending[request.peer, default: 0] += 1 }
        var asks: [(Peer, Int64)] = []
        for height in (top + 1)...(top + windowHeights) {
            // The next two are needed whatever waits.
            guard waiting < windowBytesMax || height <= top + 2 else { break }
            guard state.usualBytes != nil || state.requests.count < firstRequests else { break }
            guard state.arrived[height] == nil, state.requests[height] == nil else { continue }
            let able = state.peers.values.filter {
                $0.hasStatus && $0.base <= height && height <= $0.height && $0.notBefore <= now
                    && pending[$0.peer.number, default: 0] < perPeerMax
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
