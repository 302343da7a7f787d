import ChainInterface
import ChainMessages
import ModuleKit

/// What a request says besides its message.
package struct RequestContext: Sendable {
    /// The header `x-cosmos-block-height`; `nil` asks for the announced height.
    package var height: Int64?
    /// Who asks, as far as limits go: an address of the network, empty when there is none.
    package var client: String

    package init(height: Int64? = nil, client: String = "") {
        (self.height, self.client) = (height, client)
    }
}

package struct ServiceReply: Sendable {
    /// The response message.
    package var bytes: [UInt8]
    /// The height whose state was read, shown in the answer's header.
    package var height: Int64
    /// What the enclave says of its answer, shown in a header of ours.
    package var stamp: [UInt8]

    package init(_ bytes: [UInt8], height: Int64, stamp: [UInt8] = []) {
        self.bytes = bytes
        self.height = height
        self.stamp = stamp
    }
}

/// Turns a request message into a response message. Throws `StatusError`, or what a module or the chain throws
/// (`QueryRefusal`, `MessageError`, `ChainRefusal`), for whatever the client should be told; any other error is an
/// internal one, and its text stays in the log.
package typealias ServiceHandler =
    @Sendable (_ request: [UInt8], _ context: RequestContext) async throws -> ServiceReply

/// The handlers by gRPC method.
package struct ServiceRegistry: Sendable {
    private var handlers: [String: ServiceHandler] = [:]

    package init() {}

    /// A method has one handler: registering a second is a mistake of the caller.
    package mutating func register(_ method: String, _ handler: @escaping ServiceHandler) {
        precondition(handlers[method] == nil, "\(method) has a handler already")
        handlers[method] = { request, context in
            do {
                return try await handler(request, context)
            } catch let refusal as QueryRefusal {
                throw refusal.status
            } catch let refusal as ChainRefusal {
                throw refusal.status
            } catch let error as MessageError {
                throw error.status
            }
        }
    }

    package var methods: [String] { handlers.keys.sorted() }

    package func handler(of method: String) -> ServiceHandler? { handlers[method] }

    package func call(_ method: String, _ request: [UInt8], _ context: RequestContext) async throws -> ServiceReply {
        guard let handler = handlers[method] else { throw StatusError(.unimplemented, "unknown method \(method)") }
        return try await handler(request, context)
    }
}
