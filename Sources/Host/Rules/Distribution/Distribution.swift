/// Who gets what a block brings: fees and new coins go to validators by their power, from there to their delegators by
/// their shares, and a part to the community pool.
///
/// Nobody's rewards are counted block by block: each validator has a sum, per token, of what it has brought since it
/// began, closed into periods whenever shares change, and a delegation's rewards are the difference of two such sums
/// times its stake (the F1 scheme of the Cosmos SDK, with its numbers). Keys and records are the Cosmos SDK's 0.50.
///
/// The coins lie in the account `distribution`; an invariant holds them against the records. What cannot be paid out
/// whole goes to the pool. Begin and end of a block never refuse: what cannot be allocated is the pool's.
import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import Wire

package enum DistributionStore {
    package static let name = "distribution"

    static let feePoolKey: [UInt8] = [0x00]
    static let proposerKey: [UInt8] = [0x01]
    static let outstandingPrefix: [UInt8] = [0x02]
    static let withdrawAddressPrefix: [UInt8] = [0x03]
    static let startingInfoPrefix: [UInt8] = [0x04]
    static let historicalPrefix: [UInt8] = [0x05]
    static let currentPrefix: [UInt8] = [0x06]
    static let commissionPrefix: [UInt8] = [0x07]
    static let slashEventPrefix: [UInt8] = [0x08]
    static let parametersKey: [UInt8] = [0x09]
    static let restakePrefix: [UInt8] = [0xF0]
    /// Of a validator: how many slash events it has, and each by its number, for a reader who believes nothing. No
    /// prefixes of the Cosmos SDK.
    static let slashCountPrefix: [UInt8] = [0xE0]
    static let slashListPrefix: [UInt8] = [0xE1]

    typealias Messages = DistributionV1beta1

    static func startingInfoKey(_ validator: OperatorAddress, _ delegator: AccountAddress) -> [UInt8] {
        startingInfoPrefix + StakingStore.part(validator) + StakingStore.part(delegator)
    }

    static func historicalKey(_ validator: OperatorAddress, _ period: UInt64) -> [UInt8] {
        historicalPrefix + StakingStore.part(validator) + StateKey.number(period).reversed()
    }

    static func record<Record: ChainMessage>(
        _ type: Record.Type = Record.self, at key: [UInt8], in state: any LedgerReading
    ) throws -> Record? {
        guard let value = try state.value(of: key, in: name) else { return nil }
        return try Record(stored: LedgerEntry(key: key, value: value), in: name)
    }

    static func set(_ record: (some ChainMessage)?, at key: [UInt8], on state: any LedgerState) throws {
        try state.set(record?.encoded, of: key, in: name)
    }

    // MARK: - Sums of coins

    package static func pool(in state: any LedgerReading) throws -> DecimalCoins {
        try DecimalCoins(try record(Messages.FeePool.self, at: feePoolKey, in: state)?.communityPool ?? [])
    }

    static func setPool(_ coins: DecimalCoins, on state: any LedgerState) throws {
        try set(Messages.FeePool(communityPool: coins.list), at: feePoolKey, on: state)
    }

    static func addToPool(_ coins: DecimalCoins, on state: any LedgerState) throws {
        guard !coins.isEmpty else { return }
        try setPool(try pool(in: state) + coins, on: state)
    }

    static func outstanding(_ validator: OperatorAddress, in state: any LedgerReading) throws -> DecimalCoins {
        let key = outstandingPrefix + StakingStore.part(validator)
        return try DecimalCoins(
            try record(Messages.ValidatorOutstandingRewards.self, at: key, in: state)?.rewards ?? [])
    }

    static func setOutstanding(
        _ coins: DecimalCoins, of validator: OperatorAddress, on state: any LedgerState
    ) throws {
        try set(
            Messages.ValidatorOutstandingRewards(rewards: coins.list),
            at: outstandingPrefix + StakingStore.part(validator), on: state)
    }

    static func commission(_ validator: OperatorAddress, in state: any LedgerReading) throws -> DecimalCoins {
        let key = commissionPrefix + StakingStore.part(validator)
        return try DecimalCoins(
            try record(Messages.ValidatorAccumulatedCommission.self, at: key, in: state)?.commission ?? [])
    }

    static func setCommission(
        _ coins: DecimalCoins, of validator: OperatorAddress, on state: any LedgerState
    ) throws {
        try set(
            Messages.ValidatorAccumulatedCommission(commission: coins.list),
            at: commissionPrefix + StakingStore.part(validator), on: state)
    }

    // MARK: - Periods

    static func current(
        _ validator: OperatorAddress, in state: any LedgerReading
    ) throws -> Messages.ValidatorCurrentRewards? {
        try record(at: currentPrefix + StakingStore.part(validator), in: state)
    }

    static func setCurrent(
        _ rewards: DecimalCoins, period: UInt64, of validator: OperatorAddress, on state: any LedgerState
    ) throws {
        try set(
            Messages.ValidatorCurrentRewards(rewards: rewards.list, period: period),
            at: currentPrefix + StakingStore.part(validator), on: state)
    }

    static func historical(
        _ validator: OperatorAddress, _ period: UInt64, in state: any LedgerReading
    ) throws -> Messages.ValidatorHistoricalRewards? {
        try record(at: historicalKey(validator, period), in: state)
    }

    /// The sum per token at a period's end; none for one that is not kept.
    static func ratio(
        _ validator: OperatorAddress, _ period: UInt64, in state: any LedgerReading
    ) throws -> DecimalCoins {
        try DecimalCoins(try historical(validator, period, in: state)?.cumulativeRewardRatio ?? [])
    }

    static func startingInfo(
        _ validator: OperatorAddress, _ delegator: AccountAddress, in state: any LedgerReading
    ) throws -> Messages.DelegatorStartingInfo? {
        try record(at: startingInfoKey(validator, delegator), in: state)
    }

    // MARK: - Of the block before

    /// `google.protobuf.BytesValue`.
    static func setProposer(_ address: [UInt8], on state: any LedgerState) throws {
        try state.set(ProtobufWriter.encode { $0.bytes(1, address) }, of: proposerKey, in: name)
    }

    static func proposer(in state: any LedgerReading) throws -> ConsensusAddress? {
        guard let value = try state.value(of: proposerKey, in: name) else { return nil }
        var reader = ProtobufReader(value)
        while let field = try reader.next() { return ConsensusAddress(try field.bytes()) }
        return nil
    }

    // MARK: - Where rewards go

    package static func withdrawAddress(
        of delegator: AccountAddress, in state: any LedgerReading
    ) throws -> AccountAddress {
        let key = withdrawAddressPrefix + StakingStore.part(delegator)
        guard let bytes = try state.value(of: key, in: name) else { return delegator }
        guard let address = AccountAddress(bytes) else { throw CorruptState(store: name, key: key) }
        return address
    }
}
