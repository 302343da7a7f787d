import ChainInterface
import ChainMessages
import EnclaveProtocol
import ModuleKit
import PublicCryptography
import SignedTransactions
import Wire

extension BaseABCIV1beta1.TxResponse {
    init(_ transaction: CommittedTransaction) {
        let (place, result) = (transaction.place, transaction.place.result)
        self.init(
            height: place.height, txhash: place.hash.name, codespace: result.codespace, code: result.code,
            data: Hexadecimal.encode(result.data, uppercase: true), rawLog: result.log,
            gasWanted: Int64(clamping: result.gasWanted), gasUsed: Int64(clamping: result.gasUsed),
            tx: AnyMessage(typeURL: "/cosmos.tx.v1beta1.Tx", value: transaction.bytes),
            // Without a fraction of a second, as the SDK formats it.
            timestamp: Timestamp(seconds: place.time.seconds, nanoseconds: 0)?.description ?? "",
            events: result.events.map(TendermintABCI.Event.init))
    }

    /// The answer to a broadcast: nothing is known but the check.
    init(_ check: CheckOutcome) {
        self.init(txhash: check.hash.name, codespace: check.codespace, code: check.code, rawLog: check.log)
    }
}

extension TendermintABCI.Event {
    init(_ event: Event) {
        self.init(
            type: event.type,
            attributes: event.attributes.map { .init(key: $0.key, value: $0.value, index: true) })
    }
}

extension Hash32 {
    /// As transactions are named.
    fileprivate var name: String { Hexadecimal.encode(bytes, uppercase: true) }
}
