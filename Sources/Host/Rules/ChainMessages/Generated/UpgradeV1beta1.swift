// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.upgrade.v1beta1`.
package enum UpgradeV1beta1 {
    package enum Query {
        package static let currentPlan = ChainMethod<QueryCurrentPlanRequest, QueryCurrentPlanResponse>(
            "/cosmos.upgrade.v1beta1.Query/CurrentPlan"
        )
        package static let appliedPlan = ChainMethod<QueryAppliedPlanRequest, QueryAppliedPlanResponse>(
            "/cosmos.upgrade.v1beta1.Query/AppliedPlan"
        )
        package static let upgradedConsensusState = ChainMethod<
            QueryUpgradedConsensusStateRequest, QueryUpgradedConsensusStateResponse
        >(
            "/cosmos.upgrade.v1beta1.Query/UpgradedConsensusState"
        )
        package static let moduleVersions = ChainMethod<QueryModuleVersionsRequest, QueryModuleVersionsResponse>(
            "/cosmos.upgrade.v1beta1.Query/ModuleVersions"
        )
        package static let authority = ChainMethod<QueryAuthorityRequest, QueryAuthorityResponse>(
            "/cosmos.upgrade.v1beta1.Query/Authority"
        )
    }

    package struct QueryCurrentPlanRequest: FieldlessMessage {
        package static let name = "cosmos.upgrade.v1beta1.QueryCurrentPlanRequest"

        package init() {}
    }

    package struct QueryCurrentPlanResponse: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.QueryCurrentPlanResponse"
        package var plan: Plan?

        package init(plan: Plan? = nil) {
            self.plan = plan
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: plan = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let plan { writer.embed(1, plan) }
        }
    }

    package struct QueryAppliedPlanRequest: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.QueryAppliedPlanRequest"
        package var name: String = ""

        package init(name: String = "") {
            self.name = name
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: name = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, name)
        }
    }

    package struct QueryAppliedPlanResponse: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.QueryAppliedPlanResponse"
        package var height: Int64 = 0

        package init(height: Int64 = 0) {
            self.height = height
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: height = try field.int64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, height)
        }
    }

    package struct QueryUpgradedConsensusStateRequest: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.QueryUpgradedConsensusStateRequest"
        package var lastHeight: Int64 = 0

        package init(lastHeight: Int64 = 0) {
            self.lastHeight = lastHeight
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: lastHeight = try field.int64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, lastHeight)
        }
    }

    package struct QueryUpgradedConsensusStateResponse: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.QueryUpgradedConsensusStateResponse"
        package var upgradedConsensusState: [UInt8] = []

        package init(upgradedConsensusState: [UInt8] = []) {
            self.upgradedConsensusState = upgradedConsensusState
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 2: upgradedConsensusState = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(2, upgradedConsensusState)
        }
    }

    package struct QueryModuleVersionsRequest: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.QueryModuleVersionsRequest"
        package var moduleName: String = ""

        package init(moduleName: String = "") {
            self.moduleName = moduleName
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: moduleName = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, moduleName)
        }
    }

    package struct QueryModuleVersionsResponse: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.QueryModuleVersionsResponse"
        package var moduleVersions: [ModuleVersion] = []

        package init(moduleVersions: [ModuleVersion] = []) {
            self.moduleVersions = moduleVersions
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: moduleVersions.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, moduleVersions)
        }
    }

    package struct QueryAuthorityRequest: FieldlessMessage {
        package static let name = "cosmos.upgrade.v1beta1.QueryAuthorityRequest"

        package init() {}
    }

    package struct QueryAuthorityResponse: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.QueryAuthorityResponse"
        package var address: AccountAddress

        package init(address: AccountAddress) {
            self.address = address
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
        }
    }

    package enum Msg {
        package static let softwareUpgrade = ChainMethod<MsgSoftwareUpgrade, MsgSoftwareUpgradeResponse>(
            "/cosmos.upgrade.v1beta1.Msg/SoftwareUpgrade"
        )
        package static let cancelUpgrade = ChainMethod<MsgCancelUpgrade, MsgCancelUpgradeResponse>(
            "/cosmos.upgrade.v1beta1.Msg/CancelUpgrade"
        )
    }

    package struct MsgSoftwareUpgrade: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.MsgSoftwareUpgrade"
        package var authority: AccountAddress
        package var plan: Plan

        package init(authority: AccountAddress, plan: Plan) {
            (self.authority, self.plan) = (authority, plan)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var authority: AccountAddress?
            var plan: Plan?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: plan = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
            self.plan = try presentOrAbsent(plan, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.embed(2, plan)
        }
    }

    package struct MsgSoftwareUpgradeResponse: FieldlessMessage {
        package static let name = "cosmos.upgrade.v1beta1.MsgSoftwareUpgradeResponse"

        package init() {}
    }

    package struct MsgCancelUpgrade: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.MsgCancelUpgrade"
        package var authority: AccountAddress

        package init(authority: AccountAddress) {
            self.authority = authority
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
        }
    }

    package struct MsgCancelUpgradeResponse: FieldlessMessage {
        package static let name = "cosmos.upgrade.v1beta1.MsgCancelUpgradeResponse"

        package init() {}
    }

    package struct Plan: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.Plan"
        package var name: String = ""
        package var time: Timestamp
        package var height: Int64 = 0
        package var info: String = ""
        package var upgradedClientState: AnyMessage?

        package init(
            name: String = "", time: Timestamp, height: Int64 = 0, info: String = "",
            upgradedClientState: AnyMessage? = nil
        ) {
            (self.name, self.time, self.height, self.info) = (name, time, height, info)
            self.upgradedClientState = upgradedClientState
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            var time: Timestamp?
            while let field = try fields.next() {
                switch field.number {
                case 1: name = try field.string()
                case 2: time = try field.message()
                case 3: height = try field.int64()
                case 4: info = try field.string()
                case 5: upgradedClientState = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.time = try presentOrAbsent(time, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, name)
            writer.embed(2, time)
            writer.int64(3, height)
            writer.string(4, info)
            if let upgradedClientState { writer.embed(5, upgradedClientState) }
        }
    }

    package struct SoftwareUpgradeProposal: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.SoftwareUpgradeProposal"
        package var title: String = ""
        package var description: String = ""
        package var plan: Plan

        package init(title: String = "", description: String = "", plan: Plan) {
            (self.title, self.description, self.plan) = (title, description, plan)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var plan: Plan?
            while let field = try fields.next() {
                switch field.number {
                case 1: title = try field.string()
                case 2: description = try field.string()
                case 3: plan = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.plan = try presentOrAbsent(plan, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, title)
            writer.string(2, description)
            writer.embed(3, plan)
        }
    }

    package struct CancelSoftwareUpgradeProposal: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.CancelSoftwareUpgradeProposal"
        package var title: String = ""
        package var description: String = ""

        package init(title: String = "", description: String = "") {
            (self.title, self.description) = (title, description)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: title = try field.string()
                case 2: description = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, title)
            writer.string(2, description)
        }
    }

    package struct ModuleVersion: ChainMessage {
        package static let name = "cosmos.upgrade.v1beta1.ModuleVersion"
        package var name: String = ""
        package var version: UInt64 = 0

        package init(name: String = "", version: UInt64 = 0) {
            (self.name, self.version) = (name, version)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: name = try field.string()
                case 2: version = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, name)
            writer.uint64(2, version)
        }
    }
}
