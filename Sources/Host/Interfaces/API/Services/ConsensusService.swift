import ChainFormats
import ChainInterface
import ChainMessages

/// cosmos.consensus.v1.Query: the parameters of consensus.
struct ConsensusService: Sendable {
    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.call(ConsensusV1.Query.params, chain) { _ in
            let parameters = chain.consensusParameters
            return .init(
                params: .init(
                    block: .init(maxBytes: parameters.blockBytesMax, maxGas: parameters.blockGasMax),
                    // What follows is CometBFT's default; consensus_hash does not cover it.
                    evidence: .init(maxAgeNumBlocks: 100_000, maxAgeDuration: .seconds(48 * 3600), maxBytes: 1 << 20),
                    validator: .init(pubKeyTypes: ["ed25519"]), version: .init(), abci: .init()))
        }
    }
}
