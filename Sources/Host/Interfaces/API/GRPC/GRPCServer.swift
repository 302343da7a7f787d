import ClientRequests
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP2
import NIOPosix
import ServiceLifecycle

/// The gRPC port (9090): the service handlers over HTTP/2 without TLS, as their clients expect it of a node of the
/// Cosmos SDK.
///
/// There are no stubs: a handler takes a message's bytes and gives a message's bytes, and so does gRPC, which puts five
/// bytes in front (docs/decisions/0056). All methods of the registry are unary; server reflection alone is a stream.
package struct GRPCServer: Service {
    private var configuration: HTTPServerConfiguration
    private let calls: GRPCCalls
    private let logger: Logger
    private let onRunning: @Sendable (Int) async -> Void

    package init(
        configuration: HTTPServerConfiguration, registry: ServiceRegistry, metrics: MetricsRegistry, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        // Clients keep one connection for long.
        self.configuration.idleSeconds = 300
        calls = GRPCCalls(registry, metrics: metrics, logger: logger)
        self.logger = logger
        self.onRunning = onRunning
    }

    package func run() async throws {
        let onRunning = onRunning
        let server = GRPCChannel(calls: calls, configuration: configuration).server(
            configuration: ServerConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    configuration.connectionsMax, logger: logger)),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) },
            eventLoopGroup: MultiThreadedEventLoopGroup.singleton, logger: logger)
        try await server.run()
    }
}

/// Connections to the gRPC port: HTTP/2 from the first byte (RFC 9113, section 3.3).
struct GRPCChannel: ServerChildChannel {
    typealias Stream = NIOAsyncChannel<HTTP2Frame.FramePayload, HTTP2Frame.FramePayload>

    struct Value: ServerChildChannelValue {
        let channel: any Channel
        let streams: NIOHTTP2Handler.AsyncStreamMultiplexer<Stream>
    }

    /// At work at once for one connection; a client is told, and may not open more (RFC 9113, section 5.1.2).
    private static let streamsMax = 100
    /// Metadata of a request.
    private static let headerBytesMax = 16 << 10
    private static let windowBytes = 256 << 10

    let calls: GRPCCalls
    private let configuration: HTTPServerConfiguration
    private let connections: ClientConnections

    init(calls: GRPCCalls, configuration: HTTPServerConfiguration) {
        (self.calls, self.configuration) = (calls, configuration)
        connections = ClientConnections(connectionsMax: configuration.connectionsMax)
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        let configuration = configuration
        return channel.eventLoop.makeCompletedFuture {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandlers([
                IdleStateHandler(allTimeout: .seconds(configuration.idleSeconds)), ConnectionEnd(), SocketEnd(),
            ])
            var http2 = NIOHTTP2Handler.Configuration()
            http2.connection.initialSettings = [
                HTTP2Setting(parameter: .maxConcurrentStreams, value: Self.streamsMax),
                HTTP2Setting(parameter: .maxHeaderListSize, value: Self.headerBytesMax),
                HTTP2Setting(parameter: .initialWindowSize, value: Self.windowBytes),
            ]
            http2.connection.maximumBufferedControlFrames = 1_000
            http2.connection.targetWindowSize = 4 * Self.windowBytes
            http2.stream.targetWindowSize = Self.windowBytes
            let streams = try pipeline.configureAsyncHTTP2Pipeline(mode: .server, configuration: http2) { stream in
                stream.eventLoop.makeCompletedFuture {
                    try Stream(
                        wrappingChannelSynchronously: stream,
                        configuration: .init(backPressureStrategy: .init(lowWatermark: 2, highWatermark: 8)))
                }
            }
            return Value(channel: channel, streams: streams)
        }
    }

    func handle(value: Value, logger: Logger) async {
        let client = ClientContext.client(value.channel.remoteAddress)
        guard connections.enter(client) else {
            value.channel.close(promise: nil)
            return
        }
        defer { connections.leave(client) }
        let calls = calls
        await withDiscardingTaskGroup { group in
            do {
                for try await stream in value.streams.inbound {
                    group.addTask { await calls.serve(stream, client: client) }
                }
            } catch {
                logger.debug("a gRPC connection broke", metadata: ["client": "\(client)", "error": "\(error)"])
            }
            // Nobody hears the answers any more.
            group.cancelAll()
        }
        value.channel.close(promise: nil)
    }
}
