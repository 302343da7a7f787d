import BlockParameters
import ChainFormats
import ChainInterface
import ChainMessages
import ModuleKit

/// cosmos.consensus.v1.Query and cosmos.params.v1beta1.Query: what consensus is held to, in the form of now and in that
/// of old, in which there is nothing else any more.
struct ConsensusService: Sendable {
    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        let genesis = chain.genesis.parameters
        let appVersion = chain.genesis.appVersion
        registry.query(ConsensusV1.Query.params, chain) { _, state in
            var values = try ConsensusService.values(genesis, in: state)
            values.version = .init(app: appVersion)
            values.abci = values.abci ?? .init()
            return .init(params: values)
        }
        registry.query(ParamsV1beta1.Query.params, chain) { request, state in
            guard request.subspace == ConsensusService.subspace else {
                throw QueryRefusal.registered("params", 2, "unknown subspace: \(request.subspace)")
            }
            let all = ConsensusService.texts(of: try ConsensusService.values(genesis, in: state))
            guard let value = all.first(where: { $0.key == request.key })?.text else {
                throw QueryRefusal.invalidRequest("\(request.key): unknown key of \(request.subspace)")
            }
            return .init(param: .init(subspace: request.subspace, key: request.key, value: value))
        }
        registry.query(ParamsV1beta1.Query.subspaces, chain) { _, state in
            let keys = ConsensusService.texts(of: try ConsensusService.values(genesis, in: state)).map(\.key)
            return .init(subspaces: [.init(subspace: ConsensusService.subspace, keys: keys)])
        }
    }

    private static let subspace = "baseapp"

    /// What governance has said, or else genesis. `consensus_hash` covers what is said of blocks alone.
    private static func values(
        _ genesis: ConsensusParameters, in state: any LedgerReading
    ) throws -> ConsensusModule.Values {
        try ConsensusModule.current(in: state)
            ?? .init(
                block: .init(maxBytes: genesis.blockBytesMax, maxGas: genesis.blockGasMax),
                evidence: .init(
                    maxAgeNumBlocks: genesis.evidence.ageBlocksMax,
                    maxAgeDuration: .nanoseconds(genesis.evidence.ageNanosecondsMax),
                    maxBytes: genesis.evidence.bytesMax), validator: .init(pubKeyTypes: ["ed25519"]))
    }

    /// As the original kept them: JSON in which durations are nanoseconds.
    private static func texts(of values: ConsensusModule.Values) -> [(key: String, text: String)] {
        var texts: [(key: String, text: String)] = []
        if let block = values.block {
            texts.append(
                ("BlockParams", #"{"max_bytes":"\#(block.maxBytes)","max_gas":"\#(block.maxGas)"}"#))
        }
        if let evidence = values.evidence {
            let (seconds, attoseconds) = evidence.maxAgeDuration.components
            let age = seconds * 1_000_000_000 + attoseconds / 1_000_000_000
            texts.append(
                (
                    "EvidenceParams",
                    #"{"max_age_num_blocks":"\#(evidence.maxAgeNumBlocks)","max_age_duration":"\#(age)","#
                        + #""max_bytes":"\#(evidence.maxBytes)"}"#
                ))
        }
        if let validator = values.validator {
            let types = validator.pubKeyTypes.map { "\"\($0)\"" }.joined(separator: ",")
            texts.append(("ValidatorParams", #"{"pub_key_types":[\#(types)]}"#))
        }
        return texts
    }
}
