import ChainFormats
import ChainInterface
import ChainMessages
import DecidedBlocks
import ModuleKit
import Wire

/// cloister.blocks.v1.Query: what blocks came to, with the events that are no transaction's.
struct BlockResultsService: Sendable {
    let chain: any ChainAccess

    func register(in registry: inout ServiceRegistry) {
        let chain = chain
        registry.call(CloisterBlocksV1.Query.blockResults, chain) { request, announced in
            guard request.height > 0 else {
                throw StatusError(.invalidArgument, "height must be greater than 0, but got \(request.height)")
            }
            guard request.height <= announced else {
                throw StatusError(.invalidArgument, "requested block height is bigger then the chain length")
            }
            guard let results = try chain.results(at: request.height) else {
                throw StatusError(.notFound, "results of block \(request.height) are not available")
            }
            return .init(
                height: results.height, txsResults: results.transactions.map(TendermintABCI.ExecTxResult.init),
                finalizeBlockEvents: results.events.map(TendermintABCI.Event.init),
                validatorUpdates: results.validatorUpdates.map(TendermintABCI.ValidatorUpdate.init),
                appHash: results.appHash)
        }
    }
}

extension TendermintABCI.ExecTxResult {
    fileprivate init(_ result: TransactionResult) {
        self.init(
            code: result.code, data: result.data, log: result.log, gasWanted: Int64(clamping: result.gasWanted),
            gasUsed: Int64(clamping: result.gasUsed), events: result.events.map(TendermintABCI.Event.init),
            codespace: result.codespace)
    }
}

extension TendermintABCI.ValidatorUpdate {
    fileprivate init(_ update: ValidatorUpdate) {
        // `tendermint.crypto.PublicKey`, of ed25519.
        self.init(pubKey: ProtobufWriter.encode { $0.bytes(1, update.publicKey) }, power: update.power)
    }
}
