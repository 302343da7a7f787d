// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.vesting.v1beta1`.
package enum VestingV1beta1 {
    package enum Msg {
        package static let createVestingAccount = ChainMethod<MsgCreateVestingAccount, MsgCreateVestingAccountResponse>(
            "/cosmos.vesting.v1beta1.Msg/CreateVestingAccount"
        )
        package static let createPermanentLockedAccount = ChainMethod<
            MsgCreatePermanentLockedAccount, MsgCreatePermanentLockedAccountResponse
        >(
            "/cosmos.vesting.v1beta1.Msg/CreatePermanentLockedAccount"
        )
        package static let createPeriodicVestingAccount = ChainMethod<
            MsgCreatePeriodicVestingAccount, MsgCreatePeriodicVestingAccountResponse
        >(
            "/cosmos.vesting.v1beta1.Msg/CreatePeriodicVestingAccount"
        )
    }

    package struct MsgCreateVestingAccount: ChainMessage {
        package static let name = "cosmos.vesting.v1beta1.MsgCreateVestingAccount"
        package var fromAddress: AccountAddress
        package var toAddress: AccountAddress
        package var amount: [Coin] = []
        package var endTime: Int64 = 0
        package var delayed: Bool = false

        package init(
            fromAddress: AccountAddress, toAddress: AccountAddress, amount: [Coin] = [], endTime: Int64 = 0,
            delayed: Bool = false
        ) {
            (self.fromAddress, self.toAddress, self.amount, self.endTime) = (fromAddress, toAddress, amount, endTime)
            self.delayed = delayed
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 4, 5])
            var fromAddress: AccountAddress?
            var toAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: fromAddress = try field.address()
                case 2: toAddress = try field.address()
                case 3: amount.append(try field.message())
                case 4: endTime = try field.int64()
                case 5: delayed = try field.bool()
                default: try fields.unknown(field)
                }
            }
            self.fromAddress = try required(fromAddress, 1)
            self.toAddress = try required(toAddress, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, fromAddress.description)
            writer.string(2, toAddress.description)
            writer.embed(3, amount)
            writer.int64(4, endTime)
            writer.bool(5, delayed)
        }
    }

    package struct MsgCreateVestingAccountResponse: FieldlessMessage {
        package static let name = "cosmos.vesting.v1beta1.MsgCreateVestingAccountResponse"

        package init() {}
    }

    package struct MsgCreatePermanentLockedAccount: ChainMessage {
        package static let name = "cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccount"
        package var fromAddress: AccountAddress
        package var toAddress: AccountAddress
        package var amount: [Coin] = []

        package init(fromAddress: AccountAddress, toAddress: AccountAddress, amount: [Coin] = []) {
            (self.fromAddress, self.toAddress, self.amount) = (fromAddress, toAddress, amount)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var fromAddress: AccountAddress?
            var toAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: fromAddress = try field.address()
                case 2: toAddress = try field.address()
                case 3: amount.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.fromAddress = try required(fromAddress, 1)
            self.toAddress = try required(toAddress, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, fromAddress.description)
            writer.string(2, toAddress.description)
            writer.embed(3, amount)
        }
    }

    package struct MsgCreatePermanentLockedAccountResponse: FieldlessMessage {
        package static let name = "cosmos.vesting.v1beta1.MsgCreatePermanentLockedAccountResponse"

        package init() {}
    }

    package struct MsgCreatePeriodicVestingAccount: ChainMessage {
        package static let name = "cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccount"
        package var fromAddress: AccountAddress
        package var toAddress: AccountAddress
        package var startTime: Int64 = 0
        package var vestingPeriods: [Period] = []

        package init(
            fromAddress: AccountAddress, toAddress: AccountAddress, startTime: Int64 = 0, vestingPeriods: [Period] = []
        ) {
            (self.fromAddress, self.toAddress, self.startTime) = (fromAddress, toAddress, startTime)
            self.vestingPeriods = vestingPeriods
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var fromAddress: AccountAddress?
            var toAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: fromAddress = try field.address()
                case 2: toAddress = try field.address()
                case 3: startTime = try field.int64()
                case 4: vestingPeriods.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.fromAddress = try required(fromAddress, 1)
            self.toAddress = try required(toAddress, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, fromAddress.description)
            writer.string(2, toAddress.description)
            writer.int64(3, startTime)
            writer.embed(4, vestingPeriods)
        }
    }

    package struct MsgCreatePeriodicVestingAccountResponse: FieldlessMessage {
        package static let name = "cosmos.vesting.v1beta1.MsgCreatePeriodicVestingAccountResponse"

        package init() {}
    }

    package struct BaseVestingAccount: ChainMessage {
        package static let name = "cosmos.vesting.v1beta1.BaseVestingAccount"
        package var baseAccount: AuthV1beta1.BaseAccount?
        package var originalVesting: [Coin] = []
        package var delegatedFree: [Coin] = []
        package var delegatedVesting: [Coin] = []
        package var endTime: Int64 = 0

        package init(
            baseAccount: AuthV1beta1.BaseAccount? = nil, originalVesting: [Coin] = [], delegatedFree: [Coin] = [],
            delegatedVesting: [Coin] = [], endTime: Int64 = 0
        ) {
            (self.baseAccount, self.originalVesting, self.delegatedFree) = (baseAccount, originalVesting, delegatedFree)
            (self.delegatedVesting, self.endTime) = (delegatedVesting, endTime)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 5])
            while let field = try fields.next() {
                switch field.number {
                case 1: baseAccount = try field.message()
                case 2: originalVesting.append(try field.message())
                case 3: delegatedFree.append(try field.message())
                case 4: delegatedVesting.append(try field.message())
                case 5: endTime = try field.int64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let baseAccount { writer.embed(1, baseAccount) }
            writer.embed(2, originalVesting)
            writer.embed(3, delegatedFree)
            writer.embed(4, delegatedVesting)
            writer.int64(5, endTime)
        }
    }

    package struct ContinuousVestingAccount: ChainMessage {
        package static let name = "cosmos.vesting.v1beta1.ContinuousVestingAccount"
        package var baseVestingAccount: BaseVestingAccount?
        package var startTime: Int64 = 0

        package init(baseVestingAccount: BaseVestingAccount? = nil, startTime: Int64 = 0) {
            (self.baseVestingAccount, self.startTime) = (baseVestingAccount, startTime)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: baseVestingAccount = try field.message()
                case 2: startTime = try field.int64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let baseVestingAccount { writer.embed(1, baseVestingAccount) }
            writer.int64(2, startTime)
        }
    }

    package struct DelayedVestingAccount: ChainMessage {
        package static let name = "cosmos.vesting.v1beta1.DelayedVestingAccount"
        package var baseVestingAccount: BaseVestingAccount?

        package init(baseVestingAccount: BaseVestingAccount? = nil) {
            self.baseVestingAccount = baseVestingAccount
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: baseVestingAccount = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let baseVestingAccount { writer.embed(1, baseVestingAccount) }
        }
    }

    package struct Period: ChainMessage {
        package static let name = "cosmos.vesting.v1beta1.Period"
        package var length: Int64 = 0
        package var amount: [Coin] = []

        package init(length: Int64 = 0, amount: [Coin] = []) {
            (self.length, self.amount) = (length, amount)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: length = try field.int64()
                case 2: amount.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, length)
            writer.embed(2, amount)
        }
    }

    package struct PeriodicVestingAccount: ChainMessage {
        package static let name = "cosmos.vesting.v1beta1.PeriodicVestingAccount"
        package var baseVestingAccount: BaseVestingAccount?
        package var startTime: Int64 = 0
        package var vestingPeriods: [Period] = []

        package init(
            baseVestingAccount: BaseVestingAccount? = nil, startTime: Int64 = 0, vestingPeriods: [Period] = []
        ) {
            (self.baseVestingAccount, self.startTime) = (baseVestingAccount, startTime)
            self.vestingPeriods = vestingPeriods
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: baseVestingAccount = try field.message()
                case 2: startTime = try field.int64()
                case 3: vestingPeriods.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let baseVestingAccount { writer.embed(1, baseVestingAccount) }
            writer.int64(2, startTime)
            writer.embed(3, vestingPeriods)
        }
    }

    package struct PermanentLockedAccount: ChainMessage {
        package static let name = "cosmos.vesting.v1beta1.PermanentLockedAccount"
        package var baseVestingAccount: BaseVestingAccount?

        package init(baseVestingAccount: BaseVestingAccount? = nil) {
            self.baseVestingAccount = baseVestingAccount
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: baseVestingAccount = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let baseVestingAccount { writer.embed(1, baseVestingAccount) }
        }
    }
}
