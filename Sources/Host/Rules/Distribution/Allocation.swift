import Auth
import Bank
import ChainMessages
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking

/// Fees and new coins are shared out at the begin of the next block.
enum Allocation {
    /// To whoever was in the set when the block before was decided, whether it signed or not. What cannot be allocated,
    /// and what roundings leave, is the pool's.
    static func run(_ work: BlockWork) throws {
        let collector = ModuleAccount.feeCollector.address
        let coins = try BankModule.balances(of: collector, on: work.state)
        guard !coins.isEmpty else { return }
        let account = ModuleAccount.distribution.address
        try BankModule.move(coins, from: collector, to: account, on: work.state)
        work.tell(BankModule.eventsOfMove(coins, from: collector, to: account))
        let fees = DecimalCoins(coins)
        let total = work.block.votes.reduce(0) { $0 + max(0, $1.power) }
        guard total > 0 else { return try DistributionStore.addToPool(fees, on: work.state) }
        let parameters = try DistributionParameters.current(in: work.state)
        let foundation = parameters.secretFoundationTax.isPositive ? parameters.secretFoundationAddress : nil
        var share = try Decimal18.one - parameters.communityTax
        if foundation != nil { share = try share - parameters.secretFoundationTax }
        let toShare = try fees.multiplied(by: share, .truncated)
        var rest = fees
        for vote in work.block.votes where vote.power > 0 {
            let fraction = try Decimal18(UInt128(vote.power)).divided(by: Decimal18(UInt128(total)), .truncated)
            let reward = try toShare.multiplied(by: fraction, .truncated)
            let refusal = try work.attempt { inner in
                guard let address = ConsensusAddress(vote.validator),
                    let validator = try StakingStore.validator(byConsensus: address, in: inner.state)
                else { throw DistributionRefusal.noValidator() }
                try give(reward, to: validator, inner)
            }
            if refusal == nil { rest = try rest - reward }
        }
        if let foundation {
            let (tax, _) = try fees.multiplied(by: parameters.secretFoundationTax, .truncated).truncated()
            rest = try rest - DecimalCoins(tax)
            if !tax.isEmpty { try Rewards.pay(tax, to: foundation, work) }
        }
        try DistributionStore.addToPool(rest, on: work.state)
    }

    /// A validator's part: its commission is its own, the rest waits for its delegators.
    static func give(_ tokens: DecimalCoins, to validator: StakedValidator, _ work: BlockWork) throws {
        let (state, address) = (work.state, validator.operatorAddress)
        let commission = try tokens.multiplied(by: validator.commission.commissionRates.rate, .halfEven)
        let shared = try tokens - commission
        guard let current = try DistributionStore.current(address, in: state) else {
            throw DistributionRefusal.noValidator()
        }
        work.tell(
            Event("commission", ["amount": commission.description, "validator": address.description]))
        try DistributionStore.setCommission(
            try DistributionStore.commission(address, in: state) + commission, of: address, on: state)
        try DistributionStore.setCurrent(
            try DecimalCoins(current.rewards) + shared, period: current.period, of: address, on: state)
        work.tell(Event("rewards", ["amount": tokens.description, "validator": address.description]))
        try DistributionStore.setOutstanding(
            try DistributionStore.outstanding(address, in: state) + tokens, of: address, on: state)
    }
}
