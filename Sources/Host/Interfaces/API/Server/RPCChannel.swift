import HTTPTypes
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import NIOWebSocket

/// Connections to the RPC port: HTTP/1.1 as `PublicHTTPChannel` has it, or a WebSocket for who asks for one at
/// `/websocket` with a connection's first request (RFC 6455).
struct RPCChannel: ServerChildChannel, HTTPChannelHandler {
    /// A connection of which its first request has not said yet what it is.
    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let upgrade: EventLoopFuture<Connection>
    }

    enum Connection: Sendable {
        case http(NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>)
        case socket(NIOAsyncChannel<WebSocketFrame, WebSocketFrame>)
    }

    let responder: Responder
    private let configuration: HTTPServerConfiguration
    private let sockets: RPCSockets
    private let connections: ClientConnections

    init(responder: @escaping Responder, configuration: HTTPServerConfiguration, sockets: RPCSockets) {
        (self.responder, self.configuration, self.sockets) = (responder, configuration, sockets)
        connections = ClientConnections(connectionsMax: configuration.connectionsMax)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let configuration = configuration
        return channel.eventLoop.makeCompletedFuture {
            let upgrader = NIOTypedWebSocketServerUpgrader<Connection>(
                maxFrameSize: RPCSockets.messageBytesMax,
                shouldUpgrade: { channel, head in
                    let path = head.uri.utf8.prefix { $0 != UInt8(ascii: "?") }
                    return channel.eventLoop.makeSucceededFuture(
                        path.elementsEqual("/websocket".utf8) ? HTTPHeaders() : nil)
                },
                upgradePipelineHandler: { channel, _ in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandler(SocketEnd())
                        // Little is read ahead of what is answered: each message may be a long one.
                        return Connection.socket(
                            try NIOAsyncChannel(
                                wrappingChannelSynchronously: channel,
                                configuration: .init(
                                    backPressureStrategy: .init(lowWatermark: 1, highWatermark: 2))))
                    }
                })
            var setup = NIOUpgradableHTTPServerPipelineConfiguration(
                upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
                    upgraders: [upgrader],
                    notUpgradingCompletionHandler: { channel in
                        channel.eventLoop.makeCompletedFuture {
                            .http(try PublicHTTPChannel.manners(of: channel, configuration, logger))
                        }
                    }))
            setup.enablePipelining = false
            setup.enableResponseHeaderValidation = false
            setup.decoderConfiguration = configuration.decoderLimits
            // Also of who connects and never says what for.
            let idle = IdleStateHandler(allTimeout: .seconds(configuration.idleSeconds))
            try channel.pipeline.syncOperations.addHandlers([idle, ConnectionEnd()])
            return Value(
                channel: channel,
                upgrade: try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
                    configuration: setup))
        }
    }

    func handle(value: Value, logger: Logger) async {
        let client = ClientContext.client(value.channel.remoteAddress)
        guard connections.enter(client) else {
            value.channel.close(promise: nil)
            return
        }
        defer { connections.leave(client) }
        switch try? await value.upgrade.get() {
        case .http(let channel): await handleHTTP(asyncChannel: channel, logger: logger)
        case .socket(let channel): await sockets.serve(channel, client: client)
        case nil: value.channel.close(promise: nil)
        }
    }
}

/// Ends a connection on which nothing comes or goes.
final class ConnectionEnd: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}

/// Ends a connection that lasts when the server ends.
final class SocketEnd: ChannelInboundHandler {
    typealias InboundIn = NIOAny

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is ChannelShouldQuiesceEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
