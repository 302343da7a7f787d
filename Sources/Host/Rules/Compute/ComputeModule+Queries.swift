import ChainMessages
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StateProofs
import Wire

/// secret.compute.v1beta1.Query: codes and contracts. What needs the code itself or the enclave, the node answers.
extension ComputeModule {
    private typealias Query = ComputeV1beta1.Query

    package var queries: [ModuleQuery] {
        ComputeModule.codeQueries + ComputeModule.contractQueries + ComputeModule.labelQueries + [
            ModuleQuery(Query.params) { _, _ in .init(params: ComputeParameters.values) }
        ]
    }

    // MARK: - Lists

    /// Lists have no pages in the protocol, and others choose how long they are: a longer one is not answered. The
    /// number is the enclave's for the contracts of a code.
    private static let listMax = 4096
    private static let listBytesMax = 8 << 20

    private static func all(_ state: any LedgerReading, prefix: [UInt8], _ what: String) throws -> [LedgerEntry] {
        var entries: [LedgerEntry] = []
        var byteCount = 0
        try state.visit(StoreName.compute, prefix: prefix) { entry in
            byteCount += entry.value.count
            guard entries.count < listMax, byteCount <= listBytesMax else { throw tooLong(what) }
            entries.append(entry)
        }
        return entries
    }

    private static func tooLong(_ what: String) -> QueryRefusal {
        .tooMuch(
            "there are more \(what) than one answer has: at most \(listMax) in \(listBytesMax) bytes; ask for each alone"
        )
    }

    // MARK: - Codes

    private static var codeQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.codes) { _, state in
                let entries = try ComputeModule.all(state, prefix: ComputeStore.codePrefix, "codes")
                return .init(
                    codeInfos: try entries.map { entry in
                        guard let id = StateKey.number(decoding: entry.key.dropFirst()) else {
                            throw CorruptState(store: StoreName.compute, key: entry.key)
                        }
                        return ComputeModule.answer(id, try CodeInfo(decoding: entry.value))
                    })
            },
            ModuleQuery(Query.codeHashByCodeId) { request, state in
                .init(codeHash: try ComputeModule.code(request.codeID, state).codeHash.description)
            },
            ModuleQuery(Query.codeHashByContractAddress) { request, state in
                let contract = try ComputeModule.contract(request.contractAddress, state)
                return .init(codeHash: try ComputeModule.code(contract.codeID, state).codeHash.description)
            },
        ]
    }

    package static func answer(_ id: UInt64, _ code: CodeInfo) -> ComputeV1beta1.CodeInfoResponse {
        .init(
            codeID: id, creator: code.creator, codeHash: code.codeHash.description, source: code.source,
            builder: code.builder)
    }

    package static func code(_ id: UInt64, _ state: any LedgerReading) throws -> CodeInfo {
        guard id > 0 else { throw QueryRefusal.invalidRequest("code id: invalid") }
        guard let value = try state.value(of: ComputeStore.codeKey(id), in: StoreName.compute) else {
            throw QueryRefusal.notFound("code \(id) not found")
        }
        return try CodeInfo(decoding: value)
    }

    // MARK: - Contracts

    private static var contractQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.contractInfo) { request, state in
                let contract = try ComputeModule.contract(request.contractAddress, state)
                let info = ComputeModule.answer(contract, isListed: false)
                return .init(contractAddress: request.contractAddress, contractInfo: info)
            },
            ModuleQuery(Query.contractsByCodeId) { request, state in
                .init(contractInfos: try ComputeModule.contracts(ofCode: request.codeID, state))
            },
            ModuleQuery(Query.contractHistory) { request, state in
                let address = request.contractAddress
                let entries = try ComputeModule.all(state, prefix: ComputeStore.historyPrefix(address), "entries")
                guard !entries.isEmpty else { throw QueryRefusal.notFound("contract \(address) not found") }
                return .init(entries: try entries.map { try .init(stored: $0, in: StoreName.compute) })
            },
        ]
    }

    private static func contracts(
        ofCode codeID: UInt64, _ state: any LedgerReading
    ) throws -> [ComputeV1beta1.ContractInfoWithAddress] {
        let value = try state.value(of: ComputeStore.contractCountKey(codeID: codeID), in: StoreName.compute)
        let count = value.flatMap { StateKey.number(decoding: $0) } ?? 0
        guard count <= ComputeModule.listMax else { throw ComputeModule.tooLong("contracts of code \(codeID)") }
        var answers: [ComputeV1beta1.ContractInfoWithAddress] = []
        for number in 0..<count {
            let key = ComputeStore.contractOfCodeKey(codeID: codeID, number: number + 1)
            guard let address = try state.value(of: key, in: StoreName.compute).flatMap({ AccountAddress($0) })
            else { throw CorruptState(store: StoreName.compute, key: key) }
            let contract = try contract(address, state)
            guard contract.codeID == codeID else { continue }
            answers.append(.init(contractAddress: address, contractInfo: answer(contract, isListed: true)))
        }
        return answers
    }

    private static func contract(_ address: AccountAddress, _ state: any LedgerReading) throws -> ContractInfo {
        guard let value = try state.value(of: ComputeStore.contractKey(address), in: StoreName.compute) else {
            throw QueryRefusal.notFound("contract \(address) not found")
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

    private static var labelQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.labelByAddress) { request, state in
                .init(label: try ComputeModule.contract(request.contractAddress, state).label)
            },
            ModuleQuery(Query.addressByLabel) { request, state in
                let key = ComputeStore.labelKey(request.label)
                guard let bytes = try state.value(of: key, in: StoreName.compute) else {
                    throw QueryRefusal.notFound("label not found")
                }
                guard let address = AccountAddress(bytes) else {
                    throw CorruptState(store: StoreName.compute, key: key)
                }
                return .init(contractAddress: address)
            },
        ]
    }
}
