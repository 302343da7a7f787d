// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `ibc.applications.fee.v1`.
package enum IBCApplicationsFeeV1 {
    package struct Fee: ChainMessage {
        package static let name = "ibc.applications.fee.v1.Fee"
        package var recvFee: [Coin] = []
        package var ackFee: [Coin] = []
        package var timeoutFee: [Coin] = []

        package init(recvFee: [Coin] = [], ackFee: [Coin] = [], timeoutFee: [Coin] = []) {
            (self.recvFee, self.ackFee, self.timeoutFee) = (recvFee, ackFee, timeoutFee)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: recvFee.append(try field.message())
                case 2: ackFee.append(try field.message())
                case 3: timeoutFee.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, recvFee)
            writer.embed(2, ackFee)
            writer.embed(3, timeoutFee)
        }
    }

    package struct PacketFee: ChainMessage {
        package static let name = "ibc.applications.fee.v1.PacketFee"
        package var fee: Fee
        package var refundAddress: AccountAddress
        package var relayers: [String] = []

        package init(fee: Fee, refundAddress: AccountAddress, relayers: [String] = []) {
            (self.fee, self.refundAddress, self.relayers) = (fee, refundAddress, relayers)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var fee: Fee?
            var refundAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: fee = try field.message()
                case 2: refundAddress = try field.address()
                case 3: relayers.append(try field.string())
                default: try fields.unknown(field)
                }
            }
            self.fee = try presentOrAbsent(fee, policy)
            self.refundAddress = try required(refundAddress, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, fee)
            writer.string(2, refundAddress.description)
            writer.strings(3, relayers)
        }
    }

    package enum Msg {
        package static let registerPayee = ChainMethod<MsgRegisterPayee, MsgRegisterPayeeResponse>(
            "/ibc.applications.fee.v1.Msg/RegisterPayee"
        )
        package static let registerCounterpartyPayee = ChainMethod<
            MsgRegisterCounterpartyPayee, MsgRegisterCounterpartyPayeeResponse
        >(
            "/ibc.applications.fee.v1.Msg/RegisterCounterpartyPayee"
        )
        package static let payPacketFee = ChainMethod<MsgPayPacketFee, MsgPayPacketFeeResponse>(
            "/ibc.applications.fee.v1.Msg/PayPacketFee"
        )
        package static let payPacketFeeAsync = ChainMethod<MsgPayPacketFeeAsync, MsgPayPacketFeeAsyncResponse>(
            "/ibc.applications.fee.v1.Msg/PayPacketFeeAsync"
        )
    }

    package struct MsgRegisterPayee: ChainMessage {
        package static let name = "ibc.applications.fee.v1.MsgRegisterPayee"
        package var portID: String = ""
        package var channelID: String = ""
        package var relayer: AccountAddress
        package var payee: String = ""

        package init(portID: String = "", channelID: String = "", relayer: AccountAddress, payee: String = "") {
            (self.portID, self.channelID, self.relayer, self.payee) = (portID, channelID, relayer, payee)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var relayer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: relayer = try field.address()
                case 4: payee = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.relayer = try required(relayer, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.string(3, relayer.description)
            writer.string(4, payee)
        }
    }

    package struct MsgRegisterPayeeResponse: FieldlessMessage {
        package static let name = "ibc.applications.fee.v1.MsgRegisterPayeeResponse"

        package init() {}
    }

    package struct MsgRegisterCounterpartyPayee: ChainMessage {
        package static let name = "ibc.applications.fee.v1.MsgRegisterCounterpartyPayee"
        package var portID: String = ""
        package var channelID: String = ""
        package var relayer: AccountAddress
        package var counterpartyPayee: String = ""

        package init(
            portID: String = "", channelID: String = "", relayer: AccountAddress, counterpartyPayee: String = ""
        ) {
            (self.portID, self.channelID, self.relayer) = (portID, channelID, relayer)
            self.counterpartyPayee = counterpartyPayee
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var relayer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: relayer = try field.address()
                case 4: counterpartyPayee = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.relayer = try required(relayer, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.string(3, relayer.description)
            writer.string(4, counterpartyPayee)
        }
    }

    package struct MsgRegisterCounterpartyPayeeResponse: FieldlessMessage {
        package static let name = "ibc.applications.fee.v1.MsgRegisterCounterpartyPayeeResponse"

        package init() {}
    }

    package struct MsgPayPacketFee: ChainMessage {
        package static let name = "ibc.applications.fee.v1.MsgPayPacketFee"
        package var fee: Fee
        package var sourcePortID: String = ""
        package var sourceChannelID: String = ""
        package var signer: AccountAddress
        package var relayers: [String] = []

        package init(
            fee: Fee, sourcePortID: String = "", sourceChannelID: String = "", signer: AccountAddress,
            relayers: [String] = []
        ) {
            (self.fee, self.sourcePortID, self.sourceChannelID) = (fee, sourcePortID, sourceChannelID)
            (self.signer, self.relayers) = (signer, relayers)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var fee: Fee?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: fee = try field.message()
                case 2: sourcePortID = try field.string()
                case 3: sourceChannelID = try field.string()
                case 4: signer = try field.address()
                case 5: relayers.append(try field.string())
                default: try fields.unknown(field)
                }
            }
            self.fee = try presentOrAbsent(fee, policy)
            self.signer = try required(signer, 4)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, fee)
            writer.string(2, sourcePortID)
            writer.string(3, sourceChannelID)
            writer.string(4, signer.description)
            writer.strings(5, relayers)
        }
    }

    package struct MsgPayPacketFeeResponse: FieldlessMessage {
        package static let name = "ibc.applications.fee.v1.MsgPayPacketFeeResponse"

        package init() {}
    }

    package struct MsgPayPacketFeeAsync: ChainMessage {
        package static let name = "ibc.applications.fee.v1.MsgPayPacketFeeAsync"
        package var packetID: IBCCoreChannelV1.PacketId
        package var packetFee: PacketFee

        package init(packetID: IBCCoreChannelV1.PacketId, packetFee: PacketFee) {
            (self.packetID, self.packetFee) = (packetID, packetFee)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var packetID: IBCCoreChannelV1.PacketId?
            var packetFee: PacketFee?
            while let field = try fields.next() {
                switch field.number {
                case 1: packetID = try field.message()
                case 2: packetFee = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.packetID = try presentOrAbsent(packetID, policy)
            self.packetFee = try presentOrAbsent(packetFee, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, packetID)
            writer.embed(2, packetFee)
        }
    }

    package struct MsgPayPacketFeeAsyncResponse: FieldlessMessage {
        package static let name = "ibc.applications.fee.v1.MsgPayPacketFeeAsyncResponse"

        package init() {}
    }
}
