import ChainModel

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
    mutating func registerQuery(
        _ method: String, _ chain: any ChainAccess,
        _ answer: @escaping @Sendable (inout ProtobufMessageReader, any StateReading) throws -> [UInt8]
    ) {
        register(method) { bytes, context in
            let (height, state) = try chain.state(at: context.height)
            var request = ProtobufMessageReader(bytes)
            return ServiceReply(try answer(&request, state), height: height)
        }
    }

    /// A handler that needs no state.
    mutating func registerCall(
        _ method: String, _ chain: any ChainAccess,
        _ answer: @escaping @Sendable (inout ProtobufMessageReader) async throws -> [UInt8]
    ) {
        register(method) { bytes, _ in
            var request = ProtobufMessageReader(bytes)
            return ServiceReply(try await answer(&request), height: chain.announcedHeight)
        }
    }
}

extension ProtobufMessageReader {
    /// The account or contract address in a text field.
    mutating func address(_ number: UInt32) throws -> AccountAddress {
        let text = try string(number)
        guard !text.isEmpty else { throw StatusError.invalidRequest("empty address string is not allowed") }
        guard let address = AccountAddress(bech32: text) else {
            throw StatusError.invalidRequest("decoding bech32 failed: \(text) is no address")
        }
        return address
    }
}

/// The state holds something its writer never wrote.
struct CorruptState: Error {
    var what: String
}
