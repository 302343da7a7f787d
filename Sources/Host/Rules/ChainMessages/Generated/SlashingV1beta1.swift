// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.slashing.v1beta1`.
package enum SlashingV1beta1 {
    package struct Params: ChainMessage {
        package static let name = "cosmos.slashing.v1beta1.Params"
        package var signedBlocksWindow: Int64 = 0
        package var minSignedPerWindow: Decimal18
        package var downtimeJailDuration: Duration
        package var slashFractionDoubleSign: Decimal18
        package var slashFractionDowntime: Decimal18

        package init(
            signedBlocksWindow: Int64 = 0, minSignedPerWindow: Decimal18, downtimeJailDuration: Duration,
            slashFractionDoubleSign: Decimal18, slashFractionDowntime: Decimal18
        ) {
            (self.signedBlocksWindow, self.minSignedPerWindow) = (signedBlocksWindow, minSignedPerWindow)
            (self.downtimeJailDuration, self.slashFractionDoubleSign) = (downtimeJailDuration, slashFractionDoubleSign)
            self.slashFractionDowntime = slashFractionDowntime
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            var minSignedPerWindow: Decimal18?
            var downtimeJailDuration: Duration?
            var slashFractionDoubleSign: Decimal18?
            var slashFractionDowntime: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: signedBlocksWindow = try field.int64()
                case 2: minSignedPerWindow = try field.decimal()
                case 3: downtimeJailDuration = try field.message()
                case 4: slashFractionDoubleSign = try field.decimal()
                case 5: slashFractionDowntime = try field.decimal()
                default: try fields.unknown(field)
                }
            }
            self.minSignedPerWindow = try required(minSignedPerWindow, 2)
            self.downtimeJailDuration = try presentOrAbsent(downtimeJailDuration, policy)
            self.slashFractionDoubleSign = try required(slashFractionDoubleSign, 4)
            self.slashFractionDowntime = try required(slashFractionDowntime, 5)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, signedBlocksWindow)
            writer.string(2, minSignedPerWindow.scaledText)
            writer.embed(3, downtimeJailDuration)
            writer.string(4, slashFractionDoubleSign.scaledText)
            writer.string(5, slashFractionDowntime.scaledText)
        }
    }

    package enum Msg {
        package static let unjail = ChainMethod<MsgUnjail, MsgUnjailResponse>("/cosmos.slashing.v1beta1.Msg/Unjail")
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/cosmos.slashing.v1beta1.Msg/UpdateParams"
        )
    }

    package struct MsgUnjail: ChainMessage {
        package static let name = "cosmos.slashing.v1beta1.MsgUnjail"
        package var validatorAddr: OperatorAddress

        package init(validatorAddr: OperatorAddress) {
            self.validatorAddr = validatorAddr
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var validatorAddr: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: validatorAddr = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.validatorAddr = try required(validatorAddr, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, validatorAddr.description)
        }
    }

    package struct MsgUnjailResponse: FieldlessMessage {
        package static let name = "cosmos.slashing.v1beta1.MsgUnjailResponse"

        package init() {}
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "cosmos.slashing.v1beta1.MsgUpdateParams"
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
        package static let name = "cosmos.slashing.v1beta1.MsgUpdateParamsResponse"

        package init() {}
    }
}
