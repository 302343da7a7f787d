// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cloister.registration.v1`.
package enum CloisterRegistrationV1 {
    package enum Query {
        package static let genesis = ChainMethod<QueryGenesisRequest, QueryGenesisResponse>(
            "/cloister.registration.v1.Query/Genesis"
        )
        package static let headers = ChainMethod<QueryHeadersRequest, QueryHeadersResponse>(
            "/cloister.registration.v1.Query/Headers"
        )
        package static let releases = ChainMethod<QueryReleasesRequest, QueryReleasesResponse>(
            "/cloister.registration.v1.Query/Releases"
        )
        package static let policy = ChainMethod<QueryPolicyRequest, QueryPolicyResponse>(
            "/cloister.registration.v1.Query/Policy"
        )
    }

    package struct QueryPolicyRequest: FieldlessMessage {
        package static let name = "cloister.registration.v1.QueryPolicyRequest"

        package init() {}
    }

    package struct QueryPolicyResponse: ChainMessage {
        package static let name = "cloister.registration.v1.QueryPolicyResponse"
        package var programs: [ApprovedProgram] = []
        package var params: String = ""
        package var plannedParams: String = ""
        package var plannedNotBefore: Timestamp?
        package var leastNoticeSeconds: UInt64 = 0

        package init(
            programs: [ApprovedProgram] = [], params: String = "", plannedParams: String = "",
            plannedNotBefore: Timestamp? = nil, leastNoticeSeconds: UInt64 = 0
        ) {
            (self.programs, self.params, self.plannedParams) = (programs, params, plannedParams)
            (self.plannedNotBefore, self.leastNoticeSeconds) = (plannedNotBefore, leastNoticeSeconds)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2, 3, 4, 5])
            while let field = try fields.next() {
                switch field.number {
                case 1: programs.append(try field.message())
                case 2: params = try field.string()
                case 3: plannedParams = try field.string()
                case 4: plannedNotBefore = try field.message()
                case 5: leastNoticeSeconds = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, programs)
            writer.string(2, params)
            writer.string(3, plannedParams)
            if let plannedNotBefore { writer.embed(4, plannedNotBefore) }
            writer.uint64(5, leastNoticeSeconds)
        }
    }

    package struct PlannedPolicy: ChainMessage {
        package static let name = "cloister.registration.v1.PlannedPolicy"
        package var policy: [UInt8] = []
        package var notBefore: Timestamp
        package var height: Int64 = 0

        package init(policy: [UInt8] = [], notBefore: Timestamp, height: Int64 = 0) {
            (self.policy, self.notBefore, self.height) = (policy, notBefore, height)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var notBefore: Timestamp?
            while let field = try fields.next() {
                switch field.number {
                case 1: self.policy = try field.bytes()
                case 2: notBefore = try field.message()
                case 3: height = try field.int64()
                default: try fields.unknown(field)
                }
            }
            self.notBefore = try presentOrAbsent(notBefore, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, policy)
            writer.embed(2, notBefore)
            writer.int64(3, height)
        }
    }

    package struct ApprovedProgram: ChainMessage {
        package static let name = "cloister.registration.v1.ApprovedProgram"
        package var measurement: String = ""
        package var notBefore: Timestamp?
        package var height: Int64 = 0
        package var ended: Bool = false

        package init(measurement: String = "", notBefore: Timestamp? = nil, height: Int64 = 0, ended: Bool = false) {
            (self.measurement, self.notBefore, self.height, self.ended) = (measurement, notBefore, height, ended)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            while let field = try fields.next() {
                switch field.number {
                case 1: measurement = try field.string()
                case 2: notBefore = try field.message()
                case 3: height = try field.int64()
                case 4: ended = try field.bool()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, measurement)
            if let notBefore { writer.embed(2, notBefore) }
            writer.int64(3, height)
            writer.bool(4, ended)
        }
    }

    package struct QueryGenesisRequest: FieldlessMessage {
        package static let name = "cloister.registration.v1.QueryGenesisRequest"

        package init() {}
    }

    package struct QueryGenesisResponse: ChainMessage {
        package static let name = "cloister.registration.v1.QueryGenesisResponse"
        package var genesis: [UInt8] = []

        package init(genesis: [UInt8] = []) {
            self.genesis = genesis
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: genesis = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.bytes(1, genesis)
        }
    }

    package struct QueryHeadersRequest: ChainMessage {
        package static let name = "cloister.registration.v1.QueryHeadersRequest"
        package var highest: Int64 = 0

        package init(highest: Int64 = 0) {
            self.highest = highest
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: highest = try field.int64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, highest)
        }
    }

    package struct QueryHeadersResponse: ChainMessage {
        package static let name = "cloister.registration.v1.QueryHeadersResponse"
        package var headers: [[UInt8]] = []

        package init(headers: [[UInt8]] = []) {
            self.headers = headers
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: headers.append(try field.bytes())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in headers { writer.message(1, element) }
        }
    }

    package struct QueryReleasesRequest: ChainMessage {
        package static let name = "cloister.registration.v1.QueryReleasesRequest"
        package var after: UInt64 = 0

        package init(after: UInt64 = 0) {
            self.after = after
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: after = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, after)
        }
    }

    package struct QueryReleasesResponse: ChainMessage {
        package static let name = "cloister.registration.v1.QueryReleasesResponse"
        package var releases: [[UInt8]] = []
        package var count: UInt64 = 0
        package var head: [UInt8] = []

        package init(releases: [[UInt8]] = [], count: UInt64 = 0, head: [UInt8] = []) {
            (self.releases, self.count, self.head) = (releases, count, head)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2, 3])
            while let field = try fields.next() {
                switch field.number {
                case 1: releases.append(try field.bytes())
                case 2: count = try field.uint64()
                case 3: head = try field.bytes()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in releases { writer.message(1, element) }
            writer.uint64(2, count)
            writer.bytes(3, head)
        }
    }

    package enum Msg {
        package static let approveProgram = ChainMethod<MsgApproveProgram, MsgApproveProgramResponse>(
            "/cloister.registration.v1.Msg/ApproveProgram"
        )
        package static let endApproval = ChainMethod<MsgEndApproval, MsgEndApprovalResponse>(
            "/cloister.registration.v1.Msg/EndApproval"
        )
        package static let updatePolicy = ChainMethod<MsgUpdatePolicy, MsgUpdatePolicyResponse>(
            "/cloister.registration.v1.Msg/UpdatePolicy"
        )
    }

    package struct MsgApproveProgram: ChainMessage {
        package static let name = "cloister.registration.v1.MsgApproveProgram"
        package var authority: AccountAddress
        package var measurement: String = ""
        package var notBefore: Timestamp?

        package init(authority: AccountAddress, measurement: String = "", notBefore: Timestamp? = nil) {
            (self.authority, self.measurement, self.notBefore) = (authority, measurement, notBefore)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: measurement = try field.string()
                case 3: notBefore = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.string(2, measurement)
            if let notBefore { writer.embed(3, notBefore) }
        }
    }

    package struct MsgApproveProgramResponse: FieldlessMessage {
        package static let name = "cloister.registration.v1.MsgApproveProgramResponse"

        package init() {}
    }

    package struct MsgEndApproval: ChainMessage {
        package static let name = "cloister.registration.v1.MsgEndApproval"
        package var authority: AccountAddress
        package var measurement: String = ""

        package init(authority: AccountAddress, measurement: String = "") {
            (self.authority, self.measurement) = (authority, measurement)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: measurement = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.string(2, measurement)
        }
    }

    package struct MsgEndApprovalResponse: FieldlessMessage {
        package static let name = "cloister.registration.v1.MsgEndApprovalResponse"

        package init() {}
    }

    package struct MsgUpdatePolicy: ChainMessage {
        package static let name = "cloister.registration.v1.MsgUpdatePolicy"
        package var authority: AccountAddress
        package var params: String = ""
        package var notBefore: Timestamp?

        package init(authority: AccountAddress, params: String = "", notBefore: Timestamp? = nil) {
            (self.authority, self.params, self.notBefore) = (authority, params, notBefore)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: params = try field.string()
                case 3: notBefore = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.string(2, params)
            if let notBefore { writer.embed(3, notBefore) }
        }
    }

    package struct MsgUpdatePolicyResponse: FieldlessMessage {
        package static let name = "cloister.registration.v1.MsgUpdatePolicyResponse"

        package init() {}
    }
}
