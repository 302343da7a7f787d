import ChainModel
import PublicCryptography

/// cosmos.base.tendermint.v1beta1.Service: blocks, validators and the node itself.
struct TendermintService: Sendable {
    static let consensusPrefix = "secretvalcons"
    private static let service = "/cosmos.base.tendermint.v1beta1.Service/"

    let chain: any ChainAccess
    let router: QueryRouter

    func register(in registry: inout ServiceRegistry) {
        registerNode(in: &registry)
        registerBlocks(in: &registry)
        registerValidators(in: &registry)
        let router = router
        registry.registerCall(TendermintService.service + "ABCIQuery", chain) { request in
            let answer = await router.query(
                path: try request.string(2), data: try request.bytes(1), height: try request.int64(3))
            return ProtobufWriter.encode { writer in
                writer.uint64(1, UInt64(answer.code))
                writer.string(3, answer.log)
                writer.bytes(6, answer.key)
                writer.bytes(7, answer.value)
                writer.int64(9, answer.height)
                writer.string(10, answer.codespace)
            }
        }
    }

    private func registerNode(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.registerCall(TendermintService.service + "GetSyncing", chain) { _ in
            ProtobufWriter.encode { $0.bool(1, chain.isSyncing) }
        }
        registry.registerCall(TendermintService.service + "GetNodeInfo", chain) { _ in
            let node = chain.node
            return ProtobufWriter.encode { writer in
                writer.message(1) { info in
                    info.message(1) { protocols in
                        protocols.uint64(1, 8)
                        protocols.uint64(2, Header.blockProtocol)
                    }
                    info.string(2, node.nodeID)
                    info.string(3, node.listenAddress)
                    info.string(4, chain.chainID)
                    info.string(5, node.consensusVersion)
                    info.string(7, node.moniker)
                    info.message(8) { other in
                        other.string(1, "on")
                        other.string(2, node.rpcAddress)
                    }
                }
                writer.message(2) { version in
                    version.string(1, node.applicationName)
                    version.string(2, node.programName)
                    version.string(3, node.applicationVersion)
                    version.string(4, node.gitCommit)
                    version.string(8, node.sdkVersion)
                }
            }
        }
    }

    private func registerBlocks(in registry: inout ServiceRegistry) {
        registry.registerCall(TendermintService.service + "GetLatestBlock", chain) { _ in try block(nil) }
        registry.registerCall(TendermintService.service + "GetBlockByHeight", chain) { request in
            try block(try request.int64(1))
        }
    }

    private func block(_ height: Int64?) throws -> [UInt8] {
        let block = try BlockView(chain, height: height)
        let sdkBlock = try block.sdkBlock()
        return ProtobufWriter.encode { writer in
            writer.message(1, block.id)
            writer.message(2, block.protobuf)
            writer.message(3, sdkBlock)
        }
    }

    private func registerValidators(in registry: inout ServiceRegistry) {
        registry.registerCall(TendermintService.service + "GetLatestValidatorSet", chain) { request in
            try validators(nil, PageRequest(try request.last(1)))
        }
        registry.registerCall(TendermintService.service + "GetValidatorSetByHeight", chain) { request in
            try validators(try request.int64(1), PageRequest(try request.last(2)))
        }
    }

    private func validators(_ height: Int64?, _ page: PageRequest) throws -> [UInt8] {
        if let height, height <= 0 || height > chain.announcedHeight {
            throw StatusError(.invalidArgument, "requested block height is bigger then the chain length")
        }
        guard let (height, validators) = try chain.validators(at: height) else {
            throw StatusError(.notFound, "the validators of this height are not available")
        }
        let (shown, response) = try page.page(of: validators)
        return ProtobufWriter.encode { writer in
            writer.int64(1, height)
            for validator in shown { writer.message(2, TendermintService.encode(validator)) }
            writer.message(3, response)
        }
    }

    private static func encode(_ validator: Validator) -> [UInt8] {
        let key = AnyMessage(
            typeURL: "/cosmos.crypto.ed25519.PubKey", value: ProtobufWriter.encode { $0.bytes(1, validator.publicKey) })
        return ProtobufWriter.encode { writer in
            writer.string(1, Bech32.encode(prefix: consensusPrefix, validator.address.bytes))
            writer.message(2, key.encoded)
            writer.int64(3, validator.power)
            writer.int64(4, validator.proposerPriority)
        }
    }
}
