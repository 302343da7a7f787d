import Dispatch
import NIOCore
import PeerWire
import Synchronization

/// Why a connection ended, if not because one side wanted it to.
package enum PeerEnd: Error, Equatable, Sendable {
    case fault(PeerFault)
    /// Did not answer in time.
    case silent
    case handshakeTime
    case unwanted
    case closed
}

/// A connection as its peer has it: of the network, or of a simulated one.
package protocol PeerLine: AnyObject, Sendable {
    var isOutbound: Bool { get }
    /// Without the port.
    var address: String { get }
    /// Sealed, in all.
    var sentBytes: UInt64 { get }
    /// `false` if the peer is gone, does not have the channel, or too much waits for it.
    func send(_ message: [UInt8], on channel: PeerChannel) -> Bool
    func hasRoom(_ channel: PeerChannel) -> Bool
    func end(_ reason: PeerEnd)
    func endWhenSent()
    func adopt(_ limits: PeerLimits)
}

extension PeerConnection: PeerLine {}

/// What a connection tells whoever owns it; all calls come from its own queue, in order.
protocol PeerConnectionOwner: AnyObject, Sendable {
    func opened(_ connection: PeerConnection, _ identity: PeerIdentity)
    func received(_ channel: PeerChannel, _ message: [UInt8], over connection: PeerConnection)
    func ended(_ connection: PeerConnection, _ reason: PeerEnd)
}

/// One connection on its event loop: a `PeerLink` with deadlines, rates and bounds.
final class PeerConnection: ChannelInboundHandler, @unchecked Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Messages that were read and are not yet dealt with: beyond it nothing more is read.
    private static let waitingBytesMax = 4 << 20
    /// Sealed at a time.
    private static let batchBytes = 1 << 16
    /// What each message costs to keep, whatever it has in it.
    private static let messageOverhead = 256

    /// What any thread may touch.
    private struct Shared {
        var queue: SendQueue
        var waitingBytes = 0
        var isOpen = false
        var hasEnded = false
        var sentBytes: UInt64 = 0
    }

    let isOutbound: Bool
    /// Without the port.
    let address: String
    /// By whose name and place it was dialled.
    let dialled: PeerAddress?
    let loop: any EventLoop
    private let settings: PeerSettings
    private let shared: Mutex<Shared>
    private let work: DispatchQueue
    private weak var owner: (any PeerConnectionOwner)?

    // On the event loop alone.
    private var link: PeerLink
    private var context: ChannelHandlerContext?
    private var receiving: RateLimit
    private var sending: RateLimit
    private var isPaused = false
    private var isReadScheduled = false
    private var isSendScheduled = false
    private var owesPong = false
    private var hasReported = false
    private var leavesWhenSent = false
    private var handshakeDeadline: Scheduled<Void>?
    private var pongDeadline: Scheduled<Void>?
    private var pings: RepeatedTask?
    private var reason = PeerEnd.closed

    init(
        link: PeerLink, isOutbound: Bool, address: String, dialled: PeerAddress?, loop: any EventLoop,
        settings: PeerSettings, owner: any PeerConnectionOwner
    ) {
        (self.link, self.isOutbound, self.address, self.loop) = (link, isOutbound, address, loop)
        (self.dialled, self.settings, self.owner) = (dialled, settings, owner)
        shared = Mutex(Shared(queue: SendQueue(channels: [])))
        work = DispatchQueue(label: "peer")
        let now = DispatchTime.now().uptimeNanoseconds
        receiving = RateLimit(bytesPerSecond: settings.receiveBytesPerSecond, now: now)
        sending = RateLimit(bytesPerSecond: settings.sendBytesPerSecond, now: now)
    }

    // MARK: For any thread

    /// `false` if the peer is gone, does not have the channel, or too much waits for it.
    func send(_ message: [UInt8], on channel: PeerChannel) -> Bool {
        shared.withLock { shared in
            guard shared.isOpen, !shared.hasEnded, shared.queue.add(message, to: channel) else { return false }
            loop.execute { self.sendMore() }
            return true
        }
    }

    func hasRoom(_ channel: PeerChannel) -> Bool {
        shared.withLock { $0.isOpen && !$0.hasEnded && $0.queue.hasRoom(channel) }
    }

    func end(_ reason: PeerEnd) {
        onLoop { $0.close(reason) }
    }

    /// What is sent before is not lost by the end that follows: the other side has this long to read it.
    private static let leaveTime = TimeAmount.milliseconds(500)
    private static let unreadTime = TimeAmount.seconds(10)

    func endWhenSent() {
        onLoop { connection in
            connection.leavesWhenSent = true
            connection.sendMore()
            // Who does not read what waits for it does not stay for that.
            connection.loop.scheduleTask(in: PeerConnection.unreadTime) { connection.close(.unwanted) }
        }
    }

    /// Not once it has ended: its loop may be gone with it. The loop takes note of the end under the same lock, so it
    /// still runs what it is given here.
    private func onLoop(_ body: @escaping @Sendable (PeerConnection) -> Void) {
        shared.withLock { shared in
            if !shared.hasEnded { loop.execute { body(self) } }
        }
    }

    func adopt(_ limits: PeerLimits) {
        onLoop { $0.link.adopt(limits) }
    }

    /// Runs `body` after whatever came from this peer before.
    func perform(_ body: @escaping @Sendable () -> Void) { work.async(execute: body) }

    // MARK: On the event loop

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { begin(context) }
    }

    /// A channel that never was active does not become inactive.
    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        shared.withLock { $0.hasEnded = true }
    }

    func channelActive(context: ChannelHandlerContext) { begin(context) }

    private func begin(_ context: ChannelHandlerContext) {
        guard handshakeDeadline == nil else { return }
        handshakeDeadline = loop.scheduleTask(in: settings.handshakeTime) { self.close(.handshakeTime) }
        write(link.hello)
        context.read()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var buffer = unwrapInboundIn(data)
        guard reason == .closed, let bytes = buffer.readBytes(length: buffer.readableBytes) else { return }
        do throws(PeerFault) {
            for event in try link.receive(bytes) { handle(event) }
        } catch {
            close(.fault(error))
            return
        }
        let delay = receiving.spend(bytes.count, now: DispatchTime.now().uptimeNanoseconds)
        if delay > 0, !isReadScheduled {
            isReadScheduled = true
            loop.scheduleTask(in: .nanoseconds(delay)) {
                self.isReadScheduled = false
                self.readMore()
            }
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if owesPong {
            // One for all that came together: else a frame full of pings would be answered with a frame for each.
            owesPong = false
            write(link.seal(Delimited.encode(PeerPacket.pong.protobuf)))
        }
        readMore()
    }

    private func readMore() {
        guard reason == .closed, !isReadScheduled else { return }
        isPaused = shared.withLock { $0.waitingBytes > PeerConnection.waitingBytesMax }
        if !isPaused { context?.read() }
    }

    private func handle(_ event: PeerEvent) {
        switch event {
        case .send(let bytes): write(bytes)
        case .ping: owesPong = true
        case .pong:
            pongDeadline?.cancel()
            pongDeadline = nil
        case .open(let identity):
            handshakeDeadline?.cancel()
            shared.withLock {
                $0.queue = SendQueue(channels: identity.info.channels.compactMap(PeerChannel.init(rawValue:)))
                $0.isOpen = true
            }
            pings = loop.scheduleRepeatedTask(initialDelay: settings.pingInterval, delay: settings.pingInterval) {
                [weak self] _ in self?.ping()
            }
            hasReported = true
            work.async { self.owner?.opened(self, identity) }
        case .message(let channel, let bytes):
            let cost = bytes.count + PeerConnection.messageOverhead
            shared.withLock { $0.waitingBytes += cost }
            work.async {
                self.owner?.received(channel, bytes, over: self)
                let wasFull = self.shared.withLock { shared in
                    let wasFull = shared.waitingBytes > PeerConnection.waitingBytesMax
                    shared.waitingBytes -= cost
                    return wasFull && !shared.hasEnded && shared.waitingBytes <= PeerConnection.waitingBytesMax
                }
                if wasFull { self.onLoop { if $0.isPaused { $0.readMore() } } }
            }
        }
    }

    private func ping() {
        shared.withLock { $0.queue.forgetALittle() }
        write(link.seal(Delimited.encode(PeerPacket.ping.protobuf)))
        guard pongDeadline == nil else { return }
        pongDeadline = loop.scheduleTask(in: settings.pongTime) { self.close(.silent) }
    }

    private func sendMore() {
        while reason == .closed, !isSendScheduled, let context, context.channel.isWritable {
            let packets = shared.withLock { $0.queue.take(PeerConnection.batchBytes) }
            guard !packets.isEmpty else {
                if leavesWhenSent {
                    leavesWhenSent = false
                    loop.scheduleTask(in: PeerConnection.leaveTime) { self.close(.unwanted) }
                }
                return
            }
            write(link.seal(packets))
            let delay = sending.spend(packets.count, now: DispatchTime.now().uptimeNanoseconds)
            guard delay > 0 else { continue }
            isSendScheduled = true
            loop.scheduleTask(in: .nanoseconds(delay)) {
                self.isSendScheduled = false
                self.sendMore()
            }
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { sendMore() }

    var sentBytes: UInt64 { shared.withLock { $0.sentBytes } }

    private func write(_ bytes: [UInt8]) {
        guard let context else { return }
        shared.withLock { $0.sentBytes += UInt64(bytes.count) }
        context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
    }

    private func close(_ reason: PeerEnd) {
        if self.reason == .closed { self.reason = reason }
        context?.close(promise: nil)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { close(.closed) }

    func channelInactive(context: ChannelHandlerContext) {
        handshakeDeadline?.cancel()
        pongDeadline?.cancel()
        pings?.cancel()
        shared.withLock {
            $0.hasEnded = true
            $0.queue = SendQueue(channels: [])
        }
        let reason = reason
        work.async { self.owner?.ended(self, reason) }
    }
}
