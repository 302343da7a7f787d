import ChainInterface
import ChainMessages
import ModuleKit
import PublicCryptography
import SignedTransactions

/// cosmos.tx.v1beta1.Service: broadcasting, simulating and finding transactions.
///
/// A raw transaction and a decoded one (`TxRaw` and `Tx`) have the same bytes, since the raw one holds its parts as
/// bytes where the other has messages. So a transaction is shown from the bytes that were signed.
struct TransactionService: Sendable {
    private typealias Service = TxV1beta1.Service
    private static let limitMax: UInt64 = 100

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
        registry.call(Service.broadcastTx, chain) { request in
            guard !request.txBytes.isEmpty else { throw StatusError(.invalidArgument, "invalid empty tx") }
            guard request.mode == .sync || request.mode == .async else {
                throw StatusError(.unknown, "unsupported return type unspecified; supported types: sync, async")
            }
            let outcome = try await chain.broadcast(request.txBytes, waitsForCheck: request.mode == .sync)
            return .init(txResponse: .init(outcome))
        }
    }

    // MARK: - Simulation

    private func registerSimulate(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.register(Service.simulate) { request, context in
            let height = chain.announcedHeight
            let bytes = request.tx ?? request.txBytes
            guard !bytes.isEmpty else { throw StatusError(.invalidArgument, "empty txBytes is not allowed") }
            try TransactionService.refuseContractMessages(bytes)
            let outcome = try await chain.simulate(bytes, client: context.client)
            if let failure = outcome.failure {
                throw StatusError(.unknown, "\(failure.log) with gas used: '\(outcome.gasUsed)'")
            }
            let response = TxV1beta1.SimulateResponse(
                gasInfo: .init(gasWanted: outcome.gasWanted, gasUsed: outcome.gasUsed),
                result: .init(
                    data: outcome.data, events: outcome.events.map(TendermintABCI.Event.init),
                    msgResponses: try TransactionData(decoding: outcome.data).responses))
            return (response, height)
        }
    }

    /// The enclave runs contracts only for a sender whose signature it verified, and a simulated transaction need not
    /// have one; otherwise anybody could try a contract with anybody's name. Storing code runs nothing.
    private static func refuseContractMessages(_ bytes: [UInt8]) throws {
        let messages: [AnyMessage]
        do {
            messages = try TransactionBody(decoding: TransactionEnvelope(decoding: bytes).bodyBytes).messages
        } catch {
            throw StatusError(.invalidArgument, "tx parse error: \(error)")
        }
        let refused = messages.first {
            $0.type?.isCompute == true && $0.typeURL != ComputeV1beta1.MsgStoreCode.typeURL
        }
        if let refused {
            throw StatusError.unknownRequest(
                "\(refused.typeURL) cannot be simulated: only a signed transaction runs a contract")
        }
    }

    // MARK: - Finding

    private func registerLookup(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.call(Service.getTx, chain) { request, announced in
            guard let bytes = Hexadecimal.decode(request.hash), let hash = Hash32(bytes) else {
                throw StatusError(.invalidArgument, "a transaction hash has 64 hexadecimal digits")
            }
            guard let transaction = try chain.transaction(hash: hash, upTo: announced) else {
                throw StatusError(.notFound, "tx not found: \(request.hash)")
            }
            return .init(tx: transaction.bytes, txResponse: .init(transaction))
        }
        registry.call(Service.getBlockWithTxs, chain) { request in
            let block = try BlockView(chain, height: request.height)
            let (transactions, page) = try PageRequest(request.pagination).page(of: block.transactions)
            return .init(
                txs: transactions.map { Array($0) }, blockID: block.id, block: block.protobuf, pagination: page)
        }
    }

    private func registerSearch(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.call(Service.getTxsEvent, chain) { request, announced in
            // secret-sdk sends events alone, secret.js both, others the query.
            let text = request.query.isEmpty ? request.events.joined(separator: " AND ") : request.query
            guard !text.isEmpty else { throw StatusError(.invalidArgument, "query cannot be empty") }
            let query = try TransactionQuery(text)
            let page = max(1, request.page)
            let limitMax = TransactionService.limitMax
            let limit = request.limit == 0 ? limitMax : min(request.limit, limitMax)
            let (start, isTooFar) = (page - 1).multipliedReportingOverflow(by: limit)
            guard !isTooFar, let offset = Int(exactly: start) else {
                throw StatusError(.invalidArgument, "page is out of range")
            }
            let found = try chain.searchTransactions(
                TransactionSearch(
                    query.conditions, isDescending: request.orderBy == .desc, offset: offset, limit: Int(limit)),
                upTo: announced)
            let pages = max(1, (UInt64(found.total) + limit - 1) / limit)
            guard page <= pages else {
                throw StatusError(.invalidArgument, "page should be within [1, \(pages)] range, given \(page)")
            }
            return .init(
                txs: found.page.map(\.bytes), txResponses: found.page.map(BaseABCIV1beta1.TxResponse.init),
                total: UInt64(found.total))
        }
    }

    // MARK: - Coding

    private func registerCoding(in registry: inout ServiceRegistry) {
        registry.call(Service.txDecode, chain) { request in
            guard !request.txBytes.isEmpty else { throw StatusError(.invalidArgument, "invalid empty tx bytes") }
            do {
                _ = try ResponseEncoder.json(request.txBytes, message: "cosmos.tx.v1beta1.Tx", pool: .chain)
            } catch {
                throw StatusError(.invalidArgument, "tx parse error: \(error)")
            }
            return .init(tx: request.txBytes)
        }
        registry.call(Service.txEncode, chain) { request in
            guard let transaction = request.tx else { throw StatusError(.invalidArgument, "invalid empty tx") }
            return .init(txBytes: transaction)
        }
    }
}
