import ClientRequests
import HTTPTypes
import HummingbirdCore
import NIOCore
import PublicCryptography

/// Calls of browsers, which have no trailers: gRPC-web over HTTP/1.1 (`GRPCWebForm`). The same handlers, the same
/// bounds. Whoever served the page may call, as over REST: nothing here depends on who asks.
struct GRPCWeb: Sendable {
    private let calls: GRPCCalls
    private let bodies: RequestBodies

    init(_ calls: GRPCCalls) {
        self.calls = calls
        bodies = RequestBodies(
            budget: calls.bodies, deadlines: calls.deadlines, bytesMax: GRPCWeb.bodyBytesMax,
            time: .seconds(GRPCCalls.requestSeconds))
    }

    /// The longest message with its prefix, in Base64.
    static let bodyBytesMax = (GRPCCalls.messageBytesMax + GRPCForm.prefixByteCount + 2) / 3 * 4

    func respond(to request: Request, from client: String) async -> Response {
        if request.method == .options { return preflight() }
        guard request.method == .post else { return refusal(.methodNotAllowed, "a call is a POST") }
        guard let coding = GRPCWebForm.coding(of: request.headers[.contentType] ?? "") else {
            return refusal(
                .unsupportedMediaType, "over HTTP/1.1 the content type is that of gRPC-web; gRPC itself is HTTP/2")
        }
        let start = ContinuousClock.now
        let path = request.head.path ?? "/"
        let result: Result<ServiceReply, StatusError>
        do {
            result = try await bodies.with(request, from: client) { body in
                await self.result(of: body, coding, request, path, client)
            }
        } catch {
            result = .failure(error.status)
        }
        var code: StatusError.Code?
        if case .failure(let error) = result { code = error.code }
        calls.record(calls.known(path), code, ContinuousClock.now - start)
        let wanted = request.headers[.accept].flatMap { GRPCWebForm.coding(of: $0) }
        return response(result, wanted ?? coding)
    }

    private func result(
        of body: [UInt8], _ coding: GRPCWebForm.Coding, _ request: Request, _ path: String, _ client: String
    ) async -> Result<ServiceReply, StatusError> {
        do {
            let handler = try calls.handler(of: path)
            let metadata = try GRPCMetadata { name in HTTPField.Name(name).flatMap { request.headers[$0] } }
            let message = try GRPCWeb.message(of: body, coding)
            return .success(try await calls.reply(of: handler, to: message, path, metadata, client))
        } catch let error as StatusError {
            return .failure(error)
        } catch {
            return .failure(StatusError(.internal, "internal error"))
        }
    }

    /// The one message of a call.
    private static func message(of body: [UInt8], _ coding: GRPCWebForm.Coding) throws(StatusError) -> [UInt8] {
        let bytes = coding == .binary ? body : GRPCWebForm.bytes(ofText: body)
        guard let bytes else { throw StatusError(.internal, "the body is not Base64, as its content type says") }
        var reader = GRPCMessages(bytesMax: GRPCCalls.messageBytesMax)
        let messages: [[UInt8]]
        do throws(GRPCMessages.Fault) { messages = try reader.take(bytes) } catch { throw StatusError(error) }
        guard messages.count == 1, reader.isAtEnd else {
            throw StatusError(.internal, "a call has one message, and nothing behind it")
        }
        return messages[0]
    }

    // MARK: - Responses

    private func response(_ result: Result<ServiceReply, StatusError>, _ coding: GRPCWebForm.Coding) -> Response {
        var headers: HTTPFields = [.contentType: coding.contentType]
        var body: [UInt8]
        switch result {
        case .success(let reply):
            headers[.height] = String(reply.height)
            body = GRPCForm.framed(reply.bytes) + GRPCWebForm.trailers(status: 0, message: nil)
        case .failure(let error):
            body = GRPCWebForm.trailers(status: error.code.rawValue, message: error.grpcMessage)
        }
        if coding == .text { body = Array(Base64.encode(body).utf8) }
        return open(Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: body))))
    }

    private func refusal(_ status: HTTPResponse.Status, _ reason: String) -> Response {
        open(
            Response(
                status: status, headers: [.contentType: "text/plain"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: reason + "\n"))))
    }

    private func preflight() -> Response {
        open(
            Response(
                status: .noContent,
                headers: [
                    .accessControlAllowMethods: "POST, OPTIONS",
                    .accessControlAllowHeaders:
                        "Content-Type, Accept, X-Grpc-Web, X-User-Agent, Grpc-Timeout, Grpc-Accept-Encoding, "
                        + "X-Cosmos-Block-Height",
                    .accessControlMaxAge: "86400",
                ]))
    }

    /// Any page may read it.
    private func open(_ response: Response) -> Response {
        var response = response
        response.headers[.accessControlAllowOrigin] = "*"
        response.headers[.accessControlExposeHeaders] = "Grpc-Status, Grpc-Message, X-Cosmos-Block-Height"
        return response
    }
}

extension HTTPField.Name {
    fileprivate static let height = HTTPField.Name("X-Cosmos-Block-Height")!
}
