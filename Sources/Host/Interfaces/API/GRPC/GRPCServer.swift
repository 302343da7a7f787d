import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle

/// The gRPC port (9090): the service handlers over HTTP/2 without TLS, as their clients expect it of a node of the
/// Cosmos SDK, and over HTTP/1.1 for browsers (`GRPCWeb`).
///
/// There are no stubs: a handler takes a message's bytes and gives a message's bytes, and so does gRPC, which puts five
/// bytes in front (docs/decisions/0056). All methods of the registry are unary; server reflection alone is a stream.
package struct GRPCServer: Service {
    private let configuration: HTTPServerConfiguration
    private let calls: GRPCCalls
    private let logger: Logger
    private let onRunning: @Sendable (Int) async -> Void

    package init(
        configuration: HTTPServerConfiguration, registry: ServiceRegistry, metrics: MetricsRegistry, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
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
