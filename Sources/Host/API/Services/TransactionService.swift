import ChainModel
import PublicCryptography

/// cosmos.tx.v1beta1.Service: broadcasting, simulating and finding transactions.
///
/// A raw transaction and a decoded one (`TxRaw` and `Tx`) have the same bytes, since the raw one holds its parts as
/// bytes where the other has messages. So a transaction is shown from the bytes that were signed.
struct TransactionService: Sendable {
    private static let service = "/cosmos.tx.v1beta1.Service/"
    private static let limitMax: UInt64 = 100
    private static let broadcastModes = (sync: UInt64(2), async: UInt64(3))

    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        registerBroadcast(in: &registry)
        registerSimulate(in: &registry)
        registerLookup(in: &registry)
        registerSearch(in: &registry)
        registerCoding(in: &registry)
    }

    private func registerBroadcast(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.registerCall(TransactionService.service + "BroadcastTx", chain) { request in
            let bytes = try request.bytes(1)
            guard !bytes.isEmpty else { throw StatusError(.invalidArgument, "invalid empty tx") }
            let mode = try request.uint64(2)
            let modes = TransactionService.broadcastModes
            guard mode == modes.sync || mode == modes.async else {
                throw StatusError(.unknown, "unsupported return type unspecified; supported types: sync, async")
            }
            let outcome = try await chain.broadcast(bytes, waitsForCheck: mode == modes.sync)
            return ProtobufWriter.encode { $0.message(1, TransactionResponse.encode(outcome, of: bytes)) }
        }
    }

    // MARK: - Simulation

    private func registerSimulate(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.registerCall(TransactionService.service + "Simulate", chain) { request in
            let bytes = try request.last(1).map(Array.init) ?? request.bytes(2)
            guard !bytes.isEmpty else { throw StatusError(.invalidArgument, "empty txBytes is not allowed") }
            try TransactionService.refuseContractMessages(bytes)
            let outcome = try await chain.simulate(bytes)
            if let failure = outcome.failure {
                throw StatusError(.unknown, "\(failure) with gas used: '\(outcome.gasUsed)'")
            }
            return try TransactionService.encode(outcome)
        }
    }

    /// The enclave runs contracts only for a sender whose signature it verified, and a simulated transaction need not
    /// have one; otherwise anybody could try a contract with anybody's name. Storing code runs nothing.
    private static func refuseContractMessages(_ bytes: [UInt8]) throws {
        let types: [String]
        do {
            var transaction = ProtobufMessageReader(bytes)
            var body = ProtobufMessageReader(try transaction.last(1) ?? [])
            types = try body.all(1).map { message in
                var any = ProtobufMessageReader(message)
                return try any.string(1)
            }
        } catch {
            throw StatusError(.invalidArgument, "tx parse error: \(error)")
        }
        let refused = types.first { MessageType.named($0)?.isCompute == true && !$0.hasSuffix(".MsgStoreCode") }
        if let refused {
            throw StatusError.unknownRequest(
                "\(refused) cannot be simulated: only a signed transaction runs a contract")
        }
    }

    private static func encode(_ outcome: SimulationOutcome) throws -> [UInt8] {
        let responses = try TransactionData(decoding: outcome.data).responses
        return ProtobufWriter.encode { writer in
            writer.message(1) { gas in
                gas.uint64(1, outcome.gasWanted)
                gas.uint64(2, outcome.gasUsed)
            }
            writer.message(2) { result in
                result.bytes(1, outcome.data)
                result.string(2, outcome.log)
                for event in outcome.events { result.message(3, TransactionResponse.encode(event)) }
                for response in responses { result.message(4, response.encoded) }
            }
        }
    }

    // MARK: - Finding

    private func registerLookup(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.registerCall(TransactionService.service + "GetTx", chain) { request in
            let text = try request.string(1)
            guard let bytes = Hexadecimal.decode(text), let hash = Hash32(bytes) else {
                throw StatusError(.invalidArgument, "a transaction hash has 64 hexadecimal digits")
            }
            guard let transaction = try chain.transaction(hash: hash) else {
                throw StatusError(.notFound, "tx not found: \(text)")
            }
            return ProtobufWriter.encode { writer in
                writer.message(1, transaction.bytes)
                writer.message(2, TransactionResponse.encode(transaction))
            }
        }
        registry.registerCall(TransactionService.service + "GetBlockWithTxs", chain) { request in
            let block = try BlockView(chain, height: try request.int64(1))
            let (transactions, page) = try PageRequest(try request.last(2)).page(of: block.transactions)
            return ProtobufWriter.encode { writer in
                for transaction in transactions { writer.message(1, transaction) }
                writer.message(2, block.id)
                writer.message(3, block.protobuf)
                writer.message(4, page)
            }
        }
    }

    private func registerSearch(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.registerCall(TransactionService.service + "GetTxsEvent", chain) { request in
            // secret-sdk sends events alone, secret.js both, others the query.
            var text = try request.string(6)
            if text.isEmpty {
                text = try request.all(1).map { String(decoding: $0, as: UTF8.self) }.joined(separator: " AND ")
            }
            guard !text.isEmpty else { throw StatusError(.invalidArgument, "query cannot be empty") }
            let query = try TransactionQuery(text)
            let page = max(1, try request.uint64(4))
            let asked = try request.uint64(5)
            let limit = asked == 0 ? TransactionService.limitMax : min(asked, TransactionService.limitMax)
            let (start, isTooFar) = (page - 1).multipliedReportingOverflow(by: limit)
            guard !isTooFar, let offset = Int(exactly: start) else {
                throw StatusError(.invalidArgument, "page is out of range")
            }
            let found = try chain.searchTransactions(
                query, offset: offset, limit: Int(limit), isDescending: try request.uint64(3) == 2)
            let pages = max(1, (UInt64(found.total) + limit - 1) / limit)
            guard page <= pages else {
                throw StatusError(.invalidArgument, "page should be within [1, \(pages)] range, given \(page)")
            }
            return ProtobufWriter.encode { writer in
                for transaction in found.page { writer.message(1, transaction.bytes) }
                for transaction in found.page { writer.message(2, TransactionResponse.encode(transaction)) }
                writer.uint64(4, UInt64(found.total))
            }
        }
    }

    // MARK: - Coding

    private func registerCoding(in registry: inout ServiceRegistry) {
        registry.registerCall(TransactionService.service + "TxDecode", chain) { request in
            let bytes = try request.bytes(1)
            guard !bytes.isEmpty else { throw StatusError(.invalidArgument, "invalid empty tx bytes") }
            do {
                _ = try ResponseEncoder.json(bytes, message: "cosmos.tx.v1beta1.Tx", pool: .chain)
            } catch {
                throw StatusError(.invalidArgument, "tx parse error: \(error)")
            }
            return ProtobufWriter.encode { $0.message(1, bytes) }
        }
        registry.registerCall(TransactionService.service + "TxEncode", chain) { request in
            guard let transaction = try request.last(1) else { throw StatusError(.invalidArgument, "invalid empty tx") }
            return ProtobufWriter.encode { $0.bytes(1, transaction) }
        }
    }
}
