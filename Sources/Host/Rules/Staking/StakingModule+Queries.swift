import Auth
import Bank
import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions

/// cosmos.staking.v1beta1.Query: validators, and what is delegated to them.
extension StakingModule {
    private typealias Query = StakingV1beta1.Query
    private typealias Response = StakingV1beta1.DelegationResponse

    package var queries: [ModuleQuery] {
        StakingModule.validatorQueries + StakingModule.ofValidatorQueries + StakingModule.ofDelegatorQueries
            + StakingModule.movingQueries + StakingModule.settingsQueries
    }

    private static let statuses: [String: StakingV1beta1.BondStatus] = [
        "BOND_STATUS_UNBONDED": .unbonded, "BOND_STATUS_UNBONDING": .unbonding, "BOND_STATUS_BONDED": .bonded,
    ]

    private static var validatorQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.validators) { request, state in
                let status = statuses[request.status]
                guard request.status.isEmpty || status != nil else {
                    throw QueryRefusal.invalidRequest("invalid validator status \(request.status)")
                }
                let pages = try PageRequest(request.pagination)
                guard let status else {
                    let (entries, page) = try pages.page(
                        of: state, store: StakingStore.name, prefix: StakingStore.validatorPrefix)
                    return .init(validators: try entries.map(validator), pagination: page)
                }
                let (entries, page) = try pages.page(
                    of: state, store: StakingStore.name, prefix: StakingStore.validatorPrefix
                ) { (try? validator($0))?.status == status }
                return .init(validators: try entries.map(validator), pagination: page)
            },
            ModuleQuery(Query.validator) { request, state in
                .init(validator: try existing(request.validatorAddr, state))
            },
        ]
    }

    private static var ofValidatorQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.validatorDelegations) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: StakingStore.name,
                    prefix: StakingStore.delegationOfValidatorPrefix + StakingStore.part(request.validatorAddr))
                let answers = try entries.map { entry in
                    try response(
                        try found(
                            StakingStore.delegation(
                                StakingStore.lastAddress(entry.key), request.validatorAddr, in: state), entry), state)
                }
                return .init(delegationResponses: answers, pagination: page)
            },
            ModuleQuery(Query.validatorUnbondingDelegations) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: StakingStore.name,
                    prefix: StakingStore.unbondingOfValidatorPrefix + StakingStore.part(request.validatorAddr))
                let records = try entries.map { entry in
                    try found(
                        StakingStore.unbonding(
                            StakingStore.lastAddress(entry.key), request.validatorAddr, in: state), entry)
                }
                return .init(unbondingResponses: records, pagination: page)
            },
            ModuleQuery(Query.delegation) { request, state in
                let (delegator, validator) = (request.delegatorAddr, request.validatorAddr)
                guard let delegation = try StakingStore.delegation(delegator, validator, in: state) else {
                    throw QueryRefusal.notFound(
                        "delegation with delegator \(delegator) not found for validator \(validator)")
                }
                return .init(delegationResponse: try response(delegation, state))
            },
            ModuleQuery(Query.unbondingDelegation) { request, state in
                let (delegator, validator) = (request.delegatorAddr, request.validatorAddr)
                guard let record = try StakingStore.unbonding(delegator, validator, in: state) else {
                    throw QueryRefusal.notFound(
                        "unbonding delegation with delegator \(delegator) not found for validator \(validator)")
                }
                return .init(unbond: record)
            },
        ]
    }

    private static var ofDelegatorQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.delegatorDelegations) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: StakingStore.name,
                    prefix: StakingStore.delegationPrefix + StakingStore.part(request.delegatorAddr))
                let answers = try entries.map {
                    try response(try Delegation(stored: $0, in: StakingStore.name), state)
                }
                return .init(delegationResponses: answers, pagination: page)
            },
            ModuleQuery(Query.delegatorUnbondingDelegations) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: StakingStore.name,
                    prefix: StakingStore.unbondingPrefix + StakingStore.part(request.delegatorAddr))
                let records = try entries.map { try StakingStore.Unbonding(stored: $0, in: StakingStore.name) }
                return .init(unbondingResponses: records, pagination: page)
            },
            ModuleQuery(Query.delegatorValidators) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: StakingStore.name,
                    prefix: StakingStore.delegationPrefix + StakingStore.part(request.delegatorAddr))
                let validators = try entries.map {
                    try existing(OperatorAddress(try StakingStore.lastAddress($0.key)), state)
                }
                return .init(validators: validators, pagination: page)
            },
            ModuleQuery(Query.delegatorValidator) { request, state in
                guard try StakingStore.delegation(request.delegatorAddr, request.validatorAddr, in: state) != nil else {
                    throw QueryRefusal.failed(StakingRefusal.noDelegation.text)
                }
                return .init(validator: try existing(request.validatorAddr, state))
            },
        ]
    }

    private static var movingQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.redelegations) { request, state in
                if let source = request.srcValidatorAddr, let target = request.dstValidatorAddr {
                    guard
                        let record = try StakingStore.redelegation(request.delegatorAddr, source, target, in: state)
                    else {
                        throw QueryRefusal.failed(
                            "rpc error: code = NotFound desc = redelegation not found for delegator address \(request.delegatorAddr) from validator "
                                + "address \(source)")
                    }
                    return .init(redelegationResponses: [try response(record, state)])
                }
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: StakingStore.name,
                    prefix: StakingStore.redelegationPrefix + StakingStore.part(request.delegatorAddr))
                let records = try entries.map {
                    try response(try StakingStore.Redelegation(stored: $0, in: StakingStore.name), state)
                }
                return .init(redelegationResponses: records, pagination: page)
            }
        ]
    }

    private static var settingsQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.historicalInfo) { request, state in
                guard request.height >= 0 else { throw QueryRefusal.invalidRequest("height cannot be negative") }
                guard let info = try StakingStore.historicalSet(at: UInt64(request.height), in: state) else {
                    throw QueryRefusal.notFound("historical info for height \(request.height) not found")
                }
                return .init(hist: info)
            },
            ModuleQuery(Query.pool) { _, state in
                let denomination = try StakingStore.parameters(in: state).bondDenom
                func held(_ pool: ModuleAccount) throws -> UInt128 {
                    try BankModule.balance(of: pool.address, denomination: denomination, on: state)
                }
                return .init(
                    pool: .init(notBondedTokens: try held(.notBondedPool), bondedTokens: try held(.bondedPool)))
            },
            ModuleQuery(Query.params) { _, state in .init(params: try StakingStore.parameters(in: state)) },
        ]
    }

    // MARK: - Parts of answers

    private static func validator(_ entry: LedgerEntry) throws -> StakedValidator {
        try StakedValidator(stored: entry, in: StakingStore.name)
    }

    private static func existing(_ address: OperatorAddress, _ state: any LedgerReading) throws -> StakedValidator {
        guard let found = try StakingStore.validator(address, in: state) else {
            throw QueryRefusal.notFound("validator \(address) not found")
        }
        return found
    }

    private static func found<Record>(_ record: Record?, _ entry: LedgerEntry) throws -> Record {
        guard let record else { throw CorruptState(store: StakingStore.name, key: entry.key) }
        return record
    }

    private static func worth(
        _ shares: Decimal18, _ address: OperatorAddress, _ state: any LedgerReading
    ) throws -> UInt128 {
        guard let validator = try StakingStore.validator(address, in: state) else { return 0 }
        do { return try validator.tokens(ofShares: shares).truncatedAmount } catch {
            throw QueryRefusal.tooMuch("shares are worth more than a number holds")
        }
    }

    private static func response(_ delegation: Delegation, _ state: any LedgerReading) throws -> Response {
        let amount = try worth(delegation.shares, delegation.validatorAddress, state)
        return Response(
            delegation: delegation, balance: Coin(amount, try StakingStore.parameters(in: state).bondDenom))
    }

    private static func response(
        _ record: StakingStore.Redelegation, _ state: any LedgerReading
    ) throws -> StakingV1beta1.RedelegationResponse {
        var plain = record
        plain.entries = []
        let entries = try record.entries.map { entry in
            StakingV1beta1.RedelegationEntryResponse(
                redelegationEntry: entry, balance: try worth(entry.sharesDst, record.validatorDstAddress, state))
        }
        return .init(redelegation: plain, entries: entries)
    }
}
