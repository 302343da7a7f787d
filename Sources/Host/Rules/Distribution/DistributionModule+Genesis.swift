import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import PublicCryptography
import SignedTransactions
import Staking
import StrictJSON
import Wire

/// What is outstanding as a chain begins, in the form of the Cosmos SDK's files.
extension DistributionModule {
    package func importGenesis(_ genesis: GenesisValue, on state: any LedgerState) throws {
        try DistributionStore.set(
            try DistributionModule.parameters(genesis["params"]), at: DistributionStore.parametersKey, on: state)
        try DistributionStore.setPool(try genesis["fee_pool"]["community_pool"].decimalCoins, on: state)
        if try !genesis["previous_proposer"].text.isEmpty {
            let proposer: ConsensusAddress = try genesis["previous_proposer"].bech32()
            try DistributionStore.setProposer(proposer.bytes, on: state)
        }
        for place in try genesis["delegator_withdraw_infos"].elements {
            let key =
                DistributionStore.withdrawAddressPrefix
                + StakingStore.part(try place["delegator_address"].address)
            try state.set(try place["withdraw_address"].address.bytes, of: key, in: DistributionStore.name)
        }
        for place in try genesis["outstanding_rewards"].elements {
            try DistributionStore.setOutstanding(
                try place["outstanding_rewards"].decimalCoins, of: try place["validator_address"].bech32(), on: state)
        }
        for place in try genesis["validator_accumulated_commissions"].elements {
            try DistributionStore.setCommission(
                try place["accumulated"]["commission"].decimalCoins, of: try place["validator_address"].bech32(),
                on: state)
        }
        try DistributionModule.importPeriods(genesis, on: state)
        for place in try genesis["validator_slash_events"].elements {
            let event = place["validator_slash_event"]
            try SlashEvents.add(
                .init(
                    validatorPeriod: try event["validator_period"].number, fraction: try event["fraction"].decimal()),
                of: try place["validator_address"].bech32(), height: try place["height"].number, on: state)
        }
        for place in try genesis["restake_entries"].elements {
            let key = Restaking.key(
                try place["delegator_address"].address, try place["validator_address"].bech32())
            try state.set(Array("k".utf8), of: key, in: DistributionStore.name)
        }
    }

    /// Once the bank has its part, too.
    package func completeGenesis(on state: any LedgerState) throws {
        if let fault = try DistributionModule.accountFault(in: state) {
            throw GenesisRefusal("app_state.distribution: \(fault)")
        }
    }

    private static func importPeriods(_ genesis: GenesisValue, on state: any LedgerState) throws {
        for place in try genesis["validator_historical_rewards"].elements {
            let rewards = place["rewards"]
            guard let count = UInt32(exactly: try rewards["reference_count"].number) else {
                throw rewards["reference_count"].refusal("is too large")
            }
            let record = DistributionV1beta1.ValidatorHistoricalRewards(
                cumulativeRewardRatio: try rewards["cumulative_reward_ratio"].decimalCoins.list,
                referenceCount: count)
            let key = DistributionStore.historicalKey(
                try place["validator_address"].bech32(), try place["period"].number)
            try DistributionStore.set(record, at: key, on: state)
        }
        for place in try genesis["validator_current_rewards"].elements {
            try DistributionStore.setCurrent(
                try place["rewards"]["rewards"].decimalCoins, period: try place["rewards"]["period"].number,
                of: try place["validator_address"].bech32(), on: state)
        }
        for place in try genesis["delegator_starting_infos"].elements {
            let info = place["starting_info"]
            let record = DistributionV1beta1.DelegatorStartingInfo(
                previousPeriod: try info["previous_period"].number, stake: try info["stake"].decimal(),
                height: try info["height"].number)
            let key = DistributionStore.startingInfoKey(
                try place["validator_address"].bech32(), try place["delegator_address"].address)
            try DistributionStore.set(record, at: key, on: state)
        }
    }

    private static func parameters(_ place: GenesisValue) throws -> DistributionParameters.Values {
        let standard = DistributionParameters.standard
        let address = place["secret_foundation_address"]
        let values = DistributionParameters.Values(
            communityTax: try place["community_tax"].decimal(else: standard.communityTax),
            baseProposerReward: try place["base_proposer_reward"].decimal(else: .zero),
            bonusProposerReward: try place["bonus_proposer_reward"].decimal(else: .zero),
            withdrawAddrEnabled: try place["withdraw_addr_enabled"].flag ?? true,
            secretFoundationTax: try place["secret_foundation_tax"].decimal(else: .zero),
            secretFoundationAddress: try address.text.isEmpty ? nil : address.address,
            minimumRestakeThreshold: try place["minimum_restake_threshold"].decimal(
                else: standard.minimumRestakeThreshold),
            restakePeriod: place["restake_period"].json == nil
                ? standard.restakePeriod : try place["restake_period"].amount)
        if let fault = DistributionParameters.fault(of: values) { throw place.refusal(fault) }
        return values
    }

    // MARK: - Out

    package func exportGenesis(from state: any LedgerReading) throws -> JSONValue? {
        let values = try DistributionParameters.current(in: state)
        let parameters: JSONValue = [
            "community_tax": .text(values.communityTax), "base_proposer_reward": .text(values.baseProposerReward),
            "bonus_proposer_reward": .text(values.bonusProposerReward),
            "withdraw_addr_enabled": .bool(values.withdrawAddrEnabled),
            "secret_foundation_tax": .text(values.secretFoundationTax),
            "secret_foundation_address": .string(values.secretFoundationAddress?.description ?? ""),
            "minimum_restake_threshold": .text(values.minimumRestakeThreshold),
            "restake_period": .text(values.restakePeriod),
        ]
        let pool: JSONValue = ["community_pool": JSONValue(try DistributionStore.pool(in: state))]
        return [
            "params": parameters, "fee_pool": pool,
            "delegator_withdraw_infos": try list(DistributionStore.withdrawAddressPrefix, state) { entry in
                let delegator = try StakingStore.addressAtEnd(of: entry.key, in: DistributionStore.name)
                let address = try StakingStore.addressAtEnd(of: entry.value, in: DistributionStore.name)
                return ["delegator_address": .text(delegator), "withdraw_address": .text(address)]
            },
            "previous_proposer": .string(try DistributionStore.proposer(in: state)?.description ?? ""),
            "outstanding_rewards": try list(DistributionStore.outstandingPrefix, state) { entry in
                let coins = try DistributionV1beta1.ValidatorOutstandingRewards(
                    stored: entry, in: DistributionStore.name
                ).rewards
                return [
                    "validator_address": .text(try DistributionModule.validator(entry.key)),
                    "outstanding_rewards": JSONValue(try DecimalCoins(coins)),
                ]
            },
            "validator_accumulated_commissions": try list(DistributionStore.commissionPrefix, state) { entry in
                let coins = try DistributionV1beta1.ValidatorAccumulatedCommission(
                    stored: entry, in: DistributionStore.name
                ).commission
                return [
                    "validator_address": .text(try DistributionModule.validator(entry.key)),
                    "accumulated": ["commission": JSONValue(try DecimalCoins(coins))],
                ]
            },
            "validator_historical_rewards": try list(
                DistributionStore.historicalPrefix, state, DistributionModule.historical),
            "validator_current_rewards": try list(DistributionStore.currentPrefix, state) { entry in
                let current = try DistributionV1beta1.ValidatorCurrentRewards(
                    stored: entry, in: DistributionStore.name)
                let rewards = JSONValue(try DecimalCoins(current.rewards))
                return [
                    "validator_address": .text(try DistributionModule.validator(entry.key)),
                    "rewards": ["rewards": rewards, "period": .text(current.period)],
                ]
            },
            "delegator_starting_infos": try list(
                DistributionStore.startingInfoPrefix, state, DistributionModule.startingInfo),
            "validator_slash_events": try list(
                DistributionStore.slashEventPrefix, state, DistributionModule.slashEvent),
            "restake_entries": try list(DistributionStore.restakePrefix, state) { entry in
                [
                    "delegator_address": .text(try DistributionModule.validator(entry.key).account),
                    "validator_address": .text(
                        OperatorAddress(
                            try StakingStore.addressAtEnd(of: entry.key, in: DistributionStore.name))),
                ]
            },
        ]
    }

    private func list(
        _ prefix: [UInt8], _ state: any LedgerReading, _ json: (LedgerEntry) throws -> JSONValue
    ) throws -> JSONValue {
        var values: [JSONValue] = []
        try state.visit(DistributionStore.name, prefix: prefix) { values.append(try json($0)) }
        return .array(values)
    }

    /// Whose address stands first in a key.
    private static func validator(_ key: [UInt8]) throws -> OperatorAddress {
        guard let account = AccountAddress(key.dropFirst(2).prefix(AccountAddress.byteCount)) else {
            throw CorruptState(store: DistributionStore.name, key: key)
        }
        return OperatorAddress(account)
    }

    private static func historical(_ entry: LedgerEntry) throws -> JSONValue {
        let record = try DistributionV1beta1.ValidatorHistoricalRewards(stored: entry, in: DistributionStore.name)
        guard let period = StateKey.number(decoding: entry.key.suffix(8).reversed()) else {
            throw CorruptState(store: DistributionStore.name, key: entry.key)
        }
        let ratio = JSONValue(try DecimalCoins(record.cumulativeRewardRatio))
        return [
            "validator_address": .text(try validator(entry.key)), "period": .text(period),
            "rewards": ["cumulative_reward_ratio": ratio, "reference_count": .number(record.referenceCount)],
        ]
    }

    private static func startingInfo(_ entry: LedgerEntry) throws -> JSONValue {
        let record = try DistributionV1beta1.DelegatorStartingInfo(stored: entry, in: DistributionStore.name)
        let delegator = try StakingStore.addressAtEnd(of: entry.key, in: DistributionStore.name)
        return [
            "delegator_address": .text(delegator), "validator_address": .text(try validator(entry.key)),
            "starting_info": [
                "previous_period": .text(record.previousPeriod), "stake": .text(record.stake),
                "height": .text(record.height),
            ],
        ]
    }

    private static func slashEvent(_ entry: LedgerEntry) throws -> JSONValue {
        let record = try SlashEvents.Event(stored: entry, in: DistributionStore.name)
        guard let place = SlashEvents.place(entry.key) else {
            throw CorruptState(store: DistributionStore.name, key: entry.key)
        }
        return [
            "validator_address": .text(try validator(entry.key)), "height": .text(place.height),
            "period": .text(place.period),
            "validator_slash_event": [
                "validator_period": .text(record.validatorPeriod), "fraction": .text(record.fraction),
            ],
        ]
    }
}

extension GenesisValue {
    /// A list of parts of coins, in any order.
    fileprivate var decimalCoins: DecimalCoins {
        get throws {
            var list: [DecimalCoins.Element] = []
            for coin in try elements {
                list.append(.init(denom: try coin["denom"].text, amount: try coin["amount"].decimal()))
            }
            list.sort { BankStore.byBytes($0.denom, $1.denom) }
            guard let coins = try? DecimalCoins(list.filter { !$0.amount.isZero }) else {
                throw refusal("the coins are not valid")
            }
            return coins
        }
    }
}

extension JSONValue {
    fileprivate init(_ coins: DecimalCoins) {
        self = .array(coins.list.map { ["denom": .string($0.denom), "amount": .text($0.amount)] })
    }
}
