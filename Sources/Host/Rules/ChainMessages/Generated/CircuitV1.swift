// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.circuit.v1`.
package enum CircuitV1 {
    package enum Query {
        package static let account = ChainMethod<QueryAccountRequest, AccountResponse>(
            "/cosmos.circuit.v1.Query/Account"
        )
        package static let accounts = ChainMethod<QueryAccountsRequest, AccountsResponse>(
            "/cosmos.circuit.v1.Query/Accounts"
        )
        package static let disabledList = ChainMethod<QueryDisabledListRequest, DisabledListResponse>(
            "/cosmos.circuit.v1.Query/DisabledList"
        )
    }

    package struct QueryAccountRequest: ChainMessage {
        package static let name = "cosmos.circuit.v1.QueryAccountRequest"
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

    package struct AccountResponse: ChainMessage {
        package static let name = "cosmos.circuit.v1.AccountResponse"
        package var permission: Permissions?

        package init(permission: Permissions? = nil) {
            self.permission = permission
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: permission = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let permission { writer.embed(1, permission) }
        }
    }

    package struct QueryAccountsRequest: ChainMessage {
        package static let name = "cosmos.circuit.v1.QueryAccountsRequest"
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

    package struct AccountsResponse: ChainMessage {
        package static let name = "cosmos.circuit.v1.AccountsResponse"
        package var accounts: [GenesisAccountPermissions] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(accounts: [GenesisAccountPermissions] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.accounts, self.pagination) = (accounts, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: accounts.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, accounts)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryDisabledListRequest: FieldlessMessage {
        package static let name = "cosmos.circuit.v1.QueryDisabledListRequest"

        package init() {}
    }

    package struct DisabledListResponse: ChainMessage {
        package static let name = "cosmos.circuit.v1.DisabledListResponse"
        package var disabledList: [String] = []

        package init(disabledList: [String] = []) {
            self.disabledList = disabledList
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: disabledList.append(try field.string())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.strings(1, disabledList)
        }
    }

    package enum Msg {
        package static let authorizeCircuitBreaker = ChainMethod<
            MsgAuthorizeCircuitBreaker, MsgAuthorizeCircuitBreakerResponse
        >(
            "/cosmos.circuit.v1.Msg/AuthorizeCircuitBreaker"
        )
        package static let tripCircuitBreaker = ChainMethod<MsgTripCircuitBreaker, MsgTripCircuitBreakerResponse>(
            "/cosmos.circuit.v1.Msg/TripCircuitBreaker"
        )
        package static let resetCircuitBreaker = ChainMethod<MsgResetCircuitBreaker, MsgResetCircuitBreakerResponse>(
            "/cosmos.circuit.v1.Msg/ResetCircuitBreaker"
        )
    }

    package struct MsgAuthorizeCircuitBreaker: ChainMessage {
        package static let name = "cosmos.circuit.v1.MsgAuthorizeCircuitBreaker"
        package var granter: AccountAddress
        package var grantee: AccountAddress
        package var permissions: Permissions?

        package init(granter: AccountAddress, grantee: AccountAddress, permissions: Permissions? = nil) {
            (self.granter, self.grantee, self.permissions) = (granter, grantee, permissions)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var granter: AccountAddress?
            var grantee: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: granter = try field.address()
                case 2: grantee = try field.address()
                case 3: permissions = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.granter = try required(granter, 1)
            self.grantee = try required(grantee, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, granter.description)
            writer.string(2, grantee.description)
            if let permissions { writer.embed(3, permissions) }
        }
    }

    package struct MsgAuthorizeCircuitBreakerResponse: ChainMessage {
        package static let name = "cosmos.circuit.v1.MsgAuthorizeCircuitBreakerResponse"
        package var success: Bool = false

        package init(success: Bool = false) {
            self.success = success
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: success = try field.bool()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bool(1, success)
        }
    }

    package struct MsgTripCircuitBreaker: ChainMessage {
        package static let name = "cosmos.circuit.v1.MsgTripCircuitBreaker"
        package var authority: AccountAddress
        package var msgTypeURLs: [String] = []

        package init(authority: AccountAddress, msgTypeURLs: [String] = []) {
            (self.authority, self.msgTypeURLs) = (authority, msgTypeURLs)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: msgTypeURLs.append(try field.string())
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.strings(2, msgTypeURLs)
        }
    }

    package struct MsgTripCircuitBreakerResponse: ChainMessage {
        package static let name = "cosmos.circuit.v1.MsgTripCircuitBreakerResponse"
        package var success: Bool = false

        package init(success: Bool = false) {
            self.success = success
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: success = try field.bool()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bool(1, success)
        }
    }

    package struct MsgResetCircuitBreaker: ChainMessage {
        package static let name = "cosmos.circuit.v1.MsgResetCircuitBreaker"
        package var authority: AccountAddress
        package var msgTypeURLs: [String] = []

        package init(authority: AccountAddress, msgTypeURLs: [String] = []) {
            (self.authority, self.msgTypeURLs) = (authority, msgTypeURLs)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 3: msgTypeURLs.append(try field.string())
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.strings(3, msgTypeURLs)
        }
    }

    package struct MsgResetCircuitBreakerResponse: ChainMessage {
        package static let name = "cosmos.circuit.v1.MsgResetCircuitBreakerResponse"
        package var success: Bool = false

        package init(success: Bool = false) {
            self.success = success
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: success = try field.bool()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bool(1, success)
        }
    }

    package struct Permissions: ChainMessage {
        package static let name = "cosmos.circuit.v1.Permissions"
        package var level: PermissionsLevel = .init(rawValue: 0)
        package var limitTypeURLs: [String] = []

        package init(level: PermissionsLevel = .init(rawValue: 0), limitTypeURLs: [String] = []) {
            (self.level, self.limitTypeURLs) = (level, limitTypeURLs)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: level = try field.enumeration()
                case 2: limitTypeURLs.append(try field.string())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, Int64(level.rawValue))
            writer.strings(2, limitTypeURLs)
        }
    }

    package struct PermissionsLevel: RawRepresentable, Hashable, Sendable {
        package static let noneUnspecified = PermissionsLevel(rawValue: 0)
        package static let someMsgs = PermissionsLevel(rawValue: 1)
        package static let allMsgs = PermissionsLevel(rawValue: 2)
        package static let superAdmin = PermissionsLevel(rawValue: 3)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package struct GenesisAccountPermissions: ChainMessage {
        package static let name = "cosmos.circuit.v1.GenesisAccountPermissions"
        package var address: AccountAddress
        package var permissions: Permissions?

        package init(address: AccountAddress, permissions: Permissions? = nil) {
            (self.address, self.permissions) = (address, permissions)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var address: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: address = try field.address()
                case 2: permissions = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.address = try required(address, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, address.description)
            if let permissions { writer.embed(2, permissions) }
        }
    }
}
