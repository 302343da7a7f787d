import Glibc
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import PublicCryptography
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

/// Knows whom a request is from.
struct ClientContext: Hummingbird.RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The client's address; of IPv6 the first half, all of which one client has.
    let client: String

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        client = ClientContext.client(source.channel.remoteAddress)
    }

    static func client(_ address: SocketAddress?) -> String {
        guard let text = address?.ipAddress else { return "" }
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return text }
        let isShort = bytes.prefix(12).elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255])
        return isShort
            ? bytes.suffix(4).map(String.init).joined(separator: ".")
            : Hexadecimal.encode(Array(bytes.prefix(8)))
    }
}

/// One HTTP/1.1 server over one function from requests to responses.
struct HTTPService: Sendable {
    var name: String
    var configuration: HTTPServerConfiguration
    var logger: Logger
    /// Called with the port once connections are accepted.
    var onRunning: @Sendable (Int) async -> Void
    /// Where connections may become WebSockets.
    var sockets: RPCSockets?
    /// Given the request and whom it is from (`ClientContext.client`).
    var respond: @Sendable (Request, _ client: String) async -> Response

    /// Serves until the task is cancelled or its service group shuts down; open requests are finished first.
    func run() async throws {
        let respond = respond
        let onRunning = onRunning
        let application = Application(
            responder: CallbackResponder<ClientContext> { request, context in
                await respond(request, context.client)
            },
            server: HTTPServerBuilder { [configuration, sockets] responder in
                if let sockets {
                    RPCChannel(responder: responder, configuration: configuration, sockets: sockets)
                } else {
                    PublicHTTPChannel(responder: responder, configuration: configuration)
                }
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
