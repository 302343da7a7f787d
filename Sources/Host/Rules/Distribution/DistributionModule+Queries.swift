import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking
import Wire

/// cosmos.distribution.v1beta1.Query: rewards as they would be paid now, and what is kept.
extension DistributionModule {
    private typealias Query = DistributionV1beta1.Query

    package var queries: [ModuleQuery] {
        DistributionModule.validatorQueries + DistributionModule.delegatorQueries + DistributionModule.settingsQueries
    }

    private static var validatorQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.validatorDistributionInfo) { request, block, state in
                let address = request.validatorAddress
                guard try StakingStore.validator(address, in: state) != nil else {
                    throw QueryRefusal.notFound("validator \(address) not found")
                }
                guard let own = try StakingStore.delegation(address.account, address, in: state) else {
                    throw QueryRefusal.registered(
                        DistributionRefusal.codespace, DistributionRefusal.noDelegation.rawValue,
                        DistributionRefusal.noDelegation.text)
                }
                return .init(
                    operatorAddress: address.account, selfBondRewards: try rewards(of: own, block, state).list,
                    commission: try DistributionStore.commission(address, in: state).list)
            },
            ModuleQuery(Query.validatorOutstandingRewards) { request, state in
                try requireValidator(request.validatorAddress, in: state)
                return .init(
                    rewards: .init(rewards: try DistributionStore.outstanding(request.validatorAddress, in: state).list)
                )
            },
            ModuleQuery(Query.validatorCommission) { request, state in
                try requireValidator(request.validatorAddress, in: state)
                return .init(
                    commission: .init(
                        commission: try DistributionStore.commission(request.validatorAddress, in: state).list))
            },
            ModuleQuery(Query.validatorSlashes) { request, state in
                guard request.endingHeight >= request.startingHeight else {
                    throw QueryRefusal.invalidRequest(
                        "starting height greater than ending height (\(request.startingHeight) > "
                            + "\(request.endingHeight))")
                }
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: DistributionStore.name, prefix: SlashEvents.prefix(request.validatorAddress)
                ) { entry in
                    guard let height = SlashEvents.place(entry.key)?.height else { return false }
                    return height >= request.startingHeight && height <= request.endingHeight
                }
                let events = try entries.map { try SlashEvents.Event(stored: $0, in: DistributionStore.name) }
                return .init(slashes: events, pagination: page)
            },
        ]
    }

    private static func requireValidator(_ address: OperatorAddress, in state: any LedgerReading) throws {
        guard try StakingStore.validator(address, in: state) != nil else {
            throw QueryRefusal.registered(
                DistributionRefusal.codespace, DistributionRefusal.noValidator.rawValue,
                DistributionRefusal.noValidator.text)
        }
    }

    /// As the original answers, which has no other word for what is not there than a message would.
    private static func refusal(_ refusal: StakingRefusal) -> QueryRefusal {
        .registered(StakingRefusal.codespace, refusal.rawValue, refusal.text)
    }

    /// How many delegations one request looks at.
    private static let delegationsMax = 1_000

    private static var delegatorQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.delegationRewards) { request, block, state in
                guard try StakingStore.validator(request.validatorAddress, in: state) != nil else {
                    throw refusal(.noValidator)
                }
                guard
                    let delegation = try StakingStore.delegation(
                        request.delegatorAddress, request.validatorAddress, in: state)
                else { throw refusal(.noDelegation) }
                return .init(rewards: try rewards(of: delegation, block, state).list)
            },
            ModuleQuery(Query.delegationTotalRewards) { request, block, state in
                var (total, list) = (DecimalCoins.none, [DistributionV1beta1.DelegationDelegatorReward]())
                for delegation in try delegations(of: request.delegatorAddress, state) {
                    let earned = try rewards(of: delegation, block, state)
                    list.append(.init(validatorAddress: delegation.validatorAddress, reward: earned.list))
                    total = try total + earned
                }
                return .init(rewards: list, total: total.list)
            },
            ModuleQuery(Query.delegatorValidators) { request, state in
                .init(validators: try delegations(of: request.delegatorAddress, state).map(\.validatorAddress))
            },
            ModuleQuery(Query.delegatorWithdrawAddress) { request, state in
                .init(withdrawAddress: try DistributionStore.withdrawAddress(of: request.delegatorAddress, in: state))
            },
            ModuleQuery(Query.restakingEntries) { request, state in
                let entries = try state.entries(
                    in: DistributionStore.name,
                    prefix: DistributionStore.restakePrefix + StakingStore.part(request.delegator), after: nil,
                    limit: delegationsMax, reverse: false)
                return .init(
                    validators: try entries.map {
                        OperatorAddress(try StakingStore.addressAtEnd(of: $0.key, in: DistributionStore.name))
                    })
            },
        ]
    }

    private static var settingsQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.params) { _, state in .init(params: try DistributionParameters.current(in: state)) },
            ModuleQuery(Query.communityPool) { _, state in .init(pool: try DistributionStore.pool(in: state).list) },
            ModuleQuery(Query.foundationTax) { _, state in
                let parameters = try DistributionParameters.current(in: state)
                guard let address = parameters.secretFoundationAddress else {
                    throw QueryRefusal.notFound("no foundation address is set")
                }
                return .init(tax: parameters.secretFoundationTax, foundationAddress: address)
            },
            ModuleQuery(Query.restakeThreshold) { _, state in
                .init(threshold: try DistributionParameters.current(in: state).minimumRestakeThreshold)
            },
        ]
    }

    private static func delegations(
        of delegator: AccountAddress, _ state: any LedgerReading
    ) throws -> [Delegation] {
        var list: [Delegation] = []
        try StakingStore.visitDelegations(of: delegator, in: state) { delegation in
            guard list.count < delegationsMax else {
                throw QueryRefusal.tooMuch("no more than \(delegationsMax) delegations are looked at at once")
            }
            list.append(delegation)
        }
        return list
    }

    /// As if the period ended now: nothing of that is kept. A delegation has earned nothing in the block that began it.
    static func rewards(
        of delegation: Delegation, _ block: QueriedBlock, _ state: any LedgerReading
    ) throws -> DecimalCoins {
        guard let validator = try StakingStore.validator(delegation.validatorAddress, in: state) else {
            throw QueryRefusal.notFound(StakingRefusal.noValidator.text)
        }
        let scope = LedgerScope(state)
        do {
            let period = try Rewards.closePeriod(of: validator, on: scope)
            return try Rewards.earned(by: delegation, of: validator, upTo: period, height: block.height, in: scope)
        } catch let refusal as TransactionRefusal {
            throw QueryRefusal.invalidRequest(refusal.log)
        } catch is NumberFault {
            throw QueryRefusal.tooMuch("rewards are more than a number holds")
        }
    }
}
