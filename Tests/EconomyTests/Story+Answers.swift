import Auth
import Bank
import ChainMessages
import EconomyKit
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import StrictJSON
import Wire

/// What a contract is told by the enclave's code, out of records alone, beside what the modules say.
extension LedgerAnswers {
    /// Out of a state that proves everything, in which nothing has been touched.
    init(_ state: any LedgerReading, isV010: Bool = false, height: UInt64 = .max) {
        self.init(isV010: isV010, height: height) { store, keys throws(AnswerFault) in
            do { return try keys.map { try state.value(of: $0, in: store) } } catch { throw .reading(error) }
        } requireUntouched: { _ in
        }
    }

    /// The answer as its bytes; `nil` where a number is too large for it.
    func told(_ module: String, _ question: JSONValue) throws -> String? {
        do {
            return JSONWriter.text(of: try answer(module, question))
        } catch AnswerFault.refused("a number of more than 128 bits") {
            return nil
        }
    }
}

extension Story {
    /// The first answer that is not the modules', `nil` if all are; and how many there were.
    func compareAnswers() throws -> (difference: String?, count: Int) {
        let economy = try running()
        let answers = LedgerAnswers(economy.state, height: economy.block.height)
        var count = 0
        for (module, question, expected) in try expectations(economy) {
            guard let told = try answers.told(module, question) else { continue }
            let expected = JSONWriter.text(of: expected)
            if told != expected {
                return ("\(JSONWriter.text(of: question)): \(told) is told, \(expected) is so", count)
            }
            count += 1
        }
        return (nil, count)
    }

    /// Whom the answers are about: everybody who ever delegated, and somebody who never did.
    private func delegators(_ economy: Economy) throws -> [AccountAddress] {
        var all = Set([AccountAddress([UInt8](repeating: 0xEE, count: 20))!])
        for record in try economy.records(Delegation.self, 0x31) { all.insert(record.delegatorAddress) }
        for record in try economy.records(StakingV1beta1.UnbondingDelegation.self, 0x32) {
            all.insert(record.delegatorAddress)
        }
        return all.sorted()
    }

    private func expectations(_ economy: Economy) throws -> [(String, JSONValue, JSONValue)] {
        var all = try general(economy)
        for delegator in try delegators(economy) {
            let named: JSONValue = ["delegator": .text(delegator)]
            let delegations = try economy.ask(
                StakingV1beta1.Query.delegatorDelegations, .init(delegatorAddr: delegator)
            ).delegationResponses
            let unbondings = try economy.ask(
                StakingV1beta1.Query.delegatorUnbondingDelegations, .init(delegatorAddr: delegator)
            ).unbondingResponses
            let rewards = try economy.ask(
                DistributionV1beta1.Query.delegationTotalRewards, .init(delegatorAddress: delegator))
            func brief(_ validator: OperatorAddress, _ amount: UInt128) -> [(String, JSONValue)] {
                [
                    ("delegator", .text(delegator)), ("validator", .text(validator)),
                    ("amount", ["denom": "uscrt", "amount": .text(amount)]),
                ]
            }
            all.append(
                (
                    "staking", ["all_delegations": named],
                    [
                        "delegations": .array(
                            delegations.map { .object(brief($0.delegation.validatorAddress, $0.balance.amount)) })
                    ]
                ))
            all.append(
                (
                    "staking", ["unbonding_delegations": named],
                    [
                        "delegations": .array(
                            unbondings.map { record in
                                .object(brief(record.validatorAddress, record.entries.reduce(0) { $0 + $1.balance }))
                            })
                    ]
                ))
            all.append(
                (
                    "dist", ["rewards": named],
                    [
                        "rewards": .array(
                            try rewards.rewards.map {
                                ["validator_address": .text($0.validatorAddress), "reward": try whole($0.reward)]
                            }), "total": try whole(rewards.total),
                    ]
                ))
            for delegation in delegations {
                let validator = delegation.delegation.validatorAddress
                let isFree = try !StakingStore.hasIncomingRedelegation(delegator, validator, in: economy.state)
                let own = try economy.ask(
                    DistributionV1beta1.Query.delegationRewards,
                    .init(delegatorAddress: delegator, validatorAddress: validator)
                ).rewards
                all.append(
                    (
                        "staking", ["delegation": ["delegator": .text(delegator), "validator": .text(validator)]],
                        [
                            "delegation": .object(
                                brief(validator, delegation.balance.amount) + [
                                    ("accumulated_rewards", try whole(own)),
                                    (
                                        "can_redelegate",
                                        ["denom": "uscrt", "amount": .text(isFree ? delegation.balance.amount : 0)]
                                    ),
                                ])
                        ]
                    ))
            }
        }
        return all
    }

    private func general(_ economy: Economy) throws -> [(String, JSONValue, JSONValue)] {
        let set = try StakingStore.bondedByPower(in: economy.state).filter { $0.potentialPower > 0 }
        func json(_ validator: StakedValidator) -> JSONValue {
            let rates = validator.commission.commissionRates
            return [
                "address": .text(validator.operatorAddress), "commission": .text(rates.rate),
                "max_commission": .text(rates.maxRate), "max_change_rate": .text(rates.maxChangeRate),
            ]
        }
        let supply = try BankModule.supply(of: "uscrt", on: economy.state)
        let bonded = try economy.balance(ModuleAccount.bondedPool.address)
        let ratio = try Decimal18(bonded).divided(byWhole: supply)
        let inflation = try economy.ask(MintV1beta1.Query.inflation, .init()).inflation
        let nobody = OperatorAddress(AccountAddress([UInt8](repeating: 0xEE, count: 20))!)
        return [
            ("staking", ["bonded_denom": [:]], ["denom": "uscrt"]),
            ("staking", ["validator": ["address": .text(nobody)]], ["validator": .null]),
            ("mint", ["inflation": [:]], ["inflation_rate": .text(inflation)]),
            ("mint", ["bonded_ratio": [:]], ["bonded_ratio": .text(ratio)]),
            ("gov", ["proposals": [:]], ["proposals": []]),
        ]
            // Were nobody left in it, the set stays what it was, whoever is jailed.
            + (set.isEmpty ? [] : ["validators", "all_validators"]).map {
                ("staking", .object([($0, [:])]), ["validators": .array(set.map(json))])
            }
            + (try economy.records(StakedValidator.self, 0x21).map {
                ("staking", ["validator": ["address": .text($0.operatorAddress)]], ["validator": json($0)])
            })
    }

    private func whole(_ coins: [BaseV1beta1.DecCoin]) throws -> JSONValue {
        .array(
            try coins.map { ($0.denom, try $0.amount.truncatedAmount) }.filter { $0.1 > 0 }.map {
                ["denom": .string($0.0), "amount": .text($0.1)]
            })
    }
}
