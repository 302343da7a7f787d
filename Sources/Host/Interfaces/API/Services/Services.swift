import ChainInterface
import ChainMessages
import ChainModules
import DecidedBlocks
import ModuleKit
import Wire

extension ServiceRegistry {
    /// All handlers of the node: those of the ledger's modules, and those that need more than one state.
    package static func services(of chain: any ChainAccess, ledger: ModuleList = .chain) -> ServiceRegistry {
        var registry = ServiceRegistry()
        for query in ledger.queries { registry.register(query, chain) }
        BlockResultsService(chain: chain).register(in: &registry)
        ComputeService(chain: chain).register(in: &registry)
        ConsensusService(chain: chain).register(in: &registry)
        EvidenceService(chain: chain).register(in: &registry)
        JoiningService(chain: chain).register(in: &registry)
        NodeService(chain: chain).register(in: &registry)
        ReceiptService(chain: chain).register(in: &registry)
        TransactionService(chain: chain).register(in: &registry)
        // Last, since it routes queries to the others.
        TendermintService(chain: chain, router: QueryRouter(registry, chain: chain, stores: ledger.stores)).register(
            in: &registry)
        return registry
    }

    /// What a module answers from the state of the requested height.
    mutating func register(_ query: ModuleQuery, _ chain: any ChainAccess) {
        register(query.path) { bytes, context in
            let (height, state) = try chain.state(at: context.height)
            return ServiceReply(
                try query.answer(bytes, { try ServiceRegistry.block(at: height, in: chain) }, state), height: height)
        }
    }

    /// The block that left a state; before the first, the genesis.
    private static func block(at height: Int64, in chain: any ChainAccess) throws -> QueriedBlock {
        QueriedBlock(height: UInt64(clamping: height), time: try time(of: height, in: chain))
    }

    private static func time(of height: Int64, in chain: any ChainAccess) throws -> Timestamp {
        guard height >= chain.genesis.initialHeight else { return chain.genesis.genesisTime }
        guard let header = try chain.header(at: height) else { throw ChainRefusal.heightForgotten(height) }
        return try Header(protobuf: header).time
    }

    /// A handler that reads the state of the requested height.
    mutating func query<Request, Response>(
        _ method: ChainMethod<Request, Response>, _ chain: any ChainAccess,
        _ answer: @escaping @Sendable (Request, any CommittedState) throws -> Response
    ) {
        register(method) { request, context in
            let (height, state) = try chain.state(at: context.height)
            return (try answer(request, state), height)
        }
    }

    /// A handler that needs no state.
    mutating func call<Request, Response>(
        _ method: ChainMethod<Request, Response>, _ chain: any ChainAccess,
        _ answer: @escaping @Sendable (Request) async throws -> Response
    ) {
        call(method, chain) { request, _ in try await answer(request) }
    }

    /// A handler that reads blocks and transactions up to the announced height, which may be a later one when it is
    /// done.
    mutating func call<Request, Response>(
        _ method: ChainMethod<Request, Response>, _ chain: any ChainAccess,
        _ answer: @escaping @Sendable (Request, _ announced: Int64) async throws -> Response
    ) {
        register(method) { request, _ in
            let announced = chain.announcedHeight
            return (try await answer(request, announced), announced)
        }
    }

    /// A handler that chooses the height it answers for.
    mutating func register<Request, Response>(
        _ method: ChainMethod<Request, Response>,
        _ answer: @escaping @Sendable (Request, RequestContext) async throws -> (Response, height: Int64)
    ) {
        register(method.path) { bytes, context in
            let (response, height) = try await answer(try Request(decoding: bytes, .request), context)
            return ServiceReply(response.encoded, height: height)
        }
    }
}

extension MessageError {
    /// Of a request: the client's mistake, told as the original does.
    var status: StatusError {
        switch self {
        case .emptyAddress: .invalidRequest("empty address string is not allowed")
        case .invalidAddress(let text): .invalidRequest("decoding bech32 failed: \(text) is no address")
        case .malformed(let error): StatusError(.invalidArgument, "the request is malformed: \(error)")
        default: StatusError(.invalidArgument, "the request is malformed: \(self)")
        }
    }
}

extension ChainRefusal {
    /// As clients are told it.
    var status: StatusError {
        switch self {
        case .heightToCome(let height, let announced):
            .invalidRequest("height \(height) is not available: the chain is at \(announced)")
        case .heightForgotten(let height):
            .invalidRequest("height \(height) is not available; the lowest may have been pruned")
        case .nothingAnnounced: StatusError(.unavailable, "no block is announced yet")
        case .resultsTooLong:
            StatusError(.resourceExhausted, "the block came to more than is shown at once: ask for its transactions")
        case .searchTooWide(let entriesMax):
            StatusError(
                .resourceExhausted,
                "the search would look at more than \(entriesMax) entries: compare another attribute, or ask for = a value"
            )
        case .queryTooLong: .invalidRequest("the query is too long")
        case .queryAtAnotherHeight(let latest):
            .invalidRequest("contract queries run at the latest height, \(latest), only")
        case .queryTookTooLong: StatusError(.deadlineExceeded, "the query took longer than this node allows")
        case .tooManyQueries: StatusError(.resourceExhausted, "too many contract queries are waiting")
        case .tooManyQueriesOfClient:
            StatusError(.resourceExhausted, "too many contract queries of one client at once")
        case .tooManySimulations: StatusError(.resourceExhausted, "too many simulations are waiting")
        case .noQueries: StatusError(.unavailable, "this node answers no contract queries now")
        case .enclaveNotFresh:
            StatusError(.unavailable, "this node's enclave has not caught up with the chain; try again")
        case .queryOvertaken: StatusError(.unavailable, "the chain moves too fast for this query")
        case .engineAway: StatusError(.unavailable, "the engine of this node does not answer now")
        }
    }
}

extension QueryRefusal {
    var status: StatusError {
        switch kind {
        case .notFound: .notFound(text)
        case .invalidRequest: .invalidRequest(text)
        case .tooMuch: StatusError(.resourceExhausted, text)
        case .failed: StatusError(.internal, text)
        case .registered: StatusError(.unknown, text)
        }
    }
}

/// A stored block is not what its writer wrote.
struct CorruptRecord: Error {
    var what: String
}
