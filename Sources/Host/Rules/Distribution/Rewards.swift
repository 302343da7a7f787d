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

/// What delegations have earned: periods of validators, and stakes in them.
enum Rewards {
    private typealias Store = DistributionStore

    // MARK: - Periods

    static func begin(_ validator: OperatorAddress, on state: any LedgerState) throws {
        try Store.set(
            DistributionV1beta1.ValidatorHistoricalRewards(referenceCount: 1),
            at: Store.historicalKey(validator, 0), on: state)
        try Store.setCurrent(.none, period: 1, of: validator, on: state)
        try Store.setCommission(.none, of: validator, on: state)
        try Store.setOutstanding(.none, of: validator, on: state)
    }

    /// Closes the period of a validator and returns its number. What came while it had no token, or is more per token
    /// than a number holds, is the pool's.
    static func closePeriod(of validator: StakedValidator, on state: any LedgerState) throws -> UInt64 {
        let address = validator.operatorAddress
        guard let current = try Store.current(address, in: state), current.period > 0 else {
            throw DistributionRefusal.noValidator()
        }
        let rewards = try DecimalCoins(current.rewards)
        let before = try Store.ratio(address, current.period - 1, in: state)
        var ratio = before
        if let grown = try? before + rewards.divided(by: Decimal18(validator.tokens)) {
            ratio = grown
        } else {
            try Store.addToPool(rewards, on: state)
            try Store.setOutstanding(try Store.outstanding(address, in: state) - rewards, of: address, on: state)
        }
        try release(address, current.period - 1, on: state)
        try Store.set(
            DistributionV1beta1.ValidatorHistoricalRewards(cumulativeRewardRatio: ratio.list, referenceCount: 1),
            at: Store.historicalKey(address, current.period), on: state)
        try Store.setCurrent(.none, period: current.period + 1, of: address, on: state)
        return current.period
    }

    /// Somebody needs the sum at this period's end.
    static func hold(_ validator: OperatorAddress, _ period: UInt64, on state: any LedgerState) throws {
        try count(validator, period, on: state) { $0 + 1 }
    }

    /// Somebody does not any more; the last one leaves nothing.
    static func release(_ validator: OperatorAddress, _ period: UInt64, on state: any LedgerState) throws {
        try count(validator, period, on: state) { $0 - 1 }
    }

    private static func count(
        _ validator: OperatorAddress, _ period: UInt64, on state: any LedgerState, _ change: (Int64) -> Int64
    ) throws {
        let key = Store.historicalKey(validator, period)
        guard var record = try Store.historical(validator, period, in: state),
            let count = UInt32(exactly: change(Int64(record.referenceCount)))
        else { throw CorruptState(store: Store.name, key: key) }
        record.referenceCount = count
        try Store.set(count == 0 ? nil : record, at: key, on: state)
    }

    // MARK: - Delegations

    /// A stake begins at the end of the last period.
    static func start(
        _ delegator: AccountAddress, _ validator: OperatorAddress, height: UInt64, on state: any LedgerState
    ) throws {
        let record = try StakingStore.existingValidator(validator, in: state)
        guard let delegation = try StakingStore.delegation(delegator, validator, in: state) else {
            throw StakingRefusal.noDelegation()
        }
        guard let current = try Store.current(validator, in: state), current.period > 0 else {
            throw DistributionRefusal.noValidator()
        }
        try hold(validator, current.period - 1, on: state)
        let stake = try record.tokens(ofShares: delegation.shares, .truncated)
        try Store.set(
            DistributionV1beta1.DelegatorStartingInfo(
                previousPeriod: current.period - 1, stake: stake, height: height),
            at: Store.startingInfoKey(validator, delegator), on: state)
    }

    /// What a stake has earned up to the end of `period`. Slashes since its begin are walked: each shrank it.
    static func earned(
        by delegation: Delegation, of validator: StakedValidator, upTo period: UInt64, height: UInt64,
        in state: any LedgerReading
    ) throws -> DecimalCoins {
        let address = validator.operatorAddress
        guard let info = try Store.startingInfo(address, delegation.delegatorAddress, in: state) else {
            throw DistributionRefusal.noDelegationInfo()
        }
        guard info.height != height else { return .none }
        var (start, stake, sum) = (info.previousPeriod, info.stake, DecimalCoins.none)
        func add(upTo end: UInt64) throws {
            let ratio = try Store.ratio(address, end, in: state) - Store.ratio(address, start, in: state)
            sum = try sum + ratio.multiplied(by: stake, .truncated)
        }
        try SlashEvents.visit(address, from: info.height, to: height, in: state) { event in
            guard event.validatorPeriod > start else { return }
            try add(upTo: event.validatorPeriod)
            stake = try stake.multiplied(by: Decimal18.one - event.fraction, .truncated)
            start = event.validatorPeriod
        }
        let now = try validator.tokens(ofShares: delegation.shares)
        if stake > now {
            // What roundings may come to; more is a fault of this program.
            guard try stake <= now + Decimal18(scaled: 3) else {
                throw TransactionRefusal(
                    codespace: "undefined", code: 111_222,
                    log: "recovered: calculated final stake for delegator \(delegation.delegatorAddress) greater than "
                        + "current stake: panic")
            }
            stake = now
        }
        try add(upTo: period)
        return sum
    }

    /// Pays what a delegation has earned, in whole coins; the rest is the pool's. The stake ends with it: the caller
    /// starts the next one.
    @discardableResult
    static func withdraw(_ delegation: Delegation, of validator: StakedValidator, _ work: BlockWork) throws -> Coins {
        let (state, address, delegator) = (work.state, validator.operatorAddress, delegation.delegatorAddress)
        guard let info = try Store.startingInfo(address, delegator, in: state) else {
            throw DistributionRefusal.noDelegationInfo()
        }
        let period = try closePeriod(of: validator, on: state)
        let outstanding = try Store.outstanding(address, in: state)
        // Roundings may have come to a little more than there is.
        let rewards = try earned(
            by: delegation, of: validator, upTo: period, height: work.block.height, in: state
        ).intersecting(outstanding)
        let (coins, rest) = try rewards.truncated()
        if !coins.isEmpty {
            try pay(coins, to: try Store.withdrawAddress(of: delegator, in: state), work)
        }
        try Store.setOutstanding(try outstanding - rewards, of: address, on: state)
        try Store.addToPool(rest, on: state)
        try release(address, info.previousPeriod, on: state)
        try state.set(nil, of: Store.startingInfoKey(address, delegator), in: Store.name)
        let denomination = try StakingStore.parameters(in: state).bondDenom
        work.tell(
            Event(
                "withdraw_rewards",
                [
                    "amount": coins.isEmpty ? "0\(denomination)" : coins.description,
                    "validator": address.description, "delegator": delegator.description,
                ]))
        return coins
    }

    static func pay(_ coins: Coins, to recipient: AccountAddress, _ work: BlockWork) throws {
        let account = ModuleAccount.distribution.address
        try BankModule.move(coins, from: account, to: recipient, on: work.state)
        work.tell(BankModule.eventsOfMove(coins, from: account, to: recipient))
    }
}

/// When a validator's tokens shrank, and by how much.
enum SlashEvents {
    typealias Event = DistributionV1beta1.ValidatorSlashEvent

    static func prefix(_ validator: OperatorAddress) -> [UInt8] {
        DistributionStore.slashEventPrefix + StakingStore.part(validator)
    }

    static func key(_ validator: OperatorAddress, height: UInt64, period: UInt64) -> [UInt8] {
        prefix(validator) + StateKey.number(height) + StateKey.number(period)
    }

    /// The height and the period of a key.
    static func place(_ key: [UInt8]) -> (height: UInt64, period: UInt64)? {
        let numbers = key.suffix(16)
        guard let height = StateKey.number(decoding: numbers.prefix(8)),
            let period = StateKey.number(decoding: numbers.suffix(8))
        else { return nil }
        return (height, period)
    }

    static func visit(
        _ validator: OperatorAddress, from first: UInt64, to last: UInt64, in state: any LedgerReading,
        _ visit: (Event) throws -> Void
    ) throws {
        let prefix = prefix(validator)
        var after: [UInt8]? = first == 0 ? nil : key(validator, height: first - 1, period: .max)
        while true {
            let batch = try state.entries(
                in: DistributionStore.name, prefix: prefix, after: after, limit: 64, reverse: false)
            for entry in batch {
                guard let place = place(entry.key), place.height <= last else { return }
                try visit(try Event(stored: entry, in: DistributionStore.name))
            }
            guard batch.count == 64 else { return }
            after = batch.last?.key
        }
    }

    static func count(_ validator: OperatorAddress, in state: any LedgerReading) throws -> UInt64 {
        let key = DistributionStore.slashCountPrefix + StakingStore.part(validator)
        guard let value = try state.value(of: key, in: DistributionStore.name) else { return 0 }
        guard let count = StateKey.number(decoding: value) else {
            throw CorruptState(store: DistributionStore.name, key: key)
        }
        return count
    }

    /// Also behind the list that can be proved.
    static func add(
        _ event: Event, of validator: OperatorAddress, height: UInt64, on state: any LedgerState
    ) throws {
        let place = key(validator, height: height, period: event.validatorPeriod)
        try DistributionStore.set(event, at: place, on: state)
        let count = try count(validator, in: state)
        try state.set(
            Array(place.suffix(16)), of: listKey(validator, count), in: DistributionStore.name)
        try state.set(
            StateKey.number(count + 1), of: DistributionStore.slashCountPrefix + StakingStore.part(validator),
            in: DistributionStore.name)
    }

    static func listKey(_ validator: OperatorAddress, _ number: UInt64) -> [UInt8] {
        DistributionStore.slashListPrefix + StakingStore.part(validator) + StateKey.number(number)
    }
}
