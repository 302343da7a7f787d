import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// What is asked of the operator's port, which is read only.
package struct OperatorRequest: Sendable {
    /// Without the query.
    package var path: String
    /// Path and query as they stand in the request line.
    package var target: String
    /// The name by which the client reached the port (RFC 9110, section 7.2), with the port; empty if it did not say.
    package var host: String
    /// As `RequestContext` has it.
    package var client: String
    /// What a browser says of the page that asks: how far it is from here (`Sec-Fetch-Site`, Fetch Metadata), and
    /// where it is (`Origin`, RFC 6454); empty where it says nothing.
    package var site: String
    package var origin: String

    package init(
        path: String, target: String? = nil, host: String = "", client: String = "", site: String = "",
        origin: String = ""
    ) {
        (self.path, self.target, self.host, self.client) = (path, target ?? path, host, client)
        (self.site, self.origin) = (site, origin)
    }
}

/// What an operator's page answers.
package struct OperatorPage: Sendable {
    package var status: Int
    package var contentType: String
    /// Besides the type, and that nobody keeps the answer.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package var text: String { String(decoding: body, as: UTF8.self) }

    package init(
        status: Int = 200, contentType: String = "text/plain; charset=utf-8",
        headers: [(name: String, value: String)] = [], body: [UInt8]
    ) {
        (self.status, self.contentType, self.headers, self.body) = (status, contentType, headers, body)
    }

    package init(status: Int = 200, contentType: String = "text/plain; charset=utf-8", text: String) {
        self.init(status: status, contentType: contentType, body: Array(text.utf8))
    }
}

/// The metrics port: `GET /metrics` in the text format of Prometheus, and whatever else the node tells its operator.
/// For the operator alone; bind it to loopback or a private network.
package struct MetricsServer: Service {
    private let configuration: HTTPServerConfiguration
    private let metrics: MetricsRegistry
    private let logger: Logger
    /// `nil` where there is no such page.
    private let page: @Sendable (OperatorRequest) async -> OperatorPage?
    private let onRunning: @Sendable (Int) async -> Void

    package init(
        configuration: HTTPServerConfiguration, metrics: MetricsRegistry, logger: Logger,
        page: @escaping @Sendable (OperatorRequest) async -> OperatorPage? = { _ in nil },
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
            respond: { request, client in
                guard request.method == .get || request.method == .head else {
                    return Response(status: .methodNotAllowed, headers: [.allow: "GET, HEAD"])
                }
                let response: Response
                if request.uri.path == "/metrics" {
                    response = Response(
                        status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
                        body: ResponseBody(byteBuffer: ByteBuffer(string: metrics.text())))
                } else {
                    let asked = OperatorRequest(
                        path: request.uri.path, target: request.head.path, host: request.head.authority ?? "",
                        client: client, site: request.headers[.secFetchSite] ?? "",
                        origin: request.headers[.origin] ?? "")
                    response = await page(asked).map(Self.response) ?? Response(status: .notFound)
                }
                return request.method == .head ? response.createHeadResponse() : response
            }
        ).run()
    }

    private static func response(_ page: OperatorPage) -> Response {
        var headers: HTTPFields = [.contentType: page.contentType, .cacheControl: "no-store"]
        for (name, value) in page.headers {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return Response(
            status: HTTPResponse.Status(code: page.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: page.body)))
    }
}

extension HTTPField.Name {
    fileprivate static let secFetchSite = HTTPField.Name("Sec-Fetch-Site")!
}
