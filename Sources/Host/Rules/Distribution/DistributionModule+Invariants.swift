import Auth
import Bank
import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import Wire

/// The account holds what is outstanding and the pool's; every period is kept as long as somebody needs it; all rewards
/// and commissions can be paid; and the list of slash events that can be proved is that of the records.
extension DistributionModule {
    package func brokenInvariants(in state: any LedgerReading) throws -> [String] {
        var broken: [String] = []
        if let fault = try DistributionModule.accountFault(in: state) { broken.append(fault) }
        broken += try DistributionModule.referenceFaults(in: state)
        broken += try DistributionModule.payFaults(in: state)
        return broken
    }

    /// `module-account`.
    static func accountFault(in state: any LedgerReading) throws -> String? {
        var sum = try DistributionStore.pool(in: state)
        try state.visit(DistributionStore.name, prefix: DistributionStore.outstandingPrefix) { entry in
            sum =
                try sum
                + DecimalCoins(
                    try DistributionV1beta1.ValidatorOutstandingRewards(stored: entry, in: DistributionStore.name)
                        .rewards)
        }
        let expected = try sum.truncated().coins
        let held = try BankModule.balances(of: ModuleAccount.distribution.address, on: state)
        return held == expected ? nil : "the account has \(held), and \(expected) by the records"
    }

    /// `reference-count`.
    private static func referenceFaults(in state: any LedgerReading) throws -> [String] {
        var (held, events, listed, current, started): (UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0)
        try state.visit(DistributionStore.name, prefix: DistributionStore.historicalPrefix) { entry in
            held += UInt64(
                try DistributionV1beta1.ValidatorHistoricalRewards(stored: entry, in: DistributionStore.name)
                    .referenceCount)
        }
        try state.visit(DistributionStore.name, prefix: DistributionStore.slashEventPrefix) { _ in events += 1 }
        try state.visit(DistributionStore.name, prefix: DistributionStore.slashListPrefix) { _ in listed += 1 }
        try state.visit(DistributionStore.name, prefix: DistributionStore.currentPrefix) { _ in current += 1 }
        try state.visit(DistributionStore.name, prefix: DistributionStore.startingInfoPrefix) { _ in started += 1 }
        var broken: [String] = []
        if held != current + started + events {
            broken.append(
                "periods are held \(held) times, for \(current) validators, \(started) stakes, \(events) slashes")
        }
        if listed != events { broken.append("\(listed) slash events are listed, of \(events)") }
        return broken
    }

    /// `can-withdraw` and `nonnegative-outstanding`, tried on a state that is thrown away.
    private static func payFaults(in state: any LedgerReading) throws -> [String] {
        let scope = LedgerScope(state)
        let work = BlockWork(BlockContext(height: .max, time: .latest, proposer: []), on: scope)
        var broken: [String] = []
        try state.visit(DistributionStore.name, prefix: DistributionStore.commissionPrefix) { entry in
            let address = OperatorAddress(
                try StakingStore.addressAtEnd(of: entry.key, in: DistributionStore.name))
            let commission = try DistributionStore.commission(address, in: scope)
            guard let left = try? DistributionStore.outstanding(address, in: scope) - commission else {
                return broken.append("the commission of \(address) is more than what is outstanding")
            }
            let (coins, rest) = try commission.truncated()
            if !coins.isEmpty { try Rewards.pay(coins, to: address.account, work) }
            try DistributionStore.setOutstanding(try left + rest, of: address, on: scope)
            try DistributionStore.setCommission(rest, of: address, on: scope)
        }
        try state.visit(StakingStore.name, prefix: [0x31]) { entry in
            let delegation = try Delegation(stored: entry, in: StakingStore.name)
            guard let validator = try StakingStore.validator(delegation.validatorAddress, in: scope) else {
                return broken.append("\(delegation.validatorAddress) is no validator")
            }
            let refusal = try work.attempt { _ = try Rewards.withdraw(delegation, of: validator, $0) }
            if let refusal {
                broken.append("\(delegation.delegatorAddress) cannot have its rewards: \(refusal.log)")
            }
        }
        return broken
    }
}
