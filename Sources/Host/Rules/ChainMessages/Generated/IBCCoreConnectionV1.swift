// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `ibc.core.connection.v1`.
package enum IBCCoreConnectionV1 {
    package struct Counterparty: ChainMessage {
        package static let name = "ibc.core.connection.v1.Counterparty"
        package var clientID: String = ""
        package var connectionID: String = ""
        package var prefix: IBCCoreCommitmentV1.MerklePrefix

        package init(clientID: String = "", connectionID: String = "", prefix: IBCCoreCommitmentV1.MerklePrefix) {
            (self.clientID, self.connectionID, self.prefix) = (clientID, connectionID, prefix)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var prefix: IBCCoreCommitmentV1.MerklePrefix?
            while let field = try fields.next() {
                switch field.number {
                case 1: clientID = try field.string()
                case 2: connectionID = try field.string()
                case 3: prefix = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.prefix = try presentOrAbsent(prefix, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, clientID)
            writer.string(2, connectionID)
            writer.embed(3, prefix)
        }
    }

    package struct Version: ChainMessage {
        package static let name = "ibc.core.connection.v1.Version"
        package var identifier: String = ""
        package var features: [String] = []

        package init(identifier: String = "", features: [String] = []) {
            (self.identifier, self.features) = (identifier, features)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: identifier = try field.string()
                case 2: features.append(try field.string())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, identifier)
            writer.strings(2, features)
        }
    }

    package struct Params: ChainMessage {
        package static let name = "ibc.core.connection.v1.Params"
        package var maxExpectedTimePerBlock: UInt64 = 0

        package init(maxExpectedTimePerBlock: UInt64 = 0) {
            self.maxExpectedTimePerBlock = maxExpectedTimePerBlock
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: maxExpectedTimePerBlock = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, maxExpectedTimePerBlock)
        }
    }

    package enum Msg {
        package static let connectionOpenInit = ChainMethod<MsgConnectionOpenInit, MsgConnectionOpenInitResponse>(
            "/ibc.core.connection.v1.Msg/ConnectionOpenInit"
        )
        package static let connectionOpenTry = ChainMethod<MsgConnectionOpenTry, MsgConnectionOpenTryResponse>(
            "/ibc.core.connection.v1.Msg/ConnectionOpenTry"
        )
        package static let connectionOpenAck = ChainMethod<MsgConnectionOpenAck, MsgConnectionOpenAckResponse>(
            "/ibc.core.connection.v1.Msg/ConnectionOpenAck"
        )
        package static let connectionOpenConfirm = ChainMethod<
            MsgConnectionOpenConfirm, MsgConnectionOpenConfirmResponse
        >(
            "/ibc.core.connection.v1.Msg/ConnectionOpenConfirm"
        )
        package static let updateConnectionParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/ibc.core.connection.v1.Msg/UpdateConnectionParams"
        )
    }

    package struct MsgConnectionOpenInit: ChainMessage {
        package static let name = "ibc.core.connection.v1.MsgConnectionOpenInit"
        package var clientID: String = ""
        package var counterparty: Counterparty
        package var version: Version?
        package var delayPeriod: UInt64 = 0
        package var signer: AccountAddress

        package init(
            clientID: String = "", counterparty: Counterparty, version: Version? = nil, delayPeriod: UInt64 = 0,
            signer: AccountAddress
        ) {
            (self.clientID, self.counterparty, self.version) = (clientID, counterparty, version)
            (self.delayPeriod, self.signer) = (delayPeriod, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            var counterparty: Counterparty?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: clientID = try field.string()
                case 2: counterparty = try field.message()
                case 3: version = try field.message()
                case 4: delayPeriod = try field.uint64()
                case 5: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.counterparty = try presentOrAbsent(counterparty, policy)
            self.signer = try required(signer, 5)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, clientID)
            writer.embed(2, counterparty)
            if let version { writer.embed(3, version) }
            writer.uint64(4, delayPeriod)
            writer.string(5, signer.description)
        }
    }

    package struct MsgConnectionOpenInitResponse: FieldlessMessage {
        package static let name = "ibc.core.connection.v1.MsgConnectionOpenInitResponse"

        package init() {}
    }

    package struct MsgConnectionOpenTry: ChainMessage {
        package static let name = "ibc.core.connection.v1.MsgConnectionOpenTry"
        package var clientID: String = ""
        package var previousConnectionID: String = ""
        package var clientState: AnyMessage?
        package var counterparty: Counterparty
        package var delayPeriod: UInt64 = 0
        package var counterpartyVersions: [Version] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var proofInit: [UInt8] = []
        package var proofClient: [UInt8] = []
        package var proofConsensus: [UInt8] = []
        package var consensusHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress
        package var hostConsensusStateProof: [UInt8] = []

        package init(
            clientID: String = "", previousConnectionID: String = "", clientState: AnyMessage? = nil,
            counterparty: Counterparty, delayPeriod: UInt64 = 0, counterpartyVersions: [Version] = [],
            proofHeight: IBCCoreClientV1.Height, proofInit: [UInt8] = [], proofClient: [UInt8] = [],
            proofConsensus: [UInt8] = [], consensusHeight: IBCCoreClientV1.Height, signer: AccountAddress,
            hostConsensusStateProof: [UInt8] = []
        ) {
            (self.clientID, self.previousConnectionID, self.clientState) = (clientID, previousConnectionID, clientState)
            (self.counterparty, self.delayPeriod) = (counterparty, delayPeriod)
            (self.counterpartyVersions, self.proofHeight) = (counterpartyVersions, proofHeight)
            (self.proofInit, self.proofClient, self.proofConsensus) = (proofInit, proofClient, proofConsensus)
            (self.consensusHeight, self.signer) = (consensusHeight, signer)
            self.hostConsensusStateProof = hostConsensusStateProof
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 7, 8, 9, 10, 11, 12, 13])
            var counterparty: Counterparty?
            var proofHeight: IBCCoreClientV1.Height?
            var consensusHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: clientID = try field.string()
                case 2: previousConnectionID = try field.string()
                case 3: clientState = try field.message()
                case 4: counterparty = try field.message()
                case 5: delayPeriod = try field.uint64()
                case 6: counterpartyVersions.append(try field.message())
                case 7: proofHeight = try field.message()
                case 8: proofInit = try field.bytes()
                case 9: proofClient = try field.bytes()
                case 10: proofConsensus = try field.bytes()
                case 11: consensusHeight = try field.message()
                case 12: signer = try field.address()
                case 13: hostConsensusStateProof = try field.bytes()
                default: try fields.unknown(field)
                }
            }
            self.counterparty = try presentOrAbsent(counterparty, policy)
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.consensusHeight = try presentOrAbsent(consensusHeight, policy)
            self.signer = try required(signer, 12)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, clientID)
            writer.string(2, previousConnectionID)
            if let clientState { writer.embed(3, clientState) }
            writer.embed(4, counterparty)
            writer.uint64(5, delayPeriod)
            writer.embed(6, counterpartyVersions)
            writer.embed(7, proofHeight)
            writer.bytes(8, proofInit)
            writer.bytes(9, proofClient)
            writer.bytes(10, proofConsensus)
            writer.embed(11, consensusHeight)
            writer.string(12, signer.description)
            writer.bytes(13, hostConsensusStateProof)
        }
    }

    package struct MsgConnectionOpenTryResponse: FieldlessMessage {
        package static let name = "ibc.core.connection.v1.MsgConnectionOpenTryResponse"

        package init() {}
    }

    package struct MsgConnectionOpenAck: ChainMessage {
        package static let name = "ibc.core.connection.v1.MsgConnectionOpenAck"
        package var connectionID: String = ""
        package var counterpartyConnectionID: String = ""
        package var version: Version?
        package var clientState: AnyMessage?
        package var proofHeight: IBCCoreClientV1.Height
        package var proofTry: [UInt8] = []
        package var proofClient: [UInt8] = []
        package var proofConsensus: [UInt8] = []
        package var consensusHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress
        package var hostConsensusStateProof: [UInt8] = []

        package init(
            connectionID: String = "", counterpartyConnectionID: String = "", version: Version? = nil,
            clientState: AnyMessage? = nil, proofHeight: IBCCoreClientV1.Height, proofTry: [UInt8] = [],
            proofClient: [UInt8] = [], proofConsensus: [UInt8] = [], consensusHeight: IBCCoreClientV1.Height,
            signer: AccountAddress, hostConsensusStateProof: [UInt8] = []
        ) {
            (self.connectionID, self.counterpartyConnectionID) = (connectionID, counterpartyConnectionID)
            (self.version, self.clientState, self.proofHeight) = (version, clientState, proofHeight)
            (self.proofTry, self.proofClient, self.proofConsensus) = (proofTry, proofClient, proofConsensus)
            (self.consensusHeight, self.signer) = (consensusHeight, signer)
            self.hostConsensusStateProof = hostConsensusStateProof
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11])
            var proofHeight: IBCCoreClientV1.Height?
            var consensusHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: connectionID = try field.string()
                case 2: counterpartyConnectionID = try field.string()
                case 3: version = try field.message()
                case 4: clientState = try field.message()
                case 5: proofHeight = try field.message()
                case 6: proofTry = try field.bytes()
                case 7: proofClient = try field.bytes()
                case 8: proofConsensus = try field.bytes()
                case 9: consensusHeight = try field.message()
                case 10: signer = try field.address()
                case 11: hostConsensusStateProof = try field.bytes()
                default: try fields.unknown(field)
                }
            }
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.consensusHeight = try presentOrAbsent(consensusHeight, policy)
            self.signer = try required(signer, 10)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, connectionID)
            writer.string(2, counterpartyConnectionID)
            if let version { writer.embed(3, version) }
            if let clientState { writer.embed(4, clientState) }
            writer.embed(5, proofHeight)
            writer.bytes(6, proofTry)
            writer.bytes(7, proofClient)
            writer.bytes(8, proofConsensus)
            writer.embed(9, consensusHeight)
            writer.string(10, signer.description)
            writer.bytes(11, hostConsensusStateProof)
        }
    }

    package struct MsgConnectionOpenAckResponse: FieldlessMessage {
        package static let name = "ibc.core.connection.v1.MsgConnectionOpenAckResponse"

        package init() {}
    }

    package struct MsgConnectionOpenConfirm: ChainMessage {
        package static let name = "ibc.core.connection.v1.MsgConnectionOpenConfirm"
        package var connectionID: String = ""
        package var proofAck: [UInt8] = []
        package var proofHeight: IBCCoreClientV1.Height
        package var signer: AccountAddress

        package init(
            connectionID: String = "", proofAck: [UInt8] = [], proofHeight: IBCCoreClientV1.Height,
            signer: AccountAddress
        ) {
            (self.connectionID, self.proofAck, self.proofHeight) = (connectionID, proofAck, proofHeight)
            self.signer = signer
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var proofHeight: IBCCoreClientV1.Height?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: connectionID = try field.string()
                case 2: proofAck = try field.bytes()
                case 3: proofHeight = try field.message()
                case 4: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.proofHeight = try presentOrAbsent(proofHeight, policy)
            self.signer = try required(signer, 4)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, connectionID)
            writer.bytes(2, proofAck)
            writer.embed(3, proofHeight)
            writer.string(4, signer.description)
        }
    }

    package struct MsgConnectionOpenConfirmResponse: FieldlessMessage {
        package static let name = "ibc.core.connection.v1.MsgConnectionOpenConfirmResponse"

        package init() {}
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "ibc.core.connection.v1.MsgUpdateParams"
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
        package static let name = "ibc.core.connection.v1.MsgUpdateParamsResponse"

        package init() {}
    }
}
