import ChainFormats
import ChainInterface
import ChainMessages

/// cloister.registration.v1.Query, as far as it needs blocks: what a node that joins asks another one for. The enclave
/// of the one that asks believes none of it without proof.
struct JoiningService: Sendable {
    /// A quarter of a megabyte or so.
    static let headersPerAnswer: Int64 = 512

    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.call(CloisterRegistrationV1.Query.genesis, chain) { _ in .init(genesis: chain.genesis.jsonBytes) }
        registry.call(CloisterRegistrationV1.Query.headers, chain) { request in
            var headers: [[UInt8]] = []
            var height = request.highest
            while height > 0, Int64(headers.count) < Self.headersPerAnswer, let header = try chain.header(at: height) {
                headers.append(header)
                height -= 1
            }
            return .init(headers: headers)
        }
    }
}
