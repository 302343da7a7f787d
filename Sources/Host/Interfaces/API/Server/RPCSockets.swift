import ClientRequests
import Logging
import NIOCore
import NIOWebSocket
import StrictJSON
import Synchronization

/// All WebSocket connections to the RPC: how many there may be, and the frames of each (RFC 6455).
struct RPCSockets: Sendable {
    /// As many as CometBFT lets subscribe; of one address three quarters.
    static let countMax = 100
    /// Of one message, in however many frames it comes.
    static let messageBytesMax = 512 << 10
    /// CometBFT's times: a reader has ten seconds for a message, and hears a ping in time.
    private static let writeTime = Duration.seconds(10)
    private static let pingTime = Duration.seconds(27)
    /// Pings in a row that nothing is heard after.
    private static let silentPingsMax = 2

    private let door: RPCDoor
    private let stories: BlockStories
    private let slots: RequestSlots
    private let deadlines: Deadlines
    private let clients = ClientConnections(connectionsMax: countMax)
    private let open = Open()
    private let logger: Logger

    init(_ door: RPCDoor, slots: RequestSlots, deadlines: Deadlines, logger: Logger) {
        (self.door, self.slots, self.deadlines) = (door, slots, deadlines)
        stories = BlockStories(door.chain)
        self.logger = logger
    }

    private final class Open: Sendable {
        let count = Mutex(0)
    }

    func serve(_ channel: NIOAsyncChannel<WebSocketFrame, WebSocketFrame>, client: String) async {
        let isFirst = open.count.withLock { count in
            guard count < Self.countMax else { return false }
            count += 1
            return true
        }
        defer { if isFirst { open.count.withLock { $0 -= 1 } } }
        let hasRoom = isFirst && clients.enter(client)
        defer { if hasRoom { clients.leave(client) } }
        do {
            try await channel.executeThenClose { inbound, outbound in
                let sink = SocketSink(outbound: outbound, deadlines: deadlines, time: Self.writeTime)
                guard hasRoom else {
                    try await sink.write(
                        RPCDoor.response(.failure(.ended("max_subscription_clients \(Self.countMax) reached")), id: nil)
                    )
                    return try await sink.close(.unknown(1013), "try again later")
                }
                try await serve(inbound, sink, client)
            }
        } catch is SocketSink.TooSlow {
            logger.debug("a slow client of the RPC is let go", metadata: ["client": "\(client)"])
        } catch {
            // The connection broke, which is the client's to notice.
        }
    }

    private func serve(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, _ sink: SocketSink, _ client: String
    ) async throws {
        let socket = RPCSocket(
            door, stories: stories, slots: slots, client: client, sink: sink)
        let ear = Ear()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await read(inbound, socket, sink, ear) }
            group.addTask {
                do { try await socket.tell() } catch let ended as RPCSocket.Ended {
                    try await sink.close(.policyViolation, ended.reason)
                }
            }
            group.addTask {
                while true {
                    try await Task.sleep(for: Self.pingTime)
                    guard ear.isStillThere(silentMax: Self.silentPingsMax) else {
                        return try await sink.close(.goingAway, "nothing was heard")
                    }
                    try await sink.ping()
                }
            }
            // Whichever ends first ends all.
            let first = await group.nextResult()
            group.cancelAll()
            await socket.stop()
            try first?.get()
        }
    }

    /// Whether something was heard since the last pings.
    private final class Ear: Sendable {
        private let silentPings = Mutex(0)

        func heard() { silentPings.withLock { $0 = 0 } }

        func isStillThere(silentMax: Int) -> Bool {
            silentPings.withLock { count in
                count += 1
                return count <= silentMax
            }
        }
    }

    /// Until the client closes, or breaks the protocol.
    private func read(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>, _ socket: RPCSocket, _ sink: SocketSink, _ ear: Ear
    ) async throws {
        var message: [UInt8]?
        for try await frame in inbound {
            ear.heard()
            let data = Array(frame.unmaskedData.readableBytesView)
            switch frame.opcode {
            case .text, .binary:
                guard message == nil else { return try await sink.close(.protocolError, "a message in a message") }
                message = data
            case .continuation:
                guard let begun = message else { return try await sink.close(.protocolError, "no message goes on") }
                guard begun.count + data.count <= Self.messageBytesMax else {
                    return try await sink.close(
                        .messageTooLarge, "a message has at most \(Self.messageBytesMax) bytes")
                }
                message = begun + data
            case .ping:
                try await sink.pong(data)
                continue
            case .connectionClose:
                return try await sink.close(.normalClosure, "")
            default: continue
            }
            guard frame.fin, let whole = message else { continue }
            message = nil
            try await socket.receive(whole)
        }
    }
}

/// Texts as WebSocket frames. A client that does not take one in time is let go.
struct SocketSink: TextSink {
    struct TooSlow: Error {}

    let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
    let deadlines: Deadlines
    let time: Duration

    func write(_ text: [UInt8]) async throws { try await write(.text, ByteBuffer(bytes: text)) }
    func ping() async throws { try await write(.ping, ByteBuffer()) }
    func pong(_ data: [UInt8]) async throws { try await write(.pong, ByteBuffer(bytes: data)) }

    /// The reason is for people, and short.
    func close(_ code: WebSocketErrorCode, _ reason: String) async throws {
        var data = ByteBuffer()
        data.write(webSocketErrorCode: code)
        data.writeBytes(reason.utf8.prefix(100))
        try await write(.connectionClose, data)
    }

    private func write(_ opcode: WebSocketOpcode, _ data: ByteBuffer) async throws {
        let outbound = outbound
        let isDone = try await deadlines.result(within: time) {
            try await outbound.write(WebSocketFrame(fin: true, opcode: opcode, data: data))
            return true
        }
        guard isDone != nil else { throw TooSlow() }
    }
}
