import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import PublicCryptography
import ServiceLifecycle
import Synchronization

/// The REST port (1317), HTTP around a `RESTTranscoder`; and the RPC port, around a `RPCDoor`.
///
/// Browsers may call it from anywhere (CORS), as they may any Secret Network node: nothing here depends on who asks.
package struct RESTServer: Service {
    /// Requests at work at once. Handlers read state or wait for an enclave lane; more would only wait there.
    private static let runningMax = 64
    /// Beyond this a client is told to come back.
    private static let waitingMax = 256

    /// All bodies on their way or at work, sixteen of the largest, and the time that one may take to come. What is made
    /// of a body while it is at work has a few times its bytes.
    private static let bodyBytesAtOnceMax = 64 << 20
    private static let bodyTime = Duration.seconds(5)

    private let configuration: HTTPServerConfiguration
    private let answer: @Sendable (RESTRequest) async -> RESTResponse
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let slots = RequestSlots(running: runningMax, waiting: waitingMax)
    private let bodies: RequestBodies
    private let deadlines = Deadlines()
    private let recorded = RecordedSeries()
    private let onRunning: @Sendable (Int) async -> Void
    private var sockets: RPCSockets?

    package init(
        configuration: HTTPServerConfiguration, transcoder: RESTTranscoder, metrics: MetricsRegistry, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.init(
            configuration: configuration, answer: { await transcoder.respond(to: $0) }, metrics: metrics,
            logger: logger, onRunning: onRunning)
    }

    package init(
        configuration: HTTPServerConfiguration, door: RPCDoor, metrics: MetricsRegistry, logger: Logger,
        onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
    ) {
        self.init(
            configuration: configuration, answer: { await door.respond(to: $0) }, metrics: metrics, logger: logger,
            onRunning: onRunning)
        sockets = RPCSockets(door, slots: slots, deadlines: deadlines, logger: logger)
    }

    private init(
        configuration: HTTPServerConfiguration, answer: @escaping @Sendable (RESTRequest) async -> RESTResponse,
        metrics: MetricsRegistry, logger: Logger, onRunning: @escaping @Sendable (Int) async -> Void
    ) {
        self.configuration = configuration
        bodies = RequestBodies(
            budget: BodyBudget(bytesMax: RESTServer.bodyBytesAtOnceMax), deadlines: deadlines,
            bytesMax: configuration.bodyBytesMax, time: RESTServer.bodyTime)
        self.answer = answer
        self.metrics = metrics
        self.logger = logger
        self.onRunning = onRunning
    }

    package func run() async throws {
        let server = self
        try await HTTPService(
            name: "cloister", configuration: configuration, logger: logger, onRunning: onRunning, sockets: sockets,
            respond: { await server.respond(to: $0, from: $1) }
        ).run()
    }

    /// HEAD is answered as GET without the body (RFC 9110, section 9.3.2).
    private func respond(to request: Request, from client: String) async -> Response {
        if request.method == .options { return preflight() }
        let isHead = request.method == .head
        let response = await answer(request, isHead ? .get : request.method, from: client)
        return isHead ? response.createHeadResponse() : response
    }

    private func answer(_ request: Request, _ method: HTTPRequest.Method, from client: String) async -> Response {
        let start = ContinuousClock.now
        do {
            return try await bodies.with(request, from: client) { body in
                guard await slots.acquire() else { return RESTServer.response(to: RESTServer.busy) }
                defer { slots.release() }
                let rest = RESTRequest(
                    method.rawValue, request.head.path ?? "/", height: request.headers[.blockHeight], body: body,
                    client: client)
                let answer = await self.answer(rest)
                record(answer, ContinuousClock.now - start)
                return RESTServer.response(
                    answer, mayCompress: Compression.isWanted(request.headers[.acceptEncoding]))
            }
        } catch {
            return RESTServer.response(to: error.status, status: error.isTooLong ? .contentTooLarge : nil)
        }
    }

    private static let busy = StatusError(.unavailable, "too many requests at once; try again")

    private func record(_ answer: RESTResponse, _ duration: Duration) {
        let series = recorded.series(of: answer, in: metrics)
        series.count.increment()
        series.waiting.set(Double(slots.waitingCount))
        let parts = duration.components
        series.seconds.observe(Double(parts.seconds) + Double(parts.attoseconds) * 1e-18)
    }
}

/// What is counted of requests, by method and status: of both there are few.
private final class RecordedSeries: Sendable {
    struct Series: Sendable {
        let count: Counter
        let waiting: Gauge
        let seconds: Histogram
    }

    private struct Key: Hashable {
        var method: String
        var status: Int
    }

    private let known = Mutex<[Key: Series]>([:])

    func series(of answer: RESTResponse, in metrics: MetricsRegistry) -> Series {
        let key = Key(method: answer.method ?? "none", status: answer.status)
        if let series = known.withLock({ $0[key] }) { return series }
        let series = Series(
            count: metrics.counter(
                "cloister_api_requests_total", help: "Requests answered over REST and RPC.",
                labels: [("method", key.method), ("status", String(key.status))]),
            waiting: metrics.gauge("cloister_api_requests_waiting", help: "Requests that wait for a place."),
            seconds: metrics.histogram(
                "cloister_api_request_seconds", help: "Time from a request's body to its answer.",
                labels: [("method", key.method)]))
        known.withLock { $0[key] = series }
        return series
    }
}

// MARK: - Responses

extension RESTServer {
    private func preflight() -> Response {
        Response(
            status: .noContent,
            headers: [
                .accessControlAllowOrigin: "*", .accessControlAllowMethods: "GET, HEAD, POST, OPTIONS",
                .accessControlAllowHeaders: "Content-Type, x-cosmos-block-height", .accessControlMaxAge: "86400",
            ])
    }

    private static func response(to error: StatusError, status: HTTPResponse.Status? = nil) -> Response {
        var response = response(RESTTranscoder.response(to: error))
        if let status { response.status = status }
        return response
    }

    private static func response(_ answer: RESTResponse, mayCompress: Bool = false) -> Response {
        var headers: HTTPFields = [
            .contentType: answer.contentType, .accessControlAllowOrigin: "*",
            .accessControlExposeHeaders:
                "\(HTTPField.Name.answerHeight.canonicalName), \(HTTPField.Name.answerStamp.canonicalName)",
        ]
        if let height = answer.height { headers[.answerHeight] = String(height) }
        if !answer.stamp.isEmpty { headers[.answerStamp] = Base64.encode(answer.stamp) }
        var body = answer.body
        // Caches must not hand a compressed answer to who did not ask for one.
        headers[.vary] = "Accept-Encoding"
        if mayCompress, let compressed = Compression.gzip(body) {
            headers[.contentEncoding] = "gzip"
            body = compressed
        }
        return Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: body)))
    }
}

extension HTTPField.Name {
    fileprivate static let blockHeight = HTTPField.Name("x-cosmos-block-height")!
    fileprivate static let answerStamp = HTTPField.Name("X-Cloister-Answer-Stamp")!
    fileprivate static let answerHeight = HTTPField.Name("Grpc-Metadata-X-Cosmos-Block-Height")!
}
