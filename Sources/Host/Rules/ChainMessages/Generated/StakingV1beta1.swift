// Made by proto/chain_messages.py from proto/chain. Do not edit.

import SignedTransactions
import Wire

/// `cosmos.staking.v1beta1`.
package enum StakingV1beta1 {
    package struct StakeAuthorization: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.StakeAuthorization"
        package var maxTokens: Coin?
        package var allowList: StakeAuthorizationValidators?
        package var denyList: StakeAuthorizationValidators?
        package var authorizationType: AuthorizationType = .init(rawValue: 0)

        package init(
            maxTokens: Coin? = nil, allowList: StakeAuthorizationValidators? = nil,
            denyList: StakeAuthorizationValidators? = nil, authorizationType: AuthorizationType = .init(rawValue: 0)
        ) {
            (self.maxTokens, self.allowList, self.denyList) = (maxTokens, allowList, denyList)
            self.authorizationType = authorizationType
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            while let field = try fields.next() {
                switch field.number {
                case 1: maxTokens = try field.message()
                case 2: allowList = try field.message()
                case 3: denyList = try field.message()
                case 4: authorizationType = try field.enumeration()
                default: try fields.unknown(field)
                }
            }
            try requireAtMostOne([allowList != nil, denyList != nil])
        }

        package func write(to writer: inout ProtobufWriter) {
            if let maxTokens { writer.embed(1, maxTokens) }
            if let allowList { writer.embed(2, allowList) }
            if let denyList { writer.embed(3, denyList) }
            writer.int64(4, Int64(authorizationType.rawValue))
        }
    }

    package struct StakeAuthorizationValidators: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.StakeAuthorization.Validators"
        package var address: [OperatorAddress] = []

        package init(address: [OperatorAddress] = []) {
            self.address = address
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: address.append(try field.address())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in address { writer.string(1, element.description) }
        }
    }

    package struct AuthorizationType: RawRepresentable, Hashable, Sendable {
        package static let unspecified = AuthorizationType(rawValue: 0)
        package static let delegate = AuthorizationType(rawValue: 1)
        package static let undelegate = AuthorizationType(rawValue: 2)
        package static let redelegate = AuthorizationType(rawValue: 3)
        package static let cancelUnbondingDelegation = AuthorizationType(rawValue: 4)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
        }
    }

    package struct CommissionRates: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.CommissionRates"
        package var rate: Decimal18
        package var maxRate: Decimal18
        package var maxChangeRate: Decimal18

        package init(rate: Decimal18, maxRate: Decimal18, maxChangeRate: Decimal18) {
            (self.rate, self.maxRate, self.maxChangeRate) = (rate, maxRate, maxChangeRate)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var rate: Decimal18?
            var maxRate: Decimal18?
            var maxChangeRate: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: rate = try field.decimal()
                case 2: maxRate = try field.decimal()
                case 3: maxChangeRate = try field.decimal()
                default: try fields.unknown(field)
                }
            }
            self.rate = try required(rate, 1)
            self.maxRate = try required(maxRate, 2)
            self.maxChangeRate = try required(maxChangeRate, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, rate.scaledText)
            writer.string(2, maxRate.scaledText)
            writer.string(3, maxChangeRate.scaledText)
        }
    }

    package struct Description: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.Description"
        package var moniker: String = ""
        package var identity: String = ""
        package var website: String = ""
        package var securityContact: String = ""
        package var details: String = ""

        package init(
            moniker: String = "", identity: String = "", website: String = "", securityContact: String = "",
            details: String = ""
        ) {
            (self.moniker, self.identity, self.website) = (moniker, identity, website)
            (self.securityContact, self.details) = (securityContact, details)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5])
            while let field = try fields.next() {
                switch field.number {
                case 1: moniker = try field.string()
                case 2: identity = try field.string()
                case 3: website = try field.string()
                case 4: securityContact = try field.string()
                case 5: details = try field.string()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, moniker)
            writer.string(2, identity)
            writer.string(3, website)
            writer.string(4, securityContact)
            writer.string(5, details)
        }
    }

    package struct Params: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.Params"
        package var unbondingTime: Duration
        package var maxValidators: UInt32 = 0
        package var maxEntries: UInt32 = 0
        package var historicalEntries: UInt32 = 0
        package var bondDenom: String = ""
        package var minCommissionRate: Decimal18

        package init(
            unbondingTime: Duration, maxValidators: UInt32 = 0, maxEntries: UInt32 = 0, historicalEntries: UInt32 = 0,
            bondDenom: String = "", minCommissionRate: Decimal18
        ) {
            (self.unbondingTime, self.maxValidators, self.maxEntries) = (unbondingTime, maxValidators, maxEntries)
            (self.historicalEntries, self.bondDenom) = (historicalEntries, bondDenom)
            self.minCommissionRate = minCommissionRate
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6])
            var unbondingTime: Duration?
            var minCommissionRate: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: unbondingTime = try field.message()
                case 2: maxValidators = try field.uint32()
                case 3: maxEntries = try field.uint32()
                case 4: historicalEntries = try field.uint32()
                case 5: bondDenom = try field.string()
                case 6: minCommissionRate = try field.decimal()
                default: try fields.unknown(field)
                }
            }
            self.unbondingTime = try presentOrAbsent(unbondingTime, policy)
            self.minCommissionRate = try required(minCommissionRate, 6)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, unbondingTime)
            writer.uint64(2, UInt64(maxValidators))
            writer.uint64(3, UInt64(maxEntries))
            writer.uint64(4, UInt64(historicalEntries))
            writer.string(5, bondDenom)
            writer.string(6, minCommissionRate.scaledText)
        }
    }

    package enum Msg {
        package static let createValidator = ChainMethod<MsgCreateValidator, MsgCreateValidatorResponse>(
            "/cosmos.staking.v1beta1.Msg/CreateValidator"
        )
        package static let editValidator = ChainMethod<MsgEditValidator, MsgEditValidatorResponse>(
            "/cosmos.staking.v1beta1.Msg/EditValidator"
        )
        package static let delegate = ChainMethod<MsgDelegate, MsgDelegateResponse>(
            "/cosmos.staking.v1beta1.Msg/Delegate"
        )
        package static let beginRedelegate = ChainMethod<MsgBeginRedelegate, MsgBeginRedelegateResponse>(
            "/cosmos.staking.v1beta1.Msg/BeginRedelegate"
        )
        package static let undelegate = ChainMethod<MsgUndelegate, MsgUndelegateResponse>(
            "/cosmos.staking.v1beta1.Msg/Undelegate"
        )
        package static let cancelUnbondingDelegation = ChainMethod<
            MsgCancelUnbondingDelegation, MsgCancelUnbondingDelegationResponse
        >(
            "/cosmos.staking.v1beta1.Msg/CancelUnbondingDelegation"
        )
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/cosmos.staking.v1beta1.Msg/UpdateParams"
        )
    }

    package struct MsgCreateValidator: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.MsgCreateValidator"
        package var description: Description
        package var commission: CommissionRates
        package var minSelfDelegation: UInt128
        package var delegatorAddress: AccountAddress?
        package var validatorAddress: OperatorAddress
        package var pubkey: AnyMessage?
        package var value: Coin

        package init(
            description: Description, commission: CommissionRates, minSelfDelegation: UInt128,
            delegatorAddress: AccountAddress? = nil, validatorAddress: OperatorAddress, pubkey: AnyMessage? = nil,
            value: Coin
        ) {
            (self.description, self.commission, self.minSelfDelegation) = (description, commission, minSelfDelegation)
            (self.delegatorAddress, self.validatorAddress, self.pubkey) = (delegatorAddress, validatorAddress, pubkey)
            self.value = value
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7])
            var description: Description?
            var commission: CommissionRates?
            var minSelfDelegation: UInt128?
            var validatorAddress: OperatorAddress?
            var value: Coin?
            while let field = try fields.next() {
                switch field.number {
                case 1: description = try field.message()
                case 2: commission = try field.message()
                case 3: minSelfDelegation = try field.integer()
                case 4: delegatorAddress = try field.addressOrNone()
                case 5: validatorAddress = try field.address()
                case 6: pubkey = try field.message()
                case 7: value = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.description = try presentOrAbsent(description, policy)
            self.commission = try presentOrAbsent(commission, policy)
            self.minSelfDelegation = try required(minSelfDelegation, 3)
            self.validatorAddress = try required(validatorAddress, 5)
            self.value = try presentOrAbsent(value, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, description)
            writer.embed(2, commission)
            writer.string(3, String(minSelfDelegation))
            if let delegatorAddress { writer.string(4, delegatorAddress.description) }
            writer.string(5, validatorAddress.description)
            if let pubkey { writer.embed(6, pubkey) }
            writer.embed(7, value)
        }
    }

    package struct MsgCreateValidatorResponse: FieldlessMessage {
        package static let name = "cosmos.staking.v1beta1.MsgCreateValidatorResponse"

        package init() {}
    }

    package struct MsgEditValidator: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.MsgEditValidator"
        package var description: Description
        package var validatorAddress: OperatorAddress
        package var commissionRate: Decimal18?
        package var minSelfDelegation: UInt128?

        package init(
            description: Description, validatorAddress: OperatorAddress, commissionRate: Decimal18? = nil,
            minSelfDelegation: UInt128? = nil
        ) {
            (self.description, self.validatorAddress) = (description, validatorAddress)
            (self.commissionRate, self.minSelfDelegation) = (commissionRate, minSelfDelegation)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var description: Description?
            var validatorAddress: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: description = try field.message()
                case 2: validatorAddress = try field.address()
                case 3: commissionRate = try field.decimal()
                case 4: minSelfDelegation = try field.integer()
                default: try fields.unknown(field)
                }
            }
            self.description = try presentOrAbsent(description, policy)
            self.validatorAddress = try required(validatorAddress, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, description)
            writer.string(2, validatorAddress.description)
            if let commissionRate { writer.string(3, commissionRate.scaledText) }
            if let minSelfDelegation { writer.string(4, String(minSelfDelegation)) }
        }
    }

    package struct MsgEditValidatorResponse: FieldlessMessage {
        package static let name = "cosmos.staking.v1beta1.MsgEditValidatorResponse"

        package init() {}
    }

    package struct MsgDelegate: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.MsgDelegate"
        package var delegatorAddress: AccountAddress
        package var validatorAddress: OperatorAddress
        package var amount: Coin

        package init(delegatorAddress: AccountAddress, validatorAddress: OperatorAddress, amount: Coin) {
            (self.delegatorAddress, self.validatorAddress, self.amount) = (delegatorAddress, validatorAddress, amount)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var delegatorAddress: AccountAddress?
            var validatorAddress: OperatorAddress?
            var amount: Coin?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                case 2: validatorAddress = try field.address()
                case 3: amount = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
            self.validatorAddress = try required(validatorAddress, 2)
            self.amount = try presentOrAbsent(amount, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
            writer.string(2, validatorAddress.description)
            writer.embed(3, amount)
        }
    }

    package struct MsgDelegateResponse: FieldlessMessage {
        package static let name = "cosmos.staking.v1beta1.MsgDelegateResponse"

        package init() {}
    }

    package struct MsgBeginRedelegate: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.MsgBeginRedelegate"
        package var delegatorAddress: AccountAddress
        package var validatorSrcAddress: OperatorAddress
        package var validatorDstAddress: OperatorAddress
        package var amount: Coin

        package init(
            delegatorAddress: AccountAddress, validatorSrcAddress: OperatorAddress,
            validatorDstAddress: OperatorAddress, amount: Coin
        ) {
            (self.delegatorAddress, self.validatorSrcAddress) = (delegatorAddress, validatorSrcAddress)
            (self.validatorDstAddress, self.amount) = (validatorDstAddress, amount)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var delegatorAddress: AccountAddress?
            var validatorSrcAddress: OperatorAddress?
            var validatorDstAddress: OperatorAddress?
            var amount: Coin?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                case 2: validatorSrcAddress = try field.address()
                case 3: validatorDstAddress = try field.address()
                case 4: amount = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
            self.validatorSrcAddress = try required(validatorSrcAddress, 2)
            self.validatorDstAddress = try required(validatorDstAddress, 3)
            self.amount = try presentOrAbsent(amount, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
            writer.string(2, validatorSrcAddress.description)
            writer.string(3, validatorDstAddress.description)
            writer.embed(4, amount)
        }
    }

    package struct MsgBeginRedelegateResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.MsgBeginRedelegateResponse"
        package var completionTime: Timestamp

        package init(completionTime: Timestamp) {
            self.completionTime = completionTime
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var completionTime: Timestamp?
            while let field = try fields.next() {
                switch field.number {
                case 1: completionTime = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.completionTime = try presentOrAbsent(completionTime, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, completionTime)
        }
    }

    package struct MsgUndelegate: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.MsgUndelegate"
        package var delegatorAddress: AccountAddress
        package var validatorAddress: OperatorAddress
        package var amount: Coin

        package init(delegatorAddress: AccountAddress, validatorAddress: OperatorAddress, amount: Coin) {
            (self.delegatorAddress, self.validatorAddress, self.amount) = (delegatorAddress, validatorAddress, amount)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var delegatorAddress: AccountAddress?
            var validatorAddress: OperatorAddress?
            var amount: Coin?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                case 2: validatorAddress = try field.address()
                case 3: amount = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
            self.validatorAddress = try required(validatorAddress, 2)
            self.amount = try presentOrAbsent(amount, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
            writer.string(2, validatorAddress.description)
            writer.embed(3, amount)
        }
    }

    package struct MsgUndelegateResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.MsgUndelegateResponse"
        package var completionTime: Timestamp
        package var amount: Coin

        package init(completionTime: Timestamp, amount: Coin) {
            (self.completionTime, self.amount) = (completionTime, amount)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var completionTime: Timestamp?
            var amount: Coin?
            while let field = try fields.next() {
                switch field.number {
                case 1: completionTime = try field.message()
                case 2: amount = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.completionTime = try presentOrAbsent(completionTime, policy)
            self.amount = try presentOrAbsent(amount, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, completionTime)
            writer.embed(2, amount)
        }
    }

    package struct MsgCancelUnbondingDelegation: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.MsgCancelUnbondingDelegation"
        package var delegatorAddress: AccountAddress
        package var validatorAddress: OperatorAddress
        package var amount: Coin
        package var creationHeight: Int64 = 0

        package init(
            delegatorAddress: AccountAddress, validatorAddress: OperatorAddress, amount: Coin, creationHeight: Int64 = 0
        ) {
            (self.delegatorAddress, self.validatorAddress, self.amount) = (delegatorAddress, validatorAddress, amount)
            self.creationHeight = creationHeight
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var delegatorAddress: AccountAddress?
            var validatorAddress: OperatorAddress?
            var amount: Coin?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                case 2: validatorAddress = try field.address()
                case 3: amount = try field.message()
                case 4: creationHeight = try field.int64()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
            self.validatorAddress = try required(validatorAddress, 2)
            self.amount = try presentOrAbsent(amount, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
            writer.string(2, validatorAddress.description)
            writer.embed(3, amount)
            writer.int64(4, creationHeight)
        }
    }

    package struct MsgCancelUnbondingDelegationResponse: FieldlessMessage {
        package static let name = "cosmos.staking.v1beta1.MsgCancelUnbondingDelegationResponse"

        package init() {}
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.MsgUpdateParams"
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
        package static let name = "cosmos.staking.v1beta1.MsgUpdateParamsResponse"

        package init() {}
    }
}
