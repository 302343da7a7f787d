import ChainMessages

extension ServiceRegistry {
    /// All handlers of the node.
    package static func services(of chain: any ChainAccess) -> ServiceRegistry {
        var registry = ServiceRegistry()
        AuthService(chain: chain).register(in: &registry)
        BankService(chain: chain).register(in: &registry)
        ComputeService(chain: chain).register(in: &registry)
        ConsensusService(chain: chain).register(in: &registry)
        EvidenceService(chain: chain).register(in: &registry)
        NodeService(chain: chain).register(in: &registry)
        RegistrationService(chain: chain).register(in: &registry)
        TransactionService(chain: chain).register(in: &registry)
        // Last, since it routes queries to the others.
        TendermintService(chain: chain, router: QueryRouter(registry, chain: chain)).register(in: &registry)
        return registry
    }

    /// A handler that reads the state of the requested height.
    mutating func query<Request, Response>(
        _ method: ChainMethod<Request, Response>, _ chain: any ChainAccess,
        _ answer: @escaping @Sendable (Request, any StateReading) throws -> Response
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
            let request: Request
            do throws(MessageError) { request = try Request(decoding: bytes, .request) } catch { throw error.status }
            let (response, height) = try await answer(request, context)
            return ServiceReply(response.encoded, height: height)
        }
    }
}

extension MessageError {
    /// Of a request: the client's mistake, told as the original does.
    fileprivate var status: StatusError {
        switch self {
        case .emptyAddress: .invalidRequest("empty address string is not allowed")
        case .invalidAddress(let text): .invalidRequest("decoding bech32 failed: \(text) is no address")
        case .malformed(let error): StatusError(.invalidArgument, "the request is malformed: \(error)")
        default: StatusError(.invalidArgument, "the request is malformed: \(self)")
        }
    }
}

extension ChainMessage {
    /// A record of the state, which only the ledger writes.
    init(stored bytes: [UInt8]) throws {
        do { try self.init(decoding: bytes, .signed) } catch { throw CorruptRecord(what: Self.name) }
    }
}

/// The state holds something its writer never wrote.
struct CorruptRecord: Error {
    var what: String
}
