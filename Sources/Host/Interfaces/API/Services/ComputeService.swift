import ChainInterface
import ChainMessages
import Compute
import DecidedBlocks
import LedgerRecords

/// Of secret.compute.v1beta1.Query what needs more than the state: the code itself, and encrypted queries, which the
/// enclave answers.
struct ComputeService: Sendable {
    private typealias Query = ComputeV1beta1.Query

    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.query(Query.code, chain) { request, state in
            let code = try ComputeModule.code(request.codeID, state)
            guard let wasm = try chain.code(hash: code.codeHash) else {
                throw StatusError.notFound("code \(request.codeID) not found")
            }
            return .init(codeInfo: ComputeModule.answer(request.codeID, code), wasm: wasm)
        }
        registerSecretQuery(in: &registry)
    }

    private func registerSecretQuery(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.register(Query.querySecretContract.path) { bytes, context in
            let request = try ComputeV1beta1.QuerySecretContractRequest(decoding: bytes, .request)
            let (height, reply) = try await chain.queryContract(
                request.contractAddress, input: request.query, height: context.height, client: context.client)
            switch reply {
            case .data(let data, let stamp):
                let response = ComputeV1beta1.QuerySecretContractResponse(data: data)
                return ServiceReply(response.encoded, height: height, stamp: stamp)
            case .failure(let text, let stamp):
                // secret-sdk reads the body by exchanging quotes, so the text must not have any.
                let safe = String(decoding: AnswerStamp.bytes(ofError: text), as: UTF8.self)
                var error = StatusError.unknownRequest("\(safe): query contract failed")
                error.stamp = stamp
                throw error
            }
        }
    }
}
