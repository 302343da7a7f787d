import Auth
import Bank
import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import StrictJSON
import Wire

/// Validators and delegations that a chain begins with, in the form of the Cosmos SDK's files.
///
/// The first set is what `completeGenesis` makes of them, once all modules have their part; it must be the one that the
/// chain's document names, which the chain's identity is made of.
extension StakingModule {
    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        try StakingStore.set(try StakingModule.parameters(genesis["params"]), on: state)
        let isExported = try genesis["exported"].flag ?? false
        // Height zero: whatever stands here was there before the first block.
        let work = BlockWork(BlockContext(height: 0, time: .unixZero, proposer: []), on: state)
        for place in try genesis["validators"].elements { try importValidator(place, isExported: isExported, work) }
        for place in try genesis["delegations"].elements { try importDelegation(place, isExported: isExported, work) }
        for place in try genesis["unbonding_delegations"].elements { try importUnbonding(place, on: state) }
        for place in try genesis["redelegations"].elements { try importRedelegation(place, on: state) }
        for place in try genesis["last_validator_powers"].elements {
            try StakingStore.setLastPower(
                try place["power"].integer, of: try place["address"].bech32(OperatorAddress.self), on: state)
        }
        let total = try genesis["last_total_power"].integer
        if total != 0 { try StakingStore.setLastTotalPower(total, on: state) }
        try checkPools(genesis, on: state)
    }

    package func completeGenesis(on state: any LedgerState) throws {
        let work = BlockWork(BlockContext(height: 0, time: .unixZero, proposer: []), on: state)
        let known = try StakingStore.lastPowers(in: state)
        do { try staking.updateSet(work) } catch let refusal as TransactionRefusal {
            throw GenesisRefusal("app_state.staking: \(refusal.log)")
        }
        // A set that goes on is told whole, since the chain that begins with it has none.
        guard !known.isEmpty else { return }
        let powers = try StakingStore.lastPowers(in: state)
        let members = try powers.keys.sorted { $0.account.bytes.lexicographicallyPrecedes($1.account.bytes) }.map {
            ValidatorPower(
                publicKey: try StakingStore.existingValidator($0, in: state).consensusKey, power: powers[$0] ?? 0)
        }
        try StakingStore.set(members, on: state)
    }

    // MARK: - In

    private static func parameters(_ place: GenesisValue) throws -> StakingParameters.Values {
        let standard = StakingParameters.standard
        func number(_ name: String, else standard: UInt32) throws -> UInt32 {
            guard place[name].json != nil else { return standard }
            guard let number = UInt32(exactly: try place[name].number) else {
                throw place[name].refusal("is too large")
            }
            return number
        }
        let values = StakingParameters.Values(
            unbondingTime: try place["unbonding_time"].duration(else: standard.unbondingTime),
            maxValidators: try number("max_validators", else: standard.maxValidators),
            maxEntries: try number("max_entries", else: standard.maxEntries),
            historicalEntries: try number("historical_entries", else: standard.historicalEntries),
            bondDenom: place["bond_denom"].json == nil ? standard.bondDenom : try place["bond_denom"].text,
            minCommissionRate: try place["min_commission_rate"].decimal(else: standard.minCommissionRate))
        if let fault = StakingParameters.fault(of: values) { throw place.refusal(fault) }
        return values
    }

    private func importValidator(_ place: GenesisValue, isExported: Bool, _ work: BlockWork) throws {
        let rates = place["commission"]["commission_rates"]
        let description = place["description"]
        let validator = StakedValidator(
            operatorAddress: try place["operator_address"].bech32(), consensusPubkey: try StakingModule.key(place),
            jailed: try place["jailed"].flag ?? false, status: try StakingModule.status(place["status"]),
            tokens: try place["tokens"].amount, delegatorShares: try place["delegator_shares"].decimal(),
            description: .init(
                moniker: try description["moniker"].text, identity: try description["identity"].text,
                website: try description["website"].text,
                securityContact: try description["security_contact"].text, details: try description["details"].text),
            unbondingHeight: try place["unbonding_height"].integer,
            unbondingTime: try place["unbonding_time"].time(else: .unixZero),
            commission: .init(
                commissionRates: .init(
                    rate: try rates["rate"].decimal(else: .zero), maxRate: try rates["max_rate"].decimal(else: .one),
                    maxChangeRate: try rates["max_change_rate"].decimal(else: .zero)),
                updateTime: try place["commission"]["update_time"].time(else: .unixZero)),
            minSelfDelegation: try place["min_self_delegation"].amount,
            unbondingOnHoldRefCount: try place["unbonding_on_hold_ref_count"].integer,
            unbondingIds: try place["unbonding_ids"].elements.map { try $0.number })
        do { try StakingModule.check(validator.commission.commissionRates) } catch {
            throw place["commission"].refusal(error.log)
        }
        guard try StakingStore.validator(validator.operatorAddress, in: work.state) == nil else {
            throw place.refusal("a validator is listed twice")
        }
        guard let address = validator.consensusAddress,
            try StakingStore.validator(byConsensus: address, in: work.state) == nil
        else { throw place["consensus_pubkey"].refusal("is another validator's, too") }
        if isExported {
            try StakingActions().create(validator, work)
        } else {
            try staking.create(validator, work)
            // One that is in the set already: nobody else will say so.
            if validator.isBonded { for hook in staking.hooks { try hook.validatorBonded(validator, work) } }
        }
        if validator.status == .unbonding { try StakingStore.enqueue(validator, on: work.state) }
        for number in validator.unbondingIds {
            try StakingStore.note(
                number, of: .validator, key: StakingStore.validatorKey(validator.operatorAddress), on: work.state)
            try StakingModule.raiseLastID(to: number, on: work.state)
        }
    }

    private func importDelegation(_ place: GenesisValue, isExported: Bool, _ work: BlockWork) throws {
        let delegation = Delegation(
            delegatorAddress: try place["delegator_address"].address,
            validatorAddress: try place["validator_address"].bech32(), shares: try place["shares"].decimal())
        let (delegator, address) = (delegation.delegatorAddress, delegation.validatorAddress)
        guard let validator = try StakingStore.validator(address, in: work.state) else {
            throw place["validator_address"].refusal("is no validator")
        }
        guard delegation.shares.isPositive, try StakingStore.delegation(delegator, address, in: work.state) == nil
        else {
            throw place.refusal("is no delegation, or one that is listed twice")
        }
        let hooks = isExported ? [] : staking.hooks
        for hook in hooks { try hook.delegationWillBegin(delegator, validator, work) }
        try StakingStore.save(delegation, on: work.state)
        for hook in hooks { try hook.delegationChanged(delegator, address, work) }
    }

    private func importUnbonding(_ place: GenesisValue, on state: any LedgerState) throws {
        var record = StakingStore.Unbonding(
            delegatorAddress: try place["delegator_address"].address,
            validatorAddress: try place["validator_address"].bech32())
        let (delegator, validator) = (record.delegatorAddress, record.validatorAddress)
        let key = StakingStore.unbondingKey(delegator, validator)
        for entry in try place["entries"].elements {
            let number = try entry["unbonding_id"].number
            record.entries.append(
                .init(
                    creationHeight: try entry["creation_height"].integer,
                    completionTime: try entry["completion_time"].time(else: .unixZero),
                    initialBalance: try entry["initial_balance"].amount, balance: try entry["balance"].amount,
                    unbondingID: number,
                    unbondingOnHoldRefCount: try entry["unbonding_on_hold_ref_count"].integer))
            try StakingStore.note(number, of: .delegation, key: key, on: state)
            try StakingModule.raiseLastID(to: number, on: state)
            try MaturityQueue.unbondings.insert(
                .init(delegatorAddress: delegator, validatorAddress: validator),
                at: try entry["completion_time"].time(else: .unixZero), on: state)
        }
        try StakingStore.save(record, on: state)
    }

    private func importRedelegation(_ place: GenesisValue, on state: any LedgerState) throws {
        var record = StakingStore.Redelegation(
            delegatorAddress: try place["delegator_address"].address,
            validatorSrcAddress: try place["validator_src_address"].bech32(),
            validatorDstAddress: try place["validator_dst_address"].bech32())
        let (delegator, source) = (record.delegatorAddress, record.validatorSrcAddress)
        let target = record.validatorDstAddress
        let key = StakingStore.redelegationKey(delegator, source, target)
        for entry in try place["entries"].elements {
            let number = try entry["unbonding_id"].number
            record.entries.append(
                .init(
                    creationHeight: try entry["creation_height"].integer,
                    completionTime: try entry["completion_time"].time(else: .unixZero),
                    initialBalance: try entry["initial_balance"].amount,
                    sharesDst: try entry["shares_dst"].decimal(), unbondingID: number,
                    unbondingOnHoldRefCount: try entry["unbonding_on_hold_ref_count"].integer))
            try StakingStore.note(number, of: .redelegation, key: key, on: state)
            try StakingModule.raiseLastID(to: number, on: state)
            try MaturityQueue.redelegations.insert(
                .init(delegatorAddress: delegator, validatorSrcAddress: source, validatorDstAddress: target),
                at: try entry["completion_time"].time(else: .unixZero), on: state)
        }
        try StakingStore.save(record, on: state)
    }

    private static func raiseLastID(to number: UInt64, on state: any LedgerState) throws {
        let key = StakingStore.lastUnbondingIDKey
        let last = StateKey.number(decoding: try state.value(of: key, in: StakingStore.name) ?? []) ?? 0
        try state.set(StateKey.number(max(last, number)), of: key, in: StakingStore.name)
    }

    private func checkPools(_ genesis: GenesisValue, on state: any LedgerState) throws {
        let broken = try StakingModule.poolFaults(in: state)
        if let first = broken.first { throw genesis.refusal(first) }
    }

    private static func key(_ place: GenesisValue) throws -> AnyMessage {
        let key = place["consensus_pubkey"]
        guard try key["@type"].text == StakedValidator.keyTypeURL,
            let bytes = Base64.decode(try key["key"].text), bytes.count == Ed25519.publicKeyByteCount
        else { throw key.refusal("is no key of \(StakedValidator.keyTypeURL)") }
        return CryptoEd25519.PubKey(key: bytes).any
    }

    private static let statuses: [(name: String, status: StakingV1beta1.BondStatus)] = [
        ("BOND_STATUS_UNBONDED", .unbonded), ("BOND_STATUS_UNBONDING", .unbonding), ("BOND_STATUS_BONDED", .bonded),
    ]

    private static func status(_ place: GenesisValue) throws -> StakingV1beta1.BondStatus {
        let text = try place.text
        guard let known = statuses.first(where: { $0.name == text }) else { throw place.refusal("is no status") }
        return known.status
    }

    // MARK: - Out

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        let values = try StakingStore.parameters(in: state)
        let powers = try StakingStore.lastPowers(in: state)
        let members = powers.keys.sorted { $0.account.bytes.lexicographicallyPrecedes($1.account.bytes) }
        let parameters: JSONValue = [
            "unbonding_time": .duration(values.unbondingTime), "max_validators": .number(values.maxValidators),
            "max_entries": .number(values.maxEntries), "historical_entries": .number(values.historicalEntries),
            "bond_denom": .string(values.bondDenom), "min_commission_rate": .text(values.minCommissionRate),
        ]
        let powersList = members.map { member -> JSONValue in
            ["address": .text(member), "power": .text(powers[member] ?? 0)]
        }
        return [
            "params": parameters, "last_total_power": .text(try StakingStore.lastTotalPower(in: state)),
            "last_validator_powers": .array(powersList),
            "validators": try list(StakingStore.validatorPrefix, state, StakingModule.json(validator:)),
            "delegations": try list(StakingStore.delegationPrefix, state, StakingModule.json(delegation:)),
            "unbonding_delegations": try list(StakingStore.unbondingPrefix, state, StakingModule.json(unbonding:)),
            "redelegations": try list(StakingStore.redelegationPrefix, state, StakingModule.json(redelegation:)),
            "exported": true,
        ]
    }

    private func list<Record: ChainMessage>(
        _ prefix: [UInt8], _ state: any LedgerReading, _ json: (Record) throws -> JSONValue
    ) throws -> JSONValue {
        var values: [JSONValue] = []
        try state.visit(StakingStore.name, prefix: prefix) {
            values.append(try json(try Record(stored: $0, in: StakingStore.name)))
        }
        return .array(values)
    }

    private static func json(validator: StakedValidator) throws -> JSONValue {
        let rates = validator.commission.commissionRates
        let (text, key) = (validator.description, Base64.encode(validator.consensusKey))
        let description: JSONValue = [
            "moniker": .string(text.moniker), "identity": .string(text.identity), "website": .string(text.website),
            "security_contact": .string(text.securityContact), "details": .string(text.details),
        ]
        let commission: JSONValue = [
            "commission_rates": [
                "rate": .text(rates.rate), "max_rate": .text(rates.maxRate),
                "max_change_rate": .text(rates.maxChangeRate),
            ],
            "update_time": .text(validator.commission.updateTime),
        ]
        let status = statuses.first { $0.status == validator.status }?.name ?? ""
        return [
            "operator_address": .text(validator.operatorAddress),
            "consensus_pubkey": ["@type": .string(StakedValidator.keyTypeURL), "key": .string(key)],
            "jailed": .bool(validator.jailed), "status": .string(status), "tokens": .text(validator.tokens),
            "delegator_shares": .text(validator.delegatorShares), "description": description,
            "unbonding_height": .text(validator.unbondingHeight), "unbonding_time": .text(validator.unbondingTime),
            "commission": commission, "min_self_delegation": .text(validator.minSelfDelegation),
            "unbonding_on_hold_ref_count": .text(validator.unbondingOnHoldRefCount),
            "unbonding_ids": .array(validator.unbondingIds.map { .text($0) }),
        ]
    }

    private static func json(delegation: Delegation) throws -> JSONValue {
        [
            "delegator_address": .text(delegation.delegatorAddress),
            "validator_address": .text(delegation.validatorAddress), "shares": .text(delegation.shares),
        ]
    }

    private static func json(unbonding: StakingStore.Unbonding) throws -> JSONValue {
        let entries = unbonding.entries.map { entry -> JSONValue in
            [
                "creation_height": .text(entry.creationHeight), "completion_time": .text(entry.completionTime),
                "initial_balance": .text(entry.initialBalance), "balance": .text(entry.balance),
                "unbonding_id": .text(entry.unbondingID),
                "unbonding_on_hold_ref_count": .text(entry.unbondingOnHoldRefCount),
            ]
        }
        return [
            "delegator_address": .text(unbonding.delegatorAddress),
            "validator_address": .text(unbonding.validatorAddress), "entries": .array(entries),
        ]
    }

    private static func json(redelegation: StakingStore.Redelegation) throws -> JSONValue {
        let entries = redelegation.entries.map { entry -> JSONValue in
            [
                "creation_height": .text(entry.creationHeight), "completion_time": .text(entry.completionTime),
                "initial_balance": .text(entry.initialBalance), "shares_dst": .text(entry.sharesDst),
                "unbonding_id": .text(entry.unbondingID),
                "unbonding_on_hold_ref_count": .text(entry.unbondingOnHoldRefCount),
            ]
        }
        return [
            "delegator_address": .text(redelegation.delegatorAddress),
            "validator_src_address": .text(redelegation.validatorSrcAddress),
            "validator_dst_address": .text(redelegation.validatorDstAddress), "entries": .array(entries),
        ]
    }
}
