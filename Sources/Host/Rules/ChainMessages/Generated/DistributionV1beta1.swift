// Made by proto/chain_messages.py from proto/chain. Do not edit.

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
