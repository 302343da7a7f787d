import Dispatch
import PeerWire
import Synchronization

/// Hears of other nodes and tells of those that this one has reached.
package final class PeerExchangeReactor: PeerReactor {
    /// CometBFT: a third of `ensurePeersPeriod`; who asks again sooner, and then once more, is dropped.
    private static let intervalNanoseconds: UInt64 = 10_000_000_000
    private static let askNanoseconds: UInt64 = 30_000_000_000

    private struct PeerState {
        var lastRequests: [UInt64] = []
        var isAsked = false
        var lastAsked: UInt64 = 0
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
    /// CometBFT: `dumpAddressInterval`.
    private static let saveNanoseconds: UInt64 = 120_000_000_000

    /// With a `path` the book is what was kept there.
    package init(path: String? = nil) {
        self.path = path
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
            // Only who was dialled is known to be where it was said to be.
            if peer.isOutbound, let place = ListenAddress(peer.identity.info.listenAddress) {
                let known = PeerAddress(id: peer.id, place: ListenAddress(host: peer.address, port: place.port))
                state.book.add(known, from: peer.id)
                state.book.markReached(peer.id)
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
                guard var known = state.peers[peer.number] else { return [] }
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
        case .addresses(let addresses):
            let isAsked = state.withLock { state in
                guard state.peers[peer.number]?.isAsked == true else { return false }
                state.peers[peer.number]?.isAsked = false
                for address in addresses { state.book.add(address, from: peer.id) }
                return true
            }
            guard isAsked else { throw .unasked(.peerExchange) }
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
