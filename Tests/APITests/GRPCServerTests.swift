import ClientRequests
import Logging
import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import ServiceLifecycle
import SignedTransactions
import Testing
import Wire

@testable import API

/// A client of HTTP/2 that sends what it is told.
private struct GRPCClient {
    typealias Stream = NIOAsyncChannel<HTTP2Frame.FramePayload, HTTP2Frame.FramePayload>

    struct Answer {
        var headers = HPACKHeaders()
        var messages: [[UInt8]] = []
        var trailers = HPACKHeaders()

        var status: Int? { trailers.first(name: "grpc-status").flatMap { Int($0) } }
        var message: String? { trailers.first(name: "grpc-message") }
    }

    let channel: any Channel
    let streams: NIOHTTP2Handler.AsyncStreamMultiplexer<Void>

    init(port: Int) async throws {
        (channel, streams) = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton).connect(
            host: "127.0.0.1", port: port
        ) { channel in
            channel.configureAsyncHTTP2Pipeline(mode: .client) { $0.eventLoop.makeSucceededVoidFuture() }
                .map { (channel, $0) }
        }
    }

    static func head(_ path: String, _ more: [(String, String)] = []) -> HPACKHeaders {
        let usual = [
            (":method", "POST"), (":path", path), (":scheme", "http"), (":authority", "a"), ("te", "trailers"),
            ("content-type", "application/grpc"),
        ]
        // In this order, since those with a colon come first (RFC 9113 section 8.3).
        let replaced = usual.map { name, value in (name, more.first { $0.0 == name }?.1 ?? value) }
        return HPACKHeaders(replaced + more.filter { one in !usual.contains { $0.0 == one.0 } })
    }

    func call(_ path: String, _ message: [UInt8] = [], _ more: [(String, String)] = []) async throws -> Answer {
        try await send(Self.head(path, more), [GRPCForm.framed(message)])
    }

    /// The bytes as they are, one frame for each element.
    func send(_ head: HPACKHeaders, _ frames: [[UInt8]]) async throws -> Answer {
        let stream = try await streams.openStream { stream in
            stream.eventLoop.makeCompletedFuture { try Stream(wrappingChannelSynchronously: stream) }
        }
        return try await stream.executeThenClose { inbound, outbound in
            try await outbound.write(.headers(.init(headers: head, endStream: frames.isEmpty)))
            for (index, bytes) in frames.enumerated() {
                try await outbound.write(
                    .data(.init(data: .byteBuffer(ByteBuffer(bytes: bytes)), endStream: index == frames.count - 1)))
            }
            var answer = Answer()
            var messages = GRPCMessages(bytesMax: 64 << 20)
            for try await frame in inbound {
                switch frame {
                case .headers(let part):
                    if part.endStream { answer.trailers = part.headers }
                    if answer.headers.isEmpty { answer.headers = part.headers }
                    if part.endStream { return answer }
                case .data(let part):
                    guard case .byteBuffer(let bytes) = part.data else { continue }
                    if answer.headers.first(name: ":status") == "200" {
                        answer.messages += try messages.take(bytes.readableBytesView)
                    }
                    if part.endStream { return answer }
                default: continue
                }
            }
            return answer
        }
    }
}

@Suite("gRPC", .serialized) struct GRPCServerTests {
    private let chain = ChainDouble(Fixture.script)

    private func withServer(
        _ registry: ServiceRegistry? = nil, _ body: (GRPCClient) async throws -> Void
    ) async throws {
        let registry = registry ?? .services(of: chain)
        try await withRunning(
            { configuration, onRunning in
                GRPCServer(
                    configuration: configuration, registry: registry, metrics: MetricsRegistry(), logger: quiet,
                    onRunning: onRunning)
            }
        ) { client in
            let client = try await GRPCClient(port: client.port)
            try await body(client)
            try await client.channel.close()
        }
    }

    private static let balance = "/cosmos.bank.v1beta1.Query/AllBalances"

    private static func balanceRequest(of address: String) -> [UInt8] {
        ProtobufWriter.encode { $0.string(1, address) }
    }

    @Test("a call answers what the same handler answers elsewhere, at the height that is asked for")
    func unary() async throws {
        let registry = ServiceRegistry.services(of: chain)
        let request = Self.balanceRequest(of: Fixture.alice.description)
        let expected = try await registry.call(Self.balance, request, RequestContext())
        try await withServer { client in
            let answer = try await client.call(Self.balance, request)
            #expect(answer.status == 0 && answer.messages == [expected.bytes])
            #expect(answer.headers.first(name: ":status") == "200")
            #expect(answer.headers.first(name: "content-type") == "application/grpc")
            #expect(answer.headers.first(name: "x-cosmos-block-height") == "5")
            let old = try await client.call(Self.balance, request, [("x-cosmos-block-height", "1")])
            #expect(old.status == 0 && old.headers.first(name: "x-cosmos-block-height") == "1")
            #expect(old.messages.count == 1 && old.messages != [expected.bytes])
            // However the bytes are cut.
            let framed = GRPCForm.framed(request)
            let cut = try await client.send(GRPCClient.head(Self.balance), framed.map { [$0] })
            #expect(cut.messages == [expected.bytes])
            // Many at once over one connection.
            let statuses = try await withThrowingTaskGroup(of: Int?.self) { group in
                for _ in 0..<50 { group.addTask { try await client.call(Self.balance, request).status } }
                return try await group.reduce(into: [Int?]()) { $0.append($1) }
            }
            #expect(statuses == Array(repeating: 0, count: 50))
        }
    }

    @Test("errors are a status and a text that any header can hold")
    func errors() async throws {
        var registry = ServiceRegistry.services(of: chain)
        registry.register("/a.B/Refuses") { _, _ in throw StatusError(.notFound, "100 % wörtlich\n") }
        registry.register("/a.B/Fails") { _, _ in throw CancellationError() }
        registry.register("/a.B/Sleeps") { _, _ in
            try await Task.sleep(for: .seconds(20))
            return ServiceReply([], height: 1)
        }
        try await withServer(registry) { client in
            let refused = try await client.call("/a.B/Refuses")
            #expect(refused.status == 5 && refused.message == "100 %25 w%C3%B6rtlich%0A")
            let failed = try await client.call("/a.B/Fails")
            #expect(failed.status == 13 && failed.message == "internal error")
            let late = try await client.call("/a.B/Sleeps", [], [("grpc-timeout", "50m")])
            #expect(late.status == 4 && late.message == "context deadline exceeded")
            let unknown = try await client.call("/a.B/Nothing")
            #expect(unknown.status == 12 && unknown.message == "unknown method Nothing for service a.B")
            let elsewhere = try await client.call("/c.D/Nothing")
            #expect(elsewhere.status == 12 && elsewhere.message == "unknown service c.D")
            #expect(try await client.call("/nothing").status == 12)
            let wrong = try await client.call(Self.balance, [0xff])
            #expect(wrong.status == 3)
            let future = try await client.call(
                Self.balance, Self.balanceRequest(of: Fixture.alice.description), [("x-cosmos-block-height", "99")])
            #expect(future.status == 3)
            #expect(try await client.call(Self.balance, [], [("x-cosmos-block-height", "-1")]).status == 3)
            #expect(try await client.call(Self.balance, [], [("grpc-timeout", "1x")]).status == 13)
            #expect(try await client.call(Self.balance, [], [("grpc-encoding", "gzip")]).status == 12)
        }
    }

    @Test("what is no call is refused, and what is too long before it has come")
    func malformed() async throws {
        try await withServer { client in
            let head = GRPCClient.head(Self.balance)
            func status(_ frames: [[UInt8]]) async throws -> Int? { try await client.send(head, frames).status }
            #expect(try await status([]) == 13)
            #expect(try await status([[0, 0, 0]]) == 13)
            #expect(try await status([GRPCForm.framed([]), GRPCForm.framed([])]) == 13)
            #expect(try await status([[1, 0, 0, 0, 0]]) == 12)
            #expect(try await status([[7, 0, 0, 0, 0]]) == 13)
            // The prefix alone says that there is more than may be.
            #expect(try await status([[0, 0xff, 0xff, 0xff, 0xff]]) == 8)
            let type = try await client.send(GRPCClient.head(Self.balance, [("content-type", "text/plain")]), [[0]])
            #expect(type.headers.first(name: ":status") == "415")
            let get = try await client.send(GRPCClient.head(Self.balance, [(":method", "GET")]), [[0]])
            #expect(get.headers.first(name: ":status") == "405")
        }
    }

    @Test("reflection lists the services that answer, and gives the files of all that they name")
    func reflection() async throws {
        func ask(_ client: GRPCClient, _ version: String, _ body: (inout ProtobufWriter) -> Void) async throws
            -> ProtobufMessageReader
        {
            let answer = try await client.call(
                "/grpc.reflection.\(version).ServerReflection/ServerReflectionInfo", ProtobufWriter.encode(body))
            #expect(answer.status == 0 && answer.messages.count == 1)
            return ProtobufMessageReader(answer.messages.first ?? [])
        }
        try await withServer { client in
            for version in ["v1", "v1alpha"] {
                var list = try await ask(client, version) { $0.string(7, "*") }
                var services = ProtobufMessageReader(try list.last(6) ?? [])
                let names = try services.all(1).map { element in
                    var element = ProtobufMessageReader(element)
                    return try element.string(1)
                }
                #expect(names.contains("cosmos.bank.v1beta1.Query") && names == names.sorted())
                #expect(names.contains("grpc.reflection.\(version).ServerReflection"))
                // Every service, and the types of its methods, with all that its file imports.
                for name in names where !name.hasPrefix("grpc.") {
                    var found = try await ask(client, version) { $0.string(4, name) }
                    var files = ProtobufMessageReader(try found.last(4) ?? [])
                    let all = try files.all(1)
                    var known: Set<String> = []
                    for file in all {
                        var file = ProtobufMessageReader(file)
                        known.insert(try file.string(1))
                    }
                    for file in all {
                        var file = ProtobufMessageReader(file)
                        for dependency in try file.all(3) {
                            #expect(known.contains(String(decoding: dependency, as: UTF8.self)))
                        }
                    }
                    #expect(!all.isEmpty, "\(name)")
                }
                var file = try await ask(client, version) { $0.string(3, "cosmos/bank/v1beta1/query.proto") }
                #expect(try file.contains(4))
                for (number, name) in [(4, "cosmos.nothing.Query"), (3, "nothing.proto"), (5, "x"), (9, "x")]
                    as [(UInt32, String)]
                {
                    var refused = try await ask(client, version) { $0.string(number, name) }
                    #expect(try refused.contains(7), "\(number)")
                }
            }
        }
    }
}

@Suite("gRPC's form") struct GRPCFormTests {
    @Test("messages come together however they are cut, and what is none is refused")
    func messages() throws {
        let sent: [[UInt8]] = [[], [1], Array(repeating: 7, count: 300)]
        let bytes = sent.flatMap { GRPCForm.framed($0) }
        for size in [1, 2, 5, 7, 100, bytes.count] {
            var reader = GRPCMessages(bytesMax: 300)
            var found: [[UInt8]] = []
            for start in stride(from: 0, to: bytes.count, by: size) {
                found += try reader.take(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(found == sent && reader.isAtEnd)
        }
        var long = GRPCMessages(bytesMax: 299)
        #expect(throws: GRPCMessages.Fault.tooLong) { try long.take(GRPCForm.framed(sent[2]).prefix(5)) }
        var cut = GRPCMessages(bytesMax: 299)
        #expect(try cut.take([0, 0, 0]).isEmpty && !cut.isAtEnd)
    }

    @Test("times are read with their units, and nothing else is one")
    func timeouts() {
        #expect(GRPCForm.timeout("1S") == .seconds(1) && GRPCForm.timeout("100m") == .milliseconds(100))
        #expect(GRPCForm.timeout("2H") == .seconds(7200) && GRPCForm.timeout("3M") == .seconds(180))
        #expect(GRPCForm.timeout("99999999n") == .nanoseconds(99_999_999) && GRPCForm.timeout("5u") == .microseconds(5))
        for text in ["", "S", "1", "1s", "-1S", "123456789S", "1 S", "１S"] {
            #expect(GRPCForm.timeout(text) == nil, "\(text)")
        }
        #expect(GRPCForm.parts(of: "/a.B/C")?.service == "a.B" && GRPCForm.parts(of: "/a.B/C")?.method == "C")
        for path in ["", "/", "a.B/C", "/a.B", "/a.B/", "//C", "/a/b/c"] { #expect(GRPCForm.parts(of: path) == nil) }
    }
}
