import ClientRequests
import NIOCore
import NIOHPACK
import NIOHTTP2

/// What the headers of a gRPC request say.
struct GRPCHead {
    /// It is no request of gRPC: an answer of HTTP says so (grpc.io: "gRPC over HTTP2").
    struct Refused: Error {
        var status: String
        var reason: String
    }

    var path: String
    /// The metadata `x-cosmos-block-height`.
    var height: Int64?
    var timeout: Duration?

    init(_ headers: HPACKHeaders) throws {
        guard headers.first(name: ":method") == "POST", let path = headers.first(name: ":path") else {
            throw Refused(status: "405", reason: "a call is a POST")
        }
        let type = headers.first(name: "content-type") ?? ""
        guard type.hasPrefix("application/grpc"), !type.hasPrefix("application/grpc-web") else {
            throw Refused(status: "415", reason: "the content type is application/grpc")
        }
        self.path = path
        if let text = headers.first(name: "grpc-timeout") {
            guard let timeout = GRPCForm.timeout(text) else {
                throw StatusError(.internal, "malformed grpc-timeout")
            }
            self.timeout = timeout
        }
        if let encoding = headers.first(name: "grpc-encoding"), encoding != "identity" {
            throw StatusError(.unimplemented, "grpc-encoding \(encoding) is not understood here, but identity")
        }
        // 0 means the announced height, as over REST.
        if let text = headers.first(name: "x-cosmos-block-height"), !text.isEmpty {
            guard let height = Int64(text), height >= 0 else {
                throw StatusError(.invalidArgument, "invalid height header: it must be a number that is not negative")
            }
            self.height = height == 0 ? nil : height
        }
    }
}

/// What goes back on a stream: headers, messages, and a status in trailers; or the status alone.
struct GRPCAnswer {
    private let outbound: NIOAsyncChannelOutboundWriter<HTTP2Frame.FramePayload>
    private let channel: any Channel
    /// Headers are out, which come once (RFC 9113, section 8.1).
    private(set) var hasBegun = false

    init(outbound: NIOAsyncChannelOutboundWriter<HTTP2Frame.FramePayload>, channel: any Channel) {
        (self.outbound, self.channel) = (outbound, channel)
    }

    private static let head: HPACKHeaders = [
        ":status": "200", "content-type": "application/grpc", "grpc-accept-encoding": "identity",
    ]

    mutating func begin(height: Int64?) async throws {
        var headers = Self.head
        if let height { headers.add(name: "x-cosmos-block-height", value: String(height)) }
        hasBegun = true
        try await outbound.write(.headers(.init(headers: headers)))
    }

    func send(_ message: [UInt8]) async throws {
        try await outbound.write(.data(.init(data: .byteBuffer(ByteBuffer(bytes: GRPCForm.framed(message))))))
    }

    func end() async throws {
        try await outbound.write(.headers(.init(headers: ["grpc-status": "0"], endStream: true)))
    }

    /// The status alone, or behind messages: a client reads either.
    func end(_ error: StatusError) async throws {
        try await outbound.write(Self.status(error, hasBegun: hasBegun))
    }

    private static func status(_ error: StatusError, hasBegun: Bool) -> HTTP2Frame.FramePayload {
        var headers = hasBegun ? HPACKHeaders() : head
        headers.add(name: "grpc-status", value: String(error.code.rawValue))
        headers.add(name: "grpc-message", value: GRPCForm.percentEncoded(String(error.message.prefix(4_096))))
        return .headers(.init(headers: headers, endStream: true))
    }

    func refuse(_ refusal: GRPCHead.Refused) async throws {
        try await outbound.write(
            .headers(.init(headers: [":status": refusal.status, "content-type": "text/plain"], endStream: false)))
        try await outbound.write(
            .data(.init(data: .byteBuffer(ByteBuffer(string: refusal.reason + "\n")), endStream: true)))
    }

    /// Ends the stream with a status unless the answer is cancelled in time.
    func limit(_ time: TimeAmount, _ reason: String) -> Scheduled<Void> {
        let (channel, hasBegun) = (channel, hasBegun)
        return channel.eventLoop.scheduleTask(in: time) {
            let status = Self.status(StatusError(.deadlineExceeded, reason), hasBegun: hasBegun)
            channel.writeAndFlush(status, promise: nil)
            channel.close(promise: nil)
        }
    }
}
