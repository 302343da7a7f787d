import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import StrictJSON

extension HTTPServerConfiguration {
    var decoderLimits: NIOHTTPDecoderLimitConfiguration {
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = headBytesMax
        limits.maxHeaderListSize = headBytesMax
        limits.maxHeaderFieldCount = 200
        return limits
    }
}

/// Connections of strangers: Hummingbird's HTTP/1.1 with the manners that clients rely on (`ConnectionManners`).
struct PublicHTTPChannel: ServerChildChannel, HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: Responder
    let configuration: HTTPServerConfiguration
    private let connections: ClientConnections

    init(responder: @escaping Responder, configuration: HTTPServerConfiguration) {
        self.responder = responder
        self.configuration = configuration
        connections = ClientConnections(connectionsMax: configuration.connectionsMax)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture { try PublicHTTPChannel.pipeline(of: channel, configuration, logger) }
    }

    /// All of it, on a connection of which nothing was read.
    static func pipeline(
        of channel: any Channel, _ configuration: HTTPServerConfiguration, _ logger: Logger
    ) throws -> Value {
        try channel.pipeline.syncOperations.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: configuration.decoderLimits)
        return try manners(of: channel, configuration, logger)
    }

    /// What stands behind the parser of HTTP.
    static func manners(
        of channel: any Channel, _ configuration: HTTPServerConfiguration, _ logger: Logger
    ) throws -> Value {
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandler(ConnectionManners(configuration))
        try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
        try pipeline.addHandler(
            HTTPConnectionStateHandler(idleTimeout: .seconds(configuration.idleSeconds), logger: logger))
        return try NIOAsyncChannel(
            wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }

    func handle(value: Value, logger: Logger) async {
        let client = ClientContext.client(value.channel.remoteAddress)
        guard connections.enter(client) else {
            try? await value.executeThenClose { _, _ in }
            return
        }
        defer { connections.leave(client) }
        await handleHTTP(asyncChannel: value, logger: logger)
    }
}

/// What HTTP asks of a connection and Hummingbird leaves to others:
///
/// - a client that sends `Expect: 100-continue` is told to go on (RFC 9110, section 10.1.1), unless its body is too
///   large;
/// - a connection of HTTP/1.0, or one whose client says so in any spelling, closes behind its answer (RFC 9112, 9.3);
/// - what is refused before there is a request, as a URL beyond the limit or a text that nobody could compare, is
///   refused with our JSON.
final class ConnectionManners: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let configuration: HTTPServerConfiguration
    // Requests may come before the answers to earlier ones are out; both are counted, answers keep the order.
    private var requestCount = 0
    private var answerCount = 0
    /// The requests whose clients wait to be told to go on. At most one, unless a client does not wait.
    private var waiting: [Int] = []
    /// The request whose answer is the connection's last.
    private var last: Int?
    private var parserError: HTTPParserError?
    /// Nothing is read of a connection behind a head that was refused.
    private var isRefused = false

    init(_ configuration: HTTPServerConfiguration) {
        self.configuration = configuration
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isRefused else { return }
        guard case .head(var head) = unwrapInboundIn(data) else { return context.fireChannelRead(data) }
        // Headers are compared as `String`s in other hands, which takes a time quadratic in marks that stand in a row.
        guard String(streamSafe: head.uri.utf8) != nil,
            head.headers.allSatisfy({ String(streamSafe: $0.value.utf8) != nil })
        else {
            isRefused = true
            return errorCaught(context: context, error: HTTPParserError.invalidHeaderToken)
        }
        requestCount += 1
        // Not taken apart at commas and not compared unless it may be this: a header is as long as a client likes.
        let expects = head.headers["expect"].contains {
            $0.utf8.count == 12 && $0.lowercased() == "100-continue"
        }
        let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        let isTooLong = expects && length > configuration.bodyBytesMax
        if expects, !isTooLong, head.version == .http1_1, waiting.count < 8 {
            waiting.append(requestCount)
            sendContinue(context)
        }
        // Who was not told to go on may send the body or not: what follows cannot be told from a request.
        if !head.isKeepAlive || head.version != .http1_1 || isTooLong {
            head.headers.replaceOrAdd(name: "connection", value: "close")
            last = last ?? requestCount
        }
        context.fireChannelRead(wrapInboundOut(.head(head)))
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head):
            if let parserError, head.status == .badRequest, head.headers.first(name: "content-length") == "0" {
                return writeRefusal(of: parserError, context, promise)
            }
            if last == answerCount + 1 { head.headers.replaceOrAdd(name: "connection", value: "close") }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end:
            context.write(data, promise: promise)
            answerCount += 1
            waiting.removeAll { $0 <= answerCount }
            sendContinue(context)
        case .body:
            context.write(data, promise: promise)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? HTTPParserError { parserError = error }
        context.fireErrorCaught(error)
    }

    /// Only the request that is answered next may be told to go on: an earlier one's answer may be on its way.
    private func sendContinue(_ context: ChannelHandlerContext) {
        guard let next = waiting.first, next == answerCount + 1 else { return }
        waiting.removeFirst()
        context.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }

    /// Hummingbird's bare 400, with a body. Its end follows by itself, and the connection closes.
    private func writeRefusal(
        of error: HTTPParserError, _ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?
    ) {
        let refusal: StatusError
        let status: HTTPResponseStatus
        switch error {
        case .headerOverflow:
            status = .requestHeaderFieldsTooLarge
            refusal = StatusError(
                .resourceExhausted, "the URL or the headers are longer than \(configuration.headBytesMax) bytes")
        default:
            status = .badRequest
            refusal = StatusError(.invalidArgument, "the request is not HTTP/1.1")
        }
        let body = RESTTranscoder.response(to: refusal).body
        let headers: HTTPHeaders = [
            "content-type": "application/json", "access-control-allow-origin": "*",
            "content-length": String(body.count), "connection": "close",
        ]
        context.write(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: status, headers: headers))), promise: nil)
        context.write(
            wrapOutboundOut(.body(.byteBuffer(context.channel.allocator.buffer(bytes: body)))), promise: promise)
    }
}
