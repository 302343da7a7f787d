import ChainFormats
import ChainInterface
import ChainMessages
import DecidedBlocks
import PublicCryptography
import Wire

/// cloister.receipts.v1.Query: what shows what a transaction came to. The client verifies it; nothing here does.
struct ReceiptService: Sendable {
    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.call(CloisterReceiptsV1.Query.transactionReceipt, chain) { request, announced in
            guard let bytes = Hexadecimal.decode(request.hash), let hash = Hash32(bytes) else {
                throw StatusError(.invalidArgument, "a transaction hash has 64 hexadecimal digits")
            }
            guard let receipt = try chain.receipt(of: hash, upTo: announced) else {
                throw StatusError(.notFound, "tx not found: \(request.hash)")
            }
            let (next, output) = (receipt.next, receipt.output)
            return .init(
                header: receipt.header, transactionProof: receipt.inBlock.receiptForm,
                result: receipt.result.protobuf, resultProof: receipt.inResults.receiptForm,
                nextHeader: .init(
                    height: next.height, appHash: next.appHash, header: next.header, commit: next.commit,
                    validators: next.validators),
                data: output?.data ?? [], said: output?.said ?? [], salt: output?.salt ?? [])
        }
    }
}
