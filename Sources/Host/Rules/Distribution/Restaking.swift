import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking

/// Rewards that are delegated again by themselves, every so many blocks (Secret Network).
///
/// The original does that at a block's begin. Here it is done at the end: it takes coins of ordinary accounts, of which
/// the enclave has counted what they can spend in the block from the state before. So many entries a block; the rest
/// follow in the next ones.
enum Restaking {
    static let entriesPerBlock = 500
    /// Where the walk goes on in the next block.
    private static let cursorKey: [UInt8] = [0xF1]

    static func key(_ delegator: AccountAddress, _ validator: OperatorAddress) -> [UInt8] {
        DistributionStore.restakePrefix + StakingStore.part(delegator) + StakingStore.part(validator)
    }

    static func run(_ staking: StakingActions, _ work: BlockWork) throws {
        let period = try DistributionParameters.current(in: work.state).restakePeriod
        let cursor = try work.state.value(of: cursorKey, in: DistributionStore.name)
        guard cursor != nil || period > 0 && UInt128(work.block.height) % period == 0 else { return }
        let entries = try work.state.entries(
            in: DistributionStore.name, prefix: DistributionStore.restakePrefix, after: cursor, limit: entriesPerBlock,
            reverse: false)
        for entry in entries {
            let delegator = entry.key.dropFirst(2).prefix(AccountAddress.byteCount)
            guard let delegator = AccountAddress(delegator) else {
                throw CorruptState(store: DistributionStore.name, key: entry.key)
            }
            let validator = OperatorAddress(try StakingStore.addressAtEnd(of: entry.key, in: DistributionStore.name))
            if try !restake(delegator, validator, staking, work) {
                try work.state.set(nil, of: entry.key, in: DistributionStore.name)
            }
        }
        let isOver = entries.count < entriesPerBlock
        try work.state.set(isOver ? nil : entries.last?.key, of: cursorKey, in: DistributionStore.name)
    }

    /// Whether it went well. Else what was withdrawn stays so, and the entry is not tried again.
    private static func restake(
        _ delegator: AccountAddress, _ validator: OperatorAddress, _ staking: StakingActions, _ work: BlockWork
    ) throws -> Bool {
        let denomination = try StakingStore.parameters(in: work.state).bondDenom
        var amount: UInt128 = 0
        let refusal = try work.attempt { inner in
            amount = try Withdrawal.run(delegator, validator, inner).amount(of: denomination)
        }
        guard refusal == nil, amount > 0 else { return false }
        return try work.attempt { inner in
            _ = try staking.delegate(amount, by: delegator, to: validator, inner)
        } == nil
    }
}

/// Rewards are paid because somebody asked for them; the stake goes on.
enum Withdrawal {
    static func run(
        _ delegator: AccountAddress, _ validator: OperatorAddress, _ work: BlockWork
    ) throws -> Coins {
        let record = try StakingStore.existingValidator(validator, in: work.state)
        guard let delegation = try StakingStore.delegation(delegator, validator, in: work.state) else {
            throw StakingRefusal.noDelegation()
        }
        let coins = try Rewards.withdraw(delegation, of: record, work)
        try Rewards.start(delegator, validator, height: work.block.height, on: work.state)
        return coins
    }
}
