import ChainMessages
import LedgerRecords
import ModuleKit
import SignedTransactions
import Wire

/// What waits: for coins to come back, and for the time in which one who went to another validator can still be
/// slashed.
extension StakingStore {
    package typealias Unbonding = StakingV1beta1.UnbondingDelegation
    package typealias Redelegation = StakingV1beta1.Redelegation

    /// Of which record a number is.
    enum UnbondingKind: UInt64 { case delegation = 1, redelegation = 2, validator = 3 }

    static func unbondingKey(_ delegator: AccountAddress, _ validator: OperatorAddress) -> [UInt8] {
        unbondingPrefix + part(delegator) + part(validator)
    }

    static func redelegationKey(
        _ delegator: AccountAddress, _ source: OperatorAddress, _ target: OperatorAddress
    ) -> [UInt8] {
        redelegationPrefix + part(delegator) + part(source) + part(target)
    }

    // MARK: - Unbondings

    package static func unbonding(
        _ delegator: AccountAddress, _ validator: OperatorAddress, in state: any LedgerReading
    ) throws -> Unbonding? {
        try record(Unbonding.self, at: unbondingKey(delegator, validator), in: state)
    }

    /// One without entries is removed.
    static func save(_ unbonding: Unbonding, on state: any LedgerState) throws {
        let (delegator, validator) = (unbonding.delegatorAddress, unbonding.validatorAddress)
        let isGone = unbonding.entries.isEmpty
        if isGone {
            try ProvableList.unbondings.remove(validator.account, of: delegator, on: state)
        } else {
            try ProvableList.unbondings.insert(validator.account, of: delegator, on: state)
        }
        try state.set(isGone ? nil : unbonding.encoded, of: unbondingKey(delegator, validator), in: name)
        try state.set(
            isGone ? nil : [], of: unbondingOfValidatorPrefix + part(validator) + part(delegator), in: name)
    }

    // MARK: - Redelegations

    static func redelegation(
        _ delegator: AccountAddress, _ source: OperatorAddress, _ target: OperatorAddress, in state: any LedgerReading
    ) throws -> Redelegation? {
        try record(Redelegation.self, at: redelegationKey(delegator, source, target), in: state)
    }

    /// `key` is one of those that are ordered by source: source, delegator, target.
    static func redelegation(ofSourceKey key: [UInt8], in state: any LedgerReading) throws -> Redelegation {
        let addresses = key.dropFirst(redelegationFromPrefix.count)
        guard addresses.count == 3 * partByteCount,
            let source = AccountAddress(addresses.prefix(partByteCount).dropFirst()),
            let delegator = AccountAddress(addresses.dropFirst(partByteCount + 1).prefix(AccountAddress.byteCount)),
            let found = try redelegation(
                delegator, OperatorAddress(source), OperatorAddress(try lastAddress(key)), in: state)
        else { throw CorruptState(store: name, key: key) }
        return found
    }

    /// Whether somebody came to `validator` from another one not long ago.
    package static func hasIncomingRedelegation(
        _ delegator: AccountAddress, _ validator: OperatorAddress, in state: any LedgerReading
    ) throws -> Bool {
        let prefix = redelegationToPrefix + part(validator) + part(delegator)
        return try !state.entries(in: name, prefix: prefix, after: nil, limit: 1, reverse: false).isEmpty
    }

    /// Before the numbers of sources from which somebody came to a validator: what a reader who believes nothing asks
    /// for. No prefix of the Cosmos SDK.
    static let incomingCountPrefix: [UInt8] = [0xE3]

    /// One without entries is removed.
    static func save(_ redelegation: Redelegation, on state: any LedgerState) throws {
        let delegator = redelegation.delegatorAddress
        let (source, target) = (redelegation.validatorSrcAddress, redelegation.validatorDstAddress)
        let isGone = redelegation.entries.isEmpty
        let key = redelegationKey(delegator, source, target)
        let wasThere = try state.value(of: key, in: name) != nil
        try state.set(isGone ? nil : redelegation.encoded, of: key, in: name)
        try state.set(
            isGone ? nil : [], of: redelegationFromPrefix + part(source) + part(delegator) + part(target), in: name)
        try state.set(
            isGone ? nil : [], of: redelegationToPrefix + part(target) + part(delegator) + part(source), in: name)
        guard wasThere == isGone else { return }
        let countKey = incomingCountPrefix + part(delegator) + part(target)
        let count = StateKey.number(decoding: try state.value(of: countKey, in: name) ?? StateKey.number(UInt64(0)))
        guard let count, !isGone || count > 0 else { throw CorruptState(store: name, key: countKey) }
        let next = isGone ? count - 1 : count + 1
        try state.set(next == 0 ? nil : StateKey.number(next), of: countKey, in: name)
    }

    // MARK: - Numbers

    /// The next number of what waits, which then stands for the record at `key`.
    static func takeUnbondingID(
        of kind: UnbondingKind, key: [UInt8], on state: any LedgerState
    ) throws -> UInt64 {
        guard
            let last = StateKey.number(
                decoding: try state.value(of: lastUnbondingIDKey, in: name) ?? StateKey.number(UInt64(0)))
        else { throw CorruptState(store: name, key: lastUnbondingIDKey) }
        let number = last + 1
        try state.set(StateKey.number(number), of: lastUnbondingIDKey, in: name)
        try note(number, of: kind, key: key, on: state)
        return number
    }

    static func note(_ number: UInt64, of kind: UnbondingKind, key: [UInt8], on state: any LedgerState) throws {
        try state.set(key, of: unbondingIDPrefix + StateKey.number(number), in: name)
        try state.set(StateKey.number(kind.rawValue), of: unbondingTypePrefix + StateKey.number(number), in: name)
    }

    static func dropUnbondingID(_ number: UInt64, on state: any LedgerState) throws {
        try state.set(nil, of: unbondingIDPrefix + StateKey.number(number), in: name)
        try state.set(nil, of: unbondingTypePrefix + StateKey.number(number), in: name)
    }
}
