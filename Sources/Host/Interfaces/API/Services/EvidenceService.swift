import ChainInterface
import ChainMessages
import PublicCryptography
import StateProofs

/// cloister.evidence.v1.Query: what proves the network's keys to a client. The client verifies it; nothing here does.
struct EvidenceService: Sendable {
    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.call(CloisterEvidenceV1.Query.evidence, chain) { _ in
            let evidence = try chain.evidence()
            let (record, header) = (evidence.record, evidence.header)
            return .init(
                identity: evidence.identity, ioExchangeKey: evidence.ioExchangeKey,
                seedExchangeKey: evidence.seedExchangeKey, quote: evidence.quote,
                reportDataLayout: evidence.reportDataLayout, measurement: evidence.measurement,
                registerRecord: .init(
                    height: record.height, ioExchangeRecord: record.ioExchangeRecord,
                    seedExchangeRecord: record.seedExchangeRecord, proof: record.proof,
                    storeRoots: record.stores.map { .init(name: $0.name, root: $0.root.bytes) },
                    policyRecord: record.policyRecord, releaseHeadRecord: record.releaseHeadRecord),
                header: .init(
                    height: header.height, appHash: header.appHash, header: header.header, commit: header.commit,
                    validators: header.validators),
                founderQuote: evidence.founderQuote, founderIoExchangeKey: evidence.founderIOKey)
        }
    }
}
