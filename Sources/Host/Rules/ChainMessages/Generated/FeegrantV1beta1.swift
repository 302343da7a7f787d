// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.feegrant.v1beta1`.
package enum FeegrantV1beta1 {
    package struct BasicAllowance: ChainMessage {
        package static let name = "cosmos.feegrant.v1beta1.BasicAllowance"
        package var spendLimit: [Coin] = []
        package var expiration: Timestamp?

        package init(spendLimit: [Coin] = [], expiration: Timestamp? = nil) {
            (self.spendLimit, self.expiration) = (spendLimit, expiration)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: spendLimit.append(try field.message())
                case 2: expiration = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, spendLimit)
            if let expiration { writer.embed(2, expiration) }
        }
    }

    package struct PeriodicAllowance: ChainMessage {
        package static let name = "cosmos.feegrant.v1beta1.PeriodicAllowance"
        package var basic: BasicAllowance
        package var period: Duration
        package var periodSpendLimit: [Coin] = []
        package var periodCanSpend: [Coin] = []
        package var periodReset: Timestamp

        package init(
            basic: BasicAllowance, period: Duration, periodSpendLimit: [Coin] = [], periodCanSpend: [Coin] = [],
            periodReset: Timestamp
        ) {
            (self.basic, self.period, self.periodSpendLimit) = (basic, period, periodSpendLimit)
            (self.periodCanSpend, self.periodReset) = (periodCanSpend, periodReset)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 5])
            var basic: BasicAllowance?
            var period: Duration?
            var periodReset: Timestamp?
            while let field = try fields.next() {
                switch field.number {
                case 1: basic = try field.message()
                case 2: period = try field.message()
                case 3: periodSpendLimit.append(try field.message())
                case 4: periodCanSpend.append(try field.message())
                case 5: periodReset = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.basic = try presentOrAbsent(basic, policy)
            self.period = try presentOrAbsent(period, policy)
            self.periodReset = try presentOrAbsent(periodReset, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, basic)
            writer.embed(2, period)
            writer.embed(3, periodSpendLimit)
            writer.embed(4, periodCanSpend)
            writer.embed(5, periodReset)
        }
    }

    package struct AllowedMsgAllowance: ChainMessage {
        package static let name = "cosmos.feegrant.v1beta1.AllowedMsgAllowance"
        package var allowance: AnyMessage?
        package var allowedMessages: [String] = []

        package init(allowance: AnyMessage? = nil, allowedMessages: [String] = []) {
            (self.allowance, self.allowedMessages) = (allowance, allowedMessages)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: allowance = try field.message()
                case 2: allowedMessages.append(try field.string())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let allowance { writer.embed(1, allowance) }
            writer.strings(2, allowedMessages)
        }
    }

    package struct Grant: ChainMessage {
        package static let name = "cosmos.feegrant.v1beta1.Grant"
        package var granter: AccountAddress
        package var grantee: AccountAddress
        package var allowance: AnyMessage?

        package init(granter: AccountAddress, grantee: AccountAddress, allowance: AnyMessage? = nil) {
            (self.granter, self.grantee, self.allowance) = (granter, grantee, allowance)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var granter: AccountAddress?
            var grantee: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: granter = try field.address()
                case 2: grantee = try field.address()
                case 3: allowance = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.granter = try required(granter, 1)
            self.grantee = try required(grantee, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, granter.description)
            writer.string(2, grantee.description)
            if let allowance { writer.embed(3, allowance) }
        }
    }

    package enum Query {
        package static let allowance = ChainMethod<QueryAllowanceRequest, QueryAllowanceResponse>(
            "/cosmos.feegrant.v1beta1.Query/Allowance"
        )
        package static let allowances = ChainMethod<QueryAllowancesRequest, QueryAllowancesResponse>(
            "/cosmos.feegrant.v1beta1.Query/Allowances"
        )
        package static let allowancesByGranter = ChainMethod<
            QueryAllowancesByGranterRequest, QueryAllowancesByGranterResponse
        >(
            "/cosmos.feegrant.v1beta1.Query/AllowancesByGranter"
        )
    }

    package struct QueryAllowanceRequest: ChainMessage {
        package static let name = "cosmos.feegrant.v1beta1.QueryAllowanceRequest"
        package var granter: AccountAddress
        package var grantee: AccountAddress

        package init(granter: AccountAddress, grantee: AccountAddress) {
            (self.granter, self.grantee) = (granter, grantee)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var granter: AccountAddress?
            var grantee: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: granter = try field.address()
                case 2: grantee = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.granter = try required(granter, 1)
            self.grantee = try required(grantee, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, granter.description)
            writer.string(2, grantee.description)
        }
    }

    package struct QueryAllowanceResponse: ChainMessage {
        package static let name = "cosmos.feegrant.v1beta1.QueryAllowanceResponse"
        package var allowance: Grant?

        package init(allowance: Grant? = nil) {
            self.allowance = allowance
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: allowance = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let allowance { writer.embed(1, allowance) }
        }
    }

    package struct QueryAllowancesRequest: ChainMessage {
        package static let name = "cosmos.feegrant.v1beta1.QueryAllowancesRequest"
        package var grantee: AccountAddress
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(grantee: AccountAddress, pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.grantee, self.pagination) = (grantee, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var grantee: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: grantee = try field.address()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.grantee = try required(grantee, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, grantee.description)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryAllowancesResponse: ChainMessage {
        package static let name = "cosmos.feegrant.v1beta1.QueryAllowancesResponse"
        package var allowances: [Grant] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(allowances: [Grant] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.allowances, self.pagination) = (allowances, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: allowances.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, allowances)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryAllowancesByGranterRequest: ChainMessage {
        package static let name = "cosmos.feegrant.v1beta1.QueryAllowancesByGranterRequest"
        package var granter: AccountAddress
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(granter: AccountAddress, pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.granter, self.pagination) = (granter, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var granter: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: granter = try field.address()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.granter = try required(granter, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, granter.description)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryAllowancesByGranterResponse: ChainMessage {
        package static let name = "cosmos.feegrant.v1beta1.QueryAllowancesByGranterResponse"
        package var allowances: [Grant] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(allowances: [Grant] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.allowances, self.pagination) = (allowances, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: allowances.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, allowances)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package enum Msg {
        package static let grantAllowance = ChainMethod<MsgGrantAllowance, MsgGrantAllowanceResponse>(
            "/cosmos.feegrant.v1beta1.Msg/GrantAllowance"
        )
        package static let revokeAllowance = ChainMethod<MsgRevokeAllowance, MsgRevokeAllowanceResponse>(
            "/cosmos.feegrant.v1beta1.Msg/RevokeAllowance"
        )
        package static let pruneAllowances = ChainMethod<MsgPruneAllowances, MsgPruneAllowancesResponse>(
            "/cosmos.feegrant.v1beta1.Msg/PruneAllowances"
        )
    }

    package struct MsgGrantAllowance: ChainMessage {
        package static let name = "cosmos.feegrant.v1beta1.MsgGrantAllowance"
        package var granter: AccountAddress
        package var grantee: AccountAddress
        package var allowance: AnyMessage?

        package init(granter: AccountAddress, grantee: AccountAddress, allowance: AnyMessage? = nil) {
            (self.granter, self.grantee, self.allowance) = (granter, grantee, allowance)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var granter: AccountAddress?
            var grantee: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: granter = try field.address()
                case 2: grantee = try field.address()
                case 3: allowance = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.granter = try required(granter, 1)
            self.grantee = try required(grantee, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, granter.description)
            writer.string(2, grantee.description)
            if let allowance { writer.embed(3, allowance) }
        }
    }

    package struct MsgGrantAllowanceResponse: FieldlessMessage {
        package static let name = "cosmos.feegrant.v1beta1.MsgGrantAllowanceResponse"

        package init() {}
    }

    package struct MsgRevokeAllowance: ChainMessage {
        package static let name = "cosmos.feegrant.v1beta1.MsgRevokeAllowance"
        package var granter: AccountAddress
        package var grantee: AccountAddress

        package init(granter: AccountAddress, grantee: AccountAddress) {
            (self.granter, self.grantee) = (granter, grantee)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var granter: AccountAddress?
            var grantee: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: granter = try field.address()
                case 2: grantee = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.granter = try required(granter, 1)
            self.grantee = try required(grantee, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, granter.description)
            writer.string(2, grantee.description)
        }
    }

    package struct MsgRevokeAllowanceResponse: FieldlessMessage {
        package static let name = "cosmos.feegrant.v1beta1.MsgRevokeAllowanceResponse"

        package init() {}
    }

    package struct MsgPruneAllowances: ChainMessage {
        package static let name = "cosmos.feegrant.v1beta1.MsgPruneAllowances"
        package var pruner: AccountAddress

        package init(pruner: AccountAddress) {
            self.pruner = pruner
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var pruner: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: pruner = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.pruner = try required(pruner, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, pruner.description)
        }
    }

    package struct MsgPruneAllowancesResponse: FieldlessMessage {
        package static let name = "cosmos.feegrant.v1beta1.MsgPruneAllowancesResponse"

        package init() {}
    }
}
