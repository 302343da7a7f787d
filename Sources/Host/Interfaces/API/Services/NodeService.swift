import ChainInterface
import ChainMessages

/// cosmos.base.node.v1beta1.Service: settings and progress of this node.
struct NodeService: Sendable {
    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.call(BaseNodeV1beta1.Service.config, chain) { _ in
            let node = chain.node
            return .init(
                minimumGasPrice: node.minimumGasPrice, pruningKeepRecent: String(node.pruningKeepRecent),
                pruningInterval: String(node.pruningInterval), haltHeight: node.haltHeight)
        }
        registry.call(BaseNodeV1beta1.Service.status, chain) { _, announced in
            let header = try BlockView(chain, latest: announced).facts()
            return .init(
                earliestStoreHeight: UInt64(bitPattern: chain.node.earliestHeight), height: header.height,
                timestamp: header.time, appHash: header.appHash, validatorHash: header.validatorsHash)
        }
    }
}
