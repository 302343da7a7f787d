import Auth
import Bank
import ChainMessages
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import Wire

/// Distribution in the chain's list of modules.
package struct DistributionModule: LedgerModule {
    package let name = DistributionStore.name
    package let stores = [DistributionStore.name]
    let staking: StakingActions

    package init(_ staking: StakingActions) { self.staking = staking }

    /// A chain without a staked validator leaves its fees where they are: there is nobody to give them to.
    package func beginBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
        guard try StakingStore.hasSet(in: state) else { return [] }
        let work = BlockWork(block, on: state)
        // What is refused stays with the fee collector, and is shared out in the next block.
        if block.height > 1 { _ = try work.attempt(Allocation.run) }
        try DistributionStore.setProposer(block.proposer, on: state)
        return work.events
    }

    package func endBlock(_ block: BlockContext, on state: any LedgerState) throws -> [Event] {
        let work = BlockWork(block, on: state)
        try Restaking.run(staking, work)
        return work.events
    }
}

// MARK: - Messages

extension DistributionModule {
    private typealias Messages = DistributionV1beta1

    package var messages: [MessageHandler] {
        DistributionModule.withdrawals + DistributionModule.payments + [DistributionParameters.update]
    }

    private static var withdrawals: [MessageHandler] {
        [
            .answering(Messages.MsgSetWithdrawAddress.self) { message, work in
                guard !ModuleAccount.isBlocked(message.withdrawAddress) else {
                    throw TransactionRefusal.unauthorized(
                        "\(message.withdrawAddress) is not allowed to receive external funds")
                }
                guard try DistributionParameters.current(in: work.state).withdrawAddrEnabled else {
                    throw DistributionRefusal.withdrawAddressDisabled()
                }
                let key = DistributionStore.withdrawAddressPrefix + StakingStore.part(message.delegatorAddress)
                try work.state.set(message.withdrawAddress.bytes, of: key, in: DistributionStore.name)
                work.tell(
                    Event("set_withdraw_address", ["withdraw_address": message.withdrawAddress.description]))
                return Messages.MsgSetWithdrawAddressResponse()
            },
            .answering(Messages.MsgWithdrawDelegatorReward.self) { message, work in
                let coins = try Withdrawal.run(message.delegatorAddress, message.validatorAddress, work)
                return Messages.MsgWithdrawDelegatorRewardResponse(amount: coins.list)
            },
            .answering(Messages.MsgWithdrawValidatorCommission.self) { message, work in
                let (state, address) = (work.state, message.validatorAddress)
                let commission = try DistributionStore.commission(address, in: state)
                guard !commission.isEmpty else { throw DistributionRefusal.noCommission() }
                let (coins, rest) = try commission.truncated()
                try DistributionStore.setCommission(rest, of: address, on: state)
                try DistributionStore.setOutstanding(
                    try DistributionStore.outstanding(address, in: state) - DecimalCoins(coins), of: address, on: state)
                if !coins.isEmpty {
                    let recipient = try DistributionStore.withdrawAddress(of: address.account, in: state)
                    try Rewards.pay(coins, to: recipient, work)
                }
                work.tell(Event("withdraw_commission", ["amount": coins.description]))
                return Messages.MsgWithdrawValidatorCommissionResponse(amount: coins.list)
            },
            .answering(Messages.MsgSetAutoRestake.self) { message, work in
                try DistributionModule.setRestake(message, work)
                return Messages.MsgSetAutoRestakeResponse()
            },
        ]
    }

    private static func setRestake(_ message: Messages.MsgSetAutoRestake, _ work: BlockWork) throws {
        let key = Restaking.key(message.delegatorAddress, message.validatorAddress)
        guard message.enabled else {
            guard try work.state.value(of: key, in: DistributionStore.name) != nil else {
                throw TransactionRefusal(codespace: "sdk", code: 38, log: "authorization not found: not found")
            }
            return try work.state.set(nil, of: key, in: DistributionStore.name)
        }
        guard
            let delegation = try StakingStore.delegation(
                message.delegatorAddress, message.validatorAddress, in: work.state)
        else { throw StakingRefusal.noDelegation() }
        let validator = try StakingStore.existingValidator(message.validatorAddress, in: work.state)
        let least = try DistributionParameters.current(in: work.state).minimumRestakeThreshold
        guard try validator.tokens(ofShares: delegation.shares) >= least else {
            throw DistributionRefusal.restakeTooSmall()
        }
        try work.state.set(Array("k".utf8), of: key, in: DistributionStore.name)
    }

    private static var payments: [MessageHandler] {
        [
            .answering(Messages.MsgFundCommunityPool.self) { message, work in
                let coins = try BankModule.valid(message.amount)
                try collect(coins, from: message.depositor, work)
                try DistributionStore.addToPool(DecimalCoins(coins), on: work.state)
                return Messages.MsgFundCommunityPoolResponse()
            },
            .answering(Messages.MsgDepositValidatorRewardsPool.self) { message, work in
                let coins = try BankModule.valid(message.amount)
                try collect(coins, from: message.depositor, work)
                let validator = try StakingStore.existingValidator(message.validatorAddress, in: work.state)
                try Allocation.give(DecimalCoins(coins), to: validator, work)
                return Messages.MsgDepositValidatorRewardsPoolResponse()
            },
            .answering(Messages.MsgCommunityPoolSpend.self) { message, work in
                try ModuleAccount.requireGovernance(message.authority)
                let coins = try BankModule.valid(message.amount)
                try BankModule.refuseIfBlocked(message.recipient)
                guard let left = try? DistributionStore.pool(in: work.state) - DecimalCoins(coins) else {
                    throw DistributionRefusal.poolTooSmall()
                }
                try DistributionStore.setPool(left, on: work.state)
                try Rewards.pay(coins, to: message.recipient, work)
                return Messages.MsgCommunityPoolSpendResponse()
            },
        ]
    }

    private static func collect(_ coins: Coins, from sender: AccountAddress, _ work: BlockWork) throws {
        let account = ModuleAccount.distribution.address
        try BankModule.move(coins, from: sender, to: account, at: work.block.time, on: work.state)
        work.tell(BankModule.eventsOfMove(coins, from: sender, to: account))
    }
}
