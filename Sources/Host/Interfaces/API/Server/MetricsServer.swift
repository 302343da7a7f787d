import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// The metrics port: `GET /metrics` in the text format of Prometheus. For the operator alone; bind it to loopback or a
/// private network.
package struct MetricsServer: Service {
    private let configuration: HTTPServerConfiguration
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let onRunning: @Sendable (Int) async -> Void

    package init(
        configuration: HTTPServerConfiguration, metrics: MetricsRegistry, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        var configuration = configuration
        configuration.headBytesMax = 16 << 10
        configuration.connectionsMax = 64
        configuration.idleSeconds = 10
        self.configuration = configuration
        self.metrics = metrics
        self.logger = logger
        self.onRunning = onRunning
    }

    package func run() async throws {
        let metrics = metrics
        try await HTTPService(
            name: "cloister", configuration: configuration, logger: logger, onRunning: onRunning,
            respond: { request, _ in
                guard request.method == .get, request.uri.path == "/metrics" else {
                    return Response(status: .notFound)
                }
                return Response(
                    status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text())))
            }
        ).run()
    }
}
