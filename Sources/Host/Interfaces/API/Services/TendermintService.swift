import ChainInterface
import ChainMessages
import DecidedBlocks
import ModuleKit
import PublicCryptography

/// cosmos.base.tendermint.v1beta1.Service: blocks, validators and the node itself.
struct TendermintService: Sendable {
    private typealias Service = BaseTendermintV1beta1.Service

    let chain: any ChainAccess
    let router: QueryRouter

    func register(in registry: inout ServiceRegistry) {
        registerNode(in: &registry)
        registerBlocks(in: &registry)
        registerValidators(in: &registry)
        let router = router
        registry.call(Service.abciQuery, chain) { request in
            let answer = await router.query(
                path: request.path, data: request.data, height: request.height, proves: request.prove)
            let operations = answer.proof.map {
                BaseTendermintV1beta1.ProofOp(type: $0.type, key: $0.key, data: $0.data)
            }
            return .init(
                code: answer.code, log: answer.log, key: answer.key, value: answer.value,
                proofOps: operations.isEmpty ? nil : .init(ops: operations), height: answer.height,
                codespace: answer.codespace)
        }
    }

    private func registerNode(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.call(Service.getSyncing, chain) { _ in .init(syncing: chain.isSyncing) }
        registry.call(Service.getNodeInfo, chain) { _ in
            let node = chain.node
            return .init(
                defaultNodeInfo: .init(
                    protocolVersion: .init(p2p: 8, block: Header.blockProtocol), defaultNodeID: node.nodeID,
                    listenAddr: node.listenAddress, network: chain.chainID, version: node.consensusVersion,
                    moniker: node.moniker, other: .init(txIndex: "on", rpcAddress: node.rpcAddress)),
                applicationVersion: .init(
                    name: node.applicationName, appName: node.programName, version: node.applicationVersion,
                    gitCommit: node.gitCommit, cosmosSdkVersion: node.sdkVersion))
        }
    }

    private func registerBlocks(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.call(Service.getLatestBlock, chain) { _, announced in
            let block = try BlockView(chain, latest: announced)
            return .init(blockID: block.id, block: block.protobuf, sdkBlock: try block.sdkBlock())
        }
        registry.call(Service.getBlockByHeight, chain) { request in
            let block = try BlockView(chain, height: request.height)
            return .init(blockID: block.id, block: block.protobuf, sdkBlock: try block.sdkBlock())
        }
    }

    private func registerValidators(in registry: inout ServiceRegistry) {
        registry.call(Service.getLatestValidatorSet, chain) { request in
            let (height, validators, page) = try validators(nil, request.pagination)
            return .init(blockHeight: height, validators: validators, pagination: page)
        }
        registry.call(Service.getValidatorSetByHeight, chain) { request in
            let (height, validators, page) = try validators(request.height, request.pagination)
            return .init(blockHeight: height, validators: validators, pagination: page)
        }
    }

    private func validators(
        _ height: Int64?, _ page: BaseQueryV1beta1.PageRequest?
    ) throws -> (Int64, [BaseTendermintV1beta1.Validator], PageRequest.Response) {
        let page = try PageRequest(page)
        if let height, height <= 0 || height > chain.announcedHeight {
            throw StatusError(.invalidArgument, "requested block height is bigger then the chain length")
        }
        guard let (height, validators) = try chain.validators(at: height) else {
            throw StatusError(.notFound, "the validators of this height are not available")
        }
        let (shown, response) = try page.page(of: validators)
        return (height, try shown.map(TendermintService.answer), response)
    }

    private static func answer(_ validator: Validator) throws -> BaseTendermintV1beta1.Validator {
        guard let address = ConsensusAddress(validator.address.bytes) else {
            throw CorruptRecord(what: "address of a validator")
        }
        return .init(
            address: address, pubKey: CryptoEd25519.PubKey(key: validator.publicKey).any,
            votingPower: validator.power, proposerPriority: validator.proposerPriority)
    }
}
