import ClientRequests
import PublicCryptography
import SignedTransactions
import StrictJSON
import Testing
import Wire

@testable import API

@Suite("gRPC-web", .serialized) struct GRPCWebTests {
    private let chain = ChainDouble(Fixture.script)
    private static let balance = "/cosmos.bank.v1beta1.Query/AllBalances"

    private func withServer(
        _ registry: ServiceRegistry? = nil, _ body: (LoopbackClient) async throws -> Void
    ) async throws {
        let registry = registry ?? .services(of: chain)
        try await withRunning(
            { configuration, onRunning in
                GRPCServer(
                    configuration: configuration, registry: registry, metrics: MetricsRegistry(), logger: quiet,
                    onRunning: onRunning)
            }, body)
    }

    private static func request(
        _ path: String, _ type: String, _ body: String, _ headers: [String: String] = [:], verb: String = "POST"
    ) -> String {
        var head =
            "\(verb) \(path) HTTP/1.1\r\nHost: a\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        return head + "\r\n" + body
    }

    /// The messages and the trailers of an answer's body.
    private static func parts(_ body: [UInt8]) throws -> (messages: [[UInt8]], trailers: String) {
        var (rest, messages) = (body[...], [[UInt8]]())
        while let flag = rest.first {
            let length = rest.dropFirst().prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let content = Array(rest.dropFirst(5).prefix(length))
            try #require(content.count == length)
            rest = rest.dropFirst(5 + length)
            if flag == 0x80 {
                try #require(rest.isEmpty)
                return (messages, String(decoding: content, as: UTF8.self))
            }
            try #require(flag == 0)
            messages.append(content)
        }
        return (messages, "none")
    }

    /// Calls as bytes or as text, and takes the answer apart.
    private func call(
        _ client: LoopbackClient, _ path: String, _ body: [UInt8], _ headers: [String: String] = [:]
    ) async throws -> (messages: [[UInt8]], trailers: String, headers: [String: String]) {
        let text = Self.request(path, "application/grpc-web-text", Base64.encode(body), headers)
        let answer = try await client.answers(to: text, count: 1)[0]
        try #require(answer.status == 200)
        let bytes = try #require(Base64.decode(answer.text))
        let (messages, trailers) = try Self.parts(bytes)
        return (messages, trailers, answer.headers)
    }

    @Test("a browser's call is answered as any other, as bytes and as text, over one connection")
    func unary() async throws {
        let message = ProtobufWriter.encode { $0.string(1, Fixture.alice.description) }
        let expected = try await ServiceRegistry.services(of: chain).call(Self.balance, message, RequestContext())
        try await withServer { client in
            let bytes = String(decoding: GRPCForm.framed(message), as: UTF8.self)
            let text = Base64.encode(GRPCForm.framed(message))
            let answers = try await client.answers(
                to: Self.request(Self.balance, "application/grpc-web+proto", bytes)
                    + Self.request(Self.balance, "application/grpc-web-text; charset=utf-8", text)
                    + Self.request(Self.balance, "application/grpc-web", bytes, ["Accept": "application/grpc-web-text"]),
                count: 3)
            #expect(answers.map(\.status) == [200, 200, 200])
            #expect(
                answers.map { $0.headers["content-type"] } == [
                    "application/grpc-web+proto", "application/grpc-web-text+proto", "application/grpc-web-text+proto",
                ])
            for (index, answer) in answers.enumerated() {
                let body = index == 0 ? answer.body : try #require(Base64.decode(answer.text))
                let (messages, trailers) = try Self.parts(body)
                #expect(messages == [expected.bytes] && trailers == "grpc-status:0\r\n")
                #expect(answer.headers["x-cosmos-block-height"] == "5")
                #expect(answer.headers["access-control-allow-origin"] == "*")
                #expect(answer.headers["access-control-expose-headers"]?.contains("Grpc-Status") ?? false)
            }
            let old = try await call(client, Self.balance, GRPCForm.framed(message), ["X-Cosmos-Block-Height": "1"])
            #expect(old.headers["x-cosmos-block-height"] == "1" && old.messages != [expected.bytes])
        }
    }

    @Test("a page may ask first whether it may call")
    func preflight() async throws {
        try await withServer { client in
            let answer = try await client.answers(
                to: "OPTIONS \(Self.balance) HTTP/1.1\r\nHost: a\r\nOrigin: https://b\r\n"
                    + "Access-Control-Request-Method: POST\r\n"
                    + "Access-Control-Request-Headers: content-type,x-grpc-web,x-user-agent\r\n\r\n", count: 1)[0]
            #expect(answer.status == 204 && answer.headers["access-control-allow-origin"] == "*")
            #expect(answer.headers["access-control-allow-methods"] == "POST, OPTIONS")
            let allowed = (answer.headers["access-control-allow-headers"] ?? "").lowercased()
            for name in ["content-type", "x-grpc-web", "x-user-agent", "grpc-timeout", "x-cosmos-block-height"] {
                #expect(allowed.split(separator: ", ").contains { $0 == name }, "\(name)")
            }
        }
    }

    @Test("refusals are trailers in the body")
    func refused() async throws {
        var registry = ServiceRegistry.services(of: chain)
        registry.register("/a.B/Refuses") { _, _ in throw StatusError(.notFound, "100 % wörtlich\n") }
        registry.register("/a.B/Fails") { _, _ in throw CancellationError() }
        registry.register("/a.B/Sleeps") { _, _ in
            try await Task.sleep(for: .seconds(20))
            return ServiceReply([], height: 1)
        }
        let empty = GRPCForm.framed([])
        let cases: [(path: String, body: [UInt8], headers: [String: String], trailers: String)] = [
            ("/a.B/Refuses", empty, [:], "grpc-status:5\r\ngrpc-message:100 %25 w%C3%B6rtlich%0A\r\n"),
            ("/a.B/Fails", empty, [:], "grpc-status:13\r\ngrpc-message:internal error\r\n"),
            (
                "/a.B/Sleeps", empty, ["Grpc-Timeout": "50m"],
                "grpc-status:4\r\ngrpc-message:context deadline exceeded\r\n"
            ),
            ("/c.D/Nothing", empty, [:], "grpc-status:12\r\ngrpc-message:unknown service c.D\r\n"),
            (
                "/a.B/Refuses", [], [:],
                "grpc-status:13\r\ngrpc-message:a call has one message, and nothing behind it\r\n"
            ),
            (
                "/a.B/Refuses", empty + empty, [:],
                "grpc-status:13\r\ngrpc-message:a call has one message, and nothing behind it\r\n"
            ),
            (
                "/a.B/Refuses", empty + [0], [:],
                "grpc-status:13\r\ngrpc-message:a call has one message, and nothing behind it\r\n"
            ),
            // The prefix alone says that there is more than may be; trailers are the server's alone.
            (
                "/a.B/Refuses", [0, 0xff, 0xff, 0xff, 0xff], [:],
                "grpc-status:8\r\ngrpc-message:a message has at most \(GRPCCalls.messageBytesMax) bytes\r\n"
            ),
            (
                "/a.B/Refuses", [0x80, 0, 0, 0, 0], [:],
                "grpc-status:13\r\ngrpc-message:a message begins with no prefix of gRPC\r\n"
            ),
            (
                "/a.B/Refuses", empty, ["Grpc-Timeout": "1x"],
                "grpc-status:13\r\ngrpc-message:malformed grpc-timeout\r\n"
            ),
        ]
        try await withServer(registry) { client in
            for one in cases {
                let answer = try await call(client, one.path, one.body, one.headers)
                #expect(answer.trailers == one.trailers && answer.messages == [], "\(one): \(answer)")
            }
            let noText = try await client.answers(
                to: Self.request("/a.B/Refuses", "application/grpc-web-text", "AAAA*AAA"), count: 1)[0]
            let (_, trailers) = try Self.parts(try #require(Base64.decode(noText.text)))
            #expect(trailers == "grpc-status:13\r\ngrpc-message:the body is not Base64, as its content type says\r\n")
        }
    }

    @Test("what is no call of a browser is refused, and long bodies before they come")
    func malformed() async throws {
        try await withServer { client in
            let get = try await client.get(Self.balance)
            #expect(get.status == 405)
            for type in ["text/plain", "application/grpc", "application/grpc-web+json", ""] {
                let answer = try await client.answers(to: Self.request(Self.balance, type, ""), count: 1)[0]
                #expect(answer.status == 415, "\(type)")
            }
            let long = try await client.answers(
                to: "POST \(Self.balance) HTTP/1.1\r\nHost: a\r\nContent-Type: application/grpc-web\r\n"
                    + "Content-Length: \(GRPCWeb.bodyBytesMax + 1)\r\n\r\n", count: 1)[0]
            let (_, trailers) = try Self.parts(long.body)
            #expect(trailers.hasPrefix("grpc-status:8\r\ngrpc-message:the body is larger than"))
            let header = String(repeating: "a", count: 20_000)
            #expect(try await client.get("/", headers: "X-A: \(header)\r\n").status == 431)
            // Neither HTTP/2 nor HTTP/1.1: it ends, and others are served.
            for bytes in ["PRI * HTTP/1.1\r\n\r\n", "PRX\r\n\r\n", "\u{0}\u{0}\u{0}\u{0}\r\n\r\n"] {
                _ = try await client.all(for: bytes)
            }
            #expect(try await client.get(Self.balance).status == 405)
        }
    }
}

@Suite("gRPC-web's form") struct GRPCWebFormTests {
    @Test("types are those with messages of protobuf")
    func types() {
        #expect(GRPCWebForm.coding(of: "application/grpc-web") == .binary)
        #expect(GRPCWebForm.coding(of: "Application/gRPC-Web+proto;a=b") == .binary)
        #expect(GRPCWebForm.coding(of: "application/grpc-web-text+proto") == .text)
        for type in ["", "application/grpc", "application/grpc-web+json", "application/grpc-web-texts", "*/*"] {
            #expect(GRPCWebForm.coding(of: type) == nil, "\(type)")
        }
    }

    @Test("Base64 comes whole or in pieces that are each padded, and nothing else is any")
    func text() {
        for count in 0..<20 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 97 &+ 200) }
            #expect(GRPCWebForm.bytes(ofText: Base64.encode(bytes).utf8) == bytes)
            let pieces = bytes.map { Base64.encode([$0]) }.joined()
            #expect(GRPCWebForm.bytes(ofText: pieces.utf8) == bytes)
        }
        for text in ["A", "AA", "AAA", "A===", "====", "AA=A", "AA==A", "AAA*", "AA =", "-_-_", "AAAAAAA"] {
            #expect(GRPCWebForm.bytes(ofText: text.utf8) == nil, "\(text)")
        }
    }
}
