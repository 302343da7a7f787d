import API
import Glibc
import Logging
import ServiceLifecycle
import StrictJSON
import Testing
import Wire

/// Runs `body` against a server on a port of loopback, then shuts the server down as the node would.
func withRunning(
    _ makeServer: (_ configuration: HTTPServerConfiguration, _ onRunning: @escaping @Sendable (Int) async -> Void)
        -> any Service,
    _ body: (LoopbackClient) async throws -> Void
) async throws {
    let (ports, announce) = AsyncStream.makeStream(of: Int.self)
    let server = makeServer(HTTPServerConfiguration(host: "127.0.0.1", port: 0)) { announce.yield($0) }
    let group = ServiceGroup(configuration: .init(services: [server], logger: quiet))
    try await withThrowingTaskGroup(of: Void.self) { tasks in
        tasks.addTask { try await group.run() }
        for await port in ports {
            announce.finish()
            do {
                try await body(LoopbackClient(port: port))
            } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
        }
        await group.triggerGracefulShutdown()
        try await tasks.waitForAll()
    }
}

func withRESTServer(
    _ registry: ServiceRegistry, metrics: MetricsRegistry = MetricsRegistry(),
    _ body: (LoopbackClient) async throws -> Void
) async throws {
    try await withRunning(
        { configuration, onRunning in
            RESTServer(
                configuration: configuration, transcoder: RESTTranscoder(registry, logger: quiet), metrics: metrics,
                logger: quiet, onRunning: onRunning)
        }, body)
}

@Suite("Servers", .serialized) struct ServerTests {
    private let asked = Asked()

    private var registry: ServiceRegistry {
        var registry = ServiceRegistry()
        let asked = asked
        registry.register("/cosmos.bank.v1beta1.Query/Params") { _, context in
            await asked.remember([], context.height)
            return ServiceReply(ProtobufWriter.encode { $0.message(1) { $0.bool(2, true) } }, height: 41)
        }
        registry.register("/secret.compute.v1beta1.Query/QuerySecretContract") { request, context in
            await asked.remember(request, context.height)
            return ServiceReply(ProtobufWriter.encode { $0.bytes(1, [1, 2, 3]) }, height: 41)
        }
        registry.register("/cosmos.tx.v1beta1.Service/BroadcastTx") { request, context in
            await asked.remember(request, context.height)
            return ServiceReply([], height: 41)
        }
        return registry
    }

    @Test("an answer has its type, its height and permission for browsers")
    func answers() async throws {
        try await withRESTServer(registry) { client in
            let answer = try await client.get("/cosmos/bank/v1beta1/params?", headers: "X-Cosmos-Block-Height: 12\r\n")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"params":{"send_enabled":[],"default_send_enabled":true}}"#)
            #expect(answer.headers["content-type"] == "application/json")
            #expect(answer.headers["grpc-metadata-x-cosmos-block-height"] == "41")
            #expect(answer.headers["access-control-allow-origin"] == "*")
            #expect(await asked.heights == [12])
            let missing = try await client.get("/nothing/here")
            #expect(missing.status == 501)
            #expect(missing.text == #"{"code":12,"message":"Not Implemented","details":[]}"#)
            let preflight = try await client.answers(
                to: "OPTIONS /cosmos/tx/v1beta1/txs HTTP/1.1\r\nHost: a\r\nOrigin: b\r\n\r\n", count: 1)[0]
            #expect(preflight.status == 204)
            #expect(preflight.headers["access-control-allow-headers"] == "Content-Type, x-cosmos-block-height")
        }
    }

    @Test("HEAD has the headers of GET and no body, and the connection goes on")
    func head() async throws {
        try await withRESTServer(registry) { client in
            let get = "GET /cosmos/bank/v1beta1/params HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
            let (gets, _) = try await client.conversation([get])
            let one = "HEAD /cosmos/bank/v1beta1/params HTTP/1.1\r\nHost: a\r\n\r\n"
            let text = try await client.all(for: one + "HEAD /x HTTP/1.1\r\nHost: a\r\n\r\n" + get)
            // Nothing between the heads, and a body behind the last.
            let parts = text.split(separator: "\r\n\r\n", omittingEmptySubsequences: false)
            #expect(parts.count == 4 && parts.last.map(String.init) == gets.first?.text)
            #expect(parts.map { String($0.prefix(12)) }.dropLast() == ["HTTP/1.1 200", "HTTP/1.1 501", "HTTP/1.1 200"])
            func fields(_ head: Substring) -> Set<String> {
                // The date is that of each answer's second.
                Set(
                    head.split(separator: "\r\n").map { $0.lowercased() }
                        .filter { !$0.hasPrefix("connection") && !$0.hasPrefix("date:") })
            }
            #expect(fields(parts[0]) == fields(parts[2]))
        }
    }

    @Test("a connection is kept and answers several requests in order")
    func keepAlive() async throws {
        try await withRESTServer(registry) { client in
            let one = "GET /cosmos/bank/v1beta1/params HTTP/1.1\r\nHost: a\r\n\r\n"
            let answers = try await client.answers(
                to: one + "GET /x HTTP/1.1\r\nHost: a\r\n\r\n" + one, count: 3)
            #expect(answers.map(\.status) == [200, 501, 200])
        }
    }

    @Test("a query of nearly 1 MiB in the URL arrives whole, one beyond it is refused")
    func longURL() async throws {
        try await withRESTServer(registry) { client in
            let query = String(repeating: "QUJD", count: (APILimits.headBytesMax - 4096) / 4)
            let answer = try await client.get("/compute/v1beta1/query/secret1c?query=\(query)")
            #expect(answer.status == 200)
            #expect(answer.text == #"{"data":"AQID"}"#)
            #expect(await asked.requests.last?.count ?? 0 > 780_000)
            let tooLong = try await client.get(
                "/compute/v1beta1/query/secret1c?query=\(String(repeating: "QUJD", count: APILimits.headBytesMax / 4))")
            #expect(tooLong.status == 431)
            #expect(tooLong.headers["content-type"] == "application/json")
            #expect(
                tooLong.text
                    == #"{"code":8,"message":"the URL or the headers are longer than 1048576 bytes","details":[]}"#)
            #expect(await asked.requests.count == 1)
        }
    }

    @Test("a client that waits to be told to send its body is told, one whose body is too large is not")
    func expectContinue() async throws {
        try await withRESTServer(registry) { client in
            let body = #"{"tx_bytes":"QUJD","mode":"BROADCAST_MODE_SYNC"}"#
            func head(_ length: Int) -> String {
                "POST /cosmos/tx/v1beta1/txs HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\n"
                    + "Content-Length: \(length)\r\n\r\n"
            }
            let get = "GET /cosmos/bank/v1beta1/params HTTP/1.1\r\nHost: a\r\n\r\n"
            // The second body is sent without waiting, behind a request whose answer comes first.
            let talk = try await client.conversation([head(body.utf8.count), body, get + head(body.utf8.count) + body])
            #expect(talk.answers.map(\.status).filter { $0 != 100 } == [200, 200, 200])
            #expect(talk.answers.first?.status == 100 && talk.answers[1].status == 200)
            #expect(!talk.isClosed)
            #expect(await asked.requests.count == 3)
            let refused = try await client.conversation([head(APILimits.bodyBytesMax + 1)])
            #expect(refused.answers.map(\.status) == [413] && refused.isClosed)
            #expect(refused.answers.first?.text.contains("the body is larger than") ?? false)
        }
    }

    @Test(
        "a connection closes behind its answer for HTTP/1.0 and for who asks, and stays for others",
        arguments: [
            ("1.0", "", true), ("1.0", "Connection: keep-alive\r\n", true), ("1.1", "Connection: Close\r\n", true),
            ("1.1", "", false),
        ])
    func closing(version: String, header: String, closes: Bool) async throws {
        try await withRESTServer(registry) { client in
            let request = "GET /cosmos/bank/v1beta1/params HTTP/\(version)\r\nHost: a\r\n\(header)\r\n"
            let talk = try await client.conversation([request])
            #expect(talk.answers.map(\.status) == [200])
            #expect(talk.isClosed == closes)
            #expect((talk.answers[0].headers["connection"] == "close") == closes)
        }
    }

    @Test("an answer is compressed for who asks for gzip, if it is long enough")
    func compression() async throws {
        var registry = registry
        registry.register("/cosmos.bank.v1beta1.Query/DenomsMetadata") { _, _ in
            ServiceReply(
                ProtobufWriter.encode { writer in
                    for _ in 0..<100 { writer.message(1) { $0.string(1, "an answer that repeats") } }
                }, height: 41)
        }
        try await withRESTServer(registry) { client in
            let path = "/cosmos/bank/v1beta1/denoms_metadata"
            let plain = try await client.get(path)
            #expect(plain.status == 200 && plain.headers["content-encoding"] == nil)
            #expect(plain.headers["vary"] == "Accept-Encoding")
            for header in ["gzip", "br, GZIP;q=0.5", "*"] {
                let answer = try await client.get(path, headers: "Accept-Encoding: \(header)\r\n")
                #expect(answer.headers["content-encoding"] == "gzip")
                #expect(answer.body.count < plain.body.count / 4)
                #expect(try Gunzip.decompress(answer.body, limit: 1 << 20) == plain.body)
            }
            for header in ["identity", "gzip;q=0", "deflate", "gzip; q=0.000, *;q=0"] {
                let answer = try await client.get(path, headers: "Accept-Encoding: \(header)\r\n")
                #expect(answer.body == plain.body && answer.headers["content-encoding"] == nil)
            }
            let short = try await client.get(
                "/cosmos/bank/v1beta1/params", headers: "Accept-Encoding: gzip\r\n")
            #expect(short.headers["content-encoding"] == nil)
        }
    }

    @Test("a body of 4 MiB arrives whole, one beyond it is refused")
    func largeBody() async throws {
        try await withRESTServer(registry) { client in
            let frame = #"{"tx_bytes":"","mode":"BROADCAST_MODE_SYNC"}"#.utf8.count
            let base64 = String(repeating: "QUJD", count: (APILimits.bodyBytesMax - frame) / 4)
            let answer = try await client.post(
                "/cosmos/tx/v1beta1/txs", #"{"tx_bytes":"\#(base64)","mode":"BROADCAST_MODE_SYNC"}"#)
            #expect(answer.status == 200)
            #expect(await asked.requests.last?.count ?? 0 > 3_100_000)
            let tooLarge = try await client.post(
                "/cosmos/tx/v1beta1/txs", #"{"tx_bytes":"\#(base64)QUJDQUJDQUJD","mode":"BROADCAST_MODE_SYNC"}"#)
            #expect(tooLarge.status == 413)
            #expect(await asked.requests.count == 1)
        }
    }

    @Test("bodies that nobody finishes hold a share of their client until the deadline, and nothing of others")
    func bodiesAtOnce() async throws {
        try await withRESTServer(registry) { client in
            let path = "/cosmos/tx/v1beta1/txs"
            let small = #"{"tx_bytes":"QUJD","mode":"BROADCAST_MODE_SYNC"}"#
            let head = "POST \(path) HTTP/1.1\r\nHost: a\r\nContent-Length: \(APILimits.bodyBytesMax)\r\n\r\n"
            let unfinished = try client.waiting(16, having: head + "{")
            let (refused, held) = try await LoopbackClient.statuses(11, of: unfinished)
            #expect(refused == Array(repeating: 429, count: 11))
            // Five are held. Small bodies have room beside them, and so does what another client sends.
            #expect(try await client.post(path, small).status == 200)
            let spaces = String(repeating: " ", count: APILimits.bodyBytesMax - small.utf8.count)
            let other = LoopbackClient(port: client.port, from: 2)
            #expect(try await other.post(path, small + spaces).status == 200)
            let (late, _) = try await LoopbackClient.statuses(5, of: held)
            #expect(late == Array(repeating: 504, count: 5))
            #expect(try await client.post(path, small + spaces).status == 200)
        }
    }

    @Test("headers that nobody could compare are refused at once", .timeLimit(.minutes(20)))
    func marks() async throws {
        try await withRESTServer(registry) { client in
            let marks = String(repeating: "\u{301}\u{323}", count: 200_000)
            for header in ["Connection: c", "Expect: 1", "Accept-Encoding: g", "X-Other: x"] {
                let answer = try await client.get("/cosmos/bank/v1beta1/params", headers: header + marks + "\r\n")
                #expect(answer.status == 400 && answer.headers["connection"] == "close", "\(header)")
                #expect(answer.text.contains("the request is not HTTP/1.1"))
            }
            #expect(try await client.get("/cosmos/bank/v1beta1/params").status == 200)
        }
    }

    @Test("one client's connections leave some to others", .timeLimit(.minutes(20)))
    func connectionsOfOneClient() async throws {
        try await withRunning({ configuration, onRunning in
            var configuration = configuration
            configuration.connectionsMax = 8
            return RESTServer(
                configuration: configuration, transcoder: RESTTranscoder(registry, logger: quiet),
                metrics: MetricsRegistry(), logger: quiet, onRunning: onRunning)
        }) { client in
            let request = "GET /cosmos/bank/v1beta1/params HTTP/1.1\r\nHost: a\r\n\r\n"
            // Six that are answered and stay; what comes beside them is closed without an answer.
            let open = try client.waiting(6, having: request)
            defer { for socket in open { close(socket) } }
            #expect(await LoopbackClient.answered(open) == 6)
            await #expect(throws: LoopbackClient.Failure.self) { try await client.answers(to: request, count: 1) }
            let other = try await LoopbackClient(port: client.port, from: 2).get("/cosmos/bank/v1beta1/params")
            #expect(other.status == 200)
        }
    }

    @Test("bytes that are no HTTP are refused, and the server goes on")
    func noise() async throws {
        try await withRESTServer(registry) { client in
            for noise in ["\r\n\r\n\0\0\0\0", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "GET /\u{1} HTTP/1.1\r\n\r\n"] {
                let answer = try? await client.answers(to: noise, count: 1).first
                #expect(answer?.status ?? 400 >= 400)
            }
            let answer = try await client.get("/cosmos/bank/v1beta1/params")
            #expect(answer.status == 200)
        }
    }

    @Test("a shutdown waits for the request at work")
    func gracefulShutdown() async throws {
        let (entered, announceEntered) = AsyncStream.makeStream(of: Void.self)
        let (mayAnswer, allowAnswer) = AsyncStream.makeStream(of: Void.self)
        var registry = ServiceRegistry()
        registry.register("/cosmos.bank.v1beta1.Query/Params") { _, _ in
            announceEntered.yield()
            for await _ in mayAnswer { break }
            return ServiceReply([], height: 1)
        }
        let (ports, announcePort) = AsyncStream.makeStream(of: Int.self)
        let server = RESTServer(
            configuration: HTTPServerConfiguration(host: "127.0.0.1", port: 0),
            transcoder: RESTTranscoder(registry, logger: quiet), metrics: MetricsRegistry(), logger: quiet
        ) { announcePort.yield($0) }
        let group = ServiceGroup(configuration: .init(services: [server], logger: quiet))
        async let running: Void = group.run()
        var portIterator = ports.makeAsyncIterator()
        let client = LoopbackClient(port: await portIterator.next()!)
        async let answer = client.get("/cosmos/bank/v1beta1/params")
        var enteredIterator = entered.makeAsyncIterator()
        _ = await enteredIterator.next()
        await group.triggerGracefulShutdown()
        allowAnswer.yield()
        let status = try await answer.status
        #expect(status == 200)
        try await running
        await #expect(throws: LoopbackClient.Failure.self) { try await client.get("/cosmos/bank/v1beta1/params") }
    }

    @Test("requests are counted by method and status, and the metrics port shows it")
    func metrics() async throws {
        let metrics = MetricsRegistry()
        try await withRESTServer(registry, metrics: metrics) { client in
            _ = try await client.get("/cosmos/bank/v1beta1/params")
            _ = try await client.get("/x")
            _ = try await client.get("/y")
        }
        try await withRunning({ configuration, onRunning in
            MetricsServer(configuration: configuration, metrics: metrics, logger: quiet, onRunning: onRunning)
        }) { client in
            let answer = try await client.get("/metrics")
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(
                answer.text.contains(
                    "cloister_api_requests_total{method=\"/cosmos.bank.v1beta1.Query/Params\",status=\"200\"} 1\n"))
            #expect(answer.text.contains("cloister_api_requests_total{method=\"none\",status=\"501\"} 2\n"))
            #expect(answer.text.contains("cloister_api_request_seconds_count{method=\"none\"} 2\n"))
            let missing = try await client.get("/")
            #expect(missing.status == 404)
        }
    }
}

@Suite("Places for requests", .timeLimit(.minutes(20))) struct RequestSlotsTests {
    @Test("a place goes to the one that waits longest")
    func order() async {
        let slots = RequestSlots(running: 1, waiting: 2)
        #expect(await slots.acquire())
        let first = Task { await slots.acquire() }
        while slots.waitingCount < 1 { await Task.yield() }
        let second = Task { await slots.acquire() }
        while slots.waitingCount < 2 { await Task.yield() }
        slots.release()
        #expect(await first.value)
        #expect(slots.waitingCount == 1)
        slots.release()
        #expect(await second.value)
        slots.release()
        #expect(await slots.acquire())
    }

    @Test("beyond the queue the answer is no, at once")
    func refused() async {
        let slots = RequestSlots(running: 2, waiting: 0)
        #expect(await slots.acquire())
        #expect(await slots.acquire())
        #expect(await !slots.acquire())
        slots.release()
        #expect(await slots.acquire())
    }

    @Test("who gives up leaves the queue without taking a place along")
    func cancelled() async {
        let slots = RequestSlots(running: 1, waiting: 8)
        #expect(await slots.acquire())
        let impatient = (0..<8).map { _ in Task { await slots.acquire() } }
        for task in impatient { task.cancel() }
        for task in impatient { #expect(await !task.value) }
        let patient = Task { await slots.acquire() }
        slots.release()
        #expect(await patient.value)
    }
}

@Suite("Bytes of bodies") struct BodyBudgetTests {
    @Test("one client has half, large bodies leave a quarter, and all of it comes back")
    func shares() {
        let large = BodyBudget.smallBytesMax + 1
        let budget = BodyBudget(bytesMax: 16 * large)
        for client in ["a", "b"] {
            for _ in 0..<6 { #expect(budget.reserve(large, for: client) == nil) }
            #expect(budget.reserve(large, for: client) == .shareUsedUp)
        }
        #expect(budget.reserve(large, for: "c") == .usedUp)
        for client in ["a", "b", "c", "d"] { #expect(budget.reserve(large - 1, for: client) == nil) }
        #expect(budget.heldBytes == 16 * large - 4)
        #expect(budget.reserve(large - 1, for: "e") == .usedUp)
        for client in ["a", "b"] {
            for _ in 0..<6 { budget.release(large, of: client) }
        }
        for client in ["a", "b", "c", "d"] { budget.release(large - 1, of: client) }
        #expect(budget.heldBytes == 0)
        #expect(budget.reserve(8 * large, for: "a") == .shareUsedUp)
        #expect(budget.reserve(6 * large, for: "a") == nil)
    }
}

@Suite("Metrics") struct MetricsTests {
    @Test("the text is what Prometheus reads")
    func text() {
        let metrics = MetricsRegistry()
        metrics.counter("b_total", help: "line\nbreak \\", labels: [("k", "a\"b\\c\nd")]).increment(by: 2)
        metrics.gauge("a", help: "A gauge.").set(1.5)
        let histogram = metrics.histogram("c", help: "C.", labels: [("k", "v")], bounds: [1, 2])
        for value in [0.5, 1, 1.5, 9] { histogram.observe(value) }
        #expect(
            metrics.text() == """
                # HELP a A gauge.
                # TYPE a gauge
                a 1.5
                # HELP b_total line\\nbreak \\\\
                # TYPE b_total counter
                b_total{k="a\\"b\\\\c\\nd"} 2
                # HELP c C.
                # TYPE c histogram
                c_bucket{k="v",le="1"} 2
                c_bucket{k="v",le="2"} 3
                c_bucket{k="v",le="+Inf"} 4
                c_sum{k="v"} 12
                c_count{k="v"} 4

                """)
    }

    @Test("asking again gives the same series, also from many tasks at once")
    func sameSeries() async {
        let metrics = MetricsRegistry()
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<8 {
                tasks.addTask {
                    for _ in 0..<500 { metrics.counter("n_total", help: "N.", labels: [("k", "v")]).increment() }
                }
            }
        }
        #expect(metrics.counter("n_total", help: "N.", labels: [("k", "v")]).value == 4000)
    }
}
