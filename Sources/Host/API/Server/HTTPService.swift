import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// Where a server listens and what it puts up with.
package struct HTTPServerConfiguration: Sendable {
    package var host: String
    /// 0 lets the system choose; `onRunning` of the server says which.
    package var port: Int
    /// More connections than this wait in the backlog of the socket.
    package var connectionsMax = 512
    package var headBytesMax = APILimits.headBytesMax
    package var bodyBytesMax = APILimits.bodyBytesMax
    package var idleSeconds: Int64 = 60

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// One HTTP/1.1 server over one function from requests to responses.
struct HTTPService: Sendable {
    var name: String
    var configuration: HTTPServerConfiguration
    var logger: Logger
    /// Called with the port once connections are accepted.
    var onRunning: @Sendable (Int) async -> Void
    var respond: @Sendable (Request) async -> Response

    /// Serves until the task is cancelled or its service group shuts down; open requests are finished first.
    func run() async throws {
        let respond = respond
        let onRunning = onRunning
        let application = Application(
            responder: CallbackResponder<BasicRequestContext> { request, _ in await respond(request) },
            server: HTTPServerBuilder { [configuration] responder in
                PublicHTTPChannel(responder: responder, configuration: configuration)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port), serverName: name,
                availableConnectionsDelegate: MaximumAvailableConnections(
                    configuration.connectionsMax, logger: logger)),
            onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? 0) },
            logger: logger)
        try await application.run()
    }
}
