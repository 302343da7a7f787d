import Auth
import Bank
import ChainMessages
import ExactNumbers
import ModuleKit
import SignedTransactions
import Staking

/// Rewards follow what staking does.
package struct DistributionHooks: StakingHooks {
    package init() {}

    package func validatorCreated(_ validator: StakedValidator, _ work: BlockWork) throws {
        try Rewards.begin(validator.operatorAddress, on: work.state)
    }

    package func delegationWillBegin(
        _ delegator: AccountAddress, _ validator: StakedValidator, _ work: BlockWork
    ) throws {
        _ = try Rewards.closePeriod(of: validator, on: work.state)
    }

    package func delegationWillChange(
        _ delegation: Delegation, _ validator: StakedValidator, _ work: BlockWork
    ) throws {
        try Rewards.withdraw(delegation, of: validator, work)
    }

    package func delegationChanged(
        _ delegator: AccountAddress, _ validator: OperatorAddress, _ work: BlockWork
    ) throws {
        try Rewards.start(delegator, validator, height: work.block.height, on: work.state)
    }

    package func validatorWillBeSlashed(
        _ validator: StakedValidator, fraction: Decimal18, _ work: BlockWork
    ) throws {
        let period = try Rewards.closePeriod(of: validator, on: work.state)
        try Rewards.hold(validator.operatorAddress, period, on: work.state)
        try SlashEvents.add(
            .init(validatorPeriod: period, fraction: fraction), of: validator.operatorAddress,
            height: work.block.height, on: work.state)
    }

    /// Its commission is paid, the rest is the pool's, and no record of it is left.
    package func validatorRemoved(_ validator: StakedValidator, _ work: BlockWork) throws {
        let (state, address) = (work.state, validator.operatorAddress)
        let commission = try DistributionStore.commission(address, in: state)
        let outstanding = try DistributionStore.outstanding(address, in: state) - commission
        let (coins, rest) = try commission.truncated()
        if !coins.isEmpty {
            let recipient = try DistributionStore.withdrawAddress(of: address.account, in: state)
            try Rewards.pay(coins, to: recipient, work)
        }
        try DistributionStore.addToPool(try rest + outstanding, on: state)
        for prefix in [
            DistributionStore.outstandingPrefix, DistributionStore.historicalPrefix, DistributionStore.currentPrefix,
            DistributionStore.commissionPrefix, DistributionStore.slashEventPrefix, DistributionStore.slashCountPrefix,
            DistributionStore.slashListPrefix,
        ] {
            var keys: [[UInt8]] = []
            try state.visit(DistributionStore.name, prefix: prefix + StakingStore.part(address)) { keys.append($0.key) }
            for key in keys { try state.set(nil, of: key, in: DistributionStore.name) }
        }
    }
}
