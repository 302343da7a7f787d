import ChainFormats
import Dispatch
import Foundation
import Glibc
import Logging
import NIOCore
import PeerNetwork
import PeerWire
import StrictJSON
import Synchronization
import TestSupport
import Testing
import Wire

/// A reactor that remembers what came, and says the same again if it is told to.
final class Listener: PeerReactor {
    private let state = Mutex<(messages: [ChannelMessage], peers: [Peer], gone: Int)>(([], [], 0))
    let channels: [PeerChannel]
    let answers: Bool

    init(channels: [PeerChannel] = PeerChannel.allCases, answers: Bool = false) {
        (self.channels, self.answers) = (channels, answers)
    }

    var messages: [ChannelMessage] { state.withLock { $0.messages } }
    var peers: [Peer] { state.withLock { $0.peers } }
    var gone: Int { state.withLock { $0.gone } }

    func connected(_ peer: Peer) { state.withLock { $0.peers.append(peer) } }
    func receive(_ message: ChannelMessage, from peer: Peer) throws(PeerFault) {
        state.withLock { $0.messages.append(message) }
        if answers { peer.send(message) }
    }
    func disconnected(_ peer: Peer) { state.withLock { $0.gone += 1 } }
}

/// A node of a test: a switch that listens at a port that the system chose.
final class Node: Sendable {
    let side: Side
    let peers: PeerSwitch
    let listener: Listener

    init(
        _ number: UInt8, dials others: [Node] = [], listener: Listener = Listener(), reactors: [any PeerReactor] = [],
        exchange: PeerExchangeReactor? = nil, port: UInt16 = 0, network: String? = nil,
        bend: (inout PeerSettings) -> Void = { _ in }
    ) throws {
        side = Side(number: number)
        self.listener = listener
        var settings = PeerSettings()
        settings.listen = ListenAddress(host: "127.0.0.1", port: port)
        settings.allowsDuplicateIP = true
        settings.persistentPeers = others.map(\.place)
        bend(&settings)
        var info = side.info
        info.listenAddress = "tcp://127.0.0.1:\(port)"
        if let network { info.network = network }
        peers = PeerSwitch(
            settings, info: info, key: side.key, rules: Facts.rules,
            reactors: reactors.isEmpty ? [listener] : reactors,
            exchange: exchange, logger: Logger(label: "peers") { _ in SwiftLogNoOpLogHandler() })
        try peers.start()
    }

    deinit { peers.stop() }

    var port: UInt16 { UInt16(peers.port!) }
    var place: PeerAddress { PeerAddress(id: side.id, place: ListenAddress(host: "127.0.0.1", port: port)) }
}

/// What was written to a log.
final class LogLines: Sendable {
    private let lines = Mutex<[(level: Logger.Level, text: String)]>([])

    var warnings: [String] { lines.withLock { $0.filter { $0.level == .warning }.map(\.text) } }
    var all: [String] { lines.withLock { $0.map(\.text) } }
    var handler: any LogHandler { Handler(lines: self) }

    private struct Handler: LogHandler {
        let lines: LogLines
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.debug
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            let text = "\(event.message) \(event.metadata ?? [:])"
            lines.lines.withLock { $0.append((event.level, text)) }
        }
    }
}

/// Waits on a thread of its own for what other threads do.
func eventually(_ seconds: Double = 60, _ isTrue: @escaping @Sendable () -> Bool) async -> Bool {
    await withCheckedContinuation { continuation in
        Thread.detachNewThread {
            let end = Date(timeIntervalSinceNow: seconds)
            while !isTrue(), Date() < end { usleep(2000) }
            continuation.resume(returning: isTrue())
        }
    }
}

/// A port that nobody listened at a moment ago.
func freePort() throws -> UInt16 {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
            bind(descriptor, $0, length) | getsockname(descriptor, $0, &length)
        }
    }
    guard status == 0 else { throw POSIXError(.EADDRINUSE) }
    return UInt16(bigEndian: address.sin_port)
}

@Suite(.serialized) struct PeerSwitchTests {
    @Test("Two nodes find each other by a persistent peer, and messages of all sizes come whole and in order")
    func messages() async throws {
        let first = try await onThread { Box(try Node(1, listener: Listener(answers: true))) }.value
        let second = try await onThread { [first = Box(first)] in Box(try Node(2, dials: [first.value])) }.value
        let (there, here) = (first.listener, second.listener)
        #expect(await eventually { there.peers.count == 1 && here.peers.count == 1 })
        let peer = try #require(here.peers.first)
        #expect(peer.id == first.side.id)
        let sent = [1, 1000, 1024, 70_000, 900_000].map { ChannelMessage.blockSync(.block(pattern($0, $0))) }
        for message in sent { while !peer.send(message) { try await Task.sleep(for: .milliseconds(5)) } }
        #expect(await eventually { here.messages.count == sent.count })
        #expect(there.messages == sent)
        #expect(here.messages == sent)
    }

    @Test("Who answers at a persistent peer's address with another key is refused, and the log says so")
    func anotherKey() async throws {
        let other = try await onThread { Box(try Node(1)) }.value
        let lines = LogLines()
        let (peers, listener) = try await onThread { [other = Box(other)] in
            let (side, listener) = (Side(number: 2), Listener())
            var settings = PeerSettings()
            settings.persistentPeers = [PeerAddress(id: Side(number: 3).id, place: other.value.place.place)]
            let peers = PeerSwitch(
                settings, info: side.info, key: side.key, rules: Facts.rules, reactors: [listener],
                logger: Logger(label: "peers") { _ in lines.handler })
            try peers.start()
            return (peers, listener)
        }
        defer { peers.stop() }
        #expect(await eventually { !listener.peers.isEmpty || !lines.warnings.isEmpty })
        #expect(listener.peers.isEmpty && other.listener.peers.isEmpty)
        let warning = try #require(lines.warnings.first)
        #expect(warning.contains("its key is not the one that names the peer"), "\(warning)")
        for name in [Side(number: 3).id, other.side.id, "127.0.0.1:\(other.port)"] {
            #expect(warning.contains(name), "\(warning)")
        }
        // However often: nobody is kept out for it.
        #expect(await eventually { lines.warnings.count > 1 })
        let right = try await onThread { [other = Box(other)] in Box(try Node(2, dials: [other.value])) }.value
        #expect(await eventually { right.listener.peers.count == 1 })
    }

    @Test("Of a stranger's address at which another answers the log says nothing that wakes anybody")
    func anotherStranger() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let other = try await onThread { Box(try Node(1)) }.value
        let lines = LogLines()
        let told = PeerAddress(id: Side(number: 3).id, place: other.place.place)
        try Data("\(told) \(other.side.id) told 0\n".utf8).write(to: URL(fileURLWithPath: folder.path("book")))
        let path = folder.path("book")
        let peers = try await onThread {
            let side = Side(number: 2)
            let peers = PeerSwitch(
                PeerSettings(), info: side.info, key: side.key, rules: Facts.rules, reactors: [Listener(channels: [])],
                exchange: PeerExchangeReactor(path: path), logger: Logger(label: "peers") { _ in lines.handler })
            try peers.start()
            return peers
        }
        defer { peers.stop() }
        #expect(await eventually { lines.all.contains { $0.contains("its key is not the one that names the peer") } })
        #expect(lines.warnings.isEmpty)
    }

    @Test("A peer that is gone is dialled again")
    func redialled() async throws {
        let first = try await onThread { Box(try Node(1)) }.value
        let second = try await onThread { [first = Box(first)] in Box(try Node(2, dials: [first.value])) }.value
        let (there, here) = (first.listener, second.listener)
        #expect(await eventually { there.peers.count == 1 && here.peers.count == 1 })
        // Whatever it did: a persistent peer is not kept out for it.
        here.peers[0].drop(.unasked(.blockSync))
        #expect(await eventually { here.peers.count == 2 && here.gone == 1 })
    }

    @Test("Nobody is connected to twice, nor to itself")
    func twice() async throws {
        let first = try await onThread { Box(try Node(1)) }.value
        let same = try await onThread { [first = Box(first)] in
            Box(try Node(2, dials: [first.value]))
        }.value
        let mirror = try await onThread { [first = Box(first)] in Box(try Node(1, dials: [first.value])) }.value
        let (there, here) = (first.listener, same.listener)
        #expect(await eventually { there.peers.count == 1 && here.peers.count == 1 })
        #expect(!(await eventually(1) { there.peers.count > 1 || !mirror.listener.peers.isEmpty }))
        let again = try await onThread { [first = Box(first)] in Box(try Wordy(Side(number: 2), first.value.port)) }
            .value
        #expect(await eventually { again.isClosed })
        #expect(first.peers.peers.count == 1)
    }

    @Test("Two that dial each other at once keep one connection, the same on both sides")
    func atOnce() async throws {
        for _ in 0..<8 {
            let nodes = try await onThread { () -> Box<[Node]> in
                let places = try [UInt8(1), 2].map {
                    PeerAddress(id: Side(number: $0).id, place: ListenAddress(host: "127.0.0.1", port: try freePort()))
                }
                return Box(
                    try [UInt8(1), 2].enumerated().map { index, number in
                        try Node(number, port: places[index].place.port) {
                            $0.persistentPeers = [places[1 - index]]
                        }
                    })
            }.value
            let (first, second) = (nodes[0], nodes[1])
            #expect(
                await eventually {
                    let (here, there) = (first.peers.peers, second.peers.peers)
                    return here.count == 1 && there.count == 1 && here[0].isOutbound != there[0].isOutbound
                })
            // Whoever came first, it needed no second try.
            let both = first.listener.peers + second.listener.peers
            #expect(both.count <= 4)
            let dialled = first.peers.peers.first?.isOutbound == true ? first.side.id : second.side.id
            if both.count > 2 { #expect(dialled == min(first.side.id, second.side.id)) }
        }
    }

    @Test("A node hears of others from those that it knows, and dials them")
    func heardOf() async throws {
        let without = [PeerChannel.blockSync]
        let (first, second, third) = try await onThread {
            let (one, two, three) = (try freePort(), try freePort(), try freePort())
            let first = try Node(
                1, listener: Listener(channels: without), exchange: PeerExchangeReactor(), port: one)
            let second = try Node(
                2, dials: [first], listener: Listener(channels: without), exchange: PeerExchangeReactor(), port: two)
            let end = Date(timeIntervalSinceNow: 5)
            while second.peers.peers.isEmpty, Date() < end { usleep(2000) }
            return (
                first, second,
                try Node(
                    3, dials: [second], listener: Listener(channels: without), exchange: PeerExchangeReactor(),
                    port: three)
            )
        }
        #expect(await eventually { Set(third.peers.peers.map(\.id)) == [first.side.id, second.side.id] })
        #expect(third.peers.peers.allSatisfy { $0.isOutbound })
    }

    @Test("Addresses that nobody asked for, and questions without a pause, end a connection")
    func exchangeRules() async throws {
        let node = try await onThread {
            Box(try Node(1, listener: Listener(channels: [.blockSync]), exchange: PeerExchangeReactor()))
        }.value
        let port = node.port
        let pushy = try await onThread { try Wordy(Side(number: 2), port) }
        // The node may have asked for them once by now.
        for _ in 0..<2 { try? pushy.send(PeerExchangeMessage.addresses([]).protobuf, on: .peerExchange) }
        #expect(await eventually { pushy.isClosed })
        let curious = try await onThread { try Wordy(Side(number: 3), port) }
        for _ in 0..<2 { try curious.send(PeerExchangeMessage.request.protobuf, on: .peerExchange) }
        // Two answers, and perhaps a question of the node's own.
        #expect(await eventually { curious.messages.count >= 2 })
        #expect(!curious.isClosed)
        try curious.send(PeerExchangeMessage.request.protobuf, on: .peerExchange)
        #expect(await eventually { curious.isClosed })
    }

    @Test("An address book is bounded, in all and of each who fills it")
    func bounded() {
        var book = AddressBook()
        for source in 0..<20 {
            for index in 0..<200 {
                let id = String(format: "%040x", source * 1000 + index)
                book.add(
                    PeerAddress(id: id, place: ListenAddress(host: "10.0.0.1", port: 26656)),
                    from: "\(source)",
                    at: "127.0.0.1")
            }
            #expect(book.count <= min((source + 1) * 100, 1000))
        }
        #expect(book.told(10).isEmpty)
        #expect(book.toDial(10, except: [], now: 1).count == 10)
    }

    @Test("Who has one part of the Internet fills no book, whatever keys it comes with, and nobody else's part")
    func owned() {
        func address(_ number: Int, _ host: String) -> PeerAddress {
            PeerAddress(id: String(format: "%040x", number), place: ListenAddress(host: host, port: 26656))
        }
        // A thousand keys of one machine, each of which tells of addresses all over the Internet.
        var book = AddressBook()
        for index in 0..<1000 {
            book.add(
                address(index, "\(11 + index % 80).\(index % 250).0.1"), from: String(format: "%040x", index),
                at: "198.51.100.7")
        }
        #expect(book.count == 100)
        // Many machines tell of addresses of one part, in either form.
        for index in 1000..<2000 {
            let host = index.isMultiple(of: 2) ? "203.0.113.\(index % 250)" : "::ffff:203.0.7.1"
            book.add(address(index, host), from: "a", at: "\(11 + index % 80).\(index % 250).0.1")
        }
        #expect(book.count == 164)
        for index in 2000..<3000 {
            let teller = "\(11 + index % 80).\(index % 250).0.1"
            book.add(address(index, "2001:db8:1::\(index)"), from: "a", at: teller)
        }
        #expect(book.count == 228)
        book.add(address(3000, "192.0.2.1"), from: "b", at: "2001:db9::1")
        #expect(book.count == 229)
        // A network of one's own has no parts.
        for index in 4000..<4090 { book.add(address(index, "10.0.0.1"), from: "c", at: "fe80::1") }
        #expect(book.count == 319)
    }

    @Test("An address book outlives a start, and a file that is none is an empty one")
    func keptBook() throws {
        let folder = TemporaryFolder()
        let path = folder.path("addrbook")
        var book = AddressBook()
        for index in 0..<30 {
            let place = ListenAddress(host: index == 7 ? "fe80::1" : "10.0.0.\(index)", port: 26656)
            let id = String(format: "%040x", index)
            book.add(PeerAddress(id: id, place: place), from: "\(index % 3)", at: "127.0.0.1")
        }
        for index in 0..<10 { book.markReached(String(format: "%040x", index)) }
        try book.write(path)
        let kept = AddressBook(path: path)
        #expect(kept.count == 30)
        #expect(Set(kept.told(100)) == Set(book.told(100)))
        // What one source filled, it has filled still.
        var again = kept
        for index in 100..<300 {
            let place = ListenAddress(host: "10.0.1.1", port: 26656)
            again.add(PeerAddress(id: String(format: "%040x", index), place: place), from: "1", at: "127.0.0.1")
        }
        #expect(again.count == 30 + 90)
        for bytes in [Array("x y z\n".utf8), [0xff, 0x0a, 0x20], [UInt8](repeating: 0x20, count: 2 << 20)] {
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            #expect(AddressBook(path: path).count == 0)
        }
        #expect(AddressBook(path: folder.path("nothing")).count == 0)
    }

    @Test("Limits that the chain changes hold for connections that are open")
    func adoptedLimits() async throws {
        let node = try await onThread { Box(try Node(1)) }.value
        let port = node.port
        let bytes = BlockSyncMessage.block([UInt8](repeating: 7, count: 5000)).protobuf
        let (first, second) = try await onThread {
            (try Wordy(Side(number: 2), port), try Wordy(Side(number: 3), port))
        }
        #expect(await eventually { node.listener.peers.count == 2 })
        node.peers.adopt(PeerLimits(blockBytesMax: 1000))
        try await Task.sleep(for: .milliseconds(300))
        try await onThread { try first.send(bytes, on: .blockSync) }
        #expect(await eventually { first.isClosed })
        node.peers.adopt(PeerLimits(blockBytesMax: 10_000))
        try await Task.sleep(for: .milliseconds(300))
        try await onThread { try second.send(bytes, on: .blockSync) }
        #expect(await eventually { node.listener.messages.count == 1 })
        #expect(!second.isClosed)
    }

    @Test("No more peers are let in than there may be")
    func limits() async throws {
        let node = try await onThread { Box(try Node(1) { $0.inboundMax = 3 }) }.value
        let port = node.port
        let others = try await onThread { try (2...6).map { try Wordy(Side(number: $0), port) } }
        #expect(await eventually { others.filter(\.isClosed).count == 2 })
        #expect(node.peers.peers.count == 3)
    }

    @Test("Of one address only so many may be in a handshake, and none for long")
    func handshakes() async throws {
        let node = try await onThread {
            Box(
                try Node(1) {
                    $0.handshakesPerAddressMax = 3
                    $0.handshakeTime = .seconds(8)
                })
        }.value
        let port = node.port
        let silent = try await onThread { try (0..<6).map { _ in try RawSocket(port: port) } }
        #expect(await eventually(7) { silent.filter(\.isClosed).count == 3 })
        #expect(await eventually(30) { silent.allSatisfy(\.isClosed) })
    }

    @Test("Nodes that cannot be reached take no place of those that come")
    func unreachable() async throws {
        let node = try await onThread {
            let gone = try (0..<5).map { index in
                PeerAddress(
                    id: String(format: "%040x", index), place: ListenAddress(host: "127.0.0.1", port: try freePort()))
            }
            return Box(
                try Node(1) {
                    $0.persistentPeers = gone
                    $0.handshakesMax = 3
                })
        }.value
        let port = node.port
        #expect(!(await eventually(1.5) { !node.peers.peers.isEmpty }))
        _ = try await onThread { try Wordy(Side(number: 2), port) }
        let listener = node.listener
        #expect(await eventually(3) { listener.peers.count == 1 })
    }

    @Test("Whoever sends what nobody may send is dropped, and not let in again for a while")
    func banned() async throws {
        let node = try await onThread { Box(try Node(1)) }.value
        let port = node.port
        let wordy = try await onThread { try Wordy(Side(number: 2), port) }
        let listener = node.listener
        #expect(await eventually { listener.peers.count == 1 })
        try wordy.send([0x12, 0x00], on: .consensusState)
        #expect(await eventually { wordy.isClosed && listener.gone == 1 })
        let again = try await onThread { try Wordy(Side(number: 2), port) }
        #expect(await eventually { again.isClosed })
        #expect(listener.peers.count == 1)
        // Another one is not to blame.
        _ = try await onThread { try Wordy(Side(number: 3), port) }
        #expect(await eventually { listener.peers.count == 2 })
    }

    @Test("A node lives through every malformed packet and message, and each ends or does not as with CometBFT")
    func malformed() async throws {
        let node = try await onThread {
            Box(
                try Node(1) {
                    $0.handshakesPerAddressMax = 1000
                    $0.banTime = .zero
                })
        }.value
        let port = node.port
        for (index, item) in Facts.malformed.enumerated() {
            if ["BlockResponse unasked", "PexAddrs unasked", "evidence with random signatures"].contains(item.name) {
                continue
            }
            let wordy = try await onThread {
                try Wordy(Side(seed: pattern(32, index), ephemeral: pattern(32, 9)), port)
            }
            if let number = item.channel {
                try wordy.send(item.message, on: UInt8(number))
            } else {
                try wordy.write(Delimited.encode(item.message))
            }
            try wordy.write(Delimited.encode(PeerPacket.ping.protobuf))
            #expect(await eventually { wordy.isClosed || wordy.pongs > 0 })
            let ends = item.ends || item.name == "proposal POL round = round"
            // What is only understood behind the ping is dropped a little later.
            #expect(await eventually(ends ? 5 : 0.02) { wordy.isClosed } == ends, "\(item.name)")
        }
    }

    @Test("Pings that come together are answered once, and answers that nobody asked for change nothing")
    func pings() async throws {
        let node = try await onThread { Box(try Node(1)) }.value
        let port = node.port
        let wordy = try await onThread { try Wordy(Side(number: 2), port) }
        let ping = Delimited.encode(PeerPacket.ping.protobuf)
        let pong = Delimited.encode(PeerPacket.pong.protobuf)
        try wordy.write(Array(repeatElement(pong + ping, count: 100).joined()))
        #expect(await eventually { wordy.pongs > 0 })
        #expect(wordy.pongs < 5)
        #expect(!wordy.isClosed)
    }

    @Test("A peer that does not answer is dropped")
    func silent() async throws {
        let node = try await onThread {
            Box(
                try Node(1) {
                    $0.pingInterval = .milliseconds(200)
                    $0.pongTime = .milliseconds(300)
                })
        }.value
        let port = node.port
        let wordy = try await onThread { try Wordy(Side(number: 2), port, answersPings: false) }
        #expect(await eventually(3) { wordy.isClosed })
        let polite = try await onThread { try Wordy(Side(number: 3), port) }
        #expect(!(await eventually(1.5) { polite.isClosed }))
    }

    @Test("Who sends more than may wait is read no further, and others are heard")
    func backpressure() async throws {
        let slow = Slow()
        let node = try await onThread {
            Box(
                try Node(1, reactors: [slow]) {
                    $0.receiveBytesPerSecond = 1 << 30
                })
        }.value
        let port = node.port
        let greedy = try await onThread { try Wordy(Side(number: 2), port) }
        let message = ChannelMessage.blockSync(.block(pattern(1_000_000, 1))).encoded.bytes
        let isStuck = try await onThread { try greedy.flood(message, on: .blockSync, count: 60, seconds: 2) }
        #expect(isStuck)
        #expect(slow.count < 2)
        let other = try await onThread { try Wordy(Side(number: 3), port) }
        try other.write(Delimited.encode(PeerPacket.ping.protobuf))
        #expect(await eventually { other.pongs == 1 })
        slow.goOn()
    }
}

/// A reactor that is busy with the first message until it is told to go on.
final class Slow: PeerReactor {
    private let gate = DispatchSemaphore(value: 0)
    private let seen = Mutex(0)
    let channels = [PeerChannel.blockSync]

    var count: Int { seen.withLock { $0 } }
    func connected(_ peer: Peer) {}
    func receive(_ message: ChannelMessage, from peer: Peer) throws(PeerFault) {
        seen.withLock { $0 += 1 }
        gate.wait()
        gate.signal()
    }
    func disconnected(_ peer: Peer) {}
    func goOn() { gate.signal() }
}

/// Takes a value to another thread that alone uses it.
final class Box<Value>: @unchecked Sendable {
    let value: Value
    init(_ value: Value) { self.value = value }
}
