import Dispatch
import Logging
import NIOCore
import NIOPosix
import PeerWire
import Synchronization

/// A node at the other end of an open connection.
package final class Peer: Sendable {
    /// Of this connection; another one of the same node has another.
    package let number: UInt64
    package let identity: PeerIdentity
    package let isOutbound: Bool
    /// Without the port.
    package let address: String
    /// The operator named it.
    package let isPersistent: Bool
    fileprivate let since = DispatchTime.now().uptimeNanoseconds
    fileprivate let connection: any PeerLine
    private let traffic: PeerTraffic

    package init(
        number: UInt64, identity: PeerIdentity, connection: any PeerLine, isPersistent: Bool, traffic: PeerTraffic
    ) {
        (self.number, self.identity, self.connection, self.traffic) = (number, identity, connection, traffic)
        self.isPersistent = isPersistent
        (isOutbound, address) = (connection.isOutbound, connection.address)
    }

    package var id: String { identity.id }

    /// `false` if it is gone, does not have the channel, or too much waits for it there: it will have to be sent again.
    @discardableResult
    package func send(_ message: ChannelMessage) -> Bool {
        let (channel, bytes) = message.encoded
        guard connection.send(bytes, on: channel) else { return false }
        traffic.send(message.kind, bytes.count)
        return true
    }

    /// Since it is connected.
    package var ageNanoseconds: UInt64 {
        let now = DispatchTime.now().uptimeNanoseconds
        return now > since ? now - since : 0
    }

    /// Sealed bytes, in all.
    package var sentBytes: UInt64 { connection.sentBytes }

    package func hasRoom(_ channel: PeerChannel) -> Bool { connection.hasRoom(channel) }

    /// Ends the connection once it has been sent what waits; it may come again.
    package func hangUp() { connection.endWhenSent() }

    /// Ends the connection; the peer is not let in again for a while.
    package func drop(_ fault: PeerFault) { connection.end(.fault(fault)) }
}

/// What is done with some channels of all peers. Calls for one peer come one after the other, for several at once.
package protocol PeerReactor: AnyObject, Sendable {
    var channels: [PeerChannel] { get }
    func connected(_ peer: Peer)
    /// A thrown fault drops the peer.
    func receive(_ message: ChannelMessage, from peer: Peer) throws(PeerFault)
    func disconnected(_ peer: Peer)
}

/// All connections of a node: dials, accepts, and refuses.
package final class PeerSwitch: PeerConnectionOwner {
    private struct Dialled {
        var isUnderWay = false
        var failures = 0
        var nextTime: UInt64 = 0
    }

    private struct State {
        var peers: [ObjectIdentifier: Peer] = [:]
        /// Connections that are not open yet.
        var handshakes: [ObjectIdentifier: PeerConnection] = [:]
        var dialled: [String: Dialled] = [:]
        var bans = BanList()
        var nextNumber: UInt64 = 1
        var hasStopped = false
        var listener: (any Channel)?
        var maintenance: RepeatedTask?
    }

    private let settings: PeerSettings
    private let info: NodeInfo
    private let key: PeerKey
    private let rules: Mutex<PeerRules>
    private let reactors: [any PeerReactor]
    private let exchange: PeerExchangeReactor?
    private let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    private let state = Mutex(State())
    package let traffic = PeerTraffic()

    /// `info` with the channels of the reactors. With an `exchange` nodes are dialled that others tell of.
    package init(
        _ settings: PeerSettings, info: NodeInfo, key: PeerKey, rules: PeerRules, reactors: [any PeerReactor],
        exchange: PeerExchangeReactor? = nil, logger: Logger
    ) {
        var info = info
        let reactors = reactors + (exchange.map { [$0] } ?? [])
        info.channels = reactors.flatMap(\.channels).map(\.rawValue)
        (self.settings, self.info, self.key) = (settings, info, key)
        self.rules = Mutex(rules)
        (self.reactors, self.exchange, self.logger) = (reactors, exchange, logger)
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    }

    /// Listens and begins to dial. Blocks until it listens; not for a thread that others wait for.
    package func start() throws {
        if let listen = settings.listen {
            let listener = try ServerBootstrap(group: group)
                .serverChannelOption(.backlog, value: 64)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.socketOption(.tcp_nodelay), value: 1)
                .childChannelOption(.autoRead, value: false)
                .childChannelInitializer { channel in self.accept(channel) }
                .bind(host: listen.host, port: Int(listen.port)).wait()
            state.withLock { $0.listener = listener }
        }
        let task = group.next().scheduleRepeatedTask(initialDelay: .zero, delay: .milliseconds(500)) {
            [weak self] _ in self?.maintain()
        }
        state.withLock { $0.maintenance = task }
    }

    /// Where it listens, once it does.
    package var port: Int? { state.withLock { $0.listener?.localAddress?.port } }

    package var peers: [Peer] { state.withLock { $0.peers.values.sorted { $0.number < $1.number } } }

    /// Ends all connections.
    package func stop() {
        let (listener, maintenance, connections) = state.withLock { state in
            state.hasStopped = true
            return (state.listener, state.maintenance, Array(state.handshakes.values))
        }
        maintenance?.cancel()
        listener?.close(promise: nil)
        for connection in connections { connection.end(.unwanted) }
        for peer in peers { peer.leave() }
        exchange?.save()
        group.shutdownGracefully(queue: .global()) { _ in }
    }

    /// What messages may be, from now on: of connections that are open, too.
    package func adopt(_ limits: PeerLimits) {
        let isNew = rules.withLock { rules in
            guard rules.limits != limits else { return false }
            rules.limits = limits
            return true
        }
        guard isNew else { return }
        let handshakes = state.withLock { Array($0.handshakes.values) }
        for connection in handshakes { connection.adopt(limits) }
        for peer in peers { peer.adopt(limits) }
    }

    // MARK: Dialling

    private func maintain() {
        let now = DispatchTime.now().uptimeNanoseconds
        let due = state.withLock { state -> [PeerAddress] in
            guard !state.hasStopped else { return [] }
            let connected = Set(state.peers.values.map(\.id))
            let due = settings.persistentPeers.filter { peer in
                let dialled = state.dialled[peer.id] ?? Dialled()
                return peer.id != info.id && !connected.contains(peer.id) && !dialled.isUnderWay
                    && dialled.nextTime <= now
            }
            for peer in due { state.dialled[peer.id, default: Dialled()].isUnderWay = true }
            return due
        }
        for peer in due + strangers() { dial(peer) }
    }

    /// Nodes that others told of, a few at a time while there is room; with nobody to ask, a seed.
    private func strangers() -> [PeerAddress] {
        guard let exchange else { return [] }
        let connected = peers
        // A dial is under way as long as its connection lasts.
        let (dialled, hasStopped) = state.withLock { state in
            (state.dialled.filter(\.value.isUnderWay).map(\.key), state.hasStopped)
        }
        let outbound = Set(dialled).union(connected.filter(\.isOutbound).map(\.id))
        if exchange.isSeed { exchange.leaveLate(connected) }
        let room = settings.outboundMax - outbound.count
        guard room > 0, !hasStopped else { return [] }
        var chosen =
            (exchange.isSeed
            ? exchange.crawl(connected: connected, underWay: outbound.count)
            : exchange.candidates(min(room, 3), connected: connected)).filter { $0.id != info.id }
        // CometBFT: `ensurePeers`, `dialSeeds`.
        if chosen.isEmpty, connected.isEmpty, dialled.isEmpty, let seed = dueSeed() { chosen = [seed] }
        state.withLock { state in
            for peer in chosen { state.dialled[peer.id, default: Dialled()].isUnderWay = true }
        }
        return chosen
    }

    private func dueSeed() -> PeerAddress? {
        let now = DispatchTime.now().uptimeNanoseconds
        let due = state.withLock { state in
            settings.seeds.filter { $0.id != info.id && (state.dialled[$0.id]?.nextTime ?? 0) <= now }
        }
        return due.randomElement()
    }

    private func dial(_ peer: PeerAddress) {
        ClientBootstrap(group: group)
            .connectTimeout(settings.dialTime)
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(.autoRead, value: false)
            .channelInitializer { channel in
                self.add(channel, isOutbound: true, address: peer.place.host, expecting: peer)
            }
            .connect(host: peer.place.host, port: Int(peer.place.port))
            .whenComplete { result in
                switch result {
                case .success(let channel):
                    channel.closeFuture.whenComplete { _ in self.endDial(of: peer) }
                case .failure(let error):
                    self.logger.debug("cannot reach a peer", metadata: ["peer": "\(peer)", "why": "\(error)"])
                    self.endDial(of: peer)
                }
            }
    }

    /// The next time comes later, until a connection was open again.
    private func endDial(of peer: PeerAddress) {
        state.withLock { state in
            var dialled = state.dialled[peer.id] ?? Dialled()
            dialled.isUnderWay = false
            let wait = min(UInt64(1) << UInt64(min(dialled.failures, 5)), 30) * 1_000_000_000
            // A little of chance, so that two nodes that dial each other do not do it at the same moments for ever.
            dialled.nextTime = DispatchTime.now().uptimeNanoseconds + UInt64.random(in: wait / 2...wait)
            if settings.seeds.contains(where: { $0.id == peer.id }) {
                dialled.nextTime += UInt64(settings.seedInterval.nanoseconds)
            }
            dialled.failures += 1
            // The address book remembers the others.
            let isNamed = (settings.persistentPeers + settings.seeds).contains { $0.id == peer.id }
            state.dialled[peer.id] = isNamed ? dialled : nil
        }
    }

    // MARK: Connections

    private func accept(_ channel: any Channel) -> EventLoopFuture<Void> {
        let address = channel.remoteAddress?.ipAddress ?? ""
        let isWelcome = state.withLock { state in
            // Those that this node dials take nobody's place.
            let inbound = state.handshakes.values.filter { !$0.isOutbound }
            let ofAddress = inbound.count { $0.address == address }
            return !state.hasStopped && inbound.count < settings.handshakesMax
                && ofAddress < settings.handshakesPerAddressMax
                && !state.bans.isBanned(address, now: DispatchTime.now().uptimeNanoseconds)
        }
        guard isWelcome else { return channel.close() }
        return add(channel, isOutbound: false, address: address)
    }

    private func add(
        _ channel: any Channel, isOutbound: Bool, address: String, expecting peer: PeerAddress? = nil
    ) -> EventLoopFuture<Void> {
        var random = SystemRandomNumberGenerator()
        let secret = (0..<SecretHandshake.keyByteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
        let link = PeerLink(
            ephemeralSecret: secret, own: info, publicKey: key.publicKey, limits: rules.withLock { $0.limits },
            expectedID: peer?.id, sign: key.sign)
        let connection = PeerConnection(
            link: link, isOutbound: isOutbound, address: address, dialled: peer,
            loop: channel.eventLoop, settings: settings, owner: self)
        state.withLock { $0.handshakes[ObjectIdentifier(connection)] = connection }
        // Of a channel that never was active its handler does not hear.
        channel.closeFuture.whenComplete { _ in
            self.state.withLock { $0.handshakes[ObjectIdentifier(connection)] = nil }
        }
        return channel.pipeline.addHandler(connection)
    }

    func opened(_ connection: PeerConnection, _ identity: PeerIdentity) {
        let name = ObjectIdentifier(connection)
        let isPersistent = settings.persistentPeers.contains { $0.id == identity.id }
        let same = state.withLock { state in state.peers.values.first { $0.id == identity.id } }
        let replaced = same.flatMap { isPreferred(connection, of: identity, to: $0) ? $0 : nil }
        let peer = state.withLock { state -> Peer? in
            state.handshakes[name] = nil
            let others = state.peers.values.filter {
                $0.isOutbound == connection.isOutbound && $0.number != replaced?.number
            }.count
            guard !state.hasStopped, identity.id != info.id,
                !state.peers.values.contains(where: { $0.id == identity.id && $0.number != replaced?.number }),
                isPersistent || !state.bans.isBanned(identity.id, now: DispatchTime.now().uptimeNanoseconds),
                isPersistent || others < (connection.isOutbound ? settings.outboundMax : settings.inboundMax),
                isPersistent || settings.allowsDuplicateIP || connection.isOutbound
                    || !state.peers.values.contains(where: {
                        $0.address == connection.address && $0.number != replaced?.number
                    })
            else { return nil }
            let peer = Peer(
                number: state.nextNumber, identity: identity, connection: connection, isPersistent: isPersistent,
                traffic: traffic)
            state.nextNumber += 1
            state.peers[name] = peer
            state.dialled[identity.id]?.failures = 0
            return peer
        }
        guard let peer else {
            connection.end(.unwanted)
            return
        }
        if let replaced {
            state.withLock { $0.dialled[identity.id]?.failures = 0 }
            replaced.leave()
        }
        logger.info(
            "peer connected",
            metadata: ["peer": "\(peer.id)", "address": "\(peer.address)", "version": "\(identity.info.version)"])
        for reactor in reactors { reactor.connected(peer) }
    }

    /// Of two nodes that dial each other at once, each may see the other's connection first, and would keep that and
    /// drop its own. So both keep the one that was dialled by whose name is smaller. CometBFT has no such rule and
    /// tries again after a while; by its version a node says whether it has ours.
    private func isPreferred(_ connection: PeerConnection, of identity: PeerIdentity, to other: Peer) -> Bool {
        let age = elapsed(other.since, DispatchTime.now().uptimeNanoseconds)
        let isOurs = info.id < identity.id
        return identity.info.version == info.version && other.isOutbound != connection.isOutbound
            && age < UInt64(settings.handshakeTime.nanoseconds) && connection.isOutbound == isOurs
    }

    func received(_ channel: PeerChannel, _ bytes: [UInt8], over connection: PeerConnection) {
        guard let peer = state.withLock({ $0.peers[ObjectIdentifier(connection)] }) else { return }
        do throws(PeerFault) {
            let message = try ChannelMessage(channel, bytes, rules: rules.withLock { $0 })
            traffic.receive(message.kind, bytes.count)
            for reactor in reactors where reactor.channels.contains(channel) {
                try reactor.receive(message, from: peer)
            }
        } catch {
            connection.end(.fault(error))
        }
    }

    func ended(_ connection: PeerConnection, _ reason: PeerEnd) {
        let name = ObjectIdentifier(connection)
        let peer = state.withLock { state -> Peer? in
            state.handshakes[name] = nil
            let peer = state.peers.removeValue(forKey: name)
            if case .fault(let fault) = reason {
                let now = DispatchTime.now().uptimeNanoseconds
                if let peer {
                    state.bans.add(peer.id, for: UInt64(settings.banTime.nanoseconds), now: now)
                } else if case .handshake(.nodeInfo) = fault {
                    // Of another network, or another version: no harm meant.
                } else if case .handshake(.anotherKey) = fault {
                    // It never said that it was who was dialled.
                } else {
                    state.bans.count(connection.address, for: UInt64(settings.banTime.nanoseconds), now: now)
                }
            }
            return peer
        }
        if case .fault(.handshake(.anotherKey(let id))) = reason, let dialled = connection.dialled {
            // A wrong line of the settings, or somebody in between.
            // What strangers tell of is not worth a warning.
            let isNamed = (settings.persistentPeers + settings.seeds).contains { $0.id == dialled.id }
            logger.log(
                level: isNamed ? .warning : .debug,
                "at the address of a peer answers another node, which is refused: its key is not the one that names the peer",
                metadata: ["peer": "\(dialled)", "answers": "\(id)"])
        }
        guard let peer else {
            logger.debug("no peer", metadata: ["address": "\(connection.address)", "why": "\(reason)"])
            return
        }
        if case .fault(let fault) = reason {
            logger.warning("a peer breaks the rules", metadata: ["peer": "\(peer.id)", "fault": "\(fault)"])
        } else {
            logger.info("peer gone", metadata: ["peer": "\(peer.id)", "why": "\(reason)"])
        }
        for reactor in reactors { reactor.disconnected(peer) }
    }
}

extension Peer {
    fileprivate func leave() { connection.end(.unwanted) }
    fileprivate func adopt(_ limits: PeerLimits) { connection.adopt(limits) }
}

/// Who is not let in, and until when. Bounded: of too many those are forgotten whose time is over first.
struct BanList {
    private static let countMax = 1000
    /// Faults before a handshake is over that an address may make: others may be behind it, too.
    private static let faultsMax = 20
    private static let doublingsMax: UInt64 = 10

    private struct Entry {
        var until: UInt64
        var times: UInt64
    }

    private var entries: [String: Entry] = [:]

    func isBanned(_ name: String, now: UInt64) -> Bool { entries[name].map { $0.until > now } ?? false }

    /// Twice as long each time.
    mutating func add(_ name: String, for time: UInt64, now: UInt64) {
        let times = (entries[name]?.times ?? 0) + 1
        makeRoom(for: name)
        entries[name] = Entry(until: now + time << min(times - 1, BanList.doublingsMax), times: times)
    }

    /// Bans from the twenty-first on.
    mutating func count(_ name: String, for time: UInt64, now: UInt64) {
        let times = (entries[name]?.times ?? 0) + 1
        makeRoom(for: name)
        entries[name] = Entry(until: times > UInt64(BanList.faultsMax) ? now + time : 0, times: times)
    }

    private mutating func makeRoom(for name: String) {
        guard entries[name] == nil, entries.count >= BanList.countMax,
            let first = entries.min(by: { $0.value.until < $1.value.until })
        else { return }
        entries[first.key] = nil
    }
}
