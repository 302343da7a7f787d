import AsyncHTTPClient
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import StrictJSON
import Synchronization

/// A host between a user and a node: it passes on what is asked, changes answers as the test says, and keeps what it
/// saw.
final class ManInTheMiddle: Sendable {
    typealias Lie = @Sendable (JSONValue) -> JSONValue?

    struct Seen: Sendable {
        var method: String
        var target: String
        var body: [UInt8]
    }

    private struct State: Sendable {
        var lies: [String: Lie] = [:]
        var seen: [Seen] = []
    }

    private let node: String
    private let state = Mutex(State())
    private let port = Mutex(0)
    private let service = Mutex<Task<Void, any Error>?>(nil)

    init(_ node: String) { self.node = node }

    var url: String { "http://127.0.0.1:\(port.withLock { $0 })" }
    var seen: [Seen] { state.withLock { $0.seen } }

    /// From here on; `nil` from a lie is the answer of a node that does not know the path.
    func tell(_ lies: [String: Lie]) {
        state.withLock { $0 = State(lies: lies) }
    }

    func start() async throws {
        let router = Router()
        let answer: @Sendable (Request, BasicRequestContext) async throws -> Response = { [self] request, _ in
            try await pass(request)
        }
        router.get("**", use: answer)
        router.post("**", use: answer)
        let (ports, told) = AsyncStream.makeStream(of: Int.self)
        let application = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { told.yield($0.localAddress?.port ?? 0) })
        let task = Task { try await application.runService(gracefulShutdownSignals: []) }
        service.withLock { $0 = task }
        for await port in ports {
            self.port.withLock { $0 = port }
            return
        }
    }

    deinit { service.withLock { $0?.cancel() } }

    private func pass(_ request: Request) async throws -> Response {
        let body = Array(buffer: try await request.body.collect(upTo: 1 << 24))
        let target = request.uri.string
        let lie = state.withLock { state in
            state.seen.append(Seen(method: request.method.rawValue, target: target, body: body))
            return state.lies.first { target.hasPrefix($0.key) }?.value
        }
        var onward = HTTPClientRequest(url: node + target)
        onward.method = request.method == .post ? .POST : .GET
        if request.method == .post {
            onward.headers.add(name: "content-type", value: "application/json")
            onward.body = .bytes(ByteBuffer(bytes: body))
        }
        let answer = try await HTTPClient.shared.execute(onward, timeout: .seconds(30))
        var bytes = Array(buffer: try await answer.body.collect(upTo: 1 << 24))
        var status = HTTPResponse.Status(code: Int(answer.status.code))
        if let lie, let honest = try? JSONReader.parse(bytes, limits: JSONLimits(bytesMax: 1 << 24)) {
            if let told = lie(honest) {
                bytes = JSONWriter.bytes(of: told)
            } else {
                bytes = Array(#"{"code":12,"message":"Not Implemented","details":[]}"#.utf8)
                status = .notImplemented
            }
        }
        var headers: HTTPFields = [.contentType: "application/json"]
        if let name = HTTPField.Name("X-Cloister-Answer-Stamp") {
            headers[name] = answer.headers.first(name: name.canonicalName)
        }
        return Response(
            status: status, headers: headers,
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension JSONValue {
    /// With another value of the member at the end of `path`.
    func replacing(_ path: String..., with value: JSONValue) -> JSONValue { replacing(path[...], with: value) }

    private func replacing(_ path: ArraySlice<String>, with value: JSONValue) -> JSONValue {
        guard let name = path.first, case .object(let members) = self else { return value }
        return .object(
            members.map { member in
                member.0 == name ? (name, member.1.replacing(path.dropFirst(), with: value)) : member
            })
    }
}
