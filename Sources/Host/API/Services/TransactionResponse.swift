import ChainModel
import PublicCryptography

/// `cosmos.base.abci.v1beta1.TxResponse` and its parts.
enum TransactionResponse {
    static func encode(_ transaction: CommittedTransaction) -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.int64(1, transaction.height)
            writer.string(2, hash(transaction.bytes))
            writer.string(3, transaction.codespace)
            writer.uint64(4, UInt64(transaction.code))
            writer.string(5, Hexadecimal.encode(transaction.data, uppercase: true))
            writer.string(6, transaction.log)
            writer.int64(9, Int64(clamping: transaction.gasWanted))
            writer.int64(10, Int64(clamping: transaction.gasUsed))
            writer.message(11, AnyMessage(typeURL: "/cosmos.tx.v1beta1.Tx", value: transaction.bytes).encoded)
            writer.string(12, time(transaction.time))
            for event in transaction.events { writer.message(13, encode(event)) }
        }
    }

    /// The answer to a broadcast: nothing is known but the check.
    static func encode(_ check: CheckOutcome, of transaction: [UInt8]) -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.string(2, hash(transaction))
            writer.string(3, check.codespace)
            writer.uint64(4, UInt64(check.code))
            writer.string(6, check.log)
        }
    }

    static func encode(_ event: TransactionEvent) -> [UInt8] {
        ProtobufWriter.encode { writer in
            writer.string(1, event.type)
            for (key, value) in event.attributes {
                writer.message(2) { attribute in
                    attribute.string(1, key)
                    attribute.string(2, value)
                    attribute.bool(3, true)
                }
            }
        }
    }

    static func hash(_ transaction: [UInt8]) -> String {
        Hexadecimal.encode(SHA256.hash(transaction).bytes, uppercase: true)
    }

    /// Without a fraction of a second, as the SDK formats it.
    private static func time(_ time: Timestamp) -> String {
        Timestamp(seconds: time.seconds, nanoseconds: 0)?.description ?? ""
    }
}
