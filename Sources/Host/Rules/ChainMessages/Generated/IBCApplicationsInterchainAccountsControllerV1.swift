// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `ibc.applications.interchain_accounts.controller.v1`.
package enum IBCApplicationsInterchainAccountsControllerV1 {
    package struct Params: ChainMessage {
        package static let name = "ibc.applications.interchain_accounts.controller.v1.Params"
        package var controllerEnabled: Bool = false

        package init(controllerEnabled: Bool = false) {
            self.controllerEnabled = controllerEnabled
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: controllerEnabled = try field.bool()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bool(1, controllerEnabled)
        }
    }

    package enum Msg {
        package static let registerInterchainAccount = ChainMethod<
            MsgRegisterInterchainAccount, MsgRegisterInterchainAccountResponse
        >(
            "/ibc.applications.interchain_accounts.controller.v1.Msg/RegisterInterchainAccount"
        )
        package static let sendTx = ChainMethod<MsgSendTx, MsgSendTxResponse>(
            "/ibc.applications.interchain_accounts.controller.v1.Msg/SendTx"
        )
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/ibc.applications.interchain_accounts.controller.v1.Msg/UpdateParams"
        )
    }

    package struct MsgRegisterInterchainAccount: ChainMessage {
        package static let name = "ibc.applications.interchain_accounts.controller.v1.MsgRegisterInterchainAccount"
        package var owner: AccountAddress
        package var connectionID: String = ""
        package var version: String = ""
        package var ordering: IBCCoreChannelV1.Order = .init(rawValue: 0)

        package init(
            owner: AccountAddress, connectionID: String = "", version: String = "",
            ordering: IBCCoreChannelV1.Order = .init(rawValue: 0)
        ) {
            (self.owner, self.connectionID, self.version, self.ordering) = (owner, connectionID, version, ordering)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var owner: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: owner = try field.address()
                case 2: connectionID = try field.string()
                case 3: version = try field.string()
                case 4: ordering = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
            self.owner = try required(owner, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, owner.description)
            writer.string(2, connectionID)
            writer.string(3, version)
            writer.int64(4, Int64(ordering.rawValue))
        }
    }

    package struct MsgRegisterInterchainAccountResponse: ChainMessage {
        package static let name =
            "ibc.applications.interchain_accounts.controller.v1.MsgRegisterInterchainAccountResponse"
        package var channelID: String = ""
        package var portID: String = ""

        package init(channelID: String = "", portID: String = "") {
            (self.channelID, self.portID) = (channelID, portID)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: channelID = try field.string()
                case 2: portID = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, channelID)
            writer.string(2, portID)
        }
    }

    package struct MsgSendTx: ChainMessage {
        package static let name = "ibc.applications.interchain_accounts.controller.v1.MsgSendTx"
        package var owner: AccountAddress
        package var connectionID: String = ""
        package var packetData: IBCApplicationsInterchainAccountsV1.InterchainAccountPacketData
        package var relativeTimeout: UInt64 = 0

        package init(
            owner: AccountAddress, connectionID: String = "",
            packetData: IBCApplicationsInterchainAccountsV1.InterchainAccountPacketData, relativeTimeout: UInt64 = 0
        ) {
            (self.owner, self.connectionID, self.packetData) = (owner, connectionID, packetData)
            self.relativeTimeout = relativeTimeout
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var owner: AccountAddress?
            var packetData: IBCApplicationsInterchainAccountsV1.InterchainAccountPacketData?
            while let field = try fields.next() {
                switch field.number {
                case 1: owner = try field.address()
                case 2: connectionID = try field.string()
                case 3: packetData = try field.message()
                case 4: relativeTimeout = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.owner = try required(owner, 1)
            self.packetData = try presentOrAbsent(packetData, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, owner.description)
            writer.string(2, connectionID)
            writer.embed(3, packetData)
            writer.uint64(4, relativeTimeout)
        }
    }

    package struct MsgSendTxResponse: ChainMessage {
        package static let name = "ibc.applications.interchain_accounts.controller.v1.MsgSendTxResponse"
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
        package static let name = "ibc.applications.interchain_accounts.controller.v1.MsgUpdateParams"
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
        package static let name = "ibc.applications.interchain_accounts.controller.v1.MsgUpdateParamsResponse"

        package init() {}
    }
}
