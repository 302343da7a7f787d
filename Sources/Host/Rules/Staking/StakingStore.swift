import Auth
import Bank
import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Wire

/// The store `staking`: keys as the Cosmos SDK 0.50 has them, and the records under them.
package enum StakingStore {
    package static let name = "staking"

    static let lastPowerPrefix: [UInt8] = [0x11]
    static let lastTotalPowerKey: [UInt8] = [0x12]
    static let validatorPrefix: [UInt8] = [0x21]
    static let consensusPrefix: [UInt8] = [0x22]
    static let powerPrefix: [UInt8] = [0x23]
    static let delegationPrefix: [UInt8] = [0x31]
    static let unbondingPrefix: [UInt8] = [0x32]
    static let unbondingOfValidatorPrefix: [UInt8] = [0x33]
    static let redelegationPrefix: [UInt8] = [0x34]
    static let redelegationFromPrefix: [UInt8] = [0x35]
    static let redelegationToPrefix: [UInt8] = [0x36]
    static let lastUnbondingIDKey: [UInt8] = [0x37]
    static let unbondingIDPrefix: [UInt8] = [0x38]
    static let unbondingTypePrefix: [UInt8] = [0x39]
    static let unbondingQueuePrefix: [UInt8] = [0x41]
    static let redelegationQueuePrefix: [UInt8] = [0x42]
    static let validatorQueuePrefix: [UInt8] = [0x43]
    static let historicalPrefix: [UInt8] = [0x50]
    static let parametersKey: [UInt8] = [0x51]
    static let updatesKey: [UInt8] = [0x61]
    static let delegationOfValidatorPrefix: [UInt8] = [0x71]

    /// An address in a key, behind its length.
    package static func part(_ address: AccountAddress) -> [UInt8] { [UInt8(address.bytes.count)] + address.bytes }
    package static func part(_ validator: OperatorAddress) -> [UInt8] { part(validator.account) }
    package static func part(_ address: ConsensusAddress) -> [UInt8] { [UInt8(address.bytes.count)] + address.bytes }

    /// How many bytes a length and an address have.
    package static let partByteCount = 1 + AccountAddress.byteCount

    static func validatorKey(_ validator: OperatorAddress) -> [UInt8] { validatorPrefix + part(validator) }
    package static func delegationsPrefix(of delegator: AccountAddress) -> [UInt8] {
        delegationPrefix + part(delegator)
    }
    static func delegationKey(_ delegator: AccountAddress, _ validator: OperatorAddress) -> [UInt8] {
        delegationsPrefix(of: delegator) + part(validator)
    }

    /// Of equal power the smaller address comes first when walked backwards.
    static func powerKey(_ validator: StakedValidator) -> [UInt8] {
        powerPrefix + StateKey.number(UInt64(validator.potentialPower)) + [UInt8(AccountAddress.byteCount)]
            + validator.operatorAddress.account.bytes.map { ~$0 }
    }

    // MARK: - Reading

    static func record<Record: ChainMessage>(
        _ type: Record.Type, at key: [UInt8], in state: any LedgerReading
    ) throws -> Record? {
        guard let value = try state.value(of: key, in: name) else { return nil }
        return try Record(stored: LedgerEntry(key: key, value: value), in: name)
    }

    package static func validator(
        _ validator: OperatorAddress, in state: any LedgerReading
    ) throws -> StakedValidator? {
        try record(StakedValidator.self, at: validatorKey(validator), in: state)
    }

    package static func existingValidator(
        _ address: OperatorAddress, in state: any LedgerReading
    ) throws -> StakedValidator {
        guard let found = try validator(address, in: state) else { throw StakingRefusal.noValidator() }
        return found
    }

    package static func validator(
        byConsensus address: ConsensusAddress, in state: any LedgerReading
    ) throws -> StakedValidator? {
        let key = consensusPrefix + part(address)
        guard let bytes = try state.value(of: key, in: name) else { return nil }
        guard let account = AccountAddress(bytes) else { throw CorruptState(store: name, key: key) }
        return try validator(OperatorAddress(account), in: state)
    }

    package static func delegation(
        _ delegator: AccountAddress, _ validator: OperatorAddress, in state: any LedgerReading
    ) throws -> Delegation? {
        try record(Delegation.self, at: delegationKey(delegator, validator), in: state)
    }

    /// Calls `visit` with the delegations of `delegator` in the order of the validators.
    package static func visitDelegations(
        of delegator: AccountAddress, in state: any LedgerReading, _ visit: (Delegation) throws -> Void
    ) throws {
        try state.visit(name, prefix: delegationsPrefix(of: delegator)) {
            try visit(try Delegation(stored: $0, in: name))
        }
    }

    /// Likewise, of each delegation only what a tally needs: the key has the validator, and the record's third field
    /// the shares.
    package static func visitShares(
        of delegator: AccountAddress, in state: any LedgerReading,
        _ visit: (OperatorAddress, Decimal18) throws -> Void
    ) throws {
        try state.visit(name, prefix: delegationsPrefix(of: delegator)) { entry in
            var shares: Decimal18?
            var reader = ProtobufReader(entry.value)
            do {
                while let field = try reader.next() {
                    if field.number == 3 { shares = Decimal18(scaledText: try field.bytes()) }
                }
            } catch { throw CorruptState(store: name, key: entry.key) }
            guard let shares else { throw CorruptState(store: name, key: entry.key) }
            try visit(OperatorAddress(try lastAddress(entry.key)), shares)
        }
    }

    /// Those that make up the set and weigh something, the strongest first. Who has become stronger in this block, and
    /// is not in the set yet, takes nobody's place.
    package static func bondedByPower(in state: any LedgerReading) throws -> [StakedValidator] {
        let limit = Int(try parameters(in: state).maxValidators)
        var (bonded, last): ([StakedValidator], [UInt8]?) = ([], nil)
        while bonded.count < limit {
            let batch = try state.entries(in: name, prefix: powerPrefix, after: last, limit: limit, reverse: true)
            let validators = try batch.map { try validatorOfPower($0, in: state) }
            bonded += validators.filter(\.isBonded)
            guard batch.count == limit, validators.last?.potentialPower ?? 0 > 0 else { break }
            last = batch.last?.key
        }
        return Array(bonded.prefix(limit))
    }

    static func validatorOfPower(_ entry: LedgerEntry, in state: any LedgerReading) throws -> StakedValidator {
        guard let account = AccountAddress(entry.value),
            let validator = try validator(OperatorAddress(account), in: state)
        else { throw CorruptState(store: name, key: entry.key) }
        return validator
    }

    /// What is delegated to the set.
    package static func bondedTokens(in state: any LedgerReading) throws -> UInt128 {
        try BankModule.balance(
            of: ModuleAccount.bondedPool.address, denomination: try parameters(in: state).bondDenom, on: state)
    }

    static func lastAddress(_ key: [UInt8]) throws -> AccountAddress { try addressAtEnd(of: key, in: name) }

    /// The account that a key of `store` ends with.
    package static func addressAtEnd(of key: [UInt8], in store: String) throws -> AccountAddress {
        guard let account = AccountAddress(key.suffix(AccountAddress.byteCount)) else {
            throw CorruptState(store: store, key: key)
        }
        return account
    }

    // MARK: - Writing

    static func save(_ validator: StakedValidator, on state: any LedgerState) throws {
        try state.set(validator.encoded, of: validatorKey(validator.operatorAddress), in: name)
    }

    /// Who is jailed stands in no order of power.
    static func rank(_ validator: StakedValidator, on state: any LedgerState) throws {
        guard !validator.jailed else { return }
        try state.set(validator.operatorAddress.account.bytes, of: powerKey(validator), in: name)
    }

    static func unrank(_ validator: StakedValidator, on state: any LedgerState) throws {
        try state.set(nil, of: powerKey(validator), in: name)
    }

    static func save(_ delegation: Delegation, on state: any LedgerState) throws {
        let (delegator, validator) = (delegation.delegatorAddress, delegation.validatorAddress)
        try ProvableList.delegations.insert(validator.account, of: delegator, on: state)
        try state.set(delegation.encoded, of: delegationKey(delegator, validator), in: name)
        try state.set([], of: delegationOfValidatorPrefix + part(validator) + part(delegator), in: name)
    }

    static func remove(_ delegation: Delegation, on state: any LedgerState) throws {
        let (delegator, validator) = (delegation.delegatorAddress, delegation.validatorAddress)
        try ProvableList.delegations.remove(validator.account, of: delegator, on: state)
        try state.set(nil, of: delegationKey(delegator, validator), in: name)
        try state.set(nil, of: delegationOfValidatorPrefix + part(validator) + part(delegator), in: name)
    }
}
