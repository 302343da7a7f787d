import Auth
import Bank
import ChainMessages
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Wire

/// Shares leave a validator, for their owner's account or for another validator.
extension StakingActions {
    typealias Entry = StakingV1beta1.UnbondingDelegationEntry

    /// Begins to give back what `shares` are worth. Returns when that comes, and how much it is.
    func undelegate(
        _ shares: Decimal18, of delegator: AccountAddress, from validator: OperatorAddress, _ work: BlockWork
    ) throws -> (completion: Timestamp, amount: UInt128) {
        let parameters = try StakingStore.parameters(in: work.state)
        let waiting = try StakingStore.unbonding(delegator, validator, in: work.state)?.entries.count ?? 0
        guard waiting < Int(parameters.maxEntries) else { throw StakingRefusal.tooManyUnbondings() }
        let wasBonded = try StakingStore.existingValidator(validator, in: work.state).isBonded
        let amount = try unbond(delegator, validator, shares: shares, work)
        if wasBonded { try StakingActions.movePools(amount, toBonded: false, work) }
        let completion = work.block.time.adding(parameters.unbondingTime)
        try wait(amount, delegator, validator, until: completion, work)
        try MaturityQueue.unbondings.insert(
            .init(delegatorAddress: delegator, validatorAddress: validator), at: completion, on: work.state)
        return (completion, amount)
    }

    /// Entries of one block are one.
    private func wait(
        _ amount: UInt128, _ delegator: AccountAddress, _ validator: OperatorAddress, until completion: Timestamp,
        _ work: BlockWork
    ) throws {
        let height = Int64(clamping: work.block.height)
        var record =
            try StakingStore.unbonding(delegator, validator, in: work.state)
            ?? .init(delegatorAddress: delegator, validatorAddress: validator)
        let same = record.entries.firstIndex { $0.creationHeight == height && $0.completionTime == completion }
        if let same {
            record.entries[same].initialBalance += amount
            record.entries[same].balance += amount
        } else {
            let number = try StakingStore.takeUnbondingID(
                of: .delegation, key: StakingStore.unbondingKey(delegator, validator), on: work.state)
            record.entries.append(
                Entry(
                    creationHeight: height, completionTime: completion, initialBalance: amount, balance: amount,
                    unbondingID: number))
        }
        try StakingStore.save(record, on: work.state)
    }

    /// Gives back what has waited long enough.
    func completeUnbondings(_ work: BlockWork) throws {
        for pair in try MaturityQueue.unbondings.takeMature(at: work.block.time, on: work.state) {
            // What cannot be paid stays with the record, and nobody else waits for it.
            _ = try work.attempt { try complete($0, pair.delegatorAddress, pair.validatorAddress) }
        }
    }

    private func complete(
        _ work: BlockWork, _ delegator: AccountAddress, _ validator: OperatorAddress
    ) throws {
        guard var record = try StakingStore.unbonding(delegator, validator, in: work.state) else { return }
        let denomination = try StakingStore.parameters(in: work.state).bondDenom
        var sum: UInt128 = 0
        for entry in record.entries
        where entry.completionTime <= work.block.time && entry.unbondingOnHoldRefCount == 0 {
            try StakingStore.dropUnbondingID(entry.unbondingID, on: work.state)
            guard entry.balance > 0 else { continue }
            sum += entry.balance
            work.tell(
                try BankModule.undelegateCoins(
                    Coin(entry.balance, denomination), from: .notBondedPool, to: delegator, on: work.state))
        }
        record.entries.removeAll { $0.completionTime <= work.block.time && $0.unbondingOnHoldRefCount == 0 }
        try StakingStore.save(record, on: work.state)
        work.tell(
            Event(
                "complete_unbonding",
                [
                    "amount": sum == 0 ? "" : "\(Coin(sum, denomination))", "validator": validator.description,
                    "delegator": delegator.description,
                ]))
    }

    // MARK: - To another validator

    /// Returns when nobody can be slashed any more for having been with `source`: at once, as no moment at all, if it
    /// is in no set.
    func redelegate(
        _ shares: Decimal18, of delegator: AccountAddress, from source: OperatorAddress, to target: OperatorAddress,
        _ work: BlockWork
    ) throws -> Timestamp {
        guard source != target else { throw StakingRefusal.selfRedelegation() }
        guard try StakingStore.validator(target, in: work.state) != nil else {
            throw StakingRefusal.badRedelegationDestination()
        }
        guard let left = try StakingStore.validator(source, in: work.state) else {
            throw StakingRefusal.badRedelegationSource()
        }
        guard try !StakingStore.hasIncomingRedelegation(delegator, source, in: work.state) else {
            throw StakingRefusal.transitiveRedelegation()
        }
        let parameters = try StakingStore.parameters(in: work.state)
        var record =
            try StakingStore.redelegation(delegator, source, target, in: work.state)
            ?? .init(delegatorAddress: delegator, validatorSrcAddress: source, validatorDstAddress: target)
        guard record.entries.count < Int(parameters.maxEntries) else { throw StakingRefusal.tooManyRedelegations() }
        let amount = try unbond(delegator, source, shares: shares, work)
        guard amount > 0 else { throw StakingRefusal.tinyRedelegation() }
        let bought = try delegate(
            amount, by: delegator, to: target, from: .pool(isBonded: left.isBonded), work)
        let completion: Timestamp
        let height: Int64
        switch try StakingStore.validator(source, in: work.state)?.status {
        case .unbonded?: return .goZero
        case .unbonding?: (completion, height) = (left.unbondingTime, left.unbondingHeight)
        default:
            completion = work.block.time.adding(parameters.unbondingTime)
            height = Int64(clamping: work.block.height)
        }
        let number = try StakingStore.takeUnbondingID(
            of: .redelegation, key: StakingStore.redelegationKey(delegator, source, target), on: work.state)
        record.entries.append(
            .init(
                creationHeight: height, completionTime: completion, initialBalance: amount, sharesDst: bought,
                unbondingID: number))
        try StakingStore.save(record, on: work.state)
        try MaturityQueue.redelegations.insert(
            .init(delegatorAddress: delegator, validatorSrcAddress: source, validatorDstAddress: target),
            at: completion, on: work.state)
        return completion
    }

    func completeRedelegations(_ work: BlockWork) throws {
        let denomination = try StakingStore.parameters(in: work.state).bondDenom
        for triplet in try MaturityQueue.redelegations.takeMature(at: work.block.time, on: work.state) {
            guard
                var record = try StakingStore.redelegation(
                    triplet.delegatorAddress, triplet.validatorSrcAddress, triplet.validatorDstAddress, in: work.state)
            else { continue }
            let isOver = { (entry: StakingV1beta1.RedelegationEntry) in
                entry.completionTime <= work.block.time && entry.unbondingOnHoldRefCount == 0
            }
            var sum: UInt128 = 0
            for entry in record.entries where isOver(entry) {
                try StakingStore.dropUnbondingID(entry.unbondingID, on: work.state)
                sum = sum.addingReportingOverflow(entry.initialBalance).partialValue
            }
            record.entries.removeAll(where: isOver)
            try StakingStore.save(record, on: work.state)
            work.tell(
                Event(
                    "complete_redelegation",
                    [
                        "amount": sum == 0 ? "" : "\(Coin(sum, denomination))",
                        "delegator": triplet.delegatorAddress.description,
                        "source_validator": triplet.validatorSrcAddress.description,
                        "destination_validator": triplet.validatorDstAddress.description,
                    ]))
        }
    }
}
