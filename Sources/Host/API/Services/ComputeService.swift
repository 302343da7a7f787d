import ChainModel
import PublicCryptography

/// secret.compute.v1beta1.Query: codes, contracts and encrypted queries.
struct ComputeService: Sendable {
    private static let service = "/secret.compute.v1beta1.Query/"
    private static let batchSize = 256

    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        registerCodes(in: &registry)
        registerContracts(in: &registry)
        registerLabels(in: &registry)
        registerSecretQuery(in: &registry)
        registry.registerQuery(ComputeService.service + "Params", chain) { _, _ in
            ProtobufWriter.encode { writer in
                writer.message(1) { params in
                    params.string(1, "800000000000000000")
                    params.uint64(2, 2 << 20)
                }
            }
        }
    }

    private func registerSecretQuery(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.register(ComputeService.service + "QuerySecretContract") { bytes, context in
            var request = ProtobufMessageReader(bytes)
            let address = try request.address(1)
            let input = try request.bytes(2)
            let answer = try await chain.queryContract(
                address, input: input, height: context.height, client: context.client)
            switch answer {
            case .data(let data):
                return ServiceReply(
                    ProtobufWriter.encode { $0.bytes(1, data) }, height: context.height ?? chain.announcedHeight)
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
        let service = ComputeService.service
        registry.registerQuery(service + "Code", chain) { request, state in
            let id = try request.uint64(1)
            let code = try ComputeService.code(id, state)
            guard let wasm = try chain.code(hash: code.codeHash) else {
                throw StatusError.notFound("code \(id) not found")
            }
            return ProtobufWriter.encode { writer in
                writer.message(1, ComputeService.encode(id, code))
                writer.bytes(2, wasm)
            }
        }
        registry.registerQuery(service + "Codes", chain) { _, state in
            let codes = try ComputeService.all(state, prefix: ComputeStore.codePrefix).map { entry in
                guard let id = StateKey.number(decoding: entry.key.dropFirst()) else {
                    throw CorruptState(what: "code id")
                }
                return ComputeService.encode(id, try CodeInfo(decoding: entry.value))
            }
            return ProtobufWriter.encode { writer in
                for code in codes { writer.message(1, code) }
            }
        }
        registry.registerQuery(service + "CodeHashByCodeId", chain) { request, state in
            let code = try ComputeService.code(try request.uint64(1), state)
            return ProtobufWriter.encode { $0.string(1, code.codeHash.description) }
        }
        registry.registerQuery(service + "CodeHashByContractAddress", chain) { request, state in
            let contract = try ComputeService.contract(try request.address(1), state)
            let code = try ComputeService.code(contract.codeID, state)
            return ProtobufWriter.encode { $0.string(1, code.codeHash.description) }
        }
    }

    private static func encode(_ id: UInt64, _ code: CodeInfo) -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.uint64(1, id)
            writer.string(2, code.creator.description)
            writer.string(3, code.codeHash.description)
            writer.string(4, code.source)
            writer.string(5, code.builder)
        }
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
        let service = ComputeService.service
        registry.registerQuery(service + "ContractInfo", chain) { request, state in
            let address = try request.address(1)
            return try ComputeService.contract(address, state).answer(at: address, isListed: false)
        }
        registry.registerQuery(service + "ContractsByCodeId", chain) { request, state in
            let codeID = try request.uint64(1)
            let count = try state.get(store: StoreName.compute, key: ComputeStore.contractCountKey(codeID: codeID))
            var answers: [[UInt8]] = []
            for number in 0..<(count.flatMap { StateKey.number(decoding: $0) } ?? 0) {
                let key = ComputeStore.contractOfCodeKey(codeID: codeID, number: number + 1)
                guard let address = try state.get(store: StoreName.compute, key: key).flatMap({ AccountAddress($0) })
                else { throw CorruptState(what: "contract of a code") }
                let contract = try ComputeService.contract(address, state)
                if contract.codeID == codeID { answers.append(contract.answer(at: address, isListed: true)) }
            }
            return ProtobufWriter.encode { writer in
                for answer in answers { writer.message(1, answer) }
            }
        }
        registry.registerQuery(service + "ContractHistory", chain) { request, state in
            let address = try request.address(1)
            let entries = try ComputeService.all(state, prefix: ComputeStore.historyPrefix(address))
            guard !entries.isEmpty else { throw StatusError.notFound("contract \(address) not found") }
            return ProtobufWriter.encode { writer in
                for entry in entries { writer.message(1, entry.value) }
            }
        }
    }

    private static func contract(_ address: AccountAddress, _ state: any StateReading) throws -> ContractInfo {
        guard let value = try state.get(store: StoreName.compute, key: ComputeStore.contractKey(address)) else {
            throw StatusError.notFound("contract \(address) not found")
        }
        return try ContractInfo(decoding: value)
    }

    // MARK: - Labels

    private func registerLabels(in registry: inout ServiceRegistry) {
        let service = ComputeService.service
        registry.registerQuery(service + "LabelByAddress", chain) { request, state in
            let contract = try ComputeService.contract(try request.address(1), state)
            return ProtobufWriter.encode { $0.string(1, contract.label) }
        }
        registry.registerQuery(service + "AddressByLabel", chain) { request, state in
            let label = try request.string(1)
            guard let bytes = try state.get(store: StoreName.compute, key: ComputeStore.labelKey(label)) else {
                throw StatusError.notFound("label not found")
            }
            guard let address = AccountAddress(bytes) else { throw CorruptState(what: "label") }
            return ProtobufWriter.encode { $0.string(1, address.description) }
        }
    }

    /// These lists have no pages in the protocol.
    private static func all(_ state: any StateReading, prefix: [UInt8]) throws -> [PageRequest.Entry] {
        var entries: [PageRequest.Entry] = []
        while true {
            let batch = try state.iterate(
                store: StoreName.compute, prefix: prefix, startAfter: entries.last?.key, limit: batchSize,
                reverse: false)
            entries += batch
            guard batch.count == batchSize else { return entries }
        }
    }
}
