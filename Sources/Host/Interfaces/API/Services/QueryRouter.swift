import ChainInterface
import ChainModules
import ModuleKit
import SignedTransactions
import Wire

/// `abci_query`: the same handlers by another door, which is how secretcli and cosmjs ask everything.
///
/// Paths are gRPC methods, `/store/<name>/key` for one key of the state, and `/app/version`. Proofs are not made here.
package struct QueryRouter: Sendable {
    package struct Answer: Equatable, Sendable {
        package var code: UInt32 = 0
        package var codespace = ""
        package var log = ""
        package var key: [UInt8] = []
        package var value: [UInt8] = []
        package var height: Int64
    }

    private let registry: ServiceRegistry
    private let chain: any ChainAccess

    private let stores: [String]

    package init(_ registry: ServiceRegistry, chain: any ChainAccess, stores: [String] = ModuleList.chain.stores) {
        self.registry = registry
        self.stores = stores
        self.chain = chain
    }

    /// Never throws: what went wrong is an answer with a code of the SDK. 0 is the announced height.
    package func query(path: String, data: [UInt8], height: Int64) async -> Answer {
        do {
            guard height >= 0 else { throw StatusError(.invalidArgument, "height must not be negative") }
            return try await answer(path, data, height == 0 ? nil : height)
        } catch let error as StatusError {
            return Answer(
                code: QueryRouter.error(of: error.code).rawValue, codespace: SDKError.codespace, log: error.message,
                height: chain.announcedHeight)
        } catch {
            return Answer(
                code: SDKError.internalError.rawValue, codespace: SDKError.codespace,
                log: SDKError.internalError.text, height: chain.announcedHeight)
        }
    }

    private func answer(_ path: String, _ data: [UInt8], _ height: Int64?) async throws -> Answer {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        switch parts.dropFirst().first {
        case "store" where parts.count == 4 && parts[3] == "key":
            let (height, state) = try state(at: height)
            guard stores.contains(String(parts[2])) else {
                throw StatusError(.unknown, "no such store: \(parts[2]): unknown request")
            }
            guard !data.isEmpty, data.count <= StateKey.byteCountMax else {
                throw StatusError.invalidRequest("illegal key")
            }
            let value = try state.value(of: data, in: String(parts[2]))
            return Answer(key: data, value: value ?? [], height: height)
        case "app" where path == "/app/version":
            return Answer(value: Array(chain.node.applicationVersion.utf8), height: chain.announcedHeight)
        default:
            guard let handler = registry.handler(of: path) else {
                throw StatusError(.unknown, "unknown query path: unknown request")
            }
            let reply = try await handler(data, RequestContext(height: height))
            return Answer(value: reply.bytes, height: reply.height)
        }
    }

    private func state(at height: Int64?) throws -> (Int64, any CommittedState) {
        do { return try chain.state(at: height) } catch let refusal as ChainRefusal { throw refusal.status }
    }

    private static func error(of status: StatusError.Code) -> SDKError {
        switch status {
        case .notFound: .keyNotFound
        case .invalidArgument, .failedPrecondition: .invalidRequest
        case .unauthenticated: .unauthorized
        default: .unknownRequest
        }
    }
}
