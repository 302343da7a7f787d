// Made by proto/chain_messages.py from proto/chain. Do not edit.

import ExactNumbers
import SignedTransactions
import Wire

/// `secret.compute.v1beta1`.
package enum ComputeV1beta1 {
    package enum Msg {
        package static let storeCode = ChainMethod<MsgStoreCode, MsgStoreCodeResponse>(
            "/secret.compute.v1beta1.Msg/StoreCode"
        )
        package static let instantiateContract = ChainMethod<MsgInstantiateContract, MsgInstantiateContractResponse>(
            "/secret.compute.v1beta1.Msg/InstantiateContract"
        )
        package static let executeContract = ChainMethod<MsgExecuteContract, MsgExecuteContractResponse>(
            "/secret.compute.v1beta1.Msg/ExecuteContract"
        )
        package static let migrateContract = ChainMethod<MsgMigrateContract, MsgMigrateContractResponse>(
            "/secret.compute.v1beta1.Msg/MigrateContract"
        )
        package static let updateAdmin = ChainMethod<MsgUpdateAdmin, MsgUpdateAdminResponse>(
            "/secret.compute.v1beta1.Msg/UpdateAdmin"
        )
        package static let clearAdmin = ChainMethod<MsgClearAdmin, MsgClearAdminResponse>(
            "/secret.compute.v1beta1.Msg/ClearAdmin"
        )
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/secret.compute.v1beta1.Msg/UpdateParams"
        )
        package static let upgradeProposalPassed = ChainMethod<
            MsgUpgradeProposalPassed, MsgUpgradeProposalPassedResponse
        >(
            "/secret.compute.v1beta1.Msg/UpgradeProposalPassed"
        )
        package static let contractGovernanceProposal = ChainMethod<
            MsgContractGovernanceProposal, MsgContractGovernanceProposalResponse
        >(
            "/secret.compute.v1beta1.Msg/ContractGovernanceProposal"
        )
        package static let migrateContractProposal = ChainMethod<
            MsgMigrateContractProposal, MsgMigrateContractProposalResponse
        >(
            "/secret.compute.v1beta1.Msg/MigrateContractProposal"
        )
        package static let setContractGovernance = ChainMethod<
            MsgSetContractGovernance, MsgSetContractGovernanceResponse
        >(
            "/secret.compute.v1beta1.Msg/SetContractGovernance"
        )
        package static let updateMachineWhitelistProposal = ChainMethod<
            MsgUpdateMachineWhitelistProposal, MsgUpdateMachineWhitelistProposalResponse
        >(
            "/secret.compute.v1beta1.Msg/UpdateMachineWhitelistProposal"
        )
        package static let updateMachineWhitelist = ChainMethod<
            MsgUpdateMachineWhitelist, MsgUpdateMachineWhitelistResponse
        >(
            "/secret.compute.v1beta1.Msg/UpdateMachineWhitelist"
        )
    }

    package struct MsgStoreCode: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgStoreCode"
        package var sender: AccountAddress
        package var wasmByteCode: [UInt8] = []
        package var source: String = ""
        package var builder: String = ""

        package init(sender: AccountAddress, wasmByteCode: [UInt8] = [], source: String = "", builder: String = "") {
            (self.sender, self.wasmByteCode, self.source, self.builder) = (sender, wasmByteCode, source, builder)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var sender: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: sender = try field.addressBytes()
                case 2: wasmByteCode = try field.bytes()
                case 3: source = try field.string()
                case 4: builder = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.sender = try required(sender, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, sender.bytes)
            writer.bytes(2, wasmByteCode)
            writer.string(3, source)
            writer.string(4, builder)
        }
    }

    package struct MsgStoreCodeResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgStoreCodeResponse"
        package var codeID: UInt64 = 0

        package init(codeID: UInt64 = 0) {
            self.codeID = codeID
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: codeID = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, codeID)
        }
    }

    package struct MsgInstantiateContract: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgInstantiateContract"
        package var sender: AccountAddress
        package var callbackCodeHash: String = ""
        package var codeID: UInt64 = 0
        package var label: String = ""
        package var initMsg: [UInt8] = []
        package var initFunds: [Coin] = []
        package var callbackSig: [UInt8] = []
        package var admin: AccountAddress?

        package init(
            sender: AccountAddress, callbackCodeHash: String = "", codeID: UInt64 = 0, label: String = "",
            initMsg: [UInt8] = [], initFunds: [Coin] = [], callbackSig: [UInt8] = [], admin: AccountAddress? = nil
        ) {
            (self.sender, self.callbackCodeHash, self.codeID, self.label) = (sender, callbackCodeHash, codeID, label)
            (self.initMsg, self.initFunds, self.callbackSig, self.admin) = (initMsg, initFunds, callbackSig, admin)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 7, 8])
            var sender: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: sender = try field.addressBytes()
                case 2: callbackCodeHash = try field.string()
                case 3: codeID = try field.uint64()
                case 4: label = try field.string()
                case 5: initMsg = try field.bytes()
                case 6: initFunds.append(try field.message())
                case 7: callbackSig = try field.bytes()
                case 8: admin = try field.addressOrNone()
                default: try fields.unknown(field)
                }
            }
            self.sender = try required(sender, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, sender.bytes)
            writer.string(2, callbackCodeHash)
            writer.uint64(3, codeID)
            writer.string(4, label)
            writer.bytes(5, initMsg)
            writer.embed(6, initFunds)
            writer.bytes(7, callbackSig)
            if let admin { writer.string(8, admin.description) }
        }
    }

    package struct MsgInstantiateContractResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgInstantiateContractResponse"
        package var address: AccountAddress
        package var data: [UInt8] = []

        package init(address: AccountAddress, data: [UInt8] = []) {
            (self.address, self.data) = (address, data)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: data = try field.bytes()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            writer.bytes(2, data)
        }
    }

    package struct MsgExecuteContract: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgExecuteContract"
        package var sender: AccountAddress
        package var contract: AccountAddress
        package var msg: [UInt8] = []
        package var callbackCodeHash: String = ""
        package var sentFunds: [Coin] = []
        package var callbackSig: [UInt8] = []

        package init(
            sender: AccountAddress, contract: AccountAddress, msg: [UInt8] = [], callbackCodeHash: String = "",
            sentFunds: [Coin] = [], callbackSig: [UInt8] = []
        ) {
            (self.sender, self.contract, self.msg, self.callbackCodeHash) = (sender, contract, msg, callbackCodeHash)
            (self.sentFunds, self.callbackSig) = (sentFunds, callbackSig)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 6])
            var sender: AccountAddress?
            var contract: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: sender = try field.addressBytes()
                case 2: contract = try field.addressBytes()
                case 3: msg = try field.bytes()
                case 4: callbackCodeHash = try field.string()
                case 5: sentFunds.append(try field.message())
                case 6: callbackSig = try field.bytes()
                default: try fields.unknown(field)
                }
            }
            self.sender = try required(sender, 1)
            self.contract = try required(contract, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, sender.bytes)
            writer.bytes(2, contract.bytes)
            writer.bytes(3, msg)
            writer.string(4, callbackCodeHash)
            writer.embed(5, sentFunds)
            writer.bytes(6, callbackSig)
        }
    }

    package struct MsgExecuteContractResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgExecuteContractResponse"
        package var data: [UInt8] = []

        package init(data: [UInt8] = []) {
            self.data = data
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: data = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, data)
        }
    }

    package struct MsgMigrateContract: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgMigrateContract"
        package var sender: AccountAddress
        package var contract: AccountAddress
        package var codeID: UInt64 = 0
        package var msg: [UInt8] = []
        package var callbackSig: [UInt8] = []
        package var callbackCodeHash: String = ""

        package init(
            sender: AccountAddress, contract: AccountAddress, codeID: UInt64 = 0, msg: [UInt8] = [],
            callbackSig: [UInt8] = [], callbackCodeHash: String = ""
        ) {
            (self.sender, self.contract, self.codeID, self.msg) = (sender, contract, codeID, msg)
            (self.callbackSig, self.callbackCodeHash) = (callbackSig, callbackCodeHash)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 7, 8])
            var sender: AccountAddress?
            var contract: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: sender = try field.address()
                case 2: contract = try field.address()
                case 3: codeID = try field.uint64()
                case 4: msg = try field.bytes()
                case 7: callbackSig = try field.bytes()
                case 8: callbackCodeHash = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.sender = try required(sender, 1)
            self.contract = try required(contract, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, sender.description)
            writer.string(2, contract.description)
            writer.uint64(3, codeID)
            writer.bytes(4, msg)
            writer.bytes(7, callbackSig)
            writer.string(8, callbackCodeHash)
        }
    }

    package struct MsgMigrateContractResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgMigrateContractResponse"
        package var data: [UInt8] = []

        package init(data: [UInt8] = []) {
            self.data = data
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: data = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, data)
        }
    }

    package struct MsgUpdateAdmin: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgUpdateAdmin"
        package var sender: AccountAddress
        package var newAdmin: AccountAddress
        package var contract: AccountAddress
        package var callbackSig: [UInt8] = []

        package init(
            sender: AccountAddress, newAdmin: AccountAddress, contract: AccountAddress, callbackSig: [UInt8] = []
        ) {
            (self.sender, self.newAdmin, self.contract, self.callbackSig) = (sender, newAdmin, contract, callbackSig)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 7])
            var sender: AccountAddress?
            var newAdmin: AccountAddress?
            var contract: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: sender = try field.address()
                case 2: newAdmin = try field.address()
                case 3: contract = try field.address()
                case 7: callbackSig = try field.bytes()
                default: try fields.unknown(field)
                }
            }
            self.sender = try required(sender, 1)
            self.newAdmin = try required(newAdmin, 2)
            self.contract = try required(contract, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, sender.description)
            writer.string(2, newAdmin.description)
            writer.string(3, contract.description)
            writer.bytes(7, callbackSig)
        }
    }

    package struct MsgUpdateAdminResponse: FieldlessMessage {
        package static let name = "secret.compute.v1beta1.MsgUpdateAdminResponse"

        package init() {}
    }

    package struct MsgClearAdmin: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgClearAdmin"
        package var sender: AccountAddress
        package var contract: AccountAddress
        package var callbackSig: [UInt8] = []

        package init(sender: AccountAddress, contract: AccountAddress, callbackSig: [UInt8] = []) {
            (self.sender, self.contract, self.callbackSig) = (sender, contract, callbackSig)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 3, 7])
            var sender: AccountAddress?
            var contract: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: sender = try field.address()
                case 3: contract = try field.address()
                case 7: callbackSig = try field.bytes()
                default: try fields.unknown(field)
                }
            }
            self.sender = try required(sender, 1)
            self.contract = try required(contract, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, sender.description)
            writer.string(3, contract.description)
            writer.bytes(7, callbackSig)
        }
    }

    package struct MsgClearAdminResponse: FieldlessMessage {
        package static let name = "secret.compute.v1beta1.MsgClearAdminResponse"

        package init() {}
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgUpdateParams"
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
        package static let name = "secret.compute.v1beta1.MsgUpdateParamsResponse"

        package init() {}
    }

    package struct MsgUpgradeProposalPassed: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgUpgradeProposalPassed"
        package var senderAddress: AccountAddress
        package var mrEnclaveHash: [UInt8] = []

        package init(senderAddress: AccountAddress, mrEnclaveHash: [UInt8] = []) {
            (self.senderAddress, self.mrEnclaveHash) = (senderAddress, mrEnclaveHash)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var senderAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: senderAddress = try field.address()
                case 2: mrEnclaveHash = try field.bytes()
                default: try fields.unknown(field)
                }
            }
            self.senderAddress = try required(senderAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, senderAddress.description)
            writer.bytes(2, mrEnclaveHash)
        }
    }

    package struct MsgUpgradeProposalPassedResponse: FieldlessMessage {
        package static let name = "secret.compute.v1beta1.MsgUpgradeProposalPassedResponse"

        package init() {}
    }

    package struct MigratedContract: ChainMessage {
        package static let name = "secret.compute.v1beta1.MigratedContract"
        package var address: AccountAddress
        package var newCodeID: UInt64 = 0

        package init(address: AccountAddress, newCodeID: UInt64 = 0) {
            (self.address, self.newCodeID) = (address, newCodeID)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: newCodeID = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            writer.uint64(2, newCodeID)
        }
    }

    package struct UpdatedAdmin: ChainMessage {
        package static let name = "secret.compute.v1beta1.UpdatedAdmin"
        package var address: AccountAddress
        package var newAdmin: AccountAddress?

        package init(address: AccountAddress, newAdmin: AccountAddress? = nil) {
            (self.address, self.newAdmin) = (address, newAdmin)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: newAdmin = try field.addressOrNone()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            if let newAdmin { writer.string(2, newAdmin.description) }
        }
    }

    package struct MsgContractGovernanceProposal: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgContractGovernanceProposal"
        package var authority: AccountAddress
        package var title: String = ""
        package var description: String = ""
        package var contracts: [MigratedContract] = []
        package var adminUpdates: [UpdatedAdmin] = []

        package init(
            authority: AccountAddress, title: String = "", description: String = "", contracts: [MigratedContract] = [],
            adminUpdates: [UpdatedAdmin] = []
        ) {
            (self.authority, self.title, self.description, self.contracts) = (authority, title, description, contracts)
            self.adminUpdates = adminUpdates
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: title = try field.string()
                case 3: description = try field.string()
                case 4: contracts.append(try field.message())
                case 5: adminUpdates.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.string(2, title)
            writer.string(3, description)
            writer.embed(4, contracts)
            writer.embed(5, adminUpdates)
        }
    }

    package struct MsgContractGovernanceProposalResponse: FieldlessMessage {
        package static let name = "secret.compute.v1beta1.MsgContractGovernanceProposalResponse"

        package init() {}
    }

    package struct MsgMigrateContractProposal: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgMigrateContractProposal"
        package var authority: AccountAddress
        package var title: String = ""
        package var description: String = ""
        package var contracts: [MigratedContract] = []

        package init(
            authority: AccountAddress, title: String = "", description: String = "", contracts: [MigratedContract] = []
        ) {
            (self.authority, self.title, self.description, self.contracts) = (authority, title, description, contracts)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: title = try field.string()
                case 3: description = try field.string()
                case 4: contracts.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.string(2, title)
            writer.string(3, description)
            writer.embed(4, contracts)
        }
    }

    package struct MsgMigrateContractProposalResponse: FieldlessMessage {
        package static let name = "secret.compute.v1beta1.MsgMigrateContractProposalResponse"

        package init() {}
    }

    package struct MsgSetContractGovernance: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgSetContractGovernance"
        package var sender: AccountAddress
        package var contractAddress: AccountAddress

        package init(sender: AccountAddress, contractAddress: AccountAddress) {
            (self.sender, self.contractAddress) = (sender, contractAddress)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var sender: AccountAddress?
            var contractAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: sender = try field.address()
                case 2: contractAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.sender = try required(sender, 1)
            self.contractAddress = try required(contractAddress, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, sender.description)
            writer.string(2, contractAddress.description)
        }
    }

    package struct MsgSetContractGovernanceResponse: FieldlessMessage {
        package static let name = "secret.compute.v1beta1.MsgSetContractGovernanceResponse"

        package init() {}
    }

    package struct MsgUpdateMachineWhitelistProposal: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgUpdateMachineWhitelistProposal"
        package var authority: AccountAddress
        package var title: String = ""
        package var description: String = ""
        package var machineID: String = ""

        package init(authority: AccountAddress, title: String = "", description: String = "", machineID: String = "") {
            (self.authority, self.title, self.description, self.machineID) = (authority, title, description, machineID)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: title = try field.string()
                case 3: description = try field.string()
                case 4: machineID = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.string(2, title)
            writer.string(3, description)
            writer.string(4, machineID)
        }
    }

    package struct MsgUpdateMachineWhitelistProposalResponse: FieldlessMessage {
        package static let name = "secret.compute.v1beta1.MsgUpdateMachineWhitelistProposalResponse"

        package init() {}
    }

    package struct MsgUpdateMachineWhitelist: ChainMessage {
        package static let name = "secret.compute.v1beta1.MsgUpdateMachineWhitelist"
        package var sender: AccountAddress
        package var proposalID: UInt64 = 0
        package var machineID: String = ""

        package init(sender: AccountAddress, proposalID: UInt64 = 0, machineID: String = "") {
            (self.sender, self.proposalID, self.machineID) = (sender, proposalID, machineID)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var sender: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: sender = try field.address()
                case 2: proposalID = try field.uint64()
                case 3: machineID = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.sender = try required(sender, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, sender.description)
            writer.uint64(2, proposalID)
            writer.string(3, machineID)
        }
    }

    package struct MsgUpdateMachineWhitelistResponse: FieldlessMessage {
        package static let name = "secret.compute.v1beta1.MsgUpdateMachineWhitelistResponse"

        package init() {}
    }

    package enum Query {
        package static let contractInfo = ChainMethod<QueryByContractAddressRequest, QueryContractInfoResponse>(
            "/secret.compute.v1beta1.Query/ContractInfo"
        )
        package static let contractsByCodeId = ChainMethod<QueryByCodeIdRequest, QueryContractsByCodeIdResponse>(
            "/secret.compute.v1beta1.Query/ContractsByCodeId"
        )
        package static let querySecretContract = ChainMethod<QuerySecretContractRequest, QuerySecretContractResponse>(
            "/secret.compute.v1beta1.Query/QuerySecretContract"
        )
        package static let code = ChainMethod<QueryByCodeIdRequest, QueryCodeResponse>(
            "/secret.compute.v1beta1.Query/Code"
        )
        package static let codes = ChainMethod<EmptyMessage, QueryCodesResponse>("/secret.compute.v1beta1.Query/Codes")
        package static let codeHashByContractAddress = ChainMethod<
            QueryByContractAddressRequest, QueryCodeHashResponse
        >(
            "/secret.compute.v1beta1.Query/CodeHashByContractAddress"
        )
        package static let codeHashByCodeId = ChainMethod<QueryByCodeIdRequest, QueryCodeHashResponse>(
            "/secret.compute.v1beta1.Query/CodeHashByCodeId"
        )
        package static let labelByAddress = ChainMethod<QueryByContractAddressRequest, QueryContractLabelResponse>(
            "/secret.compute.v1beta1.Query/LabelByAddress"
        )
        package static let addressByLabel = ChainMethod<QueryByLabelRequest, QueryContractAddressResponse>(
            "/secret.compute.v1beta1.Query/AddressByLabel"
        )
        package static let contractHistory = ChainMethod<QueryContractHistoryRequest, QueryContractHistoryResponse>(
            "/secret.compute.v1beta1.Query/ContractHistory"
        )
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>(
            "/secret.compute.v1beta1.Query/Params"
        )
    }

    package struct QuerySecretContractRequest: ChainMessage {
        package static let name = "secret.compute.v1beta1.QuerySecretContractRequest"
        package var contractAddress: AccountAddress
        package var query: [UInt8] = []

        package init(contractAddress: AccountAddress, query: [UInt8] = []) {
            (self.contractAddress, self.query) = (contractAddress, query)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var contractAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: contractAddress = try field.address()
                case 2: query = try field.bytes()
                default: try fields.unknown(field)
                }
            }
            self.contractAddress = try required(contractAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, contractAddress.description)
            writer.bytes(2, query)
        }
    }

    package struct QuerySecretContractResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.QuerySecretContractResponse"
        package var data: [UInt8] = []

        package init(data: [UInt8] = []) {
            self.data = data
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: data = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, data)
        }
    }

    package struct QueryByLabelRequest: ChainMessage {
        package static let name = "secret.compute.v1beta1.QueryByLabelRequest"
        package var label: String = ""

        package init(label: String = "") {
            self.label = label
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: label = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, label)
        }
    }

    package struct QueryByContractAddressRequest: ChainMessage {
        package static let name = "secret.compute.v1beta1.QueryByContractAddressRequest"
        package var contractAddress: AccountAddress

        package init(contractAddress: AccountAddress) {
            self.contractAddress = contractAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var contractAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: contractAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.contractAddress = try required(contractAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, contractAddress.description)
        }
    }

    package struct QueryByCodeIdRequest: ChainMessage {
        package static let name = "secret.compute.v1beta1.QueryByCodeIdRequest"
        package var codeID: UInt64 = 0

        package init(codeID: UInt64 = 0) {
            self.codeID = codeID
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: codeID = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, codeID)
        }
    }

    package struct QueryContractInfoResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.QueryContractInfoResponse"
        package var contractAddress: AccountAddress
        package var contractInfo: ContractInfo?

        package init(contractAddress: AccountAddress, contractInfo: ContractInfo? = nil) {
            (self.contractAddress, self.contractInfo) = (contractAddress, contractInfo)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var contractAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: contractAddress = try field.address()
                case 2: contractInfo = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.contractAddress = try required(contractAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, contractAddress.description)
            if let contractInfo { writer.embed(2, contractInfo) }
        }
    }

    package struct ContractInfoWithAddress: ChainMessage {
        package static let name = "secret.compute.v1beta1.ContractInfoWithAddress"
        package var contractAddress: AccountAddress
        package var contractInfo: ContractInfo?

        package init(contractAddress: AccountAddress, contractInfo: ContractInfo? = nil) {
            (self.contractAddress, self.contractInfo) = (contractAddress, contractInfo)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var contractAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: contractAddress = try field.address()
                case 2: contractInfo = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.contractAddress = try required(contractAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, contractAddress.description)
            if let contractInfo { writer.embed(2, contractInfo) }
        }
    }

    package struct QueryContractsByCodeIdResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.QueryContractsByCodeIdResponse"
        package var contractInfos: [ContractInfoWithAddress] = []

        package init(contractInfos: [ContractInfoWithAddress] = []) {
            self.contractInfos = contractInfos
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: contractInfos.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, contractInfos)
        }
    }

    package struct CodeInfoResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.CodeInfoResponse"
        package var codeID: UInt64 = 0
        package var creator: AccountAddress
        package var codeHash: String = ""
        package var source: String = ""
        package var builder: String = ""

        package init(
            codeID: UInt64 = 0, creator: AccountAddress, codeHash: String = "", source: String = "",
            builder: String = ""
        ) {
            (self.codeID, self.creator, self.codeHash, self.source) = (codeID, creator, codeHash, source)
            self.builder = builder
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            var creator: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: codeID = try field.uint64()
                case 2: creator = try field.address()
                case 3: codeHash = try field.string()
                case 4: source = try field.string()
                case 5: builder = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.creator = try required(creator, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, codeID)
            writer.string(2, creator.description)
            writer.string(3, codeHash)
            writer.string(4, source)
            writer.string(5, builder)
        }
    }

    package struct QueryCodeResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.QueryCodeResponse"
        package var codeInfo: CodeInfoResponse?
        package var wasm: [UInt8] = []

        package init(codeInfo: CodeInfoResponse? = nil, wasm: [UInt8] = []) {
            (self.codeInfo, self.wasm) = (codeInfo, wasm)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: codeInfo = try field.message()
                case 2: wasm = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let codeInfo { writer.embed(1, codeInfo) }
            writer.bytes(2, wasm)
        }
    }

    package struct QueryCodesResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.QueryCodesResponse"
        package var codeInfos: [CodeInfoResponse] = []

        package init(codeInfos: [CodeInfoResponse] = []) {
            self.codeInfos = codeInfos
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: codeInfos.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, codeInfos)
        }
    }

    package struct QueryContractAddressResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.QueryContractAddressResponse"
        package var contractAddress: AccountAddress

        package init(contractAddress: AccountAddress) {
            self.contractAddress = contractAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var contractAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: contractAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.contractAddress = try required(contractAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, contractAddress.description)
        }
    }

    package struct QueryContractLabelResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.QueryContractLabelResponse"
        package var label: String = ""

        package init(label: String = "") {
            self.label = label
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: label = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, label)
        }
    }

    package struct QueryCodeHashResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.QueryCodeHashResponse"
        package var codeHash: String = ""

        package init(codeHash: String = "") {
            self.codeHash = codeHash
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: codeHash = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, codeHash)
        }
    }

    package struct QueryContractHistoryRequest: ChainMessage {
        package static let name = "secret.compute.v1beta1.QueryContractHistoryRequest"
        package var contractAddress: AccountAddress

        package init(contractAddress: AccountAddress) {
            self.contractAddress = contractAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var contractAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: contractAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.contractAddress = try required(contractAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, contractAddress.description)
        }
    }

    package struct QueryContractHistoryResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.QueryContractHistoryResponse"
        package var entries: [ContractCodeHistoryEntry] = []

        package init(entries: [ContractCodeHistoryEntry] = []) {
            self.entries = entries
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: entries.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, entries)
        }
    }

    package struct QueryParamsRequest: FieldlessMessage {
        package static let name = "secret.compute.v1beta1.QueryParamsRequest"

        package init() {}
    }

    package struct QueryParamsResponse: ChainMessage {
        package static let name = "secret.compute.v1beta1.QueryParamsResponse"
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

    package struct CodeInfo: ChainMessage {
        package static let name = "secret.compute.v1beta1.CodeInfo"
        package var codeHash: [UInt8] = []
        package var creator: AccountAddress
        package var source: String = ""
        package var builder: String = ""

        package init(codeHash: [UInt8] = [], creator: AccountAddress, source: String = "", builder: String = "") {
            (self.codeHash, self.creator, self.source, self.builder) = (codeHash, creator, source, builder)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var creator: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: codeHash = try field.bytes()
                case 2: creator = try field.addressBytes()
                case 3: source = try field.string()
                case 4: builder = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.creator = try required(creator, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, codeHash)
            writer.bytes(2, creator.bytes)
            writer.string(3, source)
            writer.string(4, builder)
        }
    }

    package struct ContractKey: ChainMessage {
        package static let name = "secret.compute.v1beta1.ContractKey"
        package var ogContractKey: [UInt8] = []
        package var currentContractKey: [UInt8] = []
        package var currentContractKeyProof: [UInt8] = []

        package init(
            ogContractKey: [UInt8] = [], currentContractKey: [UInt8] = [], currentContractKeyProof: [UInt8] = []
        ) {
            (self.ogContractKey, self.currentContractKey) = (ogContractKey, currentContractKey)
            self.currentContractKeyProof = currentContractKeyProof
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: ogContractKey = try field.bytes()
                case 2: currentContractKey = try field.bytes()
                case 3: currentContractKeyProof = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, ogContractKey)
            writer.bytes(2, currentContractKey)
            writer.bytes(3, currentContractKeyProof)
        }
    }

    package struct ContractInfo: ChainMessage {
        package static let name = "secret.compute.v1beta1.ContractInfo"
        package var codeID: UInt64 = 0
        package var creator: AccountAddress
        package var label: String = ""
        package var created: AbsoluteTxPosition?
        package var ibcPortID: String = ""
        package var admin: AccountAddress?
        package var adminProof: [UInt8] = []
        package var requireGovernance: Bool = false

        package init(
            codeID: UInt64 = 0, creator: AccountAddress, label: String = "", created: AbsoluteTxPosition? = nil,
            ibcPortID: String = "", admin: AccountAddress? = nil, adminProof: [UInt8] = [],
            requireGovernance: Bool = false
        ) {
            (self.codeID, self.creator, self.label, self.created) = (codeID, creator, label, created)
            (self.ibcPortID, self.admin, self.adminProof) = (ibcPortID, admin, adminProof)
            self.requireGovernance = requireGovernance
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 4, 5, 6, 7, 8, 9])
            var creator: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: codeID = try field.uint64()
                case 2: creator = try field.addressBytes()
                case 4: label = try field.string()
                case 5: created = try field.message()
                case 6: ibcPortID = try field.string()
                case 7: admin = try field.addressOrNone()
                case 8: adminProof = try field.bytes()
                case 9: requireGovernance = try field.bool()
                default: try fields.unknown(field)
                }
            }
            self.creator = try required(creator, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, codeID)
            writer.bytes(2, creator.bytes)
            writer.string(4, label)
            if let created { writer.embed(5, created) }
            writer.string(6, ibcPortID)
            if let admin { writer.string(7, admin.description) }
            writer.bytes(8, adminProof)
            writer.bool(9, requireGovernance)
        }
    }

    package struct AbsoluteTxPosition: ChainMessage {
        package static let name = "secret.compute.v1beta1.AbsoluteTxPosition"
        package var blockHeight: Int64 = 0
        package var txIndex: UInt64 = 0

        package init(blockHeight: Int64 = 0, txIndex: UInt64 = 0) {
            (self.blockHeight, self.txIndex) = (blockHeight, txIndex)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: blockHeight = try field.int64()
                case 2: txIndex = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, blockHeight)
            writer.uint64(2, txIndex)
        }
    }

    package struct ContractCodeHistoryEntry: ChainMessage {
        package static let name = "secret.compute.v1beta1.ContractCodeHistoryEntry"
        package var operation: ContractCodeHistoryOperationType = .init(rawValue: 0)
        package var codeID: UInt64 = 0
        package var updated: AbsoluteTxPosition?
        package var msg: [UInt8] = []

        package init(
            operation: ContractCodeHistoryOperationType = .init(rawValue: 0), codeID: UInt64 = 0,
            updated: AbsoluteTxPosition? = nil, msg: [UInt8] = []
        ) {
            (self.operation, self.codeID, self.updated, self.msg) = (operation, codeID, updated, msg)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            while let field = try fields.next() {
                switch field.number {
                case 1: operation = try field.enumeration()
                case 2: codeID = try field.uint64()
                case 3: updated = try field.message()
                case 4: msg = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(operation.rawValue))
            writer.uint64(2, codeID)
            if let updated { writer.embed(3, updated) }
            writer.bytes(4, msg)
        }
    }

    package struct Params: ChainMessage {
        package static let name = "secret.compute.v1beta1.Params"
        package var compileCost: Decimal18
        package var maxContractSize: UInt64 = 0

        package init(compileCost: Decimal18, maxContractSize: UInt64 = 0) {
            (self.compileCost, self.maxContractSize) = (compileCost, maxContractSize)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var compileCost: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: compileCost = try field.decimal()
                case 2: maxContractSize = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.compileCost = try required(compileCost, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, compileCost.scaledText)
            writer.uint64(2, maxContractSize)
        }
    }

    package struct ContractCodeHistoryOperationType: RawRepresentable, Hashable, Sendable {
        package static let unspecified = ContractCodeHistoryOperationType(rawValue: 0)
        package static let `init` = ContractCodeHistoryOperationType(rawValue: 1)
        package static let migrate = ContractCodeHistoryOperationType(rawValue: 2)
        package static let genesis = ContractCodeHistoryOperationType(rawValue: 3)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }
}
