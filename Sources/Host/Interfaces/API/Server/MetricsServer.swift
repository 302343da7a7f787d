import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// What an operator's page answers.
package struct OperatorPage: Sendable {
    package var status: Int
    package var contentType: String
    package var text: String

    package init(status: Int = 200, contentType: String = "text/plain; charset=utf-8", text: String) {
        (self.status, self.contentType, self.text) = (status, contentType, text)
    }
}

/// The metrics port: `GET /metrics` in the text format of Prometheus, and whatever else the node tells its operator.
/// For the operator alone; bind it to loopback or a private network.
package struct MetricsServer: Service {
    private let configuration: HTTPServerConfiguration
    private let metrics: MetricsRegistry
    private let logger: Logger
    /// By path; `nil` where there is no such page.
    private let page: @Sendable (String) -> OperatorPage?
    private let onRunning: @Sendable (Int) async -> Void

    package init(
        configuration: HTTPServerConfiguration, metrics: MetricsRegistry, logger: Logger,
        page: @escaping @Sendable (String) -> OperatorPage? = { _ in nil },
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        var configuration = configuration
        configuration.headBytesMax = 16 << 10
        configuration.connectionsMax = 64
        configuration.idleSeconds = 10
        self.configuration = configuration
        self.metrics = metrics
        self.logger = logger
        self.page = page
        self.onRunning = onRunning
    }

    package func run() async throws {
        let (metrics, page) = (metrics, page)
        try await HTTPService(
            name: "cloister", configuration: configuration, logger: logger, onRunning: onRunning,
            respond: { request, _ in
                guard request.method == .get else { return Response(status: .notFound) }
                guard request.uri.path == "/metrics" else {
                    guard let answer = page(request.uri.path) else { return Response(status: .notFound) }
                    return Response(
                        status: HTTPResponse.Status(code: answer.status),
                        headers: [.contentType: answer.contentType, .cacheControl: "no-store"],
                        body: ResponseBody(byteBuffer: ByteBuffer(string: answer.text)))
                }
                return Response(
                    status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text())))
            }
        ).run()
    }
}
