// Made by proto/chain_messages.py from proto/chain. Do not edit.

import ExactNumbers
import SignedTransactions
import Wire

/// `cosmos.distribution.v1beta1`.
package enum DistributionV1beta1 {
    package struct Params: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.Params"
        package var communityTax: Decimal18
        package var baseProposerReward: Decimal18
        package var bonusProposerReward: Decimal18
        package var withdrawAddrEnabled: Bool = false
        package var secretFoundationTax: Decimal18
        package var secretFoundationAddress: AccountAddress?
        package var minimumRestakeThreshold: Decimal18
        package var restakePeriod: UInt128

        package init(
            communityTax: Decimal18, baseProposerReward: Decimal18, bonusProposerReward: Decimal18,
            withdrawAddrEnabled: Bool = false, secretFoundationTax: Decimal18,
            secretFoundationAddress: AccountAddress? = nil, minimumRestakeThreshold: Decimal18, restakePeriod: UInt128
        ) {
            (self.communityTax, self.baseProposerReward) = (communityTax, baseProposerReward)
            (self.bonusProposerReward, self.withdrawAddrEnabled) = (bonusProposerReward, withdrawAddrEnabled)
            (self.secretFoundationTax, self.secretFoundationAddress) = (secretFoundationTax, secretFoundationAddress)
            (self.minimumRestakeThreshold, self.restakePeriod) = (minimumRestakeThreshold, restakePeriod)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4, 5, 6, 7, 8])
            var communityTax: Decimal18?
            var baseProposerReward: Decimal18?
            var bonusProposerReward: Decimal18?
            var secretFoundationTax: Decimal18?
            var minimumRestakeThreshold: Decimal18?
            var restakePeriod: UInt128?
            while let field = try fields.next() {
                switch field.number {
                case 1: communityTax = try field.decimal()
                case 2: baseProposerReward = try field.decimal()
                case 3: bonusProposerReward = try field.decimal()
                case 4: withdrawAddrEnabled = try field.bool()
                case 5: secretFoundationTax = try field.decimal()
                case 6: secretFoundationAddress = try field.addressOrNone()
                case 7: minimumRestakeThreshold = try field.decimal()
                case 8: restakePeriod = try field.integer()
                default: try fields.unknown(field)
                }
            }
            self.communityTax = try required(communityTax, 1)
            self.baseProposerReward = try required(baseProposerReward, 2)
            self.bonusProposerReward = try required(bonusProposerReward, 3)
            self.secretFoundationTax = try required(secretFoundationTax, 5)
            self.minimumRestakeThreshold = try required(minimumRestakeThreshold, 7)
            self.restakePeriod = try required(restakePeriod, 8)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, communityTax.scaledText)
            writer.string(2, baseProposerReward.scaledText)
            writer.string(3, bonusProposerReward.scaledText)
            writer.bool(4, withdrawAddrEnabled)
            writer.string(5, secretFoundationTax.scaledText)
            if let secretFoundationAddress { writer.string(6, secretFoundationAddress.description) }
            writer.string(7, minimumRestakeThreshold.scaledText)
            writer.string(8, String(restakePeriod))
        }
    }

    package struct CommunityPoolSpendProposal: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.CommunityPoolSpendProposal"
        package var title: String = ""
        package var description: String = ""
        package var recipient: AccountAddress
        package var amount: [Coin] = []

        package init(title: String = "", description: String = "", recipient: AccountAddress, amount: [Coin] = []) {
            (self.title, self.description, self.recipient, self.amount) = (title, description, recipient, amount)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var recipient: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: title = try field.string()
                case 2: description = try field.string()
                case 3: recipient = try field.address()
                case 4: amount.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.recipient = try required(recipient, 3)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, title)
            writer.string(2, description)
            writer.string(3, recipient.description)
            writer.embed(4, amount)
        }
    }

    package struct ValidatorHistoricalRewards: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.ValidatorHistoricalRewards"
        package var cumulativeRewardRatio: [BaseV1beta1.DecCoin] = []
        package var referenceCount: UInt32 = 0

        package init(cumulativeRewardRatio: [BaseV1beta1.DecCoin] = [], referenceCount: UInt32 = 0) {
            (self.cumulativeRewardRatio, self.referenceCount) = (cumulativeRewardRatio, referenceCount)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: cumulativeRewardRatio.append(try field.message())
                case 2: referenceCount = try field.uint32()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, cumulativeRewardRatio)
            writer.uint64(2, UInt64(referenceCount))
        }
    }

    package struct ValidatorCurrentRewards: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.ValidatorCurrentRewards"
        package var rewards: [BaseV1beta1.DecCoin] = []
        package var period: UInt64 = 0

        package init(rewards: [BaseV1beta1.DecCoin] = [], period: UInt64 = 0) {
            (self.rewards, self.period) = (rewards, period)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: rewards.append(try field.message())
                case 2: period = try field.uint64()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, rewards)
            writer.uint64(2, period)
        }
    }

    package struct ValidatorAccumulatedCommission: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.ValidatorAccumulatedCommission"
        package var commission: [BaseV1beta1.DecCoin] = []

        package init(commission: [BaseV1beta1.DecCoin] = []) {
            self.commission = commission
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: commission.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, commission)
        }
    }

    package struct ValidatorOutstandingRewards: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.ValidatorOutstandingRewards"
        package var rewards: [BaseV1beta1.DecCoin] = []

        package init(rewards: [BaseV1beta1.DecCoin] = []) {
            self.rewards = rewards
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: rewards.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, rewards)
        }
    }

    package struct ValidatorSlashEvent: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.ValidatorSlashEvent"
        package var validatorPeriod: UInt64 = 0
        package var fraction: Decimal18

        package init(validatorPeriod: UInt64 = 0, fraction: Decimal18) {
            (self.validatorPeriod, self.fraction) = (validatorPeriod, fraction)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var fraction: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: validatorPeriod = try field.uint64()
                case 2: fraction = try field.decimal()
                default: try fields.unknown(field)
                }
            }
            self.fraction = try required(fraction, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, validatorPeriod)
            writer.string(2, fraction.scaledText)
        }
    }

    package struct FeePool: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.FeePool"
        package var communityPool: [BaseV1beta1.DecCoin] = []

        package init(communityPool: [BaseV1beta1.DecCoin] = []) {
            self.communityPool = communityPool
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: communityPool.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, communityPool)
        }
    }

    package struct DelegatorStartingInfo: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.DelegatorStartingInfo"
        package var previousPeriod: UInt64 = 0
        package var stake: Decimal18
        package var height: UInt64 = 0

        package init(previousPeriod: UInt64 = 0, stake: Decimal18, height: UInt64 = 0) {
            (self.previousPeriod, self.stake, self.height) = (previousPeriod, stake, height)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var stake: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: previousPeriod = try field.uint64()
                case 2: stake = try field.decimal()
                case 3: height = try field.uint64()
                default: try fields.unknown(field)
                }
            }
            self.stake = try required(stake, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.uint64(1, previousPeriod)
            writer.string(2, stake.scaledText)
            writer.uint64(3, height)
        }
    }

    package struct DelegationDelegatorReward: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.DelegationDelegatorReward"
        package var validatorAddress: OperatorAddress
        package var reward: [BaseV1beta1.DecCoin] = []

        package init(validatorAddress: OperatorAddress, reward: [BaseV1beta1.DecCoin] = []) {
            (self.validatorAddress, self.reward) = (validatorAddress, reward)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var validatorAddress: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: validatorAddress = try field.address()
                case 2: reward.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.validatorAddress = try required(validatorAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, validatorAddress.description)
            writer.embed(2, reward)
        }
    }

    package enum Query {
        package static let params = ChainMethod<QueryParamsRequest, QueryParamsResponse>(
            "/cosmos.distribution.v1beta1.Query/Params"
        )
        package static let validatorDistributionInfo = ChainMethod<
            QueryValidatorDistributionInfoRequest, QueryValidatorDistributionInfoResponse
        >(
            "/cosmos.distribution.v1beta1.Query/ValidatorDistributionInfo"
        )
        package static let validatorOutstandingRewards = ChainMethod<
            QueryValidatorOutstandingRewardsRequest, QueryValidatorOutstandingRewardsResponse
        >(
            "/cosmos.distribution.v1beta1.Query/ValidatorOutstandingRewards"
        )
        package static let validatorCommission = ChainMethod<
            QueryValidatorCommissionRequest, QueryValidatorCommissionResponse
        >(
            "/cosmos.distribution.v1beta1.Query/ValidatorCommission"
        )
        package static let validatorSlashes = ChainMethod<QueryValidatorSlashesRequest, QueryValidatorSlashesResponse>(
            "/cosmos.distribution.v1beta1.Query/ValidatorSlashes"
        )
        package static let delegationRewards = ChainMethod<
            QueryDelegationRewardsRequest, QueryDelegationRewardsResponse
        >(
            "/cosmos.distribution.v1beta1.Query/DelegationRewards"
        )
        package static let delegationTotalRewards = ChainMethod<
            QueryDelegationTotalRewardsRequest, QueryDelegationTotalRewardsResponse
        >(
            "/cosmos.distribution.v1beta1.Query/DelegationTotalRewards"
        )
        package static let delegatorValidators = ChainMethod<
            QueryDelegatorValidatorsRequest, QueryDelegatorValidatorsResponse
        >(
            "/cosmos.distribution.v1beta1.Query/DelegatorValidators"
        )
        package static let delegatorWithdrawAddress = ChainMethod<
            QueryDelegatorWithdrawAddressRequest, QueryDelegatorWithdrawAddressResponse
        >(
            "/cosmos.distribution.v1beta1.Query/DelegatorWithdrawAddress"
        )
        package static let communityPool = ChainMethod<QueryCommunityPoolRequest, QueryCommunityPoolResponse>(
            "/cosmos.distribution.v1beta1.Query/CommunityPool"
        )
        package static let foundationTax = ChainMethod<QueryFoundationTaxRequest, QueryFoundationTaxResponse>(
            "/cosmos.distribution.v1beta1.Query/FoundationTax"
        )
        package static let restakeThreshold = ChainMethod<QueryRestakeThresholdRequest, QueryRestakeThresholdResponse>(
            "/cosmos.distribution.v1beta1.Query/RestakeThreshold"
        )
        package static let restakingEntries = ChainMethod<QueryRestakingEntriesRequest, QueryRestakingEntriesResponse>(
            "/cosmos.distribution.v1beta1.Query/RestakingEntries"
        )
    }

    package struct QueryParamsRequest: FieldlessMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryParamsRequest"

        package init() {}
    }

    package struct QueryParamsResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryParamsResponse"
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

    package struct QueryValidatorDistributionInfoRequest: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryValidatorDistributionInfoRequest"
        package var validatorAddress: OperatorAddress

        package init(validatorAddress: OperatorAddress) {
            self.validatorAddress = validatorAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var validatorAddress: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: validatorAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.validatorAddress = try required(validatorAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, validatorAddress.description)
        }
    }

    package struct QueryValidatorDistributionInfoResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryValidatorDistributionInfoResponse"
        package var operatorAddress: AccountAddress
        package var selfBondRewards: [BaseV1beta1.DecCoin] = []
        package var commission: [BaseV1beta1.DecCoin] = []

        package init(
            operatorAddress: AccountAddress, selfBondRewards: [BaseV1beta1.DecCoin] = [],
            commission: [BaseV1beta1.DecCoin] = []
        ) {
            (self.operatorAddress, self.selfBondRewards) = (operatorAddress, selfBondRewards)
            self.commission = commission
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var operatorAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: operatorAddress = try field.address()
                case 2: selfBondRewards.append(try field.message())
                case 3: commission.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.operatorAddress = try required(operatorAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, operatorAddress.description)
            writer.embed(2, selfBondRewards)
            writer.embed(3, commission)
        }
    }

    package struct QueryValidatorOutstandingRewardsRequest: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryValidatorOutstandingRewardsRequest"
        package var validatorAddress: OperatorAddress

        package init(validatorAddress: OperatorAddress) {
            self.validatorAddress = validatorAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var validatorAddress: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: validatorAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.validatorAddress = try required(validatorAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, validatorAddress.description)
        }
    }

    package struct QueryValidatorOutstandingRewardsResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryValidatorOutstandingRewardsResponse"
        package var rewards: ValidatorOutstandingRewards

        package init(rewards: ValidatorOutstandingRewards) {
            self.rewards = rewards
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var rewards: ValidatorOutstandingRewards?
            while let field = try fields.next() {
                switch field.number {
                case 1: rewards = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.rewards = try presentOrAbsent(rewards, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, rewards)
        }
    }

    package struct QueryValidatorCommissionRequest: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryValidatorCommissionRequest"
        package var validatorAddress: OperatorAddress

        package init(validatorAddress: OperatorAddress) {
            self.validatorAddress = validatorAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var validatorAddress: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: validatorAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.validatorAddress = try required(validatorAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, validatorAddress.description)
        }
    }

    package struct QueryValidatorCommissionResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryValidatorCommissionResponse"
        package var commission: ValidatorAccumulatedCommission

        package init(commission: ValidatorAccumulatedCommission) {
            self.commission = commission
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var commission: ValidatorAccumulatedCommission?
            while let field = try fields.next() {
                switch field.number {
                case 1: commission = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.commission = try presentOrAbsent(commission, policy)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, commission)
        }
    }

    package struct QueryValidatorSlashesRequest: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryValidatorSlashesRequest"
        package var validatorAddress: OperatorAddress
        package var startingHeight: UInt64 = 0
        package var endingHeight: UInt64 = 0
        package var pagination: BaseQueryV1beta1.PageRequest?

        package init(
            validatorAddress: OperatorAddress, startingHeight: UInt64 = 0, endingHeight: UInt64 = 0,
            pagination: BaseQueryV1beta1.PageRequest? = nil
        ) {
            (self.validatorAddress, self.startingHeight) = (validatorAddress, startingHeight)
            (self.endingHeight, self.pagination) = (endingHeight, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3, 4])
            var validatorAddress: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: validatorAddress = try field.address()
                case 2: startingHeight = try field.uint64()
                case 3: endingHeight = try field.uint64()
                case 4: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
            self.validatorAddress = try required(validatorAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, validatorAddress.description)
            writer.uint64(2, startingHeight)
            writer.uint64(3, endingHeight)
            if let pagination { writer.embed(4, pagination) }
        }
    }

    package struct QueryValidatorSlashesResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryValidatorSlashesResponse"
        package var slashes: [ValidatorSlashEvent] = []
        package var pagination: BaseQueryV1beta1.PageResponse?

        package init(slashes: [ValidatorSlashEvent] = [], pagination: BaseQueryV1beta1.PageResponse? = nil) {
            (self.slashes, self.pagination) = (slashes, pagination)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            while let field = try fields.next() {
                switch field.number {
                case 1: slashes.append(try field.message())
                case 2: pagination = try field.message()
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, slashes)
            if let pagination { writer.embed(2, pagination) }
        }
    }

    package struct QueryDelegationRewardsRequest: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryDelegationRewardsRequest"
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

    package struct QueryDelegationRewardsResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryDelegationRewardsResponse"
        package var rewards: [BaseV1beta1.DecCoin] = []

        package init(rewards: [BaseV1beta1.DecCoin] = []) {
            self.rewards = rewards
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: rewards.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, rewards)
        }
    }

    package struct QueryDelegationTotalRewardsRequest: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryDelegationTotalRewardsRequest"
        package var delegatorAddress: AccountAddress

        package init(delegatorAddress: AccountAddress) {
            self.delegatorAddress = delegatorAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var delegatorAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
        }
    }

    package struct QueryDelegationTotalRewardsResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryDelegationTotalRewardsResponse"
        package var rewards: [DelegationDelegatorReward] = []
        package var total: [BaseV1beta1.DecCoin] = []

        package init(rewards: [DelegationDelegatorReward] = [], total: [BaseV1beta1.DecCoin] = []) {
            (self.rewards, self.total) = (rewards, total)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: rewards.append(try field.message())
                case 2: total.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, rewards)
            writer.embed(2, total)
        }
    }

    package struct QueryDelegatorValidatorsRequest: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryDelegatorValidatorsRequest"
        package var delegatorAddress: AccountAddress

        package init(delegatorAddress: AccountAddress) {
            self.delegatorAddress = delegatorAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var delegatorAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
        }
    }

    package struct QueryDelegatorValidatorsResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryDelegatorValidatorsResponse"
        package var validators: [OperatorAddress] = []

        package init(validators: [OperatorAddress] = []) {
            self.validators = validators
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: validators.append(try field.address())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in validators { writer.string(1, element.description) }
        }
    }

    package struct QueryDelegatorWithdrawAddressRequest: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryDelegatorWithdrawAddressRequest"
        package var delegatorAddress: AccountAddress

        package init(delegatorAddress: AccountAddress) {
            self.delegatorAddress = delegatorAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var delegatorAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
        }
    }

    package struct QueryDelegatorWithdrawAddressResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryDelegatorWithdrawAddressResponse"
        package var withdrawAddress: AccountAddress

        package init(withdrawAddress: AccountAddress) {
            self.withdrawAddress = withdrawAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var withdrawAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: withdrawAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.withdrawAddress = try required(withdrawAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, withdrawAddress.description)
        }
    }

    package struct QueryCommunityPoolRequest: FieldlessMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryCommunityPoolRequest"

        package init() {}
    }

    package struct QueryCommunityPoolResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryCommunityPoolResponse"
        package var pool: [BaseV1beta1.DecCoin] = []

        package init(pool: [BaseV1beta1.DecCoin] = []) {
            self.pool = pool
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: pool.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, pool)
        }
    }

    package struct QueryFoundationTaxRequest: FieldlessMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryFoundationTaxRequest"

        package init() {}
    }

    package struct QueryFoundationTaxResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryFoundationTaxResponse"
        package var tax: Decimal18
        package var foundationAddress: AccountAddress

        package init(tax: Decimal18, foundationAddress: AccountAddress) {
            (self.tax, self.foundationAddress) = (tax, foundationAddress)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var tax: Decimal18?
            var foundationAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: tax = try field.decimal()
                case 2: foundationAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.tax = try required(tax, 1)
            self.foundationAddress = try required(foundationAddress, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, tax.scaledText)
            writer.string(2, foundationAddress.description)
        }
    }

    package struct QueryRestakeThresholdRequest: FieldlessMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryRestakeThresholdRequest"

        package init() {}
    }

    package struct QueryRestakeThresholdResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryRestakeThresholdResponse"
        package var threshold: Decimal18

        package init(threshold: Decimal18) {
            self.threshold = threshold
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var threshold: Decimal18?
            while let field = try fields.next() {
                switch field.number {
                case 1: threshold = try field.decimal()
                default: try fields.unknown(field)
                }
            }
            self.threshold = try required(threshold, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, threshold.scaledText)
        }
    }

    package struct QueryRestakingEntriesRequest: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryRestakingEntriesRequest"
        package var delegator: AccountAddress

        package init(delegator: AccountAddress) {
            self.delegator = delegator
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var delegator: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegator = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.delegator = try required(delegator, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegator.description)
        }
    }

    package struct QueryRestakingEntriesResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.QueryRestakingEntriesResponse"
        package var validators: [OperatorAddress] = []

        package init(validators: [OperatorAddress] = []) {
            self.validators = validators
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: validators.append(try field.address())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            for element in validators { writer.string(1, element.description) }
        }
    }

    package enum Msg {
        package static let setWithdrawAddress = ChainMethod<MsgSetWithdrawAddress, MsgSetWithdrawAddressResponse>(
            "/cosmos.distribution.v1beta1.Msg/SetWithdrawAddress"
        )
        package static let withdrawDelegatorReward = ChainMethod<
            MsgWithdrawDelegatorReward, MsgWithdrawDelegatorRewardResponse
        >(
            "/cosmos.distribution.v1beta1.Msg/WithdrawDelegatorReward"
        )
        package static let withdrawValidatorCommission = ChainMethod<
            MsgWithdrawValidatorCommission, MsgWithdrawValidatorCommissionResponse
        >(
            "/cosmos.distribution.v1beta1.Msg/WithdrawValidatorCommission"
        )
        package static let fundCommunityPool = ChainMethod<MsgFundCommunityPool, MsgFundCommunityPoolResponse>(
            "/cosmos.distribution.v1beta1.Msg/FundCommunityPool"
        )
        package static let setAutoRestake = ChainMethod<MsgSetAutoRestake, MsgSetAutoRestakeResponse>(
            "/cosmos.distribution.v1beta1.Msg/SetAutoRestake"
        )
        package static let updateParams = ChainMethod<MsgUpdateParams, MsgUpdateParamsResponse>(
            "/cosmos.distribution.v1beta1.Msg/UpdateParams"
        )
        package static let communityPoolSpend = ChainMethod<MsgCommunityPoolSpend, MsgCommunityPoolSpendResponse>(
            "/cosmos.distribution.v1beta1.Msg/CommunityPoolSpend"
        )
        package static let depositValidatorRewardsPool = ChainMethod<
            MsgDepositValidatorRewardsPool, MsgDepositValidatorRewardsPoolResponse
        >(
            "/cosmos.distribution.v1beta1.Msg/DepositValidatorRewardsPool"
        )
    }

    package struct MsgSetWithdrawAddress: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgSetWithdrawAddress"
        package var delegatorAddress: AccountAddress
        package var withdrawAddress: AccountAddress

        package init(delegatorAddress: AccountAddress, withdrawAddress: AccountAddress) {
            (self.delegatorAddress, self.withdrawAddress) = (delegatorAddress, withdrawAddress)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var delegatorAddress: AccountAddress?
            var withdrawAddress: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                case 2: withdrawAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
            self.withdrawAddress = try required(withdrawAddress, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
            writer.string(2, withdrawAddress.description)
        }
    }

    package struct MsgSetAutoRestake: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgSetAutoRestake"
        package var delegatorAddress: AccountAddress
        package var validatorAddress: OperatorAddress
        package var enabled: Bool = false

        package init(delegatorAddress: AccountAddress, validatorAddress: OperatorAddress, enabled: Bool = false) {
            (self.delegatorAddress, self.validatorAddress, self.enabled) = (delegatorAddress, validatorAddress, enabled)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2, 3])
            var delegatorAddress: AccountAddress?
            var validatorAddress: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: delegatorAddress = try field.address()
                case 2: validatorAddress = try field.address()
                case 3: enabled = try field.bool()
                default: try fields.unknown(field)
                }
            }
            self.delegatorAddress = try required(delegatorAddress, 1)
            self.validatorAddress = try required(validatorAddress, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, delegatorAddress.description)
            writer.string(2, validatorAddress.description)
            writer.bool(3, enabled)
        }
    }

    package struct MsgSetAutoRestakeResponse: FieldlessMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgSetAutoRestakeResponse"

        package init() {}
    }

    package struct MsgSetWithdrawAddressResponse: FieldlessMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgSetWithdrawAddressResponse"

        package init() {}
    }

    package struct MsgWithdrawDelegatorReward: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgWithdrawDelegatorReward"
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

    package struct MsgWithdrawDelegatorRewardResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgWithdrawDelegatorRewardResponse"
        package var amount: [Coin] = []

        package init(amount: [Coin] = []) {
            self.amount = amount
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: amount.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, amount)
        }
    }

    package struct MsgWithdrawValidatorCommission: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgWithdrawValidatorCommission"
        package var validatorAddress: OperatorAddress

        package init(validatorAddress: OperatorAddress) {
            self.validatorAddress = validatorAddress
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1])
            var validatorAddress: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: validatorAddress = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.validatorAddress = try required(validatorAddress, 1)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, validatorAddress.description)
        }
    }

    package struct MsgWithdrawValidatorCommissionResponse: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgWithdrawValidatorCommissionResponse"
        package var amount: [Coin] = []

        package init(amount: [Coin] = []) {
            self.amount = amount
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [])
            while let field = try fields.next() {
                switch field.number {
                case 1: amount.append(try field.message())
                default: try fields.unknown(field)
                }
            }
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, amount)
        }
    }

    package struct MsgFundCommunityPool: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgFundCommunityPool"
        package var amount: [Coin] = []
        package var depositor: AccountAddress

        package init(amount: [Coin] = [], depositor: AccountAddress) {
            (self.amount, self.depositor) = (amount, depositor)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [2])
            var depositor: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: amount.append(try field.message())
                case 2: depositor = try field.address()
                default: try fields.unknown(field)
                }
            }
            self.depositor = try required(depositor, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.embed(1, amount)
            writer.string(2, depositor.description)
        }
    }

    package struct MsgFundCommunityPoolResponse: FieldlessMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgFundCommunityPoolResponse"

        package init() {}
    }

    package struct MsgUpdateParams: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgUpdateParams"
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
        package static let name = "cosmos.distribution.v1beta1.MsgUpdateParamsResponse"

        package init() {}
    }

    package struct MsgCommunityPoolSpend: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgCommunityPoolSpend"
        package var authority: AccountAddress
        package var recipient: AccountAddress
        package var amount: [Coin] = []

        package init(authority: AccountAddress, recipient: AccountAddress, amount: [Coin] = []) {
            (self.authority, self.recipient, self.amount) = (authority, recipient, amount)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var authority: AccountAddress?
            var recipient: AccountAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: authority = try field.address()
                case 2: recipient = try field.address()
                case 3: amount.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.authority = try required(authority, 1)
            self.recipient = try required(recipient, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, authority.description)
            writer.string(2, recipient.description)
            writer.embed(3, amount)
        }
    }

    package struct MsgCommunityPoolSpendResponse: FieldlessMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgCommunityPoolSpendResponse"

        package init() {}
    }

    package struct MsgDepositValidatorRewardsPool: ChainMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPool"
        package var depositor: AccountAddress
        package var validatorAddress: OperatorAddress
        package var amount: [Coin] = []

        package init(depositor: AccountAddress, validatorAddress: OperatorAddress, amount: [Coin] = []) {
            (self.depositor, self.validatorAddress, self.amount) = (depositor, validatorAddress, amount)
        }

        package init(decoding bytes: ArraySlice<UInt8>, _ policy: FieldPolicy) throws(MessageError) {
            var fields = MessageFields(bytes, policy, singular: [1, 2])
            var depositor: AccountAddress?
            var validatorAddress: OperatorAddress?
            while let field = try fields.next() {
                switch field.number {
                case 1: depositor = try field.address()
                case 2: validatorAddress = try field.address()
                case 3: amount.append(try field.message())
                default: try fields.unknown(field)
                }
            }
            self.depositor = try required(depositor, 1)
            self.validatorAddress = try required(validatorAddress, 2)
        }

        package func write(to writer: inout ProtobufWriter) {
            writer.string(1, depositor.description)
            writer.string(2, validatorAddress.description)
            writer.embed(3, amount)
        }
    }

    package struct MsgDepositValidatorRewardsPoolResponse: FieldlessMessage {
        package static let name = "cosmos.distribution.v1beta1.MsgDepositValidatorRewardsPoolResponse"

        package init() {}
    }
}
