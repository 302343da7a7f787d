import ChainMessages
import LedgerRecords
import PublicCryptography
import SignedTransactions
import StateProofs
import Wire

/// secret.compute.v1beta1.Query: codes, contracts and encrypted queries.
struct ComputeService: Sendable {
    private typealias Query = ComputeV1beta1.Query
    private static let batchSize = 256
    /// Lists have no pages in the protocol, and others choose how long they are: a longer one is not answered. The
    /// number is the enclave's for the contracts of a code.
    private static let listMax = 4096
    private static let listBytesMax = 8 << 20

    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        registerCodes(in: &registry)
        registerContracts(in: &registry)
        registerLabels(in: &registry)
        registerSecretQuery(in: &registry)
        registry.query(Query.params, chain) { _, _ in
            let compileCost = Decimal18(scaled: Decimal18.one / 10 * 8)
            return .init(params: .init(compileCost: compileCost, maxContractSize: 2 << 20))
        }
    }

    private func registerSecretQuery(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.register(Query.querySecretContract) { request, context in
            let (height, reply) = try await chain.queryContract(
                request.contractAddress, input: request.query, height: context.height, client: context.client)
            switch reply {
            case .data(let data): return (.init(data: data), height)
            case .failure(let text):
                // secret-sdk reads the body by exchanging quotes, so the text must not have any.
                let safe = text.replacing("\"", with: "`").replacing("'", with: "`")
                throw StatusError.unknownRequest("\(safe): query contract failed")
            }
        }
    }

    // MARK: - Codes

    private func registerCodes(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.query(Query.code, chain) { request, state in
            let code = try ComputeService.code(request.codeID, state)
            guard let wasm = try chain.code(hash: code.codeHash) else {
                throw StatusError.notFound("code \(request.codeID) not found")
            }
            return .init(codeInfo: ComputeService.answer(request.codeID, code), wasm: wasm)
        }
        registry.query(Query.codes, chain) { _, state in
            let codes = try ComputeService.all(state, prefix: ComputeStore.codePrefix, "codes").map { entry in
                guard let id = StateKey.number(decoding: entry.key.dropFirst()) else {
                    throw CorruptRecord(what: "code id")
                }
                return ComputeService.answer(id, try CodeInfo(decoding: entry.value))
            }
            return .init(codeInfos: codes)
        }
        registry.query(Query.codeHashByCodeId, chain) { request, state in
            .init(codeHash: try ComputeService.code(request.codeID, state).codeHash.description)
        }
        registry.query(Query.codeHashByContractAddress, chain) { request, state in
            let contract = try ComputeService.contract(request.contractAddress, state)
            return .init(codeHash: try ComputeService.code(contract.codeID, state).codeHash.description)
        }
    }

    private static func answer(_ id: UInt64, _ code: CodeInfo) -> ComputeV1beta1.CodeInfoResponse {
        .init(
            codeID: id, creator: code.creator, codeHash: code.codeHash.description, source: code.source,
            builder: code.builder)
    }

    private static func code(_ id: UInt64, _ state: any StateReading) throws -> CodeInfo {
        guard id > 0 else { throw StatusError.invalidRequest("code id: invalid") }
        guard let value = try state.get(store: StoreName.compute, key: ComputeStore.codeKey(id)) else {
            throw StatusError.notFound("code \(id) not found")
        }
        return try CodeInfo(decoding: value)
    }

    // MARK: - Contracts

    private func registerContracts(in registry: inout ServiceRegistry) {
        registry.query(Query.contractInfo, chain) { request, state in
            let contract = try ComputeService.contract(request.contractAddress, state)
            let info = ComputeService.answer(contract, isListed: false)
            return .init(contractAddress: request.contractAddress, contractInfo: info)
        }
        registry.query(Query.contractsByCodeId, chain) { request, state in
            let codeID = request.codeID
            let count = try state.get(store: StoreName.compute, key: ComputeStore.contractCountKey(codeID: codeID))
            let number = count.flatMap { StateKey.number(decoding: $0) } ?? 0
            guard number <= ComputeService.listMax else { throw ComputeService.tooLong("contracts of code \(codeID)") }
            var answers: [ComputeV1beta1.ContractInfoWithAddress] = []
            for number in 0..<number {
                let key = ComputeStore.contractOfCodeKey(codeID: codeID, number: number + 1)
                guard let address = try state.get(store: StoreName.compute, key: key).flatMap({ AccountAddress($0) })
                else { throw CorruptRecord(what: "contract of a code") }
                let contract = try ComputeService.contract(address, state)
                guard contract.codeID == codeID else { continue }
                let info = ComputeService.answer(contract, isListed: true)
                answers.append(.init(contractAddress: address, contractInfo: info))
            }
            return .init(contractInfos: answers)
        }
        registry.query(Query.contractHistory, chain) { request, state in
            let address = request.contractAddress
            let entries = try ComputeService.all(state, prefix: ComputeStore.historyPrefix(address), "entries")
            guard !entries.isEmpty else { throw StatusError.notFound("contract \(address) not found") }
            return .init(entries: try entries.map { try .init(stored: $0.value) })
        }
    }

    private static func contract(_ address: AccountAddress, _ state: any StateReading) throws -> ContractInfo {
        guard let value = try state.get(store: StoreName.compute, key: ComputeStore.contractKey(address)) else {
            throw StatusError.notFound("contract \(address) not found")
        }
        return try ContractInfo(decoding: value)
    }

    /// Never with the proof of the admin, and in lists without where the contract came to be.
    private static func answer(_ contract: ContractInfo, isListed: Bool) -> ComputeV1beta1.ContractInfo {
        let created = ComputeV1beta1.AbsoluteTxPosition(
            blockHeight: contract.created.blockHeight, txIndex: contract.created.transactionIndex)
        return .init(
            codeID: contract.codeID, creator: contract.creator, label: contract.label,
            created: isListed ? nil : created, ibcPortID: contract.ibcPortID, admin: contract.admin,
            requireGovernance: contract.requiresGovernance)
    }

    // MARK: - Labels

    private func registerLabels(in registry: inout ServiceRegistry) {
        registry.query(Query.labelByAddress, chain) { request, state in
            .init(label: try ComputeService.contract(request.contractAddress, state).label)
        }
        registry.query(Query.addressByLabel, chain) { request, state in
            guard let bytes = try state.get(store: StoreName.compute, key: ComputeStore.labelKey(request.label)) else {
                throw StatusError.notFound("label not found")
            }
            guard let address = AccountAddress(bytes) else { throw CorruptRecord(what: "label") }
            return .init(contractAddress: address)
        }
    }

    private static func all(_ state: any StateReading, prefix: [UInt8], _ what: String) throws -> [PageRequest.Entry] {
        var entries: [PageRequest.Entry] = []
        var byteCount = 0
        while true {
            let batch = try state.iterate(
                store: StoreName.compute, prefix: prefix, startAfter: entries.last?.key, limit: batchSize,
                reverse: false)
            byteCount += batch.reduce(0) { $0 + $1.value.count }
            guard entries.count + batch.count <= listMax, byteCount <= listBytesMax else { throw tooLong(what) }
            entries += batch
            guard batch.count == batchSize else { return entries }
        }
    }

    private static func tooLong(_ what: String) -> StatusError {
        StatusError(
            .resourceExhausted,
            "there are more \(what) than one answer has: at most \(listMax) in \(listBytesMax) bytes; ask for each alone"
        )
    }
}
