// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `secret.emergencybutton.v1beta1`.
package enum EmergencybuttonV1beta1 {
    package enum Query {
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>(
            "/secret.emergencybutton.v1beta1.Query/Params"
        )
    }

    package struct QueryParamsRequest: FieldlessMessage {
        package static let name = "secret.emergencybutton.v1beta1.QueryParamsRequest"

        package init() {}
    }

    package struct QueryParamsResponse: ChainMessage {
        package static let name = "secret.emergencybutton.v1beta1.QueryParamsResponse"
        package var params: Params

        package init(params: Params) {
            self.params = params
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var params: Params?
            while let field = try fields.next() {
                switch field.number {
                case 1: params = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.params = try presentOrAbsent(params, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, params)
        }
    }

    package enum Msg {
        package static let toggleIbcSwitch = ChainMethod<MsgToggleIbcSwitch, MsgToggleIbcSwitchResponse>(
            "/secret.emergencybutton.v1beta1.Msg/ToggleIbcSwitch"
        )
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/secret.emergencybutton.v1beta1.Msg/UpdateParams"
        )
    }

    package struct Params: ChainMessage {
        package static let name = "secret.emergencybutton.v1beta1.Params"
        package var switchStatus: String = ""
        package var pauserAddress: AccountAddress?

        package init(switchStatus: String = "", pauserAddress: AccountAddress? = nil) {
            (self.switchStatus, self.pauserAddress) = (switchStatus, pauserAddress)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: switchStatus = try field.string()
                case 2: pauserAddress = try field.addressOrNone()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, switchStatus)
            if let pauserAddress { writer.string(2, pauserAddress.description) }
        }
    }

    package struct MsgToggleIbcSwitch: ChainMessage {
        package static let name = "secret.emergencybutton.v1beta1.MsgToggleIbcSwitch"
        package var sender: AccountAddress

        package init(sender: AccountAddress) {
            self.sender = sender
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var sender: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: sender = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.sender = try required(sender, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, sender.description)
        }
    }

    package struct MsgToggleIbcSwitchResponse: FieldlessMessage {
        package static let name = "secret.emergencybutton.v1beta1.MsgToggleIbcSwitchResponse"

        package init() {}
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "secret.emergencybutton.v1beta1.MsgUpdateParams"
        package var authority: AccountAddress
        package var params: Params

        package init(authority: AccountAddress, params: Params) {
            (self.authority, self.params) = (authority, params)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var authority: AccountAddress?
            var params: Params?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: params = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
            self.params = try presentOrAbsent(params, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.embed(2, params)
        }
    }

    package struct MsgUpdateParamsResponse: FieldlessMessage {
        package static let name = "secret.emergencybutton.v1beta1.MsgUpdateParamsResponse"

        package init() {}
    }
}
