// Made by proto/chain_messages.py from proto/chain. Do not edit.

import ExactNumbers
import SignedTransactions
import Wire

/// `cosmos.slashing.v1beta1`.
package enum SlashingV1beta1 {
    package enum Query {
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>(
            "/cosmos.slashing.v1beta1.Query/Params"
        )
        package static let signingInfo = ChainMethod<QuerySigningInfoRequest, QuerySigningInfoResponse>(
            "/cosmos.slashing.v1beta1.Query/SigningInfo"
        )
        package static let signingInfos = ChainMethod<QuerySigningInfosRequest, QuerySigningInfosResponse>(
            "/cosmos.slashing.v1beta1.Query/SigningInfos"
        )
    }

    package struct QueryParamsRequest: FieldlessMessage {
        package static let name = "cosmos.slashing.v1beta1.QueryParamsRequest"

        package init() {}
    }

    package struct QueryParamsResponse: ChainMessage {
        package static let name = "cosmos.slashing.v1beta1.QueryParamsResponse"
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

    package struct QuerySigningInfoRequest: ChainMessage {
        package static let name = "cosmos.slashing.v1beta1.QuerySigningInfoRequest"
        package var consAddress: ConsensusAddress

        package init(consAddress: ConsensusAddress) {
            self.consAddress = consAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var consAddress: ConsensusAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: consAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.consAddress = try required(consAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, consAddress.description)
        }
    }

    package struct QuerySigningInfoResponse: ChainMessage {
        package static let name = "cosmos.slashing.v1beta1.QuerySigningInfoResponse"
        package var valSigningInfo: ValidatorSigningInfo

        package init(valSigningInfo: ValidatorSigningInfo) {
            self.valSigningInfo = valSigningInfo
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var valSigningInfo: ValidatorSigningInfo?
            while let field = try fields.next() {
                switch field.number {
                case 1: valSigningInfo = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.valSigningInfo = try presentOrAbsent(valSigningInfo, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, valSigningInfo)
        }
    }

    package struct QuerySigningInfosRequest: ChainMessage {
        package static let name = "cosmos.slashing.v1beta1.QuerySigningInfosRequest"
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(pagination: BaseQueryV1beta1.PageRequest? = nil) {
            self.pagination = pagination
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let pagination { writer.embed(1, pagination) }
        }
    }

    package struct QuerySigningInfosResponse: ChainMessage {
        package static let name = "cosmos.slashing.v1beta1.QuerySigningInfosResponse"
        package var info: [ValidatorSigningInfo] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(info: [ValidatorSigningInfo] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.info, self.pagination) = (info, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: info.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, info)
            if let pagination { writer.embed(2, pagination) }
        }
    }

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

    package struct ValidatorSigningInfo: ChainMessage {
        package static let name = "cosmos.slashing.v1beta1.ValidatorSigningInfo"
        package var address: ConsensusAddress
        package var startHeight: Int64 = 0
        package var indexOffset: Int64 = 0
        package var jailedUntil: Timestamp
        package var tombstoned: Bool = false
        package var missedBlocksCounter: Int64 = 0

        package init(
            address: ConsensusAddress, startHeight: Int64 = 0, indexOffset: Int64 = 0, jailedUntil: Timestamp,
            tombstoned: Bool = false, missedBlocksCounter: Int64 = 0
        ) {
            (self.address, self.startHeight, self.indexOffset) = (address, startHeight, indexOffset)
            (self.jailedUntil, self.tombstoned) = (jailedUntil, tombstoned)
            self.missedBlocksCounter = missedBlocksCounter
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6])
            var address: ConsensusAddress?
            var jailedUntil: Timestamp?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: startHeight = try field.int64()
                case 3: indexOffset = try field.int64()
                case 4: jailedUntil = try field.message()
                case 5: tombstoned = try field.bool()
                case 6: missedBlocksCounter = try field.int64()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
            self.jailedUntil = try presentOrAbsent(jailedUntil, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            writer.int64(2, startHeight)
            writer.int64(3, indexOffset)
            writer.embed(4, jailedUntil)
            writer.bool(5, tombstoned)
            writer.int64(6, missedBlocksCounter)
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
