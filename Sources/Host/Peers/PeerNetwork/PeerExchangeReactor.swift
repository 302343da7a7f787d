import Dispatch
import PeerWire
import Synchronization

/// Hears of other nodes and tells of those that this one has reached.
///
/// Of a seed that is all that it is for: it goes around and asks whoever it has heard of, and stays with nobody, so
/// that it has room for all who come (CometBFT: `seed_mode`).
package final class PeerExchangeReactor: PeerReactor {
    /// CometBFT: `minTimeBetweenCrawls`.
    private static let crawlNanoseconds: UInt64 = 120_000_000_000
    /// A seed asks so many at a time.
    private static let crawlsMax = 10

    /// CometBFT: a third of `ensurePeersPeriod`; who asks again sooner, and then once more, is dropped.
    private static let intervalNanoseconds: UInt64 = 10_000_000_000
    private static let askNanoseconds: UInt64 = 30_000_000_000

    private struct PeerState {
        var lastRequests: [UInt64] = []
        var isAsked = false
        var lastAsked: UInt64 = 0
        var since = DispatchTime.now().uptimeNanoseconds
        /// A seed is done with it.
        var isLeft = false
    }

    private struct State {
        var book: AddressBook
        var lastSaved: UInt64 = 0
        var peers: [UInt64: PeerState] = [:]
    }

    package let channels = [PeerChannel.peerExchange]
    private let state: Mutex<State>
    /// Where the book outlives a start.
    private let path: String?
    package let isSeed: Bool
    /// A seed leaves who neither asks nor answers for so long.
    private let patienceNanoseconds: UInt64
    /// CometBFT: `dumpAddressInterval`.
    private static let saveNanoseconds: UInt64 = 120_000_000_000

    /// With a `path` the book is what was kept there.
    package init(path: String? = nil, isSeed: Bool = false, patienceSeconds: UInt64 = 60) {
        (self.path, self.isSeed, patienceNanoseconds) = (path, isSeed, patienceSeconds * 1_000_000_000)
        state = Mutex(State(book: path.map { AddressBook(path: $0) } ?? AddressBook()))
    }

    /// Keeps the book, now or if it was not for a while. Blocks while it writes.
    package func save(now isWanted: Bool = true) {
        guard let path else { return }
        let now = DispatchTime.now().uptimeNanoseconds
        let book = state.withLock { state -> AddressBook? in
            guard isWanted || elapsed(state.lastSaved, now) > PeerExchangeReactor.saveNanoseconds else { return nil }
            state.lastSaved = now
            return state.book
        }
        // It is worth nothing that cannot be heard again.
        try? book?.write(path)
    }

    package func connected(_ peer: Peer) {
        state.withLock { state in
            state.peers[peer.number] = PeerState()
            // Only who was dialled is known to be where it was said to be. A seed will find out about the others.
            if peer.isOutbound || isSeed, let place = ListenAddress(peer.identity.info.listenAddress) {
                let known = PeerAddress(id: peer.id, place: ListenAddress(host: peer.address, port: place.port))
                state.book.add(known, from: peer.id, at: peer.address)
                if peer.isOutbound { state.book.markReached(peer.id) }
            }
        }
        if peer.isOutbound { ask(peer) }
    }

    package func disconnected(_ peer: Peer) { state.withLock { $0.peers[peer.number] = nil } }

    private func ask(_ peer: Peer) {
        let now = DispatchTime.now().uptimeNanoseconds
        let mayAsk = state.withLock { state in
            guard let known = state.peers[peer.number], !known.isAsked,
                known.lastAsked == 0 || elapsed(known.lastAsked, now) > PeerExchangeReactor.askNanoseconds
            else { return false }
            state.peers[peer.number]?.isAsked = true
            state.peers[peer.number]?.lastAsked = now
            return true
        }
        if mayAsk { peer.send(.peerExchange(.request)) }
    }

    package func receive(_ message: ChannelMessage, from peer: Peer) throws(PeerFault) {
        guard case .peerExchange(let message) = message else { return }
        switch message {
        case .request:
            let now = DispatchTime.now().uptimeNanoseconds
            let answer = state.withLock { state -> [PeerAddress]? in
                guard var known = state.peers[peer.number], !known.isLeft else { return [] }
                // The first two may come together (CometBFT: `receiveRequest`).
                if known.lastRequests.count >= 2,
                    elapsed(known.lastRequests[1], now) < PeerExchangeReactor.intervalNanoseconds
                {
                    return nil
                }
                known.lastRequests = known.lastRequests.suffix(1) + [now]
                state.peers[peer.number] = known
                return state.book.told(PeerExchangeMessage.addressCountMax)
            }
            guard let answer else { throw .tooOften(.peerExchange) }
            peer.send(.peerExchange(.addresses(answer.filter { $0.id != peer.id })))
            // Who comes to a seed is told once.
            if isSeed, !peer.isOutbound { leave(peer) }
        case .addresses(let addresses):
            let isAsked = state.withLock { state in
                guard state.peers[peer.number]?.isAsked == true else { return false }
                state.peers[peer.number]?.isAsked = false
                for address in addresses { state.book.add(address, from: peer.id, at: peer.address) }
                return true
            }
            guard isAsked else { throw .unasked(.peerExchange) }
            if isSeed, peer.isOutbound { leave(peer) }
        }
    }

    /// A seed's own peers, whom its operator named, stay.
    private func leave(_ peer: Peer) {
        guard !peer.isPersistent else { return }
        state.withLock { $0.peers[peer.number]?.isLeft = true }
        peer.hangUp()
    }

    /// For a seed: leaves who neither asks nor answers, also where there is no room to ask others.
    package func leaveLate(_ connected: [Peer]) {
        let now = DispatchTime.now().uptimeNanoseconds
        let late = state.withLock { state in
            connected.filter {
                guard let known = state.peers[$0.number], !known.isLeft else { return false }
                return elapsed(known.since, now) > patienceNanoseconds
            }
        }
        for peer in late { leave(peer) }
    }

    /// For a seed: whom to ask now, of those that it has heard of.
    package func crawl(connected: [Peer], underWay: Int) -> [PeerAddress] {
        let now = DispatchTime.now().uptimeNanoseconds
        DispatchQueue.global(qos: .utility).async { self.save(now: false) }
        let names = Set(connected.map(\.id))
        return state.withLock {
            $0.book.toDial(
                max(PeerExchangeReactor.crawlsMax - underWay, 0), except: names, now: now,
                againNanoseconds: PeerExchangeReactor.crawlNanoseconds)
        }
    }

    /// Nodes to dial, when there is room for so many more.
    package func candidates(_ count: Int, connected: [Peer]) -> [PeerAddress] {
        for peer in connected { ask(peer) }
        DispatchQueue.global(qos: .utility).async { self.save(now: false) }
        let names = Set(connected.map(\.id))
        return state.withLock {
            $0.book.toDial(count, except: names, now: DispatchTime.now().uptimeNanoseconds)
        }
    }
}
