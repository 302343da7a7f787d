// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cloister.receipts.v1`.
package enum CloisterReceiptsV1 {
    package enum Query {
        package static let transactionReceipt = ChainMethod<
            QueryTransactionReceiptRequest, QueryTransactionReceiptResponse
        >(
            "/cloister.receipts.v1.Query/TransactionReceipt"
        )
    }

    package struct QueryTransactionReceiptRequest: ChainMessage {
        package static let name = "cloister.receipts.v1.QueryTransactionReceiptRequest"
        package var hash: String = ""

        package init(hash: String = "") {
            self.hash = hash
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: hash = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, hash)
        }
    }

    package struct QueryTransactionReceiptResponse: ChainMessage {
        package static let name = "cloister.receipts.v1.QueryTransactionReceiptResponse"
        package var header: [UInt8] = []
        package var transactionProof: [UInt8] = []
        package var result: [UInt8] = []
        package var resultProof: [UInt8] = []
        package var nextHeader: CloisterEvidenceV1.DecidedHeader?
        package var data: [UInt8] = []
        package var said: [UInt8] = []
        package var salt: [UInt8] = []

        package init(
            header: [UInt8] = [], transactionProof: [UInt8] = [], result: [UInt8] = [], resultProof: [UInt8] = [],
            nextHeader: CloisterEvidenceV1.DecidedHeader? = nil, data: [UInt8] = [], said: [UInt8] = [],
            salt: [UInt8] = []
        ) {
            (self.header, self.transactionProof, self.result) = (header, transactionProof, result)
            (self.resultProof, self.nextHeader, self.data, self.said) = (resultProof, nextHeader, data, said)
            self.salt = salt
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7, 8])
            while let field = try fields.next() {
                switch field.number {
                case 1: header = try field.bytes()
                case 2: transactionProof = try field.bytes()
                case 3: result = try field.bytes()
                case 4: resultProof = try field.bytes()
                case 5: nextHeader = try field.message()
                case 6: data = try field.bytes()
                case 7: said = try field.bytes()
                case 8: salt = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, header)
            writer.bytes(2, transactionProof)
            writer.bytes(3, result)
            writer.bytes(4, resultProof)
            if let nextHeader { writer.embed(5, nextHeader) }
            writer.bytes(6, data)
            writer.bytes(7, said)
            writer.bytes(8, salt)
        }
    }
}
