import ChainMessages
import ExactNumbers
import ModuleKit
import SignedTransactions
import Wire

/// What a validator and those who were with it lose.
extension StakingActions {
    /// Burns `factor` of what `power` was worth, from the validator and from those who have left it since `height`,
    /// when it broke the rules. Returns what the validator itself lost. A validator that is not known, or that has left
    /// the set for good, loses nothing.
    package func slash(
        _ address: ConsensusAddress, atHeight height: Int64, power: Int64, factor: Decimal18, _ work: BlockWork
    ) throws -> UInt128 {
        guard let validator = try StakingStore.validator(byConsensus: address, in: work.state), power > 0,
            validator.status != .unbonded, height <= Int64(clamping: work.block.height)
        else { return 0 }
        let tokens = Decimal18(UInt128(power) * StakedValidator.powerReduction)
        let whole = try tokens.multiplied(by: factor).truncatedAmount
        var rest = whole
        if height < Int64(clamping: work.block.height) {
            try slashUnbondings(of: validator, since: height, factor: factor, &rest, work)
            try slashRedelegations(of: validator, since: height, factor: factor, &rest, work)
        }
        // What those lost may have touched the validator's record, too.
        var record = try StakingStore.existingValidator(validator.operatorAddress, in: work.state)
        let burned = min(rest, record.tokens)
        guard burned > 0 else { return 0 }
        let fraction = min(.one, try Decimal18(burned).divided(by: Decimal18(record.tokens), .up))
        for hook in hooks { try hook.validatorWillBeSlashed(record, fraction: fraction, work) }
        record = try StakingStore.existingValidator(validator.operatorAddress, in: work.state)
        try StakingStore.unrank(record, on: work.state)
        record.tokens -= burned
        try StakingStore.save(record, on: work.state)
        try StakingStore.rank(record, on: work.state)
        try StakingActions.burn(burned, bonded: record.isBonded, work)
        return burned
    }

    private static func part(_ amount: UInt128, _ factor: Decimal18) throws(NumberFault) -> UInt128 {
        try Decimal18(amount).multiplied(by: factor).truncatedAmount
    }

    private static func spend(_ amount: UInt128, of rest: inout UInt128) { rest -= min(rest, amount) }

    /// Of whoever has left it since, in the order of delegators.
    private func slashUnbondings(
        of validator: StakedValidator, since height: Int64, factor: Decimal18, _ rest: inout UInt128, _ work: BlockWork
    ) throws {
        let prefix = StakingStore.unbondingOfValidatorPrefix + StakingStore.part(validator.operatorAddress)
        var delegators: [AccountAddress] = []
        try work.state.visit(StakingStore.name, prefix: prefix) {
            delegators.append(try StakingStore.lastAddress($0.key))
        }
        for delegator in delegators {
            guard var record = try StakingStore.unbonding(delegator, validator.operatorAddress, in: work.state) else {
                continue
            }
            var burned: UInt128 = 0
            for index in record.entries.indices {
                let entry = record.entries[index]
                guard entry.creationHeight >= height, entry.completionTime > work.block.time else { continue }
                let due = try StakingActions.part(entry.initialBalance, factor)
                StakingActions.spend(due, of: &rest)
                let lost = min(due, entry.balance)
                record.entries[index].balance -= lost
                burned += lost
            }
            guard burned > 0 else { continue }
            try StakingStore.save(record, on: work.state)
            try StakingActions.burn(burned, bonded: false, work)
        }
    }

    /// Of whoever has gone from it to another one since.
    private func slashRedelegations(
        of validator: StakedValidator, since height: Int64, factor: Decimal18, _ rest: inout UInt128, _ work: BlockWork
    ) throws {
        let prefix = StakingStore.redelegationFromPrefix + StakingStore.part(validator.operatorAddress)
        var places: [[UInt8]] = []
        try work.state.visit(StakingStore.name, prefix: prefix) { places.append($0.key) }
        for key in places {
            let record = try StakingStore.redelegation(ofSourceKey: key, in: work.state)
            for entry in record.entries
            where entry.creationHeight >= height && entry.completionTime > work.block.time {
                let due = try StakingActions.part(entry.initialBalance, factor)
                StakingActions.spend(due, of: &rest)
                guard due > 0 else { continue }
                try slashDestination(of: record, entry, since: height, due: due, factor: factor, work)
            }
        }
    }

    /// First what leaves the other validator, then shares of it.
    private func slashDestination(
        of record: StakingV1beta1.Redelegation, _ entry: StakingV1beta1.RedelegationEntry, since height: Int64,
        due: UInt128, factor: Decimal18, _ work: BlockWork
    ) throws {
        let (delegator, target) = (record.delegatorAddress, record.validatorDstAddress)
        var left = due
        if var unbonding = try StakingStore.unbonding(delegator, target, in: work.state) {
            var burned: UInt128 = 0
            for index in unbonding.entries.indices {
                let leaving = unbonding.entries[index]
                guard leaving.creationHeight >= height, leaving.completionTime > work.block.time,
                    left > 0
                else { continue }
                let lost = min(left, leaving.balance)
                unbonding.entries[index].balance -= lost
                left -= lost
                burned += lost
            }
            if burned > 0 {
                try StakingStore.save(unbonding, on: work.state)
                try StakingActions.burn(burned, bonded: false, work)
            }
        }
        guard left > 0, let delegation = try StakingStore.delegation(delegator, target, in: work.state) else { return }
        let shares = min(try entry.sharesDst.multiplied(by: factor), delegation.shares)
        guard shares.isPositive else { return }
        let wasBonded = try StakingStore.existingValidator(target, in: work.state).isBonded
        let lost = try unbond(delegator, target, shares: shares, work)
        try StakingActions.burn(lost, bonded: wasBonded, work)
    }
}
