import ChainModel

/// cosmos.base.node.v1beta1.Service: settings and progress of this node.
struct NodeService: Sendable {
    private static let service = "/cosmos.base.node.v1beta1.Service/"

    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.registerCall(NodeService.service + "Config", chain) { _ in
            let node = chain.node
            return ProtobufWriter.encode { writer in
                writer.string(1, node.minimumGasPrice)
                writer.string(2, String(node.pruningKeepRecent))
                writer.string(3, String(node.pruningInterval))
            }
        }
        registry.registerCall(NodeService.service + "Status", chain) { _ in
            let block = try BlockView(chain, height: nil)
            var header = ProtobufMessageReader(block.header)
            let height = try header.int64(3)
            let time = try header.last(4) ?? []
            let appHash = try header.bytes(11)
            let validatorsHash = try header.bytes(8)
            return ProtobufWriter.encode { writer in
                writer.int64(1, chain.node.earliestHeight)
                writer.int64(2, height)
                writer.message(3, time)
                writer.bytes(4, appHash)
                writer.bytes(5, validatorsHash)
            }
        }
    }
}
