import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP2
import NIOHTTPTypes

/// Connections to the gRPC port: HTTP/2 from the first byte (RFC 9113, section 3.3), or HTTP/1.1 for browsers, which
/// speak no HTTP/2 without TLS.
struct GRPCChannel: ServerChildChannel, HTTPChannelHandler {
    typealias Stream = NIOAsyncChannel<HTTP2Frame.FramePayload, HTTP2Frame.FramePayload>

    /// A connection of which its first bytes have not said yet what it is.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let connection: EventLoopFuture<Connection>
    }

    enum Connection: Sendable {
        case http2(NIOHTTP2Handler.AsyncStreamMultiplexer<Stream>)
        case http1(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
    }

    /// At work at once for one connection; a client is told, and may not open more (RFC 9113, section 5.1.2).
    private static let streamsMax = 100
    /// Metadata of a request.
    private static let headerBytesMax = 16 << 10
    private static let windowBytes = 256 << 10

    let responder: Responder
    private let calls: GRPCCalls
    private let configuration: HTTPServerConfiguration
    private let web: HTTPServerConfiguration
    private let connections: ClientConnections

    init(calls: GRPCCalls, configuration: HTTPServerConfiguration) {
        self.calls = calls
        var web = configuration
        web.headBytesMax = Self.headerBytesMax
        web.bodyBytesMax = GRPCWeb.bodyBytesMax
        self.web = web
        // Clients of HTTP/2 keep one connection for long.
        var http2 = configuration
        http2.idleSeconds = 300
        self.configuration = http2
        connections = ClientConnections(connectionsMax: configuration.connectionsMax)
        let answers = GRPCWeb(calls)
        responder = { request, writer, channel in
            let response = await answers.respond(
                to: request, from: ClientContext.client(channel.remoteAddress))
            try await writer.write(response: response.head, body: response.body)
        }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let (configuration, web) = (configuration, web)
        let promise = channel.eventLoop.makePromise(of: Connection.self)
        return channel.eventLoop.makeCompletedFuture {
            let first = FirstBytes(promise) { isHTTP2 in
                isHTTP2
                    ? .http2(try Self.http2(channel))
                    : .http1(try PublicHTTPChannel.pipeline(of: channel, web, logger))
            }
            try channel.pipeline.syncOperations.addHandlers([
                IdleStateHandler(allTimeout: .seconds(configuration.idleSeconds)), ConnectionEnd(), first,
            ])
            return Value(channel: channel, connection: promise.futureResult)
        }
    }

    private static func http2(_ channel: any Channel) throws -> NIOHTTP2Handler.AsyncStreamMultiplexer<Stream> {
        var http2 = NIOHTTP2Handler.Configuration()
        http2.connection.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: Self.streamsMax),
            HTTP2Setting(parameter: .maxHeaderListSize, value: Self.headerBytesMax),
            HTTP2Setting(parameter: .initialWindowSize, value: Self.windowBytes),
        ]
        http2.connection.maximumBufferedControlFrames = 1_000
        http2.connection.targetWindowSize = 4 * Self.windowBytes
        http2.stream.targetWindowSize = Self.windowBytes
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(SocketEnd())
        let streams = try pipeline.configureAsyncHTTP2Pipeline(mode: .server, configuration: http2) { stream in
            stream.eventLoop.makeCompletedFuture {
                try Stream(
                    wrappingChannelSynchronously: stream,
                    configuration: .init(backPressureStrategy: .init(lowWatermark: 2, highWatermark: 8)))
            }
        }
        try pipeline.addHandler(HTTP2Refusal())
        return streams
    }

    func handle(value: Value, logger: Logger) async {
        let client = ClientContext.client(value.channel.remoteAddress)
        guard connections.enter(client) else {
            value.channel.close(promise: nil)
            return
        }
        defer { connections.leave(client) }
        switch try? await value.connection.get() {
        case .http2(let streams): await serve(streams, client, logger)
        case .http1(let channel): await handleHTTP(asyncChannel: channel, logger: logger)
        case nil: break
        }
        value.channel.close(promise: nil)
    }

    private func serve(
        _ streams: NIOHTTP2Handler.AsyncStreamMultiplexer<Stream>, _ client: String, _ logger: Logger
    ) async {
        let calls = calls
        await withDiscardingTaskGroup { group in
            do {
                for try await stream in streams.inbound {
                    group.addTask { await calls.serve(stream, client: client) }
                }
            } catch {
                logger.debug("a gRPC connection broke", metadata: ["client": "\(client)", "error": "\(error)"])
            }
            // Nobody hears the answers any more.
            group.cancelAll()
        }
    }
}

/// Ends a connection whose bytes are no HTTP/2, behind the frame that says so (RFC 9113, section 5.4.1). Faults of one
/// stream end that stream, and not here.
final class HTTP2Refusal: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case is NIOHTTP2Errors.BadClientMagic, is NIOHTTP2Errors.UnableToParseFrame,
            is NIOHTTP2Errors.ExcessivelyLargeHeaderBlock, is NIOHTTP2Errors.ExcessiveContinuationFrames:
            context.close(promise: nil)
        default: context.fireErrorCaught(error)
        }
    }
}

/// Reads off a connection's first bytes whether it is HTTP/2, which begins with a preface of 24 bytes (RFC 9113,
/// section 3.4), and hands them on to what was chosen. What is not all of it is HTTP/1.1, or refused there.
final class FirstBytes: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    struct Ended: Error {}

    private static let preface = Array("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8)

    private let promise: EventLoopPromise<GRPCChannel.Connection>
    private let choose: (_ isHTTP2: Bool) throws -> GRPCChannel.Connection
    private var bytes = ByteBuffer()
    private var isDone = false

    init(
        _ promise: EventLoopPromise<GRPCChannel.Connection>,
        _ choose: @escaping (_ isHTTP2: Bool) throws -> GRPCChannel.Connection
    ) {
        (self.promise, self.choose) = (promise, choose)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isDone else { return context.fireChannelRead(data) }
        var read = unwrapInboundIn(data)
        bytes.writeBuffer(&read)
        let seen = bytes.readableBytesView.prefix(Self.preface.count)
        let isHTTP2 = Self.preface.starts(with: seen)
        guard !isHTTP2 || seen.count == Self.preface.count else { return }
        isDone = true
        do {
            promise.succeed(try choose(isHTTP2))
        } catch {
            promise.fail(error)
            context.close(promise: nil)
            return
        }
        context.fireChannelRead(wrapInboundOut(bytes))
        context.fireChannelReadComplete()
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    /// Who has not said anything yet is not waited for when the server ends.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if !isDone, event is ChannelShouldQuiesceEvent { context.close(promise: nil) }
        context.fireUserInboundEventTriggered(event)
    }

    private func end() {
        guard !isDone else { return }
        isDone = true
        promise.fail(Ended())
    }
}
