import API
import Foundation
import StrictJSON
import TestSupport
import Testing
import Wire

@testable import Pages

/// The pages on the operator's port: who is shown them, and what goes out with them.
@Suite("Pages") struct PagesDoorTests {
    private func door(_ audience: PagesDoor.Audience = .loopback, listens host: String = "127.0.0.1") -> PagesDoor? {
        var registry = ServiceRegistry()
        registry.register("/cosmos.bank.v1beta1.Query/Params") { _, _ in
            ServiceReply(ProtobufWriter.encode { $0.message(1) { $0.bool(2, true) } }, height: 41)
        }
        return PagesDoor(
            audience, listens: host, transcoder: RESTTranscoder(registry, logger: quiet),
            inspection: { Array(#"{"chain_id":"test"}"#.utf8) })
    }

    private func withPages(_ door: PagesDoor?, _ body: (LoopbackClient) async throws -> Void) async throws {
        try await withRunning(
            { configuration, onRunning in
                MetricsServer(
                    configuration: configuration, metrics: MetricsRegistry(), logger: quiet,
                    page: { await door?.answer($0) }, onRunning: onRunning)
            }, body)
    }

    private func ask(
        _ client: LoopbackClient, _ target: String, host: String = "127.0.0.1:26660", verb: String = "GET"
    ) async throws -> LoopbackClient.Answer {
        try await client.answers(to: "\(verb) \(target) HTTP/1.1\r\nHost: \(host)\r\n\r\n", count: 1)[0]
    }

    private static let types = [
        "/": "text/html; charset=utf-8", "/explorer": "text/html; charset=utf-8",
        "/inspector": "text/html; charset=utf-8", "/style.css": "text/css; charset=utf-8",
        "/page.js": "text/javascript; charset=utf-8", "/home.js": "text/javascript; charset=utf-8",
        "/interface": "text/html; charset=utf-8", "/interface.js": "text/javascript; charset=utf-8",
        "/explorer.js": "text/javascript; charset=utf-8", "/inspector.js": "text/javascript; charset=utf-8",
        "/icon.svg": "image/svg+xml", "/boundary.json": "application/json",
    ]

    @Test("each page goes out with its type and a policy under which nothing from elsewhere and nothing inline runs")
    func headers() async throws {
        #expect(Set(PageFile.all.map(\.path)) == Set(Self.types.keys))
        try await withPages(door()) { client in
            let others = [
                "/inspector.json": "application/json", "/rest/cosmos/bank/v1beta1/params": "application/json",
            ]
            for (path, type) in Self.types.merging(others, uniquingKeysWith: { $1 }) {
                let answer = try await ask(client, path)
                #expect(answer.status == 200 && answer.headers["content-type"] == type, "\(path)")
                #expect(!answer.body.isEmpty)
                let policy = answer.headers["content-security-policy"] ?? ""
                #expect(policy == PagesDoor.policy && policy.hasPrefix("default-src 'none'; "))
                #expect(!policy.contains("unsafe") && !policy.contains("*") && !policy.contains("http"))
                #expect(answer.headers["x-content-type-options"] == "nosniff")
                #expect(answer.headers["cache-control"] == "no-store")
                #expect(answer.headers["x-frame-options"] == "DENY")
                #expect(answer.headers["cross-origin-resource-policy"] == "same-origin")
                // REST may be asked from anywhere, this port may not.
                #expect(answer.headers["access-control-allow-origin"] == nil)
            }
            #expect(try parsed(try await ask(client, "/inspector.json").text)["chain_id"]?.string == "test")
            let rest = try await ask(client, "/rest/cosmos/bank/v1beta1/params?x=1")
            #expect(rest.text == #"{"params":{"send_enabled":[],"default_send_enabled":true}}"#)
        }
    }

    @Test("HEAD has the head of GET and no body; other methods and other paths are refused")
    func methods() async throws {
        try await withPages(door()) { client in
            for path in ["/", "/inspector.json", "/rest/cosmos/bank/v1beta1/params", "/metrics"] {
                let (whole, head) = (try await ask(client, path), try await headOnly(client, path))
                #expect(head.hasPrefix("HTTP/1.1 200 ") && head.hasSuffix("\r\n\r\n"), "\(path)\n\(head)")
                if path != "/metrics" { #expect(head.lowercased().contains("content-length: \(whole.body.count)\r\n")) }
            }
            for verb in ["POST", "PUT", "DELETE", "OPTIONS"] {
                let answer = try await client.answers(
                    to: "\(verb) / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n", count: 1)[0]
                #expect(answer.status == 405 && answer.headers["allow"] == "GET, HEAD", "\(verb)")
            }
            for path in ["/nothing", "/explorer/", "/Web/home.html", "/../style.css", "/rest", "/inspector.json/x"] {
                #expect(try await ask(client, path).status == 404, "\(path)")
            }
            // What there is no route of is answered as REST does.
            #expect(try await ask(client, "/rest/").status == 501)
            #expect(try await ask(client, "/rest/nothing").status == 501)
        }
    }

    @Test("what a page of another origin has its visitor ask is not answered, and asks neither chain nor enclave")
    func otherOrigins() async throws {
        try await withPages(door()) { client in
            for (fields, status) in [
                ("", 200), ("Sec-Fetch-Site: same-origin\r\n", 200), ("Sec-Fetch-Site: none\r\n", 200),
                ("Sec-Fetch-Site: same-origin\r\nOrigin: http://127.0.0.1:26660\r\n", 200),
                ("Origin: HTTP://127.0.0.1:26660\r\n", 200),
                ("Sec-Fetch-Site: cross-site\r\n", 403), ("Sec-Fetch-Site: same-site\r\n", 403),
                ("Origin: https://attacker.example\r\n", 403), ("Origin: null\r\n", 403),
                ("Origin: http://127.0.0.1:26661\r\n", 403), ("Origin: http://localhost:26660\r\n", 403),
                ("Sec-Fetch-Site: none\r\nOrigin: https://attacker.example\r\n", 403),
                ("Sec-Fetch-Site: Cross-Site\r\n", 403),
            ] {
                for path in ["/inspector.json", "/rest/cosmos/bank/v1beta1/params"] {
                    let answer = try await client.answers(
                        to: "GET \(path) HTTP/1.1\r\nHost: 127.0.0.1:26660\r\n\(fields)\r\n", count: 1)[0]
                    #expect(answer.status == status, "\(path) \(fields)")
                    let isShown = answer.text.contains("default_send_enabled")
                    #expect(isShown == (status == 200 && path != "/inspector.json"))
                }
                // A link from elsewhere leads to the page itself.
                let page = try await client.answers(
                    to: "GET /explorer HTTP/1.1\r\nHost: 127.0.0.1:26660\r\n\(fields)\r\n", count: 1)[0]
                #expect(page.status == 200, "\(fields)")
            }
        }
    }

    /// All that comes for a HEAD, on a connection that closes behind it.
    private func headOnly(_ client: LoopbackClient, _ path: String) async throws -> String {
        let port = client.port
        return try await onThread {
            try client.everything(
                for: "HEAD \(path) HTTP/1.1\r\nHost: localhost:\(port)\r\nConnection: close\r\n\r\n")
        }
    }

    @Test(
        "a name that is not this machine's is shown nothing, unless the operator shows the pages to everybody",
        arguments: [
            ("127.0.0.1", true), ("127.0.0.1:26660", true), ("127.8.9.1:1", true), ("localhost", true),
            ("LOCALHOST:26660", true), ("[::1]:26660", true), ("[::1]", true), ("attacker.example", false),
            ("127.0.0.1.attacker.example", false), ("localhost.attacker.example:26660", false), ("10.0.0.1", false),
            ("1270.0.1", false), ("127.0.0.256", false), ("127.0.0", false), ("[::2]", false), ("", false),
        ])
    func names(host: String, isShown: Bool) async throws {
        let own = try #require(door())
        let open = try #require(door(.always, listens: "0.0.0.0"))
        for path in ["/", "/inspector.json", "/rest/cosmos/bank/v1beta1/params"] {
            let request = OperatorRequest(path: path, host: host)
            #expect(await own.answer(request)?.status == (isShown ? 200 : 421), "\(path)")
            #expect(await open.answer(request)?.status == 200)
        }
    }

    @Test("on a port that others reach, and where the operator does not want them, there are no pages")
    func off() async throws {
        for host in ["0.0.0.0", "::", "10.0.0.1", "node.example.org", "128.0.0.1", ""] {
            #expect(door(.loopback, listens: host) == nil, "\(host)")
            #expect(door(.always, listens: host) != nil)
        }
        for host in ["127.0.0.1", "127.0.0.2", "::1", "localhost"] { #expect(door(.loopback, listens: host) != nil) }
        #expect(door(.never) == nil)
        try await withPages(door(.never)) { client in
            for path in Self.types.keys.sorted() + ["/inspector.json", "/rest/cosmos/bank/v1beta1/params"] {
                let answer = try await ask(client, path)
                #expect(answer.status == 404, "\(path)")
            }
            let metrics = try await ask(client, "/metrics")
            #expect(metrics.status == 200)
        }
    }

    @Test("the pages in the program are the files as they are written, and name nothing outside and nothing inline")
    func files() throws {
        let folder = Repository.path("Sources/Host/Interfaces/Pages/Web")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        #expect(names.count == Self.types.count - 1)
        for name in names {
            let text = try String(contentsOfFile: folder + "/" + name, encoding: .utf8)
            #expect(
                PageFile.all.contains { $0.text.description + "\n" == text || $0.text.description == text },
                "\(name): make pages")
            let outside = text.replacing("http://www.w3.org/2000/svg", with: "")
            #expect(!outside.contains("http://") && !outside.contains("https://"), "\(name)")
            // Text of others becomes markup by one of these alone.
            for way in ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function"] {
                #expect(!text.contains(way), "\(name): \(way)")
            }
            if name.hasSuffix(".html") {
                #expect(!text.contains(" style=") && !text.contains("<style") && !text.contains(" on"), "\(name)")
                #expect(
                    text.components(separatedBy: "<script").count == 2 && text.contains(#"<script type="module" src="#))
            }
        }
    }

    @Test("the inspector's table of messages is the boundary of this build")
    func boundary() throws {
        let file = try #require(PageFile.all.first { $0.path == "/boundary.json" })
        let told = try parsed(file.text.description)
        let page = try String(contentsOfFile: Repository.path("docs/boundary.md"), encoding: .utf8)
        let hash = try #require(told["manifest"]?.string)
        #expect(page.contains("`\(hash)`"))
        let frames = try #require(told["frames"]?.array)
        #expect(frames.count > 50)
        for frame in frames {
            let (name, kind) = (try #require(frame["name"]?.string), try #require(frame["class"]?.string))
            #expect(page.contains("| \(name) | \(kind) | "), "\(name)")
            #expect((1...63).contains(frame["number"]?.int64 ?? 0))
            #expect(told["messages"]?[frame["message"]?.string ?? ""] != nil)
        }
    }
}
