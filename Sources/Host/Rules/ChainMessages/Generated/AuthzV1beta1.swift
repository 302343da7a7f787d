// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.authz.v1beta1`.
package enum AuthzV1beta1 {
    package struct GenericAuthorization: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.GenericAuthorization"
        package var msg: String = ""

        package init(msg: String = "") {
            self.msg = msg
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: msg = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, msg)
        }
    }

    package struct Grant: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.Grant"
        package var authorization: AnyMessage?
        package var expiration: Timestamp?

        package init(authorization: AnyMessage? = nil, expiration: Timestamp? = nil) {
            (self.authorization, self.expiration) = (authorization, expiration)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: authorization = try field.message()
                case 2: expiration = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let authorization { writer.embed(1, authorization) }
            if let expiration { writer.embed(2, expiration) }
        }
    }

    package struct GrantAuthorization: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.GrantAuthorization"
        package var granter: AccountAddress
        package var grantee: AccountAddress
        package var authorization: AnyMessage?
        package var expiration: Timestamp?

        package init(
            granter: AccountAddress, grantee: AccountAddress, authorization: AnyMessage? = nil,
            expiration: Timestamp? = nil
        ) {
            (self.granter, self.grantee, self.authorization) = (granter, grantee, authorization)
            self.expiration = expiration
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var granter: AccountAddress?
            var grantee: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: granter = try field.address()
                case 2: grantee = try field.address()
                case 3: authorization = try field.message()
                case 4: expiration = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.granter = try required(granter, 1)
            self.grantee = try required(grantee, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, granter.description)
            writer.string(2, grantee.description)
            if let authorization { writer.embed(3, authorization) }
            if let expiration { writer.embed(4, expiration) }
        }
    }

    package struct GrantQueueItem: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.GrantQueueItem"
        package var msgTypeURLs: [String] = []

        package init(msgTypeURLs: [String] = []) {
            self.msgTypeURLs = msgTypeURLs
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: msgTypeURLs.append(try field.string())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.strings(1, msgTypeURLs)
        }
    }

    package enum Query {
        package static let grants = ChainMethod<QueryGrantsRequest, QueryGrantsResponse>(
            "/cosmos.authz.v1beta1.Query/Grants"
        )
        package static let granterGrants = ChainMethod<QueryGranterGrantsRequest, QueryGranterGrantsResponse>(
            "/cosmos.authz.v1beta1.Query/GranterGrants"
        )
        package static let granteeGrants = ChainMethod<QueryGranteeGrantsRequest, QueryGranteeGrantsResponse>(
            "/cosmos.authz.v1beta1.Query/GranteeGrants"
        )
    }

    package struct QueryGrantsRequest: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.QueryGrantsRequest"
        package var granter: AccountAddress
        package var grantee: AccountAddress
        package var msgTypeURL: String = ""
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(
            granter: AccountAddress, grantee: AccountAddress, msgTypeURL: String = "",
            pagination: BaseQueryV1beta1.PageRequest? = nil
        ) {
            (self.granter, self.grantee, self.msgTypeURL, self.pagination) = (granter, grantee, msgTypeURL, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var granter: AccountAddress?
            var grantee: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: granter = try field.address()
                case 2: grantee = try field.address()
                case 3: msgTypeURL = try field.string()
                case 4: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.granter = try required(granter, 1)
            self.grantee = try required(grantee, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, granter.description)
            writer.string(2, grantee.description)
            writer.string(3, msgTypeURL)
            if let pagination { writer.embed(4, pagination) }
        }
    }

    package struct QueryGrantsResponse: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.QueryGrantsResponse"
        package var grants: [Grant] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(grants: [Grant] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.grants, self.pagination) = (grants, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: grants.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, grants)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryGranterGrantsRequest: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.QueryGranterGrantsRequest"
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

    package struct QueryGranterGrantsResponse: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.QueryGranterGrantsResponse"
        package var grants: [GrantAuthorization] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(grants: [GrantAuthorization] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.grants, self.pagination) = (grants, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: grants.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, grants)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryGranteeGrantsRequest: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.QueryGranteeGrantsRequest"
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

    package struct QueryGranteeGrantsResponse: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.QueryGranteeGrantsResponse"
        package var grants: [GrantAuthorization] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(grants: [GrantAuthorization] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.grants, self.pagination) = (grants, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: grants.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, grants)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package enum Msg {
        package static let grant = ChainMethod<MsgGrant, MsgGrantResponse>("/cosmos.authz.v1beta1.Msg/Grant")
        package static let exec = ChainMethod<MsgExec, MsgExecResponse>("/cosmos.authz.v1beta1.Msg/Exec")
        package static let revoke = ChainMethod<MsgRevoke, MsgRevokeResponse>("/cosmos.authz.v1beta1.Msg/Revoke")
    }

    package struct MsgGrant: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.MsgGrant"
        package var granter: AccountAddress
        package var grantee: AccountAddress
        package var grant: Grant

        package init(granter: AccountAddress, grantee: AccountAddress, grant: Grant) {
            (self.granter, self.grantee, self.grant) = (granter, grantee, grant)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var granter: AccountAddress?
            var grantee: AccountAddress?
            var grant: Grant?
            while let field = try fields.next() {
                switch field.number {
                case 1: granter = try field.address()
                case 2: grantee = try field.address()
                case 3: grant = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.granter = try required(granter, 1)
            self.grantee = try required(grantee, 2)
            self.grant = try presentOrAbsent(grant, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, granter.description)
            writer.string(2, grantee.description)
            writer.embed(3, grant)
        }
    }

    package struct MsgGrantResponse: FieldlessMessage {
        package static let name = "cosmos.authz.v1beta1.MsgGrantResponse"

        package init() {}
    }

    package struct MsgExec: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.MsgExec"
        package var grantee: AccountAddress
        package var msgs: [AnyMessage] = []

        package init(grantee: AccountAddress, msgs: [AnyMessage] = []) {
            (self.grantee, self.msgs) = (grantee, msgs)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var grantee: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: grantee = try field.address()
                case 2: msgs.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.grantee = try required(grantee, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, grantee.description)
            writer.embed(2, msgs)
        }
    }

    package struct MsgExecResponse: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.MsgExecResponse"
        package var results: [[UInt8]] = []

        package init(results: [[UInt8]] = []) {
            self.results = results
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: results.append(try field.bytes())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in results { writer.message(1, element) }
        }
    }

    package struct MsgRevoke: ChainMessage {
        package static let name = "cosmos.authz.v1beta1.MsgRevoke"
        package var granter: AccountAddress
        package var grantee: AccountAddress
        package var msgTypeURL: String = ""

        package init(granter: AccountAddress, grantee: AccountAddress, msgTypeURL: String = "") {
            (self.granter, self.grantee, self.msgTypeURL) = (granter, grantee, msgTypeURL)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var granter: AccountAddress?
            var grantee: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: granter = try field.address()
                case 2: grantee = try field.address()
                case 3: msgTypeURL = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.granter = try required(granter, 1)
            self.grantee = try required(grantee, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, granter.description)
            writer.string(2, grantee.description)
            writer.string(3, msgTypeURL)
        }
    }

    package struct MsgRevokeResponse: FieldlessMessage {
        package static let name = "cosmos.authz.v1beta1.MsgRevokeResponse"

        package init() {}
    }
}
