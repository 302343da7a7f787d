// Made by proto/chain_messages.py from proto/chain. Do not edit.

import ExactNumbers
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

    package enum Query {
        package static let validators = ChainMethod<QueryValidatorsRequest, QueryValidatorsResponse>(
            "/cosmos.staking.v1beta1.Query/Validators"
        )
        package static let validator = ChainMethod<QueryValidatorRequest, QueryValidatorResponse>(
            "/cosmos.staking.v1beta1.Query/Validator"
        )
        package static let validatorDelegations = ChainMethod<
            QueryValidatorDelegationsRequest, QueryValidatorDelegationsResponse
        >(
            "/cosmos.staking.v1beta1.Query/ValidatorDelegations"
        )
        package static let validatorUnbondingDelegations = ChainMethod<
            QueryValidatorUnbondingDelegationsRequest, QueryValidatorUnbondingDelegationsResponse
        >(
            "/cosmos.staking.v1beta1.Query/ValidatorUnbondingDelegations"
        )
        package static let delegation = ChainMethod<QueryDelegationRequest, QueryDelegationResponse>(
            "/cosmos.staking.v1beta1.Query/Delegation"
        )
        package static let unbondingDelegation = ChainMethod<
            QueryUnbondingDelegationRequest, QueryUnbondingDelegationResponse
        >(
            "/cosmos.staking.v1beta1.Query/UnbondingDelegation"
        )
        package static let delegatorDelegations = ChainMethod<
            QueryDelegatorDelegationsRequest, QueryDelegatorDelegationsResponse
        >(
            "/cosmos.staking.v1beta1.Query/DelegatorDelegations"
        )
        package static let delegatorUnbondingDelegations = ChainMethod<
            QueryDelegatorUnbondingDelegationsRequest, QueryDelegatorUnbondingDelegationsResponse
        >(
            "/cosmos.staking.v1beta1.Query/DelegatorUnbondingDelegations"
        )
        package static let redelegations = ChainMethod<QueryRedelegationsRequest, QueryRedelegationsResponse>(
            "/cosmos.staking.v1beta1.Query/Redelegations"
        )
        package static let delegatorValidators = ChainMethod<
            QueryDelegatorValidatorsRequest, QueryDelegatorValidatorsResponse
        >(
            "/cosmos.staking.v1beta1.Query/DelegatorValidators"
        )
        package static let delegatorValidator = ChainMethod<
            QueryDelegatorValidatorRequest, QueryDelegatorValidatorResponse
        >(
            "/cosmos.staking.v1beta1.Query/DelegatorValidator"
        )
        package static let historicalInfo = ChainMethod<QueryHistoricalInfoRequest, QueryHistoricalInfoResponse>(
            "/cosmos.staking.v1beta1.Query/HistoricalInfo"
        )
        package static let pool = ChainMethod<QueryPoolRequest, QueryPoolResponse>("/cosmos.staking.v1beta1.Query/Pool")
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>(
            "/cosmos.staking.v1beta1.Query/Params"
        )
    }

    package struct QueryValidatorsRequest: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryValidatorsRequest"
        package var status: String = ""
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(status: String = "", pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.status, self.pagination) = (status, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            while let field = try fields.next() {
                switch field.number {
                case 1: status = try field.string()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, status)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryValidatorsResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryValidatorsResponse"
        package var validators: [Validator] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(validators: [Validator] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.validators, self.pagination) = (validators, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: validators.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, validators)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryValidatorRequest: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryValidatorRequest"
        package var validatorAddr: OperatorAddress

        package init(validatorAddr: OperatorAddress) {
            self.validatorAddr = validatorAddr
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var validatorAddr: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: validatorAddr = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.validatorAddr = try required(validatorAddr, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, validatorAddr.description)
        }
    }

    package struct QueryValidatorResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryValidatorResponse"
        package var validator: Validator

        package init(validator: Validator) {
            self.validator = validator
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var validator: Validator?
            while let field = try fields.next() {
                switch field.number {
                case 1: validator = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.validator = try presentOrAbsent(validator, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, validator)
        }
    }

    package struct QueryValidatorDelegationsRequest: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryValidatorDelegationsRequest"
        package var validatorAddr: OperatorAddress
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(validatorAddr: OperatorAddress, pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.validatorAddr, self.pagination) = (validatorAddr, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var validatorAddr: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: validatorAddr = try field.address()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.validatorAddr = try required(validatorAddr, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, validatorAddr.description)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryValidatorDelegationsResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryValidatorDelegationsResponse"
        package var delegationResponses: [DelegationResponse] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(delegationResponses: [DelegationResponse] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.delegationResponses, self.pagination) = (delegationResponses, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: delegationResponses.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, delegationResponses)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryValidatorUnbondingDelegationsRequest: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryValidatorUnbondingDelegationsRequest"
        package var validatorAddr: OperatorAddress
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(validatorAddr: OperatorAddress, pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.validatorAddr, self.pagination) = (validatorAddr, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var validatorAddr: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: validatorAddr = try field.address()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.validatorAddr = try required(validatorAddr, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, validatorAddr.description)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryValidatorUnbondingDelegationsResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryValidatorUnbondingDelegationsResponse"
        package var unbondingResponses: [UnbondingDelegation] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(unbondingResponses: [UnbondingDelegation] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.unbondingResponses, self.pagination) = (unbondingResponses, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: unbondingResponses.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, unbondingResponses)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryDelegationRequest: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryDelegationRequest"
        package var delegatorAddr: AccountAddress
        package var validatorAddr: OperatorAddress

        package init(delegatorAddr: AccountAddress, validatorAddr: OperatorAddress) {
            (self.delegatorAddr, self.validatorAddr) = (delegatorAddr, validatorAddr)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var delegatorAddr: AccountAddress?
            var validatorAddr: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddr = try field.address()
                case 2: validatorAddr = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddr = try required(delegatorAddr, 1)
            self.validatorAddr = try required(validatorAddr, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddr.description)
            writer.string(2, validatorAddr.description)
        }
    }

    package struct QueryDelegationResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryDelegationResponse"
        package var delegationResponse: DelegationResponse?

        package init(delegationResponse: DelegationResponse? = nil) {
            self.delegationResponse = delegationResponse
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: delegationResponse = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let delegationResponse { writer.embed(1, delegationResponse) }
        }
    }

    package struct QueryUnbondingDelegationRequest: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryUnbondingDelegationRequest"
        package var delegatorAddr: AccountAddress
        package var validatorAddr: OperatorAddress

        package init(delegatorAddr: AccountAddress, validatorAddr: OperatorAddress) {
            (self.delegatorAddr, self.validatorAddr) = (delegatorAddr, validatorAddr)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var delegatorAddr: AccountAddress?
            var validatorAddr: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddr = try field.address()
                case 2: validatorAddr = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddr = try required(delegatorAddr, 1)
            self.validatorAddr = try required(validatorAddr, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddr.description)
            writer.string(2, validatorAddr.description)
        }
    }

    package struct QueryUnbondingDelegationResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryUnbondingDelegationResponse"
        package var unbond: UnbondingDelegation

        package init(unbond: UnbondingDelegation) {
            self.unbond = unbond
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var unbond: UnbondingDelegation?
            while let field = try fields.next() {
                switch field.number {
                case 1: unbond = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.unbond = try presentOrAbsent(unbond, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, unbond)
        }
    }

    package struct QueryDelegatorDelegationsRequest: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryDelegatorDelegationsRequest"
        package var delegatorAddr: AccountAddress
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(delegatorAddr: AccountAddress, pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.delegatorAddr, self.pagination) = (delegatorAddr, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var delegatorAddr: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddr = try field.address()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddr = try required(delegatorAddr, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddr.description)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryDelegatorDelegationsResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryDelegatorDelegationsResponse"
        package var delegationResponses: [DelegationResponse] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(delegationResponses: [DelegationResponse] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.delegationResponses, self.pagination) = (delegationResponses, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: delegationResponses.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, delegationResponses)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryDelegatorUnbondingDelegationsRequest: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryDelegatorUnbondingDelegationsRequest"
        package var delegatorAddr: AccountAddress
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(delegatorAddr: AccountAddress, pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.delegatorAddr, self.pagination) = (delegatorAddr, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var delegatorAddr: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddr = try field.address()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddr = try required(delegatorAddr, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddr.description)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryDelegatorUnbondingDelegationsResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryDelegatorUnbondingDelegationsResponse"
        package var unbondingResponses: [UnbondingDelegation] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(unbondingResponses: [UnbondingDelegation] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.unbondingResponses, self.pagination) = (unbondingResponses, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: unbondingResponses.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, unbondingResponses)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryRedelegationsRequest: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryRedelegationsRequest"
        package var delegatorAddr: AccountAddress
        package var srcValidatorAddr: OperatorAddress?
        package var dstValidatorAddr: OperatorAddress?
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(
            delegatorAddr: AccountAddress, srcValidatorAddr: OperatorAddress? = nil,
            dstValidatorAddr: OperatorAddress? = nil, pagination: BaseQueryV1beta1.PageRequest? = nil
        ) {
            (self.delegatorAddr, self.srcValidatorAddr) = (delegatorAddr, srcValidatorAddr)
            (self.dstValidatorAddr, self.pagination) = (dstValidatorAddr, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var delegatorAddr: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddr = try field.address()
                case 2: srcValidatorAddr = try field.addressOrNone()
                case 3: dstValidatorAddr = try field.addressOrNone()
                case 4: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddr = try required(delegatorAddr, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddr.description)
            if let srcValidatorAddr { writer.string(2, srcValidatorAddr.description) }
            if let dstValidatorAddr { writer.string(3, dstValidatorAddr.description) }
            if let pagination { writer.embed(4, pagination) }
        }
    }

    package struct QueryRedelegationsResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryRedelegationsResponse"
        package var redelegationResponses: [RedelegationResponse] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(
            redelegationResponses: [RedelegationResponse] = [], pagination: BaseQueryV1beta1.PageResponse? = nil
        ) {
            (self.redelegationResponses, self.pagination) = (redelegationResponses, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: redelegationResponses.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, redelegationResponses)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryDelegatorValidatorsRequest: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryDelegatorValidatorsRequest"
        package var delegatorAddr: AccountAddress
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(delegatorAddr: AccountAddress, pagination: BaseQueryV1beta1.PageRequest? = nil) {
            (self.delegatorAddr, self.pagination) = (delegatorAddr, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var delegatorAddr: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddr = try field.address()
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddr = try required(delegatorAddr, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddr.description)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryDelegatorValidatorsResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryDelegatorValidatorsResponse"
        package var validators: [Validator] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(validators: [Validator] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.validators, self.pagination) = (validators, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: validators.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, validators)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryDelegatorValidatorRequest: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryDelegatorValidatorRequest"
        package var delegatorAddr: AccountAddress
        package var validatorAddr: OperatorAddress

        package init(delegatorAddr: AccountAddress, validatorAddr: OperatorAddress) {
            (self.delegatorAddr, self.validatorAddr) = (delegatorAddr, validatorAddr)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var delegatorAddr: AccountAddress?
            var validatorAddr: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddr = try field.address()
                case 2: validatorAddr = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddr = try required(delegatorAddr, 1)
            self.validatorAddr = try required(validatorAddr, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddr.description)
            writer.string(2, validatorAddr.description)
        }
    }

    package struct QueryDelegatorValidatorResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryDelegatorValidatorResponse"
        package var validator: Validator

        package init(validator: Validator) {
            self.validator = validator
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var validator: Validator?
            while let field = try fields.next() {
                switch field.number {
                case 1: validator = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.validator = try presentOrAbsent(validator, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, validator)
        }
    }

    package struct QueryHistoricalInfoRequest: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryHistoricalInfoRequest"
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

    package struct QueryHistoricalInfoResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryHistoricalInfoResponse"
        package var hist: HistoricalInfo?

        package init(hist: HistoricalInfo? = nil) {
            self.hist = hist
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: hist = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            if let hist { writer.embed(1, hist) }
        }
    }

    package struct QueryPoolRequest: FieldlessMessage {
        package static let name = "cosmos.staking.v1beta1.QueryPoolRequest"

        package init() {}
    }

    package struct QueryPoolResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryPoolResponse"
        package var pool: Pool

        package init(pool: Pool) {
            self.pool = pool
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var pool: Pool?
            while let field = try fields.next() {
                switch field.number {
                case 1: pool = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.pool = try presentOrAbsent(pool, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, pool)
        }
    }

    package struct QueryParamsRequest: FieldlessMessage {
        package static let name = "cosmos.staking.v1beta1.QueryParamsRequest"

        package init() {}
    }

    package struct QueryParamsResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.QueryParamsResponse"
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

    package struct HistoricalInfo: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.HistoricalInfo"
        package var header: [UInt8] = []
        package var valset: [Validator] = []

        package init(header: [UInt8] = [], valset: [Validator] = []) {
            (self.header, self.valset) = (header, valset)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            while let field = try fields.next() {
                switch field.number {
                case 1: header = try field.bytes()
                case 2: valset.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.message(1, header)
            writer.embed(2, valset)
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

    package struct Commission: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.Commission"
        package var commissionRates: CommissionRates
        package var updateTime: Timestamp

        package init(commissionRates: CommissionRates, updateTime: Timestamp) {
            (self.commissionRates, self.updateTime) = (commissionRates, updateTime)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var commissionRates: CommissionRates?
            var updateTime: Timestamp?
            while let field = try fields.next() {
                switch field.number {
                case 1: commissionRates = try field.message()
                case 2: updateTime = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.commissionRates = try presentOrAbsent(commissionRates, policy)
            self.updateTime = try presentOrAbsent(updateTime, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, commissionRates)
            writer.embed(2, updateTime)
        }
    }

    package struct Validator: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.Validator"
        package var operatorAddress: OperatorAddress
        package var consensusPubkey: AnyMessage?
        package var jailed: Bool = false
        package var status: BondStatus = .init(rawValue: 0)
        package var tokens: UInt128
        package var delegatorShares: Decimal18
        package var description: Description
        package var unbondingHeight: Int64 = 0
        package var unbondingTime: Timestamp
        package var commission: Commission
        package var minSelfDelegation: UInt128
        package var unbondingOnHoldRefCount: Int64 = 0
        package var unbondingIds: [UInt64] = []

        package init(
            operatorAddress: OperatorAddress, consensusPubkey: AnyMessage? = nil, jailed: Bool = false,
            status: BondStatus = .init(rawValue: 0), tokens: UInt128, delegatorShares: Decimal18,
            description: Description, unbondingHeight: Int64 = 0, unbondingTime: Timestamp, commission: Commission,
            minSelfDelegation: UInt128, unbondingOnHoldRefCount: Int64 = 0, unbondingIds: [UInt64] = []
        ) {
            (self.operatorAddress, self.consensusPubkey, self.jailed) = (operatorAddress, consensusPubkey, jailed)
            (self.status, self.tokens, self.delegatorShares) = (status, tokens, delegatorShares)
            (self.description, self.unbondingHeight, self.unbondingTime) = (description, unbondingHeight, unbondingTime)
            (self.commission, self.minSelfDelegation) = (commission, minSelfDelegation)
            (self.unbondingOnHoldRefCount, self.unbondingIds) = (unbondingOnHoldRefCount, unbondingIds)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
            var operatorAddress: OperatorAddress?
            var tokens: UInt128?
            var delegatorShares: Decimal18?
            var description: Description?
            var unbondingTime: Timestamp?
            var commission: Commission?
            var minSelfDelegation: UInt128?
            while let field = try fields.next() {
                switch field.number {
                case 1: operatorAddress = try field.address()
                case 2: consensusPubkey = try field.message()
                case 3: jailed = try field.bool()
                case 4: status = try field.enumeration()
                case 5: tokens = try field.integer()
                case 6: delegatorShares = try field.decimal()
                case 7: description = try field.message()
                case 8: unbondingHeight = try field.int64()
                case 9: unbondingTime = try field.message()
                case 10: commission = try field.message()
                case 11: minSelfDelegation = try field.integer()
                case 12: unbondingOnHoldRefCount = try field.int64()
                case 13: try field.addNumbers(to: &unbondingIds)
                default: try fields.unknown(field)
                }
            }
            self.operatorAddress = try required(operatorAddress, 1)
            self.tokens = try required(tokens, 5)
            self.delegatorShares = try required(delegatorShares, 6)
            self.description = try presentOrAbsent(description, policy)
            self.unbondingTime = try presentOrAbsent(unbondingTime, policy)
            self.commission = try presentOrAbsent(commission, policy)
            self.minSelfDelegation = try required(minSelfDelegation, 11)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, operatorAddress.description)
            if let consensusPubkey { writer.embed(2, consensusPubkey) }
            writer.bool(3, jailed)
            writer.int64(4, Int64(status.rawValue))
            writer.string(5, String(tokens))
            writer.string(6, delegatorShares.scaledText)
            writer.embed(7, description)
            writer.int64(8, unbondingHeight)
            writer.embed(9, unbondingTime)
            writer.embed(10, commission)
            writer.string(11, String(minSelfDelegation))
            writer.int64(12, unbondingOnHoldRefCount)
            writer.numbers(13, unbondingIds)
        }
    }

    package struct DVPair: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.DVPair"
        package var delegatorAddress: AccountAddress
        package var validatorAddress: OperatorAddress

        package init(delegatorAddress: AccountAddress, validatorAddress: OperatorAddress) {
            (self.delegatorAddress, self.validatorAddress) = (delegatorAddress, validatorAddress)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var delegatorAddress: AccountAddress?
            var validatorAddress: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                case 2: validatorAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
            self.validatorAddress = try required(validatorAddress, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
            writer.string(2, validatorAddress.description)
        }
    }

    package struct DVPairs: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.DVPairs"
        package var pairs: [DVPair] = []

        package init(pairs: [DVPair] = []) {
            self.pairs = pairs
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: pairs.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, pairs)
        }
    }

    package struct DVVTriplet: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.DVVTriplet"
        package var delegatorAddress: AccountAddress
        package var validatorSrcAddress: OperatorAddress
        package var validatorDstAddress: OperatorAddress

        package init(
            delegatorAddress: AccountAddress, validatorSrcAddress: OperatorAddress, validatorDstAddress: OperatorAddress
        ) {
            (self.delegatorAddress, self.validatorSrcAddress) = (delegatorAddress, validatorSrcAddress)
            self.validatorDstAddress = validatorDstAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var delegatorAddress: AccountAddress?
            var validatorSrcAddress: OperatorAddress?
            var validatorDstAddress: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                case 2: validatorSrcAddress = try field.address()
                case 3: validatorDstAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
            self.validatorSrcAddress = try required(validatorSrcAddress, 2)
            self.validatorDstAddress = try required(validatorDstAddress, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
            writer.string(2, validatorSrcAddress.description)
            writer.string(3, validatorDstAddress.description)
        }
    }

    package struct DVVTriplets: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.DVVTriplets"
        package var triplets: [DVVTriplet] = []

        package init(triplets: [DVVTriplet] = []) {
            self.triplets = triplets
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: triplets.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, triplets)
        }
    }

    package struct ValAddresses: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.ValAddresses"
        package var addresses: [OperatorAddress] = []

        package init(addresses: [OperatorAddress] = []) {
            self.addresses = addresses
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: addresses.append(try field.address())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in addresses { writer.string(1, element.description) }
        }
    }

    package struct Delegation: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.Delegation"
        package var delegatorAddress: AccountAddress
        package var validatorAddress: OperatorAddress
        package var shares: Decimal18

        package init(delegatorAddress: AccountAddress, validatorAddress: OperatorAddress, shares: Decimal18) {
            (self.delegatorAddress, self.validatorAddress, self.shares) = (delegatorAddress, validatorAddress, shares)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var delegatorAddress: AccountAddress?
            var validatorAddress: OperatorAddress?
            var shares: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                case 2: validatorAddress = try field.address()
                case 3: shares = try field.decimal()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
            self.validatorAddress = try required(validatorAddress, 2)
            self.shares = try required(shares, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
            writer.string(2, validatorAddress.description)
            writer.string(3, shares.scaledText)
        }
    }

    package struct UnbondingDelegation: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.UnbondingDelegation"
        package var delegatorAddress: AccountAddress
        package var validatorAddress: OperatorAddress
        package var entries: [UnbondingDelegationEntry] = []

        package init(
            delegatorAddress: AccountAddress, validatorAddress: OperatorAddress,
            entries: [UnbondingDelegationEntry] = []
        ) {
            (self.delegatorAddress, self.validatorAddress, self.entries) = (delegatorAddress, validatorAddress, entries)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var delegatorAddress: AccountAddress?
            var validatorAddress: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                case 2: validatorAddress = try field.address()
                case 3: entries.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
            self.validatorAddress = try required(validatorAddress, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
            writer.string(2, validatorAddress.description)
            writer.embed(3, entries)
        }
    }

    package struct UnbondingDelegationEntry: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.UnbondingDelegationEntry"
        package var creationHeight: Int64 = 0
        package var completionTime: Timestamp
        package var initialBalance: UInt128
        package var balance: UInt128
        package var unbondingID: UInt64 = 0
        package var unbondingOnHoldRefCount: Int64 = 0

        package init(
            creationHeight: Int64 = 0, completionTime: Timestamp, initialBalance: UInt128, balance: UInt128,
            unbondingID: UInt64 = 0, unbondingOnHoldRefCount: Int64 = 0
        ) {
            (self.creationHeight, self.completionTime) = (creationHeight, completionTime)
            (self.initialBalance, self.balance, self.unbondingID) = (initialBalance, balance, unbondingID)
            self.unbondingOnHoldRefCount = unbondingOnHoldRefCount
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6])
            var completionTime: Timestamp?
            var initialBalance: UInt128?
            var balance: UInt128?
            while let field = try fields.next() {
                switch field.number {
                case 1: creationHeight = try field.int64()
                case 2: completionTime = try field.message()
                case 3: initialBalance = try field.integer()
                case 4: balance = try field.integer()
                case 5: unbondingID = try field.uint64()
                case 6: unbondingOnHoldRefCount = try field.int64()
                default: try fields.unknown(field)
                }
            }
            self.completionTime = try presentOrAbsent(completionTime, policy)
            self.initialBalance = try required(initialBalance, 3)
            self.balance = try required(balance, 4)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, creationHeight)
            writer.embed(2, completionTime)
            writer.string(3, String(initialBalance))
            writer.string(4, String(balance))
            writer.uint64(5, unbondingID)
            writer.int64(6, unbondingOnHoldRefCount)
        }
    }

    package struct RedelegationEntry: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.RedelegationEntry"
        package var creationHeight: Int64 = 0
        package var completionTime: Timestamp
        package var initialBalance: UInt128
        package var sharesDst: Decimal18
        package var unbondingID: UInt64 = 0
        package var unbondingOnHoldRefCount: Int64 = 0

        package init(
            creationHeight: Int64 = 0, completionTime: Timestamp, initialBalance: UInt128, sharesDst: Decimal18,
            unbondingID: UInt64 = 0, unbondingOnHoldRefCount: Int64 = 0
        ) {
            (self.creationHeight, self.completionTime) = (creationHeight, completionTime)
            (self.initialBalance, self.sharesDst, self.unbondingID) = (initialBalance, sharesDst, unbondingID)
            self.unbondingOnHoldRefCount = unbondingOnHoldRefCount
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6])
            var completionTime: Timestamp?
            var initialBalance: UInt128?
            var sharesDst: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: creationHeight = try field.int64()
                case 2: completionTime = try field.message()
                case 3: initialBalance = try field.integer()
                case 4: sharesDst = try field.decimal()
                case 5: unbondingID = try field.uint64()
                case 6: unbondingOnHoldRefCount = try field.int64()
                default: try fields.unknown(field)
                }
            }
            self.completionTime = try presentOrAbsent(completionTime, policy)
            self.initialBalance = try required(initialBalance, 3)
            self.sharesDst = try required(sharesDst, 4)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.int64(1, creationHeight)
            writer.embed(2, completionTime)
            writer.string(3, String(initialBalance))
            writer.string(4, sharesDst.scaledText)
            writer.uint64(5, unbondingID)
            writer.int64(6, unbondingOnHoldRefCount)
        }
    }

    package struct Redelegation: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.Redelegation"
        package var delegatorAddress: AccountAddress
        package var validatorSrcAddress: OperatorAddress
        package var validatorDstAddress: OperatorAddress
        package var entries: [RedelegationEntry] = []

        package init(
            delegatorAddress: AccountAddress, validatorSrcAddress: OperatorAddress,
            validatorDstAddress: OperatorAddress, entries: [RedelegationEntry] = []
        ) {
            (self.delegatorAddress, self.validatorSrcAddress) = (delegatorAddress, validatorSrcAddress)
            (self.validatorDstAddress, self.entries) = (validatorDstAddress, entries)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var delegatorAddress: AccountAddress?
            var validatorSrcAddress: OperatorAddress?
            var validatorDstAddress: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                case 2: validatorSrcAddress = try field.address()
                case 3: validatorDstAddress = try field.address()
                case 4: entries.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
            self.validatorSrcAddress = try required(validatorSrcAddress, 2)
            self.validatorDstAddress = try required(validatorDstAddress, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
            writer.string(2, validatorSrcAddress.description)
            writer.string(3, validatorDstAddress.description)
            writer.embed(4, entries)
        }
    }

    package struct DelegationResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.DelegationResponse"
        package var delegation: Delegation
        package var balance: Coin

        package init(delegation: Delegation, balance: Coin) {
            (self.delegation, self.balance) = (delegation, balance)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var delegation: Delegation?
            var balance: Coin?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegation = try field.message()
                case 2: balance = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.delegation = try presentOrAbsent(delegation, policy)
            self.balance = try presentOrAbsent(balance, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, delegation)
            writer.embed(2, balance)
        }
    }

    package struct RedelegationEntryResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.RedelegationEntryResponse"
        package var redelegationEntry: RedelegationEntry
        package var balance: UInt128

        package init(redelegationEntry: RedelegationEntry, balance: UInt128) {
            (self.redelegationEntry, self.balance) = (redelegationEntry, balance)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 4])
            var redelegationEntry: RedelegationEntry?
            var balance: UInt128?
            while let field = try fields.next() {
                switch field.number {
                case 1: redelegationEntry = try field.message()
                case 4: balance = try field.integer()
                default: try fields.unknown(field)
                }
            }
            self.redelegationEntry = try presentOrAbsent(redelegationEntry, policy)
            self.balance = try required(balance, 4)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, redelegationEntry)
            writer.string(4, String(balance))
        }
    }

    package struct RedelegationResponse: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.RedelegationResponse"
        package var redelegation: Redelegation
        package var entries: [RedelegationEntryResponse] = []

        package init(redelegation: Redelegation, entries: [RedelegationEntryResponse] = []) {
            (self.redelegation, self.entries) = (redelegation, entries)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var redelegation: Redelegation?
            while let field = try fields.next() {
                switch field.number {
                case 1: redelegation = try field.message()
                case 2: entries.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.redelegation = try presentOrAbsent(redelegation, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, redelegation)
            writer.embed(2, entries)
        }
    }

    package struct Pool: ChainMessage {
        package static let name = "cosmos.staking.v1beta1.Pool"
        package var notBondedTokens: UInt128
        package var bondedTokens: UInt128

        package init(notBondedTokens: UInt128, bondedTokens: UInt128) {
            (self.notBondedTokens, self.bondedTokens) = (notBondedTokens, bondedTokens)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var notBondedTokens: UInt128?
            var bondedTokens: UInt128?
            while let field = try fields.next() {
                switch field.number {
                case 1: notBondedTokens = try field.integer()
                case 2: bondedTokens = try field.integer()
                default: try fields.unknown(field)
                }
            }
            self.notBondedTokens = try required(notBondedTokens, 1)
            self.bondedTokens = try required(bondedTokens, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, String(notBondedTokens))
            writer.string(2, String(bondedTokens))
        }
    }

    package struct BondStatus: RawRepresentable, Hashable, Sendable {
        package static let unspecified = BondStatus(rawValue: 0)
        package static let unbonded = BondStatus(rawValue: 1)
        package static let unbonding = BondStatus(rawValue: 2)
        package static let bonded = BondStatus(rawValue: 3)

        package var rawValue: Int32

        package init(rawValue: Int32) {
            self.rawValue = rawValue
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
