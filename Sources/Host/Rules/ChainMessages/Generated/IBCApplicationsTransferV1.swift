// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `ibc.applications.transfer.v1`.
package enum IBCApplicationsTransferV1 {
    package enum Query {
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>(
            "/ibc.applications.transfer.v1.Query/Params"
        )
    }

    package struct QueryParamsRequest: FieldlessMessage {
        package static let name = "ibc.applications.transfer.v1.QueryParamsRequest"

        package init() {}
    }

    package struct QueryParamsResponse: ChainMessage {
        package static let name = "ibc.applications.transfer.v1.QueryParamsResponse"
        package var params: Params?

        package init(params: Params? = nil) {
            self.params = params
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: params = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let params { writer.embed(1, params) }
        }
    }

    package struct Params: ChainMessage {
        package static let name = "ibc.applications.transfer.v1.Params"
        package var sendEnabled: Bool = false
        package var receiveEnabled: Bool = false

        package init(sendEnabled: Bool = false, receiveEnabled: Bool = false) {
            (self.sendEnabled, self.receiveEnabled) = (sendEnabled, receiveEnabled)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: sendEnabled = try field.bool()
                case 2: receiveEnabled = try field.bool()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bool(1, sendEnabled)
            writer.bool(2, receiveEnabled)
        }
    }

    package enum Msg {
        package static let transfer = ChainMethod<MsgTransfer, MsgTransferResponse>(
            "/ibc.applications.transfer.v1.Msg/Transfer"
        )
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/ibc.applications.transfer.v1.Msg/UpdateParams"
        )
    }

    package struct MsgTransfer: ChainMessage {
        package static let name = "ibc.applications.transfer.v1.MsgTransfer"
        package var sourcePort: String = ""
        package var sourceChannel: String = ""
        package var token: Coin
        package var sender: AccountAddress
        package var receiver: String = ""
        package var timeoutHeight: IBCCoreClientV1.Height
        package var timeoutTimestamp: UInt64 = 0
        package var memo: String = ""

        package init(
            sourcePort: String = "", sourceChannel: String = "", token: Coin, sender: AccountAddress,
            receiver: String = "", timeoutHeight: IBCCoreClientV1.Height, timeoutTimestamp: UInt64 = 0,
            memo: String = ""
        ) {
            (self.sourcePort, self.sourceChannel, self.token, self.sender) = (sourcePort, sourceChannel, token, sender)
            (self.receiver, self.timeoutHeight, self.timeoutTimestamp) = (receiver, timeoutHeight, timeoutTimestamp)
            self.memo = memo
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7, 8])
            var token: Coin?
            var sender: AccountAddress?
            var timeoutHeight: IBCCoreClientV1.Height?
            while let field = try fields.next() {
                switch field.number {
                case 1: sourcePort = try field.string()
                case 2: sourceChannel = try field.string()
                case 3: token = try field.message()
                case 4: sender = try field.address()
                case 5: receiver = try field.string()
                case 6: timeoutHeight = try field.message()
                case 7: timeoutTimestamp = try field.uint64()
                case 8: memo = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.token = try presentOrAbsent(token, policy)
            self.sender = try required(sender, 4)
            self.timeoutHeight = try presentOrAbsent(timeoutHeight, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, sourcePort)
            writer.string(2, sourceChannel)
            writer.embed(3, token)
            writer.string(4, sender.description)
            writer.string(5, receiver)
            writer.embed(6, timeoutHeight)
            writer.uint64(7, timeoutTimestamp)
            writer.string(8, memo)
        }
    }

    package struct MsgTransferResponse: ChainMessage {
        package static let name = "ibc.applications.transfer.v1.MsgTransferResponse"
        package var sequence: UInt64 = 0

        package init(sequence: UInt64 = 0) {
            self.sequence = sequence
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: sequence = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, sequence)
        }
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "ibc.applications.transfer.v1.MsgUpdateParams"
        package var signer: AccountAddress
        package var params: Params

        package init(signer: AccountAddress, params: Params) {
            (self.signer, self.params) = (signer, params)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var signer: AccountAddress?
            var params: Params?
            while let field = try fields.next() {
                switch field.number {
                case 1: signer = try field.address()
                case 2: params = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.signer = try required(signer, 1)
            self.params = try presentOrAbsent(params, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, signer.description)
            writer.embed(2, params)
        }
    }

    package struct MsgUpdateParamsResponse: FieldlessMessage {
        package static let name = "ibc.applications.transfer.v1.MsgUpdateParamsResponse"

        package init() {}
    }
}
