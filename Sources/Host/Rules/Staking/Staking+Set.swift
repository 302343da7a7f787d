import ChainMessages
import EnclaveProtocol
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Wire

/// Who makes up the set, decided at each block's end.
extension StakingActions {
    /// Compares the strongest validators with the set of before: who joins becomes bonded, who leaves begins to unbond.
    /// What changed is kept for consensus (`StakingStore.updates`).
    ///
    /// Were nobody left, the set stays what it was: consensus cannot go on with none.
    func updateSet(_ work: BlockWork) throws {
        let state = work.state
        let parameters = try StakingStore.parameters(in: state)
        var before = try StakingStore.lastPowers(in: state)
        var updates: [ValidatorPower] = []
        var (total, joined, left): (Int64, UInt128, UInt128) = (0, 0, 0)
        var operators: [UInt8] = []
        let strongest = try state.entries(
            in: StakingStore.name, prefix: StakingStore.powerPrefix, after: nil, limit: Int(parameters.maxValidators),
            reverse: true)
        for entry in strongest {
            var validator = try StakingStore.validatorOfPower(entry, in: state)
            let power = validator.potentialPower
            guard power > 0 else { break }
            if !validator.isBonded {
                joined += validator.tokens
                try bond(&validator, work)
            }
            let address = validator.operatorAddress
            if before[address] != power {
                updates.append(ValidatorPower(publicKey: validator.consensusKey, power: power))
                try StakingStore.setLastPower(power, of: address, on: state)
            }
            before[address] = nil
            total += power
            operators += address.account.bytes
        }
        guard !operators.isEmpty || before.isEmpty else { return try StakingStore.set([], on: state) }
        let leaving = before.keys.sorted { $0.account.bytes.lexicographicallyPrecedes($1.account.bytes) }
        for address in leaving {
            var validator = try StakingStore.existingValidator(address, in: state)
            left += validator.tokens
            if validator.isBonded { try beginUnbonding(&validator, work) }
            try StakingStore.setLastPower(0, of: address, on: state)
            updates.append(ValidatorPower(publicKey: validator.consensusKey, power: 0))
        }
        if joined > left { try StakingActions.movePools(joined - left, toBonded: true, work) }
        if left > joined { try StakingActions.movePools(left - joined, toBonded: false, work) }
        try state.set(operators.isEmpty ? nil : operators, of: StakingStore.operatorsKey, in: StakingStore.name)
        if !updates.isEmpty { try StakingStore.setLastTotalPower(total, on: state) }
        try StakingStore.set(updates, on: state)
    }

    private func bond(_ validator: inout StakedValidator, _ work: BlockWork) throws {
        try StakingStore.unrank(validator, on: work.state)
        if validator.status == .unbonding { try StakingStore.dequeue(validator, on: work.state) }
        for number in validator.unbondingIds { try StakingStore.dropUnbondingID(number, on: work.state) }
        validator.unbondingIds = []
        validator.status = .bonded
        try StakingStore.save(validator, on: work.state)
        try StakingStore.rank(validator, on: work.state)
        for hook in hooks { try hook.validatorBonded(validator, work) }
    }

    private func beginUnbonding(_ validator: inout StakedValidator, _ work: BlockWork) throws {
        try StakingStore.unrank(validator, on: work.state)
        validator.status = .unbonding
        validator.unbondingTime = work.block.time.adding(
            try StakingStore.parameters(in: work.state).unbondingTime)
        validator.unbondingHeight = Int64(clamping: work.block.height)
        validator.unbondingIds.append(
            try StakingStore.takeUnbondingID(
                of: .validator, key: StakingStore.validatorKey(validator.operatorAddress), on: work.state))
        try StakingStore.save(validator, on: work.state)
        try StakingStore.rank(validator, on: work.state)
        try StakingStore.enqueue(validator, on: work.state)
    }

    /// How many validators may end their unbonding in one block.
    private static let completionsMax = 1_000

    /// Whoever has been out of the set long enough can be slashed no more, and is gone if nothing is delegated to it.
    func completeValidators(_ work: BlockWork) throws {
        let queue = try work.state.entries(
            in: StakingStore.name, prefix: StakingStore.validatorQueuePrefix, after: nil,
            limit: StakingActions.completionsMax, reverse: false)
        for entry in queue {
            guard let (time, height) = StakingStore.queued(entry.key) else {
                throw CorruptState(store: StakingStore.name, key: entry.key)
            }
            guard time <= work.block.time else { return }
            guard height <= work.block.height else { continue }
            try work.state.set(nil, of: entry.key, in: StakingStore.name)
            for address in try StakingV1beta1.ValAddresses(stored: entry, in: StakingStore.name).addresses {
                guard var validator = try StakingStore.validator(address, in: work.state),
                    validator.status == .unbonding
                else { continue }
                for number in validator.unbondingIds { try StakingStore.dropUnbondingID(number, on: work.state) }
                validator.unbondingIds = []
                validator.status = .unbonded
                try StakingStore.save(validator, on: work.state)
                guard validator.delegatorShares.isZero else { continue }
                _ = try work.attempt { try remove(validator, $0) }
            }
        }
    }
}

extension StakingStore {
    /// The operators of the set, in the order of their power, 20 bytes each: with this one record a reader who believes
    /// nothing has the whole set. No key of the Cosmos SDK.
    static let operatorsKey: [UInt8] = [0xE0]

    /// Whether any validator of the set is one of staking: of a chain that began without, none is.
    package static func hasSet(in state: any LedgerReading) throws -> Bool {
        try state.value(of: operatorsKey, in: name) != nil
    }

    static func lastPowers(in state: any LedgerReading) throws -> [OperatorAddress: Int64] {
        var powers: [OperatorAddress: Int64] = [:]
        try state.visit(name, prefix: lastPowerPrefix) { entry in
            var reader = ProtobufReader(entry.value)
            var power: Int64 = 0
            while let field = try reader.next() {
                guard field.number == 1 else { throw CorruptState(store: name, key: entry.key) }
                power = try field.int64()
            }
            powers[OperatorAddress(try lastAddress(entry.key))] = power
        }
        return powers
    }

    /// Zero removes.
    static func setLastPower(_ power: Int64, of validator: OperatorAddress, on state: any LedgerState) throws {
        let value = power == 0 ? nil : ProtobufWriter.encode { $0.int64(1, power) }
        try state.set(value, of: lastPowerPrefix + part(validator), in: name)
    }

    static func setLastTotalPower(_ power: Int64, on state: any LedgerState) throws {
        try state.set(ProtobufWriter.encode { $0.string(1, String(power)) }, of: lastTotalPowerKey, in: name)
    }

    static func lastTotalPower(in state: any LedgerReading) throws -> Int64 {
        guard let value = try state.value(of: lastTotalPowerKey, in: name) else { return 0 }
        var reader = ProtobufReader(value)
        var power: Int64 = 0
        while let field = try reader.next() { power = Int64(try field.string()) ?? 0 }
        return power
    }

    // MARK: - What consensus is told

    /// `cosmos.staking.v1beta1.ValidatorUpdates`, of the last block.
    static func set(_ updates: [ValidatorPower], on state: any LedgerState) throws {
        let value = ProtobufWriter.encode { writer in
            for update in updates {
                writer.message(1) { writer in
                    writer.message(1) { $0.message(1, update.publicKey) }
                    writer.int64(2, update.power)
                }
            }
        }
        try state.set(value, of: updatesKey, in: name)
    }

    static func updates(in state: any LedgerReading) throws -> [ValidatorPower] {
        guard let value = try state.value(of: updatesKey, in: name) else { return [] }
        var updates: [ValidatorPower] = []
        var reader = ProtobufReader(value)
        while let field = try reader.next() {
            var update = ValidatorPower(publicKey: [], power: 0)
            var inner = ProtobufReader(try field.slice())
            while let part = try inner.next() {
                if part.number == 2 { update.power = try part.int64() }
                if part.number == 1 {
                    var key = ProtobufReader(try part.slice())
                    while let bytes = try key.next() { update.publicKey = try bytes.bytes() }
                }
            }
            updates.append(update)
        }
        return updates
    }

    // MARK: - Validators that unbond

    private static func queueKey(_ validator: StakedValidator) -> [UInt8] {
        validatorQueuePrefix + StateKey.number(UInt64(StakingTime.byteCount))
            + StakingTime.key(validator.unbondingTime)
            + StateKey.number(UInt64(clamping: validator.unbondingHeight))
    }

    static func queued(_ key: [UInt8]) -> (time: Timestamp, height: UInt64)? {
        let rest = key.dropFirst(validatorQueuePrefix.count + 8)
        guard let time = StakingTime.time(rest.prefix(StakingTime.byteCount)),
            let height = StateKey.number(decoding: rest.dropFirst(StakingTime.byteCount))
        else { return nil }
        return (time, height)
    }

    static func enqueue(_ validator: StakedValidator, on state: any LedgerState) throws {
        let key = queueKey(validator)
        var list = try record(StakingV1beta1.ValAddresses.self, at: key, in: state) ?? .init()
        list.addresses.append(validator.operatorAddress)
        try state.set(list.encoded, of: key, in: name)
    }

    static func dequeue(_ validator: StakedValidator, on state: any LedgerState) throws {
        let key = queueKey(validator)
        guard var list = try record(StakingV1beta1.ValAddresses.self, at: key, in: state) else { return }
        list.addresses.removeAll { $0 == validator.operatorAddress }
        try state.set(list.addresses.isEmpty ? nil : list.encoded, of: key, in: name)
    }
}
