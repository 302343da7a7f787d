import ClientRequests
import Logging
import NIOCore
import NIOHTTP2

/// What is done with one gRPC stream: a unary call of the registry, or server reflection.
struct GRPCCalls: Sendable {
    /// Of one message that comes: more than any transaction has.
    static let messageBytesMax = APILimits.bodyBytesMax
    /// Messages of one stream of reflection.
    static let streamMessagesMax = 1_000
    /// Of all requests that are on their way or at work, and the time that one may take to come.
    private static let bytesAtOnceMax = 64 << 20
    static let requestSeconds: Int64 = 10
    /// Between two messages of a stream.
    private static let streamTime = TimeAmount.seconds(60)
    /// For who says no time, and the most that is taken at somebody's word.
    private static let callTime = Duration.seconds(60)

    private let registry: ServiceRegistry
    private let reflection: GRPCReflection
    private let metrics: MetricsRegistry
    private let logger: Logger
    private let slots = RequestSlots(running: 64, waiting: 256)
    let bodies = BodyBudget(bytesMax: bytesAtOnceMax)
    let deadlines = Deadlines()

    init(_ registry: ServiceRegistry, metrics: MetricsRegistry, logger: Logger) {
        (self.registry, self.metrics, self.logger) = (registry, metrics, logger)
        reflection = GRPCReflection(served: registry.methods)
    }

    func serve(_ stream: GRPCChannel.Stream, client: String) async {
        // An error of the connection is the client's to notice.
        try? await stream.executeThenClose { inbound, outbound in
            var frames = inbound.makeAsyncIterator()
            guard case .headers(let first)? = try await frames.next() else { return }
            var answer = GRPCAnswer(outbound: outbound, channel: stream.channel)
            let start = ContinuousClock.now
            var (path, code): (String?, StatusError.Code?) = (nil, nil)
            do {
                let head = try GRPCHead(first.headers)
                var incoming = GRPCIncoming(
                    frames: frames, messages: GRPCMessages(bytesMax: Self.messageBytesMax), isOver: first.endStream)
                if reflection.serves(head.path) {
                    path = "reflection"
                    try await reflect(&incoming, &answer)
                } else {
                    path = known(head.path)
                    try await call(head, &incoming, &answer, client)
                }
            } catch let refusal as GRPCHead.Refused {
                return try await answer.refuse(refusal)
            } catch let error as StatusError {
                code = error.code
                try await answer.end(error)
            }
            record(path, code, ContinuousClock.now - start)
        }
    }

    /// The path as metrics have it: of those that nobody serves there may be any number.
    func known(_ path: String) -> String? { registry.handler(of: path) == nil ? nil : path }

    func record(_ path: String?, _ code: StatusError.Code?, _ duration: Duration) {
        metrics.counter(
            "cloister_grpc_calls_total", help: "Calls answered over gRPC.",
            labels: [("method", path ?? "none"), ("code", String(code?.rawValue ?? 0))]
        ).increment()
        let parts = duration.components
        metrics.histogram(
            "cloister_grpc_call_seconds", help: "Time from a call's first bytes to its status.",
            labels: [("method", path ?? "none")]
        ).observe(Double(parts.seconds) + Double(parts.attoseconds) * 1e-18)
    }

    // MARK: - Unary calls

    private func call(
        _ head: GRPCHead, _ incoming: inout GRPCIncoming, _ answer: inout GRPCAnswer, _ client: String
    ) async throws {
        let handler = try handler(of: head.path)
        var reserved = 0
        defer { bodies.release(reserved, of: client) }
        let timer = answer.limit(.seconds(Self.requestSeconds), "the request came too slowly")
        let message: [UInt8]
        do {
            defer { timer.cancel() }
            message = try await incoming.only { byteCount in
                let more = byteCount - reserved
                if let refusal = bodies.reserve(more, for: client) { throw StatusError(refusal) }
                reserved = byteCount
            }
        }
        let reply = try await reply(of: handler, to: message, head.path, head.metadata, client)
        try await answer.begin(height: reply.height)
        try await answer.send(reply.bytes)
        try await answer.end()
    }

    func handler(of path: String) throws(StatusError) -> ServiceHandler {
        if let handler = registry.handler(of: path) { return handler }
        guard let (service, method) = GRPCForm.parts(of: path) else {
            throw StatusError(.unimplemented, "malformed method name: \"\(path)\"")
        }
        let knows = registry.methods.contains { $0.hasPrefix("/\(service)/") }
        throw StatusError(
            .unimplemented, knows ? "unknown method \(method) for service \(service)" : "unknown service \(service)")
    }

    /// What a handler comes to, as soon as there is a place for it, and in the time that the client allows.
    func reply(
        of handler: @escaping ServiceHandler, to message: [UInt8], _ path: String, _ metadata: GRPCMetadata,
        _ client: String
    ) async throws -> ServiceReply {
        guard await slots.acquire() else { throw StatusError(.unavailable, "too many requests at once; try again") }
        defer { slots.release() }
        let context = RequestContext(height: metadata.height, client: client)
        do {
            let reply = try await deadlines.result(within: min(metadata.timeout ?? Self.callTime, Self.callTime)) {
                try await handler(message, context)
            }
            guard let reply else { throw StatusError(.deadlineExceeded, "context deadline exceeded") }
            return reply
        } catch let error as StatusError {
            throw error
        } catch {
            // The text may speak of our own files and states, so it goes to the log alone.
            logger.error("a gRPC call failed", metadata: ["method": "\(path)", "error": "\(error)"])
            throw StatusError(.internal, "internal error")
        }
    }

    // MARK: - Reflection

    /// An answer for each message, until the client has no more.
    private func reflect(_ incoming: inout GRPCIncoming, _ answer: inout GRPCAnswer) async throws {
        var count = 0
        try await answer.begin(height: nil)
        while true {
            let timer = answer.limit(Self.streamTime, "nothing was asked for too long")
            defer { timer.cancel() }
            // What is asked here is short.
            let message = try await incoming.next { _ in }
            timer.cancel()
            guard let message else { return try await answer.end() }
            count += 1
            guard count <= Self.streamMessagesMax else {
                throw StatusError(.resourceExhausted, "a stream has at most \(Self.streamMessagesMax) messages")
            }
            for part in try reflection.answers(to: message) { try await answer.send(part) }
        }
    }
}

/// The messages of a stream as they come.
struct GRPCIncoming {
    var frames: NIOAsyncChannelInboundStream<HTTP2Frame.FramePayload>.AsyncIterator
    var messages: GRPCMessages
    /// Whether nothing more comes.
    var isOver: Bool
    private var ready: [[UInt8]] = []
    private var byteCount = 0

    init(
        frames: NIOAsyncChannelInboundStream<HTTP2Frame.FramePayload>.AsyncIterator, messages: GRPCMessages,
        isOver: Bool
    ) {
        (self.frames, self.messages, self.isOver) = (frames, messages, isOver)
    }

    /// The next message, or `nil` behind the last. `reserves` is told how many bytes there are by now, before they are
    /// kept, and may throw.
    mutating func next(_ reserves: (Int) throws -> Void) async throws -> [UInt8]? {
        while ready.isEmpty {
            if isOver {
                guard messages.isAtEnd else { throw StatusError(.internal, "the stream ended within a message") }
                return nil
            }
            switch try await frames.next() {
            case .data(let data)?:
                isOver = data.endStream
                guard case .byteBuffer(let bytes) = data.data else { continue }
                byteCount += bytes.readableBytes
                try reserves(byteCount)
                do throws(GRPCMessages.Fault) { ready += try messages.take(bytes.readableBytesView) } catch {
                    throw StatusError(error)
                }
            case .headers?, nil: isOver = true
            default: continue
            }
        }
        return ready.removeFirst()
    }

    /// The one message of a unary call.
    mutating func only(_ reserves: (Int) throws -> Void) async throws -> [UInt8] {
        guard let message = try await next(reserves) else {
            throw StatusError(.internal, "a unary call has one message, and there is none")
        }
        guard try await next(reserves) == nil else {
            throw StatusError(.internal, "a unary call has one message, and there are more")
        }
        return message
    }
}

extension StatusError {
    init(_ fault: GRPCMessages.Fault) {
        switch fault {
        case .tooLong:
            self.init(.resourceExhausted, "a message has at most \(GRPCCalls.messageBytesMax) bytes")
        case .compressed: self.init(.unimplemented, "messages are not compressed here (grpc-accept-encoding: identity)")
        case .malformed: self.init(.internal, "a message begins with no prefix of gRPC")
        }
    }
}
