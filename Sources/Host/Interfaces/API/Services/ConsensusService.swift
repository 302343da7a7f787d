import ChainFormats
import ChainInterface
import ChainMessages

/// cosmos.consensus.v1.Query: the parameters of consensus.
struct ConsensusService: Sendable {
    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.call(ConsensusV1.Query.params, chain) { _ in
            let genesis = chain.genesis
            return .init(
                params: .init(
                    block: .init(maxBytes: genesis.parameters.blockBytesMax, maxGas: genesis.parameters.blockGasMax),
                    // consensus_hash does not cover what follows.
                    evidence: .init(
                        maxAgeNumBlocks: genesis.parameters.evidence.ageBlocksMax,
                        maxAgeDuration: .nanoseconds(genesis.parameters.evidence.ageNanosecondsMax),
                        maxBytes: genesis.parameters.evidence.bytesMax),
                    validator: .init(pubKeyTypes: ["ed25519"]), version: .init(app: genesis.appVersion), abci: .init()))
        }
    }
}
