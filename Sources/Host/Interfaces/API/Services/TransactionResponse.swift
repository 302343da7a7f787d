import ChainMessages
import PublicCryptography
import SignedTransactions
import Wire

extension BaseABCIV1beta1.TxResponse {
    init(_ transaction: CommittedTransaction) {
        self.init(
            height: transaction.height, txhash: transactionHash(transaction.bytes), codespace: transaction.codespace,
            code: transaction.code, data: Hexadecimal.encode(transaction.data, uppercase: true),
            rawLog: transaction.log, gasWanted: Int64(clamping: transaction.gasWanted),
            gasUsed: Int64(clamping: transaction.gasUsed),
            tx: AnyMessage(typeURL: "/cosmos.tx.v1beta1.Tx", value: transaction.bytes),
            // Without a fraction of a second, as the SDK formats it.
            timestamp: Timestamp(seconds: transaction.time.seconds, nanoseconds: 0)?.description ?? "",
            events: transaction.events.map(TendermintABCI.Event.init))
    }

    /// The answer to a broadcast: nothing is known but the check.
    init(_ check: CheckOutcome, of transaction: [UInt8]) {
        self.init(
            txhash: transactionHash(transaction), codespace: check.codespace, code: check.code, rawLog: check.log)
    }
}

extension TendermintABCI.Event {
    init(_ event: TransactionEvent) {
        self.init(
            type: event.type,
            attributes: event.attributes.map { .init(key: $0.key, value: $0.value, index: true) })
    }
}

private func transactionHash(_ transaction: [UInt8]) -> String {
    Hexadecimal.encode(SHA256.hash(transaction).bytes, uppercase: true)
}
