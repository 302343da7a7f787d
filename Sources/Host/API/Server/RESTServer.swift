import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// The REST port (1317): HTTP around a `RESTTranscoder`.
///
/// Browsers may call it from anywhere (CORS), as they may any Secret Network node: nothing here depends on who asks.
package struct RESTServer: Service {
    /// Requests at work at once. Handlers read state or wait for an enclave lane; more would only wait there.
    private static let runningMax = 64
    /// Beyond this a client is told to come back.
    private static let waitingMax = 256

    private let configuration: HTTPServerConfiguration
    private let transcoder: RESTTranscoder
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let slots = RequestSlots(running: runningMax, waiting: waitingMax)
    private let onRunning: @Sendable (Int) async -> Void

    package init(
        configuration: HTTPServerConfiguration, transcoder: RESTTranscoder, metrics: MetricsRegistry, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.transcoder = transcoder
        self.metrics = metrics
        self.logger = logger
        self.onRunning = onRunning
    }

    package func run() async throws {
        let server = self
        try await HTTPService(
            name: "cloister", configuration: configuration, logger: logger, onRunning: onRunning,
            respond: { await server.respond(to: $0) }
        ).run()
    }

    private func respond(to request: Request) async -> Response {
        if request.method == .options { return preflight() }
        guard await slots.acquire() else {
            return RESTServer.response(to: .init(.unavailable, "too many requests at once; try again"))
        }
        defer { slots.release() }
        let start = ContinuousClock.now
        let body: [UInt8]
        do {
            body = Array(try await request.body.collect(upTo: configuration.bodyBytesMax).readableBytesView)
        } catch is NIOTooManyBytesError {
            return RESTServer.response(
                to: .init(.resourceExhausted, "the body is larger than \(configuration.bodyBytesMax) bytes"),
                status: .contentTooLarge)
        } catch {
            return RESTServer.response(to: .init(.invalidArgument, "the body could not be read"))
        }
        let rest = RESTRequest(
            request.method.rawValue, request.head.path ?? "/", height: request.headers[.blockHeight], body: body)
        let answer = await transcoder.respond(to: rest)
        record(answer, ContinuousClock.now - start)
        return RESTServer.response(answer)
    }

    private func record(_ answer: RESTResponse, _ duration: Duration) {
        let method = answer.method ?? "none"
        metrics.counter(
            "cloister_api_requests_total", help: "Requests answered over REST.",
            labels: [("method", method), ("status", String(answer.status))]
        ).increment()
        metrics.gauge("cloister_api_requests_waiting", help: "Requests that wait for a place.").set(
            Double(slots.waitingCount))
        let parts = duration.components
        metrics.histogram(
            "cloister_api_request_seconds", help: "Time from a request's body to its answer.",
            labels: [("method", method)]
        ).observe(Double(parts.seconds) + Double(parts.attoseconds) * 1e-18)
    }
}

// MARK: - Responses

extension RESTServer {
    private func preflight() -> Response {
        Response(
            status: .noContent,
            headers: [
                .accessControlAllowOrigin: "*", .accessControlAllowMethods: "GET, POST, OPTIONS",
                .accessControlAllowHeaders: "Content-Type, x-cosmos-block-height", .accessControlMaxAge: "86400",
            ])
    }

    private static func response(to error: StatusError, status: HTTPResponse.Status? = nil) -> Response {
        var response = response(RESTTranscoder.response(to: error))
        if let status { response.status = status }
        return response
    }

    private static func response(_ answer: RESTResponse) -> Response {
        var headers: HTTPFields = [
            .contentType: "application/json", .accessControlAllowOrigin: "*",
            .accessControlExposeHeaders: HTTPField.Name.answerHeight.canonicalName,
        ]
        if let height = answer.height { headers[.answerHeight] = String(height) }
        return Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.body)))
    }
}

extension HTTPField.Name {
    fileprivate static let blockHeight = HTTPField.Name("x-cosmos-block-height")!
    fileprivate static let answerHeight = HTTPField.Name("Grpc-Metadata-X-Cosmos-Block-Height")!
}
