// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `ibc.core.client.v1`.
package enum IBCCoreClientV1 {
    package struct Height: ChainMessage {
        package static let name = "ibc.core.client.v1.Height"
        package var revisionNumber: UInt64 = 0
        package var revisionHeight: UInt64 = 0

        package init(revisionNumber: UInt64 = 0, revisionHeight: UInt64 = 0) {
            (self.revisionNumber, self.revisionHeight) = (revisionNumber, revisionHeight)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: revisionNumber = try field.uint64()
                case 2: revisionHeight = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, revisionNumber)
            writer.uint64(2, revisionHeight)
        }
    }

    package struct Params: ChainMessage {
        package static let name = "ibc.core.client.v1.Params"
        package var allowedClients: [String] = []

        package init(allowedClients: [String] = []) {
            self.allowedClients = allowedClients
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: allowedClients.append(try field.string())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.strings(1, allowedClients)
        }
    }

    package enum Msg {
        package static let createClient = ChainMethod<MsgCreateClient, MsgCreateClientResponse>(
            "/ibc.core.client.v1.Msg/CreateClient"
        )
        package static let updateClient = ChainMethod<MsgUpdateClient, MsgUpdateClientResponse>(
            "/ibc.core.client.v1.Msg/UpdateClient"
        )
        package static let upgradeClient = ChainMethod<MsgUpgradeClient, MsgUpgradeClientResponse>(
            "/ibc.core.client.v1.Msg/UpgradeClient"
        )
        package static let submitMisbehaviour = ChainMethod<MsgSubmitMisbehaviour, MsgSubmitMisbehaviourResponse>(
            "/ibc.core.client.v1.Msg/SubmitMisbehaviour"
        )
        package static let recoverClient = ChainMethod<MsgRecoverClient, MsgRecoverClientResponse>(
            "/ibc.core.client.v1.Msg/RecoverClient"
        )
        package static let ibcSoftwareUpgrade = ChainMethod<MsgIBCSoftwareUpgrade, MsgIBCSoftwareUpgradeResponse>(
            "/ibc.core.client.v1.Msg/IBCSoftwareUpgrade"
        )
        package static let updateClientParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/ibc.core.client.v1.Msg/UpdateClientParams"
        )
    }

    package struct MsgCreateClient: ChainMessage {
        package static let name = "ibc.core.client.v1.MsgCreateClient"
        package var clientState: AnyMessage?
        package var consensusState: AnyMessage?
        package var signer: AccountAddress

        package init(clientState: AnyMessage? = nil, consensusState: AnyMessage? = nil, signer: AccountAddress) {
            (self.clientState, self.consensusState, self.signer) = (clientState, consensusState, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: clientState = try field.message()
                case 2: consensusState = try field.message()
                case 3: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.signer = try required(signer, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            if let clientState { writer.embed(1, clientState) }
            if let consensusState { writer.embed(2, consensusState) }
            writer.string(3, signer.description)
        }
    }

    package struct MsgCreateClientResponse: FieldlessMessage {
        package static let name = "ibc.core.client.v1.MsgCreateClientResponse"

        package init() {}
    }

    package struct MsgUpdateClient: ChainMessage {
        package static let name = "ibc.core.client.v1.MsgUpdateClient"
        package var clientID: String = ""
        package var clientMessage: AnyMessage?
        package var signer: AccountAddress

        package init(clientID: String = "", clientMessage: AnyMessage? = nil, signer: AccountAddress) {
            (self.clientID, self.clientMessage, self.signer) = (clientID, clientMessage, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: clientID = try field.string()
                case 2: clientMessage = try field.message()
                case 3: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.signer = try required(signer, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, clientID)
            if let clientMessage { writer.embed(2, clientMessage) }
            writer.string(3, signer.description)
        }
    }

    package struct MsgUpdateClientResponse: FieldlessMessage {
        package static let name = "ibc.core.client.v1.MsgUpdateClientResponse"

        package init() {}
    }

    package struct MsgUpgradeClient: ChainMessage {
        package static let name = "ibc.core.client.v1.MsgUpgradeClient"
        package var clientID: String = ""
        package var clientState: AnyMessage?
        package var consensusState: AnyMessage?
        package var proofUpgradeClient: [UInt8] = []
        package var proofUpgradeConsensusState: [UInt8] = []
        package var signer: AccountAddress

        package init(
            clientID: String = "", clientState: AnyMessage? = nil, consensusState: AnyMessage? = nil,
            proofUpgradeClient: [UInt8] = [], proofUpgradeConsensusState: [UInt8] = [], signer: AccountAddress
        ) {
            (self.clientID, self.clientState, self.consensusState) = (clientID, clientState, consensusState)
            self.proofUpgradeClient = proofUpgradeClient
            (self.proofUpgradeConsensusState, self.signer) = (proofUpgradeConsensusState, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6])
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: clientID = try field.string()
                case 2: clientState = try field.message()
                case 3: consensusState = try field.message()
                case 4: proofUpgradeClient = try field.bytes()
                case 5: proofUpgradeConsensusState = try field.bytes()
                case 6: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.signer = try required(signer, 6)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, clientID)
            if let clientState { writer.embed(2, clientState) }
            if let consensusState { writer.embed(3, consensusState) }
            writer.bytes(4, proofUpgradeClient)
            writer.bytes(5, proofUpgradeConsensusState)
            writer.string(6, signer.description)
        }
    }

    package struct MsgUpgradeClientResponse: FieldlessMessage {
        package static let name = "ibc.core.client.v1.MsgUpgradeClientResponse"

        package init() {}
    }

    package struct MsgSubmitMisbehaviour: ChainMessage {
        package static let name = "ibc.core.client.v1.MsgSubmitMisbehaviour"
        package var clientID: String = ""
        package var misbehaviour: AnyMessage?
        package var signer: AccountAddress

        package init(clientID: String = "", misbehaviour: AnyMessage? = nil, signer: AccountAddress) {
            (self.clientID, self.misbehaviour, self.signer) = (clientID, misbehaviour, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: clientID = try field.string()
                case 2: misbehaviour = try field.message()
                case 3: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.signer = try required(signer, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, clientID)
            if let misbehaviour { writer.embed(2, misbehaviour) }
            writer.string(3, signer.description)
        }
    }

    package struct MsgSubmitMisbehaviourResponse: FieldlessMessage {
        package static let name = "ibc.core.client.v1.MsgSubmitMisbehaviourResponse"

        package init() {}
    }

    package struct MsgRecoverClient: ChainMessage {
        package static let name = "ibc.core.client.v1.MsgRecoverClient"
        package var subjectClientID: String = ""
        package var substituteClientID: String = ""
        package var signer: AccountAddress

        package init(subjectClientID: String = "", substituteClientID: String = "", signer: AccountAddress) {
            (self.subjectClientID, self.substituteClientID, self.signer) = (subjectClientID, substituteClientID, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: subjectClientID = try field.string()
                case 2: substituteClientID = try field.string()
                case 3: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.signer = try required(signer, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, subjectClientID)
            writer.string(2, substituteClientID)
            writer.string(3, signer.description)
        }
    }

    package struct MsgRecoverClientResponse: FieldlessMessage {
        package static let name = "ibc.core.client.v1.MsgRecoverClientResponse"

        package init() {}
    }

    package struct MsgIBCSoftwareUpgrade: ChainMessage {
        package static let name = "ibc.core.client.v1.MsgIBCSoftwareUpgrade"
        package var plan: UpgradeV1beta1.Plan
        package var upgradedClientState: AnyMessage?
        package var signer: AccountAddress

        package init(plan: UpgradeV1beta1.Plan, upgradedClientState: AnyMessage? = nil, signer: AccountAddress) {
            (self.plan, self.upgradedClientState, self.signer) = (plan, upgradedClientState, signer)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var plan: UpgradeV1beta1.Plan?
            var signer: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: plan = try field.message()
                case 2: upgradedClientState = try field.message()
                case 3: signer = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.plan = try presentOrAbsent(plan, policy)
            self.signer = try required(signer, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, plan)
            if let upgradedClientState { writer.embed(2, upgradedClientState) }
            writer.string(3, signer.description)
        }
    }

    package struct MsgIBCSoftwareUpgradeResponse: FieldlessMessage {
        package static let name = "ibc.core.client.v1.MsgIBCSoftwareUpgradeResponse"

        package init() {}
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "ibc.core.client.v1.MsgUpdateParams"
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
        package static let name = "ibc.core.client.v1.MsgUpdateParamsResponse"

        package init() {}
    }
}
