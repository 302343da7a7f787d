// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `secret.cron`.
package enum Cron {
    package enum Query {
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>("/secret.cron.Query/Params")
        package static let schedule = ChainMethod<QueryGetScheduleRequest, QueryGetScheduleResponse>(
            "/secret.cron.Query/Schedule"
        )
        package static let schedules = ChainMethod<QuerySchedulesRequest, QuerySchedulesResponse>(
            "/secret.cron.Query/Schedules"
        )
    }

    package struct Schedule: ChainMessage {
        package static let name = "secret.cron.Schedule"
        package var name: String = ""
        package var period: UInt64 = 0
        package var msgs: [MsgExecuteContract] = []
        package var lastExecuteHeight: UInt64 = 0

        package init(
            name: String = "", period: UInt64 = 0, msgs: [MsgExecuteContract] = [], lastExecuteHeight: UInt64 = 0
        ) {
            (self.name, self.period, self.msgs, self.lastExecuteHeight) = (name, period, msgs, lastExecuteHeight)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 4])
            while let field = try fields.next() {
                switch field.number {
                case 1: name = try field.string()
                case 2: period = try field.uint64()
                case 3: msgs.append(try field.message())
                case 4: lastExecuteHeight = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, name)
            writer.uint64(2, period)
            writer.embed(3, msgs)
            writer.uint64(4, lastExecuteHeight)
        }
    }

    package struct QueryParamsRequest: FieldlessMessage {
        package static let name = "secret.cron.QueryParamsRequest"

        package init() {}
    }

    package struct QueryParamsResponse: ChainMessage {
        package static let name = "secret.cron.QueryParamsResponse"
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

    package struct QueryGetScheduleRequest: ChainMessage {
        package static let name = "secret.cron.QueryGetScheduleRequest"
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

    package struct QueryGetScheduleResponse: ChainMessage {
        package static let name = "secret.cron.QueryGetScheduleResponse"
        package var schedule: Schedule

        package init(schedule: Schedule) {
            self.schedule = schedule
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var schedule: Schedule?
            while let field = try fields.next() {
                switch field.number {
                case 1: schedule = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.schedule = try presentOrAbsent(schedule, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, schedule)
        }
    }

    package struct QuerySchedulesRequest: ChainMessage {
        package static let name = "secret.cron.QuerySchedulesRequest"
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

    package struct QuerySchedulesResponse: ChainMessage {
        package static let name = "secret.cron.QuerySchedulesResponse"
        package var schedules: [Schedule] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(schedules: [Schedule] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.schedules, self.pagination) = (schedules, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: schedules.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, schedules)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package enum Msg {
        package static let addSchedule = ChainMethod<MsgAddSchedule, MsgAddScheduleResponse>(
            "/secret.cron.Msg/AddSchedule"
        )
        package static let removeSchedule = ChainMethod<MsgRemoveSchedule, MsgRemoveScheduleResponse>(
            "/secret.cron.Msg/RemoveSchedule"
        )
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/secret.cron.Msg/UpdateParams"
        )
    }

    package struct Params: ChainMessage {
        package static let name = "secret.cron.Params"
        package var securityAddress: AccountAddress?
        package var limit: UInt64 = 0

        package init(securityAddress: AccountAddress? = nil, limit: UInt64 = 0) {
            (self.securityAddress, self.limit) = (securityAddress, limit)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: securityAddress = try field.addressOrNone()
                case 2: limit = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let securityAddress { writer.string(1, securityAddress.description) }
            writer.uint64(2, limit)
        }
    }

    package struct MsgExecuteContract: ChainMessage {
        package static let name = "secret.cron.MsgExecuteContract"
        package var contract: AccountAddress
        package var msg: String = ""

        package init(contract: AccountAddress, msg: String = "") {
            (self.contract, self.msg) = (contract, msg)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var contract: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: contract = try field.address()
                case 2: msg = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.contract = try required(contract, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, contract.description)
            writer.string(2, msg)
        }
    }

    package struct MsgAddSchedule: ChainMessage {
        package static let name = "secret.cron.MsgAddSchedule"
        package var authority: AccountAddress
        package var name: String = ""
        package var period: UInt64 = 0
        package var msgs: [MsgExecuteContract] = []

        package init(
            authority: AccountAddress, name: String = "", period: UInt64 = 0, msgs: [MsgExecuteContract] = []
        ) {
            (self.authority, self.name, self.period, self.msgs) = (authority, name, period, msgs)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: name = try field.string()
                case 3: period = try field.uint64()
                case 4: msgs.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.string(2, name)
            writer.uint64(3, period)
            writer.embed(4, msgs)
        }
    }

    package struct MsgAddScheduleResponse: FieldlessMessage {
        package static let name = "secret.cron.MsgAddScheduleResponse"

        package init() {}
    }

    package struct MsgRemoveSchedule: ChainMessage {
        package static let name = "secret.cron.MsgRemoveSchedule"
        package var authority: AccountAddress
        package var name: String = ""

        package init(authority: AccountAddress, name: String = "") {
            (self.authority, self.name) = (authority, name)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var authority: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: name = try field.string()
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.string(2, name)
        }
    }

    package struct MsgRemoveScheduleResponse: FieldlessMessage {
        package static let name = "secret.cron.MsgRemoveScheduleResponse"

        package init() {}
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "secret.cron.MsgUpdateParams"
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
        package static let name = "secret.cron.MsgUpdateParamsResponse"

        package init() {}
    }
}
