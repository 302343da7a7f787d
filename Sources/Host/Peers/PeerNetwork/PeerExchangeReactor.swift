import Dispatch
import PeerWire
import Synchronization

/// Where other nodes are said to be.
///
/// Bounded, and each peer may fill only a part of it: who invents a thousand addresses crowds out nobody else's.
package struct AddressBook: Sendable {
    static let countMax = 1000
    static let perSourceMax = 100
    /// An address that was never reached goes after so many attempts.
    static let attemptsMax = 5

    private struct Entry {
        var place: ListenAddress
        var source: String
        var attempts = 0
        var wasReached = false
        var notBefore: UInt64 = 0
    }

    private var entries: [String: Entry] = [:]

    package init() {}

    package var count: Int { entries.count }

    /// What `source` says of a node; nothing that is known better is replaced.
    package mutating func add(_ address: PeerAddress, from source: String) {
        guard entries[address.id] == nil, address.place.port > 0 else { return }
        guard entries.values.reduce(0, { $0 + ($1.source == source ? 1 : 0) }) < AddressBook.perSourceMax else {
            return
        }
        if entries.count >= AddressBook.countMax {
            guard
                let worst = entries.filter({ !$0.value.wasReached }).max(by: { $0.value.attempts < $1.value.attempts })
            else { return }
            entries[worst.key] = nil
        }
        entries[address.id] = Entry(place: address.place, source: source)
    }

    package mutating func markReached(_ id: String) {
        entries[id]?.wasReached = true
        entries[id]?.attempts = 0
    }

    package mutating func remove(_ id: String) { entries[id] = nil }

    /// At most `count` that may be tried now; each is tried later the next time.
    package mutating func toDial(_ count: Int, except connected: Set<String>, now: UInt64) -> [PeerAddress] {
        var chosen: [PeerAddress] = []
        for id in entries.keys.shuffled() where chosen.count < count && !connected.contains(id) {
            guard let entry = entries[id], entry.notBefore <= now else { continue }
            guard entry.wasReached || entry.attempts < AddressBook.attemptsMax else {
                entries[id] = nil
                continue
            }
            entries[id]?.attempts += 1
            entries[id]?.notBefore = now + UInt64(30_000_000_000) << UInt64(min(entry.attempts, 6))
            chosen.append(PeerAddress(id: id, place: entry.place))
        }
        return chosen
    }

    /// Some of those that were reached, to be told to others.
    package func told(_ count: Int) -> [PeerAddress] {
        entries.filter(\.value.wasReached).shuffled().prefix(count).map {
            PeerAddress(id: $0.key, place: $0.value.place)
        }
    }
}

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
        var book = AddressBook()
        var peers: [UInt64: PeerState] = [:]
    }

    package let channels = [PeerChannel.peerExchange]
    private let state = Mutex(State())

    package init() {}

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
        let names = Set(connected.map(\.id))
        return state.withLock {
            $0.book.toDial(count, except: names, now: DispatchTime.now().uptimeNanoseconds)
        }
    }
}
