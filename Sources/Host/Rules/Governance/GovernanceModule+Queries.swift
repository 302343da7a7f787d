import ChainMessages
import ExactNumbers
import LedgerRecords
import ModuleKit
import SignedTransactions
import Staking

/// cosmos.gov.v1.Query.
extension GovernanceModule {
    private typealias Query = GovV1.Query

    package var queries: [ModuleQuery] {
        GovernanceModule.proposalQueries + GovernanceModule.voteQueries + GovernanceModule.depositQueries
            + LegacyQueries.all
    }

    private static var proposalQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.constitution) { _, state in
                let value = try state.value(of: GovernanceStore.constitutionKey, in: GovernanceStore.name) ?? []
                return .init(constitution: String(decoding: value, as: UTF8.self))
            },
            ModuleQuery(Query.proposal) { request, state in
                .init(proposal: try GovernanceModule.existing(request.proposalID, state))
            },
            ModuleQuery(Query.proposals) { request, state in
                let (proposals, page) = try GovernanceModule.proposals(
                    request.proposalStatus.rawValue, request.voter, request.depositor, request.pagination, state)
                return .init(proposals: proposals, pagination: page)
            },
            ModuleQuery(Query.params) { request, state in
                let values = try GovernanceParameters.current(in: state)
                var answer = GovV1.QueryParamsResponse(params: values)
                switch request.paramsType {
                case "deposit":
                    answer.depositParams = .init(
                        minDeposit: values.minDeposit, maxDepositPeriod: values.maxDepositPeriod)
                case "voting": answer.votingParams = .init(votingPeriod: values.votingPeriod)
                case "tallying":
                    answer.tallyParams = .init(
                        quorum: values.quorum, threshold: values.threshold, vetoThreshold: values.vetoThreshold)
                case let type: throw QueryRefusal.invalidRequest("unknown params type: \(type)")
                }
                return answer
            },
            ModuleQuery(Query.tallyResult) { request, state in
                .init(tally: try GovernanceModule.tally(request.proposalID, state))
            },
        ]
    }

    private static var voteQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.vote) { request, state in
                .init(vote: try GovernanceModule.vote(request.proposalID, request.voter, state))
            },
            ModuleQuery(Query.votes) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: GovernanceStore.name, prefix: GovernanceStore.votesPrefix(request.proposalID))
                return .init(
                    votes: try entries.map { try .init(stored: $0, in: GovernanceStore.name) }, pagination: page)
            },
        ]
    }

    private static var depositQueries: [ModuleQuery] {
        [
            ModuleQuery(Query.deposit) { request, state in
                .init(deposit: try GovernanceModule.deposit(request.proposalID, request.depositor, state))
            },
            ModuleQuery(Query.deposits) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: GovernanceStore.name, prefix: GovernanceStore.depositsPrefix(request.proposalID))
                return .init(
                    deposits: try entries.map { try .init(stored: $0, in: GovernanceStore.name) }, pagination: page)
            },
        ]
    }

    // MARK: - For both versions

    static func existing(_ id: UInt64, _ state: any LedgerReading) throws -> GovV1.Proposal {
        guard let proposal = try GovernanceStore.proposal(id, in: state) else {
            throw QueryRefusal.notFound("proposal \(id) doesn't exist")
        }
        return proposal
    }

    /// Of one status, if it is given, and those that an account voted on or deposited for.
    static func proposals(
        _ status: Int32, _ voter: AccountAddress?, _ depositor: AccountAddress?,
        _ page: BaseQueryV1beta1.PageRequest?, _ state: any LedgerReading
    ) throws -> ([GovV1.Proposal], PageRequest.Response) {
        let (entries, page) = try PageRequest(page).page(
            of: state, store: GovernanceStore.name, prefix: GovernanceStore.proposalPrefix
        ) { entry in
            guard let proposal = try? GovV1.Proposal(stored: entry, in: GovernanceStore.name),
                status == 0 || proposal.status.rawValue == status
            else { return false }
            if let voter, (try? GovernanceStore.vote(proposal.id, voter, in: state)) == nil { return false }
            if let depositor, (try? GovernanceStore.deposit(proposal.id, depositor, in: state)) == nil { return false }
            return true
        }
        return (try entries.map { try .init(stored: $0, in: GovernanceStore.name) }, page)
    }

    /// How many votes are counted for one question.
    private static let votesCountedMax = 20_000

    /// Counts now while there is a vote.
    static func tally(_ id: UInt64, _ state: any LedgerReading) throws -> GovV1.TallyResult {
        let proposal = try existing(id, state)
        switch proposal.status {
        case .depositPeriod: return Tally.none
        case .votingPeriod:
            do {
                return try Tally(
                    of: proposal, by: StakingStore.bondedByPower(in: state), GovernanceParameters.current(in: state),
                    votesMax: votesCountedMax, in: state
                ).result
            } catch is Tally.TooMany {
                throw QueryRefusal.tooMuch("there are more than \(votesCountedMax) votes to count")
            }
        default: return proposal.finalTallyResult ?? Tally.none
        }
    }

    static func vote(
        _ id: UInt64, _ voter: AccountAddress, _ state: any LedgerReading
    ) throws -> GovV1.Vote {
        guard let vote = try GovernanceStore.vote(id, voter, in: state) else {
            throw QueryRefusal.invalidRequest("voter: \(voter) not found for proposal: \(id)")
        }
        return vote
    }

    static func deposit(
        _ id: UInt64, _ depositor: AccountAddress, _ state: any LedgerReading
    ) throws -> GovV1.Deposit {
        guard let deposit = try GovernanceStore.deposit(id, depositor, in: state) else {
            throw QueryRefusal.notFound(
                "collections: not found: key '(\"\(id)\", \"\(depositor)\")' of type "
                    + "github.com/cosmos/gogoproto/cosmos.gov.v1.Deposit")
        }
        return deposit
    }
}
