import ChainMessages
import ExactNumbers
import ModuleKit
import SignedTransactions
import Wire

/// cosmos.gov.v1beta1.Query: the same in the shapes of old.
enum LegacyQueries {
    private typealias Query = GovV1beta1.Query

    static var all: [ModuleQuery] {
        [
            ModuleQuery(Query.proposal) { request, state in
                .init(proposal: try converted(try GovernanceModule.existing(request.proposalID, state)))
            },
            // Those that there is no such form of are left out: the original answers nothing at all then.
            ModuleQuery(Query.proposals) { request, state in
                let (proposals, page) = try GovernanceModule.proposals(
                    request.proposalStatus.rawValue, request.voter, request.depositor, request.pagination, state)
                return .init(proposals: proposals.compactMap { try? converted($0) }, pagination: page)
            },
            ModuleQuery(Query.vote) { request, state in
                .init(vote: try converted(GovernanceModule.vote(request.proposalID, request.voter, state)))
            },
            ModuleQuery(Query.votes) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: GovernanceStore.name, prefix: GovernanceStore.votesPrefix(request.proposalID))
                return .init(
                    votes: try entries.map { try converted(try .init(stored: $0, in: GovernanceStore.name)) },
                    pagination: page)
            },
            ModuleQuery(Query.params) { request, state in
                try parameters(request.paramsType, GovernanceParameters.current(in: state))
            },
            ModuleQuery(Query.deposit) { request, state in
                .init(deposit: converted(try GovernanceModule.deposit(request.proposalID, request.depositor, state)))
            },
            ModuleQuery(Query.deposits) { request, state in
                let (entries, page) = try PageRequest(request.pagination).page(
                    of: state, store: GovernanceStore.name, prefix: GovernanceStore.depositsPrefix(request.proposalID))
                return .init(
                    deposits: try entries.map { converted(try .init(stored: $0, in: GovernanceStore.name)) },
                    pagination: page)
            },
            ModuleQuery(Query.tallyResult) { request, state in
                .init(tally: converted(try GovernanceModule.tally(request.proposalID, state)))
            },
        ]
    }

    /// All three, of which only the asked one is not empty.
    private static func parameters(
        _ type: String, _ values: GovernanceParameters.Values
    ) throws -> GovV1beta1.QueryParamsResponse {
        let zero = Decimal18.zero
        var answer = GovV1beta1.QueryParamsResponse(
            votingParams: .init(votingPeriod: .zero), depositParams: .init(maxDepositPeriod: .zero),
            tallyParams: .init(quorum: zero, threshold: zero, vetoThreshold: zero))
        switch type {
        case "deposit":
            answer.depositParams = .init(
                minDeposit: values.minDeposit, maxDepositPeriod: values.maxDepositPeriod ?? .zero)
        case "voting": answer.votingParams = .init(votingPeriod: values.votingPeriod ?? .zero)
        case "tallying":
            answer.tallyParams = .init(
                quorum: GovernanceParameters.ratio(values.quorum),
                threshold: GovernanceParameters.ratio(values.threshold),
                vetoThreshold: GovernanceParameters.ratio(values.vetoThreshold))
        default: throw QueryRefusal.invalidRequest("unknown params type: \(type)")
        }
        return answer
    }

    private static func converted(_ proposal: GovV1.Proposal) throws -> GovV1beta1.Proposal {
        func refusal(_ text: String) -> QueryRefusal {
            .registered(
                "sdk", 29,
                "invalid type: can't convert a gov/v1 Proposal to gov/v1beta1 Proposal when \(text)")
        }
        guard proposal.messages.count == 1 else { throw refusal("amount of proposal messages not exactly one") }
        // A message that is no content is shown in its place, as by the original.
        var content = proposal.messages[0]
        if content.typeURL == GovV1.MsgExecLegacyContent.typeURL {
            let legacy = try GovV1.MsgExecLegacyContent(decoding: content.value, .signed)
            guard let inner = legacy.content else { throw refusal("the content is missing") }
            content = inner
        }
        return .init(
            proposalID: proposal.id, content: content, status: .init(rawValue: proposal.status.rawValue),
            finalTallyResult: converted(proposal.finalTallyResult ?? Tally.none),
            submitTime: proposal.submitTime ?? .goZero, depositEndTime: proposal.depositEndTime ?? .goZero,
            totalDeposit: proposal.totalDeposit, votingStartTime: proposal.votingStartTime ?? .goZero,
            votingEndTime: proposal.votingEndTime ?? .goZero)
    }

    private static func converted(_ tally: GovV1.TallyResult) -> GovV1beta1.TallyResult {
        .init(
            yes: tally.yesCount, abstain: tally.abstainCount, no: tally.noCount, noWithVeto: tally.noWithVetoCount)
    }

    private static func converted(_ vote: GovV1.Vote) throws -> GovV1beta1.Vote {
        .init(
            proposalID: vote.proposalID, voter: vote.voter,
            options: try vote.options.map { option in
                guard let weight = Decimal18(text: option.weight) else {
                    throw QueryRefusal.failed("a vote's weight is none")
                }
                return .init(option: .init(rawValue: option.option.rawValue), weight: weight)
            })
    }

    private static func converted(_ deposit: GovV1.Deposit) -> GovV1beta1.Deposit {
        .init(proposalID: deposit.proposalID, depositor: deposit.depositor, amount: deposit.amount)
    }
}
