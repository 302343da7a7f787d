import Logging
import StrictJSON

/// An HTTP request without its transport.
package struct RESTRequest: Sendable {
    package var verb: String
    /// Path and query as they stand in the request line.
    package var target: String
    /// The header `x-cosmos-block-height`.
    package var height: String?
    package var body: [UInt8]
    /// As `RequestContext` has it.
    package var client: String

    package init(_ verb: String, _ target: String, height: String? = nil, body: [UInt8] = [], client: String = "") {
        self.client = client
        self.verb = verb
        self.target = target
        self.height = height
        self.body = body
    }
}

package struct RESTResponse: Sendable {
    /// The gRPC method that the route belongs to; `nil` if there is none.
    package var method: String?
    package var status: Int
    /// The height the answer speaks of; `nil` for errors.
    package var height: Int64?
    /// JSON, unless `contentType` says otherwise.
    package var body: [UInt8]
    /// As `ServiceReply` has it.
    package var stamp: [UInt8] = []
    package var contentType = "application/json"
}

/// REST in front of the service handlers: finds the method of a route, makes the request message, calls, and writes the
/// answer as JSON. `/openapi.json` says which routes there are.
package struct RESTTranscoder: Sendable {
    private let pool: DescriptorPool
    private let routes: RouteTable
    private let registry: ServiceRegistry
    private let logger: Logger

    package init(_ registry: ServiceRegistry, pool: DescriptorPool = .chain, logger: Logger) {
        self.pool = pool
        self.registry = registry
        self.logger = logger
        routes = RouteTable(pool.methods)
    }

    package func respond(to request: RESTRequest) async -> RESTResponse {
        var method: String?
        var response: RESTResponse
        do {
            response = try await answer(request, method: &method)
        } catch let error as StatusError {
            response = RESTTranscoder.response(to: error)
        } catch TranscodingError.tooLarge {
            let refusal = StatusError(
                .resourceExhausted, "the answer has more than \(ResponseEncoder.answerBytesMax) bytes")
            response = RESTTranscoder.response(to: refusal)
        } catch {
            // The text may speak of our own files and states, so it goes to the log alone.
            logger.error("request failed", metadata: ["target": "\(request.target.prefix(200))", "error": "\(error)"])
            response = RESTTranscoder.response(to: StatusError(.internal, "internal error"))
        }
        response.method = method
        return response
    }

    private func answer(_ request: RESTRequest, method: inout String?) async throws -> RESTResponse {
        let target = try RequestTarget(request.target)
        if request.verb == "GET", target.segments == ["openapi.json"] {
            return RESTResponse(status: 200, height: nil, body: OpenAPIDocument.chain)
        }
        guard let verb = HTTPRule.Verb(rawValue: request.verb), let match = routes.match(verb: verb, target.segments)
        else { throw StatusError.noRoute }
        method = match.method.path
        guard let handler = registry.handler(of: match.method.path) else { throw StatusError.noRoute }
        let message = try requestMessage(match, target, request.body)
        let reply = try await handler(
            message, RequestContext(height: try height(request.height), client: request.client))
        let json = try ResponseEncoder.json(reply.bytes, message: match.method.output, pool: pool)
        return RESTResponse(status: 200, height: reply.height, body: json, stamp: reply.stamp)
    }

    private func requestMessage(_ match: RouteTable.Match, _ target: RequestTarget, _ body: [UInt8]) throws -> [UInt8] {
        let input = try pool.message(match.method.input)
        let decoder = RequestDecoder(pool: pool)
        if match.method.http?.verb == .post {
            return try decoder.bytes(of: RESTTranscoder.parse(body), as: input.name)
        }
        // A parameter that repeats a variable of the path is ignored: secret-sdk sends the contract's address twice.
        let bound = match.variables.compactMap { input.field(requestName: $0.name[...])?.number }
        let parameters = target.parameters.filter { parameter in
            guard let first = parameter.name.split(separator: ".").first, let field = input.field(requestName: first)
            else { return false }
            return !bound.contains(field.number)
        }
        let object = try RequestTarget.object(match.variables + parameters, message: input, pool: pool)
        return try decoder.bytes(of: object, as: input.name)
    }

    private static func parse(_ body: [UInt8]) throws(StatusError) -> JSONValue {
        if body.isEmpty { return .object([]) }
        do {
            return try JSONReader.parse(
                body, limits: JSONLimits(bytesMax: APILimits.bodyBytesMax, valuesMax: APILimits.bodyValuesMax))
        } catch {
            throw StatusError(.invalidArgument, "the body is not JSON: \(error)")
        }
    }

    /// 0 means the announced height, as in the original.
    private func height(_ text: String?) throws(StatusError) -> Int64? {
        guard let text, !text.isEmpty else { return nil }
        guard let height = Int64(text), height >= 0 else {
            throw StatusError(.invalidArgument, "invalid height header: it must be a number that is not negative")
        }
        return height == 0 ? nil : height
    }

    /// {"code":5,"message":"...","details":[]}
    package static func response(to error: StatusError) -> RESTResponse {
        var writer = JSONWriter()
        writer.beginObject()
        writer.member("code", error.code.rawValue)
        writer.member("message", error.message)
        writer.name("details")
        writer.beginArray()
        writer.endArray()
        writer.endObject()
        return RESTResponse(status: error.code.httpStatus, height: nil, body: writer.bytes, stamp: error.stamp)
    }
}
