import ChainModel

/// cosmos.consensus.v1.Query: the parameters of consensus.
struct ConsensusService: Sendable {
    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.registerCall("/cosmos.consensus.v1.Query/Params", chain) { _ in
            let parameters = chain.consensusParameters
            return ProtobufWriter.encode { writer in
                writer.message(1) { params in
                    params.message(1) { block in
                        block.int64(1, parameters.blockBytesMax)
                        block.int64(2, parameters.blockGasMax)
                    }
                    // What follows is CometBFT's default; consensus_hash does not cover it.
                    params.message(2) { evidence in
                        evidence.int64(1, 100_000)
                        evidence.message(2) { $0.int64(1, 48 * 3600) }
                        evidence.int64(3, 1 << 20)
                    }
                    params.message(3) { $0.string(1, "ed25519") }
                    params.message(4, [])
                    params.message(5, [])
                }
            }
        }
    }
}
