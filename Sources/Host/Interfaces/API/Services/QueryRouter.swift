import ChainFormats
import ChainInterface
import ChainMessages
import ChainModules
import ModuleKit
import SignedTransactions
import Wire

/// `abci_query`: the same handlers by another door, which is how secretcli and cosmjs ask everything.
///
/// Paths are gRPC methods, `/store/<name>/key` for one key of the state, `/app/version` and `/app/simulate`. One key
/// alone is proved, where it is asked for: by two steps of ICS 23, as other chains' light clients read them.
package struct QueryRouter: Sendable {
    package struct Answer: Equatable, Sendable {
        package var code: UInt32 = 0
        package var codespace = ""
        package var log = ""
        package var key: [UInt8] = []
        package var value: [UInt8] = []
        package var height: Int64
        /// From the value to its store, and from the store to the application hash that the next header has.
        package var proof: [ProofOperation] = []
    }

    /// CometBFT's `ProofOp`.
    package struct ProofOperation: Equatable, Sendable {
        package var type: String
        package var key: [UInt8]
        package var data: [UInt8]
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
    package func query(
        path: String, data: [UInt8], height: Int64, proves: Bool = false, client: String = ""
    ) async -> Answer {
        do {
            guard height >= 0 else { throw StatusError(.invalidArgument, "height must not be negative") }
            return try await answer(path, data, height == 0 ? nil : height, proves: proves, client: client)
        } catch let refusal as HandlerRefusal {
            return answer(to: refusal.status, log: refusal.log)
        } catch let error as StatusError {
            return answer(to: error, log: error.message)
        } catch {
            return Answer(
                code: SDKError.internalError.rawValue, codespace: SDKError.codespace,
                log: SDKError.internalError.text, height: chain.announcedHeight)
        }
    }

    private func answer(to error: StatusError, log: String) -> Answer {
        Answer(
            code: QueryRouter.error(of: error.code).rawValue, codespace: SDKError.codespace, log: log,
            height: chain.announcedHeight)
    }

    /// What a handler says, as the original's application tells it: with gRPC's name of the code in front, which CosmJS
    /// looks for, and the SDK's error behind.
    private struct HandlerRefusal: Error {
        var status: StatusError

        var log: String {
            // Errors of no code bring the SDK's text along.
            if status.code == .unknown { return status.message }
            return "rpc error: code = \(status.code.name) desc = \(status.message): "
                + QueryRouter.error(of: status.code).text
        }
    }

    private func answer(
        _ path: String, _ data: [UInt8], _ height: Int64?, proves: Bool, client: String
    ) async throws -> Answer {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        switch parts.dropFirst().first {
        case "store" where parts.count == 4 && parts[3] == "key":
            guard stores.contains(String(parts[2])) else {
                throw StatusError(.unknown, "no such store: \(parts[2]): unknown request")
            }
            guard !data.isEmpty, data.count <= StateKey.byteCountMax else {
                throw StatusError.invalidRequest("illegal key")
            }
            if proves { return try proved(data, in: String(parts[2]), at: height) }
            let (height, state) = try state(at: height)
            let value = try state.value(of: data, in: String(parts[2]))
            return Answer(key: data, value: value ?? [], height: height)
        case "app" where path == "/app/version":
            return Answer(value: Array(chain.node.applicationVersion.utf8), height: chain.announcedHeight)
        case "app" where path == "/app/simulate":
            // The same message comes back, whichever way it is asked.
            let request = TxV1beta1.SimulateRequest(txBytes: data).encoded
            let reply = try await registry.call(
                TxV1beta1.Service.simulate.path, request, RequestContext(client: client))
            return Answer(value: reply.bytes, height: reply.height)
        default:
            guard let handler = registry.handler(of: path) else {
                throw StatusError(.unknown, "unknown query path: unknown request")
            }
            let reply: ServiceReply
            do { reply = try await handler(data, RequestContext(height: height, client: client)) } catch let status
                as StatusError
            {
                throw HandlerRefusal(status: status)
            }
            return Answer(value: reply.bytes, height: reply.height)
        }
    }

    private func proved(_ key: [UInt8], in store: String, at height: Int64?) throws -> Answer {
        let entry: ProvedEntry
        do { entry = try chain.prove(key, in: store, at: height) } catch let refusal as ChainRefusal {
            throw refusal.status
        }
        guard let inStore = entry.inStore else {
            throw StatusError.invalidRequest("a store without any entry has no proof of what it lacks")
        }
        // As ibc-go names the two: an operation for each tree, from the leaf up.
        return Answer(
            key: key, value: entry.value ?? [], height: entry.height,
            proof: [
                ProofOperation(type: "ics23:smt", key: key, data: inStore.encoded(.sparse)),
                ProofOperation(
                    type: "ics23:simple", key: Array(store.utf8), data: entry.ofStore.encoded(.tendermint)),
            ])
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
