import ClientRequests
import NIOCore
import NIOHPACK
import NIOHTTP2

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
        headers.add(name: "grpc-message", value: error.grpcMessage)
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

extension StatusError {
    /// The text as a header has it; cut, since a client bounds its headers.
    var grpcMessage: String { GRPCForm.percentEncoded(String(message.prefix(4_096))) }
}
