// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cloister.blocks.v1`.
package enum CloisterBlocksV1 {
    package enum Query {
        package static let blockResults = ChainMethod<QueryBlockResultsRequest, QueryBlockResultsResponse>(
            "/cloister.blocks.v1.Query/BlockResults"
        )
    }

    package struct QueryBlockResultsRequest: ChainMessage {
        package static let name = "cloister.blocks.v1.QueryBlockResultsRequest"
        package var height: Int64 = 0

        package init(height: Int64 = 0) {
            self.height = height
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: height = try field.int64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, height)
        }
    }

    package struct QueryBlockResultsResponse: ChainMessage {
        package static let name = "cloister.blocks.v1.QueryBlockResultsResponse"
        package var height: Int64 = 0
        package var txsResults: [TendermintABCI.ExecTxResult] = []
        package var finalizeBlockEvents: [TendermintABCI.Event] = []
        package var validatorUpdates: [TendermintABCI.ValidatorUpdate] = []
        package var appHash: [UInt8] = []

        package init(
            height: Int64 = 0, txsResults: [TendermintABCI.ExecTxResult] = [],
            finalizeBlockEvents: [TendermintABCI.Event] = [], validatorUpdates: [TendermintABCI.ValidatorUpdate] = [],
            appHash: [UInt8] = []
        ) {
            (self.height, self.txsResults, self.finalizeBlockEvents) = (height, txsResults, finalizeBlockEvents)
            (self.validatorUpdates, self.appHash) = (validatorUpdates, appHash)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 5])
            while let field = try fields.next() {
                switch field.number {
                case 1: height = try field.int64()
                case 2: txsResults.append(try field.message())
                case 3: finalizeBlockEvents.append(try field.message())
                case 4: validatorUpdates.append(try field.message())
                case 5: appHash = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, height)
            writer.embed(2, txsResults)
            writer.embed(3, finalizeBlockEvents)
            writer.embed(4, validatorUpdates)
            writer.bytes(5, appHash)
        }
    }
}
