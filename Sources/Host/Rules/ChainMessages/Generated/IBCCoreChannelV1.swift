// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `ibc.core.channel.v1`.
package enum IBCCoreChannelV1 {
    package struct Channel: ChainMessage {
        package static let name = "ibc.core.channel.v1.Channel"
        package var state: State = .init(rawValue: 0)
        package var ordering: Order = .init(rawValue: 0)
        package var counterparty: Counterparty
        package var connectionHops: [String] = []
        package var version: String = ""
        package var upgradeSequence: UInt64 = 0

        package init(
            state: State = .init(rawValue: 0), ordering: Order = .init(rawValue: 0), counterparty: Counterparty,
            connectionHops: [String] = [], version: String = "", upgradeSequence: UInt64 = 0
        ) {
            (self.state, self.ordering, self.counterparty) = (state, ordering, counterparty)
            (self.connectionHops, self.version, self.upgradeSequence) = (connectionHops, version, upgradeSequence)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 5, 6])
            var counterparty: Counterparty?
            while let field = try fields.next() {
                switch field.number {
                case 1: state = try field.enumeration()
                case 2: ordering = try field.enumeration()
                case 3: counterparty = try field.message()
                case 4: connectionHops.append(try field.string())
                case 5: version = try field.string()
                case 6: upgradeSequence = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.counterparty = try presentOrAbsent(counterparty, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(state.rawValue))
            writer.int64(2, Int64(ordering.rawValue))
            writer.embed(3, counterparty)
            writer.strings(4, connectionHops)
            writer.string(5, version)
            writer.uint64(6, upgradeSequence)
        }
    }

    package struct Counterparty: ChainMessage {
        package static let name = "ibc.core.channel.v1.Counterparty"
        package var portID: String = ""
        package var channelID: String = ""

        package init(portID: String = "", channelID: String = "") {
            (self.portID, self.channelID) = (portID, channelID)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
        }
    }

    package struct Packet: ChainMessage {
        package static let name = "ibc.core.channel.v1.Packet"
        package var sequence: UInt64 = 0
        package var sourcePort: String = ""
        package var sourceChannel: String = ""
        package var destinationPort: String = ""
        package var destinationChannel: String = ""
        package var data: [UInt8] = []
        package var timeoutHeight: IBCCoreClientV1.Height
        package var timeoutTimestamp: UInt64 = 0

        package init(
            sequence: UInt64 = 0, sourcePort: String = "", sourceChannel: String = "", destinationPort: String = "",
            destinationChannel: String = "", data: [UInt8] = [], timeoutHeight: IBCCoreClientV1.Height,
            timeoutTimestamp: UInt64 = 0
        ) {
            (self.sequence, self.sourcePort, self.sourceChannel) = (sequence, sourcePort, sourceChannel)
            (self.destinationPort, self.destinationChannel, self.data) = (destinationPort, destinationChannel, data)
            (self.timeoutHeight, self.timeoutTimestamp) = (timeoutHeight, timeoutTimestamp)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7, 8])
            var timeoutHeight: IBCCoreClientV1.Height?
            while let field = try fields.next() {
                switch field.number {
                case 1: sequence = try field.uint64()
                case 2: sourcePort = try field.string()
                case 3: sourceChannel = try field.string()
                case 4: destinationPort = try field.string()
                case 5: destinationChannel = try field.string()
                case 6: data = try field.bytes()
                case 7: timeoutHeight = try field.message()
                case 8: timeoutTimestamp = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.timeoutHeight = try presentOrAbsent(timeoutHeight, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, sequence)
            writer.string(2, sourcePort)
            writer.string(3, sourceChannel)
            writer.string(4, destinationPort)
            writer.string(5, destinationChannel)
            writer.bytes(6, data)
            writer.embed(7, timeoutHeight)
            writer.uint64(8, timeoutTimestamp)
        }
    }

    package struct PacketId: ChainMessage {
        package static let name = "ibc.core.channel.v1.PacketId"
        package var portID: String = ""
        package var channelID: String = ""
        package var sequence: UInt64 = 0

        package init(portID: String = "", channelID: String = "", sequence: UInt64 = 0) {
            (self.portID, self.channelID, self.sequence) = (portID, channelID, sequence)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: sequence = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.uint64(3, sequence)
        }
    }

    package struct Timeout: ChainMessage {
        package static let name = "ibc.core.channel.v1.Timeout"
        package var height: IBCCoreClientV1.Height
        package var timestamp: UInt64 = 0

        package init(height: IBCCoreClientV1.Height, timestamp: UInt64 = 0) {
            (self.height, self.timestamp) = (height, timestamp)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var height: IBCCoreClientV1.Height?
            while let field = try fields.next() {
                switch field.number {
                case 1: height = try field.message()
                case 2: timestamp = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.height = try presentOrAbsent(height, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, height)
            writer.uint64(2, timestamp)
        }
    }

    package struct Params: ChainMessage {
        package static let name = "ibc.core.channel.v1.Params"
        package var upgradeTimeout: Timeout

        package init(upgradeTimeout: Timeout) {
            self.upgradeTimeout = upgradeTimeout
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var upgradeTimeout: Timeout?
            while let field = try fields.next() {
                switch field.number {
                case 1: upgradeTimeout = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.upgradeTimeout = try presentOrAbsent(upgradeTimeout, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, upgradeTimeout)
        }
    }

    package struct State: RawRepresentable, Hashable, Sendable {
        package static let uninitializedUnspecified = State(rawValue: 0)
        package static let `init` = State(rawValue: 1)
        package static let tryopen = State(rawValue: 2)
        package static let open = State(rawValue: 3)
        package static let closed = State(rawValue: 4)
        package static let flushing = State(rawValue: 5)
        package static let flushcomplete = State(rawValue: 6)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package struct Order: RawRepresentable, Hashable, Sendable {
        package static let noneUnspecified = Order(rawValue: 0)
        package static let unordered = Order(rawValue: 1)
        package static let ordered = Order(rawValue: 2)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package enum Msg {
        package static let channelOpenInit = ChainMethod<MsgChannelOpenInit, MsgChannelOpenInitResponse>(
            "/ibc.core.channel.v1.Msg/ChannelOpenInit"
        )
        package static let channelOpenTry = ChainMethod<MsgChannelOpenTry, MsgChannelOpenTryResponse>(
            "/ibc.core.channel.v1.Msg/ChannelOpenTry"
        )
        package static let channelOpenAck = ChainMethod<MsgChannelOpenAck, MsgChannelOpenAckResponse>(
            "/ibc.core.channel.v1.Msg/ChannelOpenAck"
        )
        package static let channelOpenConfirm = ChainMethod<MsgChannelOpenConfirm, MsgChannelOpenConfirmResponse>(
            "/ibc.core.channel.v1.Msg/ChannelOpenConfirm"
        )
        package static let channelCloseInit = ChainMethod<MsgChannelCloseInit, MsgChannelCloseInitResponse>(
            "/ibc.core.channel.v1.Msg/ChannelCloseInit"
        )
        package static let channelCloseConfirm = ChainMethod<MsgChannelCloseConfirm, MsgChannelCloseConfirmResponse>(
            "/ibc.core.channel.v1.Msg/ChannelCloseConfirm"
        )
        package static let recvPacket = ChainMethod<MsgRecvPacket, MsgRecvPacketResponse>(
            "/ibc.core.channel.v1.Msg/RecvPacket"
        )
        package static let timeout = ChainMethod<MsgTimeout, MsgTimeoutResponse>("/ibc.core.channel.v1.Msg/Timeout")
        package static let timeoutOnClose = ChainMethod<MsgTimeoutOnClose, MsgTimeoutOnCloseResponse>(
            "/ibc.core.channel.v1.Msg/TimeoutOnClose"
        )
        package static let acknowledgement = ChainMethod<MsgAcknowledgement, MsgAcknowledgementResponse>(
            "/ibc.core.channel.v1.Msg/Acknowledgement"
        )
        package static let channelUpgradeInit = ChainMethod<MsgChannelUpgradeInit, MsgChannelUpgradeInitResponse>(
            "/ibc.core.channel.v1.Msg/ChannelUpgradeInit"
        )
        package static let channelUpgradeTry = ChainMethod<MsgChannelUpgradeTry, MsgChannelUpgradeTryResponse>(
            "/ibc.core.channel.v1.Msg/ChannelUpgradeTry"
        )
        package static let channelUpgradeAck = ChainMethod<MsgChannelUpgradeAck, MsgChannelUpgradeAckResponse>(
            "/ibc.core.channel.v1.Msg/ChannelUpgradeAck"
        )
        package static let channelUpgradeConfirm = ChainMethod<
            MsgChannelUpgradeConfirm, MsgChannelUpgradeConfirmResponse
        >(
            "/ibc.core.channel.v1.Msg/ChannelUpgradeConfirm"
        )
        package static let channelUpgradeOpen = ChainMethod<MsgChannelUpgradeOpen, MsgChannelUpgradeOpenResponse>(
            "/ibc.core.channel.v1.Msg/ChannelUpgradeOpen"
        )
        package static let channelUpgradeTimeout = ChainMethod<
            MsgChannelUpgradeTimeout, MsgChannelUpgradeTimeoutResponse
        >(
            "/ibc.core.channel.v1.Msg/ChannelUpgradeTimeout"
        )
        package static let channelUpgradeCancel = ChainMethod<MsgChannelUpgradeCancel, MsgChannelUpgradeCancelResponse>(
            "/ibc.core.channel.v1.Msg/ChannelUpgradeCancel"
        )
        package static let updateChannelParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/ibc.core.channel.v1.Msg/UpdateChannelParams"
        )
        package static let pruneAcknowledgements = ChainMethod<
            MsgPruneAcknowledgements, MsgPruneAcknowledgementsResponse
        >(
            "/ibc.core.channel.v1.Msg/PruneAcknowledgements"
        )
    }

    package struct MsgChannelOpenInit: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelOpenInit"
        package var portID: String = ""
        package var channel: Channel
        package var signer: AccountAddress

        package init(portID: String = "", channel: Channel, signer: AccountAddress) {
            (self.portID, self.channel, self.signer) = (portID, channel, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var channel: Channel?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channel = try field.message()
                case 3: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.channel = try presentOrAbsent(channel, policy)
            self.signer = try required(signer, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.embed(2, channel)
            writer.string(3, signer.description)
        }
    }

    package struct MsgChannelOpenInitResponse: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelOpenInitResponse"
        package var channelID: String = ""
        package var version: String = ""

        package init(channelID: String = "", version: String = "") {
            (self.channelID, self.version) = (channelID, version)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: channelID = try field.string()
                case 2: version = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, channelID)
            writer.string(2, version)
        }
    }

    package struct MsgChannelOpenTry: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelOpenTry"
        package var portID: String = ""
        package var previousChannelID: String = ""
        package var channel: Channel
        package var counterpartyVersion: String = ""
        package var proofInit: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress

        package init(
            portID: String = "", previousChannelID: String = "", channel: Channel, counterpartyVersion: String = "",
            proofInit: [UInt8] = [], proofHeight: IBCCoreClientV1.Height, signer: AccountAddress
        ) {
            (self.portID, self.previousChannelID, self.channel) = (portID, previousChannelID, channel)
            (self.counterpartyVersion, self.proofInit, self.proofHeight) = (counterpartyVersion, proofInit, proofHeight)
            self.signer = signer
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7])
            var channel: Channel?
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: previousChannelID = try field.string()
                case 3: channel = try field.message()
                case 4: counterpartyVersion = try field.string()
                case 5: proofInit = try field.bytes()
                case 6: proofHeight = try field.message()
                case 7: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.channel = try presentOrAbsent(channel, policy)
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 7)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, previousChannelID)
            writer.embed(3, channel)
            writer.string(4, counterpartyVersion)
            writer.bytes(5, proofInit)
            writer.embed(6, proofHeight)
            writer.string(7, signer.description)
        }
    }

    package struct MsgChannelOpenTryResponse: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelOpenTryResponse"
        package var version: String = ""
        package var channelID: String = ""

        package init(version: String = "", channelID: String = "") {
            (self.version, self.channelID) = (version, channelID)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: version = try field.string()
                case 2: channelID = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, version)
            writer.string(2, channelID)
        }
    }

    package struct MsgChannelOpenAck: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelOpenAck"
        package var portID: String = ""
        package var channelID: String = ""
        package var counterpartyChannelID: String = ""
        package var counterpartyVersion: String = ""
        package var proofTry: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress

        package init(
            portID: String = "", channelID: String = "", counterpartyChannelID: String = "",
            counterpartyVersion: String = "", proofTry: [UInt8] = [], proofHeight: IBCCoreClientV1.Height,
            signer: AccountAddress
        ) {
            (self.portID, self.channelID, self.counterpartyChannelID) = (portID, channelID, counterpartyChannelID)
            (self.counterpartyVersion, self.proofTry, self.proofHeight) = (counterpartyVersion, proofTry, proofHeight)
            self.signer = signer
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7])
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: counterpartyChannelID = try field.string()
                case 4: counterpartyVersion = try field.string()
                case 5: proofTry = try field.bytes()
                case 6: proofHeight = try field.message()
                case 7: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 7)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.string(3, counterpartyChannelID)
            writer.string(4, counterpartyVersion)
            writer.bytes(5, proofTry)
            writer.embed(6, proofHeight)
            writer.string(7, signer.description)
        }
    }

    package struct MsgChannelOpenAckResponse: FieldlessMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelOpenAckResponse"

        package init() {}
    }

    package struct MsgChannelOpenConfirm: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelOpenConfirm"
        package var portID: String = ""
        package var channelID: String = ""
        package var proofAck: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress

        package init(
            portID: String = "", channelID: String = "", proofAck: [UInt8] = [], proofHeight: IBCCoreClientV1.Height,
            signer: AccountAddress
        ) {
            (self.portID, self.channelID, self.proofAck, self.proofHeight) = (portID, channelID, proofAck, proofHeight)
            self.signer = signer
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: proofAck = try field.bytes()
                case 4: proofHeight = try field.message()
                case 5: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 5)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.bytes(3, proofAck)
            writer.embed(4, proofHeight)
            writer.string(5, signer.description)
        }
    }

    package struct MsgChannelOpenConfirmResponse: FieldlessMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelOpenConfirmResponse"

        package init() {}
    }

    package struct MsgChannelCloseInit: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelCloseInit"
        package var portID: String = ""
        package var channelID: String = ""
        package var signer: AccountAddress

        package init(portID: String = "", channelID: String = "", signer: AccountAddress) {
            (self.portID, self.channelID, self.signer) = (portID, channelID, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.signer = try required(signer, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.string(3, signer.description)
        }
    }

    package struct MsgChannelCloseInitResponse: FieldlessMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelCloseInitResponse"

        package init() {}
    }

    package struct MsgChannelCloseConfirm: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelCloseConfirm"
        package var portID: String = ""
        package var channelID: String = ""
        package var proofInit: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress
        package var counterpartyUpgradeSequence: UInt64 = 0

        package init(
            portID: String = "", channelID: String = "", proofInit: [UInt8] = [], proofHeight: IBCCoreClientV1.Height,
            signer: AccountAddress, counterpartyUpgradeSequence: UInt64 = 0
        ) {
            (self.portID, self.channelID, self.proofInit) = (portID, channelID, proofInit)
            (self.proofHeight, self.signer) = (proofHeight, signer)
            self.counterpartyUpgradeSequence = counterpartyUpgradeSequence
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6])
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: proofInit = try field.bytes()
                case 4: proofHeight = try field.message()
                case 5: signer = try field.address()
                case 6: counterpartyUpgradeSequence = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 5)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.bytes(3, proofInit)
            writer.embed(4, proofHeight)
            writer.string(5, signer.description)
            writer.uint64(6, counterpartyUpgradeSequence)
        }
    }

    package struct MsgChannelCloseConfirmResponse: FieldlessMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelCloseConfirmResponse"

        package init() {}
    }

    package struct MsgRecvPacket: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgRecvPacket"
        package var packet: Packet
        package var proofCommitment: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress

        package init(
            packet: Packet, proofCommitment: [UInt8] = [], proofHeight: IBCCoreClientV1.Height, signer: AccountAddress
        ) {
            (self.packet, self.proofCommitment, self.proofHeight) = (packet, proofCommitment, proofHeight)
            self.signer = signer
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var packet: Packet?
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: packet = try field.message()
                case 2: proofCommitment = try field.bytes()
                case 3: proofHeight = try field.message()
                case 4: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.packet = try presentOrAbsent(packet, policy)
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 4)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, packet)
            writer.bytes(2, proofCommitment)
            writer.embed(3, proofHeight)
            writer.string(4, signer.description)
        }
    }

    package struct MsgRecvPacketResponse: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgRecvPacketResponse"
        package var result: ResponseResultType = .init(rawValue: 0)

        package init(result: ResponseResultType = .init(rawValue: 0)) {
            self.result = result
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: result = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(result.rawValue))
        }
    }

    package struct MsgTimeout: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgTimeout"
        package var packet: Packet
        package var proofUnreceived: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var nextSequenceRecv: UInt64 = 0
        package var signer: AccountAddress

        package init(
            packet: Packet, proofUnreceived: [UInt8] = [], proofHeight: IBCCoreClientV1.Height,
            nextSequenceRecv: UInt64 = 0, signer: AccountAddress
        ) {
            (self.packet, self.proofUnreceived, self.proofHeight) = (packet, proofUnreceived, proofHeight)
            (self.nextSequenceRecv, self.signer) = (nextSequenceRecv, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            var packet: Packet?
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: packet = try field.message()
                case 2: proofUnreceived = try field.bytes()
                case 3: proofHeight = try field.message()
                case 4: nextSequenceRecv = try field.uint64()
                case 5: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.packet = try presentOrAbsent(packet, policy)
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 5)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, packet)
            writer.bytes(2, proofUnreceived)
            writer.embed(3, proofHeight)
            writer.uint64(4, nextSequenceRecv)
            writer.string(5, signer.description)
        }
    }

    package struct MsgTimeoutResponse: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgTimeoutResponse"
        package var result: ResponseResultType = .init(rawValue: 0)

        package init(result: ResponseResultType = .init(rawValue: 0)) {
            self.result = result
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: result = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(result.rawValue))
        }
    }

    package struct MsgTimeoutOnClose: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgTimeoutOnClose"
        package var packet: Packet
        package var proofUnreceived: [UInt8] = []
        package var proofClose: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var nextSequenceRecv: UInt64 = 0
        package var signer: AccountAddress
        package var counterpartyUpgradeSequence: UInt64 = 0

        package init(
            packet: Packet, proofUnreceived: [UInt8] = [], proofClose: [UInt8] = [],
            proofHeight: IBCCoreClientV1.Height, nextSequenceRecv: UInt64 = 0, signer: AccountAddress,
            counterpartyUpgradeSequence: UInt64 = 0
        ) {
            (self.packet, self.proofUnreceived, self.proofClose) = (packet, proofUnreceived, proofClose)
            (self.proofHeight, self.nextSequenceRecv, self.signer) = (proofHeight, nextSequenceRecv, signer)
            self.counterpartyUpgradeSequence = counterpartyUpgradeSequence
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7])
            var packet: Packet?
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: packet = try field.message()
                case 2: proofUnreceived = try field.bytes()
                case 3: proofClose = try field.bytes()
                case 4: proofHeight = try field.message()
                case 5: nextSequenceRecv = try field.uint64()
                case 6: signer = try field.address()
                case 7: counterpartyUpgradeSequence = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.packet = try presentOrAbsent(packet, policy)
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 6)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, packet)
            writer.bytes(2, proofUnreceived)
            writer.bytes(3, proofClose)
            writer.embed(4, proofHeight)
            writer.uint64(5, nextSequenceRecv)
            writer.string(6, signer.description)
            writer.uint64(7, counterpartyUpgradeSequence)
        }
    }

    package struct MsgTimeoutOnCloseResponse: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgTimeoutOnCloseResponse"
        package var result: ResponseResultType = .init(rawValue: 0)

        package init(result: ResponseResultType = .init(rawValue: 0)) {
            self.result = result
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: result = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(result.rawValue))
        }
    }

    package struct MsgAcknowledgement: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgAcknowledgement"
        package var packet: Packet
        package var acknowledgement: [UInt8] = []
        package var proofAcked: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress

        package init(
            packet: Packet, acknowledgement: [UInt8] = [], proofAcked: [UInt8] = [],
            proofHeight: IBCCoreClientV1.Height, signer: AccountAddress
        ) {
            (self.packet, self.acknowledgement, self.proofAcked) = (packet, acknowledgement, proofAcked)
            (self.proofHeight, self.signer) = (proofHeight, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            var packet: Packet?
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: packet = try field.message()
                case 2: acknowledgement = try field.bytes()
                case 3: proofAcked = try field.bytes()
                case 4: proofHeight = try field.message()
                case 5: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.packet = try presentOrAbsent(packet, policy)
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 5)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, packet)
            writer.bytes(2, acknowledgement)
            writer.bytes(3, proofAcked)
            writer.embed(4, proofHeight)
            writer.string(5, signer.description)
        }
    }

    package struct MsgAcknowledgementResponse: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgAcknowledgementResponse"
        package var result: ResponseResultType = .init(rawValue: 0)

        package init(result: ResponseResultType = .init(rawValue: 0)) {
            self.result = result
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: result = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(result.rawValue))
        }
    }

    package struct MsgChannelUpgradeInit: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeInit"
        package var portID: String = ""
        package var channelID: String = ""
        package var fields: UpgradeFields
        package var signer: AccountAddress

        package init(portID: String = "", channelID: String = "", fields: UpgradeFields, signer: AccountAddress) {
            (self.portID, self.channelID, self.fields, self.signer) = (portID, channelID, fields, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var fieldsValue: UpgradeFields?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: fieldsValue = try field.message()
                case 4: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.fields = try presentOrAbsent(fieldsValue, policy)
            self.signer = try required(signer, 4)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.embed(3, fields)
            writer.string(4, signer.description)
        }
    }

    package struct MsgChannelUpgradeInitResponse: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeInitResponse"
        package var upgrade: Upgrade
        package var upgradeSequence: UInt64 = 0

        package init(upgrade: Upgrade, upgradeSequence: UInt64 = 0) {
            (self.upgrade, self.upgradeSequence) = (upgrade, upgradeSequence)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var upgrade: Upgrade?
            while let field = try fields.next() {
                switch field.number {
                case 1: upgrade = try field.message()
                case 2: upgradeSequence = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.upgrade = try presentOrAbsent(upgrade, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, upgrade)
            writer.uint64(2, upgradeSequence)
        }
    }

    package struct MsgChannelUpgradeTry: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeTry"
        package var portID: String = ""
        package var channelID: String = ""
        package var proposedUpgradeConnectionHops: [String] = []
        package var counterpartyUpgradeFields: UpgradeFields
        package var counterpartyUpgradeSequence: UInt64 = 0
        package var proofChannel: [UInt8] = []
        package var proofUpgrade: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress

        package init(
            portID: String = "", channelID: String = "", proposedUpgradeConnectionHops: [String] = [],
            counterpartyUpgradeFields: UpgradeFields, counterpartyUpgradeSequence: UInt64 = 0,
            proofChannel: [UInt8] = [], proofUpgrade: [UInt8] = [], proofHeight: IBCCoreClientV1.Height,
            signer: AccountAddress
        ) {
            (self.portID, self.channelID) = (portID, channelID)
            self.proposedUpgradeConnectionHops = proposedUpgradeConnectionHops
            self.counterpartyUpgradeFields = counterpartyUpgradeFields
            (self.counterpartyUpgradeSequence, self.proofChannel) = (counterpartyUpgradeSequence, proofChannel)
            (self.proofUpgrade, self.proofHeight, self.signer) = (proofUpgrade, proofHeight, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 4, 5, 6, 7, 8, 9])
            var counterpartyUpgradeFields: UpgradeFields?
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: proposedUpgradeConnectionHops.append(try field.string())
                case 4: counterpartyUpgradeFields = try field.message()
                case 5: counterpartyUpgradeSequence = try field.uint64()
                case 6: proofChannel = try field.bytes()
                case 7: proofUpgrade = try field.bytes()
                case 8: proofHeight = try field.message()
                case 9: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.counterpartyUpgradeFields = try presentOrAbsent(counterpartyUpgradeFields, policy)
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 9)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.strings(3, proposedUpgradeConnectionHops)
            writer.embed(4, counterpartyUpgradeFields)
            writer.uint64(5, counterpartyUpgradeSequence)
            writer.bytes(6, proofChannel)
            writer.bytes(7, proofUpgrade)
            writer.embed(8, proofHeight)
            writer.string(9, signer.description)
        }
    }

    package struct MsgChannelUpgradeTryResponse: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeTryResponse"
        package var upgrade: Upgrade
        package var upgradeSequence: UInt64 = 0
        package var result: ResponseResultType = .init(rawValue: 0)

        package init(upgrade: Upgrade, upgradeSequence: UInt64 = 0, result: ResponseResultType = .init(rawValue: 0)) {
            (self.upgrade, self.upgradeSequence, self.result) = (upgrade, upgradeSequence, result)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var upgrade: Upgrade?
            while let field = try fields.next() {
                switch field.number {
                case 1: upgrade = try field.message()
                case 2: upgradeSequence = try field.uint64()
                case 3: result = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
            self.upgrade = try presentOrAbsent(upgrade, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, upgrade)
            writer.uint64(2, upgradeSequence)
            writer.int64(3, Int64(result.rawValue))
        }
    }

    package struct MsgChannelUpgradeAck: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeAck"
        package var portID: String = ""
        package var channelID: String = ""
        package var counterpartyUpgrade: Upgrade
        package var proofChannel: [UInt8] = []
        package var proofUpgrade: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress

        package init(
            portID: String = "", channelID: String = "", counterpartyUpgrade: Upgrade, proofChannel: [UInt8] = [],
            proofUpgrade: [UInt8] = [], proofHeight: IBCCoreClientV1.Height, signer: AccountAddress
        ) {
            (self.portID, self.channelID, self.counterpartyUpgrade) = (portID, channelID, counterpartyUpgrade)
            (self.proofChannel, self.proofUpgrade, self.proofHeight) = (proofChannel, proofUpgrade, proofHeight)
            self.signer = signer
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7])
            var counterpartyUpgrade: Upgrade?
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: counterpartyUpgrade = try field.message()
                case 4: proofChannel = try field.bytes()
                case 5: proofUpgrade = try field.bytes()
                case 6: proofHeight = try field.message()
                case 7: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.counterpartyUpgrade = try presentOrAbsent(counterpartyUpgrade, policy)
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 7)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.embed(3, counterpartyUpgrade)
            writer.bytes(4, proofChannel)
            writer.bytes(5, proofUpgrade)
            writer.embed(6, proofHeight)
            writer.string(7, signer.description)
        }
    }

    package struct MsgChannelUpgradeAckResponse: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeAckResponse"
        package var result: ResponseResultType = .init(rawValue: 0)

        package init(result: ResponseResultType = .init(rawValue: 0)) {
            self.result = result
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: result = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(result.rawValue))
        }
    }

    package struct MsgChannelUpgradeConfirm: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeConfirm"
        package var portID: String = ""
        package var channelID: String = ""
        package var counterpartyChannelState: State = .init(rawValue: 0)
        package var counterpartyUpgrade: Upgrade
        package var proofChannel: [UInt8] = []
        package var proofUpgrade: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress

        package init(
            portID: String = "", channelID: String = "", counterpartyChannelState: State = .init(rawValue: 0),
            counterpartyUpgrade: Upgrade, proofChannel: [UInt8] = [], proofUpgrade: [UInt8] = [],
            proofHeight: IBCCoreClientV1.Height, signer: AccountAddress
        ) {
            (self.portID, self.channelID, self.counterpartyChannelState) = (portID, channelID, counterpartyChannelState)
            (self.counterpartyUpgrade, self.proofChannel) = (counterpartyUpgrade, proofChannel)
            (self.proofUpgrade, self.proofHeight, self.signer) = (proofUpgrade, proofHeight, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7, 8])
            var counterpartyUpgrade: Upgrade?
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: counterpartyChannelState = try field.enumeration()
                case 4: counterpartyUpgrade = try field.message()
                case 5: proofChannel = try field.bytes()
                case 6: proofUpgrade = try field.bytes()
                case 7: proofHeight = try field.message()
                case 8: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.counterpartyUpgrade = try presentOrAbsent(counterpartyUpgrade, policy)
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 8)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.int64(3, Int64(counterpartyChannelState.rawValue))
            writer.embed(4, counterpartyUpgrade)
            writer.bytes(5, proofChannel)
            writer.bytes(6, proofUpgrade)
            writer.embed(7, proofHeight)
            writer.string(8, signer.description)
        }
    }

    package struct MsgChannelUpgradeConfirmResponse: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeConfirmResponse"
        package var result: ResponseResultType = .init(rawValue: 0)

        package init(result: ResponseResultType = .init(rawValue: 0)) {
            self.result = result
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: result = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(result.rawValue))
        }
    }

    package struct MsgChannelUpgradeOpen: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeOpen"
        package var portID: String = ""
        package var channelID: String = ""
        package var counterpartyChannelState: State = .init(rawValue: 0)
        package var counterpartyUpgradeSequence: UInt64 = 0
        package var proofChannel: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress

        package init(
            portID: String = "", channelID: String = "", counterpartyChannelState: State = .init(rawValue: 0),
            counterpartyUpgradeSequence: UInt64 = 0, proofChannel: [UInt8] = [], proofHeight: IBCCoreClientV1.Height,
            signer: AccountAddress
        ) {
            (self.portID, self.channelID, self.counterpartyChannelState) = (portID, channelID, counterpartyChannelState)
            (self.counterpartyUpgradeSequence, self.proofChannel) = (counterpartyUpgradeSequence, proofChannel)
            (self.proofHeight, self.signer) = (proofHeight, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7])
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: counterpartyChannelState = try field.enumeration()
                case 4: counterpartyUpgradeSequence = try field.uint64()
                case 5: proofChannel = try field.bytes()
                case 6: proofHeight = try field.message()
                case 7: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 7)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.int64(3, Int64(counterpartyChannelState.rawValue))
            writer.uint64(4, counterpartyUpgradeSequence)
            writer.bytes(5, proofChannel)
            writer.embed(6, proofHeight)
            writer.string(7, signer.description)
        }
    }

    package struct MsgChannelUpgradeOpenResponse: FieldlessMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeOpenResponse"

        package init() {}
    }

    package struct MsgChannelUpgradeTimeout: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeTimeout"
        package var portID: String = ""
        package var channelID: String = ""
        package var counterpartyChannel: Channel
        package var proofChannel: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress

        package init(
            portID: String = "", channelID: String = "", counterpartyChannel: Channel, proofChannel: [UInt8] = [],
            proofHeight: IBCCoreClientV1.Height, signer: AccountAddress
        ) {
            (self.portID, self.channelID, self.counterpartyChannel) = (portID, channelID, counterpartyChannel)
            (self.proofChannel, self.proofHeight, self.signer) = (proofChannel, proofHeight, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6])
            var counterpartyChannel: Channel?
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: counterpartyChannel = try field.message()
                case 4: proofChannel = try field.bytes()
                case 5: proofHeight = try field.message()
                case 6: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.counterpartyChannel = try presentOrAbsent(counterpartyChannel, policy)
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 6)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.embed(3, counterpartyChannel)
            writer.bytes(4, proofChannel)
            writer.embed(5, proofHeight)
            writer.string(6, signer.description)
        }
    }

    package struct MsgChannelUpgradeTimeoutResponse: FieldlessMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeTimeoutResponse"

        package init() {}
    }

    package struct MsgChannelUpgradeCancel: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeCancel"
        package var portID: String = ""
        package var channelID: String = ""
        package var errorReceipt: ErrorReceipt
        package var proofErrorReceipt: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress

        package init(
            portID: String = "", channelID: String = "", errorReceipt: ErrorReceipt, proofErrorReceipt: [UInt8] = [],
            proofHeight: IBCCoreClientV1.Height, signer: AccountAddress
        ) {
            (self.portID, self.channelID, self.errorReceipt) = (portID, channelID, errorReceipt)
            (self.proofErrorReceipt, self.proofHeight, self.signer) = (proofErrorReceipt, proofHeight, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6])
            var errorReceipt: ErrorReceipt?
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: errorReceipt = try field.message()
                case 4: proofErrorReceipt = try field.bytes()
                case 5: proofHeight = try field.message()
                case 6: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.errorReceipt = try presentOrAbsent(errorReceipt, policy)
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 6)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.embed(3, errorReceipt)
            writer.bytes(4, proofErrorReceipt)
            writer.embed(5, proofHeight)
            writer.string(6, signer.description)
        }
    }

    package struct MsgChannelUpgradeCancelResponse: FieldlessMessage {
        package static let name = "ibc.core.channel.v1.MsgChannelUpgradeCancelResponse"

        package init() {}
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgUpdateParams"
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
        package static let name = "ibc.core.channel.v1.MsgUpdateParamsResponse"

        package init() {}
    }

    package struct MsgPruneAcknowledgements: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgPruneAcknowledgements"
        package var portID: String = ""
        package var channelID: String = ""
        package var limit: UInt64 = 0
        package var signer: AccountAddress

        package init(portID: String = "", channelID: String = "", limit: UInt64 = 0, signer: AccountAddress) {
            (self.portID, self.channelID, self.limit, self.signer) = (portID, channelID, limit, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: portID = try field.string()
                case 2: channelID = try field.string()
                case 3: limit = try field.uint64()
                case 4: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.signer = try required(signer, 4)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, portID)
            writer.string(2, channelID)
            writer.uint64(3, limit)
            writer.string(4, signer.description)
        }
    }

    package struct MsgPruneAcknowledgementsResponse: ChainMessage {
        package static let name = "ibc.core.channel.v1.MsgPruneAcknowledgementsResponse"
        package var totalPrunedSequences: UInt64 = 0
        package var totalRemainingSequences: UInt64 = 0

        package init(totalPrunedSequences: UInt64 = 0, totalRemainingSequences: UInt64 = 0) {
            (self.totalPrunedSequences, self.totalRemainingSequences) = (totalPrunedSequences, totalRemainingSequences)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: totalPrunedSequences = try field.uint64()
                case 2: totalRemainingSequences = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, totalPrunedSequences)
            writer.uint64(2, totalRemainingSequences)
        }
    }

    package struct ResponseResultType: RawRepresentable, Hashable, Sendable {
        package static let unspecified = ResponseResultType(rawValue: 0)
        package static let noop = ResponseResultType(rawValue: 1)
        package static let success = ResponseResultType(rawValue: 2)
        package static let failure = ResponseResultType(rawValue: 3)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package struct Upgrade: ChainMessage {
        package static let name = "ibc.core.channel.v1.Upgrade"
        package var fields: UpgradeFields
        package var timeout: Timeout
        package var nextSequenceSend: UInt64 = 0

        package init(fields: UpgradeFields, timeout: Timeout, nextSequenceSend: UInt64 = 0) {
            (self.fields, self.timeout, self.nextSequenceSend) = (fields, timeout, nextSequenceSend)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var fieldsValue: UpgradeFields?
            var timeout: Timeout?
            while let field = try fields.next() {
                switch field.number {
                case 1: fieldsValue = try field.message()
                case 2: timeout = try field.message()
                case 3: nextSequenceSend = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.fields = try presentOrAbsent(fieldsValue, policy)
            self.timeout = try presentOrAbsent(timeout, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, fields)
            writer.embed(2, timeout)
            writer.uint64(3, nextSequenceSend)
        }
    }

    package struct UpgradeFields: ChainMessage {
        package static let name = "ibc.core.channel.v1.UpgradeFields"
        package var ordering: Order = .init(rawValue: 0)
        package var connectionHops: [String] = []
        package var version: String = ""

        package init(ordering: Order = .init(rawValue: 0), connectionHops: [String] = [], version: String = "") {
            (self.ordering, self.connectionHops, self.version) = (ordering, connectionHops, version)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: ordering = try field.enumeration()
                case 2: connectionHops.append(try field.string())
                case 3: version = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(ordering.rawValue))
            writer.strings(2, connectionHops)
            writer.string(3, version)
        }
    }

    package struct ErrorReceipt: ChainMessage {
        package static let name = "ibc.core.channel.v1.ErrorReceipt"
        package var sequence: UInt64 = 0
        package var message: String = ""

        package init(sequence: UInt64 = 0, message: String = "") {
            (self.sequence, self.message) = (sequence, message)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: sequence = try field.uint64()
                case 2: message = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, sequence)
            writer.string(2, message)
        }
    }
}
