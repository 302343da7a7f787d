import Dispatch
import Logging
import PeerWire
import Synchronization

/// A state that a peer says it can give.
package struct OfferedState: Hashable, Sendable {
    package var height: UInt64
    package var format: UInt32
    package var chunks: UInt32
    package var hash: [UInt8]

    package init(height: UInt64, format: UInt32, chunks: UInt32, hash: [UInt8]) {
        (self.height, self.format, self.chunks, self.hash) = (height, format, chunks, hash)
    }
}

/// Gives states to nodes that are new, and takes one for this node if it is.
///
/// Everything that a peer says is held against what proves it by who puts the state together: a wrong chunk costs its
/// sender the connection, a snapshot that is none costs one try.
package final class StateSyncReactor: PeerReactor {
    /// What this node gives.
    package struct Serving: Sendable {
        package var list: @Sendable () -> [OfferedState]
        package var chunk: @Sendable (_ height: UInt64, _ format: UInt32, _ index: UInt32) -> [UInt8]?

        package init(
            list: @escaping @Sendable () -> [OfferedState],
            chunk: @escaping @Sendable (_ height: UInt64, _ format: UInt32, _ index: UInt32) -> [UInt8]?
        ) {
            (self.list, self.chunk) = (list, chunk)
        }
    }

    package enum Verdict: Sendable {
        case taken, complete
        /// Another peer may have the right one.
        case wrongChunk
        /// Who offers it lies, unless it is true and of no use to this node.
        case refused(String, isLie: Bool)
    }

    /// A state that is being put together, on the reactor's queue alone.
    package struct Building {
        package var wanted: () -> Set<UInt32>
        package var take: (_ chunk: [UInt8], _ index: UInt32) throws -> Verdict

        package init(
            wanted: @escaping () -> Set<UInt32>, take: @escaping (_ chunk: [UInt8], _ index: UInt32) throws -> Verdict
        ) {
            (self.wanted, self.take) = (wanted, take)
        }
    }

    /// What this node takes, if it does.
    package struct Taking: Sendable {
        /// `nil` for what is of no use. Called on the reactor's queue, as what it gives is.
        package var begin: @Sendable (OfferedState) -> Building?
        /// Hears once that the state is there, or why it cannot be.
        package var onEnd: @Sendable ((any Error)?) -> Void

        package init(
            begin: @escaping @Sendable (OfferedState) -> Building?,
            onEnd: @escaping @Sendable ((any Error)?) -> Void
        ) {
            (self.begin, self.onEnd) = (begin, onEnd)
        }
    }

    package struct Timing: Sendable {
        /// For how long offers are gathered before the best is chosen (CometBFT: 15 s).
        package var discoveryNanoseconds: UInt64 = 5_000_000_000
        package var chunkNanoseconds: UInt64 = 10_000_000_000

        package init() {}
    }

    /// CometBFT: `recentSnapshots`.
    private static let offersOfPeerMax = 10
    private static let offersMax = 256
    /// Chunks under way at a time (CometBFT: `chunkFetchers`).
    private static let requestsMax = 4
    /// What one peer may have asked for and not been given yet.
    private static let askedMax = 8
    private static let serveAgainMilliseconds = 50
    private static let askAgainNanoseconds: UInt64 = 10_000_000_000

    private struct Wanted: Hashable {
        var height: UInt64
        var format: UInt32
        var index: UInt32
    }

    private struct PeerState {
        var peer: Peer
        var offers: Set<OfferedState> = []
        var asked: [Wanted] = []
    }

    /// How far it has come, for whoever waits.
    package struct Progress: Sendable {
        package var peers = 0
        package var offers = 0
        package var current: OfferedState?
        /// Chunks of the current one that are still to come, as far as that is known.
        package var missing: Int?
        package var lastRefusal: String?

        package init(
            peers: Int = 0, offers: Int = 0, current: OfferedState? = nil, missing: Int? = nil,
            lastRefusal: String? = nil
        ) {
            (self.peers, self.offers, self.current, self.missing) = (peers, offers, current, missing)
            self.lastRefusal = lastRefusal
        }
    }

    private struct State {
        var missing: Int?
        var lastRefusal: String?
        var peers: [UInt64: PeerState] = [:]
        var servesSoon = false
        /// Chunks that were asked for: of whom, and when.
        var requests: [UInt32: (peer: UInt64, time: UInt64)] = [:]
        var arrived: [(index: UInt32, bytes: [UInt8], peer: UInt64)] = []
        var current: OfferedState?
    }

    package let channels = [PeerChannel.snapshot, .chunk]
    private let serves: Serving
    private let takes: Taking?
    private let timing: Timing
    private let logger: Logger
    private let state = Mutex(State())
    private let queue = DispatchQueue(label: "state sync")
    private let serving = DispatchQueue(label: "states served")
    // Used on `queue` alone.
    nonisolated(unsafe) private var building: Building?
    nonisolated(unsafe) private var refused: Set<OfferedState> = []
    nonisolated(unsafe) private var isOver = false
    /// Who connects is asked at once.
    nonisolated(unsafe) private var lastQuestion = DispatchTime.now().uptimeNanoseconds
    private let began = DispatchTime.now().uptimeNanoseconds
    // Safe to share: a source of Dispatch may be used from any thread.
    nonisolated(unsafe) private let timer: any DispatchSourceTimer

    package init(_ serves: Serving, taking takes: Taking? = nil, timing: Timing = Timing(), logger: Logger) {
        (self.serves, self.takes, self.timing, self.logger) = (serves, takes, timing, logger)
        timer = DispatchSource.makeTimerSource(queue: queue)
        guard takes != nil else {
            timer.resume()
            timer.cancel()
            return
        }
        timer.schedule(deadline: .now() + .milliseconds(100), repeating: .milliseconds(100))
        timer.setEventHandler { [weak self] in self?.work() }
        timer.resume()
    }

    deinit { timer.cancel() }

    package var progress: Progress {
        state.withLock { state in
            Progress(
                peers: state.peers.count, offers: Set(state.peers.values.flatMap(\.offers)).count,
                current: state.current, missing: state.missing, lastRefusal: state.lastRefusal)
        }
    }

    package func stop() { timer.cancel() }

    // MARK: Peers

    package func connected(_ peer: Peer) {
        state.withLock { $0.peers[peer.number] = PeerState(peer: peer) }
        if takes != nil { peer.send(.stateSync(.snapshotsRequest)) }
    }

    package func disconnected(_ peer: Peer) {
        state.withLock { state in
            state.peers[peer.number] = nil
            for (index, request) in state.requests where request.peer == peer.number { state.requests[index] = nil }
        }
    }

    package func receive(_ message: ChannelMessage, from peer: Peer) throws(PeerFault) {
        guard case .stateSync(let message) = message else { return }
        switch message {
        case .snapshotsRequest:
            for offer in serves.list().prefix(Self.offersOfPeerMax) {
                peer.send(
                    .stateSync(
                        .snapshot(
                            height: offer.height, format: offer.format, chunks: offer.chunks, hash: offer.hash,
                            metadata: [])))
            }
        case .snapshot(let height, let format, let chunks, let hash, _):
            guard takes != nil else { return }
            let offer = OfferedState(height: height, format: format, chunks: chunks, hash: hash)
            state.withLock { state in
                let isKnown = state.peers.values.contains { $0.offers.contains(offer) }
                guard let own = state.peers[peer.number]?.offers, own.count < Self.offersOfPeerMax,
                    isKnown || state.peers.values.reduce(0, { $0 + $1.offers.count }) < Self.offersMax
                else { return }
                state.peers[peer.number]?.offers.insert(offer)
            }
        case .chunkRequest(let height, let format, let index):
            let wanted = Wanted(height: height, format: format, index: index)
            let isFirst = state.withLock { state in
                guard let asked = state.peers[peer.number]?.asked, asked.count < Self.askedMax, !asked.contains(wanted)
                else { return false }
                state.peers[peer.number]?.asked.append(wanted)
                defer { state.servesSoon = true }
                return !state.servesSoon
            }
            if isFirst { serving.async { self.serve() } }
        case .chunk(let height, let format, let index, let bytes):
            let isAsked = state.withLock { state in
                guard let current = state.current, current.height == height, current.format == format,
                    state.requests[index]?.peer == peer.number
                else { return false }
                state.requests[index] = nil
                if let bytes {
                    state.arrived.append((index, bytes, peer.number))
                } else {
                    state.peers[peer.number]?.offers.remove(current)
                }
                return true
            }
            // One that came too late, of a peer that was asked before, is no fault: it was dropped with the question.
            if isAsked { queue.async { self.work() } }
        }
    }

    /// Gives each peer what it asked for as far as there is room, in its order.
    private func serve() {
        let asking = state.withLock { state in
            state.servesSoon = false
            return state.peers.values.filter { !$0.asked.isEmpty }.map { ($0.peer, $0.asked) }
        }
        var isLeft = false
        for (peer, wanted) in asking {
            for chunk in wanted {
                guard peer.hasRoom(.chunk) else {
                    isLeft = true
                    break
                }
                let bytes = serves.chunk(chunk.height, chunk.format, chunk.index)
                guard
                    peer.send(
                        .stateSync(
                            .chunk(height: chunk.height, format: chunk.format, index: chunk.index, bytes)))
                else {
                    isLeft = true
                    break
                }
                state.withLock { $0.peers[peer.number]?.asked.removeAll { $0 == chunk } }
            }
        }
        guard isLeft,
            state.withLock({ state in
                defer { state.servesSoon = true }
                return !state.servesSoon
            })
        else { return }
        serving.asyncAfter(deadline: .now() + .milliseconds(Self.serveAgainMilliseconds)) { [weak self] in
            self?.serve()
        }
    }

    // MARK: Taking

    /// One look at everything; on the queue, so never twice at once.
    private func work() {
        guard let takes, !isOver else { return }
        let now = DispatchTime.now().uptimeNanoseconds
        guard building != nil else {
            askForOffers(now)
            if now &- began > timing.discoveryNanoseconds, choose(takes) { request(now) }
            return
        }
        do {
            try takeArrived(takes)
        } catch {
            return end(takes, error)
        }
        if !isOver { request(now) }
    }

    private func askForOffers(_ now: UInt64) {
        guard now &- lastQuestion > Self.askAgainNanoseconds else { return }
        lastQuestion = now
        let peers = state.withLock { state in
            // What was offered may be gone by now, and newer be there.
            for number in Array(state.peers.keys) {
                state.peers[number]?.offers = []
            }
            return state.peers.values.map(\.peer)
        }
        for peer in peers { peer.send(.stateSync(.snapshotsRequest)) }
    }

    /// Begins with the state that most have, the highest of several; whether there is one.
    private func choose(_ takes: Taking) -> Bool {
        let offers = state.withLock { state in
            state.peers.values.reduce(into: [OfferedState: Int]()) { counts, peer in
                for offer in peer.offers { counts[offer, default: 0] += 1 }
            }
        }
        let best = offers.filter { !refused.contains($0.key) }.sorted {
            ($0.value, $0.key.height, $0.key.chunks) > ($1.value, $1.key.height, $1.key.chunks)
        }
        for (offer, count) in best {
            guard let begun = takes.begin(offer) else {
                refused.insert(offer)
                continue
            }
            logger.info(
                "state sync",
                metadata: [
                    "height": .stringConvertible(offer.height), "chunks": .stringConvertible(offer.chunks),
                    "peers": .stringConvertible(count),
                ])
            building = begun
            state.withLock { state in
                (state.current, state.requests, state.arrived) = (offer, [:], [])
            }
            return true
        }
        return false
    }

    private func takeArrived(_ takes: Taking) throws {
        let (current, arrived) = state.withLock { state in
            defer { state.arrived = [] }
            return (state.current, state.arrived)
        }
        for chunk in arrived {
            guard let building, let current else { return }
            switch try building.take(chunk.bytes, chunk.index) {
            case .taken: continue
            case .complete: return end(takes, nil)
            case .wrongChunk:
                state.withLock { $0.peers[chunk.peer]?.peer }?.drop(.invalid(.chunk))
            case .refused(let reason, let isLie):
                logger.warning(
                    "a state that was offered is none of this chain's",
                    metadata: ["height": .stringConvertible(current.height), "reason": "\(reason)"])
                refused.insert(current)
                let liars = state.withLock { state in
                    state.lastRefusal = "\(reason), at height \(current.height)"
                    return state.peers.values.filter { isLie && $0.offers.contains(current) }.map(\.peer)
                }
                leave()
                for peer in liars { peer.drop(.invalid(.snapshot)) }
            }
        }
    }

    private func leave() {
        building = nil
        state.withLock { ($0.current, $0.requests, $0.arrived, $0.missing) = (nil, [:], [], nil) }
    }

    /// Asks for what is wanted: of who has it, each peer as much as the others.
    private func request(_ now: UInt64) {
        guard let building else { return }
        let wanted = building.wanted().sorted()
        var asks: [(Peer, OfferedState, UInt32)] = []
        state.withLock { $0.missing = wanted.count }
        let (late, current): ([Peer], OfferedState?) = state.withLock { state in
            guard let current = state.current else { return ([], nil) }
            var late: [Peer] = []
            for (index, request) in state.requests where now &- request.time > timing.chunkNanoseconds {
                state.requests[index] = nil
                if let peer = state.peers[request.peer]?.peer { late.append(peer) }
                state.peers[request.peer]?.offers.remove(current)
            }
            let waiting = Set(state.arrived.map(\.index))
            for index in wanted where state.requests[index] == nil && !waiting.contains(index) {
                guard state.requests.count < Self.requestsMax else { break }
                let having = state.peers.values.filter { $0.offers.contains(current) }
                let load = Dictionary(grouping: state.requests.values, by: \.peer).mapValues(\.count)
                guard
                    let next = having.min(by: {
                        (load[$0.peer.number] ?? 0, $0.peer.number) < (load[$1.peer.number] ?? 0, $1.peer.number)
                    })
                else { break }
                state.requests[index] = (next.peer.number, now)
                asks.append((next.peer, current, index))
            }
            return (late, current)
        }
        for peer in late { peer.drop(.silent(.chunk)) }
        for (peer, offer, index) in asks {
            peer.send(.stateSync(.chunkRequest(height: offer.height, format: offer.format, index: index)))
        }
        // Nobody has it any more.
        let hasGone = state.withLock { state in
            state.requests.isEmpty && state.arrived.isEmpty
                && !state.peers.values.contains { peer in current.map { peer.offers.contains($0) } ?? true }
        }
        if hasGone { leave() }
    }

    private func end(_ takes: Taking, _ error: (any Error)?) {
        isOver = true
        timer.cancel()
        building = nil
        state.withLock { ($0.current, $0.requests, $0.arrived) = (nil, [:], []) }
        takes.onEnd(error)
    }
}
